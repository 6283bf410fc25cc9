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
        self._times: list[_Floats] = []
        self.duration = 0.0
        before = None
        for stroke in drawing.strokes:
            start = self.duration + (_pause(before, stroke) if before else 0.0)
            self._times.append(start + _point_times(stroke))
            self.duration, before = float(self._times[-1][-1]), stroke

    def at(self, seconds: float) -> Drawing:
        """Return what is drawn after `seconds`.

        A stroke in progress ends where the pen is, on the curve to its next point.
        """
        shown = []
        for stroke, times in zip(self._drawing.strokes, self._times, strict=True):
            if times[-1] <= seconds:
                shown.append(stroke)
            elif times[0] <= seconds or not shown:
                shown.append(_begun(stroke, times, seconds))
        return Drawing(tuple(shown))


def _point_times(stroke: Stroke) -> _Floats:
    """Return the seconds (n,) of each point since the stroke's first."""
    if stroke.times is None:
        steps = np.hypot(*np.diff(stroke.points.astype(np.float64), axis=0).T) / _SPEED
    else:
        steps = np.diff(stroke.times)
    return np.append(0.0, np.cumsum(np.minimum(steps, LONGEST_PAUSE)))


def _pause(before: Stroke, stroke: Stroke) -> float:
    if before.times is None or stroke.times is None:
        return _PAUSE
    return float(np.clip(stroke.times[0] - before.times[-1], 0, LONGEST_PAUSE))


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
