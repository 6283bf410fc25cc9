"""The gradients of every layer of a network, computed with NumPy from its outputs.

As `forward`, on any thread, at once and without TensorFlow; tests compare it with TensorFlow.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.forward import (
    NORMALIZATION_EPSILON,
    Numbers,
    Weights,
    normalization,
    patches,
    softmax,
)
from mnist_gui.engine.inside.layers import Layer, LayerKind, network_layers
from mnist_gui.engine.snapshot import Snapshot

# What a layer's inputs were, what it made of them, and the slope of the loss there.
_Backwards = Callable[
    [Layer, Weights, Numbers, Numbers, Numbers], tuple[Numbers, dict[str, Numbers]]
]


def loss_and_gradients(
    snapshot: Snapshot, outputs: Sequence[Numbers], labels: NDArray[np.integer]
) -> tuple[float, dict[str, Numbers]]:
    """Return the mean cross-entropy of images, in nats, and its gradients for the trained weights.

    `outputs` are those of `layer_outputs`, `labels` (n,) the digits of the images. The network is
    taken as it predicts: without dropout, its normalization held as it is.
    """
    count = len(labels)
    shares = softmax(outputs[-1])
    chosen = shares[np.arange(count), labels]
    loss = float(-np.log(np.maximum(chosen, np.finfo(np.float64).tiny)).mean())
    slope = shares.astype(np.float32)
    slope[np.arange(count), labels] -= 1
    slope /= np.float32(count)
    gradients: dict[str, Numbers] = {}
    layers = network_layers(snapshot.recipe.network)
    for layer, inputs, output in zip(layers[:0:-1], outputs[-2::-1], outputs[:0:-1], strict=True):
        slope, found = _FUNCTIONS[layer.kind](layer, snapshot.weights, inputs, output, slope)
        gradients.update({f"{layer.weights}/{name}": each for name, each in found.items()})
    return loss, {name: gradients[name] for name in snapshot.recipe.architecture.trained_names}


def _convolution(
    layer: Layer, weights: Weights, inputs: Numbers, _output: Numbers, slope: Numbers
) -> tuple[Numbers, dict[str, Numbers]]:
    kernel = weights[f"{layer.weights}/kernel"]
    count, rows, columns, maps = slope.shape
    flat = slope.reshape(-1, maps)
    seen = patches(layer, inputs).reshape(len(flat), -1)
    found = {"kernel": (seen.T @ flat).reshape(kernel.shape)}
    if f"{layer.weights}/bias" in weights:
        found["bias"] = flat.sum(axis=0)
    side, channels = layer.kernel, inputs.shape[-1]
    spread = (flat @ kernel.reshape(-1, maps).T).reshape(count, rows, columns, side, side, channels)
    whole = np.zeros((count, rows + side - 1, columns + side - 1, channels), np.float32)
    for row in range(side):
        for column in range(side):
            whole[:, row : row + rows, column : column + columns] += spread[:, :, :, row, column]
    first = side // 2 if layer.is_padded else 0
    height, width = inputs.shape[1:3]
    return whole[:, first : first + height, first : first + width], found


def _pooling(
    layer: Layer, _weights: Weights, inputs: Numbers, _output: Numbers, slope: Numbers
) -> tuple[Numbers, dict[str, Numbers]]:
    rows, columns, maps = layer.shape
    whole = inputs[:, : 2 * rows, : 2 * columns].reshape(-1, rows, 2, columns, 2, maps)
    squares = whole.transpose(0, 1, 3, 5, 2, 4).reshape(-1, rows, columns, maps, 4)
    # Of equal numbers it is the first that counts, as for TensorFlow.
    is_largest = squares.argmax(axis=-1)[..., np.newaxis] == np.arange(4)
    parts = (is_largest * slope[..., np.newaxis]).reshape(-1, rows, columns, maps, 2, 2)
    before = np.zeros_like(inputs)
    before[:, : 2 * rows, : 2 * columns] = parts.transpose(0, 1, 4, 2, 5, 3).reshape(
        -1, 2 * rows, 2 * columns, maps
    )
    return before, {}


def _normalization(
    layer: Layer, weights: Weights, inputs: Numbers, _output: Numbers, slope: Numbers
) -> tuple[Numbers, dict[str, Numbers]]:
    mean, variance = (weights[f"{layer.weights}/moving_{name}"] for name in ("mean", "variance"))
    scale, _ = normalization(layer, weights)
    normal = (inputs - mean) / np.sqrt(variance + NORMALIZATION_EPSILON)
    axes = (0, 1, 2)
    found = {"gamma": (slope * normal).sum(axis=axes), "beta": slope.sum(axis=axes)}
    return slope * scale, found


def _relu(
    _layer: Layer, _weights: Weights, _inputs: Numbers, output: Numbers, slope: Numbers
) -> tuple[Numbers, dict[str, Numbers]]:
    return slope * (output > 0), {}


def _flatten(
    _layer: Layer, _weights: Weights, inputs: Numbers, _output: Numbers, slope: Numbers
) -> tuple[Numbers, dict[str, Numbers]]:
    return slope.reshape(inputs.shape), {}


def _dense(
    layer: Layer, weights: Weights, inputs: Numbers, _output: Numbers, slope: Numbers
) -> tuple[Numbers, dict[str, Numbers]]:
    found = {"kernel": inputs.T @ slope, "bias": slope.sum(axis=0)}
    return slope @ weights[f"{layer.weights}/kernel"].T, found


def _hidden(
    layer: Layer, weights: Weights, inputs: Numbers, output: Numbers, slope: Numbers
) -> tuple[Numbers, dict[str, Numbers]]:
    return _dense(layer, weights, inputs, output, slope * (output > 0))


_FUNCTIONS: Mapping[LayerKind, _Backwards] = MappingProxyType(
    {
        LayerKind.CONVOLUTION: _convolution,
        LayerKind.POOLING: _pooling,
        LayerKind.NORMALIZATION: _normalization,
        LayerKind.RELU: _relu,
        LayerKind.FLATTEN: _flatten,
        LayerKind.HIDDEN: _hidden,
        LayerKind.DROPOUT: _flatten,
        LayerKind.OUTPUT: _dense,
    }
)
