"""Accuracy against the strength of a change, and beneath it the digit at each strength."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen, QPolygonF

from mnist_gui.gui.common.labels import percent
from mnist_gui.gui.common.theme import blend
from mnist_gui.gui.robustness.picture import TrialPicture, network_pen, paint_mark, paint_sample
from mnist_gui.gui.robustness.text import axis_title, strength_text

_GRID = 0.16
_BAND_ALPHA = 0.22
_LARGEST_TILE = 56.0
_GAP = 4.0
_LEAST_PLOT = 110
_COMFORTABLE_PLOT = 210
_LEAST_STEP = 22
_SAMPLE = 26.0


class StrengthChart(TrialPicture):
    """A curve for each network, with its 95 % interval; under each strength the digit."""

    def __init__(self) -> None:
        super().__init__("strength_chart", "")
        self.setAccessibleName(self.tr("Accuracy by the strength of the change"))

    def sizeHint(self) -> QSize:
        """Return a size in which curves and digits are seen well."""
        return QSize(560, round(_COMFORTABLE_PLOT + self._below() + _LARGEST_TILE / 2))

    def minimumSizeHint(self) -> QSize:
        """Return a size in which the digits can still be told apart."""
        columns = 13 if self.answer is None else len(self.answer.trials)
        return QSize(
            round(self._left() + columns * _LEAST_STEP), round(_LEAST_PLOT + self._below() + 24)
        )

    def place_at(self, position: QPointF) -> int:
        """Return the strength whose column is nearest."""
        return int((position.x() - self._plot().left()) // self._step())

    def column(self, place: int) -> QRectF:
        """Return the room of a strength from the top to the last reading."""
        step, plot = self._step(), self._plot()
        return QRectF(plot.left() + place * step, plot.top(), step, self.height() - plot.top())

    def point(self, network: int, place: int) -> QPointF:
        """Return where a network's accuracy is drawn."""
        assert self.answer is not None
        return self._at(place, float(self.answer.accuracies[network, place]))

    # --- where things are ----------------------------------------------------------------------

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.font())

    def _left(self) -> float:
        return self._metrics().horizontalAdvance(percent(1.0, 0)) + 2 * _GAP

    def _below(self) -> float:
        """Return the height of all texts beneath the plot, without the digits."""
        networks = max(1, 0 if self.answer is None else len(self.answer.correct))
        return (2 + networks) * (self._metrics().height() + _GAP) + 3 * _GAP

    def _step(self) -> float:
        columns = 13 if self.answer is None else len(self.answer.trials)
        return (self.width() - self._left() - _GAP) / columns

    def _tile(self) -> float:
        return min(self._step() - 2, _LARGEST_TILE)

    def _plot(self) -> QRectF:
        top = self._metrics().height() / 2 + _GAP
        width = self.width() - self._left() - _GAP
        return QRectF(self._left(), top, width, self.height() - top - self._below() - self._tile())

    def _at(self, place: int, share: float) -> QPointF:
        plot = self._plot()
        x = plot.left() + (place + 0.5) * self._step()
        return QPointF(x, plot.bottom() - share * plot.height())

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the curves, the axes, the digits and what they are read as."""
        if self.answer is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self._plot(), self.colour(QPalette.ColorRole.Base))
        self.paint_chosen(painter, self.column(self.chosen))
        self._paint_grid(painter)
        networks = range(len(self.answer.correct))
        for network in networks:
            self._paint_band(painter, network)
        for network in reversed(networks):
            self._paint_curve(painter, network)
        self._paint_strengths(painter)
        painter.end()

    def _paint_grid(self, painter: QPainter) -> None:
        plot, text = self._plot(), self.colour(QPalette.ColorRole.PlaceholderText)
        base = self.colour(QPalette.ColorRole.Base)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        high = self._metrics().height()
        parts = 4 if plot.height() > 6 * high else 2
        for share in (part / parts for part in range(parts + 1)):
            y = plot.bottom() - share * plot.height()
            # Half is what the sentence above is about.
            strength = 3 * _GRID if share == 0.5 else _GRID
            painter.setPen(QPen(blend(base, text, strength), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(text)
            room = QRectF(0, y - high / 2, plot.left() - _GAP, high)
            painter.drawText(room, right, percent(share, 0))

    def _known(self, network: int) -> list[int]:
        assert self.answer is not None
        places: list[int] = np.flatnonzero(~np.isnan(self.answer.accuracies[network])).tolist()
        return places

    def _paint_band(self, painter: QPainter, network: int) -> None:
        assert self.answer is not None
        known, ends = self._known(network), self.answer.intervals[network]
        low = [self._at(place, float(ends[place, 0])) for place in known]
        high = [self._at(place, float(ends[place, 1])) for place in reversed(known)]
        shade = QColor(self.shade(network))
        shade.setAlphaF(_BAND_ALPHA)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawPolygon(QPolygonF([*low, *high]))

    def _paint_curve(self, painter: QPainter, network: int) -> None:
        points = [self.point(network, place) for place in self._known(network)]
        pen = network_pen(self.palette(), network)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(pen.color())
        for point in points:
            paint_mark(painter, point, network)

    def _paint_strengths(self, painter: QPainter) -> None:
        """Paint the strengths, the digit at each of them, its readings and the axis' title."""
        assert self.answer is not None
        plot, high = self._plot(), self._metrics().height()
        tile, top = self._tile(), plot.bottom() + high + 2 * _GAP
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        for place in range(len(self.answer.trials)):
            x = self._at(place, 0).x()
            self.paint_digit(painter, QRectF(x - tile / 2, top, tile, tile), place)
        rows = top + tile + _GAP
        for network in range(len(self.answer.correct)):
            y = rows + network * (high + _GAP)
            sample = min(_SAMPLE, self._left() - 2 * _GAP)
            key = QRectF(_GAP, y, sample, high)
            paint_sample(painter, self.palette(), key, network)
            for place in range(len(self.answer.trials)):
                room = QRectF(self.column(place).left(), y, self._step(), high)
                self.paint_read(painter, room, network, place)
        self._paint_ticks(painter, plot.bottom() + _GAP)
        distortion = self.answer.trials[0].distortion
        assert distortion is not None
        painter.setPen(self.colour(QPalette.ColorRole.PlaceholderText))
        title = axis_title(distortion)
        painter.setFont(self.small_font(plot.width(), title))
        bottom = QRectF(plot.left(), self.height() - high - _GAP, plot.width(), high)
        painter.drawText(bottom, Qt.AlignmentFlag.AlignCenter, title)

    def _paint_ticks(self, painter: QPainter, y: float) -> None:
        """Paint as many strengths as there is room for, the one without a change among them."""
        assert self.answer is not None
        texts = [strength_text(trial) for trial in self.answer.trials]
        widest = max(map(self._metrics().horizontalAdvance, texts)) + _GAP
        every = max(1, -(-int(widest) // max(1, int(self._step()))))
        painter.setPen(self.colour(QPalette.ColorRole.PlaceholderText))
        for place, text in enumerate(texts):
            if (place - self.answer.unchanged) % every == 0:
                room = QRectF(
                    self._at(place, 0).x() - widest, y, 2 * widest, self._metrics().height()
                )
                painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, text)
