"""The ink on the canvas, kept as a picture so that a long drawing stays fast."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from mnist_gui.engine.drawing import Stroke
from mnist_gui.widgets.canvas.growing_stroke import GrowingStroke
from mnist_gui.widgets.canvas.ink_line import PIECE, WIDEST, paint_part, paint_stroke, places_on

INK = QColor("#ffffff")

# A curve between two points hangs on one more on either side, so a new point may still bend the
# last piece.
_LOOSE_POINTS = 2
_RECENT_POINTS = 4


class Ink:
    """White ink on nothing, `side` logical pixels wide and high; painted piece by piece."""

    def __init__(self) -> None:
        self._pixmap = QPixmap()
        self._side = 0
        self._ratio = 0.0
        # What is in the picture: whole strokes, and the next one up to this point.
        self._strokes = 0
        self._point = 0

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

    def paint(
        self, painter: QPainter, strokes: Sequence[Stroke], growing: GrowingStroke | None
    ) -> None:
        """Paint these strokes; those that were there last time, and are the same, take no time.

        The painter's origin is the corner of the ink.
        """
        so_far = None if growing is None else growing.stroke()
        self._complete(strokes, so_far, 0 if growing is None else growing.steady)
        painter.drawPixmap(0, 0, self._pixmap)
        if so_far is not None:
            paint_stroke(painter, so_far, self._side, INK, first=self._point)

    def surroundings(self, growing: GrowingStroke) -> QRect:
        """Return the logical pixels that a growing stroke's newest points can change."""
        # Once for each report of a pen: for so few numbers an array would take longer.
        xs, ys = zip(*growing.recent(_RECENT_POINTS).tolist(), strict=True)
        left, top, width, height = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
        # A curve keeps near its points: not further out than half of what they span.
        margin = max(width, height) / 2 + WIDEST
        side = self._side
        return QRectF(
            (left - margin) * side,
            (top - margin) * side,
            (width + 2 * margin) * side,
            (height + 2 * margin) * side,
        ).toAlignedRect()

    def _complete(self, strokes: Sequence[Stroke], growing: Stroke | None, steady: int) -> None:
        """Bring into the picture what is missing there, enough of it, and will stay as it is."""
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stroke in strokes[self._strokes :]:
            paint_stroke(painter, stroke, self._side, INK, first=self._point)
            self._point = 0
        self._strokes = len(strokes)
        last = steady - _LOOSE_POINTS
        if growing is not None and self._is_worth_it(growing, last):
            paint_part(painter, growing, self._side, INK, first=self._point, last=last)
            self._point = last
        painter.end()

    def _is_worth_it(self, growing: Stroke, last: int) -> bool:
        """Whether so much of a line is missing that painting it every time would take longer."""
        return last > self._point and places_on(growing, first=self._point, last=last) > PIECE
