"""PyTorch's weights in a safetensors file, read as data.

The format: https://github.com/huggingface/safetensors; decision 3 says why it is read by own code.
"""

import os
from io import BufferedReader
from math import prod
from typing import Annotated, TypeAlias

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.exchange.foreign_arrays import Arrays, as_float32, check_name, check_shape
from mnist_gui.engine.exchange.foreign_layers import with_epsilon
from mnist_gui.engine.exchange.hdf5_process import MOST_ARRAY_BYTES, MOST_ARRAYS
from mnist_gui.engine.io.archive import decode

_LENGTH_BYTES = 8
_MOST_HEADER_BYTES = 256 << 10
_METADATA = "__metadata__"
_OURS = "network"
_FLOATS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_WHOLE = {"I64": 8, "I32": 4, "U8": 1, "BOOL": 1}
# What PyTorch adds to a variance, unless told otherwise.
_EPSILON = 1e-5

_Size: TypeAlias = Annotated[int, Meta(ge=0, le=MOST_ARRAY_BYTES)]
_Arrays: TypeAlias = dict[str, NDArray[np.float32]]


class _Entry(msgspec.Struct):
    dtype: str
    shape: Annotated[list[_Size], Meta(max_length=8)]
    data_offsets: tuple[_Size, _Size]


def read_safetensors(file: BufferedReader) -> Arrays | None:
    """Return the arrays of floats in a file, as float32; None for a file that is none, or ours.

    Raises FileFormatError, and OSError.
    """
    file.seek(0)
    length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
    size = os.fstat(file.fileno()).st_size - _LENGTH_BYTES - length
    if length > _MOST_HEADER_BYTES or size < 0:
        return None
    try:
        parts = decode(file.read(length), dict[str, msgspec.Raw], "header")
        metadata = decode(bytes(parts.pop(_METADATA, b"{}")), dict[str, str], "header")
    except FileFormatError:
        return None
    if _OURS in metadata:
        return None
    if size > MOST_ARRAY_BYTES or len(parts) > MOST_ARRAYS:
        raise FileFormatError("arrays-too-large")
    data = file.read(size)
    arrays = {}
    for name, part in parts.items():
        check_name(name)
        entry = decode(bytes(part), _Entry, "header")
        if entry.dtype not in _WHOLE:
            arrays[name] = _array(name, entry, data)
    return arrays


def _array(name: str, entry: _Entry, data: bytes) -> NDArray[np.float32]:
    if entry.dtype not in _FLOATS:
        raise FileFormatError("array-not-of-floats")
    check_shape(entry.shape)
    kind = np.dtype(_FLOATS[entry.dtype])
    start, end = entry.data_offsets
    if not start <= end <= len(data) or end - start != prod(entry.shape) * kind.itemsize:
        raise FileFormatError("array-size", name=name)
    values = np.frombuffer(data[start:end], kind).reshape(entry.shape)
    if entry.dtype == "BF16":
        # The upper half of a float32.
        values = (values.astype(np.uint32) << 16).view(np.float32)
    return as_float32(name, values)


def from_torch(given: Arrays) -> tuple[Arrays, None, bool]:
    """Return arrays by layer and part as Keras has them, no layers, and whether maps come first.

    PyTorch's kernels are (out, in) or (out, in, height, width), Keras' the other way round. Arrays
    that are not named as PyTorch names them stay as they are.
    """
    arrays = {name.replace(".", "/"): array for name, array in given.items()}
    layers: dict[str, Arrays] = {}
    for name, array in arrays.items():
        layer, _, part = name.rpartition("/")
        layers.setdefault(layer, {})[part] = array
    if not any("weight" in parts for parts in layers.values()):
        return arrays, None, False
    changed = {layer: _layer(parts) for layer, parts in layers.items()}
    return (
        {f"{n}/{part}": a for n, parts in changed.items() for part, a in parts.items()},
        None,
        True,
    )


def _layer(parts: Arrays) -> Arrays:
    if "running_mean" in parts and "running_var" in parts:
        return _normalization(parts)
    weight = parts.get("weight")
    if weight is None or weight.ndim not in (2, 4):
        return parts
    order = (1, 0) if weight.ndim == 2 else (2, 3, 1, 0)
    kernel = {"kernel": np.ascontiguousarray(weight.transpose(order))}
    return kernel | {part: array for part, array in parts.items() if part != "weight"}


def _normalization(parts: Arrays) -> Arrays:
    mean, variance = parts["running_mean"], parts["running_var"]
    gamma = parts.get("weight", np.ones_like(mean))
    if not mean.shape == variance.shape == gamma.shape:
        return parts
    return {
        "gamma": with_epsilon(gamma, variance, _EPSILON),
        "beta": parts.get("bias", np.zeros_like(mean)),
        "moving_mean": mean,
        "moving_variance": variance,
    }
