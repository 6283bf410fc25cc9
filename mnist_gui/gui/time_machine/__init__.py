"""The page *Time*: how the network came to read as it does, step by step."""
