"""Live curves of accuracy and loss."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QPalette, QShowEvent
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from mnist_gui.engine.history import History
from mnist_gui.widgets.curves.curves_figure import CurvesFigure
from mnist_gui.widgets.curves.shown_runs import NO_RUN, ShownRuns, drawn_run
from mnist_gui.widgets.labels import caption
from mnist_gui.widgets.shades import LIGHT_PLOT, PlotColours

_REDRAW_MS = 66
_SLOWEST_REDRAW_MS = 1_000
# From one redraw to the next the curves grow by about this share: less is not worth the work.
_GROWTH_PER_REDRAW = 0.08


class CurvesView(QWidget):
    """Shows a run's accuracy and loss over its steps, with the previous run's curves behind.

    Telling it of news is cheap: it redraws at its own pace, and only while it can be seen.
    """

    error_rate_changed = Signal(bool)
    redraw_done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history: History | None = None
        self._earlier = NO_RUN
        self._is_stale = False
        self.figure = CurvesFigure()
        self.accuracy_pane = self.figure.accuracy_pane
        self.loss_pane = self.figure.loss_pane
        self.legend = self.figure.legend
        self.hint = caption(self.tr("No run yet: choose a recipe and press Start."))
        self.error_rate_box = QCheckBox(self.tr("Error rate, logarithmic"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REDRAW_MS)
        self._name_parts()
        self._lay_out()
        self._timer.timeout.connect(self.redraw)
        self.error_rate_box.toggled.connect(self._change_scale)
        self.apply_theme(LIGHT_PLOT)
        self.redraw()

    @property
    def history(self) -> History | None:
        """The run that is shown."""
        return self._history

    @Slot(object)
    def show_history(self, history: History | None) -> None:
        """Take note that this run has news; it is drawn soon, if it can be seen."""
        self._history = history
        self._mark_stale()

    @Slot()
    def keep_as_previous(self) -> None:
        """Keep the curves shown as the previous run's, in a paler shade."""
        if self._history is not None and self._history.step:
            self._earlier = drawn_run(self._history)
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

    def runs(self) -> ShownRuns:
        """Return the runs with their newest curves."""
        return ShownRuns(drawn_run(self._history), self._earlier)

    def apply_theme(self, colours: PlotColours) -> None:
        """Take on the theme's colours."""
        self.figure.apply_theme(colours)
        # The box's frame is drawn in a darker shade of its window's colour: too dark in the dark.
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

    @Slot(bool)
    def _change_scale(self, shown: bool) -> None:
        self.redraw()
        self.error_rate_changed.emit(shown)

    # --- putting together ----------------------------------------------------------------------

    def _name_parts(self) -> None:
        self.error_rate_box.setObjectName("error_rate_box")
        self.error_rate_box.setAccessibleName(self.tr("Error rate, logarithmic"))
        self.error_rate_box.setToolTip(
            self.tr("Show the share read wrong, so that 99.0 and 99.3 % can be told apart.")
        )

    def _lay_out(self) -> None:
        self.figure.add_beside_key(self.error_rate_box)
        over_plot = QVBoxLayout(self.accuracy_pane.widget)
        over_plot.addWidget(self.hint, alignment=Qt.AlignmentFlag.AlignCenter)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.addWidget(self.figure)


def redraw_interval(history: History | None) -> int:
    """Return after how many milliseconds news of this run is worth another redraw."""
    seconds = history.train_seconds if history else 0.0
    wanted = round(1000 * seconds * _GROWTH_PER_REDRAW)
    return min(max(wanted, _REDRAW_MS), _SLOWEST_REDRAW_MS)
