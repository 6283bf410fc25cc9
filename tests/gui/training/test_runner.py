import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.errors import MnistGuiError, TrainingError
from mnist_gui.engine.events import (
    EvaluationProgress,
    Event,
    Paused,
    Resumed,
    RunPrepared,
    RunState,
    SnapshotTaken,
    StepsTrained,
    SyntheticDigitsProgress,
    TestEvaluated,
)
from mnist_gui.engine.history import History
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.engine.runs.active_run import Run, start_run
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.trainer import Trainer
from mnist_gui.gui.session import Session
from mnist_gui.gui.training.runner import TrainingRunner
from tests.refusals import not_told

RECIPE = find_recipe("softmax-tutorial")
IMAGES = LabelledImages(np.zeros((1, 28, 28), np.uint8), np.zeros(1, np.uint8))
DATASET = Dataset("none", IMAGES, IMAGES, IMAGES, "")
PREPARED = RunPrepared("CPU", "float32", 7_850, 0.1)
SNAPSHOT = Snapshot(RECIPE, 1_000, {})
TESTED = TestEvaluated(
    RECIPE, 1_000, Evaluation(IMAGES.labels, np.full((1, 10), 0.1, np.float32)), 0.1
)

SNAPSHOT_TAKEN = SnapshotTaken(SNAPSHOT)


def steps_ended(step: int) -> StepsTrained:
    return StepsTrained(step, 0.1, [1.0], [(0, 1.0)], 0.01)


class ScriptedTrainer(Trainer):
    """Yields what it was told to, and raises an error if told to, in place of training."""

    def __init__(self, *script: Event | Exception) -> None:
        super().__init__(DATASET, RECIPE)
        self.gate, self.is_at_gate = threading.Event(), threading.Event()
        self._script = script

    def events(self) -> Iterator[Event]:
        for entry in self._script:
            if isinstance(entry, Exception):
                raise entry
            yield entry
            if isinstance(entry, StepsTrained):
                self.is_at_gate.set()
                assert self.gate.wait(5)

    def extend(self, steps: int) -> None:
        self.recipe = replace(self.recipe, steps=1 + steps)
        self._script = (steps_ended(2), EvaluationProgress("test", 1, 1), TESTED)

    def stop_events(self) -> Iterator[Event]:
        yield SnapshotTaken(SNAPSHOT)


Play = Callable[..., ScriptedTrainer]


class Starting:
    """Starts runs as `start_run` does, but of a prepared trainer, and notes what it is asked."""

    def __init__(self) -> None:
        self.trainer: Trainer = ScriptedTrainer(PREPARED)
        self.heard: list[object] = []

    def __call__(
        self,
        store: RunStore,
        dataset: Dataset,
        recipe: Recipe,
        *,
        device: str,
        warn: Callable[[MnistGuiError], None],
    ) -> Run:
        self.heard.append(device)
        return Run(self.trainer, History(recipe), store.start(recipe, dataset, warn))


@pytest.fixture
def starting() -> Starting:
    return Starting()


@pytest.fixture
def runner(session: Session, starting: Starting) -> Iterator[TrainingRunner]:
    runner = TrainingRunner(session, starting)
    yield runner
    session.end_threads()
    runner.close(5.0)


@pytest.fixture
def play(starting: Starting) -> Play:
    def prepare(*script: Event | Exception) -> ScriptedTrainer:
        starting.trainer = trainer = ScriptedTrainer(*script)
        return trainer

    return prepare


def start_training(
    run: ScriptedTrainer, runner: TrainingRunner, session: Session, qtbot: QtBot
) -> None:
    """Start a run, and wait until its first steps are told and it is in the midst of the next."""
    session.dataset.set(DATASET)
    with qtbot.waitSignal(runner.news.progress_changed):
        runner.start(RECIPE)
    assert run.is_at_gate.wait(5)


def run_to_the_end(runner: TrainingRunner, session: Session, qtbot: QtBot) -> None:
    session.dataset.set(DATASET)
    with qtbot.waitSignal(runner.run_ended):
        runner.start(RECIPE)


def states(session: Session) -> list[RunState]:
    seen: list[RunState] = []
    session.run_state.changed.connect(seen.append)
    return seen


def test_a_run_goes_through_its_states(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1), EvaluationProgress("test", 1, 1), TESTED)
    run.gate.set()
    seen = states(session)
    run_to_the_end(runner, session, qtbot)
    assert seen == [RunState.PREPARING, RunState.TRAINING, RunState.TESTING, RunState.IDLE]


def test_the_run_is_told_as_it_happens(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    run = play(
        PREPARED, SnapshotTaken(SNAPSHOT), steps_ended(1), EvaluationProgress("test", 1, 1), TESTED
    )
    run.gate.set()
    told: list[object] = []
    runner.run_started.connect(lambda history: told.append(history.recipe))
    runner.news.snapshot_taken.connect(told.append)
    runner.news.history_changed.connect(lambda history: told.append(history.step))
    runner.news.progress_changed.connect(lambda progress: told.append(progress.steps))
    runner.news.images_read.connect(lambda done, total: told.append((done, total)))
    runner.news.tested.connect(lambda tested, images: told.append((tested, images)))
    run_to_the_end(runner, session, qtbot)
    assert told == [RECIPE, SNAPSHOT, 1, 1_000, (1, 1), (TESTED, IMAGES)]


def test_a_run_waits_for_the_data_set(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    play(PREPARED)
    runner.start(RECIPE)
    assert session.run_state.value is RunState.PREPARING
    with qtbot.waitSignal(runner.run_ended):
        session.dataset.set(DATASET)


def test_a_run_that_waits_for_the_data_set_can_be_stopped(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    runner.start(RECIPE)
    with qtbot.waitSignal(runner.run_ended):
        runner.stop()
    assert session.run_state.value is RunState.IDLE
    with qtbot.assertNotEmitted(runner.run_started):
        session.dataset.set(DATASET)


def test_a_second_run_is_refused_while_one_is_active(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1))
    session.dataset.set(DATASET)
    runner.start(RECIPE)
    with qtbot.assertNotEmitted(runner.run_started):
        runner.start(RECIPE)
    with qtbot.waitSignal(runner.run_ended):
        run.gate.set()


def test_a_paused_run_goes_on_when_it_is_resumed(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1), steps_ended(2))
    start_training(run, runner, session, qtbot)
    seen = states(session)
    runner.pause()
    run.gate.set()
    assert session.run_state.value is RunState.PAUSED
    with qtbot.waitSignal(runner.run_ended):
        runner.resume()
    assert seen == [RunState.PAUSED, RunState.TRAINING, RunState.IDLE]


def test_a_pause_is_noted_at_the_step_that_the_run_has_come_to(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1), steps_ended(2))
    start_training(run, runner, session, qtbot)
    runner.pause()
    history = runner.news.history
    assert history is not None
    assert not history.annotations
    told: list[int] = []
    runner.news.progress_changed.connect(lambda progress: told.append(progress.step))
    run.gate.set()
    qtbot.waitUntil(lambda: [*history.annotations] == [Paused(2)])
    assert told == [2]
    with qtbot.waitSignal(runner.run_ended):
        runner.resume()
    assert [*history.annotations] == [Paused(2), Resumed(2)]


def test_a_run_that_goes_on_before_it_held_was_not_paused(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1), steps_ended(2))
    start_training(run, runner, session, qtbot)
    runner.pause()
    runner.resume()
    with qtbot.waitSignal(runner.run_ended):
        run.gate.set()
    assert runner.news.history is not None
    assert runner.news.history.annotations == ()


def test_a_stopped_run_keeps_the_weights_it_has_reached(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1), steps_ended(2))
    start_training(run, runner, session, qtbot)
    seen = states(session)
    runner.stop()
    with qtbot.waitSignals([runner.news.snapshot_taken, runner.run_ended]):
        run.gate.set()
    assert seen == [RunState.STOPPING, RunState.IDLE]


def test_a_run_that_fails_says_so_and_ends(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    play(PREPARED, TrainingError("Training diverged."))
    session.dataset.set(DATASET)
    told: list[str] = []
    runner.failed.connect(told.append)
    with qtbot.waitSignal(runner.run_ended):
        runner.start(RECIPE)
    assert told == ["Training diverged."]
    assert session.run_state.value is RunState.IDLE


@pytest.mark.parametrize(
    ("script", "is_nothing"),
    [
        ((PREPARED, steps_ended(1), TrainingError("Training diverged.")), True),
        ((PREPARED, MemoryError()), True),
        ((PREPARED, steps_ended(1), MemoryError()), False),
    ],
)
def test_a_run_that_diverged_or_never_began_to_learn_came_to_nothing(
    runner: TrainingRunner,
    session: Session,
    play: Play,
    qtbot: QtBot,
    script: tuple[Event | Exception, ...],
    is_nothing: bool,
) -> None:
    run = play(*script)
    run.gate.set()
    session.dataset.set(DATASET)
    told: list[None] = []
    runner.came_to_nothing.connect(lambda: told.append(None))
    with qtbot.waitSignal(runner.run_ended):
        runner.start(RECIPE)
    assert bool(told) is is_nothing


def test_memory_that_runs_out_is_told_with_a_batch_size_that_may_do(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    play(MemoryError())
    session.dataset.set(DATASET)
    with qtbot.waitSignal(runner.memory_ran_out) as signal:
        runner.start(RECIPE)
    sentence = (
        "There is not enough memory: close other programs, or train with a smaller batch size."
    )
    assert signal.args == [sentence, RECIPE.batch_size // 2]


def test_where_no_batch_is_smaller_running_out_of_memory_is_a_failure(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    play(MemoryError())
    session.dataset.set(DATASET)
    with qtbot.waitSignal(runner.failed):
        runner.start(replace(RECIPE, batch_size=1))


def test_a_new_learning_rate_reaches_the_run_while_it_trains(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1))
    runner.set_learning_rate(0.1)
    start_training(run, runner, session, qtbot)
    assert run.learning_rate == RECIPE.learning_rate
    runner.set_learning_rate(0.25)
    assert run.learning_rate == 0.25
    with qtbot.waitSignal(runner.run_ended):
        run.gate.set()


def test_a_completed_run_gets_more_steps_in_the_same_history(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1), TESTED)
    run.gate.set()
    kept: list[bool] = []
    runner.run_kept_changed.connect(kept.append)
    session.dataset.set(DATASET)
    with qtbot.waitSignal(runner.run_started) as started:
        runner.start(RECIPE)
    assert started.args is not None
    history = started.args[0]
    qtbot.waitUntil(lambda: session.run_state.value is RunState.IDLE)
    assert kept[-1] is True
    seen = states(session)
    with (
        qtbot.assertNotEmitted(runner.run_started),
        qtbot.waitSignals([runner.news.tested, runner.run_ended]),
    ):
        runner.train_on(500)
    assert seen == [RunState.PREPARING, RunState.TRAINING, RunState.TESTING, RunState.IDLE]
    assert len(history.loss) == 2
    assert (history.progress.step, history.progress.steps) == (2, 501)


def test_a_stopped_run_can_go_on(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1), steps_ended(2))
    start_training(run, runner, session, qtbot)
    runner.stop()
    with qtbot.waitSignal(runner.run_kept_changed, check_params_cb=lambda kept: kept):
        run.gate.set()
    with qtbot.waitSignal(runner.news.tested):
        runner.train_on(10)
    qtbot.waitUntil(lambda: session.run_state.value is RunState.IDLE)


WEIGHTS = {
    "output/kernel": np.zeros((784, 10), np.float32),
    "output/bias": np.zeros(10, np.float32),
}


def test_a_network_is_tested_though_the_last_run_was_stopped_before_it_was_built_again(
    runner: TrainingRunner, session: Session, qtbot: QtBot
) -> None:
    store = RunStore(session.runs_folder.value)
    run = start_run(store, DATASET, RECIPE, warn=not_told)
    run.history.append(PREPARED)  # As the history of a run that the store has.
    session.dataset.set(DATASET)
    runner.run = run
    with qtbot.waitSignal(runner.news.tested):
        runner.test(replace(SNAPSHOT, weights=WEIGHTS))


def test_testing_another_network_in_between_does_not_lose_the_run(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1))
    run.gate.set()
    run_to_the_end(runner, session, qtbot)
    with qtbot.waitSignal(runner.run_ended):
        runner.test(replace(SNAPSHOT, weights=WEIGHTS))
    with qtbot.waitSignal(runner.news.tested):
        runner.train_on(10)
    qtbot.waitUntil(lambda: session.run_state.value is RunState.IDLE)


@pytest.mark.parametrize(
    "script", [(PREPARED, TrainingError("Training diverged.")), (SNAPSHOT_TAKEN,)]
)
def test_a_run_that_failed_or_was_never_built_does_not_go_on(
    runner: TrainingRunner,
    session: Session,
    play: Play,
    qtbot: QtBot,
    script: tuple[Event | Exception],
) -> None:
    play(*script)
    kept: list[bool] = []
    runner.run_kept_changed.connect(kept.append)
    run_to_the_end(runner, session, qtbot)
    runner.train_on(10)
    assert session.run_state.value is RunState.IDLE
    assert True not in kept


def test_another_data_set_ends_what_could_go_on(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    play(PREPARED)
    run_to_the_end(runner, session, qtbot)
    with qtbot.waitSignal(runner.run_kept_changed, check_params_cb=lambda kept: not kept):
        session.dataset.set(replace(DATASET))
    runner.train_on(10)
    assert session.run_state.value is RunState.IDLE


def test_more_steps_than_a_run_may_have_are_refused_in_a_sentence(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    play(PREPARED)
    run_to_the_end(runner, session, qtbot)
    with qtbot.waitSignal(runner.failed) as signal:
        runner.train_on(1_000_000)
    assert signal.args is not None
    assert "steps is 1000001" in signal.args[0]
    assert session.run_state.value is RunState.IDLE


def test_drawing_pen_styles_is_told(
    runner: TrainingRunner, session: Session, play: Play, qtbot: QtBot
) -> None:
    play(SyntheticDigitsProgress(64, 200), SyntheticDigitsProgress(200, 200), PREPARED)
    told: list[tuple[int, int]] = []
    runner.news.digits_drawn.connect(lambda done, total: told.append((done, total)))
    run_to_the_end(runner, session, qtbot)
    assert told == [(64, 200), (200, 200)]


def test_a_start_is_answered_before_anything_is_built(
    runner: TrainingRunner, session: Session, starting: Starting
) -> None:
    session.run_state.changed.connect(starting.heard.append)
    session.dataset.set(DATASET)
    runner.start(RECIPE)
    assert starting.heard == [RunState.PREPARING, session.device.value]


def test_a_run_uses_the_device_and_the_folder_that_were_chosen_last(
    runner: TrainingRunner, session: Session, starting: Starting, qtbot: QtBot, tmp_path: Path
) -> None:
    session.device.set("CPU:0")
    session.runs_folder.set(tmp_path / "elsewhere")
    run_to_the_end(runner, session, qtbot)
    assert starting.heard == ["CPU:0"]
    qtbot.waitUntil(lambda: runner.is_recorded)
    assert runner.run is not None
    assert runner.run.run_id in {each.name for each in (tmp_path / "elsewhere").iterdir()}
