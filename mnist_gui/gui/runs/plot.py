"""The curves of several runs in one plot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from mnist_gui.engine.history import Curve, History
from mnist_gui.gui.common.labels import caption
from mnist_gui.gui.common.theme import LIGHT_PLOT, PlotColours
from mnist_gui.gui.curves.data import Placing, in_percent, log_error, log_loss, loss_curves
from mnist_gui.gui.curves.plot import SIDES, plain_plot
from mnist_gui.gui.curves.scales import axis_end, linear_ticks, log_ticks

# Dashes tell curves apart where colours do not.
_DASHES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DotLine,
)
_AXIS_WIDTH = 48


@dataclass(frozen=True, slots=True, eq=False)
class DrawnRun:
    """A run to draw: its history, its shade "#rrggbb" and what it is called."""

    title: str
    shade: str
    history: History


@dataclass(frozen=True, slots=True)
class _Measure:
    """What can be drawn of runs; `place` puts values on the axis, which has powers of ten or not"""

    title: str
    curve: Callable[[History], Curve]
    place: Placing
    is_logarithmic: bool


def _measures() -> tuple[_Measure, ...]:
    return (
        _Measure(
            QCoreApplication.translate("runs", "Validation error (%)"),
            lambda run: run.validation_accuracy,
            log_error,
            True,
        ),
        _Measure(
            QCoreApplication.translate("runs", "Validation accuracy (%)"),
            lambda run: run.validation_accuracy,
            in_percent,
            False,
        ),
        _Measure(
            QCoreApplication.translate("runs", "Validation loss"),
            lambda run: run.validation_loss,
            log_loss,
            True,
        ),
        _Measure(
            QCoreApplication.translate("runs", "Training loss"),
            lambda run: loss_curves(run).training,
            log_loss,
            True,
        ),
    )


class RunPlot(QWidget):
    """Draws one measure of the chosen runs over their steps, in their own colours and dashes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measures = _measures()
        self._runs: tuple[DrawnRun, ...] = ()
        self._colours = LIGHT_PLOT
        self.measure_box = QComboBox()
        self.widget: Any = plain_plot(axis_width=_AXIS_WIDTH)
        self._item: Any = self.widget.getPlotItem()
        self.key = caption()
        self.hint = caption(self.tr("Choose a run above to see its curves."))
        self._set_up()
        self._lay_out()
        self.apply_theme(LIGHT_PLOT)

    def show_runs(self, runs: Sequence[DrawnRun]) -> None:
        """Draw these runs."""
        self._runs = tuple(runs)
        self._draw()

    def curves(self) -> list[Curve]:
        """Return the points as they are drawn, a curve for each run that has any."""
        return [Curve(*item.getOriginalDataset()) for item in self._item.listDataItems()]

    def apply_theme(self, colours: PlotColours) -> None:
        """Take on the theme's colours."""
        self._colours = colours
        self._draw()
        self.widget.setBackground(colours.background)
        for side in SIDES:
            axis = self._item.getAxis(side)
            axis.setPen(QPen(_faint(colours)))
            axis.setTextPen(colours.text)

    @Slot()
    def _draw(self) -> None:
        measure = self._measures[self.measure_box.currentIndex()]
        self._item.clear()
        values: list[Any] = []
        last = 0.0
        for place, run in enumerate(self._runs):
            curve = measure.curve(run.history).thinned(1_000)
            if len(curve):
                placed = measure.place(curve.values, np.inf)
                self._add(run, place, curve.steps, placed)
                values.append(placed)
                last = max(last, float(curve.steps[-1]))
        self.hint.setVisible(not values)
        self.key.setVisible(bool(values))
        self.key.setText("\u2003".join(map(self._key_of, self._runs)) if values else "")
        self.key.setToolTip("\n".join(run.title for run in self._runs))
        for side in SIDES:
            self._item.showAxis(side, show=bool(values))
        if values:
            self._show_axes(measure, np.concatenate(values), axis_end(last))

    def _key_of(self, run: DrawnRun) -> str:
        shade = _seen_on(self._colours.background, run.shade).name()
        return f'<span style="color: {shade}">\u25cf</span>&nbsp;{escape(run.title)}'

    def _add(self, run: DrawnRun, place: int, steps: Any, values: Any) -> None:
        # Width 1: wider antialiased lines take many times as long to paint.
        shade = _seen_on(self._colours.background, run.shade)
        pen = QPen(shade, 1, _DASHES[place % len(_DASHES)])
        pen.setCosmetic(True)
        symbol = "o" if len(steps) < 60 else None
        line = self._item.plot(
            steps, values, pen=pen, antialias=True, symbol=symbol, symbolSize=4, name=run.title
        )
        line.setSymbolBrush(shade)
        line.setSymbolPen(None)

    def _show_axes(self, measure: _Measure, values: Any, end: float) -> None:
        low, high = float(values.min()), float(values.max())
        room = 0.1 * max(high - low, 0.1)
        ticks = log_ticks if measure.is_logarithmic else linear_ticks
        self._item.getAxis("left").setTicks([ticks(low - room, high + room)])
        self._item.getAxis("bottom").setTicks([linear_ticks(0, end, most=6)])
        self._item.setXRange(0, end, padding=0.02)
        self._item.setYRange(low - room, high + room, padding=0.0)

    # --- putting together ----------------------------------------------------------------------

    def _set_up(self) -> None:
        self.measure_box.addItems([measure.title for measure in self._measures])
        self.measure_box.setObjectName("run_measure_box")
        self.measure_box.setAccessibleName(self.tr("What is drawn of the runs"))
        self.measure_box.setToolTip(self.tr("What is drawn of the chosen runs, over their steps"))
        self.measure_box.currentIndexChanged.connect(self._draw)
        self.widget.setObjectName("run_plot")
        self.widget.setAccessibleName(self.tr("Plot of the chosen runs"))
        self._item.setLabel("bottom", self.tr("Step"))
        self.key.setTextFormat(Qt.TextFormat.RichText)
        self.key.setAccessibleName(self.tr("Which curve is which run's"))
        self.key.setWordWrap(True)
        self._item.layout.setContentsMargins(2, 6, 22, 2)

    def _lay_out(self) -> None:
        over_plot = QVBoxLayout(self.widget)
        over_plot.addWidget(self.hint, alignment=Qt.AlignmentFlag.AlignCenter)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        top = QHBoxLayout()
        top.addWidget(self.measure_box)
        top.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.key)
        layout.addWidget(self.widget, stretch=1)


def _seen_on(background: str, shade: str) -> QColor:
    colour = QColor(shade)
    return colour.lighter(140) if QColor(background).lightness() < 100 else colour


def _faint(colours: PlotColours) -> QColor:
    colour = QColor(colours.text)
    colour.setAlphaF(0.45)
    return colour
