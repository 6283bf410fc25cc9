"""Reads the arrays in a foreign HDF5 file by way of a process of its own."""

import json
import os
import subprocess
import sys
from math import prod
from tempfile import TemporaryFile
from threading import Timer
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.exchange.fresh_process import module_command
from mnist_gui.engine.exchange.hdf5_process import MOST_ARRAY_BYTES, MOST_ARRAYS
from mnist_gui.engine.files.array_archive import UnusableError, as_float32, check_name

_LONGEST_SECONDS = 60
_MOST_HEADER_BYTES = 256 << 10
_MOST_OUTPUT_BYTES = _MOST_HEADER_BYTES + MOST_ARRAY_BYTES


def read_hdf5(content: bytes) -> dict[str, NDArray[np.float32]]:
    """Return the arrays by their paths in the file, finite; raises UnusableError, OSError."""
    with TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        process = subprocess.Popen(
            [sys.executable, *module_command("mnist_gui.engine.exchange.hdf5_process")],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        with process:
            output = _output(process)
    if process.returncode:
        raise UnusableError("it is damaged so badly that it could not be read")
    return _parsed(output)


def _output(process: "subprocess.Popen[bytes]") -> bytes:
    """Return what the process says, neither waiting nor listening for ever."""
    assert process.stdout
    clock = Timer(_LONGEST_SECONDS, process.kill)
    clock.start()
    try:
        output = process.stdout.read(_MOST_OUTPUT_BYTES + 1)
        if len(output) > _MOST_OUTPUT_BYTES:
            process.kill()
        process.wait()
    finally:
        clock.cancel()
    return output


def _environment() -> dict[str, str]:
    return os.environ | {
        # One thread takes little of the address space that is allowed.
        "OPENBLAS_NUM_THREADS": "1",
        # A filter could be any library in this folder.
        "HDF5_PLUGIN_PRELOAD": "::",
    }


def _parsed(output: bytes) -> dict[str, NDArray[np.float32]]:
    """Read what the process wrote, which by then might be the file's own making."""
    end = output.find(b"\n", 0, _MOST_HEADER_BYTES)
    try:
        header = json.loads(output[:end]) if end >= 0 else None
    except (ValueError, RecursionError) as error:
        raise UnusableError("it could not be read") from error
    if not isinstance(header, dict):
        raise UnusableError("it could not be read")
    if "problem" in header:
        raise UnusableError("".join(filter(str.isprintable, str(header["problem"])))[:200])
    return _arrays(header.get("arrays"), memoryview(output)[end + 1 :])


def _arrays(listed: Any, values: memoryview) -> dict[str, NDArray[np.float32]]:
    try:
        shapes = {str(name): tuple(map(int, shape)) for name, shape in listed}
    except (TypeError, ValueError, OverflowError) as error:
        raise UnusableError("it could not be read") from error
    sizes = [4 * prod(shape) for shape in shapes.values()]
    # A side may be far too long, or negative, where another one is nothing.
    sides = [side for shape in shapes.values() for side in shape]
    if len(sizes) > MOST_ARRAYS or any(not 0 <= n <= MOST_ARRAY_BYTES for n in (*sizes, *sides)):
        raise UnusableError("its arrays are far larger than a network's")
    if sum(sizes) != len(values):
        raise UnusableError("it could not be read")
    arrays, start = {}, 0
    for (name, shape), size in zip(shapes.items(), sizes, strict=True):
        check_name(name)
        given = np.frombuffer(values[start : start + size], "<f4").reshape(shape)
        arrays[name] = as_float32(name, given)
        start += size
    return arrays
