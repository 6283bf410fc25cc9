"""The curves of several runs in one plot."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from operator import attrgetter
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAccessible, QColor, QPen
from PySide6.QtWidgets import QComboBox

from mnist_gui.engine.history import Curve, History
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.labels import caption, number, percent
from mnist_gui.gui.common.qt import Pane, column, named, row
from mnist_gui.gui.common.theme import LIGHT_PLOT, PlotColours, seen_on
from mnist_gui.gui.curves.data import (
    Placing,
    axis_end,
    in_percent,
    linear_ticks,
    log_error,
    log_loss,
    log_ticks,
    loss_curves,
)
from mnist_gui.gui.curves.lines import CurveLine, dot
from mnist_gui.gui.curves.plot import LINE_WIDTH, WIDE_LINE_WIDTH, Plot
from mnist_gui.words.language import listed

_Pen = Qt.PenStyle
# Dashes tell curves apart where colours do not.
_DASHES = (_Pen.SolidLine, _Pen.DashLine, _Pen.DashDotLine, _Pen.DotLine)
_AXIS_WIDTH = 48
_LEAST_HEIGHT = 130
_POINTS = 240
_MOST_MARKS = 60


@dataclass(frozen=True, slots=True, eq=False)
class PlottedRun:
    """A run to draw: its history, its shade "#rrggbb" and what it is called."""

    title: str
    shade: str
    history: History


@dataclass(frozen=True, slots=True)
class _Measure:
    """What can be drawn of runs; `place` puts values on an axis that is logarithmic or linear.

    `text` writes one of the values.
    """

    title: str
    curve: Callable[[History], Curve]
    place: Placing
    ticks: Callable[[float, float], Any]
    text: Callable[[float], str]


class RunPlot(Pane):
    """Draws one measure of the chosen runs over their steps, in their own colours and dashes."""

    def __init__(self) -> None:
        super().__init__()
        self._measures = self._make_measures()
        self._runs: tuple[PlottedRun, ...] = ()
        self._lines: list[CurveLine] = []
        self._line_width = LINE_WIDTH
        self._colours = LIGHT_PLOT
        spoken = self.tr("What is drawn of the runs")
        tip = self.tr("What is drawn of the chosen runs, over their steps")
        self.measure_box = named(QComboBox(), "run_measure_box", spoken, tip)
        self.measure_box.addItems([measure.title for measure in self._measures])
        self.measure_box.currentIndexChanged.connect(self._draw)
        self._plot = plot = Plot(axis_width=_AXIS_WIDTH)
        is_to_be(plot.widget, QAccessible.Role.Chart)
        self.widget: Any = named(plot.widget, "run_plot", self.tr("Plot of the chosen runs"))
        plot.axes["bottom"].setLabel(self.tr("Step"))
        plot.layout.setContentsMargins(2, 6, 22, 2)
        self.key = caption()
        self.key.setTextFormat(Qt.TextFormat.RichText)
        self.key.setAccessibleDescription(self.tr("Which curve is which run's"))
        self.key.setWordWrap(True)
        self.hint = caption(self.tr("Choose a run above to see its curves."))
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over_plot = (self.hint, Qt.AlignmentFlag.AlignCenter)
        column(over_plot, parent=self.widget, margins=None)
        self.widget.setMinimumHeight(_LEAST_HEIGHT)
        column(row(self.measure_box, 0), self.key, (self.widget, 1), parent=self, spacing=6)
        self.apply_theme(LIGHT_PLOT)

    def _make_measures(self) -> tuple[_Measure, ...]:
        accuracy, loss = attrgetter("validation_accuracy"), attrgetter("validation_loss")

        def training_loss(run: History) -> Curve:
            return loss_curves(run).training

        def share(value: float) -> str:
            return percent(value, 2)

        def missing(value: float) -> str:
            return percent(1 - value, 2)

        def plain(value: float) -> str:
            return number(value, 4)

        return (
            _Measure(self.tr("Validation error (%)"), accuracy, log_error, log_ticks, missing),
            _Measure(self.tr("Validation accuracy (%)"), accuracy, in_percent, linear_ticks, share),
            _Measure(self.tr("Validation loss"), loss, log_loss, log_ticks, plain),
            _Measure(self.tr("Training loss"), training_loss, log_loss, log_ticks, plain),
        )

    def show_runs(self, runs: Iterable[PlottedRun]) -> None:
        """Draw these runs."""
        self._runs = tuple(runs)
        self._draw()

    def curves(self) -> list[Curve]:
        """Return the points as they are drawn, a curve for each run that has any."""
        return [line.curve for line in self._lines]

    @Slot(bool)
    def set_wide(self, wide: bool) -> None:
        """Draw wider lines, to be seen from the last row, or those for the desk."""
        self._line_width = WIDE_LINE_WIDTH if wide else LINE_WIDTH
        self._draw()

    def apply_theme(self, colours: PlotColours) -> None:
        """Use the theme's colours."""
        self._colours = colours
        self._draw()
        self._plot.apply_theme(colours)

    @Slot()
    def _draw(self) -> None:
        measure = self._measures[self.measure_box.currentIndex()]
        for line in self._lines:
            self._plot.box.removeItem(line)
        self._lines.clear()
        values: list[Any] = []
        last = 0.0
        spoken: list[str] = []
        for place, run in enumerate(self._runs):
            curve = measure.curve(run.history).thinned(_POINTS)
            if len(curve):
                placed = measure.place(curve.values, np.inf)
                self._add(run, place, Curve(curve.steps, placed))
                values.append(placed)
                last = max(last, float(curve.steps[-1]))
                spoken.append(f"{run.title}: {measure.text(float(curve.values[-1]))}")
        self._describe(measure, spoken)
        self.hint.setVisible(not values)
        self.key.setVisible(bool(values))
        self.key.setText("\u2003".join(map(self._key_of, self._runs)) if values else "")
        self.key.setToolTip("\n".join(run.title for run in self._runs))
        for axis in self._plot.axes.values():
            axis.show() if values else axis.hide()
        if values:
            self._show_axes(measure, np.concatenate(values), axis_end(last))

    def _describe(self, measure: _Measure, spoken: list[str]) -> None:
        text = self.tr("{measure} at the end of each run: {values}")
        words = text.format(measure=measure.title, values=listed(spoken)) if spoken else ""
        self.widget.setAccessibleDescription(words)

    def _key_of(self, run: PlottedRun) -> str:
        shade = seen_on(QColor(self._colours.background), run.shade).name()
        return f'<span style="color: {shade}">\u25cf</span>&nbsp;{escape(run.title)}'

    def _add(self, run: PlottedRun, place: int, curve: Curve) -> None:
        shade = seen_on(QColor(self._colours.background), run.shade)
        line = CurveLine(dot(6) if len(curve) < _MOST_MARKS else None)
        line.set_pen(QPen(shade, self._line_width, _DASHES[place % len(_DASHES)]))
        line.set_curve(curve)
        self._lines.append(line)
        self._plot.box.addItem(line, ignoreBounds=True)

    def _show_axes(self, measure: _Measure, values: Any, end: float) -> None:
        low, high = float(values.min()), float(values.max())
        room = 0.1 * max(high - low, 0.1)
        axes, box = self._plot.axes, self._plot.box
        axes["left"].setTicks([measure.ticks(low - room, high + room)])
        axes["bottom"].setTicks([linear_ticks(0, end, most=6)])
        box.setXRange(0, end, padding=0.02)
        box.setYRange(low - room, high + room, padding=0.0)
        for line in self._lines:
            line.set_range(box.viewRect())
