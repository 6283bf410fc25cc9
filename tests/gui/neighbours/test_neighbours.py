from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.gui.common.diverging import diverging_colormap
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.neighbours.page import NeighboursPage
from mnist_gui.gui.neighbours.presenter import NeighboursPresenter
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.gui.views.parts import ViewParts
from tests.engine.inside.test_forward import random_images, random_network
from tests.gui.recording_shell import RecordingShell

NETWORK = random_network("cnn-lean")


def dataset(count: int = 60) -> Dataset:
    images = LabelledImages(random_images(count), (np.arange(count) % 10).astype(np.uint8))
    return Dataset("random", images, images, images, "f1")


class Window:
    """The page with its presenter, in a window that is shown."""

    def __init__(self, qtbot: QtBot, session: Session, shell: RecordingShell) -> None:
        self.session, self.shell, self.qtbot = session, shell, qtbot
        runner, canvas = TrainingRunner(session), DrawingCanvas()
        qtbot.addWidget(canvas)
        nothing: Any = lambda *_: None  # noqa: E731
        parts = ViewParts(session, runner, canvas, shell, nothing, nothing)
        self.page = NeighboursPage()
        self.presenter = NeighboursPresenter(parts, self.page)
        shell.resize(1_000, 700)
        shell.show()
        qtbot.waitExposed(shell)
        shell.pages.bring_to_front(Page.NEIGHBOURS)

    def open(self, network: str = "cnn-lean") -> None:
        """Have a network and a data set, and its eighth training image on the pad."""
        self.session.use_network(random_network(network))
        self.session.dataset.set(dataset())
        self.put(7)
        self.qtbot.waitUntil(lambda: self.is_complete)

    def put(self, index: int) -> None:
        data = self.session.dataset.value
        assert data is not None
        self.session.displayed.set(Displayed(image=data.train.images[index].copy()))

    @property
    def is_complete(self) -> bool:
        return self.page.body.isVisible() and not self.page.strips[1].isHidden()

    @property
    def nearest(self) -> list[int]:
        """The index of the nearest image in each row."""
        return [strip.images[0].index for strip in self.page.strips if strip.images]


@pytest.fixture
def window(qtbot: QtBot, session: Session, shell: RecordingShell) -> Window:
    return Window(qtbot, session, shell)


def test_what_is_missing_is_said(window: Window) -> None:
    assert "No network yet" in window.page.message.text()
    window.session.use_network(NETWORK)
    assert "still being loaded" in window.page.message.text()
    window.session.dataset.set(dataset())
    assert "Draw a digit" in window.page.message.text()
    window.session.displayed.set(Displayed(image=np.zeros((28, 28), np.uint8)))
    assert "Draw a digit" in window.page.message.text()


def test_two_rows_of_nine_follow_the_digit_on_the_pad(window: Window) -> None:
    window.open()
    assert [len(strip.images) for strip in window.page.strips] == [9, 9]
    assert window.nearest == [7, 7]
    assert window.page.strips[0].images[0].lines == ("7", "0.00")
    assert "distance 0.00" in window.page.strips[0].images[0].words
    assert window.page.title.text().endswith("training images like this digit")
    for index in (21, 33):
        window.put(index)
        window.qtbot.waitUntil(lambda index=index: window.nearest == [index, index])  # type: ignore[misc]
    assert window.is_complete


def test_each_row_says_what_most_of_its_images_are(window: Window) -> None:
    window.open()
    for strip, verdict, by in zip(
        window.page.strips, window.page.verdicts, ("pixels", "last hidden layer"), strict=True
    ):
        labels = [int(each.lines[0]) for each in strip.images]
        most = max(range(10), key=labels.count)
        assert verdict.text().endswith(f"{by}: {labels.count(most)} of 9 are a {most}.")


def test_a_network_without_a_hidden_layer_compares_its_scores(window: Window) -> None:
    window.open("softmax")
    assert "as it has no hidden layer" in window.page.verdicts[1].text()


def test_an_image_that_is_walked_to_is_compared_with_the_digit(window: Window) -> None:
    window.open()
    page = window.page
    first = page.strips[1].images[0]
    assert page.near_title.text() == first.words
    strip = page.strips[0]
    strip.setFocus()
    strip.setCurrentIndex(strip.strip.index(0))
    QTest.keyClick(strip, Qt.Key.Key_Right)
    chosen = strip.images[1]
    assert page.near_title.text() == chosen.words
    assert page.near_image.accessibleDescription() == chosen.words
    # It stays the second nearest while one draws.
    window.put(21)
    window.qtbot.waitUntil(lambda: window.nearest == [21, 21])
    assert page.near_title.text() == strip.images[1].words


def test_the_difference_is_blue_where_only_the_digit_has_ink(window: Window) -> None:
    window.open()
    digit, other = (np.zeros((28, 28), np.uint8) for _ in range(2))
    digit[5, 5], other[20, 20], digit[9, 20], other[9, 20] = 255, 255, 99, 99
    image = window.page.difference
    image.show_difference(digit, other)
    picture = image.grab().toImage()
    colours = diverging_colormap(image.palette())

    def at(row: int, column: int) -> str:
        side = (picture.width() - 2) / 28
        return picture.pixelColor(*(round(1 + (e + 0.5) * side) for e in (column, row))).name()

    assert at(5, 5) == colours.positive
    assert at(20, 20) == colours.negative
    assert at(9, 20) == at(14, 14) == colours.ground


def test_the_numbers_are_a_line_for_each_image(window: Window) -> None:
    window.open()
    lines = window.presenter.numbers().decode().splitlines()
    assert lines[:2] == ["nearest_by,index,label,distance", "pixels,7,7,0"]
    assert [line.split(",")[0] for line in lines[1:]] == ["pixels"] * 9 + ["network"] * 9
    assert window.presenter.file_name().endswith("-alike")
