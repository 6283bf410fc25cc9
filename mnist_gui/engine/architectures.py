"""The network architectures: names and weight shapes; `models.networks` builds them.

Besides those of the recipes there are others of more kinds of layers and other sizes, for imported
networks. Their name says all of them, as `plan` reads it: "conv3x32-pool conv3x64-same-pool-norm
dense128" has two convolutions of 3x3, the second one padded and normalized, and a dense layer
before the output.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import prod
from types import MappingProxyType
from typing import TypeAlias

from mnist_gui.engine.plan import (
    LARGEST_KERNEL,
    MOST_BLOCKS,
    MOST_DENSE,
    Convolution,
    Dense,
    find_plan,
)

IMAGE_SIDE = 28
CLASSES = 10
_Shapes: TypeAlias = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network's name and the shape of each of its weight arrays, in the order of its layers.

    `evaluation_batch` is the number of images that it predicts in one call: about 25 ms on two
    cores, so that an evaluation can be stopped. `min_margin` is the least margin of a sure
    prediction, in probability after calibration: with it the networks of the named recipes leave
    0.3 % of digits undecided (measured by `benchmarks/calibration.py`). `variant_of` is the name
    of the architecture that it is a variant of, which no recipe trains; "" for the others.
    """

    name: str
    weight_shapes: Mapping[str, tuple[int, ...]]
    evaluation_batch: int
    min_margin: float
    has_dropout: bool = False
    variant_of: str = ""

    @property
    def parameters(self) -> int:
        """The number of trained parameters, without moving statistics."""
        return sum(prod(self.weight_shapes[name]) for name in self.trained_names)

    @property
    def trained_names(self) -> tuple[str, ...]:
        """The names of the trained weights, in the order of the layers."""
        return tuple(name for name in self.weight_shapes if "/moving_" not in name)

    @property
    def is_normalized(self) -> bool:
        """Whether it has batch normalization, which computes differently in training."""
        return len(self.trained_names) < len(self.weight_shapes)


def _dense(layer: str, inputs: int, units: int) -> _Shapes:
    """Return the weights of a dense layer."""
    return {f"{layer}/kernel": (inputs, units), f"{layer}/bias": (units,)}


def _convolution(layer: str, kernel: tuple[int, int, int, int]) -> _Shapes:
    """Return the weights of a convolution; its kernel is height, width, channels in and out."""
    return {f"{layer}/kernel": kernel, f"{layer}/bias": kernel[-1:]}


def _normalization(layer: str, channels: int) -> _Shapes:
    """Return the weights of a batch normalization."""
    names = ("gamma", "beta", "moving_mean", "moving_variance")
    return {f"{layer}/{name}": (channels,) for name in names}


def _normalized(place: int, kernel: tuple[int, int, int, int]) -> _Shapes:
    """Return the weights of a convolution without bias and of the normalization after it."""
    normalization = _normalization(f"normalization_{place}", kernel[-1])
    return {f"convolution_{place}/kernel": kernel} | normalization


_CNN = (
    _convolution("convolution_1", (5, 5, 1, 32))
    | _convolution("convolution_2", (5, 5, 32, 64))
    | _dense("hidden", 7 * 7 * 64, 1024)
    | _dense("output", 1024, CLASSES)
)
_ALL = (
    Architecture(
        "softmax",
        _dense("output", 784, CLASSES),
        evaluation_batch=5_000,
        min_margin=0.01,
    ),
    Architecture(
        "cnn",
        _CNN,
        evaluation_batch=250,
        min_margin=0.05,
        has_dropout=True,
    ),
    # For imported networks that want other numbers than 0..1: the padding of the first convolution
    # is theirs, so that only a layer of its own can turn the image into them.
    Architecture(
        "cnn-normalized",
        _normalization("normalization_0", 1) | _CNN,
        evaluation_batch=250,
        min_margin=0.05,
        has_dropout=True,
        variant_of="cnn",
    ),
    Architecture(
        "cnn-lean",
        _normalized(1, (5, 5, 1, 16))
        | _normalized(2, (3, 3, 16, 32))
        | _dense("hidden", 5 * 5 * 32, 64)
        | _dense("output", 64, CLASSES),
        evaluation_batch=500,
        min_margin=0.06,
    ),
    Architecture(
        "cnn-deep",
        _normalized(1, (5, 5, 1, 32))
        | _normalized(2, (3, 3, 32, 64))
        | _normalized(3, (3, 3, 64, 64))
        | _normalized(4, (3, 3, 64, 128))
        | _dense("output", 3 * 3 * 128, CLASSES),
        evaluation_batch=250,
        min_margin=0.15,
    ),
)
ARCHITECTURES: Mapping[str, Architecture] = MappingProxyType({each.name: each for each in _ALL})

_MOST_PARAMETERS = 8_000_000
_MOST_MULTIPLICATIONS = 400_000_000
_BATCH_MULTIPLICATIONS = 4_000_000_000


def find_architecture(name: str) -> Architecture | None:
    """Return the architecture of a name, of a recipe or of other sizes; None if there is none."""
    return ARCHITECTURES.get(name) or _planned(name)


@lru_cache(maxsize=64)
def _planned(name: str) -> Architecture | None:
    """Return the architecture of a plan; None for one that does not fit the image or is too large.

    A convolution looks at each pixel, so its stride is no larger than its kernel.
    """
    plan = find_plan(name)
    if plan is None or len(plan.convolutions) > MOST_BLOCKS or len(plan.dense) > MOST_DENSE:
        return None
    side, inputs, multiplications = IMAGE_SIDE, 1, 0
    shapes = _normalization("normalization_0", 1) if plan.is_normalized else {}
    for layer, normalization, block in plan.named_blocks():
        if isinstance(block, Convolution):
            convolved, left = block.convolved_side(side), block.output_side(side)
            if block.kernel > LARGEST_KERNEL or block.stride > block.kernel or left < 1:
                return None
            kernel = (block.kernel, block.kernel, inputs, block.maps)
            multiplications += convolved * convolved * prod(kernel)
            side, inputs = left, block.maps
            weights = _convolution(layer, kernel)
        elif isinstance(block, Dense):
            weights = _dense(layer, side * side * inputs, block.units)
            side, inputs = 1, block.units
        if not block.has_bias:
            del weights[f"{layer}/bias"]
        shapes |= weights
        if block.is_normalized:
            shapes |= _normalization(normalization, inputs)
    shapes |= _dense("output", side * side * inputs, CLASSES)
    multiplications += sum(prod(shape) for shape in shapes.values() if len(shape) == 2)
    if sum(map(prod, shapes.values())) > _MOST_PARAMETERS:
        return None
    if multiplications > _MOST_MULTIPLICATIONS:
        return None
    batch = max(10, min(5_000, _BATCH_MULTIPLICATIONS // multiplications))
    return Architecture(name, shapes, batch, min_margin=0.05, variant_of="cnn")


def normalized_variant(name: str) -> str:
    """Return the name of the same architecture with a normalization of the image before it."""
    if plan := find_plan(name):
        return replace(plan, is_normalized=True).name
    return next(other for other, each in ARCHITECTURES.items() if each.variant_of == name)
