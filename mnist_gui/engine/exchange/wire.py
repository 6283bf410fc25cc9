"""Protocol Buffers' wire format, read within bounds: https://protobuf.dev/programming-guides/encoding.

The library takes a hundred bytes for each empty message of two, so that a file of 64 MiB could
take gigabytes. Here a message is a view of bytes; only what is asked for is looked at.
"""

import struct
from collections.abc import Iterator

from mnist_gui.engine.errors import FileFormatError

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_LONGEST_TEXT = 200
_LONGEST_VARINT = 10
_MOST_FIELDS = 20_000


class Message:
    """A message in some bytes, whose fields are read by their numbers.

    Each method raises FileFormatError for what is damaged or more than expected.
    """

    def __init__(self, content: bytes | memoryview) -> None:
        self._view = memoryview(content)

    def messages(self, number: int, most: int) -> Iterator["Message"]:
        """Yield the messages of a field that is repeated at most so often."""
        for count, (kind, value) in enumerate(self._fields(number)):
            if count >= most:
                raise FileFormatError("onnx-too-many-parts")
            if kind == _BYTES and isinstance(value, memoryview):
                yield Message(value)

    def texts(self, number: int, most: int) -> Iterator[str]:
        """Yield the texts of a field, each cut if it is far too long."""
        for each in self.messages(number, most):
            yield bytes(each._view[:_LONGEST_TEXT]).decode("utf-8", "replace")

    def text(self, number: int) -> str:
        """Return the text of a field, "" where there is none."""
        return next(self.texts(number, _MOST_FIELDS), "")

    def data(self, number: int) -> memoryview:
        """Return the bytes of a field; none where there is none."""
        found = next(self.messages(number, _MOST_FIELDS), None)
        return memoryview(b"") if found is None else found._view

    def number(self, number: int, usual: int) -> int:
        """Return the whole number of a field."""
        found = (value for _, value in self._fields(number) if isinstance(value, int))
        return next(found, usual)

    def float(self, number: int, usual: float) -> float:
        """Return the number of a field of single precision."""
        for kind, value in self._fields(number):
            if kind == _FIXED32 and isinstance(value, memoryview):
                unpacked: float = struct.unpack("<f", value)[0]
                return unpacked
        return usual

    def numbers(self, number: int, most: int) -> list[int]:
        """Return the whole numbers of a field, one by one or packed."""
        found: list[int] = []
        for _, value in self._fields(number):
            if isinstance(value, int):
                found.append(value)
            else:
                found += _packed(value, most)
            if len(found) > most:
                raise FileFormatError("onnx-too-many-parts")
        return found

    def _fields(self, wanted: int) -> Iterator[tuple[int, int | memoryview]]:
        """Yield the wire type and the value of each field of this number."""
        view, place = self._view, 0
        for _ in range(_MOST_FIELDS):
            if place >= len(view):
                return
            key, place = _varint(view, place)
            kind = key & 7
            value: int | memoryview
            if kind == _VARINT:
                value, place = _varint(view, place)
                # Negative numbers are written as their two's complement.
                value -= (1 << 64) if value >= 1 << 63 else 0
            else:
                size, place = _size(view, kind, place)
                value = view[place : place + size]
                place += size
            if key >> 3 == wanted:
                yield kind, value
        raise FileFormatError("onnx-too-many-parts")


def _size(view: memoryview, kind: int, place: int) -> tuple[int, int]:
    """Return how many bytes a value has, and where they begin."""
    if kind == _BYTES:
        size, place = _varint(view, place)
    elif kind in (_FIXED32, _FIXED64):
        size = 4 if kind == _FIXED32 else 8
    else:
        raise FileFormatError("file-damaged")
    if size > len(view) - place:
        raise FileFormatError("file-damaged")
    return size, place


def _varint(view: memoryview, place: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, the lowest first, and where it ends."""
    value = 0
    for shift, byte in enumerate(view[place : place + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            return value & ((1 << 64) - 1), place + shift + 1
    raise FileFormatError("file-damaged")


def _packed(view: memoryview, most: int) -> list[int]:
    found: list[int] = []
    place = 0
    while place < len(view):
        value, place = _varint(view, place)
        found.append(value - (1 << 64) if value >= 1 << 63 else value)
        if len(found) > most:
            raise FileFormatError("onnx-too-many-parts")
    return found
