"""Drawings of other programs in JSON: Quick, Draw! and lists of points of signature pads.

Sources: https://github.com/googlecreativelab/quickdraw-dataset (a drawing a line, raw with times or
simplified), https://github.com/szimek/signature_pad (`toData`, and the lists of earlier versions),
https://github.com/brinley/jSignature (lists of x and of y for each stroke).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from mnist_gui.engine.drawing import LabelledDrawing, check_size
from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.foreign.raw import RawStroke, digit_label, drawing_on_canvas, numbers

_MILLISECONDS = 1_000.0
# x and y, perhaps with a time and a pressure; longer lists are the x of a whole stroke.
_LONGEST_POINT = 4


def parse_foreign(record: Any) -> LabelledDrawing | None:
    """Return the drawing in a value of JSON, None if it is not of a kind that is known here.

    Raises DrawingError for one that is, and is broken.
    """
    if isinstance(record, list) and is_pad_drawing(record):
        return drawing_on_canvas(_pad_strokes(record))
    if not isinstance(record, dict) or "strokes" in record:
        return None
    if isinstance(record.get("drawing"), list):
        strokes = map(_quick_draw_stroke, record["drawing"])
        return drawing_on_canvas(strokes, digit_label(record.get("word")))
    return drawing_on_canvas(_pad_strokes([record])) if _is_pad_stroke(record) else None


def is_pad_drawing(values: list[Any]) -> bool:
    """Whether a list is one drawing of a signature pad, and not a list of drawings."""
    first = next((value for value in values if value), None)
    if isinstance(first, list):
        return bool(first) and _is_point(first[0])
    return _is_pad_stroke(first) or _is_point(first)


def _is_pad_stroke(value: Any) -> bool:
    return isinstance(value, dict) and (
        isinstance(value.get("points"), list) or isinstance(value.get("x"), list)
    )


def _is_point(value: Any) -> bool:
    if isinstance(value, list):
        is_short = 2 <= len(value) <= _LONGEST_POINT
        return is_short and all(isinstance(number, (int, float)) for number in value)
    return isinstance(value, dict) and "x" in value and not isinstance(value["x"], list)


def _quick_draw_stroke(stroke: Any) -> RawStroke:
    if not isinstance(stroke, list) or len(stroke) not in (2, 3):
        raise DrawingError("quick-draw-stroke")
    return _stroke_of_lists(*stroke)


def _stroke_of_lists(xs: Any, ys: Any, milliseconds: Any = None) -> RawStroke:
    """Return a stroke whose x and y, and the times if there are any, are lists of their own."""
    # Lists of different lengths make no array.
    points = numbers([xs, ys])
    if points is None or points.ndim != 2:
        raise DrawingError("quick-draw-stroke")
    times = None if milliseconds is None else numbers(milliseconds)
    if times is not None and times.shape == points.shape[1:]:
        return RawStroke(points.T, times / _MILLISECONDS)
    return RawStroke(points.T)


def _pad_strokes(values: list[Any]) -> Iterator[RawStroke]:
    if any(_is_point(value) for value in values):
        values = [values]
    for value in values:
        if isinstance(value, dict) and isinstance(value.get("x"), list):
            yield _stroke_of_lists(value["x"], value.get("y"))
        else:
            yield _pad_stroke(value.get("points") if isinstance(value, dict) else value)


def _as_object(point: Any) -> Any:
    """Return a list of x, y and perhaps more as the object it stands for, all else as it is."""
    return dict(zip("xy", point, strict=False)) if isinstance(point, list) else point


def _pad_stroke(values: Any) -> RawStroke:
    if not isinstance(values, list):
        raise DrawingError("pad-points")
    check_size(len(values))
    values = [_as_object(value) for value in values]
    if not all(isinstance(value, dict) for value in values):
        raise DrawingError("pad-points")
    points = numbers([[value.get("x"), value.get("y")] for value in values])
    if points is None or (values and points.ndim != 2):
        raise DrawingError("pad-points")
    times = numbers([value.get("time") for value in values])
    return RawStroke(
        points.reshape(-1, 2),
        None if times is None else times / _MILLISECONDS,
        numbers([value.get("pressure", np.nan) for value in values]),
    )
