"""What kind of file may hold a network, by how the file begins."""

import re
from enum import Enum, auto

START_BYTES = 600
"""How many bytes of a file's beginning tell its kind."""


class FileKind(Enum):
    """A kind of file."""

    HDF5 = auto()
    ONNX = auto()
    PICKLE = auto()
    SAFETENSORS = auto()
    """A network of ours, or arrays of another program."""
    TFLITE = auto()
    TORCH = auto()
    """A pickle by PyTorch, in a zip file or as older versions wrote it."""
    ZIP = auto()
    UNKNOWN = auto()


# The first that fits counts.
_BEGINNINGS = (
    (rb"\x89HDF\r\n\x1a\n", FileKind.HDF5),
    (rb".{8}\{", FileKind.SAFETENSORS),
    # The name of the first part, which is always this one.
    (rb"PK\x03\x04.{26}[^/\x00]+/data\.pkl", FileKind.TORCH),
    (rb"PK", FileKind.ZIP),
    # A number that torch.save wrote first until version 1.6.
    (rb"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", FileKind.TORCH),
    # The protocol, and then an instruction, none of which is 0.
    (rb"\x80[\x02-\x05][^\x00]", FileKind.PICKLE),
    (rb".{4}TFL3", FileKind.TFLITE),
    # Its version, and then the producer, the graph or the sets of operators.
    (rb"\x08[\x01-\x20][\x12\x3a\x42]", FileKind.ONNX),
)


def file_kind(start: bytes) -> FileKind:
    """Return what a file that begins with these bytes may be."""
    fitting = (kind for form, kind in _BEGINNINGS if re.match(form, start, re.DOTALL))
    return next(fitting, FileKind.UNKNOWN)
