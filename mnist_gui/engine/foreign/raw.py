"""What drawings of other programs have in common: their own units, times and labels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnist_gui.engine.drawing import (
    Drawing,
    LabelledDrawing,
    Stroke,
    array_of_numbers,
    check_size,
    check_strokes,
)
from mnist_gui.engine.errors import DrawingError

_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# The ink's longer side becomes this much of the canvas.
_SHARE = 0.8
# In any unit; larger numbers would lose the digits that tell points apart.
_LARGEST = 1e9
_SMALLEST = 1e-300
# Seconds of any clock.
_LATEST = 1e15
_LONGEST_QUOTE = 20


@dataclass(frozen=True, slots=True, eq=False)
class RawStroke:
    """A stroke in units of another program, x to the right and y down.

    `points` (n, 2), `times` (n,) in seconds of any clock and `pressures` (n,) 0..1 where known.
    """

    points: NDArray[np.float64]
    times: NDArray[np.float64] | None = None
    pressures: NDArray[np.float64] | None = None


def drawing_on_canvas(strokes: Iterable[RawStroke], label: int | None = None) -> LabelledDrawing:
    """Return strokes as a drawing that fills the canvas; raises DrawingError.

    Times that go back, and pressures that are none, are left out.
    """
    some, count = list[RawStroke](), 0
    for stroke in strokes:
        count += len(stroke.points)
        check_size(count)
        if len(stroke.points):
            some.append(stroke)
            check_strokes(len(some))
    if not some:
        raise DrawingError("drawing-no-strokes")
    places, times = _fitted([stroke.points for stroke in some]), _seconds(some)
    pressures = [_pressures(stroke) for stroke in some]
    return LabelledDrawing(Drawing(tuple(map(Stroke, places, times, pressures))), label)


def within_canvas(drawing: Drawing) -> Drawing:
    """Return a drawing as it is, or fitted into the canvas if some of it lies beyond that."""
    points = [stroke.points for stroke in drawing.strokes]
    if all(((each >= 0) & (each <= 1)).all() for each in points):
        return drawing
    places = _fitted([each.astype(np.float64) for each in points])
    return Drawing(
        tuple(
            Stroke(place, stroke.times, stroke.pressures)
            for place, stroke in zip(places, drawing.strokes, strict=True)
        )
    )


def digit_label(word: Any) -> int | None:
    """Return the label in a word of another program, if that is a digit or its English name."""
    text = str(word).strip().lower() if isinstance(word, (str, int)) else ""
    if text in _NAMES:
        return _NAMES.index(text)
    return int(text) if len(text) == 1 and text in "0123456789" else None


def numbers(values: ArrayLike) -> NDArray[np.float64] | None:
    """Return finite numbers of any shape as an array; None if they are something else."""
    array = array_of_numbers(values)
    return array if array is not None and np.isfinite(array).all() else None


def quoted(text: str) -> str:
    """Return the beginning of a text from a file, to be put into a sentence."""
    return "".join(filter(str.isprintable, text.strip()[:_LONGEST_QUOTE]))


def check_places(numbers: NDArray[np.float64]) -> None:
    """Raise DrawingError if a number of any point is not finite or too large."""
    if not (np.abs(numbers) <= _LARGEST).all():
        raise DrawingError("stroke-point-too-far")


def _fitted(points: Sequence[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    whole = np.concatenate(points)
    check_places(whole)
    low, high = whole.min(axis=0), whole.max(axis=0)
    extent = float((high - low).max())
    scale = _SHARE / extent if extent > _SMALLEST else 0.0
    return [(each - (low + high) / 2) * scale + 0.5 for each in points]


def _seconds(strokes: Sequence[RawStroke]) -> list[NDArray[np.float64] | None]:
    """Return the seconds since the first point; None for all strokes if those go back."""
    known = [stroke.times for stroke in strokes if stroke.times is not None]
    times = np.concatenate(known) if len(known) == len(strokes) else np.array([-1.0, -2.0])
    is_known = (np.abs(times) <= _LATEST).all()
    if not is_known or (np.diff(times) < 0).any() or np.ptp(times) > _LARGEST:
        return [None] * len(strokes)
    return [each - times[0] for each in known]


def _pressures(stroke: RawStroke) -> NDArray[np.float64] | None:
    """Return a stroke's pressures; a mouse, which has none, is told of as 0 by some programs."""
    given = stroke.pressures
    if given is None or not ((given >= 0) & (given <= 1)).all() or not given.any():
        return None
    return given
