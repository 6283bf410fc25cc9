"""The reliability diagram: how probable answers are, and how often they are right."""

from math import log10

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.calibration import BINS, Honesty, Reliability
from mnist_gui.engine.prediction import wilson_interval
from mnist_gui.gui.calibration.text import CalibrationText
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.diverging import diverging_colormap
from mnist_gui.gui.common.labels import count, percent, tabular
from mnist_gui.gui.common.qt import Announcer, named, never_mirrored
from mnist_gui.gui.common.theme import blend

RAW, CALIBRATED = range(2)
_DOT = 4.5
_GAP = 6
# Of the height that both have together.
_BARS_SHARE = 0.2
_SMALLEST, _USUAL, _LARGEST = 220, 380, 760
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


def series_colour(palette: QPalette, series: int) -> QColor:
    """Return the colour of the raw or the calibrated probabilities."""
    colours = diverging_colormap(palette)
    return QColor(colours.negative if series == RAW else colours.positive)


def paint_mark(painter: QPainter, at: QPointF, colour: QColor, series: int) -> None:
    """Paint the mark of a bin: a hollow square of raw probabilities, a dot of calibrated ones."""
    painter.setPen(QPen(colour, 1.6))
    if series == RAW:
        painter.setBrush(painter.background())
        painter.drawRect(QRectF(at.x() - _DOT, at.y() - _DOT, 2 * _DOT, 2 * _DOT))
    else:
        painter.setBrush(colour)
        painter.drawEllipse(at, _DOT, _DOT)


class ReliabilityDiagram(QWidget):
    """A mark for each bin of answers, with its 95 % interval; beneath, how many they are.

    The pointer or the arrow keys walk from bin to bin; `bin_told` carries what is to be said of the
    one that is looked at, "" for none.
    """

    bin_told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._series: tuple[Reliability, ...] = ()
        self._words = CalibrationText(self)
        self._announcer = Announcer(self)
        self.bin: int | None = None
        is_to_be(self, QAccessible.Role.Chart)
        tip = self.tr("Point at it, or walk with the arrow keys, to read the numbers of a bin.")
        named(self, "reliability_diagram", self.tr("Reliability diagram"), tip)
        never_mirrored(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFont(tabular(self.font()))
        expanding = QSizePolicy.Policy.Expanding
        self.setSizePolicy(expanding, expanding)

    def show_honesty(self, raw: Honesty, calibrated: Honesty | None) -> None:
        """Show probabilities without a temperature, and with it if there is one."""
        both = (raw, calibrated) if calibrated is not None else (raw,)
        self._series = tuple(each.reliability for each in both)
        self._look_at(self.bin)

    def sizeHint(self) -> QSize:
        """Return the size in which the dots can be told apart."""
        return QSize(_USUAL, _USUAL + self._around().height())

    def minimumSizeHint(self) -> QSize:
        """Return the size in which it can still be read."""
        return QSize(_SMALLEST + self._around().width(), _SMALLEST + self._around().height())

    # --- looking at a bin ----------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the bin under the pointer."""
        square = self.square()
        place = int((event.position().x() - square.left()) / square.width() * BINS)
        self._look_at(place if 0 <= place < BINS else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell no bin, unless it has the focus."""
        super().leaveEvent(event)
        if not self.hasFocus():
            self._look_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin with the last bin, which mostly has most images."""
        super().focusInEvent(event)
        if self.bin is None:
            self._look_at(BINS - 1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell no bin."""
        super().focusOutEvent(event)
        self._look_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from bin to bin; Home and End go to the first and the last one."""
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: BINS - 1}
        key = Qt.Key(event.key())
        if key in ends:
            self._look_at(ends[key])
        elif key in _STEPS:
            before = BINS - 1 if self.bin is None else self.bin
            self._look_at(min(max(before + _STEPS[key], 0), BINS - 1))
        else:
            super().keyPressEvent(event)
            return
        self._announcer.say(self.accessibleDescription())

    def _look_at(self, place: int | None) -> None:
        self.bin = place
        words = "" if place is None else self._words.bin(self._series, place)
        self.setAccessibleDescription(words or self.toolTip())
        self.bin_told.emit(words)
        self.update()

    # --- where things are ----------------------------------------------------------------------

    def square(self) -> QRectF:
        """Return where the dots are: from 0 to 100 % both ways."""
        around = self._around()
        side = min(self.width() - around.width(), self.height() - around.height(), _LARGEST)
        left = self.fontMetrics().horizontalAdvance("10,000") + 2 * _GAP
        return QRectF(left, self.fontMetrics().height() + 2 * _GAP, side, side * (1 - _BARS_SHARE))

    def bars(self) -> QRectF:
        """Return where the bars are, beneath the dots."""
        square, line = self.square(), self.fontMetrics().height()
        top = square.bottom() + line + 2 * _GAP
        return QRectF(square.left(), top, square.width(), square.width() * _BARS_SHARE)

    def _around(self) -> QSize:
        """Return the room for what stands around dots and bars."""
        metrics = self.fontMetrics()
        widest = metrics.horizontalAdvance("10,000") + metrics.horizontalAdvance("100 %") // 2
        return QSize(widest + 3 * _GAP, 4 * metrics.height() + 6 * _GAP)

    def point(self, probability: float, accuracy: float) -> QPointF:
        """Return where the dot of a probability and an accuracy is."""
        square = self.square()
        return QPointF(
            square.left() + probability * square.width(),
            square.bottom() - accuracy * square.height(),
        )

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint axes, the line of honesty, bars and dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setBackground(self.palette().color(QPalette.ColorRole.Base))
        painter.setFont(self.font())
        self._paint_ground(painter)
        self._paint_axes(painter)
        self._paint_counts(painter)
        for series, found in enumerate(self._series):
            self._paint_bars(painter, series, found)
            self._paint_dots(painter, series, found)
        painter.end()

    def _colour(self, role: QPalette.ColorRole) -> QColor:
        return self.palette().color(role)

    def _paint_ground(self, painter: QPainter) -> None:
        """Paint both grounds, the bin that is looked at, and which side of the line means what."""
        roles, square = QPalette.ColorRole, self.square()
        for place in (square, self.bars()):
            painter.fillRect(place, self._colour(roles.Base))
            if self.bin is not None:
                width = place.width() / BINS
                shade = blend(self._colour(roles.Base), self._colour(roles.Accent), 0.18)
                left = place.left() + self.bin * width
                painter.fillRect(QRectF(left, place.top(), width, place.height()), shade)
        painter.setPen(QPen(self._colour(roles.PlaceholderText), 1, Qt.PenStyle.DashLine))
        painter.drawLine(self.point(0, 0), self.point(1, 1))
        inside = square.adjusted(2 * _GAP, _GAP, -2 * _GAP, -_GAP)
        sides = Qt.AlignmentFlag
        painter.drawText(inside, sides.AlignLeft | sides.AlignTop, self.tr("too modest"))
        painter.drawText(inside, sides.AlignRight | sides.AlignBottom, self.tr("too sure"))

    def _paint_axes(self, painter: QPainter) -> None:
        roles, square, bars = QPalette.ColorRole, self.square(), self.bars()
        sides, line = Qt.AlignmentFlag, self.fontMetrics().height()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._colour(roles.Mid), 1))
        painter.drawRect(square)
        painter.drawRect(bars)
        painter.setPen(self._colour(roles.WindowText))
        for share in (0.0, 0.5, 1.0):
            at, text = self.point(share, share), percent(share, 0)
            left = QRectF(_GAP, at.y() - line / 2, square.left() - 2 * _GAP, line)
            painter.drawText(left, sides.AlignRight | sides.AlignVCenter, text)
            below = QRectF(at.x() - line * 3, square.bottom() + _GAP / 2, line * 6, line)
            painter.drawText(below, sides.AlignCenter, text)
        whole = QRectF(_GAP, _GAP, self.width(), line)
        painter.drawText(whole, sides.AlignLeft, self.tr("How often it is right"))
        wide = QRectF(_GAP, bars.bottom() + _GAP / 2, square.right() - _GAP, line)
        text = self.tr("How sure it is: the probability of its answer")
        painter.drawText(wide, sides.AlignRight, text)

    def _most(self) -> int:
        return max((int(each.images.max()) for each in self._series), default=1)

    def _height(self, images: int) -> float:
        """Return how high the bar of so many images is, 0..1: on a log scale from a half."""
        return log10(2 * images) / log10(2 * max(self._most(), 1)) if images else 0.0

    def _paint_counts(self, painter: QPainter) -> None:
        """Paint what bars of one image and of the most images count."""
        bars, line, sides = self.bars(), self.fontMetrics().height(), Qt.AlignmentFlag
        marks = [1, self._most()]
        if self._most() > 1_000 and bars.height() > 4 * line:
            marks.append(100)
        for images in marks:
            y = bars.bottom() - self._height(images) * bars.height()
            place = QRectF(_GAP, y - line / 2, bars.left() - 2 * _GAP, line)
            painter.drawText(place, sides.AlignRight | sides.AlignVCenter, count(images))

    def _paint_bars(self, painter: QPainter, series: int, found: Reliability) -> None:
        bars, width = self.bars(), self.bars().width() / BINS
        part = (width - 2) / len(self._series)
        colour = series_colour(self.palette(), series)
        painter.setPen(QPen(colour, 1))
        pale = blend(self._colour(QPalette.ColorRole.Base), colour, 0.25)
        painter.setBrush(pale if series == RAW else colour)
        for place, images in enumerate(found.images.tolist()):
            if images:
                height = self._height(images) * bars.height()
                left = bars.left() + place * width + 1 + series * part
                painter.drawRect(QRectF(left, bars.bottom() - height, part - 1, height))

    def _paint_dots(self, painter: QPainter, series: int, found: Reliability) -> None:
        colour = series_colour(self.palette(), series)
        filled = np.flatnonzero(found.images)
        dots = {
            int(place): self.point(float(found.probability[place]), float(found.accuracy[place]))
            for place in filled
        }
        painter.setPen(QPen(colour, 1))
        for place, dot in dots.items():
            low, high = wilson_interval(int(found.right[place]), int(found.images[place]))
            bottom, top = self.point(0, low).y(), self.point(0, high).y()
            painter.drawLine(QPointF(dot.x(), bottom), QPointF(dot.x(), top))
        dashes = Qt.PenStyle.DotLine if series == RAW else Qt.PenStyle.SolidLine
        painter.setPen(QPen(colour, 1, dashes))
        painter.drawPolyline(QPolygonF(list(dots.values())))
        for dot in dots.values():
            paint_mark(painter, dot, colour, series)
