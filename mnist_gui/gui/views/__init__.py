"""What all views share that are computed in the background: their frame, and how they are asked."""
