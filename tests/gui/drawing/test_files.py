from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.files import read_drawings, write_drawings
from mnist_gui.engine.digits.model import OpenedDrawings
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke
from mnist_gui.gui.drawing.files import DrawingFilesPresenter
from mnist_gui.gui.jobs import JobThread

DRAWINGS = [
    LabelledDrawing(Drawing((Stroke([[0.25, 0.5 * n], [0.75, 0.5]]),)), n) for n in range(3)
]


@pytest.fixture
def files(qtbot: QtBot) -> Iterator[DrawingFilesPresenter]:
    thread = JobThread("files")
    yield DrawingFilesPresenter(thread)
    thread.stop()
    assert thread.wait(5_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "digits.jsonl"
    write_drawings(path, DRAWINGS)
    return path


def opened(files: DrawingFilesPresenter, qtbot: QtBot, path: Path) -> list[OpenedDrawings]:
    places: list[OpenedDrawings] = []
    files.place_changed.connect(places.append)
    with qtbot.waitSignal(files.opened):
        files.open(str(path))
    return places


def test_a_file_is_gone_through_in_a_circle(
    files: DrawingFilesPresenter, qtbot: QtBot, path: Path
) -> None:
    chosen: list[Drawing] = []
    files.drawing_chosen.connect(chosen.append)
    places = opened(files, qtbot, path)
    files.show_next()
    files.show_previous()
    files.show_previous()
    assert [place.place for place in places] == [0, 1, 0, 2]
    assert chosen[-1] == DRAWINGS[2].drawing


def test_bad_lines_are_named_and_the_good_ones_are_open(
    files: DrawingFilesPresenter, qtbot: QtBot, path: Path
) -> None:
    with path.open("a") as file:
        file.write("no drawing\n")
    told: list[str] = []
    files.faults_found.connect(told.append)
    places = opened(files, qtbot, path)
    assert len(places[0].drawings) == 3
    assert told[0].startswith("3 drawings are open; 1 more cannot be used.")
    assert "line 4" in told[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "no drawings"), ("nonsense\n", "line 1"), ('{"strokes": []}\n', "no strokes")],
)
def test_a_file_without_a_drawing_gets_one_sentence_and_leaves_the_other_open(
    files: DrawingFilesPresenter, qtbot: QtBot, path: Path, content: str, words: str
) -> None:
    places = opened(files, qtbot, path)
    other = path.with_name("other.jsonl")
    other.write_text(content)
    with qtbot.waitSignal(files.failed) as failed:
        files.open(str(other))
    assert words in failed.args[0]
    files.show_next()
    assert places[-1].path == path


def test_a_drawing_is_saved_and_others_are_added_to_it(
    files: DrawingFilesPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.jsonl"
    for labelled in DRAWINGS[:2]:
        with qtbot.waitSignal(files.saved):
            files.save(path, labelled.drawing, add=path.exists())
    assert [each.drawing for each in read_drawings(path)] == [d.drawing for d in DRAWINGS[:2]]


def test_an_opened_drawing_keeps_its_label_unless_it_was_changed(
    files: DrawingFilesPresenter, qtbot: QtBot, path: Path, tmp_path: Path
) -> None:
    opened(files, qtbot, path)
    files.show_next()
    drawing = DRAWINGS[1].drawing
    changed = drawing.with_stroke(Stroke([[0.5, 0.5]]))
    mine = tmp_path / "mine.jsonl"
    for each in (drawing, changed):
        with qtbot.waitSignal(files.saved):
            files.save(mine, each, add=mine.exists())
    assert [each.label for each in read_drawings(mine)] == [1, None]


def test_where_nothing_can_be_written_one_sentence_says_so(
    files: DrawingFilesPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    for add in (False, True):
        with qtbot.waitSignal(files.failed) as failed:
            files.save(tmp_path / "no folder" / "a.jsonl", DRAWINGS[0].drawing, add=add)
        assert "no folder" in failed.args[0]


def test_nothing_is_added_to_one_json_text(
    files: DrawingFilesPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "list.json"
    write_drawings(path, DRAWINGS)
    with qtbot.waitSignal(files.failed) as failed:
        files.save(path, DRAWINGS[0].drawing, add=True)
    assert ".jsonl" in failed.args[0]
    assert len(read_drawings(path)) == 3


def test_a_closed_file_has_no_next_drawing(
    files: DrawingFilesPresenter, qtbot: QtBot, path: Path
) -> None:
    places = opened(files, qtbot, path)
    files.close()
    files.show_next()
    assert len(places) == 2
    assert places[-1] is None
