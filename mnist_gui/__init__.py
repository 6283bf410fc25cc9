"""Train a network on MNIST in a desktop window, watch it learn, draw digits, see them read."""

import os

__version__ = "0.1.0"

# Before NumPy is imported. Its products are small here: with one thread, reading 500 images takes
# 0.25 instead of 0.33 s. Two threads also wait for each other at full speed, which takes the
# processor from a run that trains.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
