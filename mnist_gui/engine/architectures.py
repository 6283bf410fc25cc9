"""The network architectures: names and weight shapes; `models.networks` builds them.

Besides those of the recipes there are others of the same layers in other sizes, for imported
networks. Their name says all of them: "conv3x32-pool conv3x64-same-pool-norm dense128" has two
convolutions of 3x3, the second one padded and normalized, and a dense layer before the output.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
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

_BLOCK = re.compile(r"conv([1-9]\d?)x([1-9]\d{0,2})(-same)?(-pool)?(-norm)?", re.ASCII)
_DENSE = re.compile(r"dense([1-9]\d{0,3})", re.ASCII)
_NORMALIZED = "norm"
_LARGEST_KERNEL = 11
_MOST_BLOCKS = 12
_MOST_PARAMETERS = 8_000_000
_MOST_MULTIPLICATIONS = 400_000_000
_BATCH_MULTIPLICATIONS = 4_000_000_000


@dataclass(frozen=True, slots=True)
class Block:
    """A convolution with a square kernel, and what comes between it and its ReLU."""

    kernel: int
    maps: int
    is_padded: bool
    is_pooled: bool
    is_normalized: bool

    @property
    def name(self) -> str:
        """What stands for it in an architecture's name."""
        parts = {"-same": self.is_padded, "-pool": self.is_pooled, "-norm": self.is_normalized}
        return f"conv{self.kernel}x{self.maps}" + "".join(n for n, is_in in parts.items() if is_in)


@dataclass(frozen=True, slots=True)
class Plan:
    """The sizes of an architecture: its convolutions, and the units of its dense layer, 0 for none.

    `is_normalized` says that the image is normalized first.
    """

    blocks: tuple[Block, ...]
    hidden: int
    is_normalized: bool = False

    @property
    def name(self) -> str:
        """The name of the architecture."""
        first = [_NORMALIZED] if self.is_normalized else []
        last = [f"dense{self.hidden}"] if self.hidden else []
        return " ".join([*first, *(block.name for block in self.blocks), *last])


def find_architecture(name: str) -> Architecture | None:
    """Return the architecture of a name, of a recipe or of other sizes; None if there is none."""
    return ARCHITECTURES.get(name) or _planned(name)


@lru_cache(maxsize=64)
def find_plan(name: str) -> Plan | None:
    """Return the sizes that a name says; None for any other name."""
    words = name.split(" ")
    is_normalized = words[0] == _NORMALIZED
    hidden = _DENSE.fullmatch(words[-1])
    between = words[is_normalized : len(words) - (hidden is not None)]
    matches = [_BLOCK.fullmatch(word) for word in between]
    found = [match for match in matches if match]
    if len(found) < len(matches) or len(found) > _MOST_BLOCKS or not (found or hidden):
        return None
    blocks = tuple(
        Block(int(k), int(maps), *map(bool, rest))
        for k, maps, *rest in (match.groups() for match in found)
    )
    return Plan(blocks, int(hidden[1]) if hidden else 0, is_normalized)


@lru_cache(maxsize=64)
def _planned(name: str) -> Architecture | None:
    """Return the architecture of a plan; None for one that does not fit the image or is too large.

    A padded kernel is odd, as it is in the middle then.
    """
    plan = find_plan(name)
    if plan is None:
        return None
    side, maps, multiplications = IMAGE_SIDE, 1, 0
    shapes = _normalization(0, 1) if plan.is_normalized else {}
    for place, block in enumerate(plan.blocks, start=1):
        if block.kernel > _LARGEST_KERNEL or (block.is_padded and not block.kernel % 2):
            return None
        kernel = (block.kernel, block.kernel, maps, block.maps)
        side, maps = side if block.is_padded else side - block.kernel + 1, block.maps
        multiplications += side * side * prod(kernel)
        side = side // 2 if block.is_pooled else side
        if side < 1:
            return None
        shapes |= _normalized(place, kernel) if block.is_normalized else _convolution(place, kernel)
    features = side * side * maps
    if plan.hidden:
        shapes |= _dense("hidden", features, plan.hidden)
    shapes |= _dense("output", plan.hidden or features, CLASSES)
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
        return Plan(plan.blocks, plan.hidden, is_normalized=True).name
    return next(other for other, each in ARCHITECTURES.items() if each.variant_of == name)
