import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.events import (
    DigitsDrawn,
    Event,
    ImagesRead,
    Paused,
    Resumed,
    RunPrepared,
    RunState,
    SnapshotTaken,
    StepsEnded,
    Tested,
)
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.policies import CheckpointClock
from mnist_gui.gui.jobs import JobThread
from mnist_gui.gui.training import presenter as run_keeper
from mnist_gui.gui.training import presenter as training
from mnist_gui.gui.training.presenter import TrainingPresenter

RECIPE = find_recipe("softmax-tutorial")
IMAGES = LabelledImages(np.zeros((1, 28, 28), np.uint8), np.zeros(1, np.uint8))
DATASET = Dataset("none", IMAGES, IMAGES, IMAGES, "")
PREPARED = RunPrepared("CPU", "float32", 7_850, 0.1)
SNAPSHOT = Snapshot(RECIPE, 1_000, {})
TESTED = Tested(RECIPE, 1_000, Evaluation(IMAGES.labels, np.full((1, 10), 0.1, np.float32)), 0.1)

SNAPSHOT_TAKEN = SnapshotTaken(SNAPSHOT)


def steps_ended(step: int) -> StepsEnded:
    return StepsEnded(step, 0.1, np.ones(1, np.float32), np.ones(1, np.float32), 0.01)


class ScriptedRun:
    """Stands in for the engine: yields what it was told to, and raises an error if told to."""

    def __init__(self, *script: Event | Exception) -> None:
        self.gate = threading.Event()
        self.recipe = RECIPE
        self.learning_rate = RECIPE.learning_rate
        self.checkpoints = CheckpointClock()
        self.is_prepared = True
        self._script = script

    def events(self) -> Iterator[Event]:
        for entry in self._script:
            if isinstance(entry, Exception):
                raise entry
            yield entry
            if isinstance(entry, StepsEnded):
                assert self.gate.wait(5)

    def extend(self, steps: int) -> None:
        self.recipe = replace(self.recipe, steps=1 + steps)
        self._script = (steps_ended(2), ImagesRead("test", 1, 1), TESTED)

    def snapshot(self) -> Snapshot:
        return replace(SNAPSHOT)

    def last_events(self) -> Iterator[Event]:
        yield SnapshotTaken(SNAPSHOT)


Play = Callable[..., ScriptedRun]


@pytest.fixture
def controller(qtbot: QtBot, tmp_path: Path) -> Iterator[TrainingPresenter]:
    thread = JobThread("engine")
    controller = TrainingPresenter(thread, RunStore(tmp_path / "runs"))
    yield controller
    thread.stop()
    assert thread.wait(5_000)
    controller.runs.close(5.0)


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    def prepare(*script: Event | Exception) -> ScriptedRun:
        run = ScriptedRun(*script)
        monkeypatch.setattr(run_keeper, "TrainingRun", lambda _dataset, _recipe, _device: run)
        return run

    return prepare


def start_training(controller: TrainingPresenter, qtbot: QtBot) -> None:
    controller.use_dataset(DATASET)
    with qtbot.waitSignal(controller.news.progress_changed):
        controller.start(RECIPE)


def run_to_the_end(controller: TrainingPresenter, qtbot: QtBot) -> None:
    controller.use_dataset(DATASET)
    with qtbot.waitSignal(controller.run_ended):
        controller.start(RECIPE)


def states(controller: TrainingPresenter) -> list[RunState]:
    seen: list[RunState] = []
    controller.state_changed.connect(seen.append)
    return seen


def test_a_run_goes_through_its_states(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1), ImagesRead("test", 1, 1), TESTED)
    run.gate.set()
    seen = states(controller)
    run_to_the_end(controller, qtbot)
    assert seen == [RunState.PREPARING, RunState.TRAINING, RunState.TESTING, RunState.IDLE]


def test_the_run_is_told_as_it_happens(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, SnapshotTaken(SNAPSHOT), steps_ended(1), ImagesRead("test", 1, 1), TESTED)
    run.gate.set()
    told: list[object] = []
    controller.run_started.connect(lambda history: told.append(history.recipe))
    controller.news.snapshot_taken.connect(told.append)
    controller.news.history_changed.connect(lambda history: told.append(history.step))
    controller.news.progress_changed.connect(lambda progress: told.append(progress.steps))
    controller.news.images_read.connect(lambda done, total: told.append((done, total)))
    controller.news.tested.connect(lambda tested, images: told.append((tested, images)))
    run_to_the_end(controller, qtbot)
    assert told == [RECIPE, SNAPSHOT, 1, 1_000, (1, 1), (TESTED, IMAGES)]


def test_a_run_waits_for_the_data_set(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    play(PREPARED)
    controller.start(RECIPE)
    assert controller.state is RunState.PREPARING
    with qtbot.waitSignal(controller.run_ended):
        controller.use_dataset(DATASET)


def test_a_run_that_waits_for_the_data_set_can_be_stopped(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    controller.start(RECIPE)
    with qtbot.waitSignal(controller.run_ended):
        controller.stop()
    assert controller.state is RunState.IDLE
    with qtbot.assertNotEmitted(controller.run_started):
        controller.use_dataset(DATASET)


def test_a_second_run_is_refused_while_one_is_active(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1))
    controller.use_dataset(DATASET)
    controller.start(RECIPE)
    with qtbot.assertNotEmitted(controller.run_started):
        controller.start(RECIPE)
    with qtbot.waitSignal(controller.run_ended):
        run.gate.set()


def test_a_paused_run_goes_on_when_it_is_resumed(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1), steps_ended(2))
    start_training(controller, qtbot)
    seen = states(controller)
    controller.pause()
    run.gate.set()
    assert controller.state is RunState.PAUSED
    with qtbot.waitSignal(controller.run_ended):
        controller.resume()
    assert seen == [RunState.PAUSED, RunState.TRAINING, RunState.IDLE]


def test_a_pause_is_noted_at_the_step_that_the_run_has_come_to(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1), steps_ended(2))
    start_training(controller, qtbot)
    controller.pause()
    history = controller.news.history
    assert history is not None
    assert not history.marks
    told: list[int] = []
    controller.news.progress_changed.connect(lambda progress: told.append(progress.step))
    run.gate.set()
    qtbot.waitUntil(lambda: [*history.marks] == [Paused(2)])
    assert told == [2]
    with qtbot.waitSignal(controller.run_ended):
        controller.resume()
    assert [*history.marks] == [Paused(2), Resumed(2)]


def test_a_run_that_goes_on_before_it_held_was_not_paused(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1), steps_ended(2))
    start_training(controller, qtbot)
    controller.pause()
    controller.resume()
    with qtbot.waitSignal(controller.run_ended):
        run.gate.set()
    assert controller.news.history is not None
    assert controller.news.history.marks == ()


def test_a_stopped_run_keeps_the_weights_it_has_reached(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1), steps_ended(2))
    start_training(controller, qtbot)
    seen = states(controller)
    controller.stop()
    with qtbot.waitSignals([controller.news.snapshot_taken, controller.run_ended]):
        run.gate.set()
    assert seen == [RunState.STOPPING, RunState.IDLE]


def test_a_run_that_fails_says_so_and_ends(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    play(PREPARED, TrainingError("Training diverged."))
    controller.use_dataset(DATASET)
    told: list[str] = []
    controller.failed.connect(told.append)
    with qtbot.waitSignal(controller.run_ended):
        controller.start(RECIPE)
    assert told == ["Training diverged."]
    assert controller.state is RunState.IDLE


@pytest.mark.parametrize(
    ("script", "is_nothing"),
    [
        ((PREPARED, steps_ended(1), TrainingError("Training diverged.")), True),
        ((PREPARED, MemoryError()), True),
        ((PREPARED, steps_ended(1), MemoryError()), False),
    ],
)
def test_a_run_that_diverged_or_never_began_to_learn_came_to_nothing(
    controller: TrainingPresenter,
    play: Play,
    qtbot: QtBot,
    script: tuple[Event | Exception, ...],
    is_nothing: bool,
) -> None:
    run = play(*script)
    run.gate.set()
    controller.use_dataset(DATASET)
    told: list[None] = []
    controller.came_to_nothing.connect(lambda: told.append(None))
    with qtbot.waitSignal(controller.run_ended):
        controller.start(RECIPE)
    assert bool(told) is is_nothing


def test_memory_that_runs_out_is_told_with_a_batch_size_that_may_do(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    play(MemoryError())
    controller.use_dataset(DATASET)
    with qtbot.waitSignal(controller.memory_ran_out) as signal:
        controller.start(RECIPE)
    sentence = (
        "There is not enough memory: close other programs, or train with a smaller batch size."
    )
    assert signal.args == [sentence, RECIPE.batch_size // 2]


def test_where_no_batch_is_smaller_running_out_of_memory_is_a_failure(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    play(MemoryError())
    controller.use_dataset(DATASET)
    with qtbot.waitSignal(controller.failed):
        controller.start(replace(RECIPE, batch_size=1))


def test_a_new_learning_rate_reaches_the_run_while_it_trains(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1))
    controller.set_learning_rate(0.1)
    start_training(controller, qtbot)
    assert run.learning_rate == RECIPE.learning_rate
    controller.set_learning_rate(0.25)
    assert run.learning_rate == 0.25
    with qtbot.waitSignal(controller.run_ended):
        run.gate.set()


def test_a_completed_run_gets_more_steps_in_the_same_history(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    run = play(PREPARED, steps_ended(1), TESTED)
    run.gate.set()
    kept: list[bool] = []
    controller.run_kept_changed.connect(kept.append)
    controller.use_dataset(DATASET)
    with qtbot.waitSignal(controller.run_started) as started:
        controller.start(RECIPE)
    assert started.args is not None
    history = started.args[0]
    qtbot.waitUntil(lambda: controller.state is RunState.IDLE)
    assert kept[-1] is True
    seen = states(controller)
    with (
        qtbot.assertNotEmitted(controller.run_started),
        qtbot.waitSignals([controller.news.tested, controller.run_ended]),
    ):
        controller.train_on(500)
    assert seen == [RunState.PREPARING, RunState.TRAINING, RunState.TESTING, RunState.IDLE]
    assert len(history.loss) == 2
    assert (history.progress.step, history.progress.steps) == (2, 501)


def test_a_stopped_run_can_go_on(controller: TrainingPresenter, play: Play, qtbot: QtBot) -> None:
    run = play(PREPARED, steps_ended(1), steps_ended(2))
    start_training(controller, qtbot)
    controller.stop()
    with qtbot.waitSignal(controller.run_kept_changed, check_params_cb=lambda kept: kept):
        run.gate.set()
    with qtbot.waitSignal(controller.news.tested):
        controller.train_on(10)
    qtbot.waitUntil(lambda: controller.state is RunState.IDLE)


def test_a_network_is_tested_though_the_last_run_was_stopped_before_it_was_built_again(
    controller: TrainingPresenter, qtbot: QtBot
) -> None:
    run = controller.runs.new(DATASET, RECIPE)
    run.history.append(PREPARED)  # As the history of a run that the ledger keeps.
    controller.use_dataset(DATASET)
    controller.runs.last = run
    weights = {
        "output/kernel": np.zeros((784, 10), np.float32),
        "output/bias": np.zeros(10, np.float32),
    }
    with qtbot.waitSignal(controller.news.tested, timeout=60_000):
        controller.test(replace(SNAPSHOT, weights=weights))


def test_testing_another_network_in_between_does_not_lose_the_run(
    controller: TrainingPresenter, play: Play, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "evaluate_and_count", lambda *_: iter(()))
    run = play(PREPARED, steps_ended(1))
    run.gate.set()
    run_to_the_end(controller, qtbot)
    with qtbot.waitSignal(controller.run_ended):
        controller.test(SNAPSHOT)
    with qtbot.waitSignal(controller.news.tested):
        controller.train_on(10)
    qtbot.waitUntil(lambda: controller.state is RunState.IDLE)


@pytest.mark.parametrize(
    "script", [(PREPARED, TrainingError("Training diverged.")), (SNAPSHOT_TAKEN,)]
)
def test_a_run_that_failed_or_was_never_built_does_not_go_on(
    controller: TrainingPresenter, play: Play, qtbot: QtBot, script: tuple[Event | Exception]
) -> None:
    play(*script)
    kept: list[bool] = []
    controller.run_kept_changed.connect(kept.append)
    run_to_the_end(controller, qtbot)
    controller.train_on(10)
    assert controller.state is RunState.IDLE
    assert True not in kept


def test_another_data_set_ends_what_could_go_on(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    play(PREPARED)
    run_to_the_end(controller, qtbot)
    with qtbot.waitSignal(controller.run_kept_changed, check_params_cb=lambda kept: not kept):
        controller.use_dataset(DATASET)
    controller.train_on(10)
    assert controller.state is RunState.IDLE


def test_more_steps_than_a_run_may_have_are_refused_in_a_sentence(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    play(PREPARED)
    run_to_the_end(controller, qtbot)
    with qtbot.waitSignal(controller.failed) as signal:
        controller.train_on(1_000_000)
    assert signal.args is not None
    assert "steps is 1000001" in signal.args[0]
    assert controller.state is RunState.IDLE


def test_drawing_pen_styles_is_told(
    controller: TrainingPresenter, play: Play, qtbot: QtBot
) -> None:
    play(DigitsDrawn(64, 200), DigitsDrawn(200, 200), PREPARED)
    told: list[tuple[int, int]] = []
    controller.news.digits_drawn.connect(lambda done, total: told.append((done, total)))
    run_to_the_end(controller, qtbot)
    assert told == [(64, 200), (200, 200)]


def test_a_start_is_answered_before_anything_is_built(
    controller: TrainingPresenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[object] = []
    run = ScriptedRun(PREPARED)

    def build(_dataset: Dataset, _recipe: object, _device: str) -> ScriptedRun:
        order.append("built")
        return run

    monkeypatch.setattr(run_keeper, "TrainingRun", build)
    controller.state_changed.connect(order.append)
    controller.use_dataset(DATASET)
    controller.start(RECIPE)
    assert order == [RunState.PREPARING, "built"]
