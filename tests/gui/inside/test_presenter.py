from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.events import RunState
from mnist_gui.engine.inside.layers import network_layers
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.inside.times import LayerTimes
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.inside.architecture import ArchitecturePage
from mnist_gui.gui.inside.presenter import ArchitecturePresenter, WeightsPresenter
from mnist_gui.gui.inside.weights import WeightsPage
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session
from mnist_gui.gui.views.page import Wish
from tests.gui.recording_shell import RecordingShell
from tests.gui.scripted import prediction


class Pages:
    """Both pages with their presenter, in a window that is shown."""

    def __init__(self, qtbot: QtBot, session: Session, shell: RecordingShell) -> None:
        self.architecture, self.weights = ArchitecturePage(), WeightsPage()
        self.shell = shell
        self.measured: list[str] = []
        self.presenters = (
            ArchitecturePresenter(session, self.architecture, shell, self.measure),
            WeightsPresenter(session, self.weights, shell),
        )
        self.architecture.layer_chosen.connect(self.presenters[1].open_layer)
        shell.show()
        qtbot.waitExposed(shell)

    def measure(self, architecture: str) -> Iterator[object]:
        """Stand in for what measures: each layer takes as long as all before it."""
        for done in range(3):
            self.measured.append(architecture)
            yield ViewProgress(done, 3)
        seconds = [0.0, *(2.0**place for place in range(len(network_layers(architecture)) - 1))]
        yield LayerTimes(1, tuple(seconds)), LayerTimes(100, tuple(seconds))

    def show_architecture(self, qtbot: QtBot) -> None:
        """Show the page and wait for the network that is current."""
        self.shell.pages.bring_to_front(Page.ARCHITECTURE)
        qtbot.waitUntil(self.architecture.body.isVisible)


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


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Answer the dialog that asks where to save."""

    def set_answer(path: Path) -> None:
        monkeypatch.setattr(dialogs, "ask_to_save", lambda *_args, **_names: str(path))

    return set_answer


def test_without_a_network_the_page_says_how_to_get_one(pages: Pages) -> None:
    pages.shell.pages.bring_to_front(Page.ARCHITECTURE)
    assert pages.architecture.message.text() == "No network yet: train one, or open one."
    assert not pages.architecture.body.isVisible()


def test_the_current_network_is_drawn_with_the_digit_on_the_pad(
    pages: Pages, session: Session, qtbot: QtBot
) -> None:
    session.displayed.set(
        Displayed(image=np.full((28, 28), 200, np.uint8), prediction=prediction(7, 0.9))
    )
    session.use_network(network("softmax-tutorial", 5))
    pages.show_architecture(qtbot)
    assert pages.architecture.title.text() == "Softmax regression (tutorial), after 5 steps"
    boxes = pages.architecture.diagram.boxes
    with_digit = [box.grab().toImage() for box in boxes]
    session.displayed.set(Displayed())
    qtbot.waitUntil(lambda: boxes[1].grab().toImage() != with_digit[1])
    assert boxes[0].grab().toImage() != with_digit[0]
    assert boxes[2].grab().toImage() != with_digit[2]
    session.use_network(network("cnn-tutorial"))
    qtbot.waitUntil(lambda: len(pages.architecture.diagram.boxes) == 11)


def test_with_another_network_nothing_is_said_of_the_old_ones_layers(
    pages: Pages, session: Session, qtbot: QtBot
) -> None:
    session.use_network(network("cnn-best"))
    pages.show_architecture(qtbot)
    pages.architecture.diagram.boxes[1].setFocus()
    assert "32 small patterns" in pages.architecture.sentence.text()
    pages.shell.pages.bring_to_front(Page.CURVES)
    session.use_network(network("cnn-fast"))
    pages.shell.pages.bring_to_front(Page.ARCHITECTURE)
    qtbot.waitUntil(lambda: "CNN, fast" in pages.architecture.title.text())
    assert "32" not in pages.architecture.sentence.text()


def test_a_layer_leads_to_its_weights_or_to_what_it_makes_of_the_digit(
    pages: Pages, session: Session, qtbot: QtBot
) -> None:
    session.use_network(network())
    pages.show_architecture(qtbot)
    boxes = pages.architecture.diagram.boxes
    QTest.keyClick(boxes[2], Qt.Key.Key_Return)
    assert pages.shell.pages.in_front is Page.ACTIVATIONS
    pages.show_architecture(qtbot)
    QTest.keyClick(boxes[1], Qt.Key.Key_Return)
    assert pages.weights.isVisible()
    qtbot.waitUntil(lambda: len(pages.weights.tiles.filters.order) == 32)
    pages.show_architecture(qtbot)
    QTest.keyClick(boxes[8], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(pages.weights.tiles.filters.order) == 1024)
    assert pages.weights.layer_box.currentText() == "Dense layer"


def test_times_are_measured_once_for_each_architecture_while_the_page_is_seen(
    pages: Pages, session: Session, qtbot: QtBot
) -> None:
    session.use_network(network())
    pages.show_architecture(qtbot)
    assert "when TensorFlow is ready" in pages.architecture.time.text()
    session.devices.set(())
    qtbot.waitUntil(lambda: "Most time: Output layer takes 50" in pages.architecture.time.text())
    session.use_network(network(step=2))
    qtbot.waitUntil(lambda: "after 2 steps" in pages.architecture.title.text())
    assert pages.measured == ["cnn"] * 3
    session.use_network(network("softmax-tutorial"))
    qtbot.waitUntil(lambda: "takes 67" in pages.architecture.time.text())
    assert pages.measured == ["cnn"] * 3 + ["softmax"] * 3


def test_while_a_run_trains_no_time_is_measured(
    pages: Pages, session: Session, qtbot: QtBot
) -> None:
    session.run_state.set(RunState.TRAINING)
    session.devices.set(())
    session.use_network(network())
    pages.show_architecture(qtbot)
    assert pages.architecture.time.text() == "The layers' times are measured when no run trains."
    assert not pages.measured
    session.run_state.set(RunState.IDLE)
    qtbot.waitUntil(lambda: "Most time: Output layer" in pages.architecture.time.text())


def test_why_no_time_could_be_measured_is_said(
    session: Session, shell: RecordingShell, qtbot: QtBot
) -> None:
    def fail(_architecture: str) -> Iterator[object]:
        yield ViewProgress(0, 1)
        raise OSError("no TensorFlow")

    page = ArchitecturePage()
    _view = ArchitecturePresenter(session, page, shell, fail)
    session.devices.set(())
    session.use_network(network())
    shell.show()
    shell.pages.bring_to_front(Page.ARCHITECTURE)
    qtbot.waitUntil(lambda: "no TensorFlow" in page.time.text())


def test_the_layers_are_saved_with_their_shares_of_the_time(
    pages: Pages,
    session: Session,
    qtbot: QtBot,
    tmp_path: Path,
    answer: Callable[[Path], None],
) -> None:
    session.use_network(network("softmax-tutorial"))
    session.devices.set(())
    pages.show_architecture(qtbot)
    qtbot.waitUntil(lambda: "Most time" in pages.architecture.time.text())
    answer(tmp_path / "layers.csv")
    pages.architecture.wished.emit(Wish.SAVE_NUMBERS)
    qtbot.waitUntil(lambda: len(pages.shell.saved) == 1)
    assert (tmp_path / "layers.csv").read_text().splitlines() == [
        "number,layer,shape,kernel,parameters,multiplications,time_share_1,time_share_100",
        "0,input,28x28x1,,0,0,0,0",
        "1,flatten,784,,0,0,0.333333333,0.333333333",
        "2,output,10,,7850,7840,0.666666667,0.666666667",
    ]
    picture = pages.architecture.picture()
    assert picture.height() > pages.architecture.diagram.height()


def test_the_newest_weights_are_shown_at_last(pages: Pages, session: Session, qtbot: QtBot) -> None:
    session.use_network(network(step=0))
    pages.shell.pages.bring_to_front(Page.WEIGHTS)
    for step in range(1, 51):
        session.use_network(network(step=step))
    qtbot.waitUntil(lambda: "50.000" in pages.weights.figures.text())
    assert pages.weights.title.text() == "CNN (tutorial), after 50 steps"


def test_another_network_shows_the_same_layer_where_it_has_it(
    pages: Pages, session: Session, qtbot: QtBot
) -> None:
    session.use_network(network(step=3))
    pages.shell.pages.bring_to_front(Page.WEIGHTS)
    qtbot.waitUntil(pages.weights.body.isVisible)
    pages.weights.layer_box.setCurrentIndex(2)
    qtbot.waitUntil(lambda: len(pages.weights.tiles.filters.order) == 1024)
    pages.weights.source_box.setCurrentIndex(5)
    qtbot.waitUntil(lambda: "map 5 of 64" in pages.weights.purpose.text())
    session.use_network(network("softmax-tutorial", step=9))
    qtbot.waitUntil(lambda: len(pages.weights.tiles.filters.order) == 10)
    session.use_network(network("cnn-fast", step=9))
    qtbot.waitUntil(lambda: len(pages.weights.tiles.filters.order) == 64)
    assert "map 5 of 32" in pages.weights.purpose.text()
    pages.weights.layer_box.setCurrentIndex(1)
    qtbot.waitUntil(lambda: len(pages.weights.tiles.filters.order) == 32)
    assert pages.weights.source_box.currentIndex() == 0


def test_pictures_and_numbers_are_copied_and_saved(
    pages: Pages, session: Session, qtbot: QtBot, tmp_path: Path, answer: Callable[[Path], None]
) -> None:
    session.use_network(network(step=2))
    pages.shell.pages.bring_to_front(Page.WEIGHTS)
    qtbot.waitUntil(pages.weights.body.isVisible)
    pages.weights.wished_place = 1
    pages.weights.wished.emit(Wish.COPY_PICTURE)
    assert QGuiApplication.clipboard().image() == pages.weights.picture_of(1)
    assert pages.shell.statuses == ["Copied the picture"]
    answer(tmp_path / "one.png")
    pages.weights.wished.emit(Wish.SAVE_PICTURE)
    qtbot.waitUntil(lambda: len(pages.shell.saved) == 1)
    assert QImage(str(tmp_path / "one.png")) == pages.weights.picture_of(1)
    answer(tmp_path / "one.csv")
    pages.weights.wished.emit(Wish.SAVE_NUMBERS)
    qtbot.waitUntil(lambda: len(pages.shell.saved) == 2)
    assert (tmp_path / "one.csv").read_text() == "2,2,2,2,2\n" * 5


def test_what_cannot_be_written_is_told(
    pages: Pages, session: Session, qtbot: QtBot, tmp_path: Path, answer: Callable[[Path], None]
) -> None:
    session.use_network(network())
    pages.shell.pages.bring_to_front(Page.WEIGHTS)
    qtbot.waitUntil(pages.weights.body.isVisible)
    pages.weights.wished_place = 1
    answer(tmp_path / "nowhere" / "one.csv")
    pages.weights.wished.emit(Wish.SAVE_NUMBERS)
    qtbot.waitUntil(lambda: bool(pages.shell.file_errors))
    assert pages.shell.file_errors[0].startswith("The file ")
