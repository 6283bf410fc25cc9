"""The page of a test's results."""
