"""Several digits side by side: which strokes are one digit, and what is none."""
