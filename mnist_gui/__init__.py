"""Train a network on MNIST in a desktop window, watch it learn, draw digits, see them read."""

__version__ = "0.1.0"
