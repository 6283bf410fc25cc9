from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFileDialog, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.model import (
    DigitsChange,
    Imported,
    LineError,
    SavedPrediction,
    UserDigit,
    UserDigitPredictions,
    UserDigits,
)
from mnist_gui.engine.errors import DrawingError
from mnist_gui.gui.digits.gallery import DigitDelegate
from mnist_gui.gui.digits.page import MyDigitsPage
from mnist_gui.gui.digits.text import change_text, digit_details, import_report, import_text
from tests.gui.own_digits import kept, reading
from tests.gui.save_answers import answer_save_dialogs

LABELS = [7, 1, 7, 3]
READ_AS = [7, 7, 1, 3]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot: QtBot) -> MyDigitsPage:
    page = MyDigitsPage()
    qtbot.addWidget(page)
    page.resize(500, 600)
    page.show()
    qtbot.waitExposed(page)
    return page


@pytest.fixture
def filled(page: MyDigitsPage) -> MyDigitsPage:
    page.show_digits(UserDigits(kept(LABELS)))
    page.show_predictions(reading(READ_AS))
    return page


def shown(page: MyDigitsPage) -> str:
    return "".join(digit.digit_id for digit in page.gallery.digits_shown.digits)


def select(page: MyDigitsPage, *rows: int) -> None:
    gallery = page.gallery
    gallery.setFocus()
    gallery.setCurrentIndex(gallery.model().index(rows[0], 0))
    for row in rows:
        flag = gallery.selectionModel().SelectionFlag.Select
        gallery.selectionModel().select(gallery.model().index(row, 0), flag)


def cell(page: MyDigitsPage, row: int) -> QPoint:
    return page.gallery.visualRect(page.gallery.model().index(row, 0)).center()


def test_a_first_time_user_is_told_the_idea_and_the_keys(page: MyDigitsPage) -> None:
    assert page.first_import_button.isVisible()
    assert not page.gallery.isVisible()


def test_accuracy_interval_and_network_are_told(filled: MyDigitsPage) -> None:
    assert filled.figure.accuracy.text() == "50.0\u00a0%"
    assert filled.figure.words.text() == "2 of 4 of your digits; 95 % interval 15.0 to 85.0 %"
    assert filled.figure.title.text() == "CNN, best, after 4,900 steps"


def test_of_digits_that_were_learnt_from_no_interval_is_claimed(filled: MyDigitsPage) -> None:
    known = reading(READ_AS)
    filled.show_predictions(UserDigitPredictions("cnn-best-personal", 50, known.probabilities))
    assert filled.figure.words.text() == "2 of 4 of your digits; it may have learnt from them"


def test_each_item_can_be_heard_and_its_history_read(filled: MyDigitsPage) -> None:
    model = filled.gallery.model()
    heard = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(4)]
    assert heard == ["3, read as 3", "7, read as 1", "1, read as 7", "7, read as 7"]
    digit = UserDigit("0", kept([7])[0].drawing, 7, read_as=SavedPrediction(1, 0.75, "cnn-fast"))
    details = digit_details(digit, reading([7]))
    assert (
        details == "7, read as 7 (90.0\u00a0%)\nWhen it was drawn, CNN, fast read 1 (75.0\u00a0%)"
    )


def test_before_a_network_has_read_them_nothing_is_right_or_wrong(page: MyDigitsPage) -> None:
    page.show_digits(UserDigits(kept(LABELS)))
    assert page.figure.accuracy.text() == "\u2013"
    index = page.gallery.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "3, not read yet"
    page.show_progress(2, 4)
    assert "2 of 4" in page.figure.words.text()


def test_buttons_count_the_digits_of_each_label_and_filter(filled: MyDigitsPage) -> None:
    assert filled.filters.buttons[7].text() == "7\n2"
    QTest.mouseClick(filled.filters.buttons[7], Qt.MouseButton.LeftButton)
    assert shown(filled) == "20"
    filled.filters.outcome.setCurrentIndex(1)
    assert shown(filled) == "2"
    QTest.mouseClick(filled.filters.buttons[3], Qt.MouseButton.LeftButton)
    assert shown(filled) == ""
    assert filled.nothing.isVisible()
    assert filled.nothing.text() == "None of them is read wrong."
    filled.filters.outcome.setCurrentIndex(0)
    QTest.mouseClick(filled.filters.buttons[5], Qt.MouseButton.LeftButton)
    assert filled.nothing.text() == "You have kept no 5 yet."


def test_a_new_reading_moves_digits_between_right_and_wrong(filled: MyDigitsPage) -> None:
    filled.filters.outcome.setCurrentIndex(1)
    assert shown(filled) == "21"
    filled.show_predictions(reading([7, 1, 1, 3]))
    assert shown(filled) == "2"


def test_the_selection_outlasts_new_digits_and_readings(filled: MyDigitsPage) -> None:
    select(filled, 1, 2)
    filled.show_digits(UserDigits(kept([*LABELS, 5])))
    filled.show_predictions(reading([*READ_AS, 5]))
    assert [digit.digit_id for digit in filled.gallery.selected] == ["2", "1"]


def test_keys_delete_relabel_and_open(filled: MyDigitsPage) -> None:
    asked: list[object] = []
    gallery = filled.gallery
    gallery.delete_requested.connect(lambda digits: asked.append(("delete", len(digits))))
    gallery.relabel_requested.connect(lambda digits, to: asked.append((len(digits), to)))
    gallery.open_requested.connect(lambda digit: asked.append(digit.digit_id))
    select(filled, 1, 2)
    QTest.keyClick(gallery, Qt.Key.Key_4)
    QTest.keyClick(gallery, Qt.Key.Key_Delete)
    QTest.keyClick(gallery, Qt.Key.Key_Return)
    QTest.keyClick(gallery, Qt.Key.Key_A, CONTROL)
    QTest.keyClick(gallery, Qt.Key.Key_Delete)
    assert asked == [(2, 4), ("delete", 2), "2", ("delete", 4)]


def test_mouse_and_menu_open_select_and_delete(filled: MyDigitsPage, qtbot: QtBot) -> None:
    viewport, left = filled.gallery.viewport(), Qt.MouseButton.LeftButton
    with qtbot.waitSignal(filled.gallery.open_requested) as opened:
        QTest.mouseClick(viewport, left, pos=cell(filled, 2))
        QTest.mouseDClick(viewport, left, pos=cell(filled, 2))
    assert opened.args[0].digit_id == "1"
    QTest.mouseClick(viewport, left, CONTROL, cell(filled, 0))
    assert filled.bar.note.text() == "2 digits selected"
    menu = filled.gallery.context_menu()
    delete = next(action for action in menu.actions() if action.text() == "&Delete")
    with qtbot.waitSignal(filled.gallery.delete_requested) as deleted:
        delete.trigger()
    assert len(deleted.args[0]) == 2
    with qtbot.waitSignal(filled.gallery.relabel_requested) as relabelled:
        filled.gallery.relabel_menu.actions()[9].trigger()
    assert relabelled.args[1] == 9


def test_a_change_is_told_with_a_button_that_undoes_it(filled: MyDigitsPage) -> None:
    filled.show_change(DigitsChange(before=kept([7, 1, 7])))
    assert filled.bar.note.text() == "Deleted 3 digits"
    assert filled.bar.undo_button.isVisible()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ([7], [], "Deleted 1 digit"),
        ([], [7, 1], "Brought back 2 digits"),
        ([7, 1], [4, 4], "Labelled 2 digits as 4"),
        ([4, 4], [7, 1], "Labelled 2 digits as before"),
    ],
)
def test_changes_in_words(before: list[int], after: list[int], words: str) -> None:
    assert change_text(DigitsChange(kept(before), kept(after))) == words


def test_an_import_in_words() -> None:
    faults = tuple(LineError(line, DrawingError("drawing-no-strokes")) for line in range(1, 8))
    imported = Imported(Path("a.jsonl"), kept([7]), 2, 1, faults)
    assert import_text(imported) == (
        "Imported 1 digit; 2 skipped, already kept; 1 without a label; 7 lines cannot be used"
    )
    report = import_report(imported)
    assert "Line 5: The drawing has no strokes.\n2 more" in report
    assert "Line 6" not in report


def test_that_the_digits_cannot_be_read_is_said_until_they_are(filled: MyDigitsPage) -> None:
    filled.banner.show_text("Your digits cannot be read.")
    assert filled.banner.text.text() == "Your digits cannot be read."
    assert filled.banner.isVisible()
    filled.show_digits(UserDigits(kept(LABELS)))
    assert not filled.banner.isVisible()


def test_files_are_asked_for(
    filled: MyDigitsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("in.jsonl", ""))
    answer_save_dialogs(monkeypatch, str(tmp_path / "out"))
    with qtbot.waitSignal(filled.import_requested) as imported:
        QTest.mouseClick(filled.import_button, Qt.MouseButton.LeftButton)
    assert imported.args == ["in.jsonl"]
    filled.filters.outcome.setCurrentIndex(2)
    with qtbot.waitSignal(filled.export_requested) as exported:
        QTest.mouseClick(filled.export_button, Qt.MouseButton.LeftButton)
    assert exported.args[0] == str(tmp_path / "out.jsonl")
    assert len(exported.args[1]) == 2


def test_images_are_painted_once_they_are_made(filled: MyDigitsPage) -> None:
    place = cell(filled, 0) - QPoint(0, 12)

    def colour() -> QColor:
        return filled.gallery.viewport().grab().toImage().pixelColor(place)

    assert colour().lightness() < 20
    filled.gallery.digits_shown.add_images({"3": np.full((28, 28), 200, np.uint8)})
    assert colour() == QColor(200, 200, 200)


class RowsPainted(DigitDelegate):
    """Paints as ever, and notes the row of each cell."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[int] = []

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        self.rows.append(index.row())
        super().paint(painter, option, index)


def test_of_five_thousand_digits_those_in_view_are_painted_and_all_stay_selected(
    page: MyDigitsPage,
) -> None:
    labels = [place % 10 for place in range(5_000)]
    page.show_digits(UserDigits(kept(labels)))
    page.gallery.selectAll()
    painted = RowsPainted(page.gallery)
    page.gallery.setItemDelegate(painted)
    page.show_digits(UserDigits(kept([*labels, 3])))
    page.show_predictions(reading([3] * 5_001))
    page.gallery.viewport().grab()
    assert 10 < len(set(painted.rows)) < 100
    assert len(page.gallery.digits_shown.digits) == 5_001
    assert len(page.gallery.selected) == 5_000
    # A range for each digit would take seconds; the newest, first in the gallery, is not one.
    assert len(page.gallery.selectionModel().selection().toList()) == 1


def test_what_is_not_seen_waits_until_it_is(filled: MyDigitsPage) -> None:
    filled.hide()
    filled.show_digits(UserDigits(kept([5])))
    assert shown(filled) == "3210"
    filled.show()
    assert shown(filled) == "0"


def test_every_control_has_a_name_and_a_tooltip(page: MyDigitsPage) -> None:
    controls = [w for kind in (QAbstractButton, QComboBox) for w in page.findChildren(kind)]
    assert len(controls) > 18
    for control in controls:
        assert control.accessibleName(), control
        assert control.toolTip(), control
