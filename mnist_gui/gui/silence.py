"""Disks that do not answer are noticed while files on them are read or saved."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mnist_gui.engine.io.patience import Asked, ask_disks
from mnist_gui.gui.session import Session

_MILLISECONDS = 1_000


class SilentDisks(QObject):
    """Asks the disk that a long job is about; `noticed` says that it does not answer.

    A job that only computes for long is none of its business: its disk answers.
    """

    noticed = Signal()

    def __init__(
        self,
        session: Session,
        *,
        ask: Callable[..., object] = ask_disks,
        milliseconds: int = _MILLISECONDS,
    ) -> None:
        """`ask` is given paths, and returns once their disks have answered."""
        super().__init__()
        self._session, self._ask_disks = session, ask
        self._asked: Asked[object] | None = None
        self._timer = QTimer(self, singleShot=True, interval=milliseconds)
        self._timer.timeout.connect(self._judge)
        for thread in (session.reading_thread, session.file_thread):
            thread.fell_silent.connect(self._ask)

    @Slot(object)
    def _ask(self, place: Path | None) -> None:
        """Ask the disk of this file or folder, or those of the user's folders."""
        # One that has not answered yet has been told of, or will be.
        if self._timer.isActive() or not self._is_answered():
            return
        own = self._session.data_folder, self._session.runs_folder.value
        self._asked = Asked(partial(self._ask_disks, *((place,) if place else own)))
        self._timer.start()

    @Slot()
    def _judge(self) -> None:
        if not self._is_answered():
            self.noticed.emit()

    def _is_answered(self) -> bool:
        return self._asked is None or self._asked.is_answered(0)
