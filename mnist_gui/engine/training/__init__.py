"""The training loop, and all that a step is made of."""
