from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.files import read_drawings, write_drawings
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.drawing.files import DrawingFilesPresenter, OpenedDrawingsRow
from mnist_gui.gui.session import Session
from tests.gui.recording_shell import RecordingShell
from tests.gui.save_answers import answer_save_dialogs

DRAWINGS = [
    LabelledDrawing(Drawing((Stroke([[0.25, 0.5 * n], [0.75, 0.5]]),)), n) for n in range(3)
]


@dataclass
class Desk:
    """Files of drawings, and what shows them."""

    files: DrawingFilesPresenter
    canvas: DrawingCanvas
    row: OpenedDrawingsRow
    shell: RecordingShell
    qtbot: QtBot

    @property
    def place(self) -> str:
        return self.row.place_label.text() if not self.row.isHidden() else ""

    def open(self, path: Path) -> None:
        self.files.open(str(path))
        self.qtbot.waitUntil(lambda: self.shell.opened == [str(path)])

    def save(self, path: Path, drawing: Drawing, *, add: bool) -> None:
        """Put the drawing on the canvas, and have it saved as the menu does."""
        self.canvas.set_drawing(drawing)
        self.files.save(path, add=add)

    def save_and_wait(self, path: Path, drawing: Drawing, *, add: bool) -> None:
        before = len(self.shell.saved)
        self.save(path, drawing, add=add)
        self.qtbot.waitUntil(lambda: len(self.shell.saved) > before)


@pytest.fixture
def desk(session: Session, shell: RecordingShell, qtbot: QtBot) -> Desk:
    canvas, row = DrawingCanvas(), OpenedDrawingsRow()
    qtbot.addWidget(canvas)
    qtbot.addWidget(row)
    # As the presenter of the drawing does.
    canvas.drawing_changed.connect(session.drawing.set)
    return Desk(DrawingFilesPresenter(session, canvas, row, shell), canvas, row, shell, qtbot)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "digits.jsonl"
    write_drawings(path, DRAWINGS)
    return path


def test_a_file_is_gone_through_in_a_circle(desk: Desk, qtbot: QtBot, path: Path) -> None:
    desk.open(path)
    places, drawings = [desk.place], [desk.canvas.drawing]
    next_button, previous_button = desk.row.next_button, desk.row.previous_button
    for button in (next_button, previous_button, previous_button):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        places.append(desk.place)
        drawings.append(desk.canvas.drawing)
    assert places == ["1 of 3: a 0", "2 of 3: a 1", "1 of 3: a 0", "3 of 3: a 2"]
    assert drawings == [DRAWINGS[place].drawing for place in (0, 1, 0, 2)]


def test_bad_lines_are_named_and_the_good_ones_are_open(desk: Desk, path: Path) -> None:
    with path.open("a") as file:
        file.write("no drawing\n")
    desk.open(path)
    assert desk.place == "1 of 3: a 0"
    ((_, sentence),) = desk.shell.errors
    assert sentence.startswith("Drawings that are open: 3; that cannot be used: 1.")
    assert "line 4" in sentence


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no drawings"),
        ("nonsense\n", "not a file of drawings"),
        ('{"strokes": []}\n', "no strokes"),
    ],
)
def test_a_file_without_a_drawing_gets_one_sentence_and_leaves_the_other_open(
    desk: Desk, qtbot: QtBot, path: Path, content: str, words: str
) -> None:
    desk.open(path)
    other = path.with_name("other.jsonl")
    other.write_text(content)
    desk.files.open(str(other))
    qtbot.waitUntil(lambda: bool(desk.shell.file_errors))
    (sentence,) = desk.shell.file_errors
    assert words in sentence
    desk.files.go(1)
    assert desk.place == "2 of 3: a 1"
    assert desk.row.place_label.toolTip() == str(path)


def test_a_drawing_is_saved_and_others_are_added_to_it(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    for labelled in DRAWINGS[:2]:
        desk.save_and_wait(path, labelled.drawing, add=path.exists())
    assert [each.drawing for each in read_drawings(path)] == [d.drawing for d in DRAWINGS[:2]]
    assert desk.shell.saved == [str(path)] * 2


def test_a_new_file_is_written_without_a_question(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_save_dialogs(monkeypatch, str(tmp_path / "mine"))
    assert not desk.files.save_drawing.isEnabled()
    desk.canvas.set_drawing(DRAWINGS[0].drawing)
    desk.files.save_drawing.trigger()
    path = tmp_path / "mine.jsonl"
    desk.qtbot.waitUntil(lambda: desk.shell.saved == [str(path)])
    assert [each.drawing for each in read_drawings(path)] == [DRAWINGS[0].drawing]


@pytest.mark.parametrize(("words", "kept"), [("Add", [0, 1]), ("Cancel", [0]), ("Replace", [1])])
def test_a_file_that_is_there_is_added_to_replaced_or_left_alone(
    desk: Desk, tmp_path: Path, words: str, kept: list[int]
) -> None:
    path = tmp_path / "mine.jsonl"
    write_drawings(path, DRAWINGS[:1])
    desk.canvas.set_drawing(DRAWINGS[1].drawing)
    desk.files.save_to(path)
    (box,) = desk.shell.findChildren(QMessageBox, "choice_box")
    button = next(button for button in box.buttons() if words in button.text())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.qtbot.waitUntil(lambda: len(desk.shell.saved) == (words != "Cancel"))
    assert [each.drawing for each in read_drawings(path)] == [DRAWINGS[n].drawing for n in kept]


def test_an_opened_drawing_keeps_its_label_unless_it_was_changed(
    desk: Desk, path: Path, tmp_path: Path
) -> None:
    desk.open(path)
    desk.files.go(1)
    drawing = DRAWINGS[1].drawing
    changed = drawing.with_stroke(Stroke([[0.5, 0.5]]))
    mine = tmp_path / "mine.jsonl"
    for each in (drawing, changed):
        desk.save_and_wait(mine, each, add=mine.exists())
    assert [each.label for each in read_drawings(mine)] == [1, None]


def test_where_nothing_can_be_written_one_sentence_says_so(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    for add in (False, True):
        desk.shell.file_errors.clear()
        desk.save(tmp_path / "no folder" / "a.jsonl", DRAWINGS[0].drawing, add=add)
        qtbot.waitUntil(lambda: bool(desk.shell.file_errors))
        (sentence,) = desk.shell.file_errors
        assert "no folder" in sentence


def test_nothing_is_added_to_one_json_text(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    write_drawings(path, DRAWINGS)
    desk.save(path, DRAWINGS[0].drawing, add=True)
    qtbot.waitUntil(lambda: bool(desk.shell.file_errors))
    assert ".jsonl" in desk.shell.file_errors[0]
    assert len(read_drawings(path)) == 3


def test_a_closed_file_has_no_next_drawing(desk: Desk, qtbot: QtBot, path: Path) -> None:
    desk.open(path)
    qtbot.mouseClick(desk.row.close_button, Qt.MouseButton.LeftButton)
    desk.files.go(1)
    assert desk.place == ""
    assert desk.canvas.drawing == DRAWINGS[0].drawing


def test_the_drawing_is_saved_as_a_picture_too(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not desk.files.save_picture.isEnabled()
    desk.canvas.set_drawing(DRAWINGS[1].drawing)
    answer_save_dialogs(monkeypatch, str(tmp_path / "mine"))
    desk.files.save_picture.trigger()
    path = tmp_path / "mine.png"
    desk.qtbot.waitUntil(lambda: desk.shell.saved == [str(path)])
    picture = QImage(str(path))
    assert picture.width() == picture.height() == 1024
    assert picture.pixelColor(512, 512) == QColor("white")
