import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import JobThread
from mnist_gui.gui.pages import Page
from mnist_gui.gui.pictures.drop import PictureDrop, PictureSource
from mnist_gui.gui.pictures.page import PicturePage
from mnist_gui.gui.pictures.presenter import PicturePresenter
from mnist_gui.gui.session import Displayed, Session, Source
from tests.engine.pictures.scenes import encoded
from tests.engine.pictures.scenes import page as scan
from tests.gui.recording_shell import RecordingShell
from tests.gui.scripted import prediction

LINE = Drawing((Stroke([(0.5, 0.2), (0.5, 0.8)]),))


class ScriptedClassifier(Classifier):
    """Stands in for the network: takes every digit for the snapshot's step, once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[tuple[int, int]] = []
        """The steps, and of how many digits."""
        self.temperatures: list[float] = []
        self.scores: list[float] = []
        """The digit scores of the next predictions; then 1."""

    def predictions(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> list[Prediction]:
        self.asked.append((snapshot.step, len(images)))
        self.temperatures.append(snapshot.temperature)
        assert self.gate.wait(5)
        score = self.scores.pop(0) if self.scores else 1.0
        return [Prediction(np.eye(10, dtype=np.float32)[snapshot.step], score)] * len(images)


@pytest.fixture
def classifier() -> ScriptedClassifier:
    return ScriptedClassifier()


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path, classifier: ScriptedClassifier) -> Iterator[Session]:
    session = Session(tmp_path / "kept", tmp_path / "runs")
    session.classifier = classifier
    yield session
    classifier.gate.set()
    session.end_threads()
    assert session.threads_have_ended


@pytest.fixture
def shell(qtbot: QtBot) -> RecordingShell:
    shell = RecordingShell()
    qtbot.addWidget(shell)
    shell.show()
    return shell


@pytest.fixture
def page(qtbot: QtBot) -> PicturePage:
    page = PicturePage()
    qtbot.addWidget(page)
    return page


@pytest.fixture
def presenter(session: Session, page: PicturePage, shell: RecordingShell) -> PicturePresenter:
    return PicturePresenter(session, page, shell)


@pytest.fixture
def texts(page: PicturePage) -> list[str]:
    """All digits that are shown to be predicted, in their order."""
    texts: list[str] = []

    def add() -> None:
        # Without digits there is a dash.
        if (text := page.numbers.toPlainText()).isdigit():
            texts.append(text)

    page.numbers.textChanged.connect(add)
    return texts


def snapshot(step: int) -> Snapshot:
    return Snapshot(find_recipe("softmax-tutorial"), step, {})


def reads(page: PicturePage, text: str) -> Callable[[], bool]:
    return lambda: page.numbers.toPlainText() == text


def wait_for(thread: JobThread, qtbot: QtBot) -> None:
    """Wait until what the thread was given so far is done and answered."""
    answers: list[None] = []
    thread.call(lambda: None, then=answers.append)
    qtbot.waitUntil(lambda: bool(answers))


def test_a_picture_is_opened_and_then_predicted(
    presenter: PicturePresenter,
    session: Session,
    page: PicturePage,
    classifier: ScriptedClassifier,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    path = tmp_path / "row.png"
    path.write_bytes(encoded(scan(["701", "10"])))
    classifier.gate.clear()
    session.network.set(snapshot(3))
    presenter.open(str(path))
    assert page.invitation.message.text() == "Reading row.png \u2026"
    qtbot.waitUntil(page.view.isVisible)
    assert page.title.text() == "Reading row.png \u2026"
    classifier.gate.set()
    qtbot.waitUntil(reads(page, "333\n33"))
    assert page.title.text().startswith("row.png \u00b7 ")


def test_without_a_network_the_digits_wait_for_one(
    presenter: PicturePresenter, session: Session, page: PicturePage, qtbot: QtBot
) -> None:
    presenter.use(PictureSource(content=encoded(scan(["70"]))), "copied")
    qtbot.waitUntil(lambda: page.message.text().startswith("No network yet"))
    session.network.set(snapshot(4))
    qtbot.waitUntil(reads(page, "44"))
    assert not page.message.isVisible()


def test_a_newer_network_predicts_the_picture_anew(
    presenter: PicturePresenter,
    session: Session,
    page: PicturePage,
    classifier: ScriptedClassifier,
    qtbot: QtBot,
) -> None:
    session.network.set(snapshot(1))
    presenter.use(PictureSource(content=encoded(scan(["70"]))), "copied")
    qtbot.waitUntil(reads(page, "11"))
    page.view.select(1)
    for step in (2, 3, 4):
        session.network.set(snapshot(step))
    qtbot.waitUntil(reads(page, "44"))
    assert classifier.asked == [(1, 2), (4, 2)]
    # Were it opened anew, its first digit would be selected.
    assert page.view.selected == 1
    shown = session.displayed.value.prediction
    assert isinstance(shown, Prediction)
    assert shown.digit == 4


def test_with_raw_percentages_a_picture_is_read_without_the_temperature(
    presenter: PicturePresenter,
    session: Session,
    page: PicturePage,
    classifier: ScriptedClassifier,
    qtbot: QtBot,
) -> None:
    session.network.set(replace(snapshot(1), temperature=0.5))
    presenter.use(PictureSource(content=encoded(scan(["70"]))), "copied")
    qtbot.waitUntil(reads(page, "11"))
    session.is_calibrated.set(False)
    qtbot.waitUntil(lambda: classifier.temperatures == [0.5, 1])


def test_a_second_picture_overtakes_the_first(
    presenter: PicturePresenter,
    session: Session,
    page: PicturePage,
    classifier: ScriptedClassifier,
    texts: list[str],
    qtbot: QtBot,
) -> None:
    session.network.set(snapshot(5))
    classifier.gate.clear()
    presenter.use(PictureSource(content=encoded(scan(["7011"]))), "first")
    qtbot.waitUntil(lambda: len(classifier.asked) == 1)
    presenter.use(PictureSource(content=encoded(scan(["70"]))), "second")
    wait_for(session.reading_thread, qtbot)
    assert page.title.text() == "Reading second \u2026"
    classifier.gate.set()
    qtbot.waitUntil(reads(page, "55"))
    assert texts == ["55"]


def test_of_two_pictures_at_once_only_the_second_is_shown(
    presenter: PicturePresenter,
    session: Session,
    page: PicturePage,
    classifier: ScriptedClassifier,
    texts: list[str],
    qtbot: QtBot,
) -> None:
    session.network.set(snapshot(5))
    presenter.use(PictureSource(content=encoded(scan(["7011"]))), "first")
    presenter.use(PictureSource(content=encoded(scan(["70"]))), "second")
    qtbot.waitUntil(reads(page, "55"))
    assert texts == ["55"]
    assert classifier.asked == [(5, 2)]
    assert page.title.text().startswith("second")


def test_a_late_answer_for_a_picture_that_was_closed_is_dropped(
    presenter: PicturePresenter,
    session: Session,
    page: PicturePage,
    classifier: ScriptedClassifier,
    texts: list[str],
    qtbot: QtBot,
) -> None:
    session.network.set(snapshot(5))
    classifier.gate.clear()
    presenter.use(PictureSource(content=encoded(scan(["70"]))), "copied")
    qtbot.waitUntil(lambda: len(classifier.asked) == 1)
    page.close_button.click()
    assert page.invitation.isVisible()
    classifier.gate.set()
    wait_for(session.prediction_thread, qtbot)
    assert page.invitation.isVisible()
    presenter.use(PictureSource(content=encoded(scan(["1"]))), "next")
    qtbot.waitUntil(reads(page, "5"))
    assert texts == ["5"]


def test_a_blank_picture_is_shown_and_said_to_be_blank(
    presenter: PicturePresenter,
    session: Session,
    page: PicturePage,
    classifier: ScriptedClassifier,
    qtbot: QtBot,
) -> None:
    session.network.set(snapshot(5))
    presenter.use(PictureSource(content=encoded(scan(["1"], ink=245))), "blank")
    qtbot.waitUntil(page.message.isVisible)
    assert "no digits to be seen" in page.message.text()
    assert page.view.isVisible()
    assert page.title.text() == "blank"
    assert classifier.asked == []


def test_a_picture_that_cannot_be_opened_leaves_the_one_before(
    presenter: PicturePresenter,
    session: Session,
    page: PicturePage,
    shell: RecordingShell,
    qtbot: QtBot,
) -> None:
    session.network.set(snapshot(5))
    presenter.use(PictureSource(content=encoded(scan(["70"]))), "good")
    qtbot.waitUntil(reads(page, "55"))
    presenter.use(PictureSource(content=b"\x89PNG and nothing more"), "bad")
    qtbot.waitUntil(lambda: bool(shell.file_errors))
    assert shell.file_errors[0].startswith("bad is not a picture")
    assert page.title.text().startswith("good")
    session.network.set(snapshot(6))
    qtbot.waitUntil(reads(page, "66"))


@pytest.fixture
def read_page(
    presenter: PicturePresenter, session: Session, page: PicturePage, qtbot: QtBot
) -> PicturePage:
    """The page with a picture of three digits that are predicted, the first one selected."""
    session.drawing.set(LINE)
    session.network.set(snapshot(5))
    presenter.use(PictureSource(content=encoded(scan(["701"]))), "copied")
    qtbot.waitUntil(reads(page, "555"))
    return page


def test_the_selected_digit_is_displayed_while_its_page_is_in_front(
    read_page: PicturePage, session: Session, shell: RecordingShell, qtbot: QtBot
) -> None:
    assert is_displayed(session, read_page)
    qtbot.keyClick(read_page.view, Qt.Key.Key_End)
    assert read_page.view.selected == 2
    assert is_displayed(session, read_page)
    shell.pages.bring_to_front(Page.CURVES)
    assert session.displayed.value.source is Source.DRAWING
    assert session.displayed.value.drawing is LINE
    assert read_page.view.selected == 2
    shell.pages.bring_to_front(Page.PICTURE)
    assert is_displayed(session, read_page)
    read_page.close_button.click()
    assert session.displayed.value.drawing is LINE


def test_a_new_drawing_ends_the_selection(read_page: PicturePage, session: Session) -> None:
    drawing = LINE.with_stroke(Stroke([(0.2, 0.5), (0.8, 0.5)]))
    session.drawing.set(drawing)
    assert read_page.view.selected is None
    assert session.displayed.value.drawing is drawing


@pytest.mark.parametrize("source", [Source.TEST_IMAGE, Source.REPLAY])
def test_anything_else_displayed_ends_the_selection(
    read_page: PicturePage, session: Session, source: Source
) -> None:
    displayed = Displayed(source, LINE, np.zeros((28, 28), np.uint8), prediction(3, 0.9))
    session.displayed.set(displayed)
    assert read_page.view.selected is None
    assert session.displayed.value is displayed


def test_a_picture_can_be_pasted_and_dropped(
    presenter: PicturePresenter,
    session: Session,
    page: PicturePage,
    shell: RecordingShell,
    qtbot: QtBot,
) -> None:
    session.network.set(snapshot(5))
    pixels = QImage()
    assert pixels.loadFromData(encoded(scan(["11"])))
    data = QMimeData()
    data.setImageData(pixels)
    QGuiApplication.clipboard().setMimeData(data)
    paste(shell).trigger()
    assert shell.pages.in_front is Page.PICTURE
    qtbot.waitUntil(reads(page, "55"))
    assert page.title.text().startswith("copied picture")
    QGuiApplication.clipboard().clear()
    paste(shell).trigger()
    assert shell.statuses == ["No picture was copied; copy one first."]
    drop = shell.findChild(PictureDrop)
    assert isinstance(drop, PictureDrop)
    drop.dropped.emit(PictureSource(content=encoded(scan(["111"]))))
    qtbot.waitUntil(reads(page, "555"))
    assert page.title.text().startswith("dropped picture")


def is_displayed(session: Session, page: PicturePage) -> bool:
    """Return whether the digit that is selected on the page is the one displayed."""
    displayed = session.displayed.value
    if displayed.source is not Source.PICTURE or page.selected is None:
        return False
    digit, predicted = page.selected
    return displayed.image is digit.image and displayed.prediction is predicted


def paste(shell: RecordingShell) -> QAction:
    actions = shell.menus.edit_menu.actions()
    return next(action for action in actions if action.text() == "Pas&te picture")


def test_a_picture_that_reads_much_better_turned_is_offered_to_be_turned(
    presenter: PicturePresenter,
    session: Session,
    page: PicturePage,
    classifier: ScriptedClassifier,
    qtbot: QtBot,
) -> None:
    session.network.set(snapshot(5))
    # As it is; after one, two and three quarter turns.
    classifier.scores = [0.0, 0.1, 0.0, 0.9]
    presenter.use(PictureSource(content=encoded(scan(["701"]).rotate(90, expand=True))), "side")
    qtbot.waitUntil(page.turn_button.isVisible)
    assert "when the picture is turned" in page.remark.text()
    page.turn_button.click()
    qtbot.waitUntil(reads(page, "555"))
    assert not page.turn_button.isVisible()
    assert not page.remark.isVisible()


def test_a_picture_that_ends_too_early_is_read_and_said_to(
    presenter: PicturePresenter, session: Session, page: PicturePage, qtbot: QtBot
) -> None:
    session.network.set(snapshot(5))
    content = encoded(scan(["701", "110"]), "JPEG")
    presenter.use(PictureSource(content=content[: int(0.8 * len(content))]), "half.jpg")
    qtbot.waitUntil(lambda: page.numbers.toPlainText().startswith("555"))
    assert page.remark.text().startswith("The picture half.jpg ends too early")
    assert page.remark.isVisible()
