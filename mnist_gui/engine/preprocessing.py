"""Turn strokes into the 28x28 image of a network, step by step, as MNIST was made."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.drawing import CANVAS_PEN_WIDTH, Drawing
from mnist_gui.engine.rasterize import coverage, coverages

BOX_SIDE = 20
PEN_WIDTH = 2.2
"""Width of the rasterized strokes in pixels.

Of 1.6 to 3.0 the best for networks trained on MNIST alone: on 7,494 pen digits softmax regression
got 79.4 % right, 128 hidden units 89.9 %, a narrow CNN 93.5 %; 2.0 to 2.5 differ by 0.3 % at most.
"""
MASS_CENTRE = 14
"""The pixel index on both axes to which an image's centre of mass rounds."""
MADE_AT_ONCE = 64
"""How many images to make in one call, about 20 ms, where work must be stoppable in between."""
# Smaller drawings, in canvases, keep their proportion to the canvas: a dot stays a dot.
_SMALLEST_DRAWING = 0.1
# Pixels to the right and down. Otherwise the centre of mass of a symmetric digit would lie exactly
# between two pixels, and the last bit of a float would decide.
_OFF_CENTRE = 1 / 64


@dataclass(frozen=True, slots=True)
class PreprocessingSteps:
    """Which preprocessing steps are on.

    - `redraw`: the strokes get MNIST's width. Off: they keep the canvas pen's, so that a small
      digit gets fat strokes.
    - `fit`: the ink's longer side becomes 20 pixels. Off: the whole canvas becomes 28 pixels.
    - `stretch`: the brightest pixel becomes 255. Off: greys stay as they are.
    - `centre`: the centre of mass goes to index 14. Off: the box goes to the middle.
    """

    redraw: bool = True
    fit: bool = True
    stretch: bool = True
    centre: bool = True

    @property
    def left_out(self) -> tuple[str, ...]:
        """The names of the steps that are off."""
        return tuple(step.name for step in fields(self) if not getattr(self, step.name))


ALL_STEPS = PreprocessingSteps()


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A square of the canvas, in fractions of its side."""

    left: float
    top: float
    side: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PreprocessingTrace:
    """A drawing after each preprocessing step.

    `pen_width` is that of the rasterized strokes, as a fraction of the canvas's side, `square` the
    part of the canvas that becomes the box. `box` and `stretched` are greys (20, 20) uint8, or
    (28, 28) without `fit`; `image` (28, 28) uint8 is the network's input.
    """

    drawing: Drawing
    steps: PreprocessingSteps
    pen_width: float
    square: Square
    box: NDArray[np.uint8]
    stretched: NDArray[np.uint8]
    image: NDArray[np.uint8]


def preprocess(drawing: Drawing, *, pen_width: float = PEN_WIDTH) -> NDArray[np.uint8]:
    """Return the image (28, 28) of a drawing: 0 background, 255 ink; zeros if it is empty."""
    image: NDArray[np.uint8] = preprocess_all([drawing], [pen_width])[0]
    return image


def preprocess_all(
    drawings: Sequence[Drawing], pen_widths: Sequence[float] | None = None
) -> NDArray[np.uint8]:
    """Return the images (n, 28, 28) of n drawings, each with its own pen width if given.

    Each is the same to the bit as from `preprocess`, in less time; takes 60 KB an image.
    """
    pen_widths = pen_widths or [PEN_WIDTH] * len(drawings)
    lines = [fit(each, pen_width=w) for each, w in zip(drawings, pen_widths, strict=True)]
    images = np.zeros((len(lines), IMAGE_SIDE, IMAGE_SIDE), np.uint8)
    for image, box in zip(images, coverages(lines, BOX_SIDE, pen_widths), strict=True):
        image[:] = centre(stretch(box))
    return images


def trace_preprocessing(
    drawing: Drawing, steps: PreprocessingSteps = ALL_STEPS
) -> PreprocessingTrace:
    """Return a drawing after each step; with all steps its image is that of `preprocess`."""
    pen_width = PEN_WIDTH if steps.redraw else _canvas_pen_width(drawing, steps)
    transform = _fitted(drawing, pen_width) if steps.fit else _AS_DRAWN
    shares = coverage(transform.lines(drawing), transform.side, pen_width)
    box = _greys(shares)
    stretched = stretch(shares) if steps.stretch else box
    margin = (IMAGE_SIDE - len(box)) // 2
    return PreprocessingTrace(
        drawing=drawing,
        steps=steps,
        pen_width=pen_width / transform.scale,
        square=transform.square,
        box=box,
        stretched=stretched,
        image=centre(stretched) if steps.centre else np.pad(stretched, margin),
    )


def fit(drawing: Drawing, *, pen_width: float = PEN_WIDTH) -> list[NDArray[np.float64]]:
    """Return each stroke's points (n, 2) in pixels of a 20x20 box that the ink fills.

    The ink's longer side, pen included, becomes 20 pixels; the shorter one is centred.
    """
    return _fitted(drawing, pen_width).lines(drawing)


@dataclass(frozen=True, slots=True)
class _Transform:
    """Maps the canvas to a grid of `side` pixels: point * scale + shift.

    Points further off the canvas than `farthest`, in canvases, are moved nearer.
    """

    side: int
    scale: float
    shift: NDArray[np.float64]
    farthest: float = np.inf

    def lines(self, drawing: Drawing) -> list[NDArray[np.float64]]:
        """Return each stroke's points (n, 2) in pixels."""
        low, high = -self.farthest, 1 + self.farthest
        # Straight lines: the smooth curve that the canvas shows took twice as long and gave no
        # better accuracy on pen digits; see benchmarks/smooth_strokes.py.
        strokes = [stroke.points.clip(low, high) for stroke in drawing.strokes]
        return [points * self.scale + self.shift for points in strokes]

    @property
    def square(self) -> Square:
        """The part of the canvas that the grid shows."""
        left, top = (-self.shift / self.scale).tolist()
        return Square(left=left, top=top, side=self.side / self.scale)


# Long lines far off the canvas would take too much time.
_AS_DRAWN = _Transform(IMAGE_SIDE, float(IMAGE_SIDE), np.zeros(2), farthest=2.0)


def _fitted(drawing: Drawing, pen_width: float) -> _Transform:
    low, high = _bounds(drawing)
    scale = (BOX_SIDE - pen_width - 2 * _OFF_CENTRE) / _extent(low, high)
    return _Transform(BOX_SIDE, scale, BOX_SIDE / 2 + _OFF_CENTRE - scale * (low + high) / 2)


def _canvas_pen_width(drawing: Drawing, steps: PreprocessingSteps) -> float:
    """Return the width in pixels of the canvas pen's strokes without `redraw`."""
    if not steps.fit:
        return CANVAS_PEN_WIDTH * IMAGE_SIDE
    extent = _extent(*_bounds(drawing)) + CANVAS_PEN_WIDTH
    return CANVAS_PEN_WIDTH * (BOX_SIDE - 2 * _OFF_CENTRE) / extent


def _extent(low: NDArray[np.float64], high: NDArray[np.float64]) -> float:
    return max(float((high - low).max()), _SMALLEST_DRAWING)


def _bounds(drawing: Drawing) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the smallest and the largest x and y; those of the canvas for no strokes."""
    if not drawing:
        return np.zeros(2), np.ones(2)
    points = np.concatenate([stroke.points for stroke in drawing.strokes]).astype(np.float64)
    # Much faster than along an axis.
    along = points.T.copy()
    return np.array([each.min() for each in along]), np.array([each.max() for each in along])


def stretch(box: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Scale the greys so that the brightest pixel becomes 255; without ink, return zeros."""
    brightest = box.max(initial=0)
    return _greys(box, 255 / brightest if brightest > 0 else 0)


def _greys(shares: NDArray[np.float32], white: float = 255) -> NDArray[np.uint8]:
    greys: NDArray[np.uint8] = np.rint(shares * white).astype(np.uint8)
    return greys


def centre(box: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an image (28, 28) with the ink of a box (h, w), at most 28x28, centred by mass.

    It is shifted by whole pixels so that its centre of mass rounds to index 14 on both axes, or as
    near as keeps all ink in the image. None of MNIST's own images is moved by this. Source: C.
    Yadav and L. Bottou, Cold case: the lost MNIST digits, 2019.
    """
    image = np.zeros((IMAGE_SIDE, IMAGE_SIDE), np.uint8)
    if not box.any():
        return image
    rows, first_row = _placed(box.sum(axis=1, dtype=np.int64))
    columns, first_column = _placed(box.sum(axis=0, dtype=np.int64))
    ink = box[rows, columns]
    image[first_row : first_row + ink.shape[0], first_column : first_column + ink.shape[1]] = ink
    return image


def _placed(mass: NDArray[np.int64]) -> tuple[slice, int]:
    """Return the ink's slice of an axis, and the index in the image of its first pixel."""
    inked = np.flatnonzero(mass)
    first, end = int(inked[0]), int(inked[-1]) + 1
    total = int(mass.sum())
    moment = int(mass @ np.arange(len(mass)))
    # Integers, as MNIST rounds halves up: 13.5 becomes 14, 14.5 becomes 15.
    middle = (2 * moment + total) // (2 * total)
    start = first + MASS_CENTRE - middle
    return slice(first, end), min(max(start, 0), IMAGE_SIDE - (end - first))
