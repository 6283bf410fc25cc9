"""The activation functions and their slopes, computed with NumPy."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.layers import Layer, LayerKind

Numbers = NDArray[np.float32]

# https://arxiv.org/abs/1706.02515
_SELU_SCALE, _SELU_ALPHA = np.float32(1.0507009873554805), np.float32(1.6732632423543773)
_ROOT_OF_2_PI = np.float32(np.sqrt(2 * np.pi))


def activate(layer: Layer, inputs: Numbers) -> Numbers:
    """Return what an activation makes of its inputs, of any shape."""
    return _FUNCTIONS[layer.kind](layer, inputs)


def activation_slope(layer: Layer, inputs: Numbers, outputs: Numbers) -> Numbers:
    """Return by how much its outputs grow with its inputs; at a kink, that below it."""
    return _SLOPES[layer.kind](layer, inputs, outputs)


def _relu(_layer: Layer, inputs: Numbers) -> Numbers:
    outputs: Numbers = np.maximum(inputs, np.float32(0))
    return outputs


def _leaky_relu(layer: Layer, inputs: Numbers) -> Numbers:
    outputs: Numbers = np.maximum(inputs, inputs * np.float32(layer.slope))
    return outputs


def _tanh(_layer: Layer, inputs: Numbers) -> Numbers:
    return np.tanh(inputs)


def sigmoid(inputs: Numbers) -> Numbers:
    """Return 1 / (1 + exp(-x)), for any x without an overflow."""
    half = np.float32(0.5)
    outputs: Numbers = half + half * np.tanh(half * inputs)
    return outputs


def _sigmoid(_layer: Layer, inputs: Numbers) -> Numbers:
    return sigmoid(inputs)


def _elu(_layer: Layer, inputs: Numbers) -> Numbers:
    return np.where(inputs > 0, inputs, np.expm1(np.minimum(inputs, np.float32(0))))


def _silu(_layer: Layer, inputs: Numbers) -> Numbers:
    return inputs * sigmoid(inputs)


def _gelu(_layer: Layer, inputs: Numbers) -> Numbers:
    return inputs * _normal_share(inputs)


def _normal_share(values: Numbers) -> Numbers:
    """Return the share of a standard normal distribution below values, within 1e-7.

    Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26, as NumPy has no erf.
    """
    sizes = np.minimum(np.abs(values), np.float32(13)).astype(np.float64) / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * sizes)
    factors = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
    tail = 0.5 * np.polyval(factors, t) * t * np.exp(-sizes * sizes)
    share: Numbers = np.where(values > 0, 1 - tail, tail).astype(values.dtype)
    return share


def _relu6(_layer: Layer, inputs: Numbers) -> Numbers:
    return np.clip(inputs, np.float32(0), np.float32(6))


def _selu(layer: Layer, inputs: Numbers) -> Numbers:
    return np.where(inputs > 0, inputs, _SELU_ALPHA * _elu(layer, inputs)) * _SELU_SCALE


def _softplus(_layer: Layer, inputs: Numbers) -> Numbers:
    outputs: Numbers = np.logaddexp(np.float32(0), inputs)
    return outputs


_FUNCTIONS: Mapping[LayerKind, Callable[[Layer, Numbers], Numbers]] = MappingProxyType(
    {
        LayerKind.RELU: _relu,
        LayerKind.LEAKY_RELU: _leaky_relu,
        LayerKind.TANH: _tanh,
        LayerKind.SIGMOID: _sigmoid,
        LayerKind.ELU: _elu,
        LayerKind.SILU: _silu,
        LayerKind.GELU: _gelu,
        LayerKind.RELU6: _relu6,
        LayerKind.SELU: _selu,
        LayerKind.SOFTPLUS: _softplus,
    }
)


# --- slopes --------------------------------------------------------------------------------------


def _of_relu(_layer: Layer, _inputs: Numbers, outputs: Numbers) -> Numbers:
    return (outputs > 0).astype(np.float32)


def _of_leaky_relu(layer: Layer, inputs: Numbers, _outputs: Numbers) -> Numbers:
    slopes: Numbers = np.where(inputs > 0, np.float32(1), np.float32(layer.slope))
    return slopes


def _of_tanh(_layer: Layer, _inputs: Numbers, outputs: Numbers) -> Numbers:
    return 1 - outputs * outputs


def _of_sigmoid(_layer: Layer, _inputs: Numbers, outputs: Numbers) -> Numbers:
    return outputs * (1 - outputs)


def _of_elu(_layer: Layer, inputs: Numbers, outputs: Numbers) -> Numbers:
    return np.where(inputs > 0, np.float32(1), outputs + np.float32(1))


def _of_silu(_layer: Layer, inputs: Numbers, outputs: Numbers) -> Numbers:
    share = sigmoid(inputs)
    return share + outputs * (1 - share)


def _of_gelu(_layer: Layer, inputs: Numbers, _outputs: Numbers) -> Numbers:
    density = np.exp(np.float32(-0.5) * inputs * inputs) / _ROOT_OF_2_PI
    slopes: Numbers = _normal_share(inputs) + inputs * density
    return slopes


def _of_relu6(_layer: Layer, _inputs: Numbers, outputs: Numbers) -> Numbers:
    return ((outputs > 0) & (outputs < 6)).astype(np.float32)


def _of_selu(_layer: Layer, inputs: Numbers, outputs: Numbers) -> Numbers:
    return np.where(inputs > 0, _SELU_SCALE, outputs + _SELU_SCALE * _SELU_ALPHA)


def _of_softplus(_layer: Layer, inputs: Numbers, _outputs: Numbers) -> Numbers:
    return sigmoid(inputs)


_SLOPES: Mapping[LayerKind, Callable[[Layer, Numbers, Numbers], Numbers]] = MappingProxyType(
    {
        LayerKind.RELU: _of_relu,
        LayerKind.LEAKY_RELU: _of_leaky_relu,
        LayerKind.TANH: _of_tanh,
        LayerKind.SIGMOID: _of_sigmoid,
        LayerKind.ELU: _of_elu,
        LayerKind.SILU: _of_silu,
        LayerKind.GELU: _of_gelu,
        LayerKind.RELU6: _of_relu6,
        LayerKind.SELU: _of_selu,
        LayerKind.SOFTPLUS: _of_softplus,
    }
)
