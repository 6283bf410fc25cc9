"""The window's way of learning a hand: never beside a run, stopped at once, kept or taken back."""

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.digits.model import UserDigits
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.events import RunState
from mnist_gui.engine.finetune.result import (
    FineTuningEvent,
    FineTuningPhase,
    FineTuningProgress,
)
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.digits import presenter as learning_hand
from mnist_gui.gui.digits.finetune_panel import PersonalizePanel
from mnist_gui.gui.digits.presenter import PersonalizePresenter
from mnist_gui.gui.session import Session
from tests.gui.own_digits import kept
from tests.gui.recording_shell import RecordingShell
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
            yield FineTuningProgress(FineTuningPhase.CROSS_VALIDATING, 0.5)
        yield hand_result(base)


@pytest.fixture
def learning(monkeypatch: pytest.MonkeyPatch) -> ScriptedLearning:
    learning = ScriptedLearning()
    monkeypatch.setattr(learning_hand, "finetune", learning)
    return learning


@pytest.fixture
def panel(qtbot: QtBot) -> PersonalizePanel:
    panel = PersonalizePanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def presenter(
    session: Session,
    panel: PersonalizePanel,
    shell: RecordingShell,
    learning: ScriptedLearning,
) -> Iterator[PersonalizePresenter]:
    session.dataset.set(Dataset("MNIST", NONE, NONE, NONE, ""))
    session.use_network(BASE, "some run")
    session.digits.set(UserDigits(kept(range(10))))
    yield PersonalizePresenter(session, panel, shell)
    learning.may_end.set()


def click(button: QPushButton, qtbot: QtBot) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def begin(panel: PersonalizePanel, qtbot: QtBot) -> None:
    """Begin to learn, and wait until something is told of it."""
    click(panel.start_button, qtbot)
    qtbot.waitUntil(lambda: panel.progress.value() > 0)


def test_what_was_learnt_is_kept_with_one_call_and_taken_back_with_another(
    presenter: PersonalizePresenter,
    session: Session,
    panel: PersonalizePanel,
    learning: ScriptedLearning,
    qtbot: QtBot,
) -> None:
    networks: list[Snapshot] = []
    session.network.changed.connect(networks.append)
    begin(panel, qtbot)
    learning.may_end.set()
    qtbot.waitUntil(panel.accept_button.isVisible)
    assert learning.asked == [(BASE, 10)]
    assert networks == []
    click(panel.accept_button, qtbot)
    (learnt,) = networks
    assert learnt is not BASE
    assert session.run_of_network == ""
    click(panel.back_button, qtbot)
    panel.back_button.clicked.emit()
    assert networks == [learnt, BASE]
    assert session.run_of_network == "some run"


def test_a_network_that_was_chosen_since_is_not_taken_back(
    presenter: PersonalizePresenter,
    session: Session,
    panel: PersonalizePanel,
    learning: ScriptedLearning,
    qtbot: QtBot,
) -> None:
    learning.may_end.set()
    click(panel.start_button, qtbot)
    qtbot.waitUntil(panel.accept_button.isVisible)
    click(panel.accept_button, qtbot)
    other = Snapshot(BASE.recipe, 6, {})
    session.use_network(other)
    click(panel.back_button, qtbot)
    assert session.network.value is other


def test_stopping_changes_nothing_and_it_can_begin_again(
    presenter: PersonalizePresenter,
    session: Session,
    panel: PersonalizePanel,
    learning: ScriptedLearning,
    qtbot: QtBot,
) -> None:
    begin(panel, qtbot)
    click(panel.stop_button, qtbot)
    qtbot.waitUntil(panel.start_button.isVisible)
    assert not presenter.is_training
    panel.accept_button.clicked.emit()
    assert session.network.value is BASE
    panel.start_button.clicked.emit()
    panel.start_button.clicked.emit()
    qtbot.waitUntil(lambda: len(learning.asked) == 2)
    assert presenter.is_training


def test_too_few_digits_a_run_and_a_missing_network_are_named(
    presenter: PersonalizePresenter, session: Session, panel: PersonalizePanel
) -> None:
    session.digits.set(UserDigits(kept([1] * 9)))
    assert panel.message.text() == "Save 1 more digit to enable this (10 needed)."
    session.digits.set(UserDigits(kept([1, 2, 3])))
    assert panel.message.text() == "Save 7 more digits to enable this (10 needed)."
    assert not panel.start_button.isEnabled()
    session.digits.set(UserDigits(kept(range(10))))
    assert panel.start_button.isEnabled()
    session.run_state.set(RunState.TRAINING)
    assert "run is active" in panel.message.text()
    panel.start_button.clicked.emit()
    assert not presenter.is_training
    session.run_state.set(RunState.IDLE)
    assert panel.start_button.isEnabled()


def test_what_is_not_loaded_yet_is_named(
    session: Session, panel: PersonalizePanel, shell: RecordingShell
) -> None:
    session.digits.set(UserDigits(kept(range(10))))
    session.use_network(BASE)
    presenter = PersonalizePresenter(session, panel, shell)
    assert panel.message.text() == "The data set and a network are still to be loaded."
    panel.start_button.clicked.emit()
    assert not presenter.is_training


def test_a_run_that_begins_meanwhile_goes_first(
    presenter: PersonalizePresenter, session: Session, panel: PersonalizePanel, qtbot: QtBot
) -> None:
    begin(panel, qtbot)
    session.run_state.set(RunState.PREPARING)
    qtbot.waitUntil(lambda: not presenter.is_training)
    assert panel.start_button.isVisible()
    assert not panel.start_button.isEnabled()


def test_a_failure_is_one_sentence(
    presenter: PersonalizePresenter,
    panel: PersonalizePanel,
    shell: RecordingShell,
    learning: ScriptedLearning,
    qtbot: QtBot,
) -> None:
    learning.error = TrainingError("The weights diverged.")
    click(panel.start_button, qtbot)
    qtbot.waitUntil(lambda: bool(shell.errors))
    assert shell.errors == [("Training on your handwriting failed", "The weights diverged.")]
    assert not presenter.is_training
    assert panel.start_button.isVisible()
