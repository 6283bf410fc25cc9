"""Replay: the drawing is drawn again, and read on the way."""

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.drawing import Drawing
from mnist_gui.gui.drawing.replay import ReplayActions
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.parts import Parts


class ReplayConnections(QObject):
    """Shows a drawing as it was drawn, with what is read at each moment of it."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._canvas, self._parts = window.canvas, parts
        replay, tools = parts.replay, window.drawing_column.tools
        actions = ReplayActions(window)
        actions.replay.triggered.connect(self._play_or_stop)
        actions.pace_chosen.connect(replay.set_pace)
        tools.replay_button.clicked.connect(self._play_or_stop)
        window.canvas.drawing_changed.connect(replay.use_drawing)
        window.canvas.drawing_changed.connect(actions.follow_drawing)
        replay.playing_changed.connect(tools.show_playing)
        replay.playing_changed.connect(actions.show_playing)
        replay.playing_changed.connect(parts.keeping.set_replaying)
        replay.trace_changed.connect(window.canvas.show_trace)
        replay.shown_changed.connect(self._show)
        parts.drawing.drawing_read.connect(replay.take_reading)

    @Slot()
    def _play_or_stop(self) -> None:
        # A test image may stand where the drawing's is to be seen.
        self._parts.shown_image.hide()
        self._parts.replay.play_or_stop()

    @Slot(object)
    def _show(self, shown: Drawing | None) -> None:
        self._canvas.show_instead(shown)
        whole = self._parts.replay.drawing
        self._parts.drawing.use_drawing(whole if shown is None else shown)
