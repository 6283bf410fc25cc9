"""The curves themselves: two plots over the same steps, and their key."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mnist_gui.engine.history import Curve
from mnist_gui.widgets.curves.axis_ticks import level_ticks, log_ticks
from mnist_gui.widgets.curves.curve_data import Placing, RunCurves, Values, value_at
from mnist_gui.widgets.curves.curve_legend import CurveLegend
from mnist_gui.widgets.curves.plot_pane import PlotPane, curve_pens
from mnist_gui.widgets.curves.shown_runs import ShownRuns
from mnist_gui.widgets.curves.upright_scales import (
    error_range,
    in_percent,
    log_error,
    log_loss,
    log_range,
    percent_range,
)
from mnist_gui.widgets.number_text import percent
from mnist_gui.widgets.shades import PlotColours


class CurvesFigure(QWidget):
    """Draws runs' accuracy, or error rate, above their loss; the key reads out their values."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = ShownRuns()
        self._is_error_rate = False
        self._step_read: float | None = None
        self.accuracy_pane = PlotPane(self)
        self.loss_pane = PlotPane(self)
        self.legend = CurveLegend()
        self._name_parts()
        self._lay_out()
        for pane in (self.accuracy_pane, self.loss_pane):
            pane.hovered.connect(self._hover)
            pane.left.connect(self._stop_hovering)

    def show_runs(self, runs: ShownRuns, *, error_rate: bool) -> None:
        """Draw these runs, with the error rate on a logarithmic axis or with the accuracy."""
        self._runs, self._is_error_rate = runs, error_rate
        self._draw_accuracy()
        self._draw_loss()
        self.accuracy_pane.show_marks(list(runs.now.marks))
        self.loss_pane.show_marks([(step, "") for step, _ in runs.now.marks])
        self._read_out()

    def add_beside_key(self, widget: QWidget) -> None:
        """Put something into the upper right corner."""
        self._top.addWidget(widget, alignment=Qt.AlignmentFlag.AlignTop)

    def apply_theme(self, colours: PlotColours) -> None:
        """Take on the theme's colours."""
        self.accuracy_pane.apply_theme(colours)
        self.loss_pane.apply_theme(colours)
        self.legend.show_pens(curve_pens(colours))

    @contextmanager
    def painted_as_lines(self) -> Iterator[None]:
        """Meanwhile let everything be painted anew, nothing from pictures kept from before."""
        with self.accuracy_pane.painted_as_lines(), self.loss_pane.painted_as_lines():
            yield

    # --- drawing -------------------------------------------------------------------------------

    def _draw_accuracy(self) -> None:
        now, earlier = self._runs.now.accuracy, self._runs.earlier.accuracy
        pane = self.accuracy_pane
        if self._is_error_rate:
            low, high = error_range(_show(pane, now, earlier, log_error))
            pane.name_axis(self.tr("Error rate (%)"))
            ticks = log_ticks(low, high)
        else:
            low, high = percent_range(_show(pane, now, earlier, in_percent))
            pane.name_axis(self.tr("Accuracy (%)"))
            ticks = level_ticks(low, high, most=7)
        pane.mark_axes(level_ticks(0, self._runs.axis_end), ticks)
        pane.show_range(self._runs.axis_end, low, high)

    def _draw_loss(self) -> None:
        pane = self.loss_pane
        values = _show(pane, self._runs.now.loss, self._runs.earlier.loss, log_loss)
        low, high = log_range(values, -1.0, 0.5)
        pane.name_axis(self.tr("Loss"))
        pane.mark_axes(level_ticks(0, self._runs.axis_end), log_ticks(low, high))
        pane.show_range(self._runs.axis_end, low, high)

    def _read_out(self) -> None:
        now, earlier = self._runs.now, self._runs.earlier
        newest = now.loss.last_step or self._runs.last_step
        step = newest if self._step_read is None else self._step_read
        self.legend.show_step(round(step) if self._runs.last_step else None)
        self.legend.first_column.setText(
            self.tr("Error rate") if self._is_error_rate else self.tr("Accuracy")
        )
        self._read_row("training", now.accuracy.training, now.loss.training, step)
        self._read_row("batch", now.accuracy.batch, now.loss.batch, step)
        self._read_row("validation", now.accuracy.validation, now.loss.validation, step)
        self._read_row("earlier_training", earlier.accuracy.training, earlier.loss.training, step)
        self._read_row(
            "earlier_validation", earlier.accuracy.validation, earlier.loss.validation, step
        )
        self.legend.show_earlier(shown=bool(earlier.accuracy.last_step))

    def _read_row(self, name: str, accuracy: Curve, loss: Curve, step: float) -> None:
        share = value_at(accuracy, step)
        if share is not None and self._is_error_rate:
            share = 1 - share
        # A mean of ones may fall short of 1 by what a float can hold.
        text = "" if share is None else percent(round(share, 6), 2)
        self.legend.show_values(name, text, value_at(loss, step))

    @Slot(float)
    def _hover(self, step: float) -> None:
        last = self._runs.last_step
        self._read_at(min(max(step, 0.0), last), crosshair=bool(last))

    @Slot()
    def _stop_hovering(self) -> None:
        self._read_at(None, crosshair=False)

    def _read_at(self, step: float | None, *, crosshair: bool) -> None:
        self._step_read = step
        for pane in (self.accuracy_pane, self.loss_pane):
            pane.show_crosshair(step if crosshair else None)
        self._read_out()

    # --- putting together ----------------------------------------------------------------------

    def _name_parts(self) -> None:
        accuracy, loss = self.accuracy_pane.widget, self.loss_pane.widget
        accuracy.setObjectName("accuracy_plot")
        accuracy.setAccessibleName(self.tr("Plot of the accuracy over steps"))
        accuracy.setToolTip(self.tr("Move the pointer over the curves to read their values."))
        loss.setObjectName("loss_plot")
        loss.setAccessibleName(self.tr("Plot of the loss over steps"))
        loss.setToolTip(self.tr("The loss is what training makes small: 0 would be perfect."))

    def _lay_out(self) -> None:
        self._top = QHBoxLayout()
        self._top.addWidget(self.legend)
        self._top.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._top)
        layout.addWidget(self.accuracy_pane.widget, stretch=3)
        layout.addWidget(self.loss_pane.widget, stretch=2)
        self.loss_pane.name_steps(self.tr("Step"))


def _show(pane: PlotPane, now: RunCurves, earlier: RunCurves, place: Placing) -> Values:
    """Show both runs' curves in the pane; return the places that must be in view."""
    runs = (now.placed(place), earlier.placed(place))
    pane.show_curves(*runs)
    return np.concatenate([run.main_values() for run in runs])
