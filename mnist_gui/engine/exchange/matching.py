"""Finds the architecture of ours that foreign arrays fit, by their names and shapes."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architecture import ARCHITECTURES, Architecture
from mnist_gui.engine.files.array_archive import UnusableError

Arrays: TypeAlias = Mapping[str, NDArray[np.float32]]
Shapes: TypeAlias = tuple[tuple[int, ...], ...]

# The order in which a layer's weights are counted where they are not named.
_PARTS = ("kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance")


def match(arrays: Arrays) -> tuple[Architecture, dict[str, NDArray[np.float32]]]:
    """Return the one architecture that the arrays fit, and its weights by its own names.

    Arrays fit by their names, or in their natural order by their shapes, or layer by layer: an
    array belongs to the layer that the rest of its name tells. Raises UnusableError.
    """
    for architecture in ARCHITECTURES.values():
        weights = (
            _by_names(arrays, architecture)
            or _in_order(arrays, architecture)
            or _by_layers(arrays, architecture)
        )
        if weights:
            return architecture, weights
    found = ", ".join("x".join(map(str, array.shape)) for array in arrays.values())
    raise UnusableError(
        f"its arrays fit none of the networks here, {', '.join(ARCHITECTURES)} "
        f"(they are {found[:120] or 'missing'})"
    )


def _by_names(arrays: Arrays, architecture: Architecture) -> dict[str, NDArray[np.float32]] | None:
    shapes = {name: array.shape for name, array in arrays.items()}
    wanted = architecture.weight_shapes
    return {name: arrays[name] for name in wanted} if shapes == dict(wanted) else None


def _in_order(arrays: Arrays, architecture: Architecture) -> dict[str, NDArray[np.float32]] | None:
    """Take arrays that are numbered and nothing else, such as `arr_0`."""
    names = sorted(arrays, key=_natural)
    if any(_split(name)[0] for name in names):
        return None
    wanted = architecture.weight_shapes
    if [arrays[name].shape for name in names] != list(wanted.values()):
        return None
    return {own: arrays[name] for own, name in zip(wanted, names, strict=True)}


def _by_layers(arrays: Arrays, architecture: Architecture) -> dict[str, NDArray[np.float32]] | None:
    """Give each layer of ours the next one of theirs, in natural order, whose shapes are its."""
    theirs = _by_shapes(_layers(list(arrays)), {name: a.shape for name, a in arrays.items()})
    ours = _by_shapes(_layers(list(architecture.weight_shapes)), architecture.weight_shapes)
    if {shapes: len(layers) for shapes, layers in theirs.items()} != {
        shapes: len(layers) for shapes, layers in ours.items()
    }:
        return None
    found = {
        own: arrays[foreign]
        for shapes, layers in ours.items()
        for own_layer, foreign_layer in zip(layers, theirs[shapes], strict=True)
        for own, foreign in zip(own_layer, foreign_layer, strict=True)
    }
    return {name: found[name] for name in architecture.weight_shapes}


def _layers(names: Sequence[str]) -> list[list[str]]:
    """Return the names of each layer's arrays, in order, layer by layer in natural order."""
    layers: dict[str, list[str]] = {}
    for name in sorted(names, key=_natural):
        layers.setdefault(_split(name)[0], []).append(name)
    return [sorted(layer, key=_place) for layer in layers.values()]


def _by_shapes(
    layers: list[list[str]], shapes: Mapping[str, tuple[int, ...]]
) -> dict[Shapes, list[list[str]]]:
    alike: dict[Shapes, list[list[str]]] = {}
    for layer in layers:
        alike.setdefault(tuple(shapes[name] for name in layer), []).append(layer)
    return alike


def _split(name: str) -> tuple[str, str]:
    """Return the layer that an array's name tells, and which of its weights it is."""
    layer, _, part = name.rpartition("/")
    return layer, part


def _place(name: str) -> tuple[int, list[int | str]]:
    part = _split(name)[1].removesuffix(":0")
    return (_PARTS.index(part) if part in _PARTS else len(_PARTS), _natural(part))


def _natural(name: str) -> list[int | str]:
    """Sort numbers within names by their value: conv2d_2 comes before conv2d_10."""
    parts = re.split(r"(\d+)", name)
    return [int(part) if part.isdecimal() else part for part in parts]
