"""The runs that are kept: listed, labelled, compared, used, gone on with, deleted, restored."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Slot
from PySide6.QtGui import QAction, QDesktopServices

from mnist_gui.engine.errors import MnistGuiError, RunStoreError
from mnist_gui.engine.events import RunState
from mnist_gui.engine.history import History
from mnist_gui.engine.runs.compare import Comparison
from mnist_gui.engine.runs.run import RunList, RunRecord, RunStatus
from mnist_gui.engine.runs.store import RunStore, write_runs_choice
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.runs.page import RunsPage
from mnist_gui.gui.runs.text import run_title
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Page, Shell
from mnist_gui.gui.training.runner import TrainingRunner

# A run that goes on is looked at so often, while its row can be seen.
_REFRESH_MILLISECONDS = 2_000


@dataclass(frozen=True, slots=True)
class ChosenRuns:
    """What is known of the runs that a user looks at, beyond their records.

    `histories` are theirs by identity, None where one cannot be read; `comparison` is of the
    first with the second if there are two that were tested, or else `problem` says why not.
    """

    histories: dict[str, History | None]
    comparison: Comparison | None
    problem: str


class RunsPresenter(QObject):
    """Lets the user look at runs, use their networks, go on with them, label and delete them.

    Once there is a data set, it offers to go on with the newest run if that was interrupted. What
    was asked of one folder of runs is done there, though another one be chosen meanwhile.
    """

    def __init__(
        self, session: Session, runner: TrainingRunner, page: RunsPage, shell: Shell
    ) -> None:
        super().__init__()
        self._session, self._runner = session, runner
        self._page, self._shell = page, shell
        self._store = RunStore(session.runs_folder.value)
        self._listing = LatestJob(session.file_thread)
        self._reading = LatestJob(session.file_thread)
        self._deleted: list[tuple[str, ...]] = []
        self._is_restoring = False
        self._timer = QTimer(self, interval=_REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self._refresh_if_seen)
        self._connect_page()
        self._add_action()
        session.runs_folder.changed.connect(self._use_folder)
        session.run_state.follow(self._show_state)
        # There is nothing to go on with before there is a data set.
        session.dataset.follow(self._look_for_interrupted)
        runner.recording_told.connect(self._show_trouble)
        page.apply_theme(shell.plot_colours)
        shell.plot_colours_changed.connect(page.apply_theme)
        shell.leaving.connect(page.details.write_note)
        shell.fill(Page.RUNS, page)

    def _connect_page(self) -> None:
        page = self._page
        page.shown.connect(self.refresh)
        page.choice_changed.connect(self._read)
        page.open_requested.connect(self._open)
        page.open_best_requested.connect(self._open_best)
        page.resume_requested.connect(self._resume)
        page.delete_requested.connect(self._delete)
        page.restore_requested.connect(self._restore)
        page.table.rename_requested.connect(self._rename)
        page.table.folder_requested.connect(self._show_folder)
        page.table.colour_requested.connect(self._recolour)
        page.table.pin_requested.connect(self._pin)
        page.details.note_requested.connect(self._note)

    def _add_action(self) -> None:
        self.choose_folder = QAction(self.tr("Keep &runs in \u2026"), self)
        self.choose_folder.triggered.connect(self._choose_folder)
        menus = self._shell.menus
        menus.file_menu.insertAction(menus.after_data, self.choose_folder)

    # --- the folder of runs --------------------------------------------------------------------

    @Slot()
    def _choose_folder(self) -> None:
        parent = self._shell.dialog_parent
        chosen = dialogs.ask_runs_folder(parent, str(self._store.folder))
        if not chosen:
            return
        folder = Path(chosen)
        try:
            write_runs_choice(self._session.data_folder, folder)
        except RunStoreError as error:
            self._show_failure(str(error))
            return
        self._session.runs_folder.set(folder)
        self._shell.show_status(self.tr("Runs are kept in {folder}").format(folder=chosen))

    @Slot(object)
    def _use_folder(self, folder: Path) -> None:
        self._store = RunStore(folder)
        self._session.run_of_network = ""
        self._deleted.clear()
        self._page.set_restorable(False)
        self.refresh()

    @Slot(str)
    def _show_folder(self, identity: str) -> None:
        folder = self._store.folder / identity
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    # --- the list, and the curves of those that are chosen -------------------------------------

    @Slot()
    def refresh(self) -> None:
        """List the runs anew; while that is under way, once more after it."""
        self._listing.call(self._store.runs, then=self._show_list, failed=self._show_failure)

    @Slot()
    def _refresh_if_seen(self) -> None:
        # The end of a run is written a moment after it came.
        if not self._session.run_state.value.is_active and self._runner.is_recorded:
            self._timer.stop()
        if self._page.isVisible():
            self.refresh()

    def _show_list(self, listed: RunList) -> None:
        before = self._page.table.chosen()
        self._session.runs.set((*listed.runs, *listed.unreadable))
        self._page.show_runs(listed)
        chosen = self._page.table.chosen()
        if before and chosen != before:
            self._read(tuple(run.identity for run in chosen))

    @Slot(tuple)
    def _read(self, identities: tuple[str, ...]) -> None:
        # What was chosen before is of no use any more.
        self._reading.cancel()
        self._reading.call(
            partial(_read, self._store, identities),
            then=self._show_chosen,
            failed=self._show_failure,
        )

    def _show_chosen(self, chosen: ChosenRuns) -> None:
        self._page.show_chosen(chosen.histories, chosen.comparison, chosen.problem)

    # --- a run's network, and going on with a run -----------------------------------------------

    @Slot(str)
    def _open(self, identity: str) -> None:
        self._load(identity, best=False)

    @Slot(str)
    def _open_best(self, identity: str) -> None:
        self._load(identity, best=True)

    def _load(self, identity: str, *, best: bool) -> None:
        self._session.file_thread.call(
            partial(_load, self._store, identity, best=best),
            then=partial(self._use_network, identity),
            failed=self._show_failure,
        )

    def _use_network(self, identity: str, loaded: tuple[Snapshot, str]) -> None:
        snapshot, name = loaded
        self._session.use_network(snapshot, identity)
        self._shell.show_status(self.tr("Drawings are read with {run}").format(run=name))

    @Slot(str, int)
    def _resume(self, identity: str, more_steps: int) -> None:
        self._shell.bring_to_front(Page.CURVES)
        self._runner.resume_kept(identity, more_steps)

    @Slot(object)
    def _look_for_interrupted(self, _dataset: object) -> None:
        self._session.dataset.changed.disconnect(self._look_for_interrupted)
        self._session.file_thread.call(
            self._store.runs, then=self._offer_newest, failed=self._show_failure
        )

    def _offer_newest(self, listed: RunList) -> None:
        newest = next(iter(listed.runs), None)
        is_active = self._session.run_state.value.is_active
        if newest and newest.status is RunStatus.INTERRUPTED and not is_active:
            self._offer(newest)

    def _offer(self, run: RunRecord) -> None:
        accept = partial(self._resume, run.identity, 0)
        if run.can_resume:
            sentence = self.tr("{run} was interrupted after {step} of {steps} steps.").format(
                run=run_title(run), step=count(run.facts.step), steps=count(run.facts.steps)
            )
            self._shell.offer(sentence, self.tr("Go on with it"), accept)
        else:
            sentence = self.tr("{run} was interrupted before its first checkpoint.")
            self._shell.offer(
                sentence.format(run=run_title(run)), self.tr("Start it again"), accept
            )

    # --- labels ---------------------------------------------------------------------------------

    @Slot(str, str)
    def _rename(self, identity: str, name: str) -> None:
        self._change(partial(self._store.rename, identity, name))

    @Slot(str, str)
    def _recolour(self, identity: str, colour: str) -> None:
        self._change(partial(self._store.recolour, identity, colour))

    @Slot(str, bool)
    def _pin(self, identity: str, is_pinned: bool) -> None:
        self._change(partial(self._store.pin, identity, is_pinned=is_pinned))

    @Slot(str, str)
    def _note(self, identity: str, note: str) -> None:
        self._change(partial(self._store.note, identity, note))

    def _change(self, function: Callable[[], RunRecord]) -> None:
        self._session.file_thread.call(
            function, then=lambda _: self.refresh(), failed=self._show_failure
        )

    # --- deleting, and bringing back ------------------------------------------------------------

    @Slot(tuple)
    def _delete(self, identities: tuple[str, ...]) -> None:
        self._session.file_thread.run(
            partial(_delete, self._store, identities),
            each=self._take_deleted,
            failed=self._show_failure,
        )

    def _take_deleted(self, identities: tuple[str, ...]) -> None:
        if identities:
            self._deleted.append(identities)
            for identity in identities:
                self._runner.forget_run(identity)
            self._page.set_restorable(True)
        self.refresh()

    @Slot()
    def _restore(self) -> None:
        """Bring back what was deleted last in this session."""
        if not self._deleted or self._is_restoring:
            return
        self._is_restoring = True
        self._session.file_thread.run(
            partial(_restore, self._store, self._deleted[-1]),
            each=self._take_restored,
            failed=self._show_failure,
        )

    def _take_restored(self, restored: set[str]) -> None:
        self._is_restoring = False
        left = (tuple(run for run in runs if run not in restored) for runs in self._deleted)
        self._deleted = [runs for runs in left if runs]
        self._page.set_restorable(bool(self._deleted))
        self.refresh()

    # --- what is told ---------------------------------------------------------------------------

    @Slot(object)
    def _show_state(self, state: RunState) -> None:
        self._page.set_state(state)
        if state.is_active:
            self._timer.start()
            self._shell.withdraw_offer()
        self._refresh_if_seen()

    @Slot(str)
    def _show_trouble(self, sentence: str) -> None:
        self._shell.show_error(self.tr("The run's record"), sentence)

    def _show_failure(self, sentence: str) -> None:
        self._shell.show_error(self.tr("The runs cannot be used"), sentence)


# --- on the thread for files, with the store that was in use when it was asked ------------------


def _read(store: RunStore, identities: Sequence[str]) -> ChosenRuns:
    histories = {identity: _history(store, identity) for identity in identities}
    return ChosenRuns(histories, *_compare(store, identities))


def _history(store: RunStore, identity: str) -> History | None:
    try:
        return store.history(identity).history
    except MnistGuiError:
        return None


def _compare(store: RunStore, identities: Sequence[str]) -> tuple[Comparison | None, str]:
    if len(identities) != 2:
        return None, ""
    try:
        return store.compare(*identities), ""
    except MnistGuiError as error:
        return None, str(error)


def _load(store: RunStore, identity: str, *, best: bool) -> tuple[Snapshot, str]:
    """Load a run's network, and its name."""
    snapshot = store.snapshot(identity, best=best)
    return snapshot, store.run(identity).name


def _delete(store: RunStore, identities: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    done: list[str] = []
    try:
        for identity in identities:
            store.delete(identity)
            done.append(identity)
    finally:
        # What was deleted before one failed can be brought back as well.
        yield tuple(done)


def _restore(store: RunStore, identities: tuple[str, ...]) -> Iterator[set[str]]:
    done: set[str] = set()
    try:
        for identity in identities:
            store.restore(identity)
            done.add(identity)
    finally:
        # What could not be brought back can be tried again.
        yield done
