"""The window's hold on the user's digits: every change told, every change undone, no loss."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.model import Imported, Tidied, UserDigit
from mnist_gui.engine.digits.store import FILE_NAME, UserDigitStore
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.gui.digits.presenter import UserDigitsPresenter
from mnist_gui.gui.jobs import JobThread

SEVEN = Drawing((Stroke([[0.2, 0.2], [0.8, 0.2], [0.4, 0.9]]),))
ONE = Drawing((Stroke([[0.5, 0.2], [0.5, 0.8]]),))


@pytest.fixture
def controller(qtbot: QtBot, tmp_path: Path) -> Iterator[UserDigitsPresenter]:
    thread = JobThread("files")
    yield UserDigitsPresenter(thread, tmp_path)
    thread.stop()
    assert thread.wait(5_000)


def keep_some(folder: Path, count: int = 3) -> list[UserDigit]:
    store = UserDigitStore(folder)
    return [store.keep(SEVEN, label) for label in range(count)]


def labels(controller: UserDigitsPresenter) -> list[int]:
    return [digit.label for digit in controller.digits]


def reads(controller: UserDigitsPresenter, qtbot: QtBot, *expected: int) -> bool:
    qtbot.waitUntil(lambda: sorted(labels(controller)) == sorted(expected))
    return True


def test_what_is_kept_is_told_and_on_the_disk(
    controller: UserDigitsPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignals([controller.kept, controller.digits_changed]):
        controller.keep(SEVEN, 7, None)
    assert [digit.label for digit in UserDigitStore(tmp_path).read().digits] == [7]
    assert labels(controller) == [7]


def test_the_canvas_takes_back_what_it_kept_and_keeps_it_again(
    controller: UserDigitsPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(controller.kept) as kept:
        controller.keep(SEVEN, 7, None)
    identity = kept.args[0].identity
    controller.set_kept(identity, True)
    assert reads(controller, qtbot, 7)
    controller.set_kept(identity, False)
    assert reads(controller, qtbot)
    controller.set_kept(identity, True)
    assert reads(controller, qtbot, 7)
    # Kept, deleted, kept again: that the canvas set it aside has written nothing.
    assert len((tmp_path / FILE_NAME).read_text().splitlines()) == 3


def test_a_digit_that_was_opened_again_is_not_kept_twice(
    controller: UserDigitsPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    (one,) = keep_some(tmp_path, 1)
    with qtbot.waitSignals([controller.kept, controller.changed]):
        controller.keep(one.drawing, 7, None)
    assert reads(controller, qtbot, 7)
    # The canvas' undo brings the drawing back there; the digit was kept before.
    controller.set_kept(one.identity, False)
    controller.undo()
    assert reads(controller, qtbot, 0)


def test_deleting_and_relabelling_are_undone_and_redone_in_turn(
    controller: UserDigitsPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    keep_some(tmp_path)
    controller.read()
    assert reads(controller, qtbot, 0, 1, 2)
    controller.relabel(controller.digits[:2], 9)
    assert reads(controller, qtbot, 9, 9, 2)
    controller.delete(controller.digits[1:])
    assert reads(controller, qtbot, 9)
    controller.undo()
    assert reads(controller, qtbot, 9, 9, 2)
    controller.undo()
    assert reads(controller, qtbot, 0, 1, 2)
    controller.redo()
    assert reads(controller, qtbot, 9, 9, 2)
    controller.undo()
    controller.undo()
    assert reads(controller, qtbot, 0, 1, 2)


def test_an_undo_that_fails_can_be_tried_again(
    controller: UserDigitsPresenter, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_some(tmp_path)
    controller.read()
    assert reads(controller, qtbot, 0, 1, 2)
    controller.delete(controller.digits)
    assert reads(controller, qtbot)
    with monkeypatch.context() as patch:
        patch.setattr("mnist_gui.engine.digits.store.append_lines", fail_as_full)
        with qtbot.waitSignal(controller.failed) as failed:
            controller.undo()
    assert "disk is full" in failed.args[0]
    controller.undo()
    assert reads(controller, qtbot, 0, 1, 2)


def fail_as_full(path: Path, content: bytes) -> None:
    raise OSError(28, "No space left on device")


def test_a_drawing_that_cannot_be_kept_is_told_in_one_sentence(
    controller: UserDigitsPresenter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnist_gui.engine.digits.store.append_lines", fail_as_full)
    with qtbot.waitSignal(controller.keeping_failed) as failed:
        controller.keep(SEVEN, 7, None)
    assert "the disk is full; free some space" in failed.args[0]
    assert labels(controller) == []


def test_what_another_window_keeps_and_deletes_appears(
    controller: UserDigitsPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(controller.kept):
        controller.keep(SEVEN, 7, None)
    other = UserDigitStore(tmp_path)
    one = other.keep(ONE, 1)
    assert reads(controller, qtbot, 7, 1)
    other.delete([one.identity])
    assert reads(controller, qtbot, 7)


def test_reading_again_without_a_change_is_not_told(
    controller: UserDigitsPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    keep_some(tmp_path)
    told: list[object] = []
    controller.digits_changed.connect(told.append)
    controller.read()
    controller.read()
    with qtbot.waitSignal(controller.exported):
        controller.export(str(tmp_path / "out.jsonl"), ())
    assert len(told) == 1


def test_imported_digits_are_told_and_can_be_undone(
    controller: UserDigitsPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "others.jsonl"
    good = json.dumps({"strokes": [[[0.5, 0.2], [0.5, 0.8]]], "label": 1})
    path.write_text(f"{good}\nnonsense\n{good}\n")
    with qtbot.waitSignal(controller.imported) as signal:
        controller.import_file(str(path))
    imported = signal.args[0]
    assert isinstance(imported, Imported)
    assert (len(imported.digits), imported.already_there) == (1, 1)
    assert [fault.line for fault in imported.faults] == [2]
    assert reads(controller, qtbot, 1)
    controller.undo()
    assert reads(controller, qtbot)


def test_a_file_that_cannot_be_imported_is_told(
    controller: UserDigitsPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(controller.failed) as failed:
        controller.import_file(str(tmp_path / "missing.jsonl"))
    assert "there is no such file" in failed.args[0]


def test_lines_that_cannot_be_read_are_told_and_tidied_away(
    controller: UserDigitsPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    keep_some(tmp_path, 1)
    with (tmp_path / FILE_NAME).open("a") as file:
        file.write("nonsense\n")
    with qtbot.waitSignal(controller.digits_changed) as changed:
        controller.read()
    assert [fault.line for fault in changed.args[0].faults] == [2]
    with qtbot.waitSignal(controller.tidied) as signal:
        controller.tidy()
    tidied = signal.args[0]
    assert isinstance(tidied, Tidied)
    assert tidied.unreadable.read_text() == "nonsense\n"
    assert reads(controller, qtbot, 0)


def test_a_file_that_cannot_be_read_is_told(
    controller: UserDigitsPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with qtbot.waitSignal(controller.reading_failed) as failed:
        controller.read()
    assert str(tmp_path / FILE_NAME) in failed.args[0]
