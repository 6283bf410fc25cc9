"""The layers of each architecture with their shapes and sizes, as `models.networks` builds them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from math import prod
from types import MappingProxyType

from mnist_gui.engine.architectures import IMAGE_SIDE, Plan, find_architecture, find_plan


class LayerKind(Enum):
    """What a layer does."""

    INPUT = auto()
    CONVOLUTION = auto()
    POOLING = auto()
    NORMALIZATION = auto()
    RELU = auto()
    FLATTEN = auto()
    HIDDEN = auto()
    """Fully connected, with ReLU."""
    DROPOUT = auto()
    OUTPUT = auto()
    """Fully connected, with one number for each digit."""
    TEMPERATURE = auto()
    """Divides the ten numbers; what follows the network's own layers has no weights."""
    SOFTMAX = auto()
    """Turns the ten numbers into probabilities."""
    LOSS = auto()
    """What each digit would cost as the label: the cross-entropy."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: the shape of its output, without the batch, and what it costs.

    `inputs` is the shape of its input, `kernel` the side of the square window that it looks
    through, 0 where it has none. `parameters` are those that training adjusts, `statistics` the
    moving ones of a normalization. `multiplications` are multiply-adds for one image. `weights` is
    the name of its weights in the architecture, "" where it has none.
    """

    kind: LayerKind
    shape: tuple[int, ...]
    inputs: tuple[int, ...] = ()
    kernel: int = 0
    parameters: int = 0
    statistics: int = 0
    multiplications: int = 0
    weights: str = ""

    @property
    def is_padded(self) -> bool:
        """Whether it adds a margin, so that the image keeps its size."""
        keeps_size = self.shape[:2] == self.inputs[:2]
        return self.kind is LayerKind.CONVOLUTION and self.kernel > 1 and keeps_size


class _Stack:
    """Layers put one on top of the other; sizes follow from the weights of the architecture."""

    def __init__(self, name: str) -> None:
        found = find_architecture(name)
        assert found is not None
        self._weights = found.weight_shapes
        self.layers = [Layer(LayerKind.INPUT, (IMAGE_SIDE, IMAGE_SIDE, 1))]

    def convolution(self, place: int, *, padded: bool = False) -> None:
        """Add a convolution."""
        name = f"convolution_{place}"
        side, _, _, channels = kernel = self._weights[f"{name}/kernel"]
        lost = 0 if padded else side - 1
        height, width, _ = self.layers[-1].shape
        shape = (height - lost, width - lost, channels)
        multiplications = shape[0] * shape[1] * prod(kernel)
        self._add(LayerKind.CONVOLUTION, shape, side, name, multiplications)

    def pooling(self) -> None:
        """Add max pooling over squares of 2 by 2."""
        height, width, channels = self.layers[-1].shape
        self._add(LayerKind.POOLING, (height // 2, width // 2, channels), 2)

    def normalization(self, place: int) -> None:
        """Add batch normalization, which multiplies each number once."""
        shape = self.layers[-1].shape
        name = f"normalization_{place}"
        self._add(LayerKind.NORMALIZATION, shape, 0, name, prod(shape))

    def same(self, kind: LayerKind) -> None:
        """Add a layer without weights that keeps the shape."""
        self._add(kind, self.layers[-1].shape)

    def flatten(self) -> None:
        """Put all numbers into one row."""
        self._add(LayerKind.FLATTEN, (prod(self.layers[-1].shape),))

    def dense(self, kind: LayerKind, name: str) -> None:
        """Add a fully connected layer."""
        inputs, units = self._weights[f"{name}/kernel"]
        self._add(kind, (units,), 0, name, inputs * units)

    def _add(
        self,
        kind: LayerKind,
        shape: tuple[int, ...],
        kernel: int = 0,
        name: str = "",
        multiplications: int = 0,
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
        )
        self.layers.append(layer)


def _add_softmax(stack: _Stack) -> None:
    stack.flatten()


def _add_cnn(stack: _Stack) -> None:
    for place in (1, 2):
        stack.convolution(place, padded=True)
        stack.pooling()
        stack.same(LayerKind.RELU)
    stack.flatten()
    stack.dense(LayerKind.HIDDEN, "hidden")
    stack.same(LayerKind.DROPOUT)


def _add_normalized_cnn(stack: _Stack) -> None:
    stack.normalization(0)
    _add_cnn(stack)


def _add_lean_cnn(stack: _Stack) -> None:
    _add_normalized(stack, 1, pooled=True)
    _add_normalized(stack, 2, pooled=True)
    stack.flatten()
    stack.dense(LayerKind.HIDDEN, "hidden")


def _add_deep_cnn(stack: _Stack) -> None:
    _add_normalized(stack, 1, pooled=True)
    _add_normalized(stack, 2, padded=True)
    _add_normalized(stack, 3, pooled=True)
    _add_normalized(stack, 4)
    stack.flatten()


def _add_normalized(
    stack: _Stack, place: int, *, padded: bool = False, pooled: bool = False
) -> None:
    stack.convolution(place, padded=padded)
    if pooled:
        stack.pooling()
    stack.normalization(place)
    stack.same(LayerKind.RELU)


def _add_planned(stack: _Stack, plan: Plan) -> None:
    if plan.is_normalized:
        stack.normalization(0)
    for place, block in enumerate(plan.blocks, start=1):
        stack.convolution(place, padded=block.is_padded)
        if block.is_pooled:
            stack.pooling()
        if block.is_normalized:
            stack.normalization(place)
        stack.same(LayerKind.RELU)
    stack.flatten()
    if plan.hidden:
        stack.dense(LayerKind.HIDDEN, "hidden")


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
