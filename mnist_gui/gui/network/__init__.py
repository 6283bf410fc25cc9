"""The network bar: which network is used, of which step, and training."""
