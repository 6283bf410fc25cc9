"""A picture, the digits found in it, and what a network predicts for them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.prediction import Prediction

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
"""How the names of picture files end, in lower case."""
UNREAD_SUFFIXES = (".pdf", ".heic", ".heif", ".avif")
"""How the names of files end that hold pictures too, of which is said what to do."""
OTHER_SUFFIXES = (".ico", ".psd", ".xcf", ".tga", ".jp2", ".jxl", ".pbm", ".pgm", ".ppm", ".eps")
"""How the names of pictures end that are only refused."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An upright picture: greys (h, w) float32, 0 black to 1 white, and colours to show.

    `colours` (h, w, 3) uint8 is the same picture with a longer side of at most 1,080 pixels;
    `size` is the width and height that the file declares, of the upright picture; `flaw` says what
    is wrong with a file that is read as far as it goes.
    """

    greys: NDArray[np.float32]
    colours: NDArray[np.uint8]
    size: tuple[int, int]
    flaw: PictureError | None = None

    def turned(self, turns: int) -> "Picture":
        """Return the picture turned to the left by quarter turns."""
        width, height = self.size
        return replace(
            self,
            greys=np.rot90(self.greys, turns).copy(),
            colours=np.rot90(self.colours, turns).copy(),
            size=(height, width) if turns % 2 else (width, height),
        )


@dataclass(frozen=True, slots=True, eq=False)
class FoundDigit:
    """A digit in a picture: its image (28, 28) uint8, as a network gets it, and where it is.

    `box` is left, top, right and bottom, as shares of the picture's width and height; `row` is
    the index of its line, from the top.
    """

    image: NDArray[np.uint8]
    box: tuple[float, float, float, float]
    row: int


@dataclass(frozen=True, slots=True, eq=False)
class PicturePrediction:
    """The digits of a picture in reading order, each with its prediction."""

    digits: tuple[FoundDigit, ...]
    predictions: tuple[Prediction, ...]

    def __post_init__(self) -> None:
        if len(self.digits) != len(self.predictions):
            raise ValueError("every digit has one prediction")

    @property
    def rows(self) -> tuple[str, ...]:
        """The number on each line, from the top; a question mark for what looks like no digit."""
        rows = [""] * (max((digit.row for digit in self.digits), default=-1) + 1)
        for digit, prediction in zip(self.digits, self.predictions, strict=True):
            rows[digit.row] += prediction.text
        return tuple(rows)

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.rows)

    @property
    def unsure(self) -> int:
        """How many of the digits cannot be trusted."""
        return sum(not prediction.is_sure for prediction in self.predictions)
