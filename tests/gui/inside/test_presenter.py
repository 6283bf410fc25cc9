from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.inside.architecture import ArchitecturePage
from mnist_gui.gui.inside.presenter import InsidePresenter
from mnist_gui.gui.inside.weights import WeightsPage, Wish
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session
from tests.gui.recording_shell import RecordingShell
from tests.gui.scripted import prediction


class Pages:
    """Both pages with their presenter, in a window that is shown."""

    def __init__(self, qtbot: QtBot, session: Session, shell: RecordingShell) -> None:
        self.architecture, self.weights = ArchitecturePage(), WeightsPage()
        self.shell = shell
        self.presenter = InsidePresenter(session, self.architecture, self.weights, shell)
        shell.show()
        qtbot.waitExposed(shell)


@pytest.fixture
def pages(qtbot: QtBot, session: Session, shell: RecordingShell) -> Pages:
    return Pages(qtbot, session, shell)


def network(recipe: str = "cnn-tutorial", step: int = 0) -> Snapshot:
    """Return a network of which all weights are its step."""
    chosen = RECIPES[recipe]
    shapes = chosen.architecture.weight_shapes
    return Snapshot(
        chosen, step, {name: np.full(shape, step, np.float32) for name, shape in shapes.items()}
    )


def test_the_current_network_is_drawn_with_the_digit_on_the_pad(
    pages: Pages, session: Session
) -> None:
    session.displayed.set(
        Displayed(image=np.full((28, 28), 200, np.uint8), prediction=prediction(7, 0.9))
    )
    session.use_network(network("softmax-tutorial", 5))
    pages.shell.pages.bring_to_front(Page.ARCHITECTURE)
    assert pages.architecture.title.text() == "Softmax regression (tutorial), after 5 steps"
    first, _, last = pages.architecture.diagram.boxes
    with_digit = first.grab().toImage(), last.grab().toImage()
    session.displayed.set(Displayed())
    assert first.grab().toImage() != with_digit[0]
    assert last.grab().toImage() != with_digit[1]
    session.use_network(network("cnn-tutorial"))
    assert len(pages.architecture.diagram.boxes) == 11


def test_with_another_network_nothing_is_said_of_the_old_ones_layers(
    pages: Pages, session: Session
) -> None:
    session.use_network(network("cnn-best"))
    pages.shell.pages.bring_to_front(Page.ARCHITECTURE)
    pages.architecture.diagram.boxes[1].setFocus()
    assert "32 small patterns" in pages.architecture.sentence.text()
    pages.shell.pages.bring_to_front(Page.CURVES)
    session.use_network(network("cnn-fast"))
    pages.shell.pages.bring_to_front(Page.ARCHITECTURE)
    assert "32" not in pages.architecture.sentence.text()


def test_a_layer_with_weights_as_pictures_leads_to_them(pages: Pages, session: Session) -> None:
    session.use_network(network())
    pages.shell.pages.bring_to_front(Page.ARCHITECTURE)
    boxes = pages.architecture.diagram.boxes
    QTest.keyClick(boxes[2], Qt.Key.Key_Return)
    assert pages.architecture.isVisible()
    QTest.keyClick(boxes[1], Qt.Key.Key_Return)
    assert pages.weights.isVisible()
    assert len(pages.weights.tiles.filters.order) == 32


def test_weights_are_redrawn_ten_times_a_second_at_most_and_the_newest_at_last(
    pages: Pages, session: Session, qtbot: QtBot
) -> None:
    session.use_network(network(step=0))
    shown: list[str] = []
    show_layer = pages.weights.tiles.filters.dataChanged
    show_layer.connect(lambda: shown.append(pages.weights.figures.text()))
    pages.shell.pages.bring_to_front(Page.WEIGHTS)
    for step in range(1, 51):
        session.use_network(network(step=step))
    assert not shown
    qtbot.waitUntil(lambda: "50.000" in pages.weights.figures.text())
    assert len(shown) == 1


def test_weights_that_nobody_sees_are_not_drawn(
    pages: Pages, session: Session, qtbot: QtBot
) -> None:
    session.use_network(network(step=3))
    assert pages.weights.title.text() == "No network yet: train one, or open one."
    pages.shell.pages.bring_to_front(Page.WEIGHTS)
    assert pages.weights.title.text() == "CNN (tutorial), after 3 steps"
    pages.shell.pages.bring_to_front(Page.CURVES)
    session.use_network(network(step=4))
    session.use_network(network("cnn-fast", step=9))
    pages.shell.pages.bring_to_front(Page.WEIGHTS)
    qtbot.waitUntil(lambda: pages.weights.title.text() == "CNN, fast, after 9 steps")
    assert len(pages.weights.tiles.filters.order) == 16


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Answer the dialog that asks where to save."""

    def set_answer(path: Path) -> None:
        monkeypatch.setattr(dialogs, "ask_to_save", lambda *_args, **_names: str(path))

    return set_answer


def test_pictures_and_numbers_are_copied_and_saved(
    pages: Pages, session: Session, qtbot: QtBot, tmp_path: Path, answer: Callable[[Path], None]
) -> None:
    session.use_network(network(step=2))
    pages.shell.pages.bring_to_front(Page.WEIGHTS)
    pages.weights.wished.emit(Wish.COPY_PICTURE, 1)
    assert QGuiApplication.clipboard().image() == pages.weights.picture(1)
    assert pages.shell.statuses == ["Copied the picture"]
    answer(tmp_path / "one.png")
    pages.weights.wished.emit(Wish.SAVE_PICTURE, 1)
    qtbot.waitUntil(lambda: len(pages.shell.saved) == 1)
    assert QImage(str(tmp_path / "one.png")) == pages.weights.picture(1)
    answer(tmp_path / "one.csv")
    pages.weights.wished.emit(Wish.SAVE_NUMBERS, 1)
    qtbot.waitUntil(lambda: len(pages.shell.saved) == 2)
    assert (tmp_path / "one.csv").read_text() == "2,2,2,2,2\n" * 5


def test_what_cannot_be_written_is_told(
    pages: Pages, session: Session, qtbot: QtBot, tmp_path: Path, answer: Callable[[Path], None]
) -> None:
    session.use_network(network())
    pages.shell.pages.bring_to_front(Page.WEIGHTS)
    answer(tmp_path / "nowhere" / "one.csv")
    pages.weights.wished.emit(Wish.SAVE_NUMBERS, 1)
    qtbot.waitUntil(lambda: bool(pages.shell.file_errors))
    assert pages.shell.file_errors[0].startswith("The file ")
