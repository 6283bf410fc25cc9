"""Gradients of a network, computed with NumPy: for its pixels, and for its weights.

As `forward`, on any thread, at once and without TensorFlow; tests compare them with TensorFlow and
with finite differences.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.forward import (
    NORMALIZATION_EPSILON,
    Numbers,
    Weights,
    layer_outputs,
    normalization,
    patches,
    softmax,
)
from mnist_gui.engine.inside.layers import Layer, LayerKind, network_layers
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


def _dense(layer: Layer, weights: Weights, _in: Numbers, _out: Numbers, slope: Numbers) -> Numbers:
    passed: Numbers = slope @ weights[f"{layer.weights}/kernel"].T
    return passed


def _hidden(layer: Layer, weights: Weights, _in: Numbers, out: Numbers, slope: Numbers) -> Numbers:
    return _dense(layer, weights, _in, out, slope * (out > 0))


def _relu(_layer: Layer, _weights: Weights, _in: Numbers, out: Numbers, slope: Numbers) -> Numbers:
    passed: Numbers = slope * (out > 0)
    return passed


def _same(_layer: Layer, _weights: Weights, _in: Numbers, _out: Numbers, slope: Numbers) -> Numbers:
    return slope


def _normalization(
    layer: Layer, weights: Weights, _in: Numbers, _out: Numbers, slope: Numbers
) -> Numbers:
    return slope * normalization(layer, weights)[0]


def _pooling(
    layer: Layer, _weights: Weights, inputs: Numbers, _out: Numbers, slope: Numbers
) -> Numbers:
    """Pass on to the largest of each square, the first one of equals as TensorFlow does."""
    rows, columns, maps = layer.shape
    whole = inputs[:, : 2 * rows, : 2 * columns].reshape(-1, rows, 2, columns, 2, maps)
    squares = whole.transpose(0, 1, 3, 5, 2, 4).reshape(-1, rows, columns, maps, 4)
    is_largest = squares.argmax(axis=-1)[..., np.newaxis] == np.arange(4)
    parts = (is_largest * slope[..., np.newaxis]).reshape(-1, rows, columns, maps, 2, 2)
    passed = np.zeros((len(slope), *layer.inputs), np.float32)
    passed[:, : 2 * rows, : 2 * columns] = parts.transpose(0, 1, 4, 2, 5, 3).reshape(
        -1, 2 * rows, 2 * columns, maps
    )
    return passed


def _convolution(
    layer: Layer, weights: Weights, _in: Numbers, _out: Numbers, slope: Numbers
) -> Numbers:
    """Pass on through each weight of the kernels to the pixel that it has looked at."""
    kernel = weights[f"{layer.weights}/kernel"]
    rows, columns, _ = layer.shape
    height, width, maps = layer.inputs
    before = layer.kernel // 2 if layer.is_padded else 0
    passed = np.zeros(
        (len(slope), rows + layer.kernel - 1, columns + layer.kernel - 1, maps), np.float32
    )
    for down, across in np.ndindex(layer.kernel, layer.kernel):
        passed[:, down : down + rows, across : across + columns] += slope @ kernel[down, across].T
    return passed[:, before : before + height, before : before + width]


_Backward = Callable[[Layer, Weights, Numbers, Numbers, Numbers], Numbers]
_PASSED_BACK: Mapping[LayerKind, _Backward] = MappingProxyType(
    {
        LayerKind.CONVOLUTION: _convolution,
        LayerKind.POOLING: _pooling,
        LayerKind.NORMALIZATION: _normalization,
        LayerKind.RELU: _relu,
        LayerKind.FLATTEN: _same,
        LayerKind.HIDDEN: _hidden,
        LayerKind.DROPOUT: _same,
        LayerKind.OUTPUT: _dense,
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
    axes = (0, 1, 2)
    return {"gamma": (slope * normal).sum(axis=axes), "beta": slope.sum(axis=axes)}


def _of_dense(
    _layer: Layer, _weights: Weights, inputs: Numbers, _out: Numbers, slope: Numbers
) -> dict[str, Numbers]:
    return {"kernel": inputs.T @ slope, "bias": slope.sum(axis=0)}


def _of_hidden(
    layer: Layer, weights: Weights, inputs: Numbers, out: Numbers, slope: Numbers
) -> dict[str, Numbers]:
    return _of_dense(layer, weights, inputs, out, slope * (out > 0))


_Found = Callable[[Layer, Weights, Numbers, Numbers, Numbers], dict[str, Numbers]]
_OF_WEIGHTS: Mapping[LayerKind, _Found] = MappingProxyType(
    {
        LayerKind.CONVOLUTION: _of_convolution,
        LayerKind.NORMALIZATION: _of_normalization,
        LayerKind.HIDDEN: _of_hidden,
        LayerKind.OUTPUT: _of_dense,
    }
)
