"""Read photos and scans."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from mnist_gui.engine.errors import PictureError, sentence
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.pictures.result import FoundDigit, Picture, PicturePrediction
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import Job, JobThread
from mnist_gui.gui.window.main_window import MainWindow

# A network that learns changes many times a second; a page full of digits need not.
_REREAD_MILLISECONDS = 400


class PicturePresenter(QObject):
    """Holds one picture at a time, opened on the thread for files, read on that for reading.

    A picture goes through `opening_started` with its name, then `picture_opened`, then
    `reading_changed`, again with every newer network. `digits_missing` says why none are found,
    `network_missing` that there are digits but nothing to read them with. A picture that cannot
    be opened ends in `failed` and leaves the one before. A newer picture overtakes an older one.
    """

    opening_started = Signal(str)
    picture_opened = Signal(Picture, str)
    digits_missing = Signal(str)
    reading_changed = Signal(PicturePrediction)
    network_missing = Signal()
    cleared = Signal()
    failed = Signal(str)
    reading_failed = Signal(str)

    def __init__(
        self, file_thread: JobThread, reading_thread: JobThread, classifier: Classifier
    ) -> None:
        """`classifier` is used on the thread for reading only."""
        super().__init__()
        self._file_thread = file_thread
        self._reading_thread = reading_thread
        self._classifier = classifier
        self._snapshot: Snapshot | None = None
        self._digits: tuple[FoundDigit, ...] = ()
        self._opening: Job | None = None
        self._reading: Job | None = None
        self._is_stale = False
        self._reread = QTimer(self, singleShot=True, interval=_REREAD_MILLISECONDS)
        self._reread.timeout.connect(self._read)

    @Slot(str)
    def open(self, path: str) -> None:
        """Read the picture in a file."""
        self._open(partial(_opened, Path(path)), Path(path).name)

    @Slot(bytes, str)
    def use_content(self, content: bytes, name: str) -> None:
        """Read the picture in the bytes of a file, under this name."""
        self._open(partial(_decoded, content, name), name)

    @Slot()
    def clear(self) -> None:
        """Forget the picture, and one that is being opened."""
        self._forget_opening()
        self._digits = ()
        self.cleared.emit()

    @Slot(object)
    def use_snapshot(self, snapshot: Snapshot) -> None:
        """Read with this network from now on."""
        is_first = self._snapshot is None
        self._snapshot = snapshot
        if is_first:
            self._read()
        elif self._digits and not self._reread.isActive():
            self._reread.start()

    def _open(self, picture: Callable[[], Picture], name: str) -> None:
        self._forget_opening()
        job = self._opening = Job(partial(_open_and_find, picture, name))
        job.happened.connect(self._take_opened)
        job.completed.connect(self._end_opening)
        job.failed.connect(self._fail_opening)
        self.opening_started.emit(name)
        self._file_thread.submit(job)

    def _forget_opening(self) -> None:
        if self._opening is not None:
            self._opening.stop()
            self._opening = None

    @Slot(object)
    def _take_opened(self, event: object) -> None:
        if self.sender() is not self._opening:
            return
        match event:
            case _Opened():
                self._digits = ()
                self.picture_opened.emit(event.picture, event.name)
            case _Found():
                self._digits = event.digits
                self._read()
            case _NothingFound():
                self.digits_missing.emit(event.reason)

    @Slot()
    def _end_opening(self) -> None:
        if self.sender() is self._opening:
            self._opening = None

    @Slot(object)
    def _fail_opening(self, error: object) -> None:
        if self.sender() is self._opening:
            self._opening = None
            self.failed.emit(sentence(error))

    @Slot()
    def _read(self) -> None:
        if not self._digits:
            return
        if self._snapshot is None:
            self.network_missing.emit()
            return
        self._is_stale = self._reading is not None
        if self._reading is None:
            self._reading = self._reading_thread.run(
                partial(self._answer, self._digits, self._snapshot),
                take=self._take_reading,
                end=self._end_reading,
                fail=self._fail_reading,
            )

    def _answer(
        self, digits: tuple[FoundDigit, ...], snapshot: Snapshot
    ) -> tuple[PicturePrediction]:
        from mnist_gui.engine.pictures.find import predict_digits

        return (predict_digits(digits, snapshot, self._classifier),)

    @Slot(object)
    def _take_reading(self, reading: object) -> None:
        assert isinstance(reading, PicturePrediction)
        # There may be another picture by now, or none.
        if reading.digits is self._digits:
            self.reading_changed.emit(reading)

    @Slot()
    def _end_reading(self) -> None:
        self._reading = None
        if self._is_stale:
            self._is_stale = False
            self._read()

    @Slot(object)
    def _fail_reading(self, error: object) -> None:
        self._reading = None
        self._is_stale = False
        self.reading_failed.emit(sentence(error))


@dataclass(frozen=True, slots=True)
class _Opened:
    picture: Picture
    name: str


@dataclass(frozen=True, slots=True)
class _Found:
    digits: tuple[FoundDigit, ...]


@dataclass(frozen=True, slots=True)
class _NothingFound:
    reason: str


def _open_and_find(
    open_: Callable[[], Picture], name: str
) -> Iterable[_Opened | _Found | _NothingFound]:
    from mnist_gui.engine.pictures.find import find_digits

    picture = open_()
    yield _Opened(picture, name)
    try:
        yield _Found(find_digits(picture))
    except PictureError as error:
        yield _NothingFound(str(error))


# What reads pictures is imported with the first of them: it would keep the window from opening.


def _opened(path: Path) -> Picture:
    from mnist_gui.engine.pictures.open import open_picture

    return open_picture(path)


def _decoded(content: bytes, name: str) -> Picture:
    from mnist_gui.engine.pictures.open import decode_picture

    return decode_picture(content, name)


class PictureActions(QObject):
    """File > Open picture and Edit > Paste picture."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.open = QAction(self.tr("Open p&icture \u2026"), window)
        self.open.setShortcut(QKeySequence("Ctrl+Shift+O"))
        self.paste = QAction(self.tr("&Paste picture"), window)
        self.paste.setShortcut(QKeySequence.StandardKey.Paste)
        window.menus.file_menu.insertAction(window.actions_offered.open_dataset, self.open)
        window.menus.edit_menu.insertAction(window.menus.after_pasting, self.paste)
