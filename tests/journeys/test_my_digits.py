"""A user's own digits in the real window: drawn, kept with a key, and read by the network."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.model import UserDigit
from mnist_gui.engine.digits.store import FILE_NAME, UserDigitStore
from mnist_gui.engine.drawing import LabelledDrawing
from mnist_gui.engine.synthetic.generate import STYLE_SHARES, draw
from mnist_gui.gui.digits.gallery import DigitGallery
from mnist_gui.gui.digits.save_row import SaveDigitRow
from mnist_gui.gui.pages import Page
from mnist_gui.gui.program import Program
from mnist_gui.gui.results.view import ResultsView
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.screenshot import draw_three
from tests.journeys.test_window import LONG, child, click, draw_a_three, train_softmax


def draw_and_wait(qtbot: QtBot, window: MainWindow) -> None:
    draw_a_three(qtbot, window)
    digit = child(window, QLabel, "digit_label")
    qtbot.waitUntil(lambda: digit.text() == "3", timeout=LONG)


def test_one_key_keeps_what_was_read_another_corrects_it_and_both_are_undone(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    store = UserDigitStore(program.session.data_folder)
    note = child(window, QLabel, "kept_note")
    draw_and_wait(qtbot, window)
    drawn = window.canvas.drawing
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.canvas.drawing)
    (kept,) = store.read().digits
    assert kept.label == 3
    assert kept.read_as is not None
    assert (kept.read_as.digit, kept.read_as.network) == (3, "cnn-best")
    assert note.isVisible()
    assert "3" in note.text()
    window.canvas.document.undo()
    assert window.canvas.drawing == drawn
    qtbot.waitUntil(lambda: store.read().digits == ())
    QTest.keyClick(window.canvas, Qt.Key.Key_8)
    qtbot.waitUntil(lambda: not window.canvas.drawing)
    assert [digit.label for digit in store.read().digits] == [8]


def test_where_nothing_can_be_kept_the_drawing_stays_and_one_sentence_says_why(
    qtbot: QtBot, window: MainWindow, program: Program, tmp_path: Path
) -> None:
    program.session.data_folder.parent.mkdir(parents=True, exist_ok=True)
    program.session.data_folder.write_text("no folder")
    window.canvas.set_drawing(draw_three())
    keep_as_three = child(window, SaveDigitRow, "keep_row").labels[3]
    with qtbot.waitSignal(program.digits.saving_failed):
        keep_as_three.trigger()
    boxes = window.findChildren(QMessageBox, "error_box")
    assert any(FILE_NAME in box.text() for box in boxes)
    for box in boxes:
        box.close()
    assert window.canvas.drawing == draw_three()
    program.session.data_folder.unlink()
    keep_as_three.trigger()
    qtbot.waitUntil(lambda: not window.canvas.drawing)
    assert len(UserDigitStore(program.session.data_folder).read().digits) == 1


def saved(program: Program) -> tuple[UserDigit, ...]:
    digits = program.session.digits.value
    return digits.digits if digits is not None else ()


def keep_pen_digits(program: Program, count: int) -> None:
    styles = list(STYLE_SHARES)[:count]
    drawings = draw(styles, np.random.default_rng(1))
    pairs = zip(drawings, styles, strict=True)
    UserDigitStore(program.session.data_folder).keep_all(
        [LabelledDrawing(each, s.digit) for each, s in pairs]
    )
    program.digits.read()


def test_a_run_is_tried_on_own_digits_and_told_beside_the_test_images(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    keep_pen_digits(program, 12)
    train_softmax(qtbot, window, program)
    own = child(window, QLabel, "own_accuracy_in_results")
    window.pages.bring_to_front(Page.RESULTS)
    qtbot.waitUntil(own.isVisible, timeout=LONG)
    assert own.text().endswith("%")
    results = child(window, ResultsView, "results_page")
    assert "of 12 of your digits" in results.user_figure.words.text()
    window.pages.bring_to_front(Page.MY_DIGITS)
    qtbot.waitUntil(lambda: child(window, QLabel, "own_accuracy").text() == own.text())
    # Of other digits than those that were read, the accuracy is not known yet.
    program.digits.delete(saved(program))
    qtbot.waitUntil(lambda: not saved(program))
    keep_pen_digits(program, 1)
    qtbot.waitUntil(lambda: "of 1 of your digits" in results.user_figure.words.text(), timeout=LONG)


def test_undo_is_that_of_the_digits_while_their_gallery_has_the_focus(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    keep_pen_digits(program, 3)
    window.pages.bring_to_front(Page.MY_DIGITS)
    gallery = child(window, DigitGallery, "digit_gallery")
    qtbot.waitUntil(lambda: len(gallery.digits_shown.digits) == 3)
    window.canvas.set_drawing(draw_three())
    actions = window.actions_offered
    assert actions.undo.text() == "&Undo: Replace the drawing"
    gallery.setFocus()
    assert actions.undo.text() == "&Undo"
    gallery.setCurrentIndex(gallery.digits_shown.index(1))
    QTest.keyClick(gallery, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: actions.undo.text() == "&Undo: Deleted 1 digit")
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(gallery, Qt.Key.Key_Z, control)
    qtbot.waitUntil(lambda: len(saved(program)) == 3)
    QTest.keyClick(gallery, Qt.Key.Key_Y, control)
    qtbot.waitUntil(lambda: len(saved(program)) == 2)
    # The button takes the digits' change back, though it has the focus then.
    click(qtbot, window, "undo_change_button")
    qtbot.waitUntil(lambda: len(saved(program)) == 3)
    assert window.canvas.drawing == draw_three()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Z, control)
    assert not window.canvas.drawing
    assert len(saved(program)) == 3


@pytest.mark.slow
def test_a_hand_is_learnt_kept_and_taken_back(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    keep_pen_digits(program, 12)
    train_softmax(qtbot, window, program)
    base = program.session.network.value
    window.pages.bring_to_front(Page.MY_DIGITS)
    learn = child(window, QPushButton, "learn_hand_button")
    qtbot.waitUntil(learn.isEnabled, timeout=LONG)
    click(qtbot, window, "learn_hand_button")
    keep = child(window, QPushButton, "keep_hand_button")
    qtbot.waitUntil(keep.isVisible, timeout=LONG)
    assert program.session.network.value is base
    click(qtbot, window, "keep_hand_button")
    assert program.session.network.value is not None
    assert program.session.network.value.recipe.name == "softmax-tutorial-personal"
    click(qtbot, window, "hand_back_button")
    assert program.session.network.value is base
