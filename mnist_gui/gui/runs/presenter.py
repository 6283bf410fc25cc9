"""The runs that are kept: listed, labelled, compared, deleted and brought back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.errors import MnistGuiError, sentence
from mnist_gui.engine.history import History
from mnist_gui.engine.runs.compare import Comparison
from mnist_gui.engine.runs.run import RunList, RunRecord, RunStatus
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import JobThread


@dataclass(frozen=True, slots=True)
class ChosenRuns:
    """What is known of the runs that a user looks at, beyond their records.

    `histories` are theirs in their order, None where one cannot be read; `comparison` is of the
    first with the second if there are two that were tested, or else `problem` says why not.
    """

    identities: tuple[str, ...]
    histories: tuple[History | None, ...]
    comparison: Comparison | None
    problem: str


class RunsPresenter(QObject):
    """Works with the ledger on the thread for files; every change is followed by `runs_changed`.

    `interrupted_found` tells once of the newest run if its program ended before it did.
    """

    runs_changed = Signal(RunList)
    chosen_read = Signal(ChosenRuns)
    opened = Signal(Snapshot, str)
    deleted = Signal(tuple)
    restorable_changed = Signal(bool)
    interrupted_found = Signal(RunRecord)
    failed = Signal(str)

    def __init__(self, thread: JobThread, ledger: RunStore) -> None:
        """`ledger` is used by nobody else."""
        super().__init__()
        self._thread = thread
        self._ledger = ledger
        self._chosen: tuple[str, ...] = ()
        self._opened: _Opened | None = None
        self._listed: tuple[RunRecord, ...] = ()
        self._is_listing = False
        self._is_stale = False
        self._is_restoring = False
        self._undo: list[tuple[str, ...]] = []

    @property
    def folder(self) -> Path:
        """Where the runs are."""
        return self._ledger.folder

    def identity_of(self, snapshot: Snapshot) -> str:
        """Return the run whose network this is, if it was the last that was loaded, or ""."""
        opened = self._opened
        return opened.identity if opened and opened.snapshot is snapshot else ""

    def name_of(self, identity: str) -> str:
        """Return the user's name for a run, "" where none is known."""
        return next((run.labels.name for run in self._listed if run.identity == identity), "")

    def use_ledger(self, ledger: RunStore) -> None:
        """Work with this ledger from now on, which is used by nobody else."""
        self._ledger = ledger
        self._opened = None
        self._undo.clear()
        self.restorable_changed.emit(False)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """List the runs anew; while that is under way, once more after it."""
        self._is_stale = self._is_listing
        if self._is_listing:
            return
        self._is_listing = True
        work = partial(_list, self._ledger)
        self._thread.run(work, take=self._take_list, end=self._end_listing, fail=self._fail_listing)

    @Slot()
    def look_for_interrupted(self) -> None:
        """Tell of the newest run if it was interrupted."""
        self._thread.run(partial(_list, self._ledger), take=self._take_newest, fail=self._fail)

    @Slot(tuple)
    def choose(self, identities: tuple[str, ...]) -> None:
        """Read the curves of these runs, and compare them if they are two."""
        self._chosen = identities
        self._thread.run(
            partial(_read, self._ledger, identities), take=self._take_chosen, fail=self._fail
        )

    @Slot(str)
    def open(self, identity: str) -> None:
        """Load a run's network as it was at the run's end."""
        self._open(identity, best=False)

    @Slot(str)
    def open_best(self, identity: str) -> None:
        """Load a run's network as it was when it read most validation images right."""
        self._open(identity, best=True)

    def _open(self, identity: str, *, best: bool) -> None:
        self._thread.run(
            partial(_load, self._ledger, identity, best=best),
            take=self._take_opened,
            fail=self._fail,
        )

    @Slot(str, str)
    def rename(self, identity: str, name: str) -> None:
        """Call a run by this name."""
        self._change(partial(self._ledger.rename, identity, name))

    @Slot(str, str)
    def recolour(self, identity: str, colour: str) -> None:
        """Give a run a colour."""
        self._change(partial(self._ledger.recolour, identity, colour))

    @Slot(str, bool)
    def pin(self, identity: str, is_pinned: bool) -> None:
        """Pin a run, or let it go."""
        self._change(partial(self._ledger.pin, identity, is_pinned=is_pinned))

    @Slot(str, str)
    def note(self, identity: str, note: str) -> None:
        """Write a note to a run."""
        self._change(partial(self._ledger.note, identity, note))

    @Slot(tuple)
    def delete(self, identities: tuple[str, ...]) -> None:
        """Delete runs; `restore` brings them back."""
        self._thread.run(
            partial(_delete, self._ledger, identities), take=self._take_deleted, fail=self._fail
        )

    @Slot()
    def restore(self) -> None:
        """Bring back what was deleted last in this session."""
        if not self._undo or self._is_restoring:
            return
        self._is_restoring = True
        self._thread.run(
            partial(_restore, self._ledger, self._undo[-1]),
            take=self._take_restored,
            fail=self._fail,
        )

    # --- on the main thread --------------------------------------------------------------------

    def _change(self, work: Callable[[], object]) -> None:
        self._thread.run(lambda: _no_events(work()), end=self.refresh, fail=self._fail)

    @Slot(object)
    def _take_list(self, runs: object) -> None:
        assert isinstance(runs, RunList)
        chosen = self._records_of_chosen()
        self._listed = runs.runs
        self.runs_changed.emit(runs)
        if chosen and self._records_of_chosen() != chosen:
            self.choose(self._chosen)

    @Slot()
    def _end_listing(self) -> None:
        self._is_listing = False
        if self._is_stale:
            self.refresh()

    @Slot(object)
    def _fail_listing(self, error: object) -> None:
        self._end_listing()
        self._fail(error)

    @Slot(object)
    def _take_newest(self, runs: object) -> None:
        assert isinstance(runs, RunList)
        newest = next(iter(runs.runs), None)
        if newest and newest.status is RunStatus.INTERRUPTED:
            self.interrupted_found.emit(newest)

    @Slot(object)
    def _take_chosen(self, chosen: object) -> None:
        assert isinstance(chosen, ChosenRuns)
        # Others may have been chosen since.
        if chosen.identities == self._chosen:
            self.chosen_read.emit(chosen)

    def _records_of_chosen(self) -> list[RunRecord]:
        return [run for run in self._listed if run.identity in self._chosen]

    @Slot(object)
    def _take_restored(self, restored: object) -> None:
        assert isinstance(restored, set)
        self._is_restoring = False
        left = (tuple(run for run in runs if run not in restored) for runs in self._undo)
        self._undo = [runs for runs in left if runs]
        self.restorable_changed.emit(bool(self._undo))
        self.refresh()

    @Slot(object)
    def _take_opened(self, opened: object) -> None:
        assert isinstance(opened, _Opened)
        self._opened = opened
        self.opened.emit(opened.snapshot, opened.name)

    @Slot(object)
    def _take_deleted(self, identities: object) -> None:
        assert isinstance(identities, tuple)
        if identities:
            self._undo.append(identities)
            self.deleted.emit(identities)
            self.restorable_changed.emit(True)
        self.refresh()

    @Slot(object)
    def _fail(self, error: object) -> None:
        self.failed.emit(sentence(error))


@dataclass(frozen=True, slots=True)
class _Opened:
    """The network of the run of this identity, and what the run is called."""

    identity: str
    snapshot: Snapshot
    name: str


def _no_events(_result: object) -> tuple[object, ...]:
    return ()


# --- on the thread for files, with the ledger that was in use when it was asked --------------


def _list(ledger: RunStore) -> Iterator[RunList]:
    yield ledger.runs()


def _read(ledger: RunStore, identities: tuple[str, ...]) -> Iterator[ChosenRuns]:
    histories = tuple(_history(ledger, identity) for identity in identities)
    comparison, problem = _compare(ledger, identities)
    yield ChosenRuns(identities, histories, comparison, problem)


def _history(ledger: RunStore, identity: str) -> History | None:
    try:
        return ledger.history(identity).history
    except MnistGuiError:
        return None


def _compare(ledger: RunStore, identities: Sequence[str]) -> tuple[Comparison | None, str]:
    if len(identities) != 2:
        return None, ""
    try:
        return ledger.compare(*identities), ""
    except MnistGuiError as error:
        return None, str(error)


def _load(ledger: RunStore, identity: str, *, best: bool) -> Iterator["_Opened"]:
    snapshot = ledger.snapshot(identity, best=best)
    yield _Opened(identity, snapshot, ledger.run(identity).name)


def _delete(ledger: RunStore, identities: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    done: list[str] = []
    try:
        for identity in identities:
            ledger.delete(identity)
            done.append(identity)
    finally:
        # What was deleted before one failed can be brought back as well.
        yield tuple(done)


def _restore(ledger: RunStore, identities: tuple[str, ...]) -> Iterator[set[str]]:
    done: set[str] = set()
    try:
        for identity in identities:
            ledger.restore(identity)
            done.add(identity)
    finally:
        # What could not be brought back can be tried again.
        yield done
