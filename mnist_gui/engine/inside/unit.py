"""The arithmetic of a single number of a layer, and the way of one number through the network.

Computed anew from the layer's inputs, with the digits of a float64, so that what is written out
can be compared with what the network gives.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.activation import activate
from mnist_gui.engine.inside.forward import NORMALIZATION_EPSILON
from mnist_gui.engine.inside.layers import ACTIVATIONS, POOLINGS, Layer, LayerKind, following
from mnist_gui.engine.inside.passage import Numbers, Passage, Unit
from mnist_gui.engine.inside.receptive_field import Field, unflattened, window, window_with


@dataclass(frozen=True, slots=True)
class Grey:
    """A pixel's grey 0..255 as a share of the brightest."""

    grey: int

    @property
    def result(self) -> float:
        """The number."""
        return self.grey / 255


@dataclass(frozen=True)
class WeightedSum:
    """Values times weights, added up, and the bias, if there is one.

    `values` and `weights` are (rows, columns, maps) of a convolution, whose `window` says where
    they are in its input; or (n,) of a dense layer. Where a window reaches beyond the input, the
    values are 0.
    """

    values: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float | None
    window: Field | None = None
    is_rectified: bool = False

    @cached_property
    def products(self) -> NDArray[np.float64]:
        """Values times weights."""
        return self.values * self.weights

    @cached_property
    def sum(self) -> float:
        """The products and the bias, added up."""
        return float(self.products.sum()) + (self.bias or 0.0)

    @property
    def result(self) -> float:
        """The number: the sum, or 0 for a negative one that is rectified."""
        return max(self.sum, 0.0) if self.is_rectified else self.sum


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest of the values (rows, columns) in a window of a map."""

    values: NDArray[np.float64]
    window: Field

    @property
    def winner(self) -> tuple[int, int]:
        """The row and the column of the largest within the window."""
        row, column = np.unravel_index(int(self.values.argmax()), self.values.shape)
        return int(row), int(column)

    @property
    def result(self) -> float:
        """The number."""
        return float(self.values.max())


@dataclass(frozen=True, slots=True)
class Average:
    """The average of the values (rows, columns) in a window of a map."""

    values: NDArray[np.float64]
    window: Field

    @property
    def result(self) -> float:
        """The number."""
        return float(self.values.mean())


@dataclass(frozen=True, slots=True)
class Normalized:
    """A value less the mean, divided by the root of the variance, times gamma, plus beta."""

    value: float
    mean: float
    variance: float
    gamma: float
    beta: float

    @property
    def spread(self) -> float:
        """What is divided by."""
        return sqrt(self.variance + float(NORMALIZATION_EPSILON))

    @property
    def result(self) -> float:
        """The number."""
        return (self.value - self.mean) / self.spread * self.gamma + self.beta


@dataclass(frozen=True, slots=True)
class Rectified:
    """A value, or 0 for a negative one."""

    value: float

    @property
    def result(self) -> float:
        """The number."""
        return max(self.value, 0.0)


@dataclass(frozen=True, slots=True)
class Activated:
    """What another activation than ReLU makes of a value."""

    value: float
    layer: Layer

    @property
    def result(self) -> float:
        """The number."""
        return float(activate(self.layer, np.array([self.value]))[0])


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A value that is handed on; `source` is where it comes from."""

    value: float
    source: Unit

    @property
    def result(self) -> float:
        """The number."""
        return self.value


@dataclass(frozen=True, slots=True)
class Divided:
    """A value divided by the temperature."""

    value: float
    temperature: float

    @property
    def result(self) -> float:
        """The number."""
        return self.value / self.temperature


@dataclass(frozen=True)
class Share:
    """A digit's share of the exponentials of ten numbers (10,).

    The largest of the numbers is taken off all of them before: that changes no share, and no
    exponential is too large to be computed.
    """

    values: NDArray[np.float64]
    digit: int

    @cached_property
    def powers(self) -> NDArray[np.float64]:
        """The exponentials (10,)."""
        powers: NDArray[np.float64] = np.exp(self.values - self.values.max())
        return powers

    @property
    def total(self) -> float:
        """The sum of the exponentials."""
        return float(self.powers.sum())

    @property
    def result(self) -> float:
        """The number."""
        return float(self.powers[self.digit]) / self.total


@dataclass(frozen=True, slots=True)
class Loss:
    """Minus the logarithm of a probability; of one that is too small to be held, `least`."""

    probability: float
    least: float

    @property
    def result(self) -> float:
        """The number."""
        return -log(self.probability) if self.probability > 0 else self.least


Arithmetic: TypeAlias = (
    Grey
    | WeightedSum
    | Largest
    | Average
    | Normalized
    | Rectified
    | Activated
    | Unchanged
    | Divided
    | Share
    | Loss
)
_DENSE = (LayerKind.HIDDEN, LayerKind.OUTPUT)


def arithmetic(passage: Passage, place: int, unit: Unit) -> Arithmetic:
    """Return how a number of the layer at a place comes about."""
    function = _FUNCTIONS.get(passage.layers[place].kind, _unchanged)
    return function(passage, place, unit)


def _grey(passage: Passage, _place: int, unit: Unit) -> Grey:
    return Grey(int(passage.image[unit[:2]]))


def _convolution(passage: Passage, place: int, unit: Unit) -> WeightedSum:
    layer, inputs = passage.layers[place], passage.outputs[place - 1]
    at = window(layer, *unit[:2])
    values = np.zeros((at.rows, at.columns, inputs.shape[2]))
    top, left = max(at.top, 0), max(at.left, 0)
    inside = inputs[top : at.bottom, left : at.right]
    rows, columns = inside.shape[:2]
    values[top - at.top :, left - at.left :][:rows, :columns] = inside
    kernel = _kernel(passage, layer)[..., unit[2]].astype(np.float64)
    return WeightedSum(values, kernel, _bias(passage, layer, unit[2]), at)


def _dense(passage: Passage, place: int, unit: Unit) -> WeightedSum:
    layer = passage.layers[place]
    return WeightedSum(
        passage.outputs[place - 1].astype(np.float64),
        _kernel(passage, layer)[:, unit[0]].astype(np.float64),
        _bias(passage, layer, unit[0]),
        is_rectified=layer.is_rectified,
    )


def _pooled(passage: Passage, place: int, unit: Unit) -> Largest | Average:
    at = window(passage.layers[place], *unit[:2])
    values = passage.outputs[place - 1][at.top : at.bottom, at.left : at.right, unit[2]]
    is_average = passage.layers[place].kind is LayerKind.AVERAGE_POOLING
    return (Average if is_average else Largest)(values.astype(np.float64), at)


def _normalized(passage: Passage, place: int, unit: Unit) -> Normalized:
    mean, variance, gamma, beta = (
        float(passage.snapshot.weights[f"{passage.layers[place].weights}/{name}"][unit[-1]])
        for name in ("moving_mean", "moving_variance", "gamma", "beta")
    )
    return Normalized(passage.value(place - 1, unit), mean, variance, gamma, beta)


def _rectified(passage: Passage, place: int, unit: Unit) -> Rectified:
    return Rectified(passage.value(place - 1, unit))


def _activated(passage: Passage, place: int, unit: Unit) -> Activated:
    return Activated(passage.value(place - 1, unit), passage.layers[place])


def _unchanged(passage: Passage, place: int, unit: Unit) -> Unchanged:
    layer = passage.layers[place]
    before = unflattened(layer, unit[0]) if layer.kind is LayerKind.FLATTEN else unit
    return Unchanged(passage.value(place - 1, before), before)


def _divided(passage: Passage, place: int, unit: Unit) -> Divided:
    return Divided(passage.value(place - 1, unit), passage.snapshot.temperature)


def _share(passage: Passage, place: int, unit: Unit) -> Share:
    return Share(passage.outputs[place - 1].astype(np.float64), unit[0])


def _loss(passage: Passage, place: int, unit: Unit) -> Loss:
    return Loss(passage.value(place - 1, unit), passage.value(place, unit))


_FUNCTIONS: Mapping[LayerKind, Callable[[Passage, int, Unit], Arithmetic]] = MappingProxyType(
    {
        **dict.fromkeys(ACTIVATIONS, _activated),
        **dict.fromkeys(POOLINGS, _pooled),
        LayerKind.INPUT: _grey,
        LayerKind.CONVOLUTION: _convolution,
        LayerKind.NORMALIZATION: _normalized,
        LayerKind.RELU: _rectified,
        LayerKind.HIDDEN: _dense,
        LayerKind.OUTPUT: _dense,
        LayerKind.TEMPERATURE: _divided,
        LayerKind.SOFTMAX: _share,
        LayerKind.LOSS: _loss,
    }
)


def _kernel(passage: Passage, layer: Layer) -> Numbers:
    return passage.snapshot.weights[f"{layer.weights}/kernel"]


def _bias(passage: Passage, layer: Layer, number: int) -> float | None:
    biases = passage.snapshot.weights.get(f"{layer.weights}/bias")
    return None if biases is None else float(biases[number])


# --- the way of one number ----------------------------------------------------------------------


def source(passage: Passage, place: int, unit: Unit) -> Unit:
    """Return the number of the layer before that counts most for one of the layer at a place."""
    how = arithmetic(passage, place, unit)
    match how:
        case WeightedSum(window=None):
            return (int(np.abs(how.products).argmax()),)
        case WeightedSum():
            return _largest_in_window(how, passage.layers[place].inputs)
        case Largest():
            row, column = how.winner
            return how.window.top + row, how.window.left + column, unit[2]
        case Average():
            row, column = divmod(int(np.abs(how.values).argmax()), how.values.shape[1])
            return how.window.top + row, how.window.left + column, unit[2]
        case Unchanged():
            return how.source
    return unit


def _largest_in_window(how: WeightedSum, shape: tuple[int, ...]) -> Unit:
    assert how.window is not None
    sizes = np.abs(how.products)
    at = [int(each) for each in np.unravel_index(int(sizes.argmax()), sizes.shape)]
    if not sizes.any():
        at[:2] = how.window.rows // 2, how.window.columns // 2
    row, column = at[0] + how.window.top, at[1] + how.window.left
    return min(max(row, 0), shape[0] - 1), min(max(column, 0), shape[1] - 1), at[2]


def target(passage: Passage, place: int, unit: Unit) -> Unit:
    """Return the number of the next layer for which one of the layer at a place counts most.

    It is looked for among those that ReLU lets pass, if there are any. Of the ten digits it is the
    one that is read.
    """
    after = passage.layers[place + 1]
    match after.kind:
        case LayerKind.CONVOLUTION:
            return _convolved(passage, place + 1, unit)
        case LayerKind.POOLING | LayerKind.AVERAGE_POOLING:
            return *window_with(after, *unit[:2]), unit[2]
        case LayerKind.FLATTEN:
            return (int(np.ravel_multi_index(unit, after.inputs)),)
        case LayerKind.HIDDEN:
            weights = _kernel(passage, after)[unit[0]]
            products = passage.value(place, unit) * weights
            is_passed = (passage.outputs[place + 1] > 0) | (not after.is_rectified)
            return (_largest_of(products, is_passed),)
        case LayerKind.OUTPUT:
            return (passage.digit,)
    return unit


def _convolved(passage: Passage, place: int, unit: Unit) -> Unit:
    """Return the number of a convolution in whose window's middle a unit lies, as far as it can."""
    after = passage.layers[place]
    at = window_with(after, *unit[:2])
    seen = window(after, *at)
    # At an edge, no window may reach it.
    row, column = (
        min(here - first, after.kernel - 1)
        for here, first in zip(unit[:2], (seen.top, seen.left), strict=True)
    )
    weights = _kernel(passage, after)[row, column, unit[2]]
    products = passage.value(place - 1, unit) * weights
    return at[0], at[1], _largest_of(products, _passes(passage, place, at[0], at[1]))


def _passes(passage: Passage, place: int, row: int, column: int) -> NDArray[np.bool_]:
    """Return which maps (maps,) have something left of a place once ReLU has seen them.

    All have, where there is no ReLU.
    """
    after = following(passage.layers, passage.layers[place].weights)
    for each, layer in enumerate(after, start=place + 1):
        if layer.kind in POOLINGS:
            row, column = window_with(layer, row, column)
        if layer.kind is LayerKind.RELU:
            left: NDArray[np.bool_] = passage.outputs[each][row, column] > 0
            return left
    return np.ones(passage.layers[place].shape[-1], np.bool_)


def _largest_of(products: Numbers, passes: NDArray[np.bool_]) -> int:
    """Return where the largest product is, among those that pass if there are any."""
    return int(np.where(passes | ~passes.any(), products, -np.inf).argmax())


def trace(passage: Passage, place: int, unit: Unit) -> tuple[Unit, ...]:
    """Return a unit of each layer: where a number comes from most, and where it counts most."""
    before = [unit]
    for each in range(place, 0, -1):
        before.append(source(passage, each, before[-1]))
    after = [unit]
    for each in range(place, len(passage.layers) - 1):
        after.append(target(passage, each, after[-1]))
    return (*reversed(before), *after[1:])


def evidence(passage: Passage, place: int) -> Numbers | None:
    """Return what each place of the maps adds to each unit of a dense layer.

    (rows, columns, units): value times weight, summed over the maps that were flattened; of softmax
    regression the maps are the image. None for other layers, and where maps are single pixels.
    """
    if passage.layers[place].kind not in _DENSE:
        return None
    before = passage.layers[place - 1]
    if before.kind is not LayerKind.FLATTEN or before.inputs[0] == 1:
        return None
    values = passage.outputs[place - 1].reshape(before.inputs)
    weights = _kernel(passage, passage.layers[place]).reshape(*before.inputs, -1)
    shares: Numbers = np.einsum("rcm,rcmu->rcu", values, weights)
    return shares
