"""Drawings as values: strokes of points in the unit square, x to the right and y down."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnist_gui.engine.errors import DrawingError

CANVAS_PEN_WIDTH = 0.075
"""The canvas pen's width as a share of its side: about MNIST's strokes for a large digit."""

# Points further out than this are no pen's; it keeps every later sum finite.
_FARTHEST = 1e6


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One movement of the pen: points (n, 2) of x, y, float32, read-only; the canvas is 0..1.

    Points may lie outside the canvas. Raises DrawingError when there is no point, or one that is
    not two finite numbers.
    """

    points: NDArray[np.float32]

    def __init__(self, points: ArrayLike) -> None:
        try:
            given = np.asarray(points)
        except (TypeError, ValueError, OverflowError) as error:
            raise DrawingError("A stroke must be a list of [x, y] pairs of numbers.") from error
        if given.ndim != 2 or given.shape[1] != 2 or not len(given):
            raise DrawingError("A stroke must be a list of at least one [x, y] pair.")
        # Text and null would turn into numbers unasked.
        if given.dtype.kind not in "iuf":
            raise DrawingError("A stroke must be a list of [x, y] pairs of numbers.")
        if not np.all(np.abs(given.astype(np.float64)) <= _FARTHEST):
            raise DrawingError("A stroke has a point that is not finite or far off the canvas.")
        array = given.astype(np.float32)
        array.setflags(write=False)
        object.__setattr__(self, "points", array)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stroke) and np.array_equal(self.points, other.points)

    def __hash__(self) -> int:
        return hash(self.points.tobytes())


@dataclass(frozen=True, slots=True)
class Drawing:
    """The strokes on a canvas, in the order they were drawn."""

    strokes: tuple[Stroke, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.strokes)

    def with_stroke(self, stroke: Stroke) -> "Drawing":
        """Return this drawing and one more stroke."""
        return Drawing((*self.strokes, stroke))


@dataclass(frozen=True, slots=True)
class LabelledDrawing:
    """A drawing and the digit it is meant to be, if that is known."""

    drawing: Drawing
    label: int | None


def parse_drawing(record: Any) -> LabelledDrawing:
    """Read `{"strokes": [[[x, y], ...], ...], "label": 7}`; other keys are ignored.

    Raises DrawingError, saying what is wrong with it.
    """
    if not isinstance(record, dict) or not isinstance(record.get("strokes"), list):
        raise DrawingError('A drawing must be an object with a list "strokes".')
    if not record["strokes"]:
        raise DrawingError("The drawing has no strokes.")
    label = record.get("label")
    if label is not None and (type(label) is not int or not 0 <= label <= 9):
        raise DrawingError(f"The drawing's label is {label!r}; it must be a digit from 0 to 9.")
    return LabelledDrawing(Drawing(tuple(map(Stroke, record["strokes"]))), label)


def format_drawing(labelled: LabelledDrawing) -> str:
    """Write a drawing as one line of JSON that `parse_drawing` reads."""
    strokes = [_rounded(stroke.points) for stroke in labelled.drawing.strokes]
    record: dict[str, Any] = {"strokes": strokes}
    if labelled.label is not None:
        record["label"] = labelled.label
    return json.dumps(record, separators=(",", ":"))


def _rounded(points: Iterable[NDArray[np.float32]]) -> list[list[float]]:
    return [[round(float(x), 5), round(float(y), 5)] for x, y in points]
