"""The page of the map: test images where a network sees them."""
