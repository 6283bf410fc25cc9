"""Curves over the steps that a run kept, and the step that is shown."""

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
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

# Okabe and Ito's colours, and three of Paul Tol's; dashes tell them apart without colour.
_SHADES = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#882255",
    "#999933",
    "#332288",
    "#7a7a7a",
)
_Pen = Qt.PenStyle
_DASHES = (_Pen.SolidLine, _Pen.DashLine)
_AXIS_WIDTH = 48
_LEAST_HEIGHT = 120
# Where the untrained network stands on the logarithmic axis.
_BEFORE_FIRST = log10(0.5)
_WHEN_FEW = 14
# In percent.
_TOPS = (10, 20, 50, 100)


class Timeline(QObject):
    """Draws shares 0..1 in percent over the kept steps, on a logarithmic axis.

    `step_chosen` carries the step that was clicked, or walked to with the arrow keys.
    """

    step_chosen = Signal(int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._plot = Plot(axis_width=_AXIS_WIDTH)
        self.widget: Any = named(self._plot.widget, "timeline", self.tr("Curves over the steps"))
        is_to_be(self.widget, QAccessible.Role.Chart)
        self.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.widget.setMinimumHeight(_LEAST_HEIGHT)
        # By itself it would like to be as high as it is.
        self.widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.widget.installEventFilter(self)
        self.widget.viewport().installEventFilter(self)
        self._plot.layout.setContentsMargins(2, 6, 22, 2)
        self._plot.axes["left"].setLabel("%")
        self._plot.axes["bottom"].setLabel(self.tr("Step"))
        self._now: Any = pg.InfiniteLine(angle=90, movable=False)
        self._plot.box.addItem(self._now, ignoreBounds=True)
        self._steps: tuple[int, ...] = ()
        self._step = 0
        self._curves: Mapping[int, NDArray[np.float64]] = {}
        self._lines: list[CurveLine] = []
        self._line_width = LINE_WIDTH
        self._colours = LIGHT_PLOT

    def show_curves(self, steps: Sequence[int], curves: Mapping[int, NDArray[np.float64]]) -> None:
        """Draw curves of shares (n,) over n steps; each has a digit, which gives its colour."""
        self._steps, self._curves = tuple(steps), curves
        self._draw()

    def show_step(self, step: int) -> None:
        """Mark a step."""
        self._step = step
        self._now.setValue(_place(step))

    def shade(self, digit: int) -> str:
        """Return the colour of a digit's curve as "#rrggbb"."""
        return seen_on(QColor(self._colours.background), _SHADES[digit]).name()

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
            return self._walk(event.key())
        is_click = event.type() == QEvent.Type.MouseButtonPress and self._steps
        if is_click and isinstance(event, QMouseEvent) and watched is self.widget.viewport():
            at = self._plot.box.mapSceneToView(self.widget.mapToScene(event.position().toPoint()))
            places = [abs(_place(step) - at.x()) for step in self._steps]
            self.step_chosen.emit(self._steps[places.index(min(places))])
        return super().eventFilter(watched, event)

    def _walk(self, key: int) -> bool:
        keys = Qt.Key
        last = len(self._steps) - 1
        if last < 0 or key not in (keys.Key_Left, keys.Key_Right, keys.Key_Home, keys.Key_End):
            return False
        place = int(np.searchsorted(self._steps, self._step))
        places = {
            keys.Key_Left: max(place - 1, 0),
            keys.Key_Right: min(place + 1, last),
            keys.Key_Home: 0,
            keys.Key_End: last,
        }
        self.step_chosen.emit(self._steps[places[keys(key)]])
        return True

    def _draw(self) -> None:
        for line in self._lines:
            self._plot.box.removeItem(line)
        self._lines.clear()
        if not self._steps:
            return
        places = np.array([_place(step) for step in self._steps])
        end = max(float(places[-1]), 1.0)
        box = self._plot.box
        box.setXRange(_BEFORE_FIRST, end, padding=0.03)
        known = [each[np.isfinite(each)] for each in self._curves.values()]
        highest = 100 * max((float(each.max()) for each in known if len(each)), default=1.0)
        top = next(end for end in _TOPS if end >= min(highest, 100))
        box.setYRange(0, top, padding=0.04)
        ticks = [(_BEFORE_FIRST, count(0)), *_with_commas(log_ticks(0, end, most=8))]
        self._plot.axes["bottom"].setTicks([ticks])
        self._plot.axes["left"].setTicks([linear_ticks(0, top, most=6)])
        for digit, shares in self._curves.items():
            is_known = np.isfinite(shares)
            line = CurveLine(dot(5) if len(places) <= _WHEN_FEW else None)
            dash = _DASHES[digit % len(_DASHES)]
            line.set_pen(QPen(QColor(self.shade(digit)), self._line_width, dash))
            line.set_curve(Curve(places[is_known], 100 * shares[is_known]))
            line.set_range(box.viewRect())
            self._lines.append(line)
            box.addItem(line, ignoreBounds=True)


def line_mark(digit: int) -> str:
    """Return how a digit's curve looks: a line, or a dashed one."""
    return ("\u2501\u2501", "\u254d\u254d")[digit % len(_DASHES)]


def _place(step: int) -> float:
    return log10(max(step, 0.5))


def _with_commas(ticks: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    return [(place, count(int(float(text)))) for place, text in ticks]
