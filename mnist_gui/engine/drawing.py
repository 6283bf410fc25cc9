"""Drawings: strokes of points in the unit square, x to the right and y down."""

import reprlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnist_gui.engine.errors import DrawingError

CANVAS_PEN_WIDTH = 0.075
"""The canvas pen's width, as a fraction of its side: about MNIST's for a large digit."""

DRAWING_SUFFIXES = (".jsonl", ".json", ".ndjson", ".inkml", ".svg")
"""How the names of files end that may hold drawings; other names are opened as well."""
MOST_POINTS = 100_000
"""A drawing of more points is not read from a file; a hand takes minutes to draw so many."""
MOST_STROKES = 10_000
"""A drawing of more strokes is not read from a file either."""

# Bounds that keep every later sum finite and exact enough: canvases, and seconds (30 years).
_FARTHEST = 1e6
_LATEST = 1e9
_NUMBERS = (int, float, np.number)
# NumPy holds Python's lock while it makes an array of a list.
_LONG_LIST = 5_000
_PIECE = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One movement of the pen: points (n, 2) of x, y, float32, read-only; the canvas is 0..1.

    Points may lie outside the canvas. `times` (n,) float64, where known, are seconds since the
    drawing's first point; `pressures` (n,) float32 are the pen's, 0..1, about 0.5 as a rule. The
    canvas shows pressure as the line's width; networks do not see it, as MNIST has none.

    Raises DrawingError for no point, for points that are not two finite numbers, and for times or
    pressures that do not fit the points.
    """

    points: NDArray[np.float32]
    times: NDArray[np.float64] | None
    pressures: NDArray[np.float32] | None

    def __init__(
        self,
        points: ArrayLike,
        times: ArrayLike | None = None,
        pressures: ArrayLike | None = None,
    ) -> None:
        checked = _checked_points(points)
        count = len(checked)
        # The dataclass is frozen.
        set_once = object.__setattr__
        set_once(self, "points", checked)
        set_once(self, "times", None if times is None else _checked_times(times, count))
        set_once(
            self, "pressures", None if pressures is None else _checked_pressures(pressures, count)
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Stroke)
            and np.array_equal(self.points, other.points)
            and _same(self.times, other.times)
            and _same(self.pressures, other.pressures)
        )

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

    @property
    def end(self) -> float:
        """When the last point was drawn, in seconds since the first; 0 if not known."""
        ends = (float(stroke.times[-1]) for stroke in self.strokes if stroke.times is not None)
        return max(ends, default=0.0)


@dataclass(frozen=True, slots=True)
class LabelledDrawing:
    """A drawing and its label, if that is known."""

    drawing: Drawing
    label: int | None


def part_on_canvas(
    start: tuple[float, float], end: tuple[float, float]
) -> tuple[float, float] | None:
    """Return the part of a straight line that lies on the canvas, as two fractions of its length.

    None if no more than a point of it does. Source: Y.-D. Liang and B. A. Barsky, A new concept
    and method for line clipping, 1984.
    """
    first, last = 0.0, 1.0
    for here, there in zip(start, end, strict=True):
        step = there - here
        if step:
            near, far = sorted((-here / step, (1 - here) / step))
            first, last = max(first, near), min(last, far)
        elif not 0 <= here <= 1:
            return None
    return (first, last) if first < last else None


def parse_drawing(record: Any) -> LabelledDrawing:
    """Read `{"strokes": [[[x, y], ...], ...], "label": 7}`; unknown keys are ignored.

    Optional `"times"` and `"pressures"` have a list of numbers, or null, for each stroke. Raises
    DrawingError.
    """
    if not isinstance(record, dict) or not isinstance(record.get("strokes"), list):
        raise DrawingError("drawing-no-object")
    strokes = record["strokes"]
    if not strokes:
        raise DrawingError("drawing-no-strokes")
    label = record.get("label")
    if label is not None:
        label = parse_label(label)
    check_strokes(len(strokes))
    check_size(sum(len(each) for each in strokes if isinstance(each, list)))
    times, pressures = (
        _for_each_stroke(record, name, len(strokes)) for name in ("times", "pressures")
    )
    drawing = Drawing(tuple(map(Stroke, strokes, times, pressures)))
    _check_order(drawing)
    return LabelledDrawing(drawing, label)


def check_size(count: int) -> None:
    """Raise DrawingError if so many points are too much for one drawing."""
    if count > MOST_POINTS:
        raise DrawingError("drawing-too-many-points", most=MOST_POINTS)


def check_strokes(count: int) -> None:
    """Raise DrawingError if so many strokes are too many for one drawing."""
    if count > MOST_STROKES:
        raise DrawingError("drawing-too-many-strokes", most=MOST_STROKES)


def parse_label(value: Any) -> int:
    """Return a label if it is a digit from 0 to 9; raises DrawingError."""
    if type(value) is int and 0 <= value <= 9:
        return value
    # repr() may fail for a deeply nested list.
    raise DrawingError("drawing-label", label=f"{reprlib.repr(value):.40}")


def drawing_record(labelled: LabelledDrawing) -> dict[str, Any]:
    """Return a drawing as what msgspec encodes, and `parse_drawing` reads."""
    strokes = labelled.drawing.strokes
    record: dict[str, Any] = {"strokes": [_encoded(stroke.points, 5) for stroke in strokes]}
    if any(stroke.times is not None for stroke in strokes):
        record["times"] = [_encoded(stroke.times, 4) for stroke in strokes]
    if any(stroke.pressures is not None for stroke in strokes):
        record["pressures"] = [_encoded(stroke.pressures, 3) for stroke in strokes]
    if labelled.label is not None:
        record["label"] = labelled.label
    return record


def _encoded(values: NDArray[Any] | None, decimals: int) -> Any:
    """Return numbers or pairs of numbers, rounded and encoded; None for None.

    In pieces: making, encoding and forgetting a long list each hold Python's lock all the time.
    """
    import msgspec

    if values is None:
        return None
    pieces = [
        msgspec.json.encode(_rounded(values[start : start + _PIECE], decimals))[1:-1]
        for start in range(0, len(values), _PIECE)
    ]
    return msgspec.Raw(b"[" + b",".join(pieces) + b"]")


def _rounded(values: NDArray[Any], decimals: int) -> list[Any]:
    if values.ndim == 1:
        return [round(value, decimals) for value in values.tolist()]
    return [[round(x, decimals), round(y, decimals)] for x, y in values.tolist()]


def format_drawing(labelled: LabelledDrawing) -> str:
    """Return a drawing as one line of JSON that `parse_drawing` reads."""
    import msgspec

    return msgspec.json.encode(drawing_record(labelled)).decode()


def array_of_numbers(values: ArrayLike) -> NDArray[np.float64] | None:
    """Return numbers of any shape, finite or not, as an array; None if they are something else."""
    if isinstance(values, list) and len(values) > _LONG_LIST:
        starts = range(0, len(values), _LONG_LIST)
        parts = [array_of_numbers(values[start : start + _LONG_LIST]) for start in starts]
        known = [part for part in parts if part is not None]
        is_even = len({part.shape[1:] for part in known}) == 1
        return np.concatenate(known) if is_even and len(known) == len(parts) else None
    try:
        # Beside a text, NumPy would turn all numbers into texts as long as the longest.
        given = values if isinstance(values, np.ndarray) else np.array(values, dtype=object)
        kinds = set(map(type, given.ravel().tolist())) if given.dtype.kind == "O" else set()
        if not all(issubclass(kind, _NUMBERS) and kind is not bool for kind in kinds):
            return None
        return given.astype(np.float64) if given.dtype.kind in "iufO" else None
    except (TypeError, ValueError, OverflowError):
        return None


def _checked_points(points: ArrayLike) -> NDArray[np.float32]:
    given = array_of_numbers(points)
    if given is None:
        raise DrawingError("stroke-points")
    if given.ndim != 2 or given.shape[1] != 2 or not len(given):
        raise DrawingError("stroke-no-pairs")
    if not (np.abs(given) <= _FARTHEST).all():
        raise DrawingError("stroke-point-too-far")
    # Adding 0 turns -0 into 0, so that equal points have equal hashes.
    array: NDArray[np.float32] = given.astype(np.float32) + np.float32(0)
    array.setflags(write=False)
    return array


def _checked_times(times: ArrayLike, count: int) -> NDArray[np.float64]:
    seconds = _checked_numbers(times, count, "times")
    if not ((seconds >= 0) & (seconds <= _LATEST)).all():
        raise DrawingError("stroke-times-bounds")
    if (seconds[1:] < seconds[:-1]).any():
        raise DrawingError("stroke-times-go-back")
    return seconds


def _checked_pressures(pressures: ArrayLike, count: int) -> NDArray[np.float32]:
    shares = _checked_numbers(pressures, count, "pressures")
    if not ((shares >= 0) & (shares <= 1)).all():
        raise DrawingError("stroke-pressures-bounds")
    array: NDArray[np.float32] = shares.astype(np.float32)
    array.setflags(write=False)
    return array


def _checked_numbers(values: ArrayLike, count: int, name: str) -> NDArray[np.float64]:
    """Return a read-only copy (n,) of one number for each point, finite or not."""
    given = array_of_numbers(values)
    if given is None or given.ndim != 1:
        raise DrawingError("stroke-no-numbers", name=name)
    if len(given) != count:
        raise DrawingError("stroke-counts-differ", name=name, points=count, found=len(given))
    array: NDArray[np.float64] = given + 0.0
    array.setflags(write=False)
    return array


def _for_each_stroke(record: dict[str, Any], name: str, count: int) -> list[Any]:
    """Return a drawing's value of this name for each of its strokes; None where there is none."""
    values = record.get(name)
    if values is None:
        return [None] * count
    if not isinstance(values, list):
        raise DrawingError("drawing-no-lists", name=name)
    if len(values) != count:
        raise DrawingError("drawing-counts-differ", name=name, strokes=count, found=len(values))
    return values


def _check_order(drawing: Drawing) -> None:
    """Refuse strokes that begin before an earlier one ends: there is one pen."""
    end = 0.0
    for number, stroke in enumerate(drawing.strokes, start=1):
        if stroke.times is None:
            continue
        if stroke.times[0] < end:
            raise DrawingError("stroke-too-early", number=number)
        end = float(stroke.times[-1])


def _same(left: NDArray[Any] | None, right: NDArray[Any] | None) -> bool:
    return left is right if left is None or right is None else np.array_equal(left, right)
