"""The page that takes a few steps of learning on a copy of the network."""
