"""The runs that are kept: their page, and the offer to go on with one that was interrupted."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Slot
from PySide6.QtGui import QAction, QDesktopServices

from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.events import RunState
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.engine.runs.store import RunStore, write_runs_choice
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.dialogs import ask_runs_folder
from mnist_gui.gui.common.text import count
from mnist_gui.gui.runs.page import RunsPage
from mnist_gui.gui.runs.presenter import ChosenRuns
from mnist_gui.gui.runs.text import run_title
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.gui.window.pages import Page
from mnist_gui.parts import Parts

# A run that goes on is looked at so often, while its row can be seen.
_REFRESH_MILLISECONDS = 2_000


class RunsConnections(QObject):
    """Lets the user look at runs, use their networks, and go on with them."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts
        self._interrupted = ""
        self.page = RunsPage()
        window.tabs.fill(Page.RUNS, self.page)
        self.page.apply_theme(window.plot_colours)
        window.plot_colours_changed.connect(self.page.apply_theme)
        self._timer = QTimer(self, interval=_REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self._refresh_if_seen)
        self._connect_page()
        self._connect_training()
        self.choose_folder = QAction(self.tr("Keep &runs in \u2026"), self)
        self.choose_folder.triggered.connect(self._choose_folder)
        window.menus.file_menu.insertAction(window.menus.after_data, self.choose_folder)

    def _connect_page(self) -> None:
        page, runs = self.page, self._parts.runs
        page.shown.connect(runs.refresh)
        page.choice_changed.connect(runs.choose)
        page.open_requested.connect(runs.open)
        page.open_best_requested.connect(runs.open_best)
        page.resume_requested.connect(self._resume)
        page.delete_requested.connect(runs.delete)
        page.restore_requested.connect(runs.restore)
        page.table.rename_requested.connect(runs.rename)
        page.table.folder_requested.connect(self._show_folder)
        page.table.colour_requested.connect(runs.recolour)
        page.table.pin_requested.connect(runs.pin)
        page.details.note_requested.connect(runs.note)
        self._window.leaving.connect(page.details.write_note)
        runs.runs_changed.connect(page.show_runs)
        runs.chosen_read.connect(self._show_chosen)
        runs.restorable_changed.connect(page.set_restorable)
        runs.opened.connect(self._use_network)
        runs.deleted.connect(self._forget)
        runs.failed.connect(self._show_failure)

    def _connect_training(self) -> None:
        training, runs = self._parts.training, self._parts.runs
        training.state_changed.connect(self._follow)
        training.recording_told.connect(self._show_trouble)
        # There is nothing to go on with before there is a data set.
        self._parts.dataset.dataset_changed.connect(self._look_for_interrupted)
        runs.interrupted_found.connect(self._offer)
        self._window.offer_bar.accepted.connect(self._accept)

    @Slot()
    def _choose_folder(self) -> None:
        runs = self._parts.runs
        chosen = ask_runs_folder(self._window, str(runs.folder))
        if not chosen:
            return
        folder = Path(chosen)
        try:
            write_runs_choice(self._parts.data_folder, folder)
        except RunStoreError as error:
            self._show_failure(str(error))
            return
        self._parts.training.use_ledger(RunStore(folder))
        runs.use_ledger(RunStore(folder))
        self._window.show_status(self.tr("Runs are kept in {folder}").format(folder=chosen))

    @Slot(str)
    def _show_folder(self, identity: str) -> None:
        folder = self._parts.runs.folder / identity
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    @Slot(object)
    def _show_chosen(self, chosen: ChosenRuns) -> None:
        histories = dict(zip(chosen.identities, chosen.histories, strict=True))
        self.page.show_chosen(histories, chosen.comparison, chosen.problem)

    @Slot(Snapshot, str)
    def _use_network(self, snapshot: Snapshot, name: str) -> None:
        self._parts.network.use_snapshot(snapshot)
        self._window.show_status(self.tr("Drawings are read with {run}").format(run=name))

    @Slot(tuple)
    def _forget(self, identities: tuple[str, ...]) -> None:
        for identity in identities:
            self._parts.training.forget_run(identity)

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._window.show_error(self.tr("The runs cannot be used"), sentence)

    @Slot(str)
    def _show_trouble(self, sentence: str) -> None:
        self._window.show_error(self.tr("The run's record"), sentence)

    @Slot(RunState)
    def _follow(self, state: RunState) -> None:
        self.page.set_state(state)
        if state.is_active:
            self._timer.start()
            self._window.offer_bar.hide()
        self._refresh_if_seen()

    @Slot()
    def _refresh_if_seen(self) -> None:
        training = self._parts.training
        # The end of a run is written a moment after it came.
        if not training.state.is_active and training.is_recorded:
            self._timer.stop()
        if self.page.isVisible():
            self._parts.runs.refresh()

    @Slot()
    def _look_for_interrupted(self) -> None:
        self._parts.dataset.dataset_changed.disconnect(self._look_for_interrupted)
        self._parts.runs.look_for_interrupted()

    @Slot(RunRecord)
    def _offer(self, run: RunRecord) -> None:
        if self._parts.training.state.is_active:
            return
        self._interrupted = run.identity
        if run.can_resume:
            sentence = self.tr("{run} was interrupted after {step} of {steps} steps.").format(
                run=run_title(run), step=count(run.facts.step), steps=count(run.facts.steps)
            )
            self._window.offer_bar.offer(sentence, self.tr("Go on with it"))
        else:
            sentence = self.tr("{run} was interrupted before its first checkpoint.")
            self._window.offer_bar.offer(
                sentence.format(run=run_title(run)), self.tr("Start it again")
            )

    @Slot()
    def _accept(self) -> None:
        self._resume(self._interrupted, more_steps=0)

    @Slot(str, int)
    def _resume(self, identity: str, more_steps: int) -> None:
        self._window.tabs.bring_to_front(Page.CURVES)
        self._parts.training.resume_kept(identity, more_steps)
