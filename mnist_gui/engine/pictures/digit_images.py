"""Makes a cut-out digit an image as MNIST's were made: 20x20, stretched, centred in 28x28."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_gui.engine.pictures.stroke_width import (
    narrowest_stroke,
    stroke_width,
    with_edges_moved,
)
from mnist_gui.engine.preprocessing import BOX_SIDE, centre, stretch

_Floats: TypeAlias = NDArray[np.float32]

# Strokes within these widths, in pixels of the 20x20 box, stay as they are: MNIST has them so.
NARROWEST, WIDEST = 1.7, 4.0
# Strokes outside them become this wide.
WIDENED, NARROWED = 2.4, 3.2
# Widths are measured and changed in a picture of the digit this many pixels long.
_MEASURED_SIDE = 160
_BOX_INK = 0.1


def digit_image(ink: _Floats) -> NDArray[np.uint8]:
    """Return the image (28, 28) of a digit's ink (h, w), 0..1, alone in its picture."""
    ink = _trimmed(ink)
    if not ink.size:
        return centre(np.zeros((BOX_SIDE, BOX_SIDE), np.uint8))
    return centre(stretch(boxed(_as_wide_as_mnist(ink))))


def boxed(ink: _Floats) -> _Floats:
    """Resample ink (h, w), by areas, so that its longer side fills a 20x20 box.

    It begins in the box's corner: what was made of whole pixels stays so. Where it lies in the
    image is for the centre of mass to say.
    """
    side = max(ink.shape)
    if side < BOX_SIDE:
        # Areas of few pixels would come out as steps.
        ink = _resized(ink, 4 * BOX_SIDE)
        side = max(ink.shape)
    rows, columns = (_overlaps(length, side) for length in ink.shape)
    box: _Floats = (rows @ ink @ columns.T).astype(np.float32)
    return np.clip(box, 0, 1)


def _overlaps(length: int, side: int) -> NDArray[np.float64]:
    """Return which share (20, length) of the box's pixels each of the ink's covers."""
    edges = np.arange(length + 1) * (BOX_SIDE / side)
    cells = np.arange(BOX_SIDE)[:, np.newaxis]
    within = np.clip(edges - cells, 0, 1)
    overlaps: NDArray[np.float64] = np.diff(within, axis=1)
    return overlaps


def _trimmed(ink: _Floats) -> _Floats:
    """Cut away what is empty round the ink."""
    rows = np.flatnonzero((ink > _BOX_INK).any(axis=1))
    columns = np.flatnonzero((ink > _BOX_INK).any(axis=0))
    if not len(rows):
        return ink[:0, :0]
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _as_wide_as_mnist(ink: _Floats) -> _Floats:
    """Return the ink with strokes of a width that MNIST has, by moving their edges if need be."""
    large = _resized(ink, _MEASURED_SIDE)
    solid = large > 0.5
    if not solid.any():
        return ink
    width, side = stroke_width(solid), max(solid.shape)
    boxed_width = width * BOX_SIDE / side
    if NARROWEST <= boxed_width <= WIDEST:
        return ink
    wanted = WIDENED if boxed_width < NARROWEST else NARROWED
    outwards = _outwards(width, side, wanted)
    if outwards < 0:
        # What is narrower than the rest must not vanish.
        outwards = max(outwards, -0.35 * narrowest_stroke(solid))
    room = int(max(outwards, 0)) + 2
    return _trimmed(with_edges_moved(np.pad(solid, room), outwards))


def _outwards(width: float, side: int, wanted: float) -> float:
    """Return how far edges must move for strokes `wanted` wide once the whole is 20 pixels.

    Solves (width + 2 x) * 20 / (side + 2 x) = wanted.
    """
    return (wanted * side - BOX_SIDE * width) / (2 * (BOX_SIDE - wanted))


def _resized(ink: _Floats, longest: int) -> _Floats:
    scale = longest / max(ink.shape)
    size = [max(1, round(length * scale)) for length in ink.shape[::-1]]
    method = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
    resized = Image.fromarray(ink).resize((size[0], size[1]), method)
    return np.clip(np.asarray(resized, np.float32), 0, 1)
