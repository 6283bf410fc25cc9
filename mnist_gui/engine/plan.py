"""The layers of an architecture of other sizes than the recipes', as its name says them.

A name is a word for each layer with a kernel, from the image to the ten numbers, which it leaves
out: "conv3x32-pool conv5x64-stride2-same-norm-tanh dense128". A word is the layer and then what
follows it, each after a hyphen and in its order:

    stride2, same       the convolution's own step and padding, as TensorFlow has it
    pool, avgpool       max or average pooling of 2x2; pool3 of 3x3, pool3by2 with a step of 2
    norm                batch normalization
    tanh, leaky0.3 ...  an activation. Where a word has none, ReLU comes last; linear is none.

A first word "norm" stands for a normalization of the image.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

NORMALIZATION, RELU, LINEAR, LEAKY = "norm", "relu", "linear", "leaky"
RISING_ACTIVATIONS = (RELU, "tanh", "sigmoid", "elu", "relu6", "selu", "softplus")
"""Activations that never fall as their input grows, so that max pooling may come before them."""
OTHER_ACTIVATIONS = ("silu", "gelu")

LARGEST_KERNEL = 11
MOST_BLOCKS = 12
MOST_DENSE = 6
_MOST_POOLINGS = 2
_LONGEST_NAME = 800

_CONVOLUTION = re.compile(r"conv([1-9]\d?)x([1-9]\d{0,2})(?:-stride([2-9]))?(-same)?", re.ASCII)
_DENSE = re.compile(r"dense([1-9]\d{0,3})", re.ASCII)
_POOLING = re.compile(r"(avg)?pool([1-9]\d?)?(?:by([1-9]\d?))?", re.ASCII)
_LEAKY = re.compile(rf"{LEAKY}(0\.\d{{0,5}}[1-9])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pooling:
    """Pooling over squares of `side`, each `step` from the next one."""

    side: int
    step: int
    is_average: bool = False

    @property
    def word(self) -> str:
        """What stands for it in an architecture's name."""
        name = "avgpool" if self.is_average else "pool"
        by = f"by{self.step}" if self.step != self.side else ""
        return f"{name}{self.side if self.side != 2 or by else ''}{by}"

    @property
    def is_possible(self) -> bool:
        """Whether it leaves nothing out, and no number is in more than nine squares."""
        return self.step <= self.side <= 3 * self.step

    def output_side(self, side: int) -> int:
        """Return the side of what it makes of an image of this side; 0 or less for nothing."""
        return (side - self.side) // self.step + 1


@lru_cache(maxsize=256)
def find_pooling(word: str) -> Pooling | None:
    """Return the pooling that a word stands for; None for another word."""
    match = _POOLING.fullmatch(word)
    if match is None:
        return None
    side = int(match[2] or 2)
    found = Pooling(side, int(match[3] or side), is_average=bool(match[1]))
    return found if found.word == word and found.is_possible else None


def leaky_slope(word: str) -> float:
    """Return the slope below 0 of a leaky ReLU; 0 for another word."""
    match = _LEAKY.fullmatch(word)
    return float(match[1]) if match else 0.0


def leaky_word(slope: float) -> str:
    """Return the word of a leaky ReLU of this slope, rounded to six decimals."""
    return f"{LEAKY}{f'{slope:.6f}'.rstrip('0')}"


def is_activation(word: str) -> bool:
    """Return whether a word stands for an activation."""
    return word in RISING_ACTIVATIONS + OTHER_ACTIVATIONS or bool(leaky_slope(word))


def is_rising(word: str) -> bool:
    """Return whether a word stands for an activation before which max pooling may come."""
    return word in RISING_ACTIVATIONS or bool(leaky_slope(word))


@dataclass(frozen=True, slots=True)
class Block(ABC):
    """A layer with a kernel and the words of what follows it; `steps` names ReLU, and no linear."""

    steps: tuple[str, ...] = (RELU,)

    @property
    @abstractmethod
    def name(self) -> str:
        """What stands for it in an architecture's name."""

    @property
    def is_normalized(self) -> bool:
        """Whether a normalization follows."""
        return NORMALIZATION in self.steps

    @property
    def has_bias(self) -> bool:
        """Whether it has biases: one right before a normalization would change nothing."""
        before = self.steps[: self.steps.index(NORMALIZATION)] if self.is_normalized else ()
        return not self.is_normalized or any(map(is_activation, before))

    @property
    def poolings(self) -> tuple[Pooling, ...]:
        """The poolings that follow."""
        return tuple(found for found in map(find_pooling, self.steps) if found)

    @property
    def _ending(self) -> str:
        steps = list(self.steps)
        if not any(map(is_activation, steps)):
            steps.append(LINEAR)
        elif steps[-1] == RELU:
            steps.pop()
        return "".join(f"-{step}" for step in steps)


def same_margins(side: int, kernel: int, stride: int) -> tuple[int, int]:
    """Return how many zeros TensorFlow puts before and after each row and column of an image.

    With a stride there may be more after it than before it.
    """
    size = -(-side // stride)
    lacking = max((size - 1) * stride + kernel - side, 0)
    return lacking // 2, lacking - lacking // 2


@dataclass(frozen=True, slots=True)
class Convolution(Block):
    """A convolution with a square kernel."""

    kernel: int = 1
    maps: int = 1
    stride: int = 1
    is_padded: bool = False

    @property
    def name(self) -> str:
        """What stands for it in an architecture's name."""
        stride = f"-stride{self.stride}" if self.stride > 1 else ""
        padding = "-same" if self.is_padded else ""
        return f"conv{self.kernel}x{self.maps}{stride}{padding}{self._ending}"

    def convolved_side(self, side: int) -> int:
        """Return the side of its output for an image of this side; 0 or less for none."""
        if self.is_padded:
            return -(-side // self.stride)
        return (side - self.kernel) // self.stride + 1

    def output_side(self, side: int) -> int:
        """Return the side of what is left after its poolings; 0 or less for nothing."""
        side = self.convolved_side(side)
        for pooling in self.poolings:
            side = pooling.output_side(side)
        return side


@dataclass(frozen=True, slots=True)
class Dense(Block):
    """A dense layer before the output."""

    units: int = 1

    @property
    def name(self) -> str:
        """What stands for it in an architecture's name."""
        return f"dense{self.units}{self._ending}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The layers of an architecture: its convolutions, then its dense layers but for the output.

    `is_normalized` says that the image is normalized first.
    """

    convolutions: tuple[Convolution, ...]
    dense: tuple[Dense, ...] = ()
    is_normalized: bool = False

    @property
    def name(self) -> str:
        """The name of the architecture."""
        first = [NORMALIZATION] if self.is_normalized else []
        return " ".join([*first, *(each.name for each in (*self.convolutions, *self.dense))])

    def with_activation(self, word: str) -> "Plan":
        """Return the same layers with another activation in place of ReLU."""

        def changed(steps: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(word if step == RELU else step for step in steps)

        return replace(
            self,
            convolutions=tuple(replace(b, steps=changed(b.steps)) for b in self.convolutions),
            dense=tuple(replace(b, steps=changed(b.steps)) for b in self.dense),
        )

    def named_blocks(self) -> Iterator[tuple[str, str, Block]]:
        """Yield the name of each block's weights, of those of its normalization, and the block.

        Convolutions are numbered, and so are dense layers where there are several.
        """
        for place, convolution in enumerate(self.convolutions, start=1):
            yield f"convolution_{place}", f"normalization_{place}", convolution
        for number, dense in enumerate(self.dense, start=1):
            name = f"hidden_{number}" if len(self.dense) > 1 else "hidden"
            yield name, f"normalization_{len(self.convolutions) + number}", dense


# The architectures of the recipes as plans; their names say the same layers in fewer words.
_OF_RECIPES: Mapping[str, str] = MappingProxyType(
    {
        "softmax": "",
        "cnn": "conv5x32-same-pool conv5x64-same-pool dense1024",
        "cnn-normalized": "norm conv5x32-same-pool conv5x64-same-pool dense1024",
        "cnn-lean": "conv5x16-pool-norm conv3x32-pool-norm dense64",
        "cnn-deep": "conv5x32-pool-norm conv3x64-same-norm conv3x64-pool-norm conv3x128-norm",
    }
)


def plan_name(architecture: str) -> str:
    """Return the name that says an architecture's layers: another one for those of recipes."""
    return _OF_RECIPES.get(architecture, architecture)


def usual_name(name: str) -> str:
    """Return the recipes' name of the architecture with these layers, if they have one."""
    return next((usual for usual, each in _OF_RECIPES.items() if each == name), name)


@lru_cache(maxsize=64)
def find_plan(name: str) -> Plan | None:
    """Return the layers that a name says; None for any other name."""
    if len(name) > _LONGEST_NAME:
        return None
    first, *_ = words = name.split(" ")
    is_normalized = first == NORMALIZATION
    convolutions: list[Convolution] = []
    dense: list[Dense] = []
    for word in words[is_normalized:]:
        found = _convolution(word) or _dense(word)
        if isinstance(found, Convolution) and not dense:
            convolutions.append(found)
        elif isinstance(found, Dense):
            dense.append(found)
        else:
            return None
    plan = Plan(tuple(convolutions), tuple(dense), is_normalized)
    # There is one name for the same layers.
    return plan if (convolutions or dense) and plan.name == name else None


def _convolution(word: str) -> Convolution | None:
    match = _CONVOLUTION.match(word)
    steps = _steps(word[match.end() :]) if match else None
    if match is None or steps is None:
        return None
    kernel, maps, stride = (int(each or 1) for each in match.groups()[:3])
    return Convolution(steps, kernel, maps, stride, is_padded=bool(match[4]))


def _dense(word: str) -> Dense | None:
    match = _DENSE.match(word)
    steps = _steps(word[match.end() :]) if match else None
    if match is None or steps is None or any(map(find_pooling, steps)):
        return None
    return Dense(steps, int(match[1]))


def _steps(text: str) -> tuple[str, ...] | None:
    """Return the words of what follows a layer; None where one of them is none."""
    if text and not text.startswith("-"):
        return None
    steps = text.split("-")[1:]
    if not any(is_activation(each) or each == LINEAR for each in steps):
        steps.append(RELU)
    found = tuple(each for each in steps if each != LINEAR)
    return found if can_follow(found) else None


def can_follow(steps: tuple[str, ...]) -> bool:
    """Return whether these words can follow a layer: none of a kind more often than it may."""
    activations, poolings = sum(map(is_activation, steps)), len(list(filter(find_pooling, steps)))
    normalizations = steps.count(NORMALIZATION)
    is_bounded = activations < 2 and normalizations < 2 and poolings <= _MOST_POOLINGS
    return is_bounded and activations + normalizations + poolings == len(steps)
