from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.displayed import Displayed
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session
from mnist_gui.gui.time_machine.page import TimePage
from mnist_gui.gui.time_machine.presenter import TimePresenter
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.gui.views.parts import ViewParts
from tests.engine.conftest import softmax_snapshot
from tests.gui.kept_runs import small_mnist, train_kept
from tests.gui.recording_shell import RecordingShell


class Time:
    """The page of a run that was kept, with its presenter; it is seen."""

    def __init__(self, session: Session, runner: TrainingRunner, shell: RecordingShell) -> None:
        self.page, self.chosen = TimePage(), list[int]()
        canvas = DrawingCanvas()
        canvas.setParent(shell)
        parts = ViewParts(session, runner, canvas, shell, lambda *_: None, self.chosen.append)
        self.session, self.shell = session, shell
        self.presenter = TimePresenter(parts, self.page)
        shell.resize(900, 700)
        shell.show()
        shell.pages.bring_to_front(Page.TIME_MACHINE)


@pytest.fixture
def runner(session: Session) -> Iterator[TrainingRunner]:
    runner = TrainingRunner(session)
    yield runner
    runner.close(10)


@pytest.fixture
def time(session: Session, runner: TrainingRunner, shell: RecordingShell, qtbot: QtBot) -> Time:
    return Time(session, runner, shell)


@pytest.fixture
def store(session: Session) -> RunStore:
    return RunStore(session.runs_folder.value)


@pytest.fixture
def kept(session: Session, store: RunStore) -> str:
    run_id = train_kept(store, small_mnist())
    session.dataset.set(small_mnist())
    session.use_network(store.snapshot(run_id), run_id)
    return run_id


def test_a_network_of_no_run_is_a_sentence(time: Time) -> None:
    assert time.page.message.text().startswith("No network yet")
    time.session.use_network(softmax_snapshot())
    assert "no run that was kept" in time.page.message.text()


def test_a_run_whose_steps_have_made_way_for_others_is_a_sentence(
    kept: str, session: Session, runner: TrainingRunner, shell: RecordingShell, qtbot: QtBot
) -> None:
    for file in (session.runs_folder.value / kept).glob("snapshot-*"):
        file.unlink()
    time = Time(session, runner, shell)
    qtbot.waitUntil(lambda: "no steps are kept" in time.page.message.text())
    assert not time.page.body.isVisible()


def test_all_kept_steps_are_read_as_the_classifier_reads_them(
    kept: str, time: Time, store: RunStore, qtbot: QtBot
) -> None:
    image = small_mnist().test.images[0]
    time.session.displayed.set(Displayed(image=image))
    qtbot.waitUntil(time.page.body.isVisible)
    steps = store.snapshot_steps(kept)
    qtbot.waitUntil(lambda: not time.session.view_thread.is_busy)
    table = np.genfromtxt(time.presenter.numbers().decode().splitlines(), delimiter=",")[1:]
    assert table.shape == (10 * len(steps), 13)
    validation = small_mnist().validation
    for place, step in enumerate(steps):
        snapshot = store.load_snapshot(kept, step)
        rows = table[10 * place : 10 * place + 10]
        shares = Classifier().probabilities(snapshot, image[np.newaxis])[0]
        assert np.allclose(rows[:, 2], shares, atol=1e-5)
        read_as = Classifier().probabilities(snapshot, validation.images).argmax(axis=1)
        right = np.count_nonzero(read_as == validation.labels)
        assert np.trace(rows[:, 3:]) == right
    text = f"Step 60: {right} of 200 validation images are read rightly."
    assert time.page.now.text() == text


def test_a_step_is_chosen_in_the_curves_by_keys_and_shown_when_it_is_there(
    kept: str, time: Time, store: RunStore, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: time.page.now.text().startswith("Step 60"))
    qtbot.waitUntil(lambda: not time.session.view_thread.is_busy)
    steps = store.snapshot_steps(kept)
    curves = time.page.timeline.widget
    QTest.keyClick(curves, Qt.Key.Key_Left)
    QTest.keyClick(curves, Qt.Key.Key_Home)
    assert time.chosen == [steps[-2], steps[0]]
    time.session.use_network(store.load_snapshot(kept, steps[0]), kept)
    assert time.page.now.text().startswith("Step 0:")
    QTest.keyClick(curves, Qt.Key.Key_Right)
    assert time.chosen[-1] == steps[1]


def test_the_sentence_says_since_when_two_digits_are_told_apart(
    kept: str, time: Time, qtbot: QtBot
) -> None:
    qtbot.waitUntil(time.page.body.isVisible)
    qtbot.waitUntil(lambda: not time.session.view_thread.is_busy)
    time.page.measure_box.setCurrentIndex(2)
    for box, digit in zip(time.page.digit_boxes, "01", strict=True):
        box.setCurrentText(digit)
    assert time.page.sentence.text().startswith("It has told 0 from 1 since step ")
    assert time.page.sentence.text().endswith(", the one kept before, it had not.")
    time.page.digit_boxes[1].setCurrentText("0")
    assert time.page.sentence.text() == "Choose two different digits."


def test_all_steps_are_saved_as_an_animation(
    kept: str, time: Time, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(time.page.body.isVisible)
    qtbot.waitUntil(lambda: not time.session.view_thread.is_busy)
    steps = RunStore(time.session.runs_folder.value).snapshot_steps(kept)
    for suffix in (".gif", ".webp"):
        path = tmp_path / f"steps{suffix}"
        monkeypatch.setattr(dialogs, "ask_to_save", lambda *_, path=path, **_words: str(path))
        time.shell.saved.clear()
        time.page.animation_asked.emit()
        qtbot.waitUntil(lambda: bool(time.shell.saved))
        with Image.open(path) as picture:
            assert picture.n_frames == len(steps)  # type: ignore[attr-defined]
            assert picture.width == time.page.width()
        assert time.page.now.text().startswith("Step 60")


def test_of_digits_without_images_the_curves_say_so(
    session: Session, runner: TrainingRunner, shell: RecordingShell, qtbot: QtBot
) -> None:
    mnist = small_mnist()
    ones = mnist.validation.labels == 1
    images = LabelledImages(mnist.validation.images[ones], mnist.validation.labels[ones])
    store = RunStore(session.runs_folder.value)
    run_id = train_kept(store, mnist)
    session.dataset.set(replace(mnist, validation=images))
    session.use_network(store.snapshot(run_id), run_id)
    time = Time(session, runner, shell)
    qtbot.waitUntil(lambda: not session.view_thread.is_busy)
    time.page.measure_box.setCurrentIndex(2)
    assert time.page.sentence.text() == "There are no images of these digits."
