from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.inside.exciting import ExcitingSearch
from mnist_gui.gui.activations.page import ActivationsPage
from mnist_gui.gui.activations.presenter import ActivationsPresenter
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session, Source
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.gui.views.page import Wish
from mnist_gui.gui.views.parts import ViewParts
from tests.engine.inside.test_forward import random_images
from tests.gui.activations.networks import image, network, passage
from tests.gui.recording_shell import RecordingShell


class Shown:
    """The page with its presenter in a window that is shown."""

    def __init__(self, qtbot: QtBot, session: Session, shell: RecordingShell) -> None:
        self.session, self.shell, self.qtbot = session, shell, qtbot
        self.on_pad: list[tuple[int, NDArray[np.uint8]]] = []
        self.page = ActivationsPage()
        self.canvas = DrawingCanvas()
        qtbot.addWidget(self.canvas)
        parts = ViewParts(
            session,
            TrainingRunner(session),
            self.canvas,
            shell,
            lambda index, image: self.on_pad.append((index, image)),
            lambda _step: None,
        )
        self.presenter = ActivationsPresenter(parts, self.page)
        shell.resize(900, 800)
        shell.show()
        shell.pages.bring_to_front(Page.ACTIVATIONS)

    def display(self, pixels: NDArray[np.uint8]) -> None:
        self.session.displayed.set(Displayed(Source.TEST_IMAGE, image=pixels))

    def wait_for(self, pixels: NDArray[np.uint8]) -> None:
        def is_shown() -> bool:
            of = self.page.passage
            return of is not None and np.array_equal(of.image, pixels)

        self.qtbot.waitUntil(is_shown)
        self.qtbot.waitUntil(self.page.body.isVisible)


@pytest.fixture
def shown(qtbot: QtBot, session: Session, shell: RecordingShell) -> Shown:
    return Shown(qtbot, session, shell)


def dataset(images: int = 60) -> Dataset:
    """Return a data set of random images."""
    test = LabelledImages(random_images(images), np.zeros(images, np.uint8))
    return Dataset("random", test, test, test, "")


def test_what_is_missing_is_said(shown: Shown) -> None:
    assert shown.page.message.text() == "No network yet: train one, or open one."
    shown.session.use_network(network("softmax"))
    assert shown.page.message.text().startswith("Draw a digit on the pad")
    shown.display(image())
    shown.wait_for(image())
    assert not shown.page.message.isVisible()
    shown.session.displayed.set(Displayed())
    assert shown.page.message.text().startswith("Draw a digit on the pad")


def test_each_digit_and_each_network_is_shown_as_it_comes(shown: Shown) -> None:
    shown.session.use_network(network("cnn-lean"))
    shown.display(image())
    shown.wait_for(image())
    assert shown.page.title.text() == "CNN, fast, after 1 steps"
    moved = np.roll(image(), 4, axis=0)
    shown.display(moved)
    shown.wait_for(moved)
    shown.session.use_network(network("softmax"))
    shown.qtbot.waitUntil(lambda: len(shown.page.steps.buttons) == 6)
    # Without the temperature there is a layer less.
    shown.session.is_calibrated.set(False)
    shown.qtbot.waitUntil(lambda: len(shown.page.steps.buttons) == 5)


def test_while_the_next_image_is_made_the_last_one_stays(shown: Shown) -> None:
    shown.session.use_network(network("softmax"))
    shown.display(image())
    shown.wait_for(image())
    shown.session.displayed.set(Displayed(Source.PICTURE))
    assert shown.page.body.isVisible()


def test_the_layer_is_saved_as_a_table(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown.session.use_network(network("softmax"))
    shown.display(image())
    shown.wait_for(image())
    asked: list[str] = []

    def answer(*_args: object, name: str) -> str:
        asked.append(name)
        return str(tmp_path / "layer.csv")

    monkeypatch.setattr(dialogs, "ask_to_save", answer)
    shown.page.wished.emit(Wish.SAVE_NUMBERS)
    shown.qtbot.waitUntil(lambda: len(shown.shell.saved) == 1)
    assert asked == [f"{network('softmax').recipe.name}-1-layer-3"]
    lines = (tmp_path / "layer.csv").read_text().splitlines()
    assert lines[0] == "digit,value"
    logits = [float(line.split(",")[1]) for line in lines[1:]]
    assert np.allclose(logits, passage("softmax").outputs[2], rtol=1e-6)


def test_test_images_that_excite_a_map_most_are_found_and_put_on_the_pad(shown: Shown) -> None:
    exciting = shown.page.exciting
    shown.session.use_network(network("cnn-lean"))
    shown.display(image())
    shown.wait_for(image())
    assert not exciting.find_button.isEnabled()
    assert exciting.words.text() == "No data set is loaded yet."
    data = dataset()
    shown.session.dataset.set(data)
    exciting.find_button.click()
    shown.qtbot.waitUntil(lambda: len(exciting.buttons) == 8)
    search = ExcitingSearch(network("cnn-lean"), 1, data.test.images)
    list(search.go_on())
    found = search.found()
    assert found is not None
    number = shown.page.unit[2]
    seen = [button.shown.index for button in exciting.buttons if button.shown is not None]
    assert seen == found.indices[number].tolist()
    exciting.buttons[0].click()
    assert [index for index, _ in shown.on_pad] == [seen[0]]
    # Of another map they are known already.
    shown.page.choose((3, 3, 9))
    seen = [button.shown.index for button in exciting.buttons if button.shown is not None]
    assert seen == found.indices[9].tolist()
    assert exciting.words.text().startswith("Map 10: ")
    # Of another layer they are looked for anew.
    shown.page.go_to(4)
    assert exciting.find_button.isVisible()
    shown.page.go_to(0)
    assert not exciting.isVisible()


def test_another_data_set_has_other_exciting_images(shown: Shown) -> None:
    exciting = shown.page.exciting
    shown.session.use_network(network("softmax"))
    shown.session.dataset.set(dataset())
    shown.display(image())
    shown.wait_for(image())
    exciting.find_button.click()
    shown.qtbot.waitUntil(lambda: len(exciting.buttons) == 8)
    shown.session.dataset.set(dataset(5))
    assert exciting.find_button.isVisible()
    assert exciting.find_button.isEnabled()


def test_a_search_that_is_cancelled_leaves_the_digit_live(shown: Shown) -> None:
    shown.session.use_network(network("cnn"))
    shown.session.dataset.set(dataset(2_000))
    shown.display(image())
    shown.wait_for(image())
    shown.page.exciting.find_button.click()
    cancel = shown.page.exciting.cancel_button
    shown.qtbot.waitUntil(lambda: " of 2,000" in shown.page.exciting.words.text())
    shown.qtbot.waitUntil(cancel.isVisible)
    cancel.click()
    assert not cancel.isVisible()
    assert shown.page.exciting.find_button.isEnabled()
    moved = np.roll(image(), 4, axis=0)
    shown.display(moved)
    shown.wait_for(moved)


def test_a_search_goes_on_while_one_draws_and_after_the_page_was_left(shown: Shown) -> None:
    shown.session.use_network(network("softmax"))
    shown.session.dataset.set(dataset(2_000))
    shown.display(image())
    shown.wait_for(image())
    shown.page.exciting.find_button.click()
    moved = np.roll(image(), 4, axis=0)
    shown.display(moved)
    shown.wait_for(moved)
    shown.shell.pages.bring_to_front(Page.RUNS)
    shown.shell.pages.bring_to_front(Page.ACTIVATIONS)
    shown.qtbot.waitUntil(lambda: len(shown.page.exciting.buttons) == 8)


def test_found_images_go_into_two_rows_where_it_is_narrow(shown: Shown) -> None:
    shown.session.use_network(network("softmax"))
    shown.session.dataset.set(dataset())
    shown.display(image())
    shown.wait_for(image())
    exciting = shown.page.exciting
    exciting.find_button.click()
    shown.qtbot.waitUntil(lambda: len(exciting.buttons) == 8)
    first, *_, last = exciting.buttons
    shown.qtbot.waitUntil(lambda: first.y() == last.y())
    exciting.setFixedWidth(400)
    shown.qtbot.waitUntil(lambda: first.y() < last.y())
