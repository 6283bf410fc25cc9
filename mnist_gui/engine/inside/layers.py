"""The layers of each architecture with their shapes and sizes, as `models.networks` builds them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from itertools import takewhile
from math import prod
from types import MappingProxyType
from typing import Any

from mnist_gui.engine.architectures import IMAGE_SIDE, find_architecture
from mnist_gui.engine.plan import (
    NORMALIZATION,
    RELU,
    Convolution,
    Plan,
    Pooling,
    find_plan,
    find_pooling,
    leaky_slope,
    same_margins,
)


class LayerKind(Enum):
    """What a layer does."""

    INPUT = auto()
    CONVOLUTION = auto()
    POOLING = auto()
    """Max pooling."""
    AVERAGE_POOLING = auto()
    NORMALIZATION = auto()
    RELU = auto()
    LEAKY_RELU = auto()
    TANH = auto()
    SIGMOID = auto()
    ELU = auto()
    SILU = auto()
    GELU = auto()
    RELU6 = auto()
    SELU = auto()
    SOFTPLUS = auto()
    FLATTEN = auto()
    HIDDEN = auto()
    """Fully connected, with ReLU where it `is_rectified`."""
    DROPOUT = auto()
    OUTPUT = auto()
    """Fully connected, with one number for each digit."""
    TEMPERATURE = auto()
    """Divides the ten numbers; what follows the network's own layers has no weights."""
    SOFTMAX = auto()
    """Turns the ten numbers into probabilities."""
    LOSS = auto()
    """What each digit would cost as the label: the cross-entropy."""


WITH_KERNEL = (LayerKind.CONVOLUTION, LayerKind.HIDDEN, LayerKind.OUTPUT)
POOLINGS = (LayerKind.POOLING, LayerKind.AVERAGE_POOLING)
_OF_DIGITS = (LayerKind.OUTPUT, LayerKind.TEMPERATURE, LayerKind.SOFTMAX, LayerKind.LOSS)
ACTIVATIONS = (
    LayerKind.RELU,
    LayerKind.LEAKY_RELU,
    LayerKind.TANH,
    LayerKind.SIGMOID,
    LayerKind.ELU,
    LayerKind.SILU,
    LayerKind.GELU,
    LayerKind.RELU6,
    LayerKind.SELU,
    LayerKind.SOFTPLUS,
)


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: the shape of its output, without the batch, and what it costs.

    `inputs` is the shape of its input, `kernel` the side of the square window that it looks
    through, 0 where it has none, `stride` how far each window is from the next one. `margins` are
    the rows of zeros before and after the image, and the columns. `slope` is that of a leaky ReLU
    below 0. `parameters` are those that training adjusts, `statistics` the moving ones of a
    normalization. `multiplications` are multiply-adds for one image. `weights` is the name of its
    weights in the architecture, "" where it has none.
    """

    kind: LayerKind
    shape: tuple[int, ...]
    inputs: tuple[int, ...] = ()
    kernel: int = 0
    parameters: int = 0
    statistics: int = 0
    multiplications: int = 0
    weights: str = ""
    stride: int = 1
    margins: tuple[int, int] = (0, 0)
    slope: float = 0.0
    is_rectified: bool = False

    @property
    def is_padded(self) -> bool:
        """Whether it adds a margin, so that the image keeps its size but for the stride."""
        return any(self.margins)

    @property
    def is_of_digits(self) -> bool:
        """Whether its ten numbers are for the ten digits."""
        return self.kind in _OF_DIGITS

    @property
    def is_relu(self) -> bool:
        """Whether it passes on what is positive, and 0 for the rest."""
        return self.kind is LayerKind.RELU or self.is_rectified


class _Stack:
    """Layers put one on top of the other; sizes follow from the weights of the architecture."""

    def __init__(self, name: str) -> None:
        found = find_architecture(name)
        assert found is not None
        self._weights = found.weight_shapes
        self.layers = [Layer(LayerKind.INPUT, (IMAGE_SIDE, IMAGE_SIDE, 1))]

    def convolution(self, name: str, stride: int = 1, *, padded: bool = False) -> None:
        """Add a convolution."""
        side, _, _, channels = kernel = self._weights[f"{name}/kernel"]
        before, *_ = self.layers[-1].shape
        margins = same_margins(before, side, stride) if padded else (0, 0)
        size = Convolution((), side, channels, stride, padded).convolved_side(before)
        self._add(
            LayerKind.CONVOLUTION,
            (size, size, channels),
            side,
            name,
            size * size * prod(kernel),
            stride=stride,
            margins=margins,
        )

    def pooling(self, side: int = 2, step: int = 2, *, is_average: bool = False) -> None:
        """Add pooling over squares."""
        before, _, channels = self.layers[-1].shape
        size = Pooling(side, step).output_side(before)
        kind = LayerKind.AVERAGE_POOLING if is_average else LayerKind.POOLING
        self._add(kind, (size, size, channels), side, stride=step)

    def normalization(self, name: str) -> None:
        """Add batch normalization, which multiplies each number once."""
        shape = self.layers[-1].shape
        self._add(LayerKind.NORMALIZATION, shape, 0, name, prod(shape))

    def same(self, kind: LayerKind, slope: float = 0.0) -> None:
        """Add a layer without weights that keeps the shape."""
        self._add(kind, self.layers[-1].shape, slope=slope)

    def flatten(self) -> None:
        """Put all numbers into one row."""
        self._add(LayerKind.FLATTEN, (prod(self.layers[-1].shape),))

    def dense(self, kind: LayerKind, name: str, *, is_rectified: bool = False) -> None:
        """Add a fully connected layer."""
        inputs, units = self._weights[f"{name}/kernel"]
        self._add(kind, (units,), 0, name, inputs * units, is_rectified=is_rectified)

    def _add(
        self,
        kind: LayerKind,
        shape: tuple[int, ...],
        kernel: int = 0,
        name: str = "",
        multiplications: int = 0,
        **facts: Any,
    ) -> None:
        sizes = {
            weight: prod(size)
            for weight, size in self._weights.items()
            if name and weight.startswith(f"{name}/")
        }
        statistics = sum(size for weight, size in sizes.items() if "/moving_" in weight)
        layer = Layer(
            kind,
            shape,
            self.layers[-1].shape,
            kernel,
            sum(sizes.values()) - statistics,
            statistics,
            multiplications,
            name,
            **facts,
        )
        self.layers.append(layer)


def _add_softmax(stack: _Stack) -> None:
    stack.flatten()


def _add_cnn(stack: _Stack) -> None:
    for place in (1, 2):
        stack.convolution(f"convolution_{place}", padded=True)
        stack.pooling()
        stack.same(LayerKind.RELU)
    stack.flatten()
    stack.dense(LayerKind.HIDDEN, "hidden", is_rectified=True)
    stack.same(LayerKind.DROPOUT)


def _add_normalized_cnn(stack: _Stack) -> None:
    stack.normalization("normalization_0")
    _add_cnn(stack)


def _add_lean_cnn(stack: _Stack) -> None:
    _add_normalized(stack, 1, pooled=True)
    _add_normalized(stack, 2, pooled=True)
    stack.flatten()
    stack.dense(LayerKind.HIDDEN, "hidden", is_rectified=True)


def _add_deep_cnn(stack: _Stack) -> None:
    _add_normalized(stack, 1, pooled=True)
    _add_normalized(stack, 2, padded=True)
    _add_normalized(stack, 3, pooled=True)
    _add_normalized(stack, 4)
    stack.flatten()


def _add_normalized(
    stack: _Stack, place: int, *, padded: bool = False, pooled: bool = False
) -> None:
    stack.convolution(f"convolution_{place}", padded=padded)
    if pooled:
        stack.pooling()
    stack.normalization(f"normalization_{place}")
    stack.same(LayerKind.RELU)


# The words of a plan but for leaky ReLU, which has its slope in its word.
_ACTIVATION_KINDS: Mapping[str, LayerKind] = MappingProxyType(
    {
        RELU: LayerKind.RELU,
        "tanh": LayerKind.TANH,
        "sigmoid": LayerKind.SIGMOID,
        "elu": LayerKind.ELU,
        "silu": LayerKind.SILU,
        "gelu": LayerKind.GELU,
        "relu6": LayerKind.RELU6,
        "selu": LayerKind.SELU,
        "softplus": LayerKind.SOFTPLUS,
    }
)


def _add_planned(stack: _Stack, plan: Plan) -> None:
    if plan.is_normalized:
        stack.normalization("normalization_0")
    for place, (name, normalization, block) in enumerate(plan.named_blocks()):
        if place == len(plan.convolutions):
            stack.flatten()
        steps = block.steps
        if isinstance(block, Convolution):
            stack.convolution(name, block.stride, padded=block.is_padded)
        else:
            is_rectified = steps[:1] == (RELU,)
            stack.dense(LayerKind.HIDDEN, name, is_rectified=is_rectified)
            steps = steps[is_rectified:]
        for step in steps:
            _add_step(stack, step, normalization)
    if not plan.dense:
        stack.flatten()


def _add_step(stack: _Stack, step: str, normalization: str) -> None:
    if step == NORMALIZATION:
        stack.normalization(normalization)
    elif pooling := find_pooling(step):
        stack.pooling(pooling.side, pooling.step, is_average=pooling.is_average)
    elif slope := leaky_slope(step):
        stack.same(LayerKind.LEAKY_RELU, slope)
    else:
        stack.same(_ACTIVATION_KINDS[step])


_BODIES: Mapping[str, Callable[[_Stack], None]] = MappingProxyType(
    {
        "softmax": _add_softmax,
        "cnn": _add_cnn,
        "cnn-normalized": _add_normalized_cnn,
        "cnn-lean": _add_lean_cnn,
        "cnn-deep": _add_deep_cnn,
    }
)


@cache
def has_hidden_layer(architecture: str) -> bool:
    """Return whether there is more between the image and the ten numbers than a flat image."""
    return len(network_layers(architecture)) > len(network_layers("softmax"))


def network_layers(architecture: str) -> tuple[Layer, ...]:
    """Return the layers of an architecture, from the image to the ten numbers."""
    stack = _Stack(architecture)
    if plan := find_plan(architecture):
        _add_planned(stack, plan)
    else:
        _BODIES[architecture](stack)
    stack.dense(LayerKind.OUTPUT, "output")
    return tuple(stack.layers)


def following(layers: Sequence[Layer], name: str) -> tuple[Layer, ...]:
    """Return what follows the layer with these weights up to the next one with a kernel."""
    place = next(i for i, layer in enumerate(layers) if layer.weights == name)
    rest = takewhile(lambda layer: layer.kind not in WITH_KERNEL, layers[place + 1 :])
    return tuple(rest)


def normalization_after(layers: Sequence[Layer], name: str) -> str:
    """Return the normalization that the layer with these weights is followed by; "" for none."""
    after = following(layers, name)
    return next((each.weights for each in after if each.kind is LayerKind.NORMALIZATION), "")
