"""The chart of a range test: loss against learning rate."""

from math import ceil
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.history import Curve
from mnist_gui.engine.rate_test import FIRST_RATE, LAST_RATE, RateTest, SafeZone
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.labels import number
from mnist_gui.gui.common.qt import column, named
from mnist_gui.gui.common.theme import LIGHT_PLOT, PlotColours, blend, pale
from mnist_gui.gui.curves.data import NO_CURVE, log_ticks
from mnist_gui.gui.curves.lines import CurveLine
from mnist_gui.gui.curves.plot import LINE_WIDTH, WIDE_LINE_WIDTH, Plot

_AXIS_WIDTH = 48
_LEAST_HEIGHT = 150
_DOT = 3
_LEAST_CONTRAST = 1.8
_ZONE = 0.22
# The chart's rates, as powers of ten, with room for the last label.
_LOW, _HIGH = round(np.log10(FIRST_RATE)), round(np.log10(LAST_RATE))
_ROOM = 0.12


class RateChart(QWidget):
    """Draws the loss of each batch, their average, the safe zone and the rate that is chosen.

    Both axes are logarithmic. `rate_pointed_at` carries the rate where the user has clicked.
    """

    rate_pointed_at = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self._seen = (0.0, 1.0)
        self._plot = plot = Plot(axis_width=_AXIS_WIDTH)
        is_to_be(plot.widget, QAccessible.Role.Chart)
        self.widget: Any = named(
            plot.widget, "rate_chart", self.tr("Loss at each learning rate"), self._tip()
        )
        self._dots: Any = pg.ScatterPlotItem(size=_DOT, pen=None)
        self._zone: Any = pg.LinearRegionItem(movable=False)
        self._chosen: Any = self._marker(0.95)
        self._line = CurveLine()
        for item in (self._zone, self._dots, self._line, self._chosen):
            plot.box.addItem(item, ignoreBounds=True)
        plot.axes["bottom"].setLabel(self.tr("Learning rate"))
        plot.axes["left"].setLabel(self.tr("Loss"))
        plot.layout.setContentsMargins(2, 6, 22, 2)
        self.widget.setMinimumHeight(_LEAST_HEIGHT)
        # It has what the words leave; the page scrolls only where that is too little.
        self.widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.widget.scene().sigMouseClicked.connect(self._follow_click)
        column((self.widget, 1), parent=self)
        self._line_width = LINE_WIDTH
        self._colours = LIGHT_PLOT
        self.apply_theme(LIGHT_PLOT)
        self.show_test(None)
        self.show_zone(None)

    def show_test(self, test: RateTest | None) -> None:
        """Draw what is known of a test."""
        if test is None or not len(test):
            self._dots.setData([], [])
            self._line.set_curve(NO_CURVE)
            self._show_axes(0.0, 1.0)
            return
        rates, losses = np.log10(test.rates), np.log10(np.maximum(test.losses, 1e-5))
        average = np.log10(np.maximum(test.smoothed, 1e-5))
        self._dots.setData(rates, losses)
        self._line.set_curve(Curve(rates, average))
        # Single losses may lie anywhere; the highest are not seen.
        self._show_axes(min(average.min(), float(np.quantile(losses, 0.02))), average.max())

    def show_zone(self, zone: SafeZone | None) -> None:
        """Shade the rates that are safe, if there are any."""
        self._zone.setVisible(zone is not None)
        if zone is not None:
            self._zone.setRegion((np.log10(zone.low), np.log10(zone.high)))

    def show_chosen(self, rate: float | None) -> None:
        """Mark a rate with an upright line, or none."""
        self._chosen.setVisible(rate is not None)
        if rate is not None:
            self._chosen.setValue(np.log10(rate))
            self._chosen.label.setFormat(rate_text(rate))

    def points(self) -> Curve:
        """Return the average's points as they are drawn, in powers of ten."""
        return self._line.curve

    @Slot(bool)
    def set_wide(self, wide: bool) -> None:
        """Draw wider lines, to be seen from the last row, or those for the desk."""
        self._line_width = WIDE_LINE_WIDTH if wide else LINE_WIDTH
        self.apply_theme(self._colours)

    @Slot(object)
    def apply_theme(self, colours: PlotColours) -> None:
        """Use the theme's colours."""
        self._colours = colours
        ground, line = QColor(colours.background), QColor(colours.training)
        self._plot.apply_theme(colours)
        self._dots.setBrush(pale(ground, line, _LEAST_CONTRAST))
        self._line.set_pen(QPen(line, self._line_width))
        safe, chosen = QColor(colours.test), QColor(colours.validation)
        self._zone.setBrush(blend(ground, safe, _ZONE))
        for edge in self._zone.lines:
            edge.setPen(_pen(safe, 1, Qt.PenStyle.DashLine))
        self._chosen.setPen(_pen(chosen, self._line_width))
        self._chosen.label.setColor(QColor(colours.text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Label as many powers of ten as there is room for."""
        super().resizeEvent(event)
        self._label_axes()

    def changeEvent(self, event: QEvent) -> None:
        """Label fewer of them in larger type."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._plot.use_font()
            self._label_axes()

    def _label_axes(self) -> None:
        needed = 1.2 * self.fontMetrics().horizontalAdvance(rate_text(10.0**_LOW))
        room = max(self.width() - 2 * _AXIS_WIDTH, 1) / (_HIGH - _LOW)
        powers = range(_HIGH, _LOW - 1, -ceil(needed / room))
        axes, (low, high) = self._plot.axes, self._seen
        axes["bottom"].setTicks([[(power, rate_text(10.0**power)) for power in powers]])
        axes["left"].setTicks([log_ticks(low, high, self._plot.most_ticks)])

    def _marker(self, position: float) -> Any:
        options = {"position": position, "anchors": [(0, 0.5), (0, 0.5)]}
        return pg.InfiniteLine(angle=90, movable=False, label="", labelOpts=options)

    def _tip(self) -> str:
        return self.tr("Click to choose a learning rate, or type it below")

    def _show_axes(self, low: float, high: float) -> None:
        room = 0.08 * max(high - low, 0.3)
        box = self._plot.box
        box.setXRange(_LOW - _ROOM, _HIGH + _ROOM, padding=0)
        self._seen = (low - room, high + room)
        box.setYRange(*self._seen, padding=0)
        self._label_axes()
        self._line.set_range(box.viewRect())

    @Slot(object)
    def _follow_click(self, click: Any) -> None:
        place = self._plot.box.mapSceneToView(click.scenePos())
        self.rate_pointed_at.emit(float(10 ** min(max(place.x(), _LOW), _HIGH)))


def _pen(colour: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """Return a pen whose width is in pixels, not in units of the axes."""
    pen = QPen(colour, width, style)
    pen.setCosmetic(True)
    return pen


def rate_text(rate: float) -> str:
    """Write a learning rate with two digits at most, never as a power: 0.00002."""
    written = f"{float(f'{rate:.2g}'):.8f}".rstrip("0").removesuffix(".")
    return written if rate < 1_000 else number(rate, 0)
