"""The page of curves: plots and legend."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QColor,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from mnist_gui.engine.history import Curve, History
from mnist_gui.gui.common.labels import caption, count, figure, number, percent
from mnist_gui.gui.common.qt import ActionFace, column, named, row
from mnist_gui.gui.common.theme import LIGHT_PLOT, PlotColours
from mnist_gui.gui.curves.data import (
    NO_RUN,
    Placing,
    RunCurves,
    ShownRuns,
    Values,
    by_line,
    error_range,
    in_percent,
    linear_ticks,
    log_error,
    log_loss,
    log_range,
    log_ticks,
    percent_range,
    plotted_run,
    value_at,
)
from mnist_gui.gui.curves.plot import PlotPane, curve_pens

_REDRAW_MS = 66
_SLOWEST_REDRAW_MS = 1_000
# Redraw when the curves have grown by about this fraction.
_GROWTH_PER_REDRAW = 0.08


class LineSample(QWidget):
    """A short piece of a curve."""

    def __init__(self) -> None:
        super().__init__()
        self._pen = QPen()
        self.setFixedSize(QSize(30, 12))

    def set_pen(self, pen: QPen) -> None:
        """Draw with this pen, thicker than in the plot so that its dashes can be seen."""
        self._pen = QPen(pen)
        self._pen.setWidthF(2.0)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the piece across the middle."""
        painter = QPainter(self)
        painter.setPen(self._pen)
        middle = self.height() // 2
        painter.drawLine(0, middle, self.width(), middle)
        painter.end()


class CurveLegend(QWidget):
    """A table with a row for each curve: line, name, accuracy and loss at one step."""

    def __init__(self) -> None:
        super().__init__()
        self._samples: dict[str, LineSample] = {}
        self._rows: dict[str, tuple[QLabel, QLabel, QLabel]] = {}
        self.step = caption()
        self.first_column = figure()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnMinimumWidth(2, 76)
        self._grid.setColumnMinimumWidth(3, 56)
        self._add_head()
        self._add_row("training", self.tr("Training, smoothed"))
        self._add_row("batch", self.tr("Training, as measured"))
        self._add_row("validation", self.tr("Validation"))
        self._add_row("earlier_training", self.tr("Previous run, training"))
        self._add_row("earlier_validation", self.tr("Previous run, validation"))
        self.show_earlier(shown=False)

    def show_pens(self, pens: dict[str, QPen]) -> None:
        """Draw the samples as the curves are drawn."""
        for name, sample in self._samples.items():
            sample.set_pen(pens[name])

    def show_step(self, step: int | None) -> None:
        """Show the step of the values."""
        self.step.setText("" if step is None else self.tr("Step {step}").format(step=count(step)))

    def show_values(self, name: str, accuracy: str, loss: float | None) -> None:
        """Show a curve's values in its row; an empty text where there is none."""
        _, first, second = self._rows[name]
        first.setText(accuracy)
        second.setText("" if loss is None else number(loss, 4))

    def value(self, name: str) -> tuple[str, str]:
        """Return the texts in a curve's row: accuracy, loss."""
        _, first, second = self._rows[name]
        return first.text(), second.text()

    def show_earlier(self, *, shown: bool) -> None:
        """Show the rows of the previous run, or leave them out."""
        for name in ("earlier_training", "earlier_validation"):
            self._samples[name].setVisible(shown)
            for label in self._rows[name]:
                label.setVisible(shown)

    def _add_head(self) -> None:
        loss = figure(self.tr("Loss"))
        for label in (self.first_column, loss):
            label.setForegroundRole(self.step.foregroundRole())
        self._grid.addWidget(self.step, 0, 0, 1, 2)
        self._grid.addWidget(self.first_column, 0, 2)
        self._grid.addWidget(loss, 0, 3)

    def _add_row(self, name: str, title: str) -> None:
        self._samples[name] = LineSample()
        self._rows[name] = (QLabel(title), figure(), figure())
        for place, part in enumerate((self._samples[name], *self._rows[name])):
            self._grid.addWidget(part, len(self._rows), place)


class CurvesFigure(QWidget):
    """Draws accuracy, or error rate, above loss; the legend shows their values at a step."""

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
            pane.hovered.connect(self._read_at)
            pane.left.connect(self._read_at)

    def show_runs(self, runs: ShownRuns, *, error_rate: bool) -> None:
        """Draw these runs, with the error rate on a logarithmic axis or with the accuracy."""
        self._runs, self._is_error_rate = runs, error_rate
        self._draw_accuracy()
        self._draw_loss()
        self.accuracy_pane.show_annotations(list(runs.now.annotations))
        self.loss_pane.show_annotations([(step, "") for step, _ in runs.now.annotations])
        self._read_out()

    def add_beside_legend(self, widget: QWidget) -> None:
        """Put something into the upper right corner."""
        self._top.addWidget(widget, alignment=Qt.AlignmentFlag.AlignTop)

    def apply_theme(self, colours: PlotColours) -> None:
        """Use the colours of the theme."""
        self.accuracy_pane.apply_theme(colours)
        self.loss_pane.apply_theme(colours)
        self.legend.show_pens(curve_pens(colours))

    @contextmanager
    def painted_as_lines(self) -> Iterator[None]:
        """Paint everything as lines meanwhile, nothing from cached pixmaps."""
        with self.accuracy_pane.painted_as_lines(), self.loss_pane.painted_as_lines():
            yield

    # --- drawing -------------------------------------------------------------------------------

    def _draw_accuracy(self) -> None:
        now, earlier = self._runs.now.accuracy, self._runs.earlier.accuracy
        pane = self.accuracy_pane
        if self._is_error_rate:
            low, high = error_range(_show(pane, now, earlier, log_error))
            title, ticks = self.tr("Error rate (%)"), log_ticks(low, high)
        else:
            low, high = percent_range(_show(pane, now, earlier, in_percent))
            title, ticks = self.tr("Accuracy (%)"), linear_ticks(low, high, most=7)
        pane.show_axes(title, self._runs.axis_end, low, high, ticks)

    def _draw_loss(self) -> None:
        pane, runs = self.loss_pane, self._runs
        low, high = log_range(_show(pane, runs.now.loss, runs.earlier.loss, log_loss), -1.0, 0.5)
        pane.show_axes(self.tr("Loss"), runs.axis_end, low, high, log_ticks(low, high))

    def _read_out(self) -> None:
        now, earlier = self._runs.now, self._runs.earlier
        newest = now.loss.last_step or self._runs.last_step
        step = newest if self._step_read is None else self._step_read
        self.legend.show_step(round(step) if self._runs.last_step else None)
        title = self.tr("Error rate") if self._is_error_rate else self.tr("Accuracy")
        self.legend.first_column.setText(title)
        losses = by_line(now.loss, earlier.loss)
        for name, accuracy in by_line(now.accuracy, earlier.accuracy).items():
            self._read_row(name, accuracy, losses[name], step)
        self.legend.show_earlier(shown=bool(earlier.accuracy.last_step))

    def _read_row(self, name: str, accuracy: Curve, loss: Curve, step: float) -> None:
        share = value_at(accuracy, step)
        if share is not None and self._is_error_rate:
            share = 1 - share
        # A mean of ones may fall short of 1 by what a float can hold.
        text = "" if share is None else percent(round(share, 6), 2)
        self.legend.show_values(name, text, value_at(loss, step))

    @Slot()
    @Slot(float)
    def _read_at(self, step: float | None = None) -> None:
        """Show the values at this step, or else at the last one."""
        last = self._runs.last_step
        self._step_read = None if step is None else min(max(step, 0.0), last)
        for pane in (self.accuracy_pane, self.loss_pane):
            pane.show_crosshair(self._step_read if last else None)
        self._read_out()

    # --- putting together ----------------------------------------------------------------------

    def _name_parts(self) -> None:
        accuracy, loss = self.accuracy_pane.widget, self.loss_pane.widget
        tip = self.tr("Move the pointer over the curves to read their values.")
        named(accuracy, "accuracy_plot", self.tr("Plot of the accuracy over steps"), tip)
        tip = self.tr("The loss is what training makes small: 0 would be perfect.")
        named(loss, "loss_plot", self.tr("Plot of the loss over steps"), tip)

    def _lay_out(self) -> None:
        self._top = row(self.legend, 0)
        panes = ((self.accuracy_pane.widget, 3), (self.loss_pane.widget, 2))
        column(self._top, *panes, parent=self, spacing=8)
        self.loss_pane.widget.setLabel("bottom", self.tr("Step"))


def _show(pane: PlotPane, now: RunCurves, earlier: RunCurves, place: Placing) -> Values:
    """Show the curves of both runs in the pane; return the positions that must be visible."""
    runs = (now.placed(place), earlier.placed(place))
    pane.show_curves(*runs)
    return np.concatenate([run.main_values() for run in runs])


class CurvesView(QWidget):
    """Shows a run's accuracy and loss over its steps, with the previous run's curves behind.

    It redraws at most every few frames, and only while it is visible.
    """

    redraw_done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.history: History | None = None
        self._earlier = NO_RUN
        self._is_stale = False
        self.figure = CurvesFigure()
        self.accuracy_pane = self.figure.accuracy_pane
        self.loss_pane = self.figure.loss_pane
        self.legend = self.figure.legend
        self.hint = caption(self.tr("No run yet: choose a recipe and press Start."))
        self.error_rate = QAction(
            self.tr("&Error rate, logarithmic"),
            self,
            toolTip=self.tr("Show the share read wrong, so that 99.0 and 99.3 % can be told apart"),
            shortcut=QKeySequence("Ctrl+L"),
            checkable=True,
        )
        self.error_rate_box = named(QCheckBox(), "error_rate_box")
        ActionFace(self.error_rate_box, self.error_rate)
        self._timer = QTimer(self, singleShot=True, interval=_REDRAW_MS)
        self._lay_out()
        self._timer.timeout.connect(self.redraw)
        self.error_rate.toggled.connect(self.redraw)
        self.apply_theme(LIGHT_PLOT)
        self.redraw()

    @Slot(object)
    def show_history(self, history: History | None) -> None:
        """Show the newest curves of this run soon, if they are visible."""
        self.history = history
        self._mark_stale()

    @Slot()
    def set_previous_run(self) -> None:
        """Show these curves as the previous run's from now on, paler."""
        if self.history is not None and self.history.step:
            self._earlier = plotted_run(self.history)
        self.history = None
        self._mark_stale()

    @property
    def is_error_rate_shown(self) -> bool:
        """Whether the error rate is shown instead of the accuracy."""
        return self.error_rate.isChecked()

    def runs(self) -> ShownRuns:
        """Return the runs with their newest curves."""
        return ShownRuns(plotted_run(self.history), self._earlier)

    def apply_theme(self, colours: PlotColours) -> None:
        """Use the colours of the theme."""
        self.figure.apply_theme(colours)
        # Fusion draws a box's frame in a darker shade of the window's colour: too dark.
        frame = QPalette()
        frame.setColor(QPalette.ColorRole.Window, QColor(colours.text))
        self.error_rate_box.setPalette(frame)

    @Slot()
    def redraw(self) -> None:
        """Draw the newest curves now."""
        self._timer.stop()
        self._is_stale = False
        runs = self.runs()
        self.figure.show_runs(runs, error_rate=self.is_error_rate_shown)
        self.hint.setVisible(not runs.last_step)
        self._timer.setInterval(redraw_interval(self.history))
        self.redraw_done.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Redraw if something has changed while it was hidden."""
        super().showEvent(event)
        if self._is_stale:
            self._timer.start()

    def _mark_stale(self) -> None:
        self._is_stale = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _lay_out(self) -> None:
        self.figure.add_beside_legend(self.error_rate_box)
        over_plot = (self.hint, Qt.AlignmentFlag.AlignCenter)
        column(over_plot, parent=self.accuracy_pane.widget, margins=None)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column(self.figure, parent=self, margins=(12, 12, 12, 8))


def redraw_interval(history: History | None) -> int:
    """Return after how many milliseconds to redraw a run, the more the longer it trains."""
    seconds = history.train_seconds if history else 0.0
    wanted = round(1000 * seconds * _GROWTH_PER_REDRAW)
    return min(max(wanted, _REDRAW_MS), _SLOWEST_REDRAW_MS)
