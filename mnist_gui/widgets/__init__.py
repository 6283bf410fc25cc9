"""What is seen: widgets show and ask, and decide nothing."""
