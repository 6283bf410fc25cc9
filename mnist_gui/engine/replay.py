"""Replay a drawing at the pen's speed, and collect the predictions of it while it grows."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.stroke_smoothing import curve_parameters, curve_points

_Floats: TypeAlias = NDArray[np.float64]

LONGEST_PAUSE = 1.0
"""The longest pause of the pen in a replay, in seconds, on the canvas or above it."""

# For strokes without times: canvases a second, and seconds between two strokes.
_SPEED = 1.5
_PAUSE = 0.3


class Replay:
    """A drawing as it grows, at the speed it was drawn at; even if times are unknown.

    `duration` is the time in seconds from the first point, shown at once, to the last.
    """

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        counts = [len(stroke.points) for stroke in drawing.strokes]
        # The seconds of all points, one stroke after the other, and where each stroke ends.
        self._times = _point_times(drawing)
        self._ends = np.cumsum(counts, dtype=np.int64)
        self.duration = float(self._times[-1]) if counts else 0.0

    def at(self, seconds: float) -> Drawing:
        """Return what is drawn after `seconds`.

        A stroke in progress ends where the pen is, on the curve to its next point.
        """
        strokes = self._drawing.strokes
        complete = int(np.searchsorted(self._times[self._ends - 1], seconds, side="right"))
        shown = strokes[:complete]
        if complete < len(strokes):
            times = self._times[self._ends[complete - 1] if complete else 0 : self._ends[complete]]
            if times[0] <= seconds or not shown:
                shown = (*shown, _begun(strokes[complete], times, seconds))
        return Drawing(shown)


def _point_times(drawing: Drawing) -> _Floats:
    """Return the seconds (n,) of each point of all strokes since the first."""
    strokes = drawing.strokes
    if not strokes:
        return np.empty(0)
    points = np.concatenate([stroke.points for stroke in strokes]).astype(np.float64)
    # Of a stroke without times they are not known.
    known = [
        np.full(len(stroke.points), np.nan) if stroke.times is None else stroke.times
        for stroke in strokes
    ]
    by_clock = np.diff(np.concatenate(known))
    by_length = np.hypot(*np.diff(points, axis=0).T) / _SPEED
    starts = np.cumsum([len(stroke.points) for stroke in strokes[:-1]], dtype=np.int64)
    by_length[starts - 1] = _PAUSE
    steps = np.where(np.isnan(by_clock), by_length, by_clock)
    return np.append(0.0, np.cumsum(np.clip(steps, 0, LONGEST_PAUSE)))


def _begun(stroke: Stroke, times: _Floats, seconds: float) -> Stroke:
    """Return the part of a stroke in progress that is drawn by now."""
    count = max(1, int(np.searchsorted(times, seconds, side="right")))
    pressures = None if stroke.pressures is None else stroke.pressures[:count]
    share = (seconds - times[count - 1]) / (times[count] - times[count - 1])
    if share <= 0:
        return Stroke(stroke.points[:count], pressures=pressures)
    tip = _point_between(stroke, count - 1, share)
    if pressures is not None:
        pressures = np.append(pressures, pressures[-1])
    return Stroke(np.append(stroke.points[:count], tip, axis=0), pressures=pressures)


def _point_between(stroke: Stroke, point: int, share: float) -> _Floats:
    """Return the pen's position (1, 2) after a fraction of the curve from a point to the next."""
    places = curve_parameters(stroke.points, point, point + 1)
    lengths = np.hypot(*np.diff(curve_points(stroke.points, places), axis=0).T)
    gone = np.append(0.0, np.cumsum(lengths))
    return curve_points(stroke.points, [np.interp(share * gone[-1], gone, places)])


@dataclass(frozen=True, slots=True, eq=False)
class PredictionTrace:
    """The predictions of a drawing while it grows.

    `duration` is that of the whole drawing; `seconds` (n,) float64 are the times of the
    predictions, `probabilities` (n, 10) float32.
    """

    duration: float
    seconds: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    probabilities: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 10), "f4"))

    def with_prediction(
        self, seconds: float, probabilities: NDArray[np.float32]
    ) -> "PredictionTrace":
        """Return this trace with one more prediction, not earlier than the last."""
        return PredictionTrace(
            self.duration,
            np.append(self.seconds, seconds),
            np.append(self.probabilities, probabilities[np.newaxis], axis=0),
        )

    def digits(self, least: float) -> list[int]:
        """Return the digits that ever had this probability, sorted by their last, highest last."""
        if not len(self.seconds):
            return []
        ever = np.flatnonzero(self.probabilities.max(axis=0) >= least)
        return sorted(ever.tolist(), key=lambda digit: float(self.probabilities[-1, digit]))
