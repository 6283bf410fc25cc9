import threading
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.results.test_images import TestImagePresenter
from mnist_gui.gui.session import Displayed, Session, Source
from tests.gui.recording_shell import RecordingShell

LABELS = np.array([3, 4, 3, 5, 3], np.uint8)
TEST = LabelledImages(np.zeros((5, 28, 28), np.uint8), LABELS)
LINE = Drawing((Stroke([[0.5, 0.2], [0.5, 0.8]]),))


class StepReader(Classifier):
    """Stands in for the network: reads every image as the snapshot's step, once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.asked = 0

    def probabilities(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.asked += 1
        assert self.gate.wait(5)
        return np.repeat(np.eye(10, dtype=np.float32)[[snapshot.step]], len(images), axis=0)


def dataset(test: LabelledImages = TEST) -> Dataset:
    return Dataset("digits", test, test, test, "")


def snapshot(step: int) -> Snapshot:
    return Snapshot(find_recipe("softmax-tutorial"), step, {})


@pytest.fixture
def classifier(session: Session) -> Iterator[StepReader]:
    session.classifier = classifier = StepReader()
    yield classifier
    classifier.gate.set()


@pytest.fixture
def presenter(
    session: Session, shell: RecordingShell, classifier: StepReader
) -> TestImagePresenter:
    return TestImagePresenter(session, shell, seed=1)


@pytest.fixture
def ready(presenter: TestImagePresenter, session: Session) -> TestImagePresenter:
    session.dataset.set(dataset())
    session.use_network(snapshot(3))
    return presenter


@pytest.fixture
def images(session: Session) -> list[Displayed]:
    """The test images that are displayed, in their order."""
    seen: list[Displayed] = []

    def add(displayed: Displayed) -> None:
        if displayed.source is Source.TEST_IMAGE:
            seen.append(displayed)

    session.displayed.changed.connect(add)
    return seen


def wait_for_answers(session: Session, qtbot: QtBot) -> None:
    """Wait until all is told that was asked of the thread; it takes its jobs in order."""
    answered: list[None] = []
    session.prediction_thread.call(lambda: None, then=answered.append)
    qtbot.waitUntil(lambda: bool(answered))


def test_a_random_image_is_shown_as_it_is_read(
    ready: TestImagePresenter, images: list[Displayed], qtbot: QtBot
) -> None:
    ready.show_random()
    qtbot.waitUntil(lambda: bool(images))
    (shown,) = images
    assert shown.index is not None
    assert shown.label == LABELS[shown.index]
    assert isinstance(shown.prediction, Prediction)
    assert shown.prediction.digit == 3
    np.testing.assert_array_equal(shown.image, TEST.images[shown.index])


def test_mistakes_follow_one_another_and_come_round(
    ready: TestImagePresenter, session: Session, images: list[Displayed], qtbot: QtBot
) -> None:
    for _ in range(3):
        ready.show_next_mistake()
        wait_for_answers(session, qtbot)
    assert [shown.index for shown in images] == [1, 3, 1]


def test_a_digits_images_follow_one_another(
    ready: TestImagePresenter, session: Session, images: list[Displayed], qtbot: QtBot
) -> None:
    for _ in range(4):
        ready.show_next_of(3)
        wait_for_answers(session, qtbot)
    assert [shown.index for shown in images] == [0, 2, 4, 0]


def test_an_image_is_shown_by_its_index_while_the_set_is_the_same(
    ready: TestImagePresenter, images: list[Displayed], shell: RecordingShell, qtbot: QtBot
) -> None:
    ready.show_image(3, TEST.images[3])
    qtbot.waitUntil(lambda: bool(images))
    assert images[0].label == 5
    ready.show_image(3, np.full((28, 28), 7, np.uint8))
    ready.show_image(5, TEST.images[3])
    assert shell.statuses == ["This image is not in the data set that is open now."] * 2


def test_an_image_of_the_training_file_is_shown_by_its_number_and_read_again(
    ready: TestImagePresenter, session: Session, shell: RecordingShell, qtbot: QtBot
) -> None:
    parts = [LabelledImages(np.full((3, 28, 28), each, np.uint8), LABELS[:3]) for each in range(3)]
    validation, train, test = parts
    session.dataset.set(Dataset("digits", train, validation, test, ""))
    # The training file begins with the images of validation.
    for number, label, grey in ((1, 4, 0), (3, 3, 1)):
        ready.show_image(number, np.full((28, 28), grey, np.uint8), Source.TRAINING_IMAGE)
        qtbot.waitUntil(lambda: session.displayed.value.index == number)  # noqa: B023
        shown = session.displayed.value
        assert (shown.source, shown.label) == (Source.TRAINING_IMAGE, label)
        assert shown.image is not None
        assert shown.image[0, 0] == grey
    before = session.displayed.value
    session.use_network(snapshot(4))
    qtbot.waitUntil(lambda: session.displayed.value is not before)
    again = session.displayed.value
    assert (again.source, again.index) == (Source.TRAINING_IMAGE, 3)
    assert isinstance(again.prediction, Prediction)
    assert again.prediction.digit == 4
    ready.show_image(3, np.full((28, 28), 9, np.uint8), Source.TRAINING_IMAGE)
    assert shell.statuses == ["This image is not in the data set that is open now."]
    ready.hide()
    assert session.displayed.value.source is Source.DRAWING


def test_an_image_is_read_again_with_a_new_network(
    ready: TestImagePresenter, session: Session, images: list[Displayed], qtbot: QtBot
) -> None:
    ready.show_next_of(4)
    qtbot.waitUntil(lambda: len(images) == 1)
    session.use_network(snapshot(4))
    qtbot.waitUntil(lambda: len(images) == 2)
    predictions = [shown.prediction for shown in images]
    digits = [each.digit for each in predictions if isinstance(each, Prediction)]
    assert [shown.index for shown in images] == [1, 1]
    assert digits == [3, 4]


def test_a_search_is_not_undone_by_a_network_that_came_meanwhile(
    ready: TestImagePresenter,
    session: Session,
    classifier: StepReader,
    images: list[Displayed],
    qtbot: QtBot,
) -> None:
    ready.show_next_of(4)
    qtbot.waitUntil(lambda: len(images) == 1)
    asked = classifier.asked
    classifier.gate.clear()
    ready.show_next_mistake()
    qtbot.waitUntil(lambda: classifier.asked == asked + 1)
    session.use_network(snapshot(4))
    classifier.gate.set()
    qtbot.waitUntil(lambda: len(images) == 3)
    # What was found stays, and is what the new network reads.
    assert [shown.index for shown in images] == [1, 3, 3]


def test_who_went_back_to_the_drawing_sees_it_though_an_image_was_being_read_again(
    ready: TestImagePresenter,
    session: Session,
    classifier: StepReader,
    images: list[Displayed],
    qtbot: QtBot,
) -> None:
    ready.show_next_of(4)
    qtbot.waitUntil(lambda: len(images) == 1)
    asked = classifier.asked
    classifier.gate.clear()
    session.use_network(snapshot(4))
    qtbot.waitUntil(lambda: classifier.asked == asked + 1)
    session.display_drawing()
    classifier.gate.set()
    done: list[object] = []
    session.prediction_thread.call(lambda: None, then=done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert session.displayed.value.source is Source.DRAWING


def test_an_image_that_cannot_be_read_again_is_told(
    ready: TestImagePresenter,
    session: Session,
    shell: RecordingShell,
    images: list[Displayed],
    qtbot: QtBot,
) -> None:
    ready.show_random()
    qtbot.waitUntil(lambda: bool(images))
    session.use_network(snapshot(99))
    qtbot.waitUntil(lambda: bool(shell.statuses))
    assert "IndexError" in shell.statuses[0]


def test_once_hidden_it_is_not_read_again(
    ready: TestImagePresenter, session: Session, images: list[Displayed], qtbot: QtBot
) -> None:
    ready.show_random()
    qtbot.waitUntil(lambda: len(images) == 1)
    ready.hide()
    assert session.displayed.value.source is Source.DRAWING
    session.use_network(snapshot(4))
    wait_for_answers(session, qtbot)
    assert len(images) == 1
    assert session.displayed.value.source is Source.DRAWING


def test_a_stroke_ends_a_search(
    ready: TestImagePresenter,
    session: Session,
    classifier: StepReader,
    images: list[Displayed],
    qtbot: QtBot,
) -> None:
    classifier.gate.clear()
    ready.show_random()
    session.drawing.set(LINE)
    classifier.gate.set()
    wait_for_answers(session, qtbot)
    assert not images


def test_a_replay_that_begins_ends_a_search_but_one_that_lasts_does_not(
    ready: TestImagePresenter,
    session: Session,
    classifier: StepReader,
    images: list[Displayed],
    qtbot: QtBot,
) -> None:
    classifier.gate.clear()
    ready.show_random()
    session.displayed.set(Displayed(Source.REPLAY, LINE))
    ready.show_next_of(5)
    session.displayed.set(Displayed(Source.REPLAY, LINE))
    classifier.gate.set()
    wait_for_answers(session, qtbot)
    assert [shown.index for shown in images] == [3]


def test_the_way_back_to_the_drawing_is_offered_while_an_image_is_shown(
    ready: TestImagePresenter,
    session: Session,
    shell: RecordingShell,
    images: list[Displayed],
    qtbot: QtBot,
) -> None:
    (back,) = [
        action
        for action in shell.menus.view_menu.findChildren(QAction)
        if action.shortcut().toString() == "B"
    ]
    offered = [back.isEnabled()]
    ready.show_random()
    qtbot.waitUntil(lambda: bool(images))
    offered.append(back.isEnabled())
    back.trigger()
    offered.append(back.isEnabled())
    assert offered == [False, True, False]
    assert session.displayed.value.source is Source.DRAWING


def test_another_data_set_puts_the_image_away(
    ready: TestImagePresenter, session: Session, images: list[Displayed], qtbot: QtBot
) -> None:
    ready.show_next_of(4)
    qtbot.waitUntil(lambda: len(images) == 1)
    session.dataset.set(dataset())
    assert session.displayed.value.source is Source.DRAWING


def test_a_network_without_mistakes_is_told_as_such(
    presenter: TestImagePresenter, session: Session, shell: RecordingShell, qtbot: QtBot
) -> None:
    threes = LabelledImages(TEST.images, np.full(5, 3, np.uint8))
    session.dataset.set(dataset(threes))
    session.use_network(snapshot(3))
    presenter.show_next_mistake()
    qtbot.waitUntil(lambda: bool(shell.statuses))
    assert shell.statuses == ["The network reads all test images right."]


def test_what_is_missing_is_said(
    presenter: TestImagePresenter, session: Session, shell: RecordingShell
) -> None:
    presenter.show_random()
    session.dataset.set(dataset())
    presenter.show_next_mistake()
    presenter.show_next_of(9)
    assert [sentence.split(" ")[0] for sentence in shell.statuses] == ["The", "No", "The"]
    assert shell.statuses[2] == "The test set has no image of a 9."
