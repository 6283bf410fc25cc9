"""The window's way of learning a hand: never beside a run, stopped at once, kept or taken back."""

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.digits.model import UserDigits
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.events import RunState
from mnist_gui.engine.finetune.result import (
    FineTuned,
    FineTuningEvent,
    FineTuningPhase,
    FineTuningProgress,
)
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.digits import finetune as learning_hand
from mnist_gui.gui.digits.finetune import PersonalizePresenter
from mnist_gui.gui.jobs import JobThread
from tests.gui.own_digits import kept
from tests.gui.scripted import hand_result

NONE = LabelledImages(np.empty((0, 28, 28), np.uint8), np.empty(0, np.uint8))
BASE = Snapshot(find_recipe("cnn-best"), 5, {})


class ScriptedLearning:
    """Stands in for the engine: tells how far it is until it may end."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.error: Exception | None = None
        self.asked: list[tuple[Snapshot, int]] = []

    def __call__(
        self, _dataset: Dataset, base: Snapshot, drawings: list[Any], *, device: str
    ) -> Iterator[FineTuningEvent]:
        self.asked.append((base, len(drawings)))
        if self.error:
            raise self.error
        while not self.may_end.wait(0.001):
            yield FineTuningProgress(FineTuningPhase.CHECKING, 0.5)
        yield FineTuned(hand_result(base))


@pytest.fixture
def learning(monkeypatch: pytest.MonkeyPatch) -> ScriptedLearning:
    learning = ScriptedLearning()
    monkeypatch.setattr(learning_hand, "finetune", learning)
    return learning


@pytest.fixture
def controller(qtbot: QtBot, learning: ScriptedLearning) -> Iterator[PersonalizePresenter]:
    thread = JobThread("engine")
    controller = PersonalizePresenter(thread)
    controller.network_chosen.connect(controller.use_network)
    controller.use_dataset(Dataset("MNIST", NONE, NONE, NONE, ""))
    controller.use_network(BASE)
    controller.use_digits(UserDigits(kept(range(10))))
    yield controller
    thread.stop()
    assert thread.wait(5_000)


def chosen(controller: PersonalizePresenter) -> list[Snapshot]:
    seen: list[Snapshot] = []
    controller.network_chosen.connect(seen.append)
    return seen


def test_what_was_learnt_is_kept_with_one_call_and_taken_back_with_another(
    controller: PersonalizePresenter, learning: ScriptedLearning, qtbot: QtBot
) -> None:
    seen = chosen(controller)
    with qtbot.waitSignal(controller.progress_changed):
        controller.start()
    learning.may_end.set()
    with qtbot.waitSignal(controller.learnt) as learnt:
        pass
    assert learning.asked == [(BASE, 10)]
    assert seen == []
    controller.keep()
    controller.go_back()
    controller.go_back()
    assert seen == [learnt.args[0].snapshot, BASE]


def test_stopping_changes_nothing_and_it_can_begin_again(
    controller: PersonalizePresenter, learning: ScriptedLearning, qtbot: QtBot
) -> None:
    seen = chosen(controller)
    with qtbot.waitSignal(controller.progress_changed):
        controller.start()
    with qtbot.waitSignal(controller.stopped):
        controller.stop()
    controller.keep()
    assert seen == []
    controller.start()
    controller.start()
    qtbot.waitUntil(lambda: len(learning.asked) == 2)
    assert controller.is_learning


def test_too_few_digits_a_run_and_a_missing_network_are_named(
    controller: PersonalizePresenter,
) -> None:
    said: list[str] = []
    controller.obstacle_changed.connect(said.append)
    controller.use_digits(UserDigits(kept([1, 2, 3])))
    assert said[-1] == "Keep 7 more: a hand is learnt from 10 digits or more."
    controller.use_digits(UserDigits(kept(range(10))))
    assert said[-1] == ""
    controller.follow_training(RunState.TRAINING)
    assert "run is active" in said[-1]
    controller.start()
    assert not controller.is_learning
    controller.follow_training(RunState.IDLE)
    assert said[-1] == ""


def test_a_run_that_begins_meanwhile_goes_first(
    controller: PersonalizePresenter, learning: ScriptedLearning, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.progress_changed):
        controller.start()
    with qtbot.waitSignal(controller.stopped):
        controller.follow_training(RunState.PREPARING)


def test_a_failure_is_one_sentence(
    controller: PersonalizePresenter, learning: ScriptedLearning, qtbot: QtBot
) -> None:
    learning.error = TrainingError("The weights diverged.")
    with qtbot.waitSignal(controller.failed) as failed:
        controller.start()
    assert failed.args == ["The weights diverged."]
    assert not controller.is_learning
