"""The chart of a duel: both networks' errors over the images that they have seen."""

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QAccessible, QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.history import Curve, History
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.qt import column, named
from mnist_gui.gui.common.theme import LIGHT_PLOT, PlotColours, pale
from mnist_gui.gui.curves.data import linear_ticks, log_error, log_ticks
from mnist_gui.gui.curves.lines import CurveLine, diamond, dot
from mnist_gui.gui.curves.plot import LINE_WIDTH, WIDE_LINE_WIDTH, Plot

_AXIS_WIDTH = 48
_LEAST_HEIGHT = 150
_POINTS = 160
_SMOOTHED = 12
_LEAST_CONTRAST = 1.8
# A line on side A, dashes on side B, and other marks: seen without colours too.
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
_MARKS = (dot(8), diamond(11))


class DuelChart(QWidget):
    """Draws each side's errors on validation images, and palely those on its training batches."""

    def __init__(self) -> None:
        super().__init__()
        self._seen = (0.0, 2.0)
        self._plot = plot = Plot(axis_width=_AXIS_WIDTH)
        is_to_be(plot.widget, QAccessible.Role.Chart)
        self.widget: Any = named(plot.widget, "duel_chart", self.tr("Errors of both networks"))
        self._training = tuple(CurveLine() for _ in DASHES)
        self.lines = tuple(CurveLine(mark) for mark in _MARKS)
        for line in (*self._training, *self.lines):
            plot.box.addItem(line, ignoreBounds=True)
        plot.axes["bottom"].setLabel(self.tr("Images seen"))
        plot.axes["left"].setLabel(self.tr("Errors (%)"))
        plot.layout.setContentsMargins(2, 6, 22, 2)
        self.widget.setMinimumHeight(_LEAST_HEIGHT)
        self.widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        column((self.widget, 1), parent=self)
        self._line_width = LINE_WIDTH
        self.colours = LIGHT_PLOT
        self.apply_theme(LIGHT_PLOT)
        self._show_axes(np.array([0.0, 2.0]), 1.0)

    def show_sides(self, sides: tuple[History, History], images: int) -> None:
        """Draw what is known of both sides, which are to see so many images."""
        values = []
        for side, history in enumerate(sides):
            size = history.recipe.dataset_per_batch
            measured = history.train_accuracy
            if len(measured) > 2 * _SMOOTHED:
                measured = measured.smoothed(_SMOOTHED)
            batch = _placed(measured, size, _SMOOTHED * size)
            validated = _placed(history.validation_accuracy, size, np.inf)
            self._training[side].set_curve(batch)
            self.lines[side].set_curve(validated)
            values += [batch.values[len(batch) // 20 :], validated.values]
        seen = np.concatenate(values)
        self._show_axes(seen if len(seen) else np.array([0.0, 2.0]), float(images))

    @Slot(bool)
    def set_wide(self, wide: bool) -> None:
        """Draw wider lines, to be seen from the last row, or those for the desk."""
        self._line_width = WIDE_LINE_WIDTH if wide else LINE_WIDTH
        self.apply_theme(self.colours)

    def shades(self) -> tuple[str, str]:
        """Return the colours of both sides as "#rrggbb"."""
        return self.colours.training, self.colours.validation

    @Slot(object)
    def apply_theme(self, colours: PlotColours) -> None:
        """Use the theme's colours."""
        self.colours = colours
        ground = QColor(colours.background)
        self._plot.apply_theme(colours)
        parts = zip(self.shades(), DASHES, self._training, self.lines, strict=True)
        for shade, dash, training, line in parts:
            training.set_pen(QPen(pale(ground, QColor(shade), _LEAST_CONTRAST), 1))
            line.set_pen(QPen(QColor(shade), self._line_width, dash))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Label as many errors as there is room for."""
        super().resizeEvent(event)
        self._label_errors()

    def changeEvent(self, event: QEvent) -> None:
        """Write the axes in type of another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._plot.use_font()
            self._label_errors()

    def _label_errors(self) -> None:
        ticks = log_ticks(*self._seen, self._plot.most_ticks)
        self._plot.axes["left"].setTicks([ticks])

    def _show_axes(self, values: Any, images: float) -> None:
        low, high = float(values.min()), float(values.max())
        room = 0.1 * max(high - low, 0.1)
        axes, box = self._plot.axes, self._plot.box
        self._seen = (low - room, high + room)
        self._label_errors()
        axes["bottom"].setTicks([linear_ticks(0, images, most=5)])
        box.setXRange(0, images, padding=0.02)
        box.setYRange(low - room, high + room, padding=0.0)
        for line in (*self._training, *self.lines):
            line.set_range(box.viewRect())


def _placed(curve: Curve, batch: int, images: float) -> Curve:
    """Return errors in powers of ten over images; each accuracy was measured on so many."""
    thinned = curve.thinned(_POINTS)
    return Curve(thinned.steps * batch, log_error(thinned.values, images))
