"""The layers that another program's file describes, and the architecture that has them.

Layers are known by Keras' names, such as `Conv2D(5x5, same)` and `MaxPooling2D(2x2)`; activations
by the words of `plan`. What has no effect on a prediction, such as dropout, is left out.
"""

import re
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES, IMAGE_SIDE, find_architecture
from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.inside.forward import NORMALIZATION_EPSILON
from mnist_gui.engine.inside.layers import LayerKind, network_layers
from mnist_gui.engine.plan import (
    LARGEST_KERNEL,
    Block,
    Convolution,
    Dense,
    Plan,
    Pooling,
    can_follow,
    is_activation,
    is_rising,
    same_margins,
    usual_name,
)
from mnist_gui.engine.plan import NORMALIZATION as NORMALIZATION_WORD

Arrays: TypeAlias = dict[str, NDArray[np.float32]]

NORMALIZATION, DENSE, RESCALING = "BatchNormalization", "Dense", "Rescaling"
# What follows the ten numbers and leaves the largest of them the largest.
SIGMOID = "sigmoid"
_LAST = ("softmax", "log_softmax", SIGMOID)
_LONGEST_NAME = 60
_LONGEST_LIST = 300
# Sizes of at least 1 and of few digits: a file may have anything for a name.
_SIZE = r"([1-9]\d{0,2})"
_CONVOLUTION = re.compile(
    rf"Conv2D\({_SIZE}x{_SIZE}, (same|valid|pads=\[\d{{1,3}}(?:, \d{{1,3}}){{3}}\])"
    rf"(?:, strides={_SIZE})?\)",
    re.ASCII,
)
_POOLING = re.compile(
    rf"(Average|Max)Pooling2D\({_SIZE}x{_SIZE}(?:, strides={_SIZE})?(, same)?\)", re.ASCII
)
_WHOLE_POOLING = re.compile(r"Global(Average|Max)Pooling2D")


@dataclass(frozen=True, slots=True)
class ForeignLayer:
    """A layer by its name; a normalization has an `epsilon`, a rescaling `scale` and `offset`.

    `size` is how many maps or units a convolution or a dense layer has, 0 where it is not known.
    `path` has the user's names for the models that it is in and for itself, `numbered` their kinds
    with a number from the second on; both are empty where the file has neither.
    """

    name: str
    size: int = 0
    epsilon: float = float(NORMALIZATION_EPSILON)
    scale: float = 1.0
    offset: float = 0.0
    path: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """The architecture that has the layers of a file, and what is to be done to its weights.

    The images are first multiplied by `scale`, and `offset` is added. `epsilons` are those of the
    normalizations; `swapped` are the numbers of those that came before pooling in the file.
    """

    architecture: str
    scale: float = 1.0
    offset: float = 0.0
    epsilons: tuple[float, ...] = ()
    swapped: tuple[int, ...] = ()


def convolution_name(rows: int, columns: int, padding: str, *differences: str) -> str:
    """Return the name of a convolution; `differences` are what is not as usual, as text."""
    if rows == columns == 1 and padding == "same":
        # There is nothing to pad.
        padding = "valid"
    return f"Conv2D({', '.join((f'{rows}x{columns}', padding, *differences))})"


def last_normalization(layers: tuple[ForeignLayer, ...]) -> int | None:
    """Return the place of a normalization right after the last dense layer; None for none."""
    names = [layer.name for layer in layers]
    if names and names[-1] in _LAST:
        names.pop()
    return len(names) - 1 if names[-2:] == [DENSE, NORMALIZATION] else None


def described(layers: tuple[ForeignLayer, ...], *, is_swapping: bool = True) -> Description:
    """Return the architecture that has the layers of a file.

    `is_swapping` puts a normalization before max pooling behind it, as the recipes' networks have
    it. Raises FileFormatError, which names the first layer that no architecture has at its place.
    """
    scale, offset = 1.0, 0.0
    while layers and layers[0].name == RESCALING:
        first, *rest = layers
        scale, offset = scale * first.scale, offset * first.scale + first.offset
        layers = tuple(rest)
    if layers and layers[-1].name in _LAST:
        layers = layers[:-1]
    ordered, swapped = _in_our_order(layers, is_swapping=is_swapping)
    planner = _Planner()
    for layer in ordered:
        planner.add(layer)
    epsilons = tuple(layer.epsilon for layer in layers if layer.name == NORMALIZATION)
    return Description(planner.architecture(), scale, offset, epsilons, swapped)


def _is_largest(name: str) -> bool:
    """Return whether a layer takes the largest of some numbers."""
    return name.startswith(("MaxPooling2D", "GlobalMaxPooling2D"))


def _in_our_order(
    layers: tuple[ForeignLayer, ...], *, is_swapping: bool
) -> tuple[list[ForeignLayer], tuple[int, ...]]:
    """Put max pooling first, as architectures here have it; say before which normalizations.

    The largest of numbers stays the largest under an activation that rises, and under a
    normalization that multiplies by more than 0.
    """
    ordered: list[ForeignLayer] = []
    swapped: list[int] = []
    for layer in layers:
        place = len(ordered)
        while _is_largest(layer.name) and place:
            before = ordered[place - 1].name
            if not is_rising(before) and not (is_swapping and before == NORMALIZATION):
                break
            place -= 1
            if before == NORMALIZATION:
                swapped.append(sum(each.name == NORMALIZATION for each in ordered[:place]))
        ordered.insert(place, layer)
    return ordered, tuple(swapped)


@dataclass(slots=True)
class _Planner:
    """Puts the layers of a file into a plan, one after the other."""

    _is_normalized: bool = False
    _blocks: list[Block] = field(default_factory=list)
    _side: int = IMAGE_SIDE

    def add(self, layer: ForeignLayer) -> None:
        """Add a layer; raises FileFormatError for one that no architecture has there."""
        if layer.name == NORMALIZATION and not self._blocks and not self._is_normalized:
            self._is_normalized = True
            return
        if block := self._block(layer):
            self._blocks.append(block)
            if isinstance(block, Convolution):
                self._side = block.convolved_side(self._side)
            if self._side < 1:
                raise _other(layer)
            return
        word = self._word(layer.name)
        if not self._blocks or not word or not can_follow((*self._blocks[-1].steps, word)):
            raise _other(layer)
        self._blocks[-1] = replace(self._blocks[-1], steps=(*self._blocks[-1].steps, word))

    def architecture(self) -> str:
        """Return the name of the architecture; raises FileFormatError where there is none."""
        if not self._blocks or not isinstance(output := self._blocks.pop(), Dense):
            raise FileFormatError("layers-end")
        if output.units != CLASSES:
            raise FileFormatError("layers-end")
        if output.steps:
            *_, last = output.steps
            found = NORMALIZATION if last == NORMALIZATION_WORD else last
            raise FileFormatError("layers-after-end", found=found)
        convolutions = [each for each in self._blocks if isinstance(each, Convolution)]
        dense = [each for each in self._blocks if isinstance(each, Dense)]
        name = Plan(tuple(convolutions), tuple(dense), self._is_normalized).name
        found = usual_name(name)
        if find_architecture(found) is None:
            raise FileFormatError("layers-too-large", found=name[:_LONGEST_LIST])
        return found

    def _block(self, layer: ForeignLayer) -> Block | None:
        """Return a layer with a kernel; None for another one."""
        if layer.name == DENSE:
            return Dense((), layer.size)
        match = _CONVOLUTION.fullmatch(layer.name)
        if match is None or (self._blocks and isinstance(self._blocks[-1], Dense)):
            return None
        kernel, columns, stride = int(match[1]), int(match[2]), int(match[4] or 1)
        padding = match[3]
        if padding.startswith("pads"):
            # Rows and columns before the image, then those after it.
            pads = [int(each) for each in re.findall(r"\d+", padding)]
            before, after = same_margins(self._side, kernel, stride)
            padding = "same" if pads == [before, before, after, after] else ""
        if kernel != columns or not padding or not stride <= kernel <= LARGEST_KERNEL:
            return None
        return Convolution((), kernel, layer.size, stride, padding == "same")

    def _word(self, name: str) -> str:
        """Return what stands for a layer in a name; "" where nothing does."""
        if name == NORMALIZATION:
            return NORMALIZATION_WORD
        if is_activation(name):
            return name
        pooling = self._pooling(name)
        is_possible = self._blocks and isinstance(self._blocks[-1], Convolution)
        if pooling is None or not is_possible or pooling.output_side(self._side) < 1:
            return ""
        self._side = pooling.output_side(self._side)
        return pooling.word

    def _pooling(self, name: str) -> Pooling | None:
        if match := _WHOLE_POOLING.fullmatch(name):
            return Pooling(self._side, self._side, is_average=match[1] == "Average")
        match = _POOLING.fullmatch(name)
        if match is None or match[2] != match[3]:
            return None
        side = int(match[2])
        step = int(match[4] or side)
        found = Pooling(side, step, is_average=match[1] == "Average")
        is_even = side == step and not self._side % side
        is_read = found.is_possible and (is_even or not match[5])
        return found if is_read else None


def _other(layer: ForeignLayer) -> FileFormatError:
    found = "".join(filter(str.isprintable, layer.name))[:_LONGEST_NAME]
    return FileFormatError("layer-other", found=found)


def agreed_weights(description: Description, weights: Arrays) -> Arrays | None:
    """Return the weights with which an architecture's normalizations compute as the file's did.

    None where one that was put behind pooling turns some maps round: it would see other numbers.
    """
    layers = network_layers(description.architecture)
    names = [layer.weights for layer in layers if layer.kind is LayerKind.NORMALIZATION]
    changed = dict(weights)
    for number, (name, epsilon) in enumerate(zip(names, description.epsilons, strict=True)):
        gamma = weights[f"{name}/gamma"]
        if number in description.swapped and (gamma < 0).any():
            return None
        changed[f"{name}/gamma"] = with_epsilon(gamma, weights[f"{name}/moving_variance"], epsilon)
    return changed


def with_epsilon(
    gamma: NDArray[np.float32], variance: NDArray[np.float32], epsilon: float
) -> NDArray[np.float32]:
    """Return the gamma that makes up for another number that is added to the variance."""
    ours = float(NORMALIZATION_EPSILON)
    if np.float32(epsilon) == NORMALIZATION_EPSILON:
        return gamma
    wide = variance.astype(np.float64)
    with np.errstate(all="ignore"):
        changed = gamma * np.sqrt((wide + ours) / (wide + epsilon))
    return changed.astype(np.float32)
