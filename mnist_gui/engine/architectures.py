"""The network architectures: names and weight shapes; `models.networks` builds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from types import MappingProxyType
from typing import TypeAlias

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


def _convolution(place: int, kernel: tuple[int, int, int, int]) -> _Shapes:
    """Return the weights of a convolution; its kernel is height, width, channels in and out."""
    return {f"convolution_{place}/kernel": kernel, f"convolution_{place}/bias": kernel[-1:]}


def _normalization(place: int, channels: int) -> _Shapes:
    """Return the weights of a batch normalization."""
    names = ("gamma", "beta", "moving_mean", "moving_variance")
    return {f"normalization_{place}/{name}": (channels,) for name in names}


def _normalized(place: int, kernel: tuple[int, int, int, int]) -> _Shapes:
    """Return the weights of a convolution without bias and of the normalization after it."""
    return {f"convolution_{place}/kernel": kernel} | _normalization(place, kernel[-1])


_CNN = (
    _convolution(1, (5, 5, 1, 32))
    | _convolution(2, (5, 5, 32, 64))
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
        _normalization(0, 1) | _CNN,
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
