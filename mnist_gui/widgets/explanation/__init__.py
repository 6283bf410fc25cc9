"""The page that shows how a drawing is read."""
