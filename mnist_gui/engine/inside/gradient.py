"""Gradients of a network, computed with NumPy: for its pixels, and for its weights.

As `forward`, on any thread, at once and without TensorFlow; tests compare them with TensorFlow and
with finite differences.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.activation import activation_slope
from mnist_gui.engine.inside.forward import (
    NORMALIZATION_EPSILON,
    Numbers,
    Weights,
    layer_outputs,
    normalization,
    patches,
    softmax,
)
from mnist_gui.engine.inside.layers import ACTIVATIONS, Layer, LayerKind, network_layers
from mnist_gui.engine.snapshot import Snapshot


def image_gradients(
    snapshot: Snapshot, image: NDArray[np.uint8], wanted: NDArray[np.floating]
) -> Numbers:
    """Return by how much sums of logits grow with each pixel's ink 0..1 (m, 28, 28).

    Each row of `wanted` (m, 10) has the factors of the logits in one sum: 1 and -1 for the
    difference of two digits.
    """
    layers = network_layers(snapshot.recipe.network)
    outputs = layer_outputs(snapshot, image[np.newaxis])
    slope = wanted.astype(np.float32)
    for layer, inputs, output in zip(layers[:0:-1], outputs[-2::-1], outputs[:0:-1], strict=True):
        slope = _passed_back(layer, snapshot.weights, inputs, output, slope)
    return slope.reshape(len(wanted), *image.shape)


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
    layers, weights = network_layers(snapshot.recipe.network), snapshot.weights
    for layer, inputs, output in zip(layers[:0:-1], outputs[-2::-1], outputs[:0:-1], strict=True):
        if layer.weights:
            found = _OF_WEIGHTS[layer.kind](layer, weights, inputs, output, slope)
            gradients.update({f"{layer.weights}/{name}": each for name, each in found.items()})
        if layer is not layers[1]:
            slope = _passed_back(layer, weights, inputs, output, slope)
    return loss, {name: gradients[name] for name in snapshot.recipe.architecture.trained_names}


# --- from a layer's outputs to its inputs --------------------------------------------------------
# Inputs and outputs are those of n images, or of one image with several slopes.


def _passed_back(
    layer: Layer, weights: Weights, inputs: Numbers, output: Numbers, slope: Numbers
) -> Numbers:
    passed = _PASSED_BACK[layer.kind](layer, weights, inputs, output, slope)
    return passed.reshape(len(slope), *layer.inputs)


def _dense(layer: Layer, weights: Weights, _in: Numbers, out: Numbers, slope: Numbers) -> Numbers:
    passed: Numbers = _rectified(layer, out, slope) @ weights[f"{layer.weights}/kernel"].T
    return passed


def _rectified(layer: Layer, out: Numbers, slope: Numbers) -> Numbers:
    """Return the slope of a dense layer's sums: where it has ReLU, of those that it passes on."""
    return slope * (out > 0) if layer.is_rectified else slope


def _activation(
    layer: Layer, _weights: Weights, inputs: Numbers, out: Numbers, slope: Numbers
) -> Numbers:
    passed: Numbers = slope * activation_slope(layer, inputs, out)
    return passed


def _same(_layer: Layer, _weights: Weights, _in: Numbers, _out: Numbers, slope: Numbers) -> Numbers:
    return slope


def _normalization(
    layer: Layer, weights: Weights, _in: Numbers, _out: Numbers, slope: Numbers
) -> Numbers:
    return slope * normalization(layer, weights)[0]


def _largest(
    layer: Layer, _weights: Weights, inputs: Numbers, _out: Numbers, slope: Numbers
) -> Numbers:
    """Pass on to the largest of each square, the first one of equals as TensorFlow does."""
    side = layer.kernel
    squares = patches(layer, inputs)
    places = squares.reshape(*squares.shape[:3], side * side, -1).argmax(axis=3)
    parts = (slope * (places == place) for place in range(side * side))
    return _spread(layer, parts, len(slope))


def _average(
    layer: Layer, _weights: Weights, _in: Numbers, _out: Numbers, slope: Numbers
) -> Numbers:
    """Pass on to all of each square alike."""
    size = layer.kernel * layer.kernel
    return _spread(layer, repeat(slope / np.float32(size), size), len(slope))


def _convolution(
    layer: Layer, weights: Weights, _in: Numbers, _out: Numbers, slope: Numbers
) -> Numbers:
    """Pass on through each weight of the kernels to the pixel that it has looked at."""
    kernel = weights[f"{layer.weights}/kernel"]
    places = np.ndindex(layer.kernel, layer.kernel)
    return _spread(layer, (slope @ kernel[place].T for place in places), len(slope))


def _spread(layer: Layer, parts: Iterable[Numbers], count: int) -> Numbers:
    """Add up what units pass on to each place of their windows, row by row: (n, *inputs).

    `parts` has it for one place after the other (n, rows, columns, maps).
    """
    (rows, columns, _), step = layer.shape, layer.stride
    height, width, maps = layer.inputs
    before, after = layer.margins
    passed = np.zeros((count, height + before + after, width + before + after, maps), np.float32)
    places = np.ndindex(layer.kernel, layer.kernel)
    for (down, across), part in zip(places, parts, strict=True):
        seen = (slice(down, down + rows * step, step), slice(across, across + columns * step, step))
        passed[:, *seen] += part
    return passed[:, before : before + height, before : before + width]


_Backward = Callable[[Layer, Weights, Numbers, Numbers, Numbers], Numbers]
_PASSED_BACK: Mapping[LayerKind, _Backward] = MappingProxyType(
    {
        LayerKind.CONVOLUTION: _convolution,
        LayerKind.POOLING: _largest,
        LayerKind.AVERAGE_POOLING: _average,
        LayerKind.NORMALIZATION: _normalization,
        LayerKind.FLATTEN: _same,
        LayerKind.HIDDEN: _dense,
        LayerKind.DROPOUT: _same,
        LayerKind.OUTPUT: _dense,
        **dict.fromkeys(ACTIVATIONS, _activation),
    }
)


# --- from a layer's outputs to its weights -------------------------------------------------------


def _of_convolution(
    layer: Layer, weights: Weights, inputs: Numbers, _out: Numbers, slope: Numbers
) -> dict[str, Numbers]:
    kernel = weights[f"{layer.weights}/kernel"]
    flat = slope.reshape(-1, slope.shape[-1])
    seen = patches(layer, inputs).reshape(len(flat), -1)
    found = {"kernel": (seen.T @ flat).reshape(kernel.shape)}
    if f"{layer.weights}/bias" in weights:
        found["bias"] = flat.sum(axis=0)
    return found


def _of_normalization(
    layer: Layer, weights: Weights, inputs: Numbers, _out: Numbers, slope: Numbers
) -> dict[str, Numbers]:
    mean, variance = (weights[f"{layer.weights}/moving_{name}"] for name in ("mean", "variance"))
    normal = (inputs - mean) / np.sqrt(variance + NORMALIZATION_EPSILON)
    axes = tuple(range(slope.ndim - 1))
    return {"gamma": (slope * normal).sum(axis=axes), "beta": slope.sum(axis=axes)}


def _of_dense(
    layer: Layer, weights: Weights, inputs: Numbers, out: Numbers, slope: Numbers
) -> dict[str, Numbers]:
    slope = _rectified(layer, out, slope)
    found = {"kernel": inputs.T @ slope}
    if f"{layer.weights}/bias" in weights:
        found["bias"] = slope.sum(axis=0)
    return found


_Found = Callable[[Layer, Weights, Numbers, Numbers, Numbers], dict[str, Numbers]]
_OF_WEIGHTS: Mapping[LayerKind, _Found] = MappingProxyType(
    {
        LayerKind.CONVOLUTION: _of_convolution,
        LayerKind.NORMALIZATION: _of_normalization,
        LayerKind.HIDDEN: _of_dense,
        LayerKind.OUTPUT: _of_dense,
    }
)
