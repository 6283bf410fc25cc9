"""What the network predicts of a drawing, and why."""
