"""A plot over the steps that a run kept, one of which is shown and can be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from mnist_gui.engine.history import Curve
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.common.theme import LIGHT_PLOT, PlotColours, seen_on
from mnist_gui.gui.curves.data import Tick, Values, log_ticks
from mnist_gui.gui.curves.lines import CurveLine, dot
from mnist_gui.gui.curves.plot import LINE_WIDTH, WIDE_LINE_WIDTH, Plot

# Where the untrained network stands on the logarithmic axis.
_BEFORE_FIRST = log10(0.5)
_MOST_MARKS = 60
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up)
_ON = (Qt.Key.Key_Right, Qt.Key.Key_Down)


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """The ends of the y axis, its ticks, and what it counts."""

    low: float
    high: float
    ticks: list[Tick]
    unit: str = ""


class StepPlot(QObject):
    """Draws curves over the steps on a logarithmic axis, and marks the step that is shown.

    A subclass says which curves, and what their y axis is. `step_chosen` carries the kept step
    that was clicked, or walked to with the arrow keys.
    """

    step_chosen = Signal(int)
    # Okabe and Ito's colours; dashes tell the curves apart without colour.
    SHADES: ClassVar[tuple[str, ...]] = (
        "#0072b2",
        "#d55e00",
        "#009e73",
        "#cc79a7",
        "#e69f00",
        "#56b4e9",
    )
    DASHES: ClassVar[tuple[Qt.PenStyle, ...]] = (
        Qt.PenStyle.SolidLine,
        Qt.PenStyle.DashLine,
        Qt.PenStyle.DashDotLine,
        Qt.PenStyle.DotLine,
    )

    def __init__(self, parent: QObject, *, axis_width: int, least_height: int) -> None:
        """Widths and heights are in pixels."""
        super().__init__(parent)
        self._plot = Plot(axis_width=axis_width)
        self.widget: Any = self._plot.widget
        is_to_be(self.widget, QAccessible.Role.Chart)
        self.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.widget.setMinimumHeight(least_height)
        # By itself it would like to be as high as it is.
        self.widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.widget.installEventFilter(self)
        self.widget.viewport().installEventFilter(self)
        self._plot.layout.setContentsMargins(2, 8, 22, 2)
        self._plot.axes["bottom"].setLabel(self.tr("Step"))
        self._now: Any = pg.InfiniteLine(angle=90, movable=False)
        self._plot.box.addItem(self._now, ignoreBounds=True)
        self._steps: tuple[int, ...] = ()
        self._step = 0
        self._lines: list[CurveLine] = []
        self._line_width = LINE_WIDTH
        self._colours = LIGHT_PLOT

    # --- what a subclass says -------------------------------------------------------------------

    def curves(self) -> Sequence[tuple[int, Curve]]:
        """Return the curves over steps, as they are placed on the y axis, each with its look."""
        raise NotImplementedError

    def value_axis(self, values: Values) -> ValueAxis:
        """Return the y axis for these values (n,), of which there is at least one."""
        raise NotImplementedError

    # --- what is shown --------------------------------------------------------------------------

    def show_step(self, step: int) -> None:
        """Mark a step."""
        self._step = step
        self._now.setValue(_place(step))

    def shade(self, look: int) -> str:
        """Return the colour of this look as "#rrggbb"."""
        shade = self.SHADES[look % len(self.SHADES)]
        return seen_on(QColor(self._colours.background), shade).name()

    def drawn(self) -> list[Curve]:
        """Return the points as they are drawn."""
        return [line.curve for line in self._lines]

    def set_wide(self, *, wide: bool) -> None:
        """Draw wider lines, to be seen from the last row, or those for the desk."""
        self._line_width = WIDE_LINE_WIDTH if wide else LINE_WIDTH
        self.draw()

    def apply_theme(self, colours: PlotColours) -> None:
        """Use the theme's colours."""
        self._colours = colours
        self._plot.apply_theme(colours)
        self._now.setPen(QPen(QColor(colours.text), 0, Qt.PenStyle.DashLine))
        self.draw()

    def draw(self) -> None:
        """Draw the curves anew."""
        for line in self._lines:
            self._plot.box.removeItem(line)
        self._lines.clear()
        curves = self.curves()
        values = np.concatenate([curve.values for _, curve in curves] or [np.empty(0)])
        for axis in self._plot.axes.values():
            axis.show() if len(values) else axis.hide()
        self._now.setVisible(bool(len(values)))
        if len(values):
            self._show_axes(self.value_axis(values))
            for look, curve in curves:
                self._add(look, curve)

    def _add(self, look: int, curve: Curve) -> None:
        line = CurveLine(dot(5) if len(curve) <= _MOST_MARKS else None)
        dash = self.DASHES[look % len(self.DASHES)]
        line.set_pen(QPen(QColor(self.shade(look)), self._line_width, dash))
        places = np.array([_place(step) for step in curve.steps.tolist()])
        line.set_curve(Curve(places, curve.values))
        line.set_range(self._plot.box.viewRect())
        self._lines.append(line)
        self._plot.box.addItem(line, ignoreBounds=True)

    def _show_axes(self, axis: ValueAxis) -> None:
        end = max(_place(self._steps[-1]), 1.0)
        box, axes = self._plot.box, self._plot.axes
        box.setXRange(_BEFORE_FIRST, end, padding=0.03)
        box.setYRange(axis.low, axis.high, padding=0.03)
        steps = [(place, count(int(float(text)))) for place, text in log_ticks(0, end, most=8)]
        axes["bottom"].setTicks([[(_BEFORE_FIRST, count(0)), *steps]])
        axes["left"].setLabel(axis.unit)
        axes["left"].setTicks([axis.ticks])

    # --- choosing a step ------------------------------------------------------------------------

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


def walked(steps: Sequence[int], now: int, key: int) -> int | None:
    """Return the step that a key leads to from the present one; None for other keys."""
    if not steps:
        return None
    place, last = int(np.searchsorted(steps, now)), len(steps) - 1
    if key in _BACK:
        return steps[max(place - 1, 0)]
    if key in _ON:
        return steps[min(place + 1, last)]
    ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
    return steps[ends[Qt.Key(key)]] if key in ends else None


def _place(step: float) -> float:
    return log10(max(step, 0.5))
