import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.events import RunState
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.label_errors import OutOfFoldReader
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.images.page import ImagesPage
from mnist_gui.gui.images.presenter import ImagesPresenter
from mnist_gui.gui.images.text import ImageList
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session, Source
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.gui.views.parts import ViewParts
from tests.gui.kept_runs import small_mnist, train_kept
from tests.gui.recording_shell import RecordingShell

SOFTMAX = next(each for each in SHIPPED_NETWORKS if each.recipe == "softmax-best")


class Images:
    """The page with its presenter, seen, with 200 of MNIST's images and a network."""

    def __init__(self, session: Session, shell: RecordingShell, runner: TrainingRunner) -> None:
        self.session, self.shell, self.page = session, shell, ImagesPage()
        self.on_pad: list[tuple[int, NDArray[np.uint8], Source]] = []
        canvas = DrawingCanvas()
        canvas.setParent(shell)

        def put(number: int, image: NDArray[np.uint8], source: Source) -> None:
            self.on_pad.append((number, image, source))

        parts = ViewParts(session, runner, canvas, shell, put, lambda _: None)
        self.presenter = ImagesPresenter(parts, self.page)
        shell.resize(1_000, 760)
        shell.show()
        shell.pages.bring_to_front(Page.IMAGES)

    @property
    def message(self) -> str:
        return self.page.message.text()

    def listed(self) -> list[int]:
        """Return the numbers of the images on the page of the grid that is shown."""
        tiles = self.page.grid.tiles
        assert tiles.listing is not None
        return [int(number) for number in tiles.listing.read.numbers[tiles.places]]

    def numbers(self) -> list[dict[str, str]]:
        return list(csv.DictReader(self.presenter.numbers().decode().splitlines()))


@pytest.fixture
def runner(session: Session) -> Iterator[TrainingRunner]:
    runner = TrainingRunner(session)
    yield runner
    runner.close(10)


@pytest.fixture
def images(session: Session, shell: RecordingShell, runner: TrainingRunner, qtbot: QtBot) -> Images:
    return Images(session, shell, runner)


@pytest.fixture(scope="module")
def softmax() -> Snapshot:
    return load_snapshot(SOFTMAX.path)


@pytest.fixture
def ready(images: Images, softmax: Snapshot, qtbot: QtBot) -> Images:
    images.session.dataset.set(small_mnist())
    images.session.use_network(softmax, file=SOFTMAX.path)
    qtbot.waitUntil(images.page.body.isVisible)
    return images


def probabilities(snapshot: Snapshot, images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Compute a softmax regression's probabilities in another way."""
    inputs = images.reshape(len(images), -1).astype(np.float64) / 255
    logits = inputs @ snapshot.weights["output/kernel"] + snapshot.weights["output/bias"]
    powers = np.exp(logits / snapshot.temperature)
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def test_what_is_missing_is_said(images: Images, softmax: Snapshot, qtbot: QtBot) -> None:
    assert images.message == "The data set is still being loaded."
    images.session.dataset.set(small_mnist())
    assert images.message == "No network yet: train one, or open one."
    images.session.use_network(softmax)
    qtbot.waitUntil(images.page.body.isVisible)
    images.page.choose(ImageList.LAST_LEARNT)
    assert "of no run that was kept" in images.message
    assert not images.page.body.isVisible()


@pytest.mark.parametrize("kind", [ImageList.HARDEST_TEST, ImageList.HARDEST_VALIDATION])
def test_the_hardest_images_come_first_with_what_the_network_says_of_them(
    ready: Images, softmax: Snapshot, qtbot: QtBot, kind: ImageList
) -> None:
    ready.page.choose(kind)
    qtbot.waitUntil(ready.page.body.isVisible)
    mnist = small_mnist()
    split = mnist.test if kind is ImageList.HARDEST_TEST else mnist.validation
    shares = probabilities(softmax, split.images)
    of_label = shares[np.arange(200), split.labels]
    order = np.argsort(of_label, kind="stable")
    assert ready.listed() == order[: len(ready.listed())].tolist()
    rows = ready.numbers()
    assert len(rows) == 200
    for row, at in zip(rows, order, strict=True):
        assert int(row["read"]) == shares[at].argmax()
        assert float(row["of_label"]) == pytest.approx(of_label[at], rel=1e-3)
        assert float(row["loss"]) == pytest.approx(-np.log(of_label[at]), rel=1e-3, abs=1e-5)
    hardest = ready.page.closer
    assert f"read as {shares[order[0]].argmax()}" in hardest.heading.text()
    assert hardest.why_listed.text().startswith("It is number 1 of 200 by its loss, ")
    wrong = np.count_nonzero(shares.argmax(axis=1) != split.labels)
    assert ready.page.summary.text() == f"{wrong} of 200 images are read wrong."


def test_raw_probabilities_give_other_losses_without_reading_again(
    ready: Images, softmax: Snapshot, qtbot: QtBot
) -> None:
    before = ready.numbers()
    ready.session.is_calibrated.set(False)
    qtbot.waitUntil(lambda: ready.numbers() != before)
    raw = probabilities(replace(softmax, temperature=1.0), small_mnist().test.images)
    for row in ready.numbers():
        at = int(row["test"])
        assert float(row["probability"]) == pytest.approx(raw[at].max(), rel=1e-3)


def test_beside_an_image_that_is_misread_is_what_it_was_taken_for(
    ready: Images, qtbot: QtBot
) -> None:
    closer = ready.page.closer
    qtbot.waitUntil(closer.of_read.isVisible)
    assert "What it is taken for: Test image" in closer.of_read.words.text()
    assert "that is read right" in closer.of_label.words.text()
    assert "times as probable" in closer.why_read.text()
    # An image that is read right is only nearly taken for another digit.
    QTest.keyClick(ready.page.grid, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: "nearly taken for" in closer.of_read.words.text())
    assert closer.why_read.text().startswith("It is read right, with ")


def test_only_what_fits_the_filter_is_listed(ready: Images) -> None:
    page, mnist = ready.page, small_mnist()
    page.label_box.setCurrentText("4")
    fours = set(np.flatnonzero(mnist.test.labels == 4).tolist())
    assert set(ready.listed()) <= fours
    page.grid.turn(1)
    assert set(ready.listed()) <= fours
    page.read_box.setCurrentText("Another digit")
    tiles = page.grid.tiles
    assert tiles.listing is not None
    assert all(tiles.listing.read.read[tiles.places] != 4)
    page.label_box.setCurrentText("Any")
    page.read_box.setCurrentText("7")
    assert all(tiles.listing.read.read[tiles.places] == 7)
    # The table has the whole list.
    assert len(ready.numbers()) == 200


def test_a_filter_that_nothing_fits_says_so(ready: Images) -> None:
    page = ready.page
    page.label_box.setCurrentText("0")
    page.read_box.setCurrentText("1")
    assert page.none_fits.isVisible()
    assert not page.grid.isVisible()
    page.read_box.setCurrentText("Any")
    assert page.grid.isVisible()


def test_keys_walk_through_the_pages_and_enter_puts_the_image_on_the_pad(ready: Images) -> None:
    grid = ready.page.grid
    size = grid.page_size
    assert size > grid.columns > 1
    for key, place in [
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 1 + grid.columns),
        (Qt.Key.Key_PageDown, 1 + grid.columns + size),
        (Qt.Key.Key_Left, grid.columns + size),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_End, 199),
        (Qt.Key.Key_Right, 199),
        (Qt.Key.Key_PageUp, 199 - size),
    ]:
        QTest.keyClick(grid, key)
        assert grid.current == place
    listed = ready.listed()
    number = listed[(199 - size) % size]
    assert f"Test image {number}:" in ready.page.closer.heading.text()
    QTest.keyClick(grid, Qt.Key.Key_Return)
    ready.page.closer.pad_button.click()
    assert [(put[0], put[2]) for put in ready.on_pad] == [(number, Source.TEST_IMAGE)] * 2
    assert np.array_equal(ready.on_pad[0][1], small_mnist().test.images[number])


def test_the_buttons_turn_pages_and_say_where_one_is(ready: Images) -> None:
    page = ready.page
    size = page.grid.page_size
    assert page.shown.text() == f"1 to {size} of 200"
    assert not page.back_button.isEnabled()
    page.on_button.click()
    assert page.shown.text() == f"{size + 1} to {2 * size} of 200"
    page.back_button.click()
    assert page.shown.text().startswith("1 to")
    page.grid.go_to(199)
    assert not page.on_button.isEnabled()


def test_two_networks_disagree_and_it_is_said_who_is_right(
    ready: Images, softmax: Snapshot, qtbot: QtBot
) -> None:
    store = RunStore(ready.session.runs_folder.value)
    run_id = train_kept(store, small_mnist(), replace(RECIPES["softmax-tutorial"], steps=20))
    ready.session.runs.set(store.runs().runs)
    ready.page.choose(ImageList.DISAGREEMENTS)
    # The current network is not offered.
    box = ready.page.second_box
    offered = [box.itemData(at) for at in range(box.count())]
    assert offered == ["shipped cnn-best", f"run {run_id}"]
    box.setCurrentIndex(1)
    qtbot.waitUntil(ready.page.body.isVisible)
    images = small_mnist().test
    one = probabilities(softmax, images.images)
    other = probabilities(store.snapshot(run_id), images.images)
    differ = np.flatnonzero(one.argmax(axis=1) != other.argmax(axis=1))
    both = np.minimum(one[differ].max(axis=1), other[differ].max(axis=1))
    order = differ[np.argsort(-both, kind="stable")]
    assert ready.listed() == order[: len(ready.listed())].tolist()
    first = order[0]
    says = ready.page.closer.why_listed.text()
    if one[first].argmax() == images.labels[first]:
        assert says.startswith("Softmax regression, best, after 4,500 steps is right")
    elif other[first].argmax() == images.labels[first]:
        assert says.startswith("Softmax regression (tutorial), after 20 steps is right")
    else:
        assert says.startswith("Both are wrong")
    assert [row["second_read"] for row in ready.numbers()] == [
        str(other[at].argmax()) for at in order
    ]


def test_networks_that_agree_are_said_to(ready: Images, softmax: Snapshot, qtbot: QtBot) -> None:
    ready.session.use_network(replace(softmax, step=1))
    ready.page.choose(ImageList.DISAGREEMENTS)
    ready.page.second_box.setCurrentIndex(
        ready.page.second_box.findText("Softmax regression, best")
    )
    qtbot.waitUntil(lambda: "the same digit in all 200 images" in ready.message)
    assert not ready.page.body.isVisible()


# --- likely wrong labels -------------------------------------------------------------------------


def kept_reading(session: Session, dataset: Dataset) -> NDArray[np.float32]:
    """Keep a reading in which the labels of the images 3 and 250 are not what is read."""
    labels = np.concatenate((dataset.validation.labels, dataset.train.labels)).astype(int)
    read = labels.copy()
    read[[3, 250]] = (read[[3, 250]] + 1) % 10
    shares = np.full((len(labels), 10), 0.01, np.float32)
    shares[np.arange(len(labels)), read] = 0.91
    shares[250, labels[250]] = 0.005
    OutOfFoldReader(session.data_folder).keep(dataset, shares)
    return shares


def test_wrong_labels_wait_for_the_button_unless_they_are_known(
    ready: Images, qtbot: QtBot
) -> None:
    ready.page.choose(ImageList.WRONG_LABELS)
    qtbot.waitUntil(ready.page.compute_button.isVisible)
    assert "Six networks are trained for this" in ready.message
    # What is known is not asked for: seen again, it shows.
    kept_reading(ready.session, small_mnist())
    ready.shell.pages.bring_to_front(Page.RUNS)
    ready.shell.pages.bring_to_front(Page.IMAGES)
    qtbot.waitUntil(ready.page.body.isVisible)
    assert ready.listed() == [250, 3]
    assert ready.page.closer.heading.text().startswith("Training image 250: label")
    assert ready.page.summary.text() == (
        "2 of 400 labels are not what was read; by confident learning 2 are likely wrong."
    )
    QTest.keyClick(ready.page.grid, Qt.Key.Key_Return)
    (put,) = ready.on_pad
    assert put[0] == 250
    assert put[2] is Source.TRAINING_IMAGE
    assert np.array_equal(put[1], small_mnist().train.images[50])


def test_no_networks_are_trained_for_labels_while_a_run_trains(ready: Images, qtbot: QtBot) -> None:
    ready.page.choose(ImageList.WRONG_LABELS)
    qtbot.waitUntil(ready.page.compute_button.isVisible)
    ready.session.run_state.set(RunState.TRAINING)
    assert ready.message.startswith("Available when training has ended")
    assert not ready.page.compute_button.isVisible()
    ready.session.run_state.set(RunState.IDLE)
    qtbot.waitUntil(ready.page.compute_button.isVisible)


def test_too_few_training_images_are_said_to_be(images: Images) -> None:
    few = small_mnist(40)
    images.session.dataset.set(few)
    images.page.choose(ImageList.WRONG_LABELS)
    assert images.message == "This needs at least 100 training images; there are 80."


def test_a_computation_that_was_begun_can_be_cancelled_and_begun_again(
    ready: Images, qtbot: QtBot
) -> None:
    ready.page.choose(ImageList.WRONG_LABELS)
    qtbot.waitUntil(ready.page.compute_button.isVisible)
    ready.page.compute_button.click()
    ready.page.cancel_button.click()
    assert ready.message == "Cancelled."
    assert ready.page.compute_button.isVisible()
    assert not ready.page.body.isVisible()


# --- the order of learning -----------------------------------------------------------------------


def test_what_was_learnt_when_is_found_from_the_steps_that_a_run_kept(
    ready: Images, qtbot: QtBot
) -> None:
    mnist = small_mnist()
    store = RunStore(ready.session.runs_folder.value)
    run_id = train_kept(store, mnist)
    ready.session.runs.set(store.runs().runs)
    ready.session.use_network(store.snapshot(run_id), run_id)
    ready.page.choose(ImageList.LAST_LEARNT)
    qtbot.waitUntil(ready.page.compute_button.isVisible)
    ready.page.compute_button.click()
    qtbot.waitUntil(ready.page.body.isVisible)
    steps = store.snapshot_steps(run_id)
    right = {
        step: probabilities(store.load_snapshot(run_id, step), mnist.train.images).argmax(axis=1)
        == mnist.train.labels
        for step in steps
        if step
    }
    for row in ready.numbers():
        at = int(row["training"]) - 200
        history = [bool(each[at]) for each in right.values()]
        assert int(row["first_right_step"]) == [*right][history.index(True)]
        lost = sum(a and not b for a, b in pairwise(history))
        assert int(row["times_forgotten"]) == lost
    firsts = [int(row["first_right_step"]) for row in ready.numbers()]
    assert firsts == sorted(firsts, reverse=True)
    # Of the other lists the same is known, so that they are there at once.
    assert len(firsts) == 200
    ready.page.choose(ImageList.NEVER_LEARNT)
    said = "Each of the 200 images was read right at some kept step."
    qtbot.waitUntil(lambda: ready.message == said)
    ready.page.choose(ImageList.MOST_FORGOTTEN)
    qtbot.waitUntil(ready.page.body.isVisible)
    times = [int(row["times_forgotten"]) for row in ready.numbers()]
    assert 0 < len(times) < 200
    assert times == sorted(times, reverse=True)
    assert f"right at one kept step and wrong at the next: {times[0]}" in (
        ready.page.closer.why_listed.text()
    )


def test_a_run_without_kept_steps_and_one_of_other_data_are_said_to_be_so(
    ready: Images, qtbot: QtBot
) -> None:
    store = RunStore(ready.session.runs_folder.value)
    run_id = train_kept(store, small_mnist())
    ready.session.runs.set(store.runs().runs)
    for path in Path(store.folder / run_id).glob("snapshot-*"):
        path.unlink()
    ready.session.use_network(store.snapshot(run_id), run_id)
    ready.page.choose(ImageList.MOST_FORGOTTEN)
    qtbot.waitUntil(lambda: "no networks of its earlier steps" in ready.message)
    ready.session.dataset.set(replace(small_mnist(), fingerprint="another"))
    assert "has learned from another data set" in ready.message


def test_of_one_class_only_the_page_has_nothing_to_be_afraid_of(
    ready: Images, qtbot: QtBot
) -> None:
    ones = load_dataset().test.labels == 1
    images = LabelledImages(load_dataset().test.images[ones][:50], np.full(50, 1, np.uint8))
    ready.session.dataset.set(Dataset("ones", images, images, images, "ones"))
    qtbot.waitUntil(lambda: len(ready.numbers()) == 50)
    assert {row["label"] for row in ready.numbers()} == {"1"}


def test_with_another_language_the_same_list_is_shown(
    ready: Images, shell: RecordingShell, session: Session, runner: TrainingRunner
) -> None:
    ready.page.choose(ImageList.WRONG_LABELS)
    later: Any = Images(session, shell, runner)
    later.presenter.take_over(ready.presenter)
    assert later.page.kind is ImageList.WRONG_LABELS
