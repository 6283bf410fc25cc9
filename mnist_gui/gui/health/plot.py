"""Curves of one quantity over the kept steps, one for each layer."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from math import log10
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from mnist_gui.engine.history import Curve
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.common.qt import named
from mnist_gui.gui.common.theme import LIGHT_PLOT, PlotColours, seen_on
from mnist_gui.gui.curves.data import linear_ticks, log_ticks
from mnist_gui.gui.curves.lines import CurveLine, dot
from mnist_gui.gui.curves.plot import LINE_WIDTH, WIDE_LINE_WIDTH, Plot
from mnist_gui.gui.health.walking import walked

# Okabe and Ito's colours; dashes tell the curves apart without colour.
_SHADES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_Pen = Qt.PenStyle
_DASHES = (_Pen.SolidLine, _Pen.DashLine, _Pen.DashDotLine, _Pen.DotLine)
_AXIS_WIDTH = 62
_LEAST_HEIGHT = 150
# Where the untrained network stands on the logarithmic axis.
_BEFORE_FIRST = log10(0.5)
_MOST_MARKS = 60
_LEAST_ROOM = 0.1


class Scale(Enum):
    """How values are placed on the y axis."""

    LOGARITHMIC = auto()
    PERCENT = auto()
    LOGARITHMIC_PERCENT = auto()


class StepPlot(QObject):
    """Draws curves over the steps on a logarithmic axis, their values on one of a `Scale`.

    `step_chosen` carries the kept step that was clicked, or walked to with the arrow keys.
    """

    step_chosen = Signal(int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._plot = Plot(axis_width=_AXIS_WIDTH)
        self.widget: Any = self._plot.widget
        is_to_be(self.widget, QAccessible.Role.Chart)
        named(self.widget, "health_plot", self.tr("Curves over the steps"))
        self.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.widget.setMinimumHeight(_LEAST_HEIGHT)
        self.widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.widget.installEventFilter(self)
        self.widget.viewport().installEventFilter(self)
        self._plot.layout.setContentsMargins(2, 8, 22, 2)
        self._plot.axes["bottom"].setLabel(self.tr("Step"))
        self._now: Any = pg.InfiniteLine(angle=90, movable=False)
        self._plot.box.addItem(self._now, ignoreBounds=True)
        self._steps: tuple[int, ...] = ()
        self._step = 0
        self._curves: Mapping[str, Curve] = {}
        self._scale = Scale.LOGARITHMIC
        self._lines: list[CurveLine] = []
        self._line_width = LINE_WIDTH
        self._colours = LIGHT_PLOT

    def show_curves(self, steps: Sequence[int], curves: Mapping[str, Curve], scale: Scale) -> None:
        """Draw curves by their names; `steps` are the kept ones, which can be chosen."""
        self._steps, self._curves, self._scale = tuple(steps), curves, scale
        self._draw()

    def show_step(self, step: int) -> None:
        """Mark a step."""
        self._step = step
        self._now.setValue(_place(step))

    def shade(self, place: int) -> str:
        """Return the colour of the curve at this place as "#rrggbb"."""
        return seen_on(QColor(self._colours.background), _SHADES[place % len(_SHADES)]).name()

    def drawn(self) -> list[Curve]:
        """Return the points as they are drawn."""
        return [line.curve for line in self._lines]

    def set_wide(self, *, wide: bool) -> None:
        """Draw wider lines, to be seen from the last row, or those for the desk."""
        self._line_width = WIDE_LINE_WIDTH if wide else LINE_WIDTH
        self._draw()

    def apply_theme(self, colours: PlotColours) -> None:
        """Use the theme's colours."""
        self._colours = colours
        self.widget.setBackground(colours.background)
        faint = QColor(colours.text)
        self._now.setPen(QPen(faint, 0, Qt.PenStyle.DashLine))
        faint.setAlphaF(0.45)
        for axis in self._plot.axes.values():
            axis.setPen(QPen(faint))
            axis.setTextPen(colours.text)
        self._draw()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Choose a step by a click or by the arrow keys."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = walked(self._steps, self._step, event.key())
            if step is not None:
                self.step_chosen.emit(step)
                return True
        is_click = event.type() == QEvent.Type.MouseButtonPress and self._steps
        if is_click and isinstance(event, QMouseEvent) and watched is self.widget.viewport():
            at = self._plot.box.mapSceneToView(self.widget.mapToScene(event.position().toPoint()))
            places = [abs(_place(step) - at.x()) for step in self._steps]
            self.step_chosen.emit(self._steps[places.index(min(places))])
        return super().eventFilter(watched, event)

    def _draw(self) -> None:
        for line in self._lines:
            self._plot.box.removeItem(line)
        self._lines.clear()
        placed = {name: self._placed(curve) for name, curve in self._curves.items()}
        values = np.concatenate([curve.values for curve in placed.values()] or [np.empty(0)])
        for axis in self._plot.axes.values():
            axis.show() if len(values) else axis.hide()
        self._now.setVisible(bool(len(values)))
        if not len(values):
            return
        self._show_axes(values)
        for place, curve in enumerate(placed.values()):
            line = CurveLine(dot(5) if len(curve) <= _MOST_MARKS else None)
            dash = _DASHES[place % len(_DASHES)]
            line.set_pen(QPen(QColor(self.shade(place)), self._line_width, dash))
            line.set_curve(curve)
            line.set_range(self._plot.box.viewRect())
            self._lines.append(line)
            self._plot.box.addItem(line, ignoreBounds=True)

    def _placed(self, curve: Curve) -> Curve:
        """Return the points' places on the axes; what is 0 has none on a logarithmic one."""
        places = np.array([_place(step) for step in curve.steps.tolist()])
        values = curve.values if self._scale is Scale.LOGARITHMIC else 100 * curve.values
        if self._scale is Scale.PERCENT:
            return Curve(places, values)
        is_placed = values > 0
        return Curve(places[is_placed], np.log10(values[is_placed]))

    def _show_axes(self, values: Any) -> None:
        low, high = float(values.min()), float(values.max())
        room = max(0.05 * (high - low), _LEAST_ROOM)
        is_linear = self._scale is Scale.PERCENT
        low, high = (0.0, max(high, 5.0)) if is_linear else (low - room, high + room)
        end = max(_place(self._steps[-1]), 1.0)
        box, axes = self._plot.box, self._plot.axes
        box.setXRange(_BEFORE_FIRST, end, padding=0.03)
        box.setYRange(low, high, padding=0.03)
        steps = [(place, count(int(float(text)))) for place, text in log_ticks(0, end, most=8)]
        axes["bottom"].setTicks([[(_BEFORE_FIRST, count(0)), *steps]])
        ticks = linear_ticks(low, high, most=6) if is_linear else log_ticks(low, high, most=6)
        unit = "" if self._scale is Scale.LOGARITHMIC else "%"
        axes["left"].setLabel(unit)
        axes["left"].setTicks([[(place, _plain(text)) for place, text in ticks]])


def _place(step: float) -> float:
    return log10(max(step, 0.5))


def _plain(text: str) -> str:
    """Return the text of a tick without a power of ten that begins with a zero: 1e-5."""
    return text.replace("e-0", "e-")
