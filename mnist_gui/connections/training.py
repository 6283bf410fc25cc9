"""Training: the recipe's panel, the curves and the progress."""

from functools import partial

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.events import RunState, Tested
from mnist_gui.engine.history import History
from mnist_gui.gui.common.dialogs import show_offer
from mnist_gui.gui.common.text import count, percent
from mnist_gui.gui.common.values import ending_text, recipe_title
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.parts import Parts


class TrainingConnections(QObject):
    """Lets the user run recipes and shows what happens in a run."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        self._training = training = parts.training
        self._news = training.news
        self._connect_requests(parts)
        training.state_changed.connect(window.set_state)
        training.run_started.connect(self._show_run)
        training.news.history_changed.connect(window.curves.show_history)
        training.news.progress_changed.connect(window.progress_panel.show_progress)
        training.news.digits_drawn.connect(window.progress_panel.show_drawn)
        training.news.images_read.connect(window.progress_panel.show_testing)
        training.run_kept_changed.connect(window.set_run_kept)
        training.news.snapshot_taken.connect(parts.network.follow_run)
        training.came_to_nothing.connect(parts.network.go_back)
        training.run_ended.connect(parts.network.keep)
        training.news.tested.connect(self._show_test)
        training.failed.connect(self._show_failure)
        training.memory_ran_out.connect(self._offer_smaller_batch)

    def _connect_requests(self, parts: Parts) -> None:
        panel, training = self._window.recipe_panel, parts.training
        panel.start_requested.connect(training.start)
        panel.pause_requested.connect(training.pause)
        panel.resume_requested.connect(training.resume)
        panel.stop_requested.connect(training.stop)
        panel.more_steps_requested.connect(training.train_on)
        panel.learning_rate_changed.connect(training.set_learning_rate)
        panel.form.device_chosen.connect(training.use_device)

    @Slot(History)
    def _show_run(self, history: History) -> None:
        self._window.curves.keep_as_previous()
        self._window.curves.show_history(history)
        self._window.recipe_panel.train_on.show_run(recipe_title(history.recipe.name))

    @Slot(Tested)
    def _show_test(self, tested: Tested) -> None:
        evaluation = tested.evaluation
        low, high = evaluation.interval
        outcome = self.tr("Test accuracy {accuracy} (95 % interval {low} to {high})")
        outcome = outcome.format(
            accuracy=percent(evaluation.accuracy, 2), low=percent(low, 2), high=percent(high, 2)
        )
        history = self._news.history
        ending = ending_text(history.restored) if history and history.restored else ""
        self._window.progress_panel.show_outcome(f"{outcome}\n{ending}".strip())

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._window.show_error(self._title_of_failure(), sentence)

    def _title_of_failure(self) -> str:
        state = self._training.state
        if not state.is_active:
            return self.tr("The run does not go on")
        if self._news.history is None and state is RunState.TESTING:
            return self.tr("The network was not tested")
        return self.tr("The run has ended")

    @Slot(str, int)
    def _offer_smaller_batch(self, sentence: str, images: int) -> None:
        show_offer(
            self._window,
            self.tr("The run has ended"),
            sentence,
            self.tr("Start with a batch size of {size}").format(size=count(images)),
            partial(self._window.recipe_panel.start_with_batches_of, images),
        )
