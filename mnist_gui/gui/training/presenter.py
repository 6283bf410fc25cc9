"""Training: the recipe's panel and the progress."""

from functools import partial

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.events import RunState, TestEvaluated
from mnist_gui.engine.history import History
from mnist_gui.gui.common.dialogs import show_offer
from mnist_gui.gui.common.labels import count, percent
from mnist_gui.gui.common.values import recipe_title
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.training.network import NetworkPresenter
from mnist_gui.gui.training.progress import ProgressPanel
from mnist_gui.gui.training.recipe_panel import RecipePanel
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.words.errors import sentence


class TrainingPresenter(QObject):
    """Lets the user run recipes and test networks, and shows what happens in a run."""

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
        self._connect_requests()
        session.run_state.follow(self._show_state)
        runner.run_started.connect(self._show_run)
        runner.run_kept_changed.connect(self._actions.set_run_kept)
        runner.failed.connect(self._show_failure)
        runner.memory_ran_out.connect(self._offer_smaller_batch)
        runner.news.progress_changed.connect(self._progress.show_progress)
        runner.news.digits_drawn.connect(self._progress.show_drawn)
        runner.news.images_read.connect(self._progress.show_testing)
        runner.news.tested.connect(self._show_test)
        runner.news.snapshot_taken.connect(network.follow_run)
        runner.came_to_nothing.connect(network.go_back)
        runner.run_ended.connect(network.end_run)

    def _connect_requests(self) -> None:
        panel, runner = self._panel, self._runner
        panel.start_requested.connect(runner.start)
        panel.more_steps_requested.connect(runner.train_on)
        panel.learning_rate_changed.connect(runner.set_learning_rate)
        self._actions.pause.triggered.connect(self._pause_or_resume)
        self._actions.stop.triggered.connect(runner.stop)
        self._actions.test.triggered.connect(self._test)

    @Slot(object)
    def _show_state(self, state: RunState) -> None:
        self._panel.form.set_state(state)
        self._progress.set_state(state)
        self._actions.set_state(state)

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
        evaluation = tested.evaluation
        low, high = evaluation.interval
        outcome = self.tr("Test accuracy {accuracy} (95 % interval {low} to {high})")
        outcome = outcome.format(
            accuracy=percent(evaluation.accuracy, 2), low=percent(low, 2), high=percent(high, 2)
        )
        history = self._runner.news.history
        ending = sentence(history.restored.ending) if history and history.restored else ""
        self._progress.show_outcome(f"{outcome}\n{ending}".strip())

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._shell.show_error(self._title_of_failure(), sentence)

    def _title_of_failure(self) -> str:
        state = self._session.run_state.value
        if not state.is_active:
            return self.tr("The run does not go on")
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
