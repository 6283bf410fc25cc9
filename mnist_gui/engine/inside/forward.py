"""What every layer of a network makes of images, computed with NumPy.

So it can be computed on any thread, at once and without TensorFlow; tests compare it with Keras,
layer by layer.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from mnist_gui.engine.inside.activation import activate
from mnist_gui.engine.inside.layers import ACTIVATIONS, Layer, LayerKind, network_layers
from mnist_gui.engine.snapshot import Snapshot

Numbers = NDArray[np.float32]
Weights = Mapping[str, Numbers]
# Keras' default, added to the variance before its root is taken.
NORMALIZATION_EPSILON = np.float32(1e-3)


def to_input(images: NDArray[np.uint8]) -> Numbers:
    """Turn images (n, 28, 28) uint8 into a network's input (n, 28, 28, 1) float32 0..1."""
    return images[..., np.newaxis] * np.float32(1 / 255)


def apply_layer(layer: Layer, weights: Weights, inputs: Numbers) -> Numbers:
    """Return a layer's outputs (n, ...) for its inputs (n, ...)."""
    return _FUNCTIONS[layer.kind](layer, weights, inputs)


def layer_outputs(snapshot: Snapshot, images: NDArray[np.uint8]) -> tuple[Numbers, ...]:
    """Return the outputs (n, ...) of each of the `network_layers` for images (n, 28, 28) uint8.

    The first are the images as numbers 0..1, the last the logits (n, 10) without temperature.
    """
    outputs = [to_input(images)]
    for layer in network_layers(snapshot.recipe.network)[1:]:
        outputs.append(apply_layer(layer, snapshot.weights, outputs[-1]))
    return tuple(outputs)


def features_and_logits(snapshot: Snapshot, images: NDArray[np.uint8]) -> tuple[Numbers, Numbers]:
    """Return what the last layer gets (n, features) and its logits (n, 10), without temperature."""
    before, logits = to_input(images), to_input(images)
    for layer in network_layers(snapshot.recipe.network)[1:]:
        before, logits = logits, apply_layer(layer, snapshot.weights, logits)
    return before, logits


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the probabilities (..., 10) that these logits (..., 10) stand for."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True), dtype=np.float64)
    shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def patches(layer: Layer, inputs: Numbers) -> Numbers:
    """Return what each unit looks at: (n, rows, columns, kernel, kernel, maps).

    Where the layer is padded, there are zeros round the inputs (n, rows, columns, maps).
    """
    side, step = layer.kernel, layer.stride
    if layer.is_padded:
        inputs = np.pad(inputs, ((0, 0), layer.margins, layer.margins, (0, 0)))
    seen = sliding_window_view(inputs, (side, side), (1, 2))[:, ::step, ::step]
    return seen.transpose(0, 1, 2, 4, 5, 3)


def _convolution(layer: Layer, weights: Weights, inputs: Numbers) -> Numbers:
    kernel = weights[f"{layer.weights}/kernel"]
    seen = patches(layer, inputs)
    count, rows, columns = seen.shape[:3]
    outputs = seen.reshape(count * rows * columns, -1) @ kernel.reshape(-1, kernel.shape[-1])
    outputs += weights.get(f"{layer.weights}/bias", np.float32(0))
    return outputs.reshape(count, rows, columns, -1)


def _squares(layer: Layer, inputs: Numbers) -> Numbers:
    """Return what each unit of a pooling looks at: (n, rows, kernel, columns, kernel, maps)."""
    if layer.kernel != layer.stride:
        return patches(layer, inputs).transpose(0, 1, 3, 2, 4, 5)
    # Without a copy. What is left over at the lower and right edge is not seen.
    (rows, columns, maps), side = layer.shape, layer.kernel
    whole = inputs[:, : side * rows, : side * columns]
    return whole.reshape(-1, rows, side, columns, side, maps)


def _largest(layer: Layer, _weights: Weights, inputs: Numbers) -> Numbers:
    largest: Numbers = _squares(layer, inputs).max(axis=(2, 4))
    return largest


def _average(layer: Layer, _weights: Weights, inputs: Numbers) -> Numbers:
    average: Numbers = _squares(layer, inputs).mean(axis=(2, 4))
    return average


def _normalization(layer: Layer, weights: Weights, inputs: Numbers) -> Numbers:
    scale, shift = normalization(layer, weights)
    return inputs * scale + shift


def normalization(layer: Layer, weights: Weights) -> tuple[Numbers, Numbers]:
    """Return by what a normalization multiplies each map, and what it then adds, (maps,) each."""
    gamma, beta, mean, variance = (
        weights[f"{layer.weights}/{name}"]
        for name in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    scale = gamma / np.sqrt(variance + NORMALIZATION_EPSILON)
    return scale, beta - mean * scale


def _activation(layer: Layer, _weights: Weights, inputs: Numbers) -> Numbers:
    return activate(layer, inputs)


def _flatten(_layer: Layer, _weights: Weights, inputs: Numbers) -> Numbers:
    return inputs.reshape(len(inputs), -1)


def _dense(layer: Layer, weights: Weights, inputs: Numbers) -> Numbers:
    sums: Numbers = inputs @ weights[f"{layer.weights}/kernel"]
    sums = sums + weights.get(f"{layer.weights}/bias", np.float32(0))
    return np.maximum(sums, np.float32(0)) if layer.is_rectified else sums


def _same(_layer: Layer, _weights: Weights, inputs: Numbers) -> Numbers:
    """Return the inputs: so does dropout when the network is not being trained."""
    return inputs


_FUNCTIONS: Mapping[LayerKind, Callable[[Layer, Weights, Numbers], Numbers]] = MappingProxyType(
    {
        LayerKind.CONVOLUTION: _convolution,
        LayerKind.POOLING: _largest,
        LayerKind.AVERAGE_POOLING: _average,
        LayerKind.NORMALIZATION: _normalization,
        LayerKind.FLATTEN: _flatten,
        LayerKind.HIDDEN: _dense,
        LayerKind.DROPOUT: _same,
        LayerKind.OUTPUT: _dense,
        **dict.fromkeys(ACTIVATIONS, _activation),
    }
)
