"""What the data set in use is like, and what may be wrong with it."""
