from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.test_images import TestImage
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import JobThread
from mnist_gui.gui.results.presenter import TestImagePresenter

LABELS = np.array([3, 4, 3, 5, 3], np.uint8)
TEST = LabelledImages(np.zeros((5, 28, 28), np.uint8), LABELS)


class StepReader(Classifier):
    """Stands in for the network: reads every image as the snapshot's step."""

    def probabilities(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.repeat(np.eye(10, dtype=np.float32)[[snapshot.step]], len(images), axis=0)


def dataset(test: LabelledImages = TEST) -> Dataset:
    return Dataset("digits", test, test, test, "")


def snapshot(step: int) -> Snapshot:
    return Snapshot(find_recipe("softmax-tutorial"), step, {})


@pytest.fixture
def controller(qtbot: QtBot) -> Iterator[TestImagePresenter]:
    thread = JobThread("reading")
    yield TestImagePresenter(thread, StepReader(), seed=1)
    thread.stop()
    assert thread.wait(5_000)


@pytest.fixture
def ready(controller: TestImagePresenter) -> TestImagePresenter:
    controller.use_dataset(dataset())
    controller.use_snapshot(snapshot(3))
    return controller


def shown_images(controller: TestImagePresenter) -> list[TestImage]:
    seen: list[TestImage] = []
    controller.image_shown.connect(seen.append)
    return seen


def test_a_random_image_is_shown_as_it_is_read(ready: TestImagePresenter, qtbot: QtBot) -> None:
    with qtbot.waitSignal(ready.image_shown) as signal:
        ready.show_random()
    assert signal.args is not None
    shown = signal.args[0]
    assert shown.label == LABELS[shown.index]
    assert isinstance(shown.prediction, Prediction)
    assert shown.prediction.digit == 3


def test_mistakes_follow_one_another_and_come_round(
    ready: TestImagePresenter, qtbot: QtBot
) -> None:
    seen = shown_images(ready)
    for _ in range(3):
        with qtbot.waitSignal(ready.image_shown):
            ready.show_next_mistake()
    assert [shown.index for shown in seen] == [1, 3, 1]


def test_a_digits_images_follow_one_another(ready: TestImagePresenter, qtbot: QtBot) -> None:
    seen = shown_images(ready)
    for _ in range(4):
        with qtbot.waitSignal(ready.image_shown):
            ready.show_next_of(3)
    assert [shown.index for shown in seen] == [0, 2, 4, 0]


def test_an_image_is_shown_by_its_index_while_the_set_is_the_same(
    ready: TestImagePresenter, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(ready.image_shown) as signal:
        ready.show_image(3, TEST.images[3])
    assert signal.args is not None
    assert signal.args[0].label == 5
    with qtbot.waitSignal(ready.not_found):
        ready.show_image(3, np.full((28, 28), 7, np.uint8))
    with qtbot.waitSignal(ready.not_found):
        ready.show_image(5, TEST.images[3])


def test_an_image_is_read_again_with_a_new_network(ready: TestImagePresenter, qtbot: QtBot) -> None:
    seen = shown_images(ready)
    with qtbot.waitSignal(ready.image_shown):
        ready.show_next_of(4)
    with qtbot.waitSignal(ready.image_shown):
        ready.use_snapshot(snapshot(4))
    assert [(shown.index, shown.is_right) for shown in seen] == [(1, False), (1, True)]


def test_once_hidden_it_is_not_read_again(ready: TestImagePresenter, qtbot: QtBot) -> None:
    with qtbot.waitSignal(ready.image_shown):
        ready.show_random()
    with qtbot.waitSignal(ready.hidden):
        ready.hide()
    seen = shown_images(ready)
    ready.use_snapshot(snapshot(4))
    # The thread takes its jobs in order: an answer would have come before this one.
    with qtbot.waitSignal(ready.image_shown):
        ready.show_next_of(5)
    assert [shown.index for shown in seen] == [3]


def test_a_network_without_mistakes_is_told_as_such(
    controller: TestImagePresenter, qtbot: QtBot
) -> None:
    threes = LabelledImages(TEST.images, np.full(5, 3, np.uint8))
    controller.use_dataset(dataset(threes))
    controller.use_snapshot(snapshot(3))
    with qtbot.waitSignal(controller.not_found) as signal:
        controller.show_next_mistake()
    assert signal.args == ["The network reads all test images right."]


def test_what_is_missing_is_said(controller: TestImagePresenter, qtbot: QtBot) -> None:
    told: list[str] = []
    controller.not_found.connect(told.append)
    controller.show_random()
    controller.use_dataset(dataset())
    controller.show_next_mistake()
    controller.show_next_of(9)
    assert [sentence.split(" ")[0] for sentence in told] == ["The", "No", "The"]
    assert told[2] == "The test set has no image of a 9."
