"""The page of curves: whose they are, plots and legend, and how they are shown."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QWidget

from mnist_gui.engine.history import History
from mnist_gui.gui.common.labels import caption, heading
from mnist_gui.gui.common.qt import ActionFace, Pane, column, named, row, widget_with
from mnist_gui.gui.common.theme import LIGHT_PLOT, PlotColours
from mnist_gui.gui.curves.data import NO_RUN, Look, ShownRuns, XAxis, plotted_run
from mnist_gui.gui.curves.figure import CurvesFigure

_REDRAW_MS = 66
_SLOWEST_REDRAW_MS = 1_000
# Redraw when the curves have grown by about this fraction.
_GROWTH_PER_REDRAW = 0.08
# From here on the last errors cannot be told apart on an axis of accuracies.
_GOOD = 0.97


class CurvesView(Pane):
    """Shows a run's accuracy and loss over its steps, with the previous run's curves behind.

    It redraws at most every few frames, and only while it is visible.
    """

    redraw_done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.history: History | None = None
        self._no_run_text = self.tr("No run yet: choose a recipe and press Start.")
        self._earlier = NO_RUN
        self._is_stale = False
        self._zoom: tuple[float, float] | None = None
        self._chose_errors = False
        self._is_choosing = True
        self.figure = CurvesFigure()
        self.accuracy_pane = self.figure.accuracy_pane
        self.loss_pane = self.figure.loss_pane
        self.legend = self.figure.legend
        self.title = heading("")
        self.hint = caption()
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._make_actions()
        self._make_controls()
        self._timer = QTimer(self, singleShot=True, interval=_REDRAW_MS)
        self._lay_out()
        self._connect()
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
        self._begin(None)

    def show_other_run(self, history: History | None) -> None:
        """Show this run, or none, in place of all that is shown."""
        self._earlier = NO_RUN
        self._begin(history)

    def _begin(self, history: History | None) -> None:
        self._zoom = None
        if not self._chose_errors:
            self._show_errors(shown=False)
        self.show_history(history)

    def take_over(self, before: "CurvesView") -> None:
        """Show the same curves as another view, in the same way."""
        self._earlier = before._earlier
        self._is_choosing = False
        self.error_rate.setChecked(before.error_rate.isChecked())
        self.rate_box.setChecked(before.rate_box.isChecked())
        self.axis_box.setCurrentIndex(before.axis_box.currentIndex())
        self._is_choosing, self._chose_errors = True, before._chose_errors
        for name in before.legend.hidden():
            self.legend.switch(name).setChecked(False)
        self.show_history(before.history)
        self._use_zoom(before._zoom)

    def show_title(self, title: str) -> None:
        """Say which run it is."""
        self.title.setText(title)
        self.title.setVisible(bool(title))

    def show_hint(self, text: str) -> None:
        """Say this where there is no run."""
        self._no_run_text = text
        self.hint.setText(self._hint_text())

    @property
    def is_error_rate_shown(self) -> bool:
        """Whether the error rate is shown instead of the accuracy."""
        return self.error_rate.isChecked()

    def look(self) -> Look:
        """Return how the curves are shown."""
        return Look(
            error_rate=self.error_rate.isChecked(),
            with_rate=self.rate_box.isChecked(),
            axis=self.axis_box.currentData(),
            hidden=self.legend.hidden(),
            zoom=self._zoom,
        )

    def runs(self) -> ShownRuns:
        """Return the runs with their newest curves."""
        run = plotted_run(self.history, with_rate=self.rate_box.isChecked())
        return ShownRuns(run, self._earlier)

    def apply_theme(self, colours: PlotColours) -> None:
        """Use the colours of the theme."""
        self.figure.apply_theme(colours)

    def set_presenting(self, presenting: bool) -> None:
        """Draw wider lines while a class looks on."""
        self.figure.set_wide(wide=presenting)

    @Slot()
    def redraw(self) -> None:
        """Draw the newest curves now."""
        self._timer.stop()
        self._is_stale = False
        self._show_errors_once_few()
        runs = self.runs()
        self.figure.show_runs(runs, self.look())
        self.hint.setText(self._hint_text())
        self.hint.setVisible(not runs.last_step)
        self._timer.setInterval(redraw_interval(self.history))
        self.redraw_done.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Redraw if something has changed while it was hidden."""
        super().showEvent(event)
        if self._is_stale:
            self._timer.start()

    def _hint_text(self) -> str:
        if self.history is None:
            return self._no_run_text
        return self.tr("Preparing \u2026 the curves begin with the first steps.")

    # --- how the curves are shown --------------------------------------------------------------

    def _show_errors_once_few(self) -> None:
        """Show the errors of a run that has few of them, unless the user has chosen."""
        if self._chose_errors or self.history is None:
            return
        validation = self.history.validation_accuracy
        if len(validation) and validation.values[-1] > _GOOD:
            self._show_errors(shown=True)

    def _show_errors(self, *, shown: bool) -> None:
        self._is_choosing = False
        self.error_rate.setChecked(shown)
        self._is_choosing = True

    @Slot()
    def _switch_errors(self) -> None:
        if self._is_choosing:
            self._chose_errors = True
            self.redraw()

    @Slot()
    def _change_axis(self) -> None:
        self._zoom = None
        self._show_look()

    @Slot(object)
    def _use_zoom(self, zoom: tuple[float, float] | None) -> None:
        self._zoom = zoom
        self._show_look()

    @Slot()
    def _show_whole_run(self) -> None:
        self._use_zoom(None)

    @Slot()
    def _show_look(self) -> None:
        self.whole_run.setEnabled(self._zoom is not None)
        self.figure.show_look(self.look())

    def _mark_stale(self) -> None:
        self._is_stale = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    # --- putting together ----------------------------------------------------------------------

    def _make_actions(self) -> None:
        self.error_rate = QAction(
            self.tr("Zoom in on the remaining err&ors"),
            self,
            toolTip=self.tr("Show the share read wrong, so that 99.0 and 99.3 % can be told apart"),
            shortcut=QKeySequence("Ctrl+L"),
            checkable=True,
        )
        self.whole_run = QAction(
            self.tr("&Whole run"),
            self,
            toolTip=self.tr("Show the curves from the first to the last step again"),
            enabled=False,
        )
        self.copy_picture = QAction(self.tr("&Copy picture"), self)
        self.save_picture = QAction(self.tr("Save &picture as \u2026"), self)
        self.save_values = QAction(self.tr("Save &values as CSV \u2026"), self)
        self.show_table = QAction(self.tr("Show as &table"), self)

    def _make_controls(self) -> None:
        self.error_rate_box = named(QCheckBox(), "error_rate_box")
        ActionFace(self.error_rate_box, self.error_rate)
        tip = self.tr("Show how far each step moves the weights")
        rate = QCheckBox(self.tr("Learning rate"))
        self.rate_box = named(rate, "show_rate_box", tip=tip)
        tip = self.tr("What the curves are drawn over")
        self.axis_box = named(QComboBox(), "curves_axis_box", self.tr("Horizontal axis"), tip)
        for axis, text in (
            (XAxis.STEP, self.tr("Over steps")),
            (XAxis.EPOCH, self.tr("Over epochs")),
            (XAxis.TIME, self.tr("Over time")),
        ):
            self.axis_box.addItem(text, axis)
        self.whole_run_button = named(QPushButton(), "whole_run_button")
        ActionFace(self.whole_run_button, self.whole_run)

    def _connect(self) -> None:
        self._timer.timeout.connect(self.redraw)
        self.error_rate.toggled.connect(self._switch_errors)
        self.rate_box.toggled.connect(self.redraw)
        self.axis_box.currentIndexChanged.connect(self._change_axis)
        self.whole_run.triggered.connect(self._show_whole_run)
        self.legend.switched.connect(self._show_look)
        self.figure.zoom_asked.connect(self._use_zoom)
        self.figure.pane_added.connect(self._offer_actions)
        for pane in self.figure.panes:
            self._offer_actions(pane.widget)

    @Slot(object)
    def _offer_actions(self, plot: QWidget) -> None:
        """Give a plot its context menu."""
        saving = [self.copy_picture, self.save_picture, self.save_values, self.show_table]
        line = QAction(plot)
        line.setSeparator(True)
        plot.addActions([*saving, line, self.whole_run, self.error_rate])
        plot.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _lay_out(self) -> None:
        axis = widget_with(row(self.axis_box, self.whole_run_button, spacing=6))
        boxes = widget_with(row(self.error_rate_box, self.rate_box, spacing=14))
        self.figure.add_controls(axis, boxes)
        over_plot = (self.hint, Qt.AlignmentFlag.AlignCenter)
        column(over_plot, parent=self.accuracy_pane.widget, margins=None)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.title.hide()
        column(self.title, (self.figure, 1), parent=self, margins=(12, 12, 12, 8), spacing=6)


def redraw_interval(history: History | None) -> int:
    """Return after how many milliseconds to redraw a run, the more the longer it trains."""
    seconds = history.train_seconds if history else 0.0
    wanted = round(1000 * seconds * _GROWTH_PER_REDRAW)
    return min(max(wanted, _REDRAW_MS), _SLOWEST_REDRAW_MS)
