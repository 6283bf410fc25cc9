"""The saved runs: listed, labelled, compared, used, resumed, deleted, restored."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Slot
from PySide6.QtGui import QAction, QDesktopServices

from mnist_gui.engine.errors import MnistGuiError
from mnist_gui.engine.events import RunState
from mnist_gui.engine.history import History
from mnist_gui.engine.runs.folder_choice import write_runs_choice
from mnist_gui.engine.runs.run import (
    Comparison,
    RunList,
    RunRecord,
    RunStatus,
    UnreadableRun,
)
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.common.qt import without_key
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.pages import Page
from mnist_gui.gui.runs.page import RunsPage
from mnist_gui.gui.runs.text import run_title
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.words.errors import sentence

# How often the list is renewed while a run is active and the page can be seen.
_REFRESH_MILLISECONDS = 2_000
_RUN_ID = re.compile("[a-z0-9-]+")
_Chosen = tuple[dict[str, History | None], Comparison | None, str]


class RunsPresenter(QObject):
    """Lets the user look at runs, use their networks, resume, label and delete them.

    Once there is a data set, it offers to resume the newest run if that was interrupted, unless
    `offers` says not to. What was asked of one folder of runs is done there, even if another one
    is chosen meanwhile.
    """

    def __init__(
        self, session: Session, runner: TrainingRunner, page: RunsPage, shell: Shell
    ) -> None:
        super().__init__()
        self._session, self._runner = session, runner
        self._page, self._shell = page, shell
        self._store = RunStore(session.runs_folder.value)
        self._listing = LatestJob(session.reading_thread)
        self._reading = LatestJob(session.reading_thread)
        self._deleted: list[tuple[str, ...]] = []
        self._is_restoring = False
        self.offers = True
        self._timer = QTimer(self, interval=_REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self._refresh_if_seen)
        self._connect_page()
        self.choose_folder = QAction(self.tr("Keep &runs in \u2026"), self)
        self.choose_folder.setIconText(without_key(self.choose_folder.text()))
        self.choose_folder.triggered.connect(self._choose_folder)
        shell.menus.data_menu.addAction(self.choose_folder)
        shell.menus.preferences.append(self.choose_folder)
        session.runs_folder.changed.connect(self._use_folder)
        session.run_state.follow(self._show_state)
        # No run can be resumed before there is a data set.
        session.dataset.follow(self._look_for_interrupted)
        runner.recording_told.connect(self._show_trouble)
        page.plot.apply_theme(shell.plot_colours)
        shell.plot_colours_changed.connect(page.plot.apply_theme)
        page.plot.set_wide(shell.actions_offered.present.isChecked())
        shell.actions_offered.present.toggled.connect(page.plot.set_wide)
        shell.leaving.connect(page.details.write_note)
        shell.pages.fill(Page.RUNS, page)

    def take_over(self, before: "RunsPresenter") -> None:
        """Show what another presenter shows, and let be restored what can be with it."""
        known = self._session.runs.value
        readable = tuple(run for run in known if isinstance(run, RunRecord))
        unreadable = tuple(run for run in known if isinstance(run, UnreadableRun))
        self._page.take_over(before._page, RunList(readable, unreadable))
        self._deleted = before._deleted
        self._page.set_restorable(bool(self._deleted))
        if before._timer.isActive():
            self._timer.start()

    def _connect_page(self) -> None:
        page = self._page
        page.shown.connect(self.refresh)
        page.choice_changed.connect(self._read)
        page.open_requested.connect(self._load)
        page.resume_requested.connect(self._resume)
        page.delete_requested.connect(self._delete)
        page.restore_requested.connect(self._restore)
        page.table.folder_requested.connect(self._show_folder)
        page.table.rename_requested.connect(partial(self._label, RunStore.rename))
        page.table.colour_requested.connect(partial(self._label, RunStore.recolour))
        page.table.pin_requested.connect(partial(self._label, _pin))
        page.details.note_requested.connect(partial(self._label, RunStore.note))

    # --- the folder of runs --------------------------------------------------------------------

    @Slot()
    def _choose_folder(self) -> None:
        chosen = dialogs.ask_runs_folder(self._shell.dialog_parent, str(self._store.folder))
        if not chosen:
            return
        folder = Path(chosen)
        self._session.file_thread.call(
            partial(write_runs_choice, self._session.data_folder, folder),
            then=lambda _: self._use_chosen(folder),
            failed=self._show_failure,
        )

    def _use_chosen(self, folder: Path) -> None:
        self._session.runs_folder.set(folder)
        self._shell.show_status(self.tr("Runs are kept in {folder}").format(folder=folder))

    @Slot(object)
    def _use_folder(self, folder: Path) -> None:
        self._store = RunStore(folder)
        self._session.run_of_network = ""
        self._deleted.clear()
        self._page.set_restorable(False)
        self.refresh()

    @Slot(str)
    def _show_folder(self, run_id: str) -> None:
        folder = self._store.folder / run_id
        # The list may still be that of the folder before.
        self._session.reading_thread.call(
            folder.is_dir, then=partial(self._open_folder, folder), failed=self._show_failure
        )

    def _open_folder(self, folder: Path, is_there: bool) -> None:
        if is_there:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    # --- the list, and the curves of those that are chosen -------------------------------------

    @Slot()
    def refresh(self) -> None:
        """List the runs anew; if that is under way, once more after it."""
        self._listing.call(self._store.runs, then=self._show_list, failed=self._show_failure)

    @Slot()
    def _refresh_if_seen(self) -> None:
        # The end of a run is written a moment after the run has ended.
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
            self._read(tuple(run.run_id for run in chosen))

    @Slot(tuple)
    def _read(self, run_ids: tuple[str, ...]) -> None:
        # What was read for an earlier choice is of no use any more.
        self._reading.cancel()
        read = partial(_read, self._store, run_ids)
        self._reading.call(read, then=self._show_chosen, failed=self._show_failure)

    def _show_chosen(self, chosen: _Chosen) -> None:
        histories, comparison, problem = chosen
        self._page.show_chosen(histories, comparison, self._with_titles(problem))

    # --- a run's network, and resuming a run ----------------------------------------------------

    @Slot(str, bool)
    def _load(self, run_id: str, best: bool) -> None:
        self._session.reading_thread.call(
            partial(_load, self._store, run_id, best=best),
            then=partial(self._use_network, run_id),
            failed=self._show_failed_run,
        )

    def _use_network(self, run_id: str, loaded: tuple[Snapshot, str]) -> None:
        snapshot, name = loaded
        self._session.use_network(snapshot, run_id)
        self._shell.show_status(self.tr("Drawings are read with {run}").format(run=name))

    @Slot(str, int)
    def _resume(self, run_id: str, more_steps: int) -> None:
        self._shell.pages.bring_to_front(Page.CURVES)
        self._runner.resume_kept(run_id, more_steps)

    @Slot(object)
    def _look_for_interrupted(self, _dataset: object) -> None:
        self._session.dataset.changed.disconnect(self._look_for_interrupted)
        self._session.reading_thread.call(
            self._store.runs, then=self._offer_newest, failed=self._show_failure
        )

    def _offer_newest(self, listed: RunList) -> None:
        self._session.runs.set((*listed.runs, *listed.unreadable))
        newest = next(iter(listed.runs), None)
        is_active = self._session.run_state.value.is_active
        if newest is None or newest.status is not RunStatus.INTERRUPTED or is_active:
            return
        if not self.offers:
            return
        if newest.can_resume:
            text = self.tr("{run} was interrupted after {step} of {steps} steps.")
            button = self.tr("Keep training")
        else:
            text = self.tr("{run} was interrupted before its first checkpoint.")
            button = self.tr("Start it again")
        done, total = count(newest.info.step), count(newest.info.steps)
        sentence = text.format(run=run_title(newest), step=done, steps=total)
        self._shell.offer(sentence, button, partial(self._resume, newest.run_id, 0))

    # --- labels, deleting, and bringing back ----------------------------------------------------

    def _label(self, label: Callable[..., RunRecord], run_id: str, value: str | bool) -> None:
        """Give a run a name, colour, pin or note, by a function of its store."""
        self._session.file_thread.call(
            partial(label, self._store, run_id, value),
            then=lambda _: self.refresh(),
            failed=self._show_failed_run,
        )

    @Slot(tuple)
    def _delete(self, run_ids: tuple[str, ...]) -> None:
        work = partial(_do_each, self._store.delete, run_ids)
        self._session.file_thread.run(work, each=self._handle_deleted, failed=self._show_failure)

    def _handle_deleted(self, run_ids: tuple[str, ...]) -> None:
        if run_ids:
            self._deleted.append(run_ids)
            for run_id in run_ids:
                self._runner.forget_run(run_id)
            self._page.set_restorable(True)
        self.refresh()

    @Slot()
    def _restore(self) -> None:
        """Bring back the runs that were deleted last since the program started."""
        if not self._deleted or self._is_restoring:
            return
        self._is_restoring = True
        work = partial(_do_each, self._store.restore, self._deleted[-1])
        self._session.file_thread.run(work, each=self._handle_restored, failed=self._show_failure)

    def _handle_restored(self, restored: tuple[str, ...]) -> None:
        self._is_restoring = False
        left = (tuple(run for run in runs if run not in restored) for runs in self._deleted)
        self._deleted = [runs for runs in left if runs]
        self._page.set_restorable(bool(self._deleted))
        self.refresh()

    # --- what is told ---------------------------------------------------------------------------

    @Slot(object)
    def _show_state(self, state: RunState) -> None:
        self._page.table.set_idle(not state.is_active)
        if state.is_active:
            self._timer.start()
            self._shell.withdraw_offer()
        self._refresh_if_seen()

    @Slot(str)
    def _show_trouble(self, sentence: str) -> None:
        self._shell.show_error(self.tr("The run's record"), self._with_titles(sentence))

    def _show_failure(self, sentence: str) -> None:
        self._shell.show_error(self.tr("The runs cannot be used"), self._with_titles(sentence))

    def _show_failed_run(self, sentence: str) -> None:
        self._show_failure(sentence)
        # Another window may have deleted it.
        self.refresh()

    def _with_titles(self, sentence: str) -> str:
        """Return the sentence with what runs are called in place of their IDs."""
        runs = (run for run in self._session.runs.value if isinstance(run, RunRecord))
        titles = {run.run_id: run_title(run) for run in runs}
        # Whole IDs: of two runs that began in one second, that of one begins with the other's.
        return _RUN_ID.sub(lambda found: titles.get(found[0], found[0]), sentence)


# --- on the threads for files, with the store that was in use when it was asked -----------------


def _read(store: RunStore, run_ids: Sequence[str]) -> _Chosen:
    histories = {run_id: _history(store, run_id) for run_id in run_ids}
    return (histories, *_compare(store, run_ids))


def _history(store: RunStore, run_id: str) -> History | None:
    try:
        return store.history(run_id).history
    except MnistGuiError:
        return None


def _compare(store: RunStore, run_ids: Sequence[str]) -> tuple[Comparison | None, str]:
    if len(run_ids) != 2:
        return None, ""
    try:
        return store.compare(*run_ids), ""
    except MnistGuiError as error:
        return None, sentence(error)


def _load(store: RunStore, run_id: str, *, best: bool) -> tuple[Snapshot, str]:
    """Load a run's network, and what the run is called."""
    return store.snapshot(run_id, best=best), run_title(store.run(run_id))


def _pin(store: RunStore, run_id: str, is_pinned: bool) -> RunRecord:
    return store.pin(run_id, is_pinned=is_pinned)


def _do_each(change: Callable[[str], object], run_ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Delete or restore runs; yield those for which it was done before one failed."""
    done: list[str] = []
    try:
        for run_id in run_ids:
            change(run_id)
            done.append(run_id)
    finally:
        yield tuple(done)
