"""Compute digit scores: how much an image looks like a digit at all."""

from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from mnist_gui.engine.io.archive import ArchiveReader, ArrayType
from mnist_gui.paths import resource

_Floats: TypeAlias = NDArray[np.float32]

_SHIPPED = resource("models/digit-detector.safetensors")
_HALF = "<f2"
ARRAYS = {
    "convolution_1/kernel": ArrayType((5, 5, 1, 32), _HALF),
    "convolution_1/bias": ArrayType((32,), _HALF),
    "convolution_2/kernel": ArrayType((3, 3, 32, 64), _HALF),
    "convolution_2/bias": ArrayType((64,), _HALF),
    "hidden/kernel": ArrayType((1_600, 96), _HALF),
    "hidden/bias": ArrayType((96,), _HALF),
    "output/kernel": ArrayType((96, 1), _HALF),
    "output/bias": ArrayType((1,), _HALF),
}
KIND = "digit-detector"


class DigitDetector:
    """A small convolutional network that ships with the program; any thread may use it.

    `benchmarks/detector.py` trained it to tell MNIST's training images and synthetic digits from
    synthetic letters, signs, scribbles and disordered strokes. Ten probabilities cannot tell this,
    as they always add up to 1. In plain NumPy an image takes a fraction of a millisecond.
    """

    def __init__(self, weights: Path = _SHIPPED) -> None:
        self._weights = _load(weights)

    def digit_scores(self, images: NDArray[np.uint8]) -> _Floats:
        """Return the digit scores (n,), 0..1, of images (n, 28, 28)."""
        # One by one, as NumPy computes larger products on several threads, which wait very long
        # for one another while training uses all cores.
        return np.array([self.digit_score(image) for image in images], np.float32)

    def digit_score(self, image: NDArray[np.uint8]) -> float:
        """Return the digit score, 0..1, of an image (28, 28)."""
        weights = self._weights
        features: _Floats = image[..., np.newaxis].astype(np.float32) / np.float32(255)
        for layer in ("convolution_1", "convolution_2"):
            features = _convolved(features, weights[f"{layer}/kernel"], weights[f"{layer}/bias"])
        hidden = features.reshape(-1) @ weights["hidden/kernel"] + weights["hidden/bias"]
        logit = np.maximum(hidden, 0) @ weights["output/kernel"] + weights["output/bias"]
        return float(1 / (1 + np.exp(-logit[0])))


def _convolved(features: _Floats, kernel: _Floats, bias: _Floats) -> _Floats:
    """Convolve (h, w, c) with a kernel (s, s, c, d), stride 2, and apply ReLU."""
    side = kernel.shape[0]
    windows = sliding_window_view(features, (side, side), axis=(0, 1))[::2, ::2]
    # The windows' axes are h, w, channel, row, column; the kernel's are row, column, channel, d.
    height, width = windows.shape[:2]
    flat = windows.transpose(0, 1, 3, 4, 2).reshape(height * width, -1)
    sums = flat @ kernel.reshape(-1, kernel.shape[-1]) + bias
    rectified: _Floats = np.maximum(sums, 0, out=sums)
    return rectified.reshape(height, width, -1)


@cache
def _load(path: Path) -> dict[str, _Floats]:
    with path.open("rb") as file:
        arrays = ArchiveReader(file, KIND).arrays(ARRAYS)
    return {name: array.astype(np.float32) for name, array in arrays.items()}
