"""The page on what spoils the reading: accuracy against the strength of changes."""
