"""Arrays from files of other programs, matched to an architecture of this one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import (
    ARCHITECTURES,
    CLASSES,
    IMAGE_SIDE,
    Architecture,
    find_architecture,
)
from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.exchange.hdf5_process import MOST_ARRAY_BYTES
from mnist_gui.engine.inside.forward import NORMALIZATION_EPSILON
from mnist_gui.engine.inside.layers import LayerKind, network_layers, normalization_after
from mnist_gui.engine.io.archive import check_finite

Arrays: TypeAlias = dict[str, NDArray[np.float32]]
_Shape: TypeAlias = tuple[int, ...]

# The order of a layer's weights.
_PARTS = ("kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance")
_LONGEST_NAME = 200


def as_float32(name: str, values: NDArray[Any]) -> NDArray[np.float32]:
    """Return the values as float32; raises FileFormatError if they are not finite."""
    with np.errstate(over="ignore"):
        array = np.ascontiguousarray(values, np.float32)
    check_finite(name, array)
    return array


def check_shape(shape: Sequence[int]) -> None:
    """Raise FileFormatError for a shape of no array here, also one of none because of a 0."""
    if any(side < 0 for side in shape) or prod(max(side, 1) for side in shape) > MOST_ARRAY_BYTES:
        raise FileFormatError("arrays-too-large")


def check_name(name: str) -> None:
    """Raise FileFormatError for an array's name that cannot be shown."""
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise FileFormatError("array-unnamed")


def match(arrays: Arrays) -> tuple[str, Arrays]:
    """Return the architecture of the recipes that the arrays fit, and them by its own names.

    Arrays fit by their names, by their shapes in natural order, or layer by layer, where the name
    before the last "/" is the layer's. Convolutions may have a bias more, or one in place of a
    normalization, than the architecture has. Dense layers in a row may be of any size. Raises
    FileFormatError.
    """
    for given in (arrays, *_completed(arrays)):
        for architecture, fit in product(ARCHITECTURES.values(), _FITS):
            if weights := fit(given, architecture):
                return architecture.name, weights
    row = find_architecture(_dense_row(arrays))
    if row is not None:
        return row.name, match_one(arrays, row)
    raise _fit_none(arrays, list(ARCHITECTURES))


def _dense_row(arrays: Arrays) -> str:
    """Return the name of the dense layers that fit onto one another, as "dense128 dense64"."""
    kernels = [arrays[name].shape for name in sorted(arrays, key=_natural) if arrays[name].ndim > 1]
    sizes = [IMAGE_SIDE * IMAGE_SIDE]
    while fitting := next((shape for shape in kernels if shape[:-1] == (sizes[-1],)), None):
        kernels.remove(fitting)
        sizes.append(fitting[-1])
    is_row = not kernels and sizes[-1] == CLASSES
    return " ".join(f"dense{size}" for size in sizes[1:-1]) if is_row else ""


def match_one(arrays: Arrays, architecture: Architecture) -> Arrays:
    """Return the arrays by the names of the architecture whose layers the file describes.

    They may have more biases than the architecture, or fewer. Raises FileFormatError.
    """
    for fit in (*_FITS, _by_kinds):
        if weights := fit(arrays, architecture):
            return weights
    raise _fit_none(arrays, [architecture.name])


def _fit_none(arrays: Arrays, networks: list[str]) -> FileFormatError:
    if not arrays:
        return FileFormatError("no-arrays")
    found = ", ".join("x".join(map(str, array.shape)) for array in arrays.values())
    return FileFormatError("arrays-fit-none", networks=networks, found=found[:120])


def with_maps_last(name: str, weights: Arrays) -> Arrays:
    """Return weights whose first dense layer gets the maps of each place together, as ours do.

    In the given ones it gets the places of each map together.
    """
    layers = network_layers(name)
    place = next(i for i, layer in enumerate(layers) if layer.kind is LayerKind.FLATTEN)
    kernel = f"{layers[place + 1].weights}/kernel"
    rows, columns, maps = layers[place].inputs
    turned = weights[kernel].reshape(maps, rows, columns, -1).transpose(1, 2, 0, 3)
    return weights | {kernel: np.ascontiguousarray(turned).reshape(weights[kernel].shape)}


def without_normalization(arrays: Arrays, place: int, epsilon: float) -> Arrays:
    """Return a network whose dense layer does what the normalization at a place does after it.

    The arrays are named by the places of their layers, as "5/kernel". Raises FileFormatError.
    """
    layer, after = (
        sorted((name for name in arrays if name.startswith(f"{each}/")), key=_place)
        for each in (place - 1, place)
    )
    shapes = [arrays[name].shape for name in (*layer, *after)]
    is_read = len(after) == 4 and len(layer) in (1, 2) and len(shapes[0]) == 2
    if not is_read or any(shape != shapes[0][1:] for shape in shapes[1:]):
        raise FileFormatError("layers-after-end", found="BatchNormalization")
    kernel, *biases = (arrays[name].astype(np.float64) for name in layer)
    gamma, beta, mean, variance = (arrays[name].astype(np.float64) for name in after)
    with np.errstate(all="ignore"):
        scale = gamma / np.sqrt(variance + epsilon)
        changed = {"kernel": kernel * scale, "bias": (sum(biases) - mean) * scale + beta}
        folded = {f"{place - 1}/{part}": a.astype(np.float32) for part, a in changed.items()}
    return {name: a for name, a in arrays.items() if name not in (*layer, *after)} | folded


def _completed(arrays: Arrays) -> Iterator[Arrays]:
    """Yield the same network with a normalization after each convolution in place of its bias."""
    groups = _layers({name: array.shape for name, array in arrays.items()}).values()
    layers = sorted(
        (names for alike in groups for names in alike), key=lambda names: _natural(names[0])
    )
    convolutions = [names for names in layers if arrays[names[0]].ndim == 4]
    normalizations = [
        names for names in layers if len(names) == 4 and all(arrays[n].ndim == 1 for n in names)
    ]
    if len(normalizations) == len(convolutions):
        after = dict(zip(map(tuple, convolutions), normalizations, strict=True))
    else:
        after = {
            tuple(names): next_names
            for names, next_names in pairwise(layers)
            if names in convolutions and next_names in normalizations
        }
    if not convolutions or len(after) < len(normalizations):
        return
    changed = dict(arrays)
    for names in convolutions:
        parts = _normalization([changed.pop(n) for n in after.get(tuple(names), ())], arrays, names)
        if parts is None:
            return
        if len(names) > 1:
            del changed[names[1]]
        layer = f"{names[0].rpartition('/')[0]}-normalization"
        changed |= {f"{layer}/{part}": a for part, a in zip(_PARTS[2:], parts, strict=True)}
    yield changed


def _normalization(
    given: list[NDArray[np.float32]], arrays: Arrays, convolution: list[str]
) -> list[NDArray[np.float32]] | None:
    """Return gamma, beta, mean and variance of a normalization that also adds a bias.

    It is the given one, or one that changes nothing; None where they do not fit.
    """
    kernel, *biases = (arrays[name] for name in convolution)
    maps = kernel.shape[-1]
    ones, zeros = np.ones(maps, np.float32), np.zeros(maps, np.float32)
    gamma, beta, mean, variance = given or [ones, zeros, zeros, ones - NORMALIZATION_EPSILON]
    bias = biases[0] if biases else zeros
    if len(biases) > 1 or mean.shape != bias.shape:
        return None
    with np.errstate(over="ignore"):
        return [gamma, beta, mean - bias, variance]


def _by_names(arrays: Arrays, architecture: Architecture) -> Arrays | None:
    shapes = {name: array.shape for name, array in arrays.items()}
    wanted = architecture.weight_shapes
    return {name: arrays[name] for name in wanted} if shapes == dict(wanted) else None


def _in_order(arrays: Arrays, architecture: Architecture) -> Arrays | None:
    """Match arrays whose names are numbered only, such as `arr_0`."""
    names = sorted(arrays, key=_natural)
    if any(name.rpartition("/")[0] for name in names):
        return None
    wanted = architecture.weight_shapes
    if [arrays[name].shape for name in names] != list(wanted.values()):
        return None
    return {own: arrays[name] for own, name in zip(wanted, names, strict=True)}


def _by_layers(arrays: Arrays, architecture: Architecture) -> Arrays | None:
    """Match each layer with the next one, in natural order, whose arrays have its shapes."""
    theirs = _layers({name: array.shape for name, array in arrays.items()})
    ours = _layers(architecture.weight_shapes)
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


_FITS = (_by_names, _in_order, _by_layers)


def _by_kinds(arrays: Arrays, architecture: Architecture) -> Arrays | None:
    """Match kernels with kernels of their shape, and normalizations likewise, in natural order.

    Biases that the architecture lacks go into its normalizations; those that are lacking are 0.
    """
    of_shape = _by_first_shape(arrays)
    if of_shape is None:
        return None
    wanted = architecture.weight_shapes
    found: Arrays = {}
    for layer in dict.fromkeys(name.rpartition("/")[0] for name in wanted):
        parts = _PARTS[:2] if f"{layer}/kernel" in wanted else _PARTS[2:]
        alike = of_shape.get(wanted[f"{layer}/{parts[0]}"])
        if not alike:
            return None
        found |= {
            f"{layer}/{part}": arrays[name] for part, name in zip(parts, alike.pop(0), strict=False)
        }
    return None if any(of_shape.values()) else _with_wanted_biases(found, architecture)


def _by_first_shape(arrays: Arrays) -> dict[_Shape, list[list[str]]] | None:
    """Return the names of each layer's arrays by the shape of the first, in natural order.

    None unless each is a kernel, perhaps with a bias, or a normalization.
    """
    found: dict[_Shape, list[list[str]]] = {}
    for shapes, layers in _layers({name: a.shape for name, a in arrays.items()}).items():
        first, *others = shapes
        is_normalization = len(first) == 1 and others == [first] * 3
        has_kernel = len(first) in (2, 4) and others in ([], [first[-1:]])
        if not is_normalization and not has_kernel:
            return None
        found.setdefault(first, []).extend(layers)
    for layers in found.values():
        layers.sort(key=lambda names: _natural(names[0]))
    return found


def _with_wanted_biases(given: Arrays, architecture: Architecture) -> Arrays:
    """Return the arrays of the architecture's names, with biases as it has them."""
    wanted, layers = architecture.weight_shapes, network_layers(architecture.name)
    found = dict(given)
    for name in given.keys() - wanted.keys():
        mean = f"{normalization_after(layers, name.partition('/')[0])}/moving_mean"
        with np.errstate(over="ignore"):
            found[mean] = found[mean] - found[name]
    lacking = {name: np.zeros(shape, np.float32) for name, shape in wanted.items()}
    return {name: found.get(name, lacking[name]) for name in wanted}


def _layers(shapes: Mapping[str, _Shape]) -> dict[tuple[_Shape, ...], list[list[str]]]:
    """Return the names of each layer's arrays by their shapes; like layers in natural order."""
    layers: dict[str, list[str]] = {}
    for name in sorted(shapes, key=_natural):
        layers.setdefault(name.rpartition("/")[0], []).append(name)
    alike: dict[tuple[_Shape, ...], list[list[str]]] = {}
    for names in layers.values():
        names.sort(key=_place)
        alike.setdefault(tuple(shapes[name] for name in names), []).append(names)
    return alike


def _place(name: str) -> tuple[int, list[int | str]]:
    part = name.rpartition("/")[2].removesuffix(":0")
    return (_PARTS.index(part) if part in _PARTS else len(_PARTS), _natural(part))


def _natural(name: str) -> list[int | str]:
    """Return a sorting key that puts conv2d_2 before conv2d_10."""
    parts = re.split(r"(\d+)", name)
    return [int(part) if part.isdecimal() else part for part in parts]
