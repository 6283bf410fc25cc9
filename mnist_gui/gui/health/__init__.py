"""The page that shows whether a run learns as it should."""
