"""Training: the recipe's panel and the progress."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.events import RunState, TestEvaluated
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs.run import NextAction, RunRecord, RunStatus, Score, UnreadableRun
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.dialogs import show_offer
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.common.qt import ActionFace
from mnist_gui.gui.common.values import recipe_title
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.training.network import NetworkPresenter
from mnist_gui.gui.training.progress import ProgressPanel
from mnist_gui.gui.training.recipe_panel import RecipePanel
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.gui.training.times import recipe_times
from mnist_gui.words.errors import recorded_sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class _Result:
    """What came of a test: of which network, with the run and the file that it was loaded from.

    `history` is of the run at whose end it was tested, `record` of the run that is chosen again.
    """

    recipe: str
    score: Score
    network: tuple[Snapshot, str, Path | None] | None
    history: History | None = None
    record: RunRecord | None = None

    @property
    def ending(self) -> str:
        """Why the run ended early, "" if it did not."""
        if self.record is not None:
            return recorded_sentence(self.record.info.reason)
        restored = self.history.restored if self.history is not None else None
        return sentence(restored.ending) if restored is not None else ""


class TrainingPresenter(QObject):
    """Lets the user run recipes and test networks, and shows what happens in a run.

    `draw_requested` says that the user wants to draw.
    """

    draw_requested = Signal()

    def __init__(
        self,
        session: Session,
        runner: TrainingRunner,
        network: NetworkPresenter,
        views: tuple[RecipePanel, ProgressPanel],
        shell: Shell,
    ) -> None:
        super().__init__()
        self._session, self._runner, self._shell = session, runner, shell
        self._actions = shell.actions_offered
        self._panel, self._progress = views
        # Of the run that was kept last, or chosen since.
        self._kept_id: str | None = None
        self._result: _Result | None = None
        # Recipe, steps and seconds of each, the latest first.
        self._trained: list[tuple[Recipe, int, float]] = []
        self._connect_requests()
        self._connect_result()
        session.run_state.follow(self._show_state)
        session.dataset.changed.connect(self._follow_dataset)
        session.devices.changed.connect(self._show_preparation)
        session.network.changed.connect(self._follow_network)
        session.runs.follow(self._use_runs)
        runner.run_started.connect(self._show_run)
        runner.run_kept_changed.connect(self._keep)
        runner.failed.connect(self._show_failure)
        runner.memory_ran_out.connect(self._offer_smaller_batch)
        runner.news.progress_changed.connect(self._progress.show_progress)
        runner.news.digits_drawn.connect(self._progress.show_drawn)
        runner.news.images_read.connect(self._progress.show_testing)
        runner.news.tested.connect(self._show_test)
        runner.news.snapshot_taken.connect(network.follow_run)
        runner.came_to_nothing.connect(network.go_back)
        runner.run_ended.connect(network.end_run)
        runner.run_ended.connect(self._time_run)

    def take_over(self, before: "TrainingPresenter") -> None:
        """Show what another presenter shows of the last run, and let it go on."""
        self._kept_id, self._result = before._kept_id, before._result
        if not before._progress.result.isHidden():
            self._show_result()
        self._progress.take_over(before._progress)
        history = self._runner.news.history
        if history is not None:
            self._show_run(history)
        self._actions.set_run_kept(before._actions.is_run_kept)

    def _connect_requests(self) -> None:
        panel, runner = self._panel, self._runner
        panel.start_requested.connect(runner.start)
        panel.more_steps_requested.connect(self._train_on)
        panel.learning_rate_changed.connect(runner.set_learning_rate)
        panel.form.edited.connect(self._tell_recipe)
        self._tell_recipe()
        self._session.recipe.changed.connect(panel.show_recipe)
        self._actions.pause.triggered.connect(self._pause_or_resume)
        self._actions.stop.triggered.connect(runner.stop)
        self._actions.test.triggered.connect(self._test)

    @Slot()
    def _tell_recipe(self) -> None:
        self._session.recipe.set(self._panel.form.recipe())

    def _connect_result(self) -> None:
        self._progress.test_requested.connect(self._actions.test.trigger)
        result = self._progress.result
        result.mistakes_requested.connect(partial(self._go_on_at, Page.RESULTS))
        result.compare_requested.connect(partial(self._go_on_at, Page.RUNS))
        result.draw_requested.connect(self._draw)
        ActionFace(result.keep_training_button, self._actions.train_on)

    def _go_on_at(self, page: Page) -> None:
        self._use_tested()
        self._shell.pages.bring_to_front(page)

    def _use_tested(self) -> None:
        """Use the network whose result is shown, where another one was chosen since."""
        network = self._result.network if self._result is not None else None
        is_free = not self._session.run_state.value.is_active
        if network is not None and is_free and self._session.network.value is not network[0]:
            self._session.use_network(*network)

    @Slot()
    def _draw(self) -> None:
        self._use_tested()
        self._session.display_drawing()
        self.draw_requested.emit()

    @Slot(object)
    def _show_state(self, state: RunState) -> None:
        self._panel.form.set_state(state)
        self._progress.set_state(state)
        self._actions.set_state(state)
        self._show_preparation()

    @Slot()
    def _show_preparation(self) -> None:
        if self._session.run_state.value is not RunState.PREPARING:
            return
        if self._session.dataset.value is None:
            text = self.tr("Preparing: loading the images \u2026")
        elif self._session.devices.value is None:
            text = self.tr("Preparing: loading TensorFlow \u2026")
        else:
            text = self.tr("Preparing: building the network \u2026")
        self._progress.show_preparing(text)

    @Slot()
    def _follow_network(self) -> None:
        # What was stopped is not the current network any more.
        if not self._session.run_state.value.is_active:
            self._progress.withdraw_test()
            self._show_chosen_run()

    def _show_chosen_run(self) -> None:
        """Show what came of the run whose network was chosen, unless it is shown already."""
        session = self._session
        network, run_id = session.network.value, session.run_of_network
        shown = self._result.network if self._result is not None else None
        record = next((run for run in self._records() if run.run_id == run_id), None)
        if network is None or record is None or session.run_state.value.is_active:
            return
        score = record.info.test
        if score is None or score.step != network.step or (shown and shown[0] is network):
            return
        info = record.info
        chosen = (network, run_id, session.file_of_network)
        self._result = _Result(info.recipe.name, score, chosen, record=record)
        self._show_result()
        was_stopped = record.status is RunStatus.STOPPED
        self._progress.show_past_run(info.step, info.steps, was_stopped=was_stopped)
        self._kept_id = run_id
        self._actions.name_run(recipe_title(info.recipe.name))
        self._offer_kept()

    def _records(self) -> list[RunRecord]:
        return [run for run in self._session.runs.value if isinstance(run, RunRecord)]

    # --- the run that can be trained on ---------------------------------------------------------

    @Slot(bool)
    def _keep(self, kept: bool) -> None:
        if kept and self._runner.run is not None:
            self._kept_id = self._runner.run.run_id
        self._actions.set_run_kept(kept)

    @Slot()
    def _follow_dataset(self) -> None:
        self._offer_kept()
        self._show_preparation()

    @Slot(object)
    def _use_runs(self, _runs: tuple[RunRecord | UnreadableRun, ...]) -> None:
        """Show how long recipes took; offer a run that was deleted and is there again."""
        records = self._records()
        self._trained = [(run.info.recipe, run.info.step, run.info.seconds) for run in records]
        self._panel.cards.show_times(recipe_times(self._trained))
        self._offer_kept()
        self._show_chosen_run()

    def _offer_kept(self) -> None:
        last, dataset = self._runner.run, self._session.dataset.value
        is_last = last is not None and last.run_id == self._kept_id
        if is_last or self._session.run_state.value.is_active:
            return
        kept = (run for run in self._records() if run.run_id == self._kept_id)
        self._actions.set_run_kept(
            dataset is not None
            and any(
                _can_be_trained_on(run) and run.info.data.fingerprint == dataset.fingerprint
                for run in kept
            )
        )

    @Slot()
    def _time_run(self) -> None:
        if (history := self._runner.news.history) is not None:
            self._trained.insert(0, (history.recipe, history.step, history.train_seconds))
            self._panel.cards.show_times(recipe_times(self._trained))

    @Slot(int)
    def _train_on(self, steps: int) -> None:
        if self._kept_id is not None:
            self._runner.resume_kept(self._kept_id, steps)
        else:
            self._runner.train_on(steps)

    @Slot()
    def _pause_or_resume(self) -> None:
        if self._session.run_state.value is RunState.PAUSED:
            self._runner.resume()
        else:
            self._runner.pause()

    @Slot()
    def _test(self) -> None:
        if (snapshot := self._session.network.value) is not None:
            self._runner.test(snapshot, self._session.run_of_network)

    @Slot(History)
    def _show_run(self, history: History) -> None:
        self._actions.name_run(recipe_title(history.recipe.name))

    @Slot(TestEvaluated)
    def _show_test(self, tested: TestEvaluated) -> None:
        session, evaluation = self._session, tested.evaluation
        score = Score(tested.step, evaluation.correct, len(evaluation.labels))
        network = session.network.value
        history, run = self._runner.news.history, self._runner.run
        # At the end of a run its network is not that of its record yet.
        its_own = run.run_id if history is not None and run is not None else None
        run_id = its_own or session.run_of_network
        used = (network, run_id, session.file_of_network) if network is not None else None
        self._result = _Result(tested.recipe.name, score, used, history)
        self._show_result()

    def _show_result(self) -> None:
        if (result := self._result) is not None:
            self._progress.show_test(result.recipe, result.score, result.ending)

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._shell.show_error(self._title_of_failure(), sentence)

    def _title_of_failure(self) -> str:
        state = self._session.run_state.value
        if not state.is_active:
            return self.tr("The training cannot be continued")
        if self._runner.news.history is None and state is RunState.TESTING:
            return self.tr("The network was not tested")
        return self.tr("The run has ended")

    @Slot(str, int)
    def _offer_smaller_batch(self, sentence: str, images: int) -> None:
        show_offer(
            self._shell.dialog_parent,
            self.tr("The run has ended"),
            sentence,
            self.tr("Start with a batch size of {size}").format(size=count(images)),
            partial(self._panel.start_with_batches_of, images),
        )


def _can_be_trained_on(run: RunRecord) -> bool:
    has_more = run.continuation in (NextAction.RESUME, NextAction.CONTINUE)
    return has_more and run.status is not RunStatus.FAILED
