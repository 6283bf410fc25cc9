"""Make images of 28x28 greys of the numbers and pictures that a data set has."""

from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.errors import DatasetError

MOST_SIDE = 4_096
"""So many pixels a side of an image that is resized may have."""


class PixelReader:
    """Makes images (n, 28, 28) uint8 of one file's numbers.

    Whole numbers are 0..255. Of fractions, the first image that is not empty says whether they are
    0..1 or 0..255. Images of another size, and coloured ones, are refused unless it `resizes`.
    """

    def __init__(self, place: str, *, resizes: bool) -> None:
        self._place, self._resizes = place, resizes
        self._white: float | None = None

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """Raise DatasetError for images of a shape that cannot be read."""
        height, width, colours = self._sides(shape)
        if (height, width) == (IMAGE_SIDE, IMAGE_SIDE) and colours == 1:
            return
        if not self._resizes:
            size = f"{width}x{height}" if colours == 1 else f"{width}x{height}x{colours}"
            raise DatasetError("data-other-size", path=self._place, size=size)
        if not 0 < max(height, width) <= MOST_SIDE:
            raise DatasetError("data-image-too-large", path=self._place, most=MOST_SIDE)

    def read(self, values: NDArray[Any]) -> NDArray[np.uint8]:
        """Return the images (n, 28, 28) of numbers (n, *shape)."""
        greys = self._greys(values)
        height, width, colours = self._sides(values.shape[1:])
        if colours == 1:
            greys = greys.reshape(-1, height, width)
        elif values.shape[1] == colours:
            greys = np.moveaxis(greys, 1, 3)
        if greys.shape[1:] == (IMAGE_SIDE, IMAGE_SIDE):
            return greys
        from mnist_gui.engine.data.resize import resized

        return np.stack([resized(image) for image in greys])

    def _sides(self, shape: tuple[int, ...]) -> tuple[int, int, int]:
        """Return height, width and number of colours."""
        match shape:
            case (pixels,) if pixels and isqrt(pixels) ** 2 == pixels:
                return isqrt(pixels), isqrt(pixels), 1
            case (height, width):
                return height, width, 1
            case (height, width, 1 | 3 | 4 as colours) | (1 | 3 as colours, height, width):
                return height, width, colours
        raise DatasetError(
            "data-no-images-shape", path=self._place, shape="x".join(map(str, shape))
        )

    def _greys(self, values: NDArray[Any]) -> NDArray[np.uint8]:
        if values.dtype == np.uint8:
            return values
        if values.dtype == np.bool_:
            return values.astype(np.uint8) * np.uint8(255)
        scaled = values.astype(np.float64)
        least, most = (float(each) for each in (scaled.min(initial=0), scaled.max(initial=0)))
        if self._white is None and most != 0:
            is_share = values.dtype.kind == "f" and most <= 1
            self._white = 255.0 if is_share else 1.0
        white = self._white or 1.0
        if not (np.isfinite(most) and least >= 0 and most * white < 255.5):
            raise DatasetError("data-pixel", path=self._place)
        greys: NDArray[np.uint8] = np.rint(scaled * white).astype(np.uint8)
        return greys
