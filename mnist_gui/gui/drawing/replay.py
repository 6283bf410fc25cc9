"""Draw a drawing once more, and trace what is read meanwhile."""

from functools import partial
from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.replay import PredictionTrace, Replay
from mnist_gui.gui.window.main_window import MainWindow

_FRAME_MILLISECONDS = 16


class ReplayPresenter(QObject):
    """Plays the newest drawing, at the pen's pace or a multiple of it; a change of it ends that.

    `shown_changed` carries what is to be seen, None once it is the drawing itself again. What is
    read of it is added to the trace, which stays until the drawing changes: `trace_changed`
    carries it, or None.
    """

    shown_changed = Signal(object)
    trace_changed = Signal(object)
    playing_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._drawing = Drawing()
        self._replay: Replay | None = None
        self._trace: PredictionTrace | None = None
        self._pace = 1.0
        self._seconds = 0.0
        self._last_frame = 0.0
        # The moments of what was shown and may still be read; the newest is the last.
        self._moments: list[tuple[Drawing, float]] = []
        self._timer = QTimer(self, interval=_FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._show_next)

    @property
    def drawing(self) -> Drawing:
        """The whole of what is or can be played."""
        return self._drawing

    @property
    def is_playing(self) -> bool:
        """Whether a drawing is being drawn again."""
        return self._replay is not None

    @Slot(object)
    def use_drawing(self, drawing: Drawing) -> None:
        """Play this drawing from now on; what is being played ends."""
        self._drawing = drawing
        self.stop()
        self._moments.clear()
        if self._trace is not None:
            self._trace = None
            self.trace_changed.emit(None)

    @Slot(float)
    def set_pace(self, pace: float) -> None:
        """Play so many times as fast as the pen was, from now on."""
        self._pace = pace

    @Slot()
    def play_or_stop(self) -> None:
        """Begin, or end where it is."""
        if self.is_playing:
            self.stop()
        elif self._drawing:
            self._begin()

    @Slot()
    def stop(self) -> None:
        """Show the whole drawing again."""
        if self.is_playing:
            self._timer.stop()
            self._replay = None
            self.shown_changed.emit(None)
            self.playing_changed.emit(False)

    @Slot(object, object)
    def take_reading(self, drawing: Drawing, prediction: Prediction) -> None:
        """Add a reading to the trace, if it is of a moment that was shown."""
        moments = [seconds for shown, seconds in self._moments if shown is drawing]
        if self._trace is None or not moments:
            return
        del self._moments[: [shown is drawing for shown, _ in self._moments].index(True) + 1]
        self._trace = self._trace.with_reading(moments[0], prediction.probabilities)
        self.trace_changed.emit(self._trace)

    def _begin(self) -> None:
        self._replay = Replay(self._drawing)
        self._trace = PredictionTrace(self._replay.duration)
        self._moments.clear()
        self._seconds = 0.0
        self._last_frame = monotonic()
        self.playing_changed.emit(True)
        self.trace_changed.emit(self._trace)
        self._show(self._replay.at(0.0))
        self._timer.start()

    @Slot()
    def _show_next(self) -> None:
        assert self._replay is not None
        now = monotonic()
        self._seconds += (now - self._last_frame) * self._pace
        self._last_frame = now
        if self._seconds < self._replay.duration:
            self._show(self._replay.at(self._seconds))
        else:
            self._moments.append((self._drawing, self._replay.duration))
            self.stop()

    def _show(self, drawing: Drawing) -> None:
        self._moments.append((drawing, self._seconds))
        self.shown_changed.emit(drawing)


_SLOW, _AS_DRAWN, _FAST = 0.25, 1.0, 3.0


class ReplayActions(QObject):
    """Adds Replay and its pace to a window's Edit menu; `pace_chosen` tells how many times as fast.

    Replay is offered while there is a drawing.
    """

    pace_chosen = Signal(float)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.replay = QAction(self.tr("&Replay drawing"), self)
        self.replay.setShortcut(QKeySequence("R"))
        # A letter of its own, so only where no text is written.
        self.replay.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.replay.setEnabled(False)
        window.canvas.addAction(self.replay)
        menu = window.menus.edit_menu
        menu.addSeparator()
        menu.addAction(self.replay)
        paces = menu.addMenu(self.tr("Replay &speed"))
        paces.addActions(self._pace_actions())

    @Slot(Drawing)
    def follow_drawing(self, drawing: Drawing) -> None:
        """Offer what needs a drawing, or not."""
        self.replay.setEnabled(bool(drawing))

    @Slot(bool)
    def show_playing(self, playing: bool) -> None:
        """Offer to stop what is played."""
        self.replay.setText(self.tr("Stop &replay") if playing else self.tr("&Replay drawing"))

    def _pace_actions(self) -> list[QAction]:
        paces = (
            (self.tr("&Slow, a quarter"), _SLOW),
            (self.tr("As it was &drawn"), _AS_DRAWN),
            (self.tr("&Fast, three times"), _FAST),
        )
        group = QActionGroup(self)
        for text, pace in paces:
            action = QAction(text, group)
            action.setCheckable(True)
            action.setChecked(pace == _AS_DRAWN)
            action.triggered.connect(partial(self.pace_chosen.emit, pace))
        return group.actions()
