"""Speaking to screen readers, not more often than one can listen."""

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

_PAUSE_MS = 700


class Announcer(QObject):
    """Speaks the newest text once it has stood for a moment; never the same text twice in a row."""

    def __init__(self, speaker: QObject) -> None:
        super().__init__(speaker)
        self._speaker = speaker
        self._text = ""
        self._spoken = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._speak)

    def say(self, text: str) -> None:
        """Have this spoken next."""
        self._text = text
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _speak(self) -> None:
        if self._text == self._spoken:
            return
        self._spoken = self._text
        if self._text and QAccessible.isActive():
            announcement = QAccessibleAnnouncementEvent(self._speaker, self._text)
            QAccessible.updateAccessibility(announcement)
