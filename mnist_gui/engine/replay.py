"""Replay a drawing in the pen's own time, and trace what is read meanwhile."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.geometry import curve_at, places_between

_Floats: TypeAlias = NDArray[np.float64]

LONGEST_PAUSE = 1.0
"""Seconds that the pen rests at most, on the canvas or over it, however long it once did."""

# Where times are not known: an easy hand's pace, in canvases a second, and its rest in seconds.
_PACE = 1.5
_REST = 0.3


class Replay:
    """The pace at which a drawing is drawn again: the one it was drawn at, where that is known.

    Strokes without times are drawn at an even pace. `duration` is in seconds from the first
    point, which is there at once, to the last.
    """

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._times: list[_Floats] = []
        now, before = 0.0, None
        for stroke in drawing.strokes:
            if self._times:
                now += _pause(before, stroke)
            self._times.append(now + _paces(stroke))
            now, before = float(self._times[-1][-1]), stroke
        self.duration = now

    def at(self, seconds: float) -> Drawing:
        """Return what is drawn so many seconds after the beginning; all of it at the end.

        A stroke that is under way ends where the pen is, on the curve to its next point.
        """
        shown = []
        for stroke, times in zip(self._drawing.strokes, self._times, strict=True):
            if times[-1] <= seconds:
                shown.append(stroke)
            elif times[0] <= seconds or not shown:
                shown.append(_begun(stroke, times, seconds))
        return Drawing(tuple(shown))


def _paces(stroke: Stroke) -> _Floats:
    """Return each point's seconds (n,) since the stroke's first."""
    if stroke.times is None:
        lengths = np.hypot(*np.diff(stroke.points.astype(np.float64), axis=0).T)
        steps = lengths / _PACE
    else:
        steps = np.diff(stroke.times)
    return np.append(0.0, np.cumsum(np.minimum(steps, LONGEST_PAUSE)))


def _pause(before: Stroke | None, stroke: Stroke) -> float:
    if before is None or before.times is None or stroke.times is None:
        return _REST
    return float(np.clip(stroke.times[0] - before.times[-1], 0, LONGEST_PAUSE))


def _begun(stroke: Stroke, times: _Floats, seconds: float) -> Stroke:
    """Return the first part of a stroke whose last point is yet to come."""
    count = max(1, int(np.searchsorted(times, seconds, side="right")))
    pressures = None if stroke.pressures is None else stroke.pressures[:count]
    share = (seconds - times[count - 1]) / (times[count] - times[count - 1])
    if share <= 0:
        return Stroke(stroke.points[:count], pressures=pressures)
    tip = _way(stroke, count - 1, share)
    if pressures is not None:
        pressures = np.append(pressures, pressures[-1])
    return Stroke(np.append(stroke.points[:count], tip, axis=0), pressures=pressures)


def _way(stroke: Stroke, point: int, share: float) -> _Floats:
    """Return where (1, 2) the pen is after so much of its way from a point to the next."""
    places = places_between(stroke.points, point, point + 1)
    lengths = np.hypot(*np.diff(curve_at(stroke.points, places), axis=0).T)
    gone = np.append(0.0, np.cumsum(lengths))
    return curve_at(stroke.points, [np.interp(share * gone[-1], gone, places)])


@dataclass(frozen=True, slots=True, eq=False)
class PredictionTrace:
    """Readings of an unfinished drawing, in the order of its growth.

    `duration` is the whole drawing's, in seconds; `seconds` (n,) float64 are the moments at which
    it was read, and `probabilities` (n, 10) float32 what was read.
    """

    duration: float
    seconds: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    probabilities: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 10), "f4"))

    def with_reading(self, seconds: float, probabilities: NDArray[np.float32]) -> "PredictionTrace":
        """Return this trace and what was read at one more moment, not before the last."""
        return PredictionTrace(
            self.duration,
            np.append(self.seconds, seconds),
            np.append(self.probabilities, probabilities[np.newaxis], axis=0),
        )

    def digits(self, least: float) -> list[int]:
        """Return the digits that were ever so likely, the one that is likeliest last at the end."""
        if not len(self.seconds):
            return []
        ever = np.flatnonzero(self.probabilities.max(axis=0) >= least)
        return sorted(ever.tolist(), key=lambda digit: float(self.probabilities[-1, digit]))
