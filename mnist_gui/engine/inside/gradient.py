"""How the logits answer to each pixel: the gradient with respect to the image, in NumPy.

Each layer passes the gradient of its outputs on to its inputs; tests compare it with finite
differences.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.forward import Numbers, Weights, layer_outputs, normalization
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
    gradient = wanted.astype(np.float32)
    for place in range(len(layers) - 1, 0, -1):
        layer = layers[place]
        passed = _FUNCTIONS[layer.kind](
            layer, snapshot.weights, outputs[place - 1], outputs[place], gradient
        )
        gradient = passed.reshape(len(wanted), *layer.inputs)
    return gradient.reshape(len(wanted), *image.shape)


def _dense(layer: Layer, weights: Weights, _in: Numbers, _out: Numbers, given: Numbers) -> Numbers:
    passed: Numbers = given @ weights[f"{layer.weights}/kernel"].T
    return passed


def _hidden(layer: Layer, weights: Weights, _in: Numbers, out: Numbers, given: Numbers) -> Numbers:
    return _dense(layer, weights, _in, out, given * (out > 0))


def _relu(_layer: Layer, _weights: Weights, _in: Numbers, out: Numbers, given: Numbers) -> Numbers:
    passed: Numbers = given * (out > 0)
    return passed


def _same(_layer: Layer, _weights: Weights, _in: Numbers, _out: Numbers, given: Numbers) -> Numbers:
    return given


def _normalization(
    layer: Layer, weights: Weights, _in: Numbers, _out: Numbers, given: Numbers
) -> Numbers:
    return given * normalization(layer, weights)[0]


def _pooling(
    layer: Layer, _weights: Weights, inputs: Numbers, _out: Numbers, given: Numbers
) -> Numbers:
    """Pass on to the largest of each square, the first one of equals."""
    rows, columns, maps = layer.shape
    whole = inputs[:, : 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2, maps)
    squares = whole.transpose(0, 2, 4, 1, 3).reshape(rows, columns, maps, 4)
    is_largest = np.arange(4) == squares.argmax(axis=-1)[..., np.newaxis]
    spread = given[..., np.newaxis] * is_largest
    spread = spread.reshape(-1, rows, columns, maps, 2, 2).transpose(0, 1, 4, 2, 5, 3)
    passed = np.zeros((len(given), *layer.inputs), np.float32)
    passed[:, : 2 * rows, : 2 * columns] = spread.reshape(-1, 2 * rows, 2 * columns, maps)
    return passed


def _convolution(
    layer: Layer, weights: Weights, _in: Numbers, _out: Numbers, given: Numbers
) -> Numbers:
    """Pass on through each weight of the kernels to the pixel that it has looked at."""
    kernel = weights[f"{layer.weights}/kernel"]
    rows, columns, _ = layer.shape
    height, width, maps = layer.inputs
    before = layer.kernel // 2 if layer.is_padded else 0
    passed = np.zeros(
        (len(given), rows + layer.kernel - 1, columns + layer.kernel - 1, maps), np.float32
    )
    for down, across in np.ndindex(layer.kernel, layer.kernel):
        passed[:, down : down + rows, across : across + columns] += given @ kernel[down, across].T
    return passed[:, before : before + height, before : before + width]


_Backward = Callable[[Layer, Weights, Numbers, Numbers, Numbers], Numbers]
_FUNCTIONS: Mapping[LayerKind, _Backward] = MappingProxyType(
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
