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
from mnist_gui.gui.digits.predictions import UserDigitImages, UserDigitPredictor
from mnist_gui.gui.session import Session


class ScriptedReader(UserDigitClassifier):
    """Stands in for the network: reads each digit as the snapshot's step, once it may.

    With `is_broken` it fails instead.
    """

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[tuple[int, int]] = []
        self.is_broken = False

    def add_images(self, images: Mapping[str, NDArray[np.uint8]]) -> None:
        assert all(image.shape == (28, 28) for image in images.values())

    def predict_part(
        self, snapshot: Snapshot, digits: Sequence[UserDigit]
    ) -> dict[str, NDArray[np.float32]]:
        if self.is_broken:
            raise ValueError("broken")
        self.asked.append((snapshot.step, len(digits)))
        assert self.gate.wait(5)
        row = np.eye(10, dtype=np.float32)[snapshot.step]
        return {digit.digit_id: row for digit in digits}


def kept(count: int) -> UserDigits:
    drawing = Drawing((Stroke([[0.5, 0.2], [0.5, 0.8]]),))
    return UserDigits(tuple(UserDigit(str(n), drawing, n % 10) for n in range(count)))


def images_of(digits: UserDigits) -> dict[str, NDArray[np.uint8]]:
    return {digit.digit_id: np.zeros((28, 28), np.uint8) for digit in digits.digits}


def snapshot(step: int, recipe: str = "softmax-tutorial") -> Snapshot:
    return Snapshot(find_recipe(recipe), step, {})


@pytest.fixture
def reader() -> Iterator[ScriptedReader]:
    reader = ScriptedReader()
    yield reader
    reader.gate.set()


@pytest.fixture
def images(session: Session) -> Iterator[UserDigitImages]:
    """Images that are not made before the end, so that a test says which there are."""
    gate = threading.Event()
    session.reading_thread.call(lambda: gate.wait(60))
    yield UserDigitImages(session)
    gate.set()


@pytest.fixture
def predictor(
    session: Session, images: UserDigitImages, reader: ScriptedReader
) -> UserDigitPredictor:
    return UserDigitPredictor(session, images, reader)


@pytest.fixture
def seen(session: Session, predictor: UserDigitPredictor) -> list[UserDigitPredictions]:
    """The predictions of all digits, in their order."""
    seen: list[UserDigitPredictions] = []
    session.digit_predictions.changed.connect(lambda predictions: seen.append(predictions[1]))
    return seen


def test_many_digits_are_read_in_parts_and_told_as_a_whole(
    session: Session,
    images: UserDigitImages,
    reader: ScriptedReader,
    seen: list[UserDigitPredictions],
    qtbot: QtBot,
) -> None:
    digits = kept(100)
    session.digits.set(digits)
    images.images_made.emit(images_of(digits))
    network = snapshot(3)
    session.use_network(network)
    qtbot.waitUntil(lambda: bool(seen))
    assert len(reader.asked) == 4
    (reading,) = seen
    evaluation = reading.evaluation(digits.digits)
    assert evaluation
    assert evaluation.correct == 10
    assert (reading.network, reading.step) == ("softmax-tutorial", 3)
    assert session.digit_predictions.value == (network, reading)


def test_how_far_it_is_is_told_until_all_are_read(
    session: Session,
    images: UserDigitImages,
    predictor: UserDigitPredictor,
    seen: list[UserDigitPredictions],
    qtbot: QtBot,
) -> None:
    digits, told = kept(100), list[tuple[int, int]]()
    predictor.progress_changed.connect(lambda done, total: told.append((done, total)))
    session.use_network(snapshot(3))
    session.digits.set(digits)
    images.images_made.emit(images_of(digits))
    qtbot.waitUntil(lambda: bool(seen))
    assert told == [(32, 100), (64, 100), (96, 100)]


def test_a_new_digit_alone_is_read_at_once(
    session: Session,
    images: UserDigitImages,
    reader: ScriptedReader,
    seen: list[UserDigitPredictions],
    qtbot: QtBot,
) -> None:
    digits = kept(41)
    session.use_network(snapshot(3))
    images.images_made.emit(images_of(digits))
    session.digits.set(kept(40))
    qtbot.waitUntil(lambda: len(seen) == 1)
    session.digits.set(digits)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert reader.asked == [(3, 32), (3, 8), (3, 1)]
    newest = seen[-1].prediction(digits.digits[40])
    assert newest is not None
    assert newest.digit == 3


def test_digits_without_images_wait_for_them(
    session: Session,
    images: UserDigitImages,
    reader: ScriptedReader,
    seen: list[UserDigitPredictions],
    qtbot: QtBot,
) -> None:
    session.use_network(snapshot(3))
    session.digits.set(kept(2))
    assert reader.asked == []
    images.images_made.emit({"1": np.zeros((28, 28), np.uint8)})
    qtbot.waitUntil(lambda: reader.asked == [(3, 1)])
    images.images_made.emit({"0": np.zeros((28, 28), np.uint8)})
    qtbot.waitUntil(lambda: len(seen) == 1)


def test_a_network_that_learns_is_tried_now_and_then_only_and_then_the_newest(
    session: Session,
    images: UserDigitImages,
    seen: list[UserDigitPredictions],
    qtbot: QtBot,
) -> None:
    digits = kept(2)
    session.digits.set(digits)
    images.images_made.emit(images_of(digits))
    for step in range(1, 9):
        session.use_network(snapshot(step))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert [reading.step for reading in seen] == [1, 8]


def test_another_network_does_not_wait_for_the_old_ones_reading(
    session: Session,
    images: UserDigitImages,
    reader: ScriptedReader,
    seen: list[UserDigitPredictions],
    qtbot: QtBot,
) -> None:
    digits = kept(100)
    reader.gate.clear()
    session.digits.set(digits)
    images.images_made.emit(images_of(digits))
    session.use_network(snapshot(3))
    qtbot.waitUntil(lambda: len(reader.asked) == 1)
    session.use_network(snapshot(5, "cnn-fast"))
    reader.gate.set()
    qtbot.waitUntil(lambda: bool(seen))
    assert (seen[0].network, seen[0].step) == ("cnn-fast", 5)
    assert [step for step, _ in reader.asked] == [3, 5, 5, 5, 5]


def test_while_somebody_draws_it_gives_way(
    session: Session,
    images: UserDigitImages,
    predictor: UserDigitPredictor,
    reader: ScriptedReader,
    seen: list[UserDigitPredictions],
    qtbot: QtBot,
) -> None:
    digits = kept(2)
    session.drawing.set(digits.digits[0].drawing)
    session.digits.set(digits)
    images.images_made.emit(images_of(digits))
    session.use_network(snapshot(3))
    answered: list[None] = []
    # The thread takes its jobs in order: a part of the digits would come before this one.
    session.prediction_thread.call(lambda: None, then=answered.append)
    qtbot.waitUntil(lambda: bool(answered))
    assert reader.asked == []
    qtbot.waitUntil(lambda: bool(seen))


def test_a_network_that_cannot_read_is_told_and_the_next_one_tried(
    session: Session,
    images: UserDigitImages,
    predictor: UserDigitPredictor,
    reader: ScriptedReader,
    seen: list[UserDigitPredictions],
    qtbot: QtBot,
) -> None:
    digits = kept(2)
    reader.is_broken = True
    with qtbot.waitSignal(predictor.failed):
        session.digits.set(digits)
        images.images_made.emit(images_of(digits))
        session.use_network(snapshot(3))
    reader.is_broken = False
    session.use_network(snapshot(4))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0].step == 4


def test_images_are_made_once_and_the_newest_first(session: Session, qtbot: QtBot) -> None:
    images = UserDigitImages(session)
    made: list[dict[str, NDArray[np.uint8]]] = []
    images.images_made.connect(made.append)
    digits = kept(70)
    session.digits.set(digits)
    session.digits.set(UserDigits(digits.digits))
    qtbot.waitUntil(lambda: sum(map(len, made)) >= 70)
    assert [len(part) for part in made] == [64, 6]
    assert next(iter(made[0])) == "69"
    np.testing.assert_array_equal(made[0]["69"], preprocess(digits.digits[69].drawing))
