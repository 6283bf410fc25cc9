"""Find the digits of a picture, make their images, and predict them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.digit_detector import DigitDetector
from mnist_gui.engine.pictures import segment
from mnist_gui.engine.pictures.colour import greys_by_colour
from mnist_gui.engine.pictures.cut import Scores, split_touching
from mnist_gui.engine.pictures.ink import (
    Boxes,
    Floats,
    Ink,
    Mask,
    bounding_box,
    change_stroke_width,
    ink_from_paper,
    min_stroke_width,
    stroke_width,
)
from mnist_gui.engine.pictures.lines import pooled_ink
from mnist_gui.engine.pictures.printed import ink_strength
from mnist_gui.engine.pictures.result import FoundDigit, Picture, PicturePrediction
from mnist_gui.engine.pictures.segment import too_many_blobs
from mnist_gui.engine.preprocessing import BOX_SIDE, centre, stretch
from mnist_gui.engine.snapshot import Snapshot

# Strokes of these widths, in pixels of the 20x20 box, stay as they are: MNIST has them.
_MIN_WIDTH, _MAX_WIDTH = 1.7, 4.0
# Thinner and thicker strokes become this wide.
_WIDENED, _NARROWED = 2.4, 3.2
# Widths are measured and changed in an image of the digit this many pixels long.
_MEASURED_SIDE = 160
# If less than this share of the ink is left in that image, its strokes are too thin to be seen.
_MIN_SEEN = 0.7
_MIN_INK = 0.1

# Ink of this contrast to its paper is told by its lightness.
_CLEAR_STRENGTH = 0.2
# Ink is at least this share as strong as the strong ink of its digit.
_PALEST = 0.4

# The soft edge of ink extends this far beyond the blob: pixels, or a share of its length.
_SOFT_EDGE = 2
_SOFT_SHARE = 0.1


def find_digits(picture: Picture, *, max_scored: int = 1_000) -> tuple[FoundDigit, ...]:
    """Return the digits of a picture in reading order, at least one.

    Raise PictureError if there are none, or if more than `max_scored` parts of blobs would have to
    be scored to separate digits that touch: two such digits take about 13, of some milliseconds
    each.
    """
    if (own := _as_mnist_image(picture.greys)) is not None:
        return (own,)
    blobs = segment.extract_digit_blobs(_ink(picture))
    scores = _ScoreBudget(max_scored).scores
    digits = [
        digit
        for group in segment.group_blobs(blobs.boxes, blobs.height)
        for digit in _separate(blobs, group, scores)
    ]
    boxes = np.stack([digit.box for digit in digits])
    lines = segment.lines_of_digits(boxes, blobs.frames.cells(boxes))
    size = np.tile(blobs.contrast.shape[::-1], 2)
    return tuple(
        FoundDigit(_image(blobs, digits[i]), tuple((digits[i].box / size).tolist()), number)
        for number, line in enumerate(lines)
        for i in line
    )


def _as_mnist_image(greys: Floats) -> FoundDigit | None:
    """Return the digit of one of MNIST's own images, which needs no preparation, or None."""
    if greys.shape != (IMAGE_SIDE, IMAGE_SIDE):
        return None
    image = np.rint(greys * 255).astype(np.uint8)
    if image[0, 0] > 127:
        image = 255 - image
    margin = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    if margin.any() or image.max() < 128:
        return None
    rows, columns = bounding_box(image > 0)
    if max(rows.stop - rows.start, columns.stop - columns.start) != BOX_SIDE:
        return None
    box = np.array([columns.start, rows.start, columns.stop, rows.stop]) / IMAGE_SIDE
    return FoundDigit(image, tuple(box.tolist()), 0)


def _ink(picture: Picture) -> Ink:
    """Return the ink by its lightness, or by its colour where that tells it much better."""
    ink = ink_from_paper(picture.greys)
    strength = ink_strength(ink.contrast, ink.noise)
    if strength >= _CLEAR_STRENGTH:
        return ink
    greys = greys_by_colour(picture.colours)
    if greys is None:
        return ink
    coloured = ink_from_paper(greys)
    clear = ink_strength(coloured.contrast, coloured.noise) > max(_CLEAR_STRENGTH, strength)
    return coloured if clear else ink


def predict_digits(
    digits: tuple[FoundDigit, ...], snapshot: Snapshot, classifier: Classifier
) -> PicturePrediction:
    """Return what the network predicts for the digits, at least one, all at once."""
    images = np.stack([digit.image for digit in digits])
    return PicturePrediction(digits, tuple(classifier.predictions(snapshot, images)))


class _ScoreBudget:
    """Limits how many masks are scored: noise and cursive could be cut again and again."""

    def __init__(self, max_scored: int) -> None:
        self._detector = DigitDetector()
        self._left = max_scored

    def scores(self, masks: Sequence[Mask]) -> Floats:
        """Return how much each looks like one digit; raise PictureError if they are too many."""
        self._left -= len(masks)
        if self._left < 0:
            raise too_many_blobs()
        images = [digit_image(mask.astype(np.float32)) for mask in masks]
        return self._detector.digit_scores(np.stack(images))


@dataclass(frozen=True, slots=True, eq=False)
class _Digit:
    """The ink (h, w) of one digit, and its bounding box in the picture."""

    ink: Mask
    box: Boxes


def _separate(blobs: segment.DigitBlobs, group: list[int], scores: Scores) -> list[_Digit]:
    """Return the digits of a group of blobs: one, or several that touch."""
    left, top, right, bottom = segment.box_around(blobs.boxes[i] for i in group)
    ink = np.isin(blobs.labels[top:bottom, left:right], np.array(group) + 1)
    digits = []
    for mask in split_touching(ink, scores):
        rows, columns = bounding_box(mask)
        box = np.array([columns.start, rows.start, columns.stop, rows.stop])
        digits.append(_Digit(mask[rows, columns], box + np.array([left, top, left, top])))
    return digits


def _image(blobs: segment.DigitBlobs, digit: _Digit) -> NDArray[np.uint8]:
    """Return the image of a digit: its ink with the soft edge, and no ink of other digits."""
    from scipy import ndimage

    height, width = blobs.contrast.shape
    reach = max(_SOFT_EDGE, round(_SOFT_SHARE * max(digit.ink.shape)))
    left, top = np.maximum(digit.box[:2] - reach, 0)
    right, bottom = np.minimum(digit.box[2:] + reach, [width, height])
    labels = blobs.labels[top:bottom, left:right]
    own = np.zeros(labels.shape, bool)
    x0, y0, x1, y1 = digit.box - [left, top, left, top]
    own[y0:y1, x0:x1] = digit.ink
    near = ndimage.maximum_filter(own, 2 * reach + 1) & (own | (labels == 0))
    strength = _strength(blobs, blobs.contrast[top:bottom, left:right], own)
    return digit_image(np.where(near, strength, np.float32(0)))


def _strength(blobs: segment.DigitBlobs, contrast: Floats, own: Mask) -> Floats:
    """Return the contrast (h, w) as a share of that of the ink nearby, 0..1; print is 0.

    Where a pen runs dry its stroke is paler, but no thinner: ink nearby counts, not all of it.
    """
    from scipy import ndimage

    floor = blobs.floor
    full = max(float(np.percentile(contrast[own], 90)), floor + 1e-6)
    size = 2 * round(stroke_width(own)) + 1
    nearby = ndimage.maximum_filter(np.where(own, contrast, np.float32(0)), size)
    nearby = ndimage.uniform_filter(nearby, size)
    nearby = np.clip(nearby, max(_PALEST * full, floor + 1e-6), full)
    strength: Floats = np.clip((contrast - floor) / (nearby - floor), 0, 1).astype(np.float32)
    return strength


def digit_image(ink: Floats) -> NDArray[np.uint8]:
    """Return the image (28, 28) of one digit's ink (h, w), 0..1."""
    ink = _trimmed(ink)
    if not ink.size:
        return centre(np.zeros((BOX_SIDE, BOX_SIDE), np.uint8))
    return centre(stretch(_boxed(_with_mnist_stroke_width(ink))))


def _boxed(ink: Floats) -> Floats:
    """Average ink (h, w) over areas so that its longer side fills a 20x20 box.

    It starts in the corner of the box, so that an ink of whole pixels keeps them; `centre` moves
    it later.
    """
    side = max(ink.shape)
    if side < BOX_SIDE:
        # Averages of few pixels would have steps.
        ink = _resized(ink, 4 * BOX_SIDE)
        side = max(ink.shape)
    rows, columns = (_overlaps(length, side) for length in ink.shape)
    box: Floats = (rows @ ink @ columns.T).astype(np.float32)
    return np.clip(box, 0, 1)


def _overlaps(length: int, side: int) -> NDArray[np.float64]:
    """Return which share (20, length) of each pixel of the box each pixel of the ink covers."""
    edges = np.arange(length + 1) * (BOX_SIDE / side)
    cells = np.arange(BOX_SIDE)[:, np.newaxis]
    within = np.clip(edges - cells, 0, 1)
    return np.diff(within, axis=1)


def _trimmed(ink: Floats) -> Floats:
    """Remove the empty margin."""
    mask = ink > _MIN_INK
    return ink[bounding_box(mask)] if mask.any() else ink[:0, :0]


def _with_mnist_stroke_width(ink: Floats) -> Floats:
    """Return the ink with strokes of a width that MNIST has, by moving their edges if needed."""
    solid = _measured(ink)
    if not solid.any():
        return ink
    width, side = stroke_width(solid), max(solid.shape)
    boxed_width = width * BOX_SIDE / side
    if _MIN_WIDTH <= boxed_width <= _MAX_WIDTH:
        return ink
    wanted = _WIDENED if boxed_width < _MIN_WIDTH else _NARROWED
    # Solves (width + 2 x) * 20 / (side + 2 x) = wanted for the shift x of the edges.
    outwards = (wanted * side - BOX_SIDE * width) / (2 * (BOX_SIDE - wanted))
    if outwards < 0:
        # The thinnest strokes must not vanish.
        outwards = max(outwards, -0.35 * min_stroke_width(solid))
    return _trimmed(change_stroke_width(solid, outwards))


def _measured(ink: Floats) -> Mask:
    """Return the solid ink, `_MEASURED_SIDE` pixels long; strokes thinner than a pixel are one."""
    solid: Mask = _resized(ink, _MEASURED_SIDE) > 0.5
    full = ink > 0.5
    factor = max(ink.shape) // _MEASURED_SIDE
    if factor <= 1 or solid.sum() * factor**2 >= _MIN_SEEN * full.sum():
        return solid
    pooled = pooled_ink(full, factor)
    return _resized(pooled.astype(np.float32), _MEASURED_SIDE) > 0.5


def _resized(ink: Floats, longest: int) -> Floats:
    scale = longest / max(ink.shape)
    size = [max(1, round(length * scale)) for length in ink.shape[::-1]]
    method = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
    resized = Image.fromarray(ink).resize((size[0], size[1]), method)
    return np.clip(np.asarray(resized, np.float32), 0, 1)
