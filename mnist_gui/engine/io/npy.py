"""Arrays as files of NumPy: written whole, their header read without evaluating it."""

import re
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import FileFormatError

_MOST_BYTES = 256
# As NumPy writes it: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
_MAGIC = b"\x93NUMPY\x01\x00"
_DECLARATION = re.compile(
    r"\{'descr': '(?P<dtype>[<>|=\w]*)', 'fortran_order': (?P<fortran>True|False), "
    r"'shape': \((?P<shape>[-0-9, ]*)\), \} *\n",
    re.ASCII,
)


def write_npy(path: Path, array: NDArray[Any]) -> None:
    """Write an array to a file; raises OSError, where `numpy.save` may lose its end silently."""
    content = BytesIO()
    np.save(content, array)
    path.write_bytes(content.getbuffer())


def read_npy_header(stream: IO[bytes], name: str) -> tuple[str, bool, tuple[int, ...]]:
    """Return type, whether it is in Fortran's order, and shape of an array called `name`.

    The numbers follow in the stream. Raises FileFormatError, and what the stream raises.
    """
    start = stream.read(len(_MAGIC) + 2)
    header_bytes = int.from_bytes(start[len(_MAGIC) :], "little")
    if not start.startswith(_MAGIC) or header_bytes > _MOST_BYTES:
        raise FileFormatError("array-format", name=name)
    match = _DECLARATION.fullmatch(stream.read(header_bytes).decode("latin-1"))
    if not match:
        raise FileFormatError("array-format", name=name)
    shape = tuple(map(int, re.findall(r"-?\d+", match["shape"])))
    return match["dtype"], match["fortran"] == "True", shape
