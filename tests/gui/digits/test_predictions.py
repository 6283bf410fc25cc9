"""Own digits are read with the newest network, in parts that leave the thread to the drawing."""

import threading
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.model import UserDigit, UserDigitPredictions, UserDigits
from mnist_gui.engine.digits.store import UserDigitClassifier
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.digits.predictions import UserDigitImages, UserDigitPredictionsPresenter
from mnist_gui.gui.jobs import JobThread


class ScriptedReader(UserDigitClassifier):
    """Stands in for the network: reads each digit as the snapshot's step, once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[tuple[int, int]] = []

    def know(self, images: Mapping[str, NDArray[np.uint8]]) -> None:
        assert all(image.shape == (28, 28) for image in images.values())

    def read_part(
        self, snapshot: Snapshot, digits: Sequence[UserDigit]
    ) -> dict[str, NDArray[np.float32]]:
        self.asked.append((snapshot.step, len(digits)))
        assert self.gate.wait(5)
        row = np.eye(10, dtype=np.float32)[snapshot.step]
        return {digit.identity: row for digit in digits}


def kept(count: int) -> UserDigits:
    drawing = Drawing((Stroke([[0.5, 0.2], [0.5, 0.8]]),))
    return UserDigits(tuple(UserDigit(str(n), drawing, n % 10) for n in range(count)))


def images(digits: UserDigits) -> dict[str, NDArray[np.uint8]]:
    return {digit.identity: np.zeros((28, 28), np.uint8) for digit in digits.digits}


def snapshot(step: int, recipe: str = "softmax-tutorial") -> Snapshot:
    return Snapshot(find_recipe(recipe), step, {})


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[JobThread]:
    thread = JobThread("reading")
    yield thread
    thread.stop()
    assert thread.wait(5_000)


@pytest.fixture
def reader() -> ScriptedReader:
    return ScriptedReader()


@pytest.fixture
def controller(thread: JobThread, reader: ScriptedReader) -> UserDigitPredictionsPresenter:
    return UserDigitPredictionsPresenter(thread, reader)


def readings(controller: UserDigitPredictionsPresenter) -> list[UserDigitPredictions]:
    seen: list[UserDigitPredictions] = []
    controller.reading_changed.connect(seen.append)
    return seen


def test_many_digits_are_read_in_parts_and_told_as_a_whole(
    controller: UserDigitPredictionsPresenter, reader: ScriptedReader, qtbot: QtBot
) -> None:
    digits, seen = kept(100), readings(controller)
    controller.use_digits(digits)
    controller.use_images(images(digits))
    network = snapshot(3)
    controller.use_snapshot(network)
    qtbot.waitUntil(lambda: bool(seen))
    assert len(reader.asked) == 4
    (reading,) = seen
    evaluation = reading.evaluation(digits.digits)
    assert evaluation
    assert evaluation.correct == 10
    assert (reading.network, reading.step) == ("softmax-tutorial", 3)
    assert controller.reading_with(network) is reading
    assert controller.reading_with(snapshot(3)) is None


def test_a_new_digit_alone_is_read_at_once(
    controller: UserDigitPredictionsPresenter, reader: ScriptedReader, qtbot: QtBot
) -> None:
    digits, seen = kept(41), readings(controller)
    controller.use_snapshot(snapshot(3))
    controller.use_images(images(digits))
    controller.use_digits(kept(40))
    qtbot.waitUntil(lambda: len(seen) == 1)
    controller.use_digits(digits)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert reader.asked == [(3, 32), (3, 8), (3, 1)]
    assert seen[-1].prediction(digits.digits[40]) is not None


def test_digits_without_images_wait_for_them(
    controller: UserDigitPredictionsPresenter, reader: ScriptedReader, qtbot: QtBot
) -> None:
    digits, seen = kept(2), readings(controller)
    controller.use_snapshot(snapshot(3))
    controller.use_digits(digits)
    assert reader.asked == []
    controller.use_images({"1": np.zeros((28, 28), np.uint8)})
    qtbot.waitUntil(lambda: reader.asked == [(3, 1)])
    controller.use_images({"0": np.zeros((28, 28), np.uint8)})
    qtbot.waitUntil(lambda: len(seen) == 1)


def test_a_network_that_learns_is_tried_now_and_then_only_and_then_the_newest(
    controller: UserDigitPredictionsPresenter, reader: ScriptedReader, qtbot: QtBot
) -> None:
    digits, seen = kept(2), readings(controller)
    controller.use_digits(digits)
    controller.use_images(images(digits))
    for step in range(1, 9):
        controller.use_snapshot(snapshot(step))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert [reading.step for reading in seen] == [1, 8]


def test_another_network_does_not_wait_for_the_old_ones_reading(
    controller: UserDigitPredictionsPresenter, reader: ScriptedReader, qtbot: QtBot
) -> None:
    digits, seen = kept(100), readings(controller)
    reader.gate.clear()
    controller.use_digits(digits)
    controller.use_images(images(digits))
    controller.use_snapshot(snapshot(3))
    qtbot.waitUntil(lambda: len(reader.asked) == 1)
    controller.use_snapshot(snapshot(5, "cnn-fast"))
    reader.gate.set()
    qtbot.waitUntil(lambda: bool(seen))
    assert (seen[0].network, seen[0].step) == ("cnn-fast", 5)
    assert [step for step, _ in reader.asked] == [3, 5, 5, 5, 5]


def test_while_somebody_draws_it_gives_way(
    controller: UserDigitPredictionsPresenter, reader: ScriptedReader, qtbot: QtBot
) -> None:
    digits, seen = kept(2), readings(controller)
    controller.give_way()
    controller.use_digits(digits)
    controller.use_images(images(digits))
    controller.use_snapshot(snapshot(3))
    assert reader.asked == []
    qtbot.waitUntil(lambda: bool(seen))


def test_a_network_that_cannot_read_is_told_and_the_next_one_tried(
    controller: UserDigitPredictionsPresenter,
    reader: ScriptedReader,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    digits, seen = kept(2), readings(controller)
    with monkeypatch.context() as patch, qtbot.waitSignal(controller.failed):
        patch.setattr(reader, "read_part", None)
        controller.use_digits(digits)
        controller.use_images(images(digits))
        controller.use_snapshot(snapshot(3))
    controller.use_snapshot(snapshot(4))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0].step == 4


def test_images_are_made_once_and_the_newest_first(thread: JobThread, qtbot: QtBot) -> None:
    controller = UserDigitImages(thread)
    made: list[dict[str, NDArray[np.uint8]]] = []
    controller.images_made.connect(made.append)
    digits = kept(70)
    controller.use_digits(digits)
    controller.use_digits(digits)
    qtbot.waitUntil(lambda: sum(map(len, made)) >= 70)
    assert [len(images) for images in made] == [64, 6]
    assert next(iter(made[0])) == "69"
    np.testing.assert_array_equal(made[0]["69"], preprocess(digits.digits[69].drawing))
