"""Tell ink from paper by colour where both are equally light."""

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.pictures.ink import Floats

# Shares of red, green and blue differ between ink and paper by at least this.
_MIN_DIFFERENCE = 0.03
# So much grey is added, as what is black has no colour.
_GREY = np.float32(0.05)
# The grey of paper, and how much darker ink becomes.
_PAPER = 0.75
_RANGE = 0.5


def greys_by_colour(colours: NDArray[np.uint8]) -> Floats | None:
    """Return greys (h, w), dark where colours (h, w, 3) are unlike the paper's, whatever the light.

    None if all are alike. The axis along which colours differ most is that between ink and paper.
    """
    lights = colours.astype(np.float32) / 255 + _GREY
    shares = lights / lights.sum(axis=2, keepdims=True)
    differences = shares - np.median(shares, axis=(0, 1))
    flat = differences.reshape(-1, 3)
    axis = np.linalg.eigh(flat.T @ flat)[1][:, -1]
    along = (differences @ axis).astype(np.float32)
    low, high = np.percentile(along, [0.5, 99.5])
    if max(-low, high) < _MIN_DIFFERENCE:
        return None
    if high > -low:
        along = -along
    greys: Floats = np.clip(_PAPER + _RANGE * along / max(-low, high), 0, 1)
    return greys.astype(np.float32)
