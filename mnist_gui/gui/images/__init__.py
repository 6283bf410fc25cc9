"""The page of images that are worth a look."""
