"""The helpers that name widgets and lay them out."""

import pytest
from PySide6.QtCore import QEvent, QMargins, QObject, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mnist_gui.gui.common.labels import paragraph
from mnist_gui.gui.common.qt import Pane, column, named, paint_once_settled, row, widget_with


def test_a_named_widget_has_its_name_its_accessible_name_and_its_tip(qapp: QApplication) -> None:
    field = named(QLineEdit("7"), "digit", "Digit", "What it is")
    assert field.objectName() == "digit"
    assert field.accessibleName() == "Digit"
    assert field.toolTip() == "What it is"


def test_a_label_is_heard_by_its_text_and_then_what_that_is(qapp: QApplication) -> None:
    label = named(QLabel("7"), "digit", "Digit", "What it is")
    heard = QAccessible.queryAccessibleInterface(label)
    assert heard.text(QAccessible.Text.Name) == "7"
    assert heard.text(QAccessible.Text.Description) == "Digit"


def test_a_long_tip_is_heard_without_the_marks_that_break_its_lines(qapp: QApplication) -> None:
    tip = "A sentence < which is so long that it would not fit on one line of a tooltip on screen."
    button = named(QPushButton("Open"), "open", tip=tip)
    assert button.toolTip().startswith("<p>")
    heard = QAccessible.queryAccessibleInterface(button)
    assert heard.text(QAccessible.Text.Description) == tip


def test_a_button_is_called_by_its_text_unless_told_otherwise(qapp: QApplication) -> None:
    assert named(QPushButton("Open"), "open").accessibleName() == "Open"
    assert named(QPushButton("Open"), "open", "Open a file").accessibleName() == "Open a file"
    assert named(QLabel("Open"), "open").accessibleName() == ""


def test_a_row_fills_its_parent_from_left_to_right(qapp: QApplication) -> None:
    parent, first, second = QWidget(), QLabel("first"), QLabel("second")
    layout = row((first, 2), 1, (second, Qt.AlignmentFlag.AlignTop), parent=parent, spacing=5)
    parent.resize(300, 100)
    layout.activate()
    assert parent.layout() is layout
    assert layout.contentsMargins() == QMargins(0, 0, 0, 0)
    assert layout.spacing() == 5
    assert [layout.stretch(place) for place in range(3)] == [2, 1, 0]
    assert first.x() == 0
    assert first.height() == 100
    assert second.geometry().right() == 299
    assert second.geometry().top() == 0
    assert second.height() < 100


def test_a_column_holds_layouts_and_keeps_the_usual_spacing(qapp: QApplication) -> None:
    first, second, below = QLabel("first"), QLabel("second"), QLabel("below")
    layout = column((row(first, second), 1), below, margins=(1, 2, 3, 4))
    widget = widget_with(layout)
    widget.resize(200, 100)
    layout.activate()
    assert layout.contentsMargins() == QMargins(1, 2, 3, 4)
    assert layout.spacing() > 0
    assert (first.x(), first.y(), below.x()) == (1, 2, 1)
    assert first.x() < second.x()
    assert first.y() < below.y()
    assert widget.findChildren(QLabel) == [first, second, below]


class Paintings(QObject):
    """Notes the text that a label has each time it is painted."""

    def __init__(self, label: QLabel) -> None:
        super().__init__(label)
        self.label, self.seen = label, list[str]()
        label.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.seen.append(self.label.text())
        return False


def test_what_changes_several_times_is_painted_as_it_is_in_the_end(qtbot: QtBot) -> None:
    parent, label = QWidget(), QLabel("first")
    column(label, parent=parent)
    qtbot.addWidget(parent)
    parent.show()
    qtbot.waitExposed(parent)
    paintings = Paintings(label)
    for text in ("second", "third"):
        paint_once_settled(parent)
        label.setText(text)
        # As a view of graphics has it.
        QApplication.sendPostedEvents(parent, QEvent.Type.UpdateRequest.value)
    assert not paintings.seen
    qtbot.waitUntil(lambda: bool(paintings.seen))
    assert set(paintings.seen) == {"third"}
    assert parent.updatesEnabled()


def test_what_is_not_seen_is_painted_as_soon_as_it_is_shown(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    paint_once_settled(parent)
    assert parent.updatesEnabled()


class Part(QWidget):
    """Asks for a height, and is content with another."""

    def __init__(self, height: int, least: int) -> None:
        super().__init__()
        self.height_asked_for, self.least = height, least

    def sizeHint(self) -> QSize:
        return QSize(50, self.height_asked_for)

    def minimumSizeHint(self) -> QSize:
        return QSize(50, self.least)


@pytest.mark.parametrize("width", range(150, 700, 50))
def test_a_pane_leaves_each_part_its_height_beside_texts_that_wrap(
    qtbot: QtBot, width: int
) -> None:
    words, part, pane = paragraph("Rows are true digits. " * 9), Part(300, 300), Pane()
    column(widget_with(column(words, Part(60, 20))), (part, 1), parent=pane)
    splitter = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
    splitter.addWidget(pane)
    splitter.addWidget(QWidget())
    qtbot.addWidget(splitter)
    splitter.resize(width, 700)
    splitter.show()
    splitter.setSizes([0, 700])
    for _ in range(4):
        QApplication.processEvents()
    assert part.height() >= 300
    assert words.height() >= words.heightForWidth(words.width())
