"""From strokes to the 28x28 image, step by step, as MNIST was made."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.drawing import CANVAS_PEN_WIDTH, Drawing
from mnist_gui.engine.rasterize import coverage, coverages

BOX_SIDE = 20
PEN_WIDTH = 2.2
"""Width of the redrawn strokes in pixels.

Of the widths from 1.6 to 3.0 it had the most of 7,494 pen digits read right by networks that had
learnt from MNIST alone: 79.4 % by softmax regression, 89.9 % by 128 hidden units, 93.5 % by a
narrow CNN. From 2.0 to 2.5 the figures differ by 0.3 % at most.
"""
MASS_CENTRE = 14
"""The pixel index on both axes to which an image's centre of mass rounds."""
MADE_AT_ONCE = 64
"""So many images take some 20 ms to make; whoever makes more of them can stop in between."""
# A smaller mark than this share of the canvas is no digit: it keeps its proportion to the canvas,
# so that a dot stays a dot.
_SMALLEST_DRAWING = 0.1
# The mass of a symmetric digit would lie exactly between two pixels, and the last bit of a float
# would decide where it is put; this many pixels to the right and down decide it for good.
_OFF_CENTRE = 1 / 64
# How far off the canvas, in canvases, a point is where it is when nothing is fitted.
_NEAR = 2.0


@dataclass(frozen=True, slots=True)
class PreprocessingSteps:
    """Which stages of preprocessing are on; one that is off does what naive programs do.

    - `redraw`: the strokes get MNIST's width. Off: they keep the canvas pen's, so that a small
      digit gets fat strokes.
    - `fit`: the ink's longer side becomes 20 pixels. Off: the whole canvas is reduced to 28
      pixels, so that a digit stays where it was drawn, and as large.
    - `stretch`: the brightest pixel becomes 255. Off: greys stay as they are.
    - `centre`: the centre of mass goes to index 14. Off: the box goes to the middle.
    """

    redraw: bool = True
    fit: bool = True
    stretch: bool = True
    centre: bool = True

    @property
    def left_out(self) -> tuple[str, ...]:
        """The names of the stages that are off."""
        return tuple(stage.name for stage in fields(self) if not getattr(self, stage.name))


ALL_STEPS = PreprocessingSteps()


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A square of the canvas, in shares of its side."""

    left: float
    top: float
    side: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PreprocessingTrace:
    """What a drawing looks like after each stage.

    `pen_width` is the redrawn strokes' as a share of the canvas's side, `square` the part of the
    canvas that becomes the box. `box` and `stretched` are greys (20, 20) uint8, or (28, 28) where
    nothing is fitted; `image` (28, 28) uint8 is what a network reads.
    """

    drawing: Drawing
    stages: PreprocessingSteps
    pen_width: float
    square: Square
    box: NDArray[np.uint8]
    stretched: NDArray[np.uint8]
    image: NDArray[np.uint8]


def preprocess(drawing: Drawing, *, pen_width: float = PEN_WIDTH) -> NDArray[np.uint8]:
    """Return the image (28, 28) that a network reads: 0 background, 255 ink; zeros if empty."""
    image: NDArray[np.uint8] = preprocess_all([drawing], [pen_width])[0]
    return image


def preprocess_all(
    drawings: Sequence[Drawing], pen_widths: Sequence[float] | None = None
) -> NDArray[np.uint8]:
    """Return `preprocess` (n, 28, 28) of n drawings, each with its own pen's width if so wanted.

    An image is the same to the last bit as one made alone; together they take less time each.
    Memory is 60 KB an image.
    """
    pen_widths = pen_widths or [PEN_WIDTH] * len(drawings)
    lines = [fit(each, pen_width=w) for each, w in zip(drawings, pen_widths, strict=True)]
    images = np.zeros((len(lines), IMAGE_SIDE, IMAGE_SIDE), np.uint8)
    for image, box in zip(images, coverages(lines, BOX_SIDE, pen_widths), strict=True):
        image[:] = centre(stretch(box))
    return images


def trace_preprocessing(
    drawing: Drawing, stages: PreprocessingSteps = ALL_STEPS
) -> PreprocessingTrace:
    """Return what each stage makes of a drawing; with all on, its image is that of `preprocess`."""
    pen_width = PEN_WIDTH if stages.redraw else _canvas_pen_width(drawing, stages)
    place = _fitted(drawing, pen_width) if stages.fit else _AS_DRAWN
    shares = coverage(place.lines(drawing), place.side, pen_width)
    box = _greys(shares)
    stretched = stretch(shares) if stages.stretch else box
    return PreprocessingTrace(
        drawing=drawing,
        stages=stages,
        pen_width=pen_width / place.scale,
        square=place.square,
        box=box,
        stretched=stretched,
        image=centre(stretched) if stages.centre else _in_the_middle(stretched),
    )


def fit(drawing: Drawing, *, pen_width: float = PEN_WIDTH) -> list[NDArray[np.float64]]:
    """Return each stroke's points (n, 2) in pixels of a 20x20 box that its ink fills.

    The ink's longer side, pen included, becomes 20 pixels; the shorter one keeps its proportion
    and lies in the middle.
    """
    return _fitted(drawing, pen_width).lines(drawing)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the canvas's points lie in a grid of `side` pixels: point * scale + shift."""

    side: int
    scale: float
    shift: NDArray[np.float64]
    farthest: float = np.inf

    def lines(self, drawing: Drawing) -> list[NDArray[np.float64]]:
        """Return each stroke's points (n, 2) in pixels."""
        low, high = -self.farthest, 1 + self.farthest
        # Straight from point to point: along the curve that the canvas shows, no more pen digits
        # were read right, and an image took twice as long. See benchmarks/smooth_strokes.py.
        strokes = [stroke.points.clip(low, high) for stroke in drawing.strokes]
        return [points * self.scale + self.shift for points in strokes]

    @property
    def square(self) -> Square:
        """The part of the canvas that the grid shows."""
        left, top = (-self.shift / self.scale).tolist()
        return Square(left=left, top=top, side=self.side / self.scale)


# Endless lines far off the canvas would take endless time.
_AS_DRAWN = _Place(IMAGE_SIDE, float(IMAGE_SIDE), np.zeros(2), farthest=_NEAR)


def _fitted(drawing: Drawing, pen_width: float) -> _Place:
    low, high = _bounds(drawing)
    scale = (BOX_SIDE - pen_width - 2 * _OFF_CENTRE) / _extent(drawing)
    return _Place(BOX_SIDE, scale, BOX_SIDE / 2 + _OFF_CENTRE - scale * (low + high) / 2)


def _canvas_pen_width(drawing: Drawing, stages: PreprocessingSteps) -> float:
    """Return the width in pixels that the canvas pen's strokes have unless they are redrawn."""
    if not stages.fit:
        return CANVAS_PEN_WIDTH * IMAGE_SIDE
    extent = _extent(drawing) + CANVAS_PEN_WIDTH
    return CANVAS_PEN_WIDTH * (BOX_SIDE - 2 * _OFF_CENTRE) / extent


def _extent(drawing: Drawing) -> float:
    low, high = _bounds(drawing)
    return max(float((high - low).max()), _SMALLEST_DRAWING)


def _bounds(drawing: Drawing) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the greatest x and y; those of the whole canvas if it is empty."""
    if not drawing:
        return np.zeros(2), np.ones(2)
    points = np.concatenate([stroke.points for stroke in drawing.strokes]).astype(np.float64)
    return points.min(axis=0), points.max(axis=0)


def redraw(
    lines: list[NDArray[np.float64]], *, pen_width: float = PEN_WIDTH
) -> NDArray[np.float32]:
    """Draw the lines with a round pen: the share (20, 20) of each pixel that is ink, 0..1."""
    return coverage(lines, BOX_SIDE, pen_width)


def stretch(box: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Scale the greys so that the brightest pixel becomes 255; a box without ink stays zeros."""
    brightest = box.max(initial=0)
    if brightest <= 0:
        return np.zeros(box.shape, np.uint8)
    return _greys(box, 255 / brightest)


def _greys(shares: NDArray[np.float32], white: float = 255) -> NDArray[np.uint8]:
    greys: NDArray[np.uint8] = np.rint(shares * white).astype(np.uint8)
    return greys


def centre(box: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Place the ink of a box (h, w), at most 28x28, in an image (28, 28).

    It is shifted by whole pixels until its centre of mass rounds to index 14 on both axes, or as
    near to that as keeps all ink in the image. Source: C. Yadav and L. Bottou, Cold case: the
    lost MNIST digits, 2019; none of MNIST's own images is moved by this.
    """
    image = np.zeros((IMAGE_SIDE, IMAGE_SIDE), np.uint8)
    if not box.any():
        return image
    rows, first_row = _placed(box.sum(axis=1, dtype=np.int64))
    columns, first_column = _placed(box.sum(axis=0, dtype=np.int64))
    ink = box[rows, columns]
    image[first_row : first_row + ink.shape[0], first_column : first_column + ink.shape[1]] = ink
    return image


def _in_the_middle(box: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Place a box (n, n), at most 28x28, in the middle of an image (28, 28)."""
    return np.pad(box, (IMAGE_SIDE - len(box)) // 2)


def _placed(mass: NDArray[np.int64]) -> tuple[slice, int]:
    """Return where the ink lies along an axis, and the index that its first pixel gets."""
    inked = np.flatnonzero(mass)
    first, end = int(inked[0]), int(inked[-1]) + 1
    total = int(mass.sum())
    moment = int(mass @ np.arange(len(mass)))
    # Integers round halves up without error, as MNIST does: 13.5 counts as 14, 14.5 as 15.
    middle = (2 * moment + total) // (2 * total)
    start = first + MASS_CENTRE - middle
    return slice(first, end), min(max(start, 0), IMAGE_SIDE - (end - first))
