"""The page *Rate*: a test that finds a good learning rate."""
