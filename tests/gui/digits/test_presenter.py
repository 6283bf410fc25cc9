import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.model import UserDigit, UserDigits
from mnist_gui.engine.digits.store import FILE_NAME, UserDigitClassifier, UserDigitStore
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.digits.collection import DigitCollection
from mnist_gui.gui.digits.page import MyDigitsPage
from mnist_gui.gui.digits.predictions import UserDigitImages, UserDigitPredictor
from mnist_gui.gui.digits.presenter import MyDigitsPresenter
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session
from tests.engine.conftest import softmax_snapshot
from tests.gui.own_digits import kept, reading
from tests.gui.recording_shell import RecordingShell

SEVEN = Drawing((Stroke([[0.2, 0.2], [0.8, 0.2], [0.4, 0.9]]),))
ONE = {"strokes": [[[0.5, 0.2], [0.5, 0.8]]], "label": 1}
TWO = {"strokes": [[[0.2, 0.2], [0.8, 0.2], [0.2, 0.8], [0.8, 0.8]]], "label": 2}
ACTIVE, INACTIVE = (
    Qt.ApplicationState.ApplicationActive,
    Qt.ApplicationState.ApplicationInactive,
)
WaitForLabels = Callable[..., None]


@pytest.fixture
def collection(session: Session) -> DigitCollection:
    return DigitCollection(session)


@pytest.fixture
def page(qtbot: QtBot) -> MyDigitsPage:
    page = MyDigitsPage()
    qtbot.addWidget(page)
    return page


@pytest.fixture
def canvas(qtbot: QtBot) -> DrawingCanvas:
    canvas = DrawingCanvas()
    qtbot.addWidget(canvas)
    return canvas


@pytest.fixture
def presenter(
    session: Session,
    collection: DigitCollection,
    page: MyDigitsPage,
    canvas: DrawingCanvas,
    shell: RecordingShell,
) -> MyDigitsPresenter:
    return MyDigitsPresenter(session, collection, page, canvas, shell)


@pytest.fixture
def seen(presenter: MyDigitsPresenter, shell: RecordingShell, qtbot: QtBot) -> MyDigitsPresenter:
    """The presenter of a page that is in front, and has read that nothing is saved yet."""
    shell.pages.bring_to_front(Page.MY_DIGITS)
    with qtbot.waitActive(shell):
        shell.show()
    return presenter


@pytest.fixture
def wait_for_labels(session: Session, page: MyDigitsPage, qtbot: QtBot) -> WaitForLabels:
    """Wait until the page shows digits of these labels, the newest first."""

    def wait(*labels: int) -> None:
        gallery = page.gallery.digits_shown
        qtbot.waitUntil(lambda: [digit.label for digit in gallery.digits] == [*labels])

    return wait


def save_digits(session: Session, *labels: int) -> list[UserDigit]:
    """Save digits, as another window does."""
    store = UserDigitStore(session.data_folder)
    return [store.keep(SEVEN, label) for label in labels]


def wait_for_files(session: Session, qtbot: QtBot) -> None:
    """Wait until the thread for files has done and answered what it was asked so far."""
    answered: list[None] = []
    session.file_thread.call(lambda: None, then=answered.append)
    qtbot.waitUntil(lambda: bool(answered))


def import_lines(page: MyDigitsPage, path: Path, *lines: str) -> None:
    """Import a file of these lines."""
    path.write_text("\n".join(lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialogs, "ask_digits_to_import", lambda _parent: str(path))
        page.import_button.click()


def predict(
    presenter: MyDigitsPresenter, session: Session, network: Snapshot
) -> UserDigitPredictor:
    """Have the digits read by a network, and the page told of it."""
    images = UserDigitImages(session)
    predictor = UserDigitPredictor(session, images, UserDigitClassifier(session.classifier))
    for each in (images, predictor):
        # So they live as long as it does.
        each.setParent(presenter)
    presenter.show_predictor(images, predictor)
    session.use_network(network)
    return predictor


def test_the_digits_that_are_saved_are_read_when_their_page_comes_to_the_front(
    presenter: MyDigitsPresenter,
    session: Session,
    shell: RecordingShell,
    wait_for_labels: WaitForLabels,
    qtbot: QtBot,
) -> None:
    with qtbot.waitActive(shell):
        shell.show()
    # What was read because the program came to the front is read before any are saved.
    wait_for_files(session, qtbot)
    save_digits(session, 3, 5)
    shell.pages.bring_to_front(Page.MY_DIGITS)
    wait_for_labels(5, 3)


def test_the_digits_are_read_again_when_the_user_comes_back_to_the_program(
    presenter: MyDigitsPresenter, session: Session, qtbot: QtBot
) -> None:
    save_digits(session, 3)
    told: list[UserDigits] = []
    session.digits.changed.connect(told.append)
    program = QGuiApplication.instance()
    assert isinstance(program, QGuiApplication)
    program.applicationStateChanged.emit(INACTIVE)
    wait_for_files(session, qtbot)
    assert not told
    program.applicationStateChanged.emit(ACTIVE)
    wait_for_files(session, qtbot)
    assert [[digit.label for digit in digits.digits] for digits in told] == [[3]]


def test_a_digit_that_is_opened_is_put_on_the_canvas_to_draw_on(
    seen: MyDigitsPresenter, session: Session, page: MyDigitsPage, canvas: DrawingCanvas
) -> None:
    (digit,) = kept([7])
    session.digits.set(UserDigits((digit,)))
    page.gallery.open_current()
    assert canvas.drawing == digit.drawing
    assert canvas.focusWidget() is canvas


def test_digits_are_relabelled_and_deleted_and_the_last_change_is_undone(
    seen: MyDigitsPresenter,
    session: Session,
    collection: DigitCollection,
    page: MyDigitsPage,
    wait_for_labels: WaitForLabels,
) -> None:
    save_digits(session, 3, 5)
    collection.read()
    wait_for_labels(5, 3)
    gallery, digits = page.gallery, page.gallery.digits_shown.digits
    gallery.relabel_requested.emit((digits[0],), 8)
    wait_for_labels(8, 3)
    gallery.delete_requested.emit((digits[1],))
    wait_for_labels(8)
    page.bar.undo_button.click()
    wait_for_labels(8, 3)


def test_the_windows_undo_is_the_digits_while_their_gallery_has_the_focus(
    seen: MyDigitsPresenter,
    session: Session,
    collection: DigitCollection,
    page: MyDigitsPage,
    canvas: DrawingCanvas,
    shell: RecordingShell,
) -> None:
    group = shell.actions_offered.undo_group
    group.addStack(canvas.document)
    session.digits.set(UserDigits(kept([7])))
    page.gallery.setFocus()
    assert group.activeStack() is collection
    page.gallery.clearFocus()
    assert group.activeStack() is canvas.document


def test_a_change_is_told_with_a_way_to_take_it_back(
    seen: MyDigitsPresenter,
    session: Session,
    collection: DigitCollection,
    page: MyDigitsPage,
    qtbot: QtBot,
) -> None:
    collection.delete(tuple(save_digits(session, 3)))
    qtbot.waitUntil(lambda: page.bar.note.text() == "Deleted 1 digit")
    assert not page.bar.undo_button.isHidden()


def test_imported_digits_are_all_shown_whatever_was_shown_before(
    seen: MyDigitsPresenter,
    session: Session,
    page: MyDigitsPage,
    shell: RecordingShell,
    wait_for_labels: WaitForLabels,
    tmp_path: Path,
) -> None:
    page.filters.buttons[9].click()
    import_lines(page, tmp_path / "in.jsonl", json.dumps(ONE), json.dumps(TWO))
    wait_for_labels(2, 1)
    assert page.bar.note.text() == "Imported 2 digits"
    assert not page.bar.undo_button.isHidden()
    assert shell.statuses == ["Imported 2 digits"]
    assert shell.findChild(QMessageBox) is None


def test_an_import_that_brought_nothing_new_has_nothing_to_take_back(
    seen: MyDigitsPresenter,
    session: Session,
    collection: DigitCollection,
    page: MyDigitsPage,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    for _ in range(2):
        import_lines(page, tmp_path / "in.jsonl", json.dumps(ONE))
        wait_for_files(session, qtbot)
    assert page.bar.note.text() == "Imported 0 digits; 1 skipped, already kept"
    assert page.bar.undo_button.isHidden()
    assert collection.count() == 1


def test_lines_that_cannot_be_imported_are_listed(
    seen: MyDigitsPresenter,
    page: MyDigitsPage,
    shell: RecordingShell,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    import_lines(page, tmp_path / "in.jsonl", json.dumps(ONE), "nonsense")
    qtbot.waitUntil(lambda: shell.findChild(QMessageBox, "error_box") is not None)
    box = shell.findChild(QMessageBox, "error_box")
    assert isinstance(box, QMessageBox)
    assert "Line 2" in box.text()
    box.close()


def test_what_was_exported_is_counted_and_its_file_named(
    seen: MyDigitsPresenter,
    session: Session,
    page: MyDigitsPage,
    shell: RecordingShell,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    path = str(tmp_path / "out.jsonl")
    page.export_requested.emit(path, kept([7, 1]))
    qtbot.waitUntil(lambda: bool(shell.written))
    assert shell.written == [(f"Exported 2 digits to {path}", str(path))]
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 2


def test_a_change_that_fails_is_told(
    presenter: MyDigitsPresenter,
    collection: DigitCollection,
    shell: RecordingShell,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    collection.import_file(str(tmp_path / "none.jsonl"))
    qtbot.waitUntil(lambda: bool(shell.errors))
    ((title, sentence),) = shell.errors
    assert title == "Your digits were not changed"
    assert str(tmp_path / "none.jsonl") in sentence


def test_digits_that_cannot_be_read_are_told_on_their_page(
    presenter: MyDigitsPresenter,
    session: Session,
    collection: DigitCollection,
    page: MyDigitsPage,
    shell: RecordingShell,
    qtbot: QtBot,
) -> None:
    (session.data_folder / FILE_NAME).mkdir(parents=True)
    collection.read()
    qtbot.waitUntil(lambda: FILE_NAME in page.banner.text.text())
    assert not shell.errors


def test_the_accuracy_on_the_digits_is_shown_with_the_network_that_read_them(
    seen: MyDigitsPresenter, session: Session, page: MyDigitsPage
) -> None:
    session.digits.set(UserDigits(kept([7, 1])))
    session.digit_predictions.set((softmax_snapshot(), reading([7, 7])))
    assert page.figure.accuracy.text() == "50.0\u00a0%"
    assert page.figure.title.text() == "CNN, best, after 4,900 steps"


def test_images_are_shown_as_they_are_made_and_how_far_the_network_has_read(
    seen: MyDigitsPresenter, session: Session, page: MyDigitsPage, qtbot: QtBot
) -> None:
    session.digits.set(UserDigits(kept([7] * 40)))
    told: list[str] = []
    predictor = predict(seen, session, softmax_snapshot())
    predictor.progress_changed.connect(lambda *_: told.append(page.figure.words.text()))
    with qtbot.waitSignal(session.digit_predictions.changed):
        pass
    assert told == ["Read 32 of 40 \u2026"]
    assert all(page.gallery.digits_shown.image(row) is not None for row in range(40))


def test_a_network_that_cannot_read_the_digits_is_told_on_their_page(
    seen: MyDigitsPresenter, session: Session, page: MyDigitsPage, qtbot: QtBot
) -> None:
    session.digits.set(UserDigits(kept([7])))
    predict(seen, session, Snapshot(RECIPES["softmax-tutorial"], 7, {}))
    qtbot.waitUntil(page.banner.isVisible)
    assert "KeyError" in page.banner.text.text()
