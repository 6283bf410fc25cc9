"""Distributions over the steps of a run, one behind the other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.labels import count, tabular
from mnist_gui.gui.common.qt import named, never_mirrored
from mnist_gui.gui.common.theme import blend
from mnist_gui.gui.curves.data import linear_ticks
from mnist_gui.gui.curves.step_plot import walked

_MARGIN = 8
_HIGHEST = 64.0
_SHARE_OF_HEIGHT = 0.3
_OLDEST, _NEWEST = 0.10, 0.60
_LEAST_HEIGHT = 150
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TOP = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop


class RidgePlot(QWidget):
    """Draws a ridge for each step, the newest in front; a click or the arrow keys choose one.

    `step_chosen` carries its step.
    """

    step_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._steps: tuple[int, ...] = ()
        self._ends = (0.0, 1.0)
        self._heights: NDArray[np.float64] = np.zeros((0, 1))
        self._chosen = 0
        is_to_be(self, QAccessible.Role.Chart)
        named(self, "health_ridges", self.tr("Distributions over the steps"))
        never_mirrored(self)
        self.setFont(tabular(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_ridges(
        self, steps: Sequence[int], ends: tuple[float, float], heights: NDArray[np.float64]
    ) -> None:
        """Show densities (n, bins), 0..1, of these n steps over an axis with these ends."""
        self._steps, self._ends, self._heights = tuple(steps), ends, heights
        self.update()

    def show_step(self, step: int) -> None:
        """Make the ridge of this step stand out."""
        self._chosen = step
        self.update()

    def baseline(self, place: int) -> float:
        """Return the y of the foot of a ridge, by its place from 0."""
        area = self._area()
        if len(self._steps) < 2:
            return area.bottom()
        high = self._highest()
        share = place / (len(self._steps) - 1)
        return area.top() + high + share * (area.height() - high)

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(420, 300)

    def minimumSizeHint(self) -> QSize:
        """Return the size in which ridges can still be told apart."""
        return QSize(260, _LEAST_HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the ridge whose foot is nearest."""
        if self._steps:
            feet = [abs(self.baseline(at) - event.position().y()) for at in range(len(self._steps))]
            self.step_chosen.emit(self._steps[feet.index(min(feet))])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk to another ridge."""
        step = walked(self._steps, self._chosen, event.key())
        if step is None:
            super().keyPressEvent(event)
        else:
            self.step_chosen.emit(step)

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the axis, the ridges from the oldest to the newest, and some of their steps."""
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        if self._steps:
            self._paint_axis(painter)
            for place in range(len(self._steps)):
                self._paint_ridge(painter, place)
            self._paint_steps(painter)
        painter.end()

    def _area(self) -> QRectF:
        metrics = self.fontMetrics()
        left = max(map(metrics.horizontalAdvance, map(count, self._steps)), default=0) + _MARGIN
        below = metrics.height() + _MARGIN
        return QRectF(self.rect()).adjusted(left + _MARGIN, _MARGIN, -_MARGIN * 2, -below)

    def _highest(self) -> float:
        return min(_HIGHEST, _SHARE_OF_HEIGHT * self._area().height())

    def _x(self, value: float) -> float:
        low, high = self._ends
        area = self._area()
        return area.left() + (value - low) / (high - low) * area.width()

    def _paint_axis(self, painter: QPainter) -> None:
        colours, area, line = self.palette(), self._area(), self.fontMetrics().height()
        low, high = self._ends
        for value, text in linear_ticks(low, high, most=6, least=(high - low) / 6):
            x = self._x(value)
            painter.setPen(QPen(colours.color(QPalette.ColorRole.Mid), 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(colours.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(QRectF(x - 60, area.bottom() + 3, 120, line), int(_TOP), text)

    def _paint_ridge(self, painter: QPainter, place: int) -> None:
        colours = self.palette()
        ground = colours.color(QPalette.ColorRole.Base)
        accent = colours.color(QPalette.ColorRole.Accent)
        foot, heights = self.baseline(place), self._heights[place]
        high = self._highest() if len(self._steps) > 1 else self._area().height() - _MARGIN
        area = self._area()
        xs = area.left() + (np.arange(len(heights)) + 0.5) / len(heights) * area.width()
        points = [QPointF(x, foot - high * y) for x, y in zip(xs.tolist(), heights, strict=True)]
        outline = QPolygonF([QPointF(area.left(), foot), *points, QPointF(area.right(), foot)])
        share = (place + 1) / len(self._steps)
        painter.setBrush(blend(ground, accent, _OLDEST + (_NEWEST - _OLDEST) * share))
        is_chosen = self._steps[place] == self._chosen
        text = colours.color(QPalette.ColorRole.WindowText)
        painter.setPen(QPen(text, 2.5) if is_chosen else QPen(blend(ground, text, 0.55), 1))
        painter.drawPolygon(outline)

    def _paint_steps(self, painter: QPainter) -> None:
        """Write the steps of as many ridges as there is room for; that of the chosen one bold."""
        line, last = self.fontMetrics().height(), len(self._steps) - 1
        chosen = [at for at, step in enumerate(self._steps) if step == self._chosen]
        written: list[float] = []
        for place in dict.fromkeys((*chosen, last, 0, *range(last))):
            foot = self.baseline(place)
            if all(abs(foot - other) >= line for other in written):
                written.append(foot)
                font = self.font()
                font.setBold(place in chosen)
                painter.setFont(font)
                painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
                at = QRectF(0, foot - line / 2, self._area().left() - _MARGIN, line)
                painter.drawText(at, int(_RIGHT), count(self._steps[place]))
