"""The layers that another program's file describes, compared with those of an architecture.

Layers are known by Keras' names, such as `Conv2D(5x5, same)`, `MaxPooling2D(2x2)`, `relu`. What
has no effect on a prediction, such as dropout, is left out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES, Block, Plan
from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.inside.forward import NORMALIZATION_EPSILON
from mnist_gui.engine.inside.layers import Layer, LayerKind, network_layers

Arrays: TypeAlias = dict[str, NDArray[np.float32]]

NORMALIZATION, POOLING, RELU, DENSE = "BatchNormalization", "MaxPooling2D(2x2)", "relu", "Dense"
RESCALING = "Rescaling"
_LAST = ("softmax", "log_softmax", "linear")
_LONGEST_NAME = 60
_A_BLOCK = (
    r"Conv2D\(({0}\d+)x\d+, ({0}same|valid)\) "
    r"({0}MaxPooling2D\(2x2\) )?({0}BatchNormalization )?relu "
)
_BLOCK = re.compile(_A_BLOCK.format(""))
_OF_OTHER_SIZES = re.compile(
    rf"(?P<first>BatchNormalization )?(?P<blocks>(?:{_A_BLOCK.format('?:')})*)"
    r"(?P<hidden>Dense relu )?Dense"
)


@dataclass(frozen=True, slots=True)
class ForeignLayer:
    """A layer by its name; a normalization has an `epsilon`, a rescaling `scale` and `offset`.

    `size` is how many maps or units a convolution or a dense layer has, 0 where it is not known.
    """

    name: str
    size: int = 0
    epsilon: float = float(NORMALIZATION_EPSILON)
    scale: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is to be done to weights that fit an architecture, so that it computes as the file says.

    The images are first multiplied by `scale`, and `offset` is added. `epsilons` are those of the
    normalizations; `swapped` are the numbers of those that came before pooling in the file.
    """

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


def agreement(
    architecture: str, layers: tuple[ForeignLayer, ...], *, has_normalizations: bool = True
) -> Agreement:
    """Compare the layers of a file with those of an architecture.

    `has_normalizations` is whether all normalizations are of the file; if not, they are not
    compared. Raises FileFormatError, which names the first layer that is another one.
    """
    found = Agreement()
    while layers and layers[0].name == RESCALING:
        scale, offset = layers[0].scale, layers[0].offset
        found = replace(found, scale=found.scale * scale, offset=found.offset * scale + offset)
        layers = layers[1:]
    if layers and layers[-1].name in _LAST:
        layers = layers[:-1]
    names, swapped = _in_our_order([layer.name for layer in layers])
    wanted = [name for layer in network_layers(architecture) for name in _names(layer)]
    if not has_normalizations:
        names, wanted = _without_normalizations(names), _without_normalizations(wanted)
    longest = max(len(names), len(wanted))
    for theirs, ours in zip(_filled(names, longest), _filled(wanted, longest), strict=True):
        if theirs != ours:
            found_name = "".join(filter(str.isprintable, theirs))[:_LONGEST_NAME]
            raise FileFormatError(
                "layer-differs", network=architecture, found=found_name, wanted=ours
            )
    epsilons = tuple(layer.epsilon for layer in layers if layer.name == NORMALIZATION)
    if has_normalizations:
        return replace(found, epsilons=epsilons, swapped=swapped)
    if swapped:
        raise FileFormatError("normalization-before-pooling")
    return found


def _without_normalizations(names: list[str]) -> list[str]:
    return [name for name in names if name != NORMALIZATION]


def _filled(names: list[str], count: int) -> list[str]:
    return names + ["-"] * (count - len(names))


def _may_follow_pooling(name: str) -> bool:
    """Return whether a layer is a normalization or an activation, which Keras names in small."""
    return name == NORMALIZATION or name.islower()


def _in_our_order(names: list[str]) -> tuple[list[str], tuple[int, ...]]:
    """Put pooling first, as architectures here have it; say which normalizations it went before.

    The largest of numbers stays the largest under ReLU, and under a normalization that multiplies
    by more than 0. Other activations are put behind pooling only to be named in place of ReLU.
    """
    ordered: list[str] = []
    swapped: list[int] = []
    for name in names:
        place = len(ordered)
        while name == POOLING and place and _may_follow_pooling(ordered[place - 1]):
            place -= 1
            if ordered[place] == NORMALIZATION:
                swapped.append(ordered[:place].count(NORMALIZATION))
        ordered.insert(place, name)
    return ordered, tuple(swapped)


_NAMES: Mapping[LayerKind, list[str]] = MappingProxyType(
    {
        LayerKind.POOLING: [POOLING],
        LayerKind.NORMALIZATION: [NORMALIZATION],
        LayerKind.RELU: [RELU],
        LayerKind.HIDDEN: [DENSE, RELU],
        LayerKind.OUTPUT: [DENSE],
    }
)


def _names(layer: Layer) -> list[str]:
    if layer.kind is LayerKind.CONVOLUTION:
        padding = "same" if layer.is_padded else "valid"
        return [convolution_name(layer.kernel, layer.kernel, padding)]
    return _NAMES.get(layer.kind, [])


def agreed_weights(architecture: str, weights: Arrays, agreed: Agreement) -> Arrays:
    """Return the weights with which an architecture's normalizations compute as the file's did.

    Raises FileFormatError for one before pooling that turns some maps round.
    """
    kinds = network_layers(architecture)
    names = [layer.weights for layer in kinds if layer.kind is LayerKind.NORMALIZATION]
    changed = dict(weights)
    # There are none where the normalizations are not of the file.
    for number, (name, epsilon) in enumerate(zip(names, agreed.epsilons, strict=False)):
        gamma = weights[f"{name}/gamma"]
        if number in agreed.swapped and (gamma < 0).any():
            raise FileFormatError("normalization-before-pooling")
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


def described(layers: tuple[ForeignLayer, ...]) -> str:
    """Return the name of the architecture that has these layers; "" where none has."""
    sizes = [layer.size for layer in layers if layer.name.startswith((DENSE, "Conv2D("))]
    kept = [layer.name for layer in layers if layer.name != RESCALING]
    if kept and kept[-1] in _LAST:
        kept = kept[:-1]
    names, _ = _in_our_order(kept)
    # Two words for each layer with a size, and a name before them for a normalization.
    text = " ".join(names)
    match = _OF_OTHER_SIZES.fullmatch(text)
    if match is None or not sizes or sizes[-1] != CLASSES:
        return ""
    blocks = [
        Block(int(kernel), size, padding == "same", bool(pooled), bool(normalized))
        for (kernel, padding, pooled, normalized), size in zip(
            _BLOCK.findall(match["blocks"]), sizes, strict=False
        )
    ]
    hidden = sizes[-2] if match["hidden"] else 0
    return Plan(tuple(blocks), hidden, is_normalized=bool(match["first"])).name
