"""Whether a network can compute at all: weights may be finite, and what it makes of images not."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import FileFormatError

# Keras' default, added to the variance before its root is taken.
_EPSILON = 1e-3
_LARGEST = float(np.finfo(np.float32).max)

Numbers = NDArray[np.float64]


def check_computes(weights: Mapping[str, NDArray[np.float32]]) -> None:
    """Raise FileFormatError if there may be images of which the network makes no finite numbers.

    `weights` are finite, in the order of the layers. Each layer's outputs are bounded by the
    absolute values of its weights and the bound of its inputs, which no pooling makes larger, and
    no activation by more than is added here: sigmoid gives up to 1 and softplus 0.7 more, SELU 1.06
    times as much and -1.76 at least.
    """
    bound: Numbers = np.ones(1)
    with np.errstate(all="ignore"):
        for name, kernel in weights.items():
            layer, _, part = name.rpartition("/")
            if part == "kernel":
                bias = _absolute(weights, f"{layer}/bias")
                bound = _weighted(np.abs(kernel), bound) + bias
            elif part == "gamma":
                bound = _normalized(weights, layer, bound)
            # Also false for NaN: of a negative variance there is no root.
            if not bound.max() < _LARGEST:
                raise FileFormatError("weights-too-large", layer=layer)
            bound = 1.06 * np.maximum(bound, 1) + 0.7


def _weighted(kernel: NDArray[np.float32], bound: Numbers) -> Numbers:
    """Return the bound of each unit of a layer, for those of the channels before it."""
    # What was flattened has its channels last.
    rows = kernel.reshape(-1, len(bound), kernel.shape[-1]).sum(axis=0, dtype=np.float64)
    outputs: Numbers = bound @ rows
    return outputs


def _normalized(weights: Mapping[str, NDArray[np.float32]], layer: str, bound: Numbers) -> Numbers:
    deviation = np.sqrt(weights[f"{layer}/moving_variance"].astype(np.float64) + _EPSILON)
    shifted = bound + _absolute(weights, f"{layer}/moving_mean")
    scaled = shifted * _absolute(weights, f"{layer}/gamma") / deviation
    return scaled + _absolute(weights, f"{layer}/beta")


def _absolute(weights: Mapping[str, NDArray[np.float32]], name: str) -> Numbers:
    return np.abs(weights.get(name, np.float32(0))).astype(np.float64)
