"""Live curves of accuracy and loss."""

from math import ceil, floor, log10

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QPalette, QPixmap, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from mnist_gui.engine.history import Curve, History
from mnist_gui.widgets.curves.axis_ticks import axis_end, level_ticks, log_ticks
from mnist_gui.widgets.curves.curve_data import (
    NO_CURVES,
    Placing,
    RunCurves,
    Values,
    accuracy_curves,
    loss_curves,
    value_at,
)
from mnist_gui.widgets.curves.curve_legend import CurveLegend
from mnist_gui.widgets.curves.mark_words import mark_texts
from mnist_gui.widgets.curves.plot_pane import PlotPane, curve_pens
from mnist_gui.widgets.labels import caption
from mnist_gui.widgets.number_text import percent
from mnist_gui.widgets.shades import LIGHT_PLOT, PlotColours

_REDRAW_MS = 66
_SLOWEST_REDRAW_MS = 1_000
# From one redraw to the next the curves grow by about this share: less is not worth the work.
_GROWTH_PER_REDRAW = 0.08
_STEPS_WITHOUT_RUN = 1_000
_LEAST_ERROR = 0.01
_LEAST_LOSS = 1e-5


class CurvesView(QWidget):
    """Shows a run's accuracy and loss over its steps, with the previous run's curves behind.

    Telling it of news is cheap: it redraws at its own pace, and only while it can be seen.
    """

    error_rate_changed = Signal(bool)
    redraw_done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history: History | None = None
        self._accuracy = self._loss = NO_CURVES
        self._earlier_accuracy = self._earlier_loss = NO_CURVES
        self._step_read: float | None = None
        self._is_stale = False
        self.accuracy_pane = PlotPane(self)
        self.loss_pane = PlotPane(self)
        self.legend = CurveLegend()
        self.hint = caption(self.tr("No run yet: choose a recipe and press Start."))
        self.error_rate_box = QCheckBox(self.tr("Error rate, logarithmic"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REDRAW_MS)
        self._name_parts()
        self._lay_out()
        self._connect()
        self.apply_theme(LIGHT_PLOT)
        self.redraw()

    @Slot(object)
    def show_history(self, history: History | None) -> None:
        """Take note that this run has news; it is drawn soon, if it can be seen."""
        self._history = history
        self._mark_stale()

    @Slot()
    def keep_as_previous(self) -> None:
        """Keep the curves shown as the previous run's, in a paler shade."""
        if self._history is not None and self._history.step:
            self._earlier_accuracy = accuracy_curves(self._history)
            self._earlier_loss = loss_curves(self._history)
        self._history = None
        self._mark_stale()

    @Slot(bool)
    def show_error_rate(self, shown: bool) -> None:
        """Show the error rate on a logarithmic axis instead of the accuracy."""
        self.error_rate_box.setChecked(shown)

    @property
    def is_error_rate_shown(self) -> bool:
        """Whether the error rate is shown instead of the accuracy."""
        return self.error_rate_box.isChecked()

    def grab_picture(self) -> QPixmap:
        """Return a picture of the curves as they are now."""
        self.redraw()
        return self.grab()

    def apply_theme(self, colours: PlotColours) -> None:
        """Take on the theme's colours."""
        self.accuracy_pane.apply_theme(colours)
        self.loss_pane.apply_theme(colours)
        self.legend.show_pens(curve_pens(colours))
        # The box's frame is drawn in a darker shade of its window's colour: too dark in the dark.
        frame = QPalette()
        frame.setColor(QPalette.ColorRole.Window, QColor(colours.text))
        self.error_rate_box.setPalette(frame)

    @Slot()
    def redraw(self) -> None:
        """Draw the newest curves now."""
        self._timer.stop()
        self._is_stale = False
        self._accuracy = accuracy_curves(self._history)
        self._loss = loss_curves(self._history)
        self._draw_accuracy()
        self._draw_loss()
        self._draw_marks()
        self._read_out()
        self.hint.setVisible(not self._last_step)
        self._timer.setInterval(redraw_interval(self._history))
        self.redraw_done.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it could not be seen."""
        super().showEvent(event)
        if self._is_stale:
            self._timer.start()

    def _mark_stale(self) -> None:
        self._is_stale = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    # --- drawing -------------------------------------------------------------------------------

    @property
    def _last_step(self) -> float:
        curves = (self._accuracy, self._loss, self._earlier_accuracy, self._earlier_loss)
        return max(run.last_step for run in curves)

    @property
    def _axis_end(self) -> float:
        """The step at which the axes end: a round one, or where the run will end."""
        last = self._last_step
        if not last:
            return _STEPS_WITHOUT_RUN
        planned = self._history.recipe.steps if self._history else 0
        return min(axis_end(last), max(planned, last))

    def _draw_accuracy(self) -> None:
        pane = self.accuracy_pane
        if self.is_error_rate_shown:
            values = _show(pane, self._accuracy, self._earlier_accuracy, _log_error)
            # No error at all lies infinitely far down; such points leave the plot at its bottom.
            low, high = _log_range(values[values > log10(_LEAST_ERROR)], 0.0, 2.0)
            pane.name_axis(self.tr("Error rate (%)"))
            ticks = log_ticks(low, high)
        else:
            values = _show(pane, self._accuracy, self._earlier_accuracy, _percent)
            # The axis grows in steps of ten, so that it does not tremble while curves grow.
            low = 10 * float(np.floor(values.min() / 10)) if len(values) else 0.0
            high = 100 + 0.04 * (100 - low)
            pane.name_axis(self.tr("Accuracy (%)"))
            ticks = level_ticks(low, high, most=7)
        pane.mark_axes(level_ticks(0, self._axis_end), ticks)
        pane.show_range(self._axis_end, low, high)

    def _draw_loss(self) -> None:
        pane = self.loss_pane
        low, high = _log_range(_show(pane, self._loss, self._earlier_loss, _log_loss), -1.0, 0.5)
        pane.name_axis(self.tr("Loss"))
        pane.mark_axes(level_ticks(0, self._axis_end), log_ticks(low, high))
        pane.show_range(self._axis_end, low, high)

    def _draw_marks(self) -> None:
        marks = mark_texts(self._history.marks) if self._history else []
        self.accuracy_pane.show_marks(marks)
        self.loss_pane.show_marks([(step, "") for step, _ in marks])

    def _read_out(self) -> None:
        has_points = bool(self._last_step)
        newest = self._loss.last_step or self._last_step
        step = newest if self._step_read is None else self._step_read
        self.legend.show_step(round(step) if has_points else None)
        self.legend.first_column.setText(
            self.tr("Error rate") if self.is_error_rate_shown else self.tr("Accuracy")
        )
        now, earlier = self._accuracy, self._earlier_accuracy
        loss, earlier_loss = self._loss, self._earlier_loss
        self._read_row("training", now.training, loss.training, step)
        self._read_row("batch", now.batch, loss.batch, step)
        self._read_row("validation", now.validation, loss.validation, step)
        self._read_row("earlier_training", earlier.training, earlier_loss.training, step)
        self._read_row("earlier_validation", earlier.validation, earlier_loss.validation, step)
        self.legend.show_earlier(shown=bool(earlier.last_step))

    def _read_row(self, name: str, accuracy: Curve, loss: Curve, step: float) -> None:
        share = value_at(accuracy, step)
        if share is not None and self.is_error_rate_shown:
            share = 1 - share
        # A mean of ones may fall short of 1 by what a float can hold.
        text = "" if share is None else percent(round(share, 6), 2)
        self.legend.show_values(name, text, value_at(loss, step))

    @Slot(float)
    def _hover(self, step: float) -> None:
        self._step_read = min(max(step, 0.0), self._last_step)
        for pane in (self.accuracy_pane, self.loss_pane):
            pane.show_crosshair(self._step_read if self._last_step else None)
        self._read_out()

    @Slot()
    def _stop_hovering(self) -> None:
        self._step_read = None
        for pane in (self.accuracy_pane, self.loss_pane):
            pane.show_crosshair(None)
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
        self.error_rate_box.setObjectName("error_rate_box")
        self.error_rate_box.setAccessibleName(self.tr("Error rate, logarithmic"))
        self.error_rate_box.setToolTip(
            self.tr("Show the share read wrong, so that 99.0 and 99.3 % can be told apart.")
        )

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.legend)
        top.addStretch()
        top.addWidget(self.error_rate_box, alignment=Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(8)
        over_plot = QVBoxLayout(self.accuracy_pane.widget)
        over_plot.addWidget(self.hint, alignment=Qt.AlignmentFlag.AlignCenter)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout.addLayout(top)
        layout.addWidget(self.accuracy_pane.widget, stretch=3)
        layout.addWidget(self.loss_pane.widget, stretch=2)
        self.loss_pane.name_steps(self.tr("Step"))

    def _connect(self) -> None:
        self._timer.timeout.connect(self.redraw)
        self.error_rate_box.toggled.connect(self._change_scale)
        for pane in (self.accuracy_pane, self.loss_pane):
            pane.hovered.connect(self._hover)
            pane.left.connect(self._stop_hovering)

    @Slot(bool)
    def _change_scale(self, shown: bool) -> None:
        self.redraw()
        self.error_rate_changed.emit(shown)


def _show(pane: PlotPane, now: RunCurves, earlier: RunCurves, place: Placing) -> Values:
    """Show both runs' curves in the pane; return the places that must be in view."""
    runs = (now.placed(place), earlier.placed(place))
    pane.show_curves(*runs)
    return np.concatenate([run.main_values() for run in runs])


def _percent(values: Values, _images: float) -> Values:
    return 100 * values


def _log_error(values: Values, images: float) -> Values:
    """Place error rates; where not one of the images was read wrong, as if half a one was."""
    return np.log10(np.maximum(100 * (1 - values), max(50 / images, _LEAST_ERROR)))


def _log_loss(values: Values, _images: float) -> Values:
    return np.log10(np.maximum(values, _LEAST_LOSS))


def _log_range(values: Values, low: float, high: float) -> tuple[float, float]:
    """Return the range of values with some room, or low and high where there are none.

    It grows by tenths of a power of ten, so that the axis does not tremble.
    """
    if not len(values):
        return low, high
    return floor(10 * values.min() - 0.5) / 10, ceil(10 * values.max() + 0.5) / 10


def redraw_interval(history: History | None) -> int:
    """Return after how many milliseconds news of this run is worth another redraw."""
    seconds = history.train_seconds if history else 0.0
    wanted = round(1000 * seconds * _GROWTH_PER_REDRAW)
    return min(max(wanted, _REDRAW_MS), _SLOWEST_REDRAW_MS)
