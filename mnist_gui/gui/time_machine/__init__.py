"""The page *Time machine*: how the network came to read as it does, step by step."""
