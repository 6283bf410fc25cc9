"""Find the digits of a picture, make their images, and read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.digit_detector import DigitDetector
from mnist_gui.engine.pictures.binarize import ink_from_paper
from mnist_gui.engine.pictures.morphology import (
    narrowest_stroke,
    spread,
    stroke_width,
    with_edges_moved,
)
from mnist_gui.engine.pictures.result import FoundDigit, Picture, PicturePrediction
from mnist_gui.engine.pictures.segment import (
    Marks,
    cut_out,
    group_marks,
    hull,
    rows_of,
    split_touching,
    too_many_marks,
)
from mnist_gui.engine.preprocessing import BOX_SIDE, centre, stretch
from mnist_gui.engine.snapshot import Snapshot

_Floats: TypeAlias = NDArray[np.float32]

# Strokes within these widths, in pixels of the 20x20 box, stay as they are: MNIST has them so.
NARROWEST, WIDEST = 1.7, 4.0
# Strokes outside them become this wide.
WIDENED, NARROWED = 2.4, 3.2
# Widths are measured and changed in a picture of the digit this many pixels long.
_MEASURED_SIDE = 160
_BOX_INK = 0.1


_Flags: TypeAlias = NDArray[np.bool_]
# Ink's soft edge reaches so far beyond where it was cut out: pixels, or share of its length.
_SOFT_EDGE = 2
_SOFT_SHARE = 0.1
# Two digits that touch take about 13 looks, of some milliseconds each.
_MOST_LOOKS = 1_000


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


def find_digits(picture: Picture) -> tuple[FoundDigit, ...]:
    """Return the digits of a picture in reading order, at least one; raises PictureError."""
    marks = cut_out(ink_from_paper(picture.greys))
    look = _Look()
    parts = [
        part
        for group in group_marks(marks.boxes, marks.height)
        for part in _separate(marks, group, look)
    ]
    boxes = np.stack([part.box for part in parts])
    return tuple(
        FoundDigit(_image(marks, parts[i]), _shares(parts[i].box, marks.contrast.shape), number)
        for number, row in enumerate(rows_of(boxes))
        for i in row
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The ink (h, w) of one digit, within its box: left, top, right, bottom."""

    ink: _Flags
    box: NDArray[np.int64]


class _Look:
    """Looks at inks, but not for ever: noise and cursive could be cut again and again."""

    def __init__(self) -> None:
        self._detector = DigitDetector()
        self._left = _MOST_LOOKS

    def likenesses(self, inks: Sequence[_Flags]) -> _Floats:
        """Say how much each looks like one digit; raises PictureError after very many."""
        self._left -= len(inks)
        if self._left < 0:
            raise too_many_marks()
        images = [digit_image(ink.astype(np.float32)) for ink in inks]
        return self._detector.likenesses(np.stack(images))


def _separate(marks: Marks, group: list[int], look: _Look) -> list[_Part]:
    """Return the digits of a group of marks: one, or several that touch."""
    left, top, right, bottom = hull(marks.boxes[i] for i in group)
    ink = np.isin(marks.numbers[top:bottom, left:right], group)
    digits = split_touching(ink, look.likenesses)
    return [_part(digit, int(left), int(top)) for digit in digits]


def _part(ink: _Flags, left: int, top: int) -> _Part:
    """Return the ink in a box of its own; what it was cut from lies at `left` and `top`."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
    own = ink[box[1] : box[3], box[0] : box[2]]
    return _Part(own, np.array(box) + np.array([left, top, left, top]))


def _image(marks: Marks, part: _Part) -> NDArray[np.uint8]:
    """Return the image of a digit, made of its ink with its soft edge and of nobody else's."""
    height, width = marks.contrast.shape
    reach = max(_SOFT_EDGE, round(_SOFT_SHARE * max(part.ink.shape)))
    left, top = np.maximum(part.box[:2] - reach, 0)
    right, bottom = np.minimum(part.box[2:] + reach, [width, height])
    around = (slice(top, bottom), slice(left, right))
    own = np.zeros((bottom - top, right - left), bool)
    own[part.box[1] - top : part.box[3] - top, part.box[0] - left : part.box[2] - left] = part.ink
    others = (marks.numbers[around] >= 0) & ~own
    near = spread(own, reach) & ~others
    return digit_image(np.where(near, _strength(marks, around, own), np.float32(0)))


def _strength(marks: Marks, around: tuple[slice, slice], own: _Flags) -> _Floats:
    """Return how much of plain ink's contrast there is in each pixel, 0..1, no print or noise."""
    contrast = marks.contrast[around]
    floor = marks.floor
    plain = max(float(np.percentile(contrast[own], 90)), floor + 1e-6)
    strength: _Floats = np.clip((contrast - floor) / (plain - floor), 0, 1).astype(np.float32)
    return strength


def _shares(box: NDArray[np.int64], shape: tuple[int, ...]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (box / [shape[1], shape[0], shape[1], shape[0]]).tolist()
    return left, top, right, bottom


def predict_digits(
    digits: tuple[FoundDigit, ...], snapshot: Snapshot, classifier: Classifier
) -> PicturePrediction:
    """Return what the network reads the digits as, at least one, all at once."""
    images = np.stack([digit.image for digit in digits])
    return PicturePrediction(digits, tuple(classifier.predictions(snapshot, images)))
