"""Whether any of some widgets can be seen."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget


class Watcher(QObject):
    """Emits `watched_changed` when the first of its widgets is shown, and when none is any more."""

    watched_changed = Signal(bool)

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__(widgets[0])
        self._shown = {widget for widget in widgets if widget.isVisible()}
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of what is shown and hidden; never keeps an event from anyone."""
        if isinstance(watched, QWidget) and event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            before = bool(self._shown)
            if event.type() == QEvent.Type.Show:
                self._shown.add(watched)
            else:
                self._shown.discard(watched)
            if bool(self._shown) != before:
                self.watched_changed.emit(bool(self._shown))
        return False
