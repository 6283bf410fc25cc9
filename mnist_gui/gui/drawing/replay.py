"""Draw a drawing once more, and trace what is read meanwhile."""

from functools import partial
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.replay import PredictionTrace, Replay
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.session import Displayed, Session, Source
from mnist_gui.gui.shell import Shell

_FRAME_MILLISECONDS = 16
_SLOW, _AS_DRAWN, _FAST = 0.25, 1.0, 3.0


class ReplayPresenter(QObject):
    """Draws the drawing once more, at the pen's speed or a multiple of it, until it is changed.

    What is predicted meanwhile is added to the trace over the canvas, which stays until the
    drawing changes.
    """

    def __init__(self, session: Session, canvas: DrawingCanvas, shell: Shell) -> None:
        super().__init__()
        self._session, self._canvas = session, canvas
        self._actions = shell.actions_offered
        self._replay: Replay | None = None
        # What was predicted over the pen's time, if the drawing was replayed.
        self.trace: PredictionTrace | None = None
        self._speed = 1.0
        self._seconds = 0.0
        self._last_frame = 0.0
        # The moments of what was shown and may still be predicted; the newest is the last.
        self._moments: list[tuple[Drawing, float]] = []
        self._timer = QTimer(self, interval=_FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._show_next)
        self._actions.replay.triggered.connect(self.play_or_stop)
        self._add_to_menu(shell.menus.edit_menu)
        session.drawing.follow(self._use_drawing)
        session.displayed.follow(self._follow_displayed)

    @property
    def is_playing(self) -> bool:
        """Whether a drawing is being drawn again."""
        return self._replay is not None

    def set_speed(self, speed: float) -> None:
        """Play so many times as fast as the pen was, from now on."""
        self._speed = speed

    @Slot()
    def play_or_stop(self) -> None:
        """Begin, or end where it is."""
        if self.is_playing:
            self.stop()
        elif self._session.drawing.value:
            self._begin()

    def stop(self) -> None:
        """Show the whole drawing again."""
        if self.is_playing:
            self._end()
            self._session.display_drawing()

    def _end(self) -> None:
        self._timer.stop()
        self._replay = None
        self._canvas.show_instead(None)
        self._actions.show_playing(playing=False)

    @Slot(object)
    def _use_drawing(self, _drawing: object) -> None:
        if self.is_playing:
            self._end()
        self._moments.clear()
        if self.trace is not None:
            self._show_trace(None)

    @Slot(object)
    def _follow_displayed(self, displayed: Displayed) -> None:
        if self.is_playing and _is_of_something_else(displayed):
            self._end()
        elif isinstance(displayed.prediction, Prediction):
            self._add_to_trace(displayed.drawing, displayed.prediction)

    def _add_to_trace(self, drawing: Drawing, prediction: Prediction) -> None:
        moments = [seconds for shown, seconds in self._moments if shown is drawing]
        if self.trace is None or not moments:
            return
        del self._moments[: [shown is drawing for shown, _ in self._moments].index(True) + 1]
        self._show_trace(self.trace.with_prediction(moments[0], prediction.probabilities))

    def _show_trace(self, trace: PredictionTrace | None) -> None:
        self.trace = trace
        self._canvas.show_trace(trace)

    def _begin(self) -> None:
        self._replay = Replay(self._session.drawing.value)
        self._moments.clear()
        self._seconds = 0.0
        self._last_frame = monotonic()
        self._actions.show_playing(playing=True)
        self._show_trace(PredictionTrace(self._replay.duration))
        self._show(self._replay.at(0.0))
        self._timer.start()

    @Slot()
    def _show_next(self) -> None:
        assert self._replay is not None
        now = monotonic()
        self._seconds += (now - self._last_frame) * self._speed
        self._last_frame = now
        if self._seconds < self._replay.duration:
            self._show(self._replay.at(self._seconds))
        else:
            self._moments.append((self._session.drawing.value, self._replay.duration))
            self.stop()

    def _show(self, drawing: Drawing) -> None:
        self._moments.append((drawing, self._seconds))
        self._canvas.show_instead(drawing)
        self._session.displayed.set(Displayed(Source.REPLAY, drawing))

    def _add_to_menu(self, menu: QMenu) -> None:
        menu.addSeparator()
        menu.addAction(self._actions.replay)
        speeds = (
            (self.tr("&Slow, a quarter"), _SLOW),
            (self.tr("As it was &drawn"), _AS_DRAWN),
            (self.tr("&Fast, three times"), _FAST),
        )
        # Held: its actions would not outlive it in Python.
        self._speeds = group = QActionGroup(self)
        for text, speed in speeds:
            action = group.addAction(text)
            action.setCheckable(True)
            action.setChecked(speed == _AS_DRAWN)
            action.triggered.connect(partial(self.set_speed, speed))
        menu.addMenu(self.tr("Rep&lay speed")).addActions(group.actions())


def _is_of_something_else(displayed: Displayed) -> bool:
    """Whether the user asked for something else than the replay.

    What is known of the whole drawing may still come after the replay has begun.
    """
    if displayed.source is Source.DRAWING:
        return displayed.image is None and displayed.prediction is None
    return displayed.source is not Source.REPLAY
