"""The network at hand: newest of the run, or opened from a file; saved on request."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.errors import sentence
from mnist_gui.engine.exchange.import_weights import import_network
from mnist_gui.engine.models.model_file import load_snapshot, save_snapshot
from mnist_gui.engine.recipe import IMPORTED
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import JobThread
from mnist_gui.paths import SHIPPED_NETWORK


class NetworkPresenter(QObject):
    """Holds the current network. A file that cannot be opened leaves it as it was.

    Opening emits `opened` with the path, or `imported` with the path and the network's name where
    only its weights are known. While a run lasts its networks follow one another; the one from
    before the run is kept, in case the run comes to nothing.
    """

    network_changed = Signal(Snapshot)
    opened = Signal(str)
    imported = Signal(str, str)
    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, thread: JobThread) -> None:
        super().__init__()
        self._thread = thread
        self._snapshot: Snapshot | None = None
        self._before_run: Snapshot | None = None

    @property
    def snapshot(self) -> Snapshot | None:
        """The current network, if there is one."""
        return self._snapshot

    @Slot(object)
    def use_snapshot(self, snapshot: Snapshot) -> None:
        """Make this the current network."""
        self._before_run = snapshot
        self.follow_run(snapshot)

    @Slot(object)
    def follow_run(self, snapshot: Snapshot) -> None:
        """Make this the current network while the run that it comes from lasts."""
        self._snapshot = snapshot
        self.network_changed.emit(snapshot)

    @Slot()
    def keep(self) -> None:
        """Let the current network stay; the run that it came from has ended."""
        self._before_run = self._snapshot

    @Slot()
    def go_back(self) -> None:
        """Take the network again that was there before the run, which came to nothing."""
        if self._before_run is not None and self._before_run is not self._snapshot:
            self.use_snapshot(self._before_run)

    @Slot(str)
    def open(self, path: str) -> None:
        """Read a network from a file, ours or another program's, on the thread for files."""
        self._thread.run(partial(_open, Path(path)), take=self._take_opened, fail=self._fail)

    def open_shipped(self) -> None:
        """Begin with the network that ships, unless there is another by then."""
        self._thread.run(partial(_load, SHIPPED_NETWORK), take=self._take_shipped, fail=self._fail)

    @Slot(str)
    def save(self, path: str) -> None:
        """Write the current network to a file, on the thread for files."""
        if self._snapshot is None:
            return
        self._thread.run(
            partial(_save, Path(path), self._snapshot), take=self._take_saved, fail=self._fail
        )

    @Slot(object)
    def _take_opened(self, opened: object) -> None:
        assert isinstance(opened, _Opened)
        self.use_snapshot(opened.snapshot)
        recipe = opened.snapshot.recipe
        if recipe.name == IMPORTED:
            self.imported.emit(str(opened.path), recipe.network)
        else:
            self.opened.emit(str(opened.path))

    @Slot(object)
    def _take_shipped(self, opened: object) -> None:
        assert isinstance(opened, _Opened)
        if self._snapshot is None:
            self.use_snapshot(opened.snapshot)

    @Slot(object)
    def _take_saved(self, path: object) -> None:
        self.saved.emit(str(path))

    @Slot(object)
    def _fail(self, error: object) -> None:
        self.failed.emit(sentence(error))


@dataclass(frozen=True, slots=True)
class _Opened:
    path: Path
    snapshot: Snapshot


def _open(path: Path) -> Iterable[_Opened]:
    yield _Opened(path, import_network(path))


def _load(path: Path) -> Iterable[_Opened]:
    yield _Opened(path, load_snapshot(path))


def _save(path: Path, snapshot: Snapshot) -> Iterable[Path]:
    save_snapshot(path, snapshot)
    yield path
