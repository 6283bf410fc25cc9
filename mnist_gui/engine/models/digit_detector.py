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
    "detecting/convolution_1/kernel": ArrayType((5, 5, 1, 32), _HALF),
    "detecting/convolution_1/bias": ArrayType((32,), _HALF),
    "detecting/convolution_2/kernel": ArrayType((3, 3, 32, 64), _HALF),
    "detecting/convolution_2/bias": ArrayType((64,), _HALF),
    "detecting/hidden/kernel": ArrayType((1_600, 96), _HALF),
    "detecting/hidden/bias": ArrayType((96,), _HALF),
    "detecting/output/kernel": ArrayType((96, 1), _HALF),
    "detecting/output/bias": ArrayType((1,), _HALF),
    "naming/convolution_1/kernel": ArrayType((5, 5, 1, 32), _HALF),
    "naming/convolution_1/bias": ArrayType((32,), _HALF),
    "naming/convolution_2/kernel": ArrayType((3, 3, 32, 64), _HALF),
    "naming/convolution_2/bias": ArrayType((64,), _HALF),
    "naming/convolution_3/kernel": ArrayType((3, 3, 64, 64), _HALF),
    "naming/convolution_3/bias": ArrayType((64,), _HALF),
    "naming/convolution_4/kernel": ArrayType((3, 3, 64, 128), _HALF),
    "naming/convolution_4/bias": ArrayType((128,), _HALF),
    "naming/output/kernel": ArrayType((1_152, 11), _HALF),
    "naming/output/bias": ArrayType((11,), _HALF),
}
KIND = "digit-detector"


class DigitDetector:
    """Two small convolutional networks that ship with the program; any thread may use it.

    `benchmarks/detector.py` trained them to tell MNIST's training images and synthetic digits from
    synthetic letters, signs, scribbles and disordered strokes. One knows this only. The other began
    as the reading network and also names the digit: that none is much likelier than the others is
    a sign. In plain NumPy an image takes about half a millisecond.
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
        pixels: _Floats = image[..., np.newaxis].astype(np.float32) / np.float32(255)
        logit = (self._detected(pixels) + self._named(pixels)) / 2
        return float(np.exp(-np.logaddexp(0, -logit)))

    def _detected(self, pixels: _Floats) -> float:
        """Return the logit of the detecting network."""
        features = self._convolved(pixels, "detecting/convolution_1", stride=2)
        features = self._convolved(features, "detecting/convolution_2", stride=2)
        hidden = np.maximum(self._multiplied(features, "detecting/hidden"), 0)
        return float(self._multiplied(hidden, "detecting/output")[0])

    def _named(self, pixels: _Floats) -> float:
        """Return the logit of the naming network: its eleventh output, and how clear the digit."""
        features = _pooled(self._convolved(pixels, "naming/convolution_1"))
        features = np.pad(features, ((1, 1), (1, 1), (0, 0)))
        features = self._convolved(features, "naming/convolution_2")
        features = _pooled(self._convolved(features, "naming/convolution_3"))
        features = self._convolved(features, "naming/convolution_4")
        outputs = self._multiplied(features, "naming/output")
        digits = np.sort(outputs[:10])
        log_odds_of_likeliest = digits[-1] - np.logaddexp.reduce(digits[:-1])
        return float(outputs[10] + log_odds_of_likeliest / 2)

    def _multiplied(self, features: _Floats, layer: str) -> _Floats:
        kernel, bias = self._weights[f"{layer}/kernel"], self._weights[f"{layer}/bias"]
        product: _Floats = features.reshape(-1) @ kernel + bias
        return product

    def _convolved(self, features: _Floats, layer: str, stride: int = 1) -> _Floats:
        """Convolve (h, w, c) with a layer's kernel (s, s, c, d), and apply ReLU."""
        kernel, bias = self._weights[f"{layer}/kernel"], self._weights[f"{layer}/bias"]
        side = kernel.shape[0]
        windows = sliding_window_view(features, (side, side), axis=(0, 1))[::stride, ::stride]
        # The windows' axes are h, w, channel, row, column; the kernel's row, column, channel, d.
        height, width = windows.shape[:2]
        flat = windows.transpose(0, 1, 3, 4, 2).reshape(height, width, -1)
        # Row by row, for the same reason as images: no product is large.
        sums = flat @ kernel.reshape(-1, kernel.shape[-1]) + bias
        rectified: _Floats = np.maximum(sums, 0, out=sums)
        return rectified


def _pooled(features: _Floats) -> _Floats:
    """Return the largest of each 2x2 of (h, w, c), an odd row or column left out."""
    height, width = (side // 2 * 2 for side in features.shape[:2])
    rows: _Floats = np.maximum(features[:height:2], features[1:height:2])
    return np.maximum(rows[:, :width:2], rows[:, 1:width:2])


@cache
def _load(path: Path) -> dict[str, _Floats]:
    with path.open("rb") as file:
        arrays = ArchiveReader(file, KIND).arrays(ARRAYS)
    return {name: array.astype(np.float32) for name, array in arrays.items()}
