"""Ink on the canvas: smooth lines as wide as the pen presses."""

from collections.abc import Iterable, Sequence
from time import thread_time

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from mnist_gui.engine.drawing import CANVAS_PEN_WIDTH, Stroke
from mnist_gui.engine.stroke_smoothing import PIECE, curve_parameters, curve_pieces, curve_points
from mnist_gui.gui.common.images import INK_COLOUR
from mnist_gui.gui.drawing.document import StrokeInProgress

# The lightest touch is half as wide as a hand at ease, the firmest half as wide again.
_LIGHTEST = 0.5

WIDEST = CANVAS_PEN_WIDTH * (1 + _LIGHTEST)
"""The width of the firmest line, as a share of the canvas' side."""

# A drawing of many thousand points is painted in several turns of the event loop, each of so many
# pieces at least, and no more once the thread has worked for so long.
_LEAST_PIECES = 2
_TURN_SECONDS = 0.01
# Of so many points at a time the curve is computed.
_SECTION = 2_000
# A curve between two points hangs on one more on either side, so a new point may still bend the
# last piece.
_LOOSE_POINTS = 2
_RECENT_POINTS = 4
# Painting one long polyline takes longer than painting its pieces.
_SHORT_PIECE = 16
# Points nearer than this many pixels, or this fraction of the pen, look like one.
_FINEST = 0.5
_FINEST_OF_PEN = 1 / 8
# Small pictures show so many strokes, and points of all of them; fewer where there are more points
# than a hand draws.
_MOST_STROKES, _MOST_POINTS = 60, 600
_FEW_STROKES, _FEW_POINTS = 40, 240
_MOST_OF_A_HAND = 10_000
# So many times as many points of a stroke are looked at for those that look like one.
_LOOKED_AT = 40
_GOLDEN = 0.618034


def paint_stroke(
    painter: QPainter, stroke: Stroke, side: float, colour: QColor, *, first: int = 0
) -> None:
    """Paint a stroke from its point `first` on, on a canvas with this side."""
    paint_part(painter, stroke, side, colour, first=first, last=len(stroke.points) - 1)


def paint_part(
    painter: QPainter, stroke: Stroke, side: float, colour: QColor, *, first: int, last: int
) -> None:
    """Paint a stroke between two of its points, as it is within the whole of it."""
    for places in curve_pieces(stroke.points, first, last):
        _paint_piece(painter, stroke, side, colour, places)


def _paint_piece(
    painter: QPainter, stroke: Stroke, side: float, colour: QColor, places: NDArray[np.float64]
) -> None:
    """Paint a stroke at these parameters of its curve."""
    # In pixels: a painter scaled to the unit square makes oblongs of single points.
    line = [QPointF(x, y) for x, y in (curve_points(stroke.points, places) * side).tolist()]
    if stroke.pressures is None:
        painter.setPen(_pen(colour, CANVAS_PEN_WIDTH * side))
        _paint_line(painter, line)
        return
    pressures = np.interp(places, np.arange(len(stroke.pressures)), stroke.pressures)
    widths = CANVAS_PEN_WIDTH * (_LIGHTEST + pressures) * side
    if len(line) == 1:
        line.append(line[0])
    for start, end, width in zip(line, line[1:], widths.tolist(), strict=False):
        painter.setPen(_pen(colour, width))
        _paint_line(painter, [start, end] if start != end else [start])


def paint_strokes(
    painter: QPainter, strokes: Iterable[Stroke], place: QRectF, pen_width: float, colour: QColor
) -> None:
    """Paint strokes as polygons on a square canvas; the pen width is a fraction of its side."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(_pen(colour, pen_width * place.width()))
    drawn = list(strokes)
    is_of_a_hand = sum(len(stroke.points) for stroke in drawn) <= _MOST_OF_A_HAND
    most_strokes = _MOST_STROKES if is_of_a_hand else _FEW_STROKES
    points = _MOST_POINTS if is_of_a_hand else _FEW_POINTS
    drawn = drawn[:: len(drawn) // most_strokes + 1]
    # Of one stroke, half of them are enough.
    most = points // max(len(drawn), 2)
    for stroke in drawn:
        _paint_line(painter, _places(stroke, place, pen_width, most), _SHORT_PIECE)
    painter.restore()


def _places(stroke: Stroke, place: QRectF, pen_width: float, most: int) -> list[QPointF]:
    points = _some(stroke.points, _LOOKED_AT * most) * np.float32(place.width())
    finest = max(_FINEST, _FINEST_OF_PEN * pen_width * place.width())
    moved = np.any(np.diff(np.rint(points / finest), axis=0), axis=1)
    kept = points[np.concatenate(([True], moved))]
    return [QPointF(place.x() + x, place.y() + y) for x, y in _some(kept, most).tolist()]


def _some(points: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """Return so many of the points (n, 2) at most, both ends among them, in their order.

    They are about evenly spread, but in steps that fit no zigzag: every tenth point of one may lie
    in the same corner.
    """
    if len(points) <= most:
        return points
    places = (np.arange(most - 1) * _GOLDEN % 1 * len(points)).astype(np.int64)
    some: NDArray[np.float32] = points[np.append(np.sort(places), len(points) - 1)]
    return some


def _paint_line(painter: QPainter, line: list[QPointF], piece: int = PIECE) -> None:
    if len(line) == 1:
        painter.drawPoint(line[0])
    for start in range(0, len(line) - 1, piece):
        painter.drawPolyline(line[start : start + piece + 1])


def _pen(colour: QColor, width: float) -> QPen:
    solid, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(colour, width, solid, cap, join)


class Ink:
    """Ink on nothing, `side` logical pixels wide and high; painted piece by piece."""

    def __init__(self, colour: QColor = INK_COLOUR) -> None:
        self._colour = colour
        self._pixmap = QPixmap()
        self._side = 0
        self._ratio = 0.0
        # What is in the picture: whole strokes, and the next one up to this point.
        self._strokes = 0
        self._point = 0
        # What is missing of that stroke's section from there on, in pieces, the last first.
        self._missing = list[NDArray[np.float64]]()
        # How many pieces this turn has painted, and when it ends.
        self._painted, self._end = 0, 0.0
        self.is_complete = True
        """Whether the last `paint` had the time for all strokes; else it goes on next time."""

    def fit(self, side: int, ratio: float) -> None:
        """Take on a size and a ratio of device to logical pixels."""
        if (side, ratio) == (self._side, self._ratio):
            return
        self._side, self._ratio = side, ratio
        pixels = max(1, round(side * ratio))
        self._pixmap = QPixmap(pixels, pixels)
        self._pixmap.setDevicePixelRatio(ratio)
        self.forget()

    def forget(self) -> None:
        """Take all ink away; the next `paint` paints all strokes anew."""
        self._pixmap.fill(Qt.GlobalColor.transparent)
        self._strokes = self._point = 0
        self._missing.clear()
        self.is_complete = True

    def paint(
        self,
        painter: QPainter,
        strokes: Sequence[Stroke],
        growing: StrokeInProgress | None,
        *,
        waits: bool = False,
    ) -> None:
        """Paint these strokes; those that were there last time, and are the same, take no time.

        What the last `paint` had no time for is left to a later one where this one `waits`. The
        painter's origin is the corner of the ink.
        """
        so_far = None if growing is None else growing.stroke()
        if self.is_complete or not waits:
            self._complete(strokes, so_far, 0 if growing is None else growing.steady)
        painter.drawPixmap(0, 0, self._pixmap)
        if so_far is not None:
            first = self._point if self.is_complete else 0
            paint_stroke(painter, so_far, self._side, self._colour, first=first)

    def surroundings(self, growing: StrokeInProgress) -> QRect:
        """Return the logical pixels that a growing stroke's newest points can change."""
        # Once for each report of a pen: for so few numbers an array would take longer.
        xs, ys = zip(*growing.recent(_RECENT_POINTS).tolist(), strict=True)
        corner, far = QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys))
        # A curve keeps near its points: not further out than half of what they span.
        margin = max((far - corner).toTuple()) / 2 + WIDEST
        around = QPointF(margin, margin)
        return QRectF((corner - around) * self._side, (far + around) * self._side).toAlignedRect()

    def _complete(self, strokes: Sequence[Stroke], growing: Stroke | None, steady: int) -> None:
        """Bring into the picture what is missing there, enough of it, and will stay as it is."""
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painted, self._end = 0, thread_time() + _TURN_SECONDS
        self.is_complete = all(self._finish(painter, each) for each in strokes[self._strokes :])
        last = steady - _LOOSE_POINTS
        if self.is_complete and growing is not None and self._is_long(growing, last):
            paint_part(painter, growing, self._side, self._colour, first=self._point, last=last)
            self._point = last
        painter.end()

    def _finish(self, painter: QPainter, stroke: Stroke) -> bool:
        """Paint what is missing of the next stroke; False where it is too late for all of it."""
        last = len(stroke.points) - 1
        while True:
            until = min(self._point + _SECTION, last)
            if not self._missing:
                self._missing = curve_pieces(stroke.points, self._point, until)[::-1]
            while self._missing:
                if self._painted >= _LEAST_PIECES and thread_time() > self._end:
                    return False
                _paint_piece(painter, stroke, self._side, self._colour, self._missing.pop())
                self._painted += 1
            self._point = until
            if until == last:
                break
        self._strokes, self._point = self._strokes + 1, 0
        return True

    def _is_long(self, growing: Stroke, last: int) -> bool:
        """Whether so much of a line is missing that painting it every time would take longer."""
        if last <= self._point:
            return False
        return len(curve_parameters(growing.points, self._point, last)) > PIECE
