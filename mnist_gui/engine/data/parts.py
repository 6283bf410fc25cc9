"""What readers fill: images as they come, the labels that they have, and the parts of a set."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES, IMAGE_SIDE
from mnist_gui.engine.errors import DatasetError

MOST_IMAGES = 1_000_000
"""So many images a part may have."""
# The largest are just so large, above 32 MiB, that the system gives their memory back as soon as
# they are let go: the smaller they are, the less of them is there twice or still empty.
_FIRST_BLOCK, _LARGEST_BLOCK = 1_024, 43_008
_MOST_NAMES = 1_000
_NAMES_SHOWN = 12
LABEL_NOTES = frozenset(("data-ten-is-zero", "data-labels-numbered"))
"""What there may be to say of labels that are not the digits they stand for."""
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(slots=True, eq=False)
class Part:
    """A part of a data set: images (n, 28, 28) uint8, and the codes (n,) uint16 of their labels.

    `path` is what messages call the files. `sha256` is that of the two IDX files it was read from.
    """

    path: str
    images: NDArray[np.uint8]
    codes: NDArray[np.uint16]
    sha256: tuple[str, str] | None = None

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(slots=True, eq=False)
class Reading:
    """The parts of a data set by their names, and what there is to know of how they were read."""

    parts: dict[str, Part] = field(default_factory=dict)
    notes: list[DatasetError] = field(default_factory=list)


class GrowingPart:
    """Images and their labels' codes, of a part whose length is known only when all are read.

    The images are kept in blocks, and moved block by block in the end, so that never more than one
    block of them is there twice.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._images: list[NDArray[np.uint8]] = []
        self._codes: list[NDArray[np.uint16]] = []
        self._free = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, images: NDArray[np.uint8], codes: NDArray[np.uint16]) -> None:
        """Add images (n, 28, 28) or (n, 784), and their labels' codes (n,)."""
        self._count += len(images)
        if self._count > MOST_IMAGES:
            raise DatasetError("data-too-many-images", path=self._path, most=MOST_IMAGES)
        self._codes.append(codes.astype(np.uint16))
        given = images.reshape(-1, IMAGE_SIDE, IMAGE_SIDE)
        while len(given):
            if not self._free:
                self._free = min(max(_FIRST_BLOCK, self._count), _LARGEST_BLOCK)
                self._images.append(np.empty((self._free, IMAGE_SIDE, IMAGE_SIDE), np.uint8))
            block, taken = self._images[-1], given[: self._free]
            start = len(block) - self._free
            block[start : start + len(taken)] = taken
            self._free -= len(taken)
            given = given[len(taken) :]

    def finish(self) -> Part:
        """Return the part; this is empty then."""
        if not self._count:
            raise DatasetError("data-no-images", path=self._path)
        images = np.empty((self._count, IMAGE_SIDE, IMAGE_SIDE), np.uint8)
        blocks, self._images = self._images[::-1], []
        start = 0
        while blocks:
            block = blocks.pop()[: self._count - start]
            images[start : start + len(block)] = block
            start += len(block)
        return Part(self._path, images, np.concatenate(self._codes))


class Labels:
    """The labels of a data set as they are written, each with a code, in all of its parts."""

    def __init__(self, path: Path) -> None:
        """`path` is what messages call the data set."""
        self._path = path
        self._codes: dict[str, int] = {}

    def code(self, name: str) -> int:
        """Return the code of a label; the names of numbers are those numbers, also 07 and seven."""
        number = number_of(name)
        key = name if number is None else str(number)
        code = self._codes.setdefault(key, len(self._codes))
        if code >= _MOST_NAMES:
            raise DatasetError(
                "data-labels-are-none", path=self._path, examples=list(self._codes)[:3]
            )
        return code

    def codes(self, numbers: NDArray[np.integer] | NDArray[np.uint8]) -> NDArray[np.uint16]:
        """Return the codes (n,) of labels (n,) that are whole numbers."""
        values, places = np.unique(numbers, return_inverse=True)
        codes = np.array([self.code(str(value)) for value in values.tolist()], np.uint16)
        found: NDArray[np.uint16] = codes[places.reshape(-1)]
        return found

    def digits(self) -> tuple[NDArray[np.uint8], DatasetError | None]:
        """Return which digit each code stands for, and what there is to say of that, if anything.

        Digits and their English names are themselves. Ten where there is no zero is 0, as it is
        written in some sets. At most ten other labels are numbered in their order.
        """
        names = list(self._codes)
        if len(names) > CLASSES:
            shown = sorted(names, key=_natural)[:_NAMES_SHOWN]
            raise DatasetError("data-classes", path=self._path, count=len(names), names=shown)
        plain = [number_of(name) for name in names]
        if 10 in plain and 0 not in plain and _are_digits(plain, up_to=10):
            plain = [0 if digit == 10 else digit for digit in plain]
            return np.array(plain, np.uint8), DatasetError("data-ten-is-zero")
        if _are_digits(plain, up_to=9):
            return np.array(plain, np.uint8), None
        order = sorted(names, key=_natural)
        numbered = np.array([order.index(name) for name in names], np.uint8)
        meant = [f"{number} = {name[:40]}" for number, name in enumerate(order)]
        return numbered, DatasetError("data-labels-numbered", meant=meant)


def _are_digits(found: Sequence[int | None], up_to: int) -> bool:
    digits = [digit for digit in found if digit is not None and 0 <= digit <= up_to]
    return len(set(digits)) == len(found)


def number_of(name: str) -> int | None:
    """Return the number that a label is; None for another one."""
    if name.lower() in _WORDS:
        return _WORDS.index(name.lower())
    return int(name) if name.isascii() and name.isdecimal() and len(name) < 6 else None


def _natural(name: str) -> tuple[int, int, str]:
    number = number_of(name)
    return (1, 0, name) if number is None else (0, number, "")
