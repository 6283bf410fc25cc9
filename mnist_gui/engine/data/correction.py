"""Which data set is chosen, and how its images are turned and inverted to be as MNIST's."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 4_096


class Turn(Enum):
    """How images are turned to be upright; the value is what numpy does: transpose, then rot90."""

    NONE = (False, 0)
    TRANSPOSE = (True, 0)
    LEFT = (False, 1)
    AROUND = (False, 2)
    RIGHT = (False, 3)
    FLIP = (True, 1)
    ANTITRANSPOSE = (True, 2)
    MIRROR = (True, 3)


@dataclass(frozen=True, slots=True)
class Correction:
    """What is done to all images of a data set: they are brightened, inverted and turned.

    Brightened images, whose values were 0 and 1, say, have all the range up to 255.
    """

    turn: Turn = Turn.NONE
    inverts: bool = False
    brightens: bool = False

    def __bool__(self) -> bool:
        return self != Correction()

    def apply(self, images: NDArray[np.uint8], most: int = 255) -> NDArray[np.uint8]:
        """Return the images (n, 28, 28), corrected; `most` is the largest value in their set."""
        transposes, quarters = self.turn.value
        seen = images.transpose(0, 2, 1) if transposes else images
        if self.brightens and 0 < most < 128:
            seen = seen * np.uint8(255 // most)
        turned = np.rot90(seen, quarters, (1, 2))
        return np.ascontiguousarray(255 - turned if self.inverts else turned)

    def write(self, images: NDArray[np.uint8], into: NDArray[np.uint8], most: int = 255) -> None:
        """Write corrected images a few at a time into an array, which may be their own."""
        for start in range(0, len(images), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            into[some] = self.apply(images[some], most)

    def fingerprint(self, before: str) -> str:
        """Return what identifies a data set once it is corrected."""
        return sha256(f"{before} {self}".encode()).hexdigest() if self else before


def largest(parts: Iterable[NDArray[np.uint8]]) -> int:
    """Return the largest value in all images of a data set."""
    return max(int(images.max(initial=0)) for images in parts)


@dataclass(frozen=True, slots=True)
class DatasetChoice:
    """Which data set is to be opened, and how; without a path it is MNIST.

    With `resizes`, images of other sizes and colours are made to images of 28x28 greys; then all
    are corrected, by one correction after the other.
    """

    path: Path | None = None
    resizes: bool = False
    corrections: tuple[Correction, ...] = ()


MNIST = DatasetChoice()
"""The data set that ships."""
