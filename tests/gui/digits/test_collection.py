"""The window's hold on the user's digits: every change told, every change undone, no loss."""

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.model import DigitsChange, Imported, UserDigit
from mnist_gui.engine.digits.store import FILE_NAME, UserDigitStore
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.gui.digits.collection import DigitCollection
from mnist_gui.gui.session import Session

SEVEN = Drawing((Stroke([[0.2, 0.2], [0.8, 0.2], [0.4, 0.9]]),))
ONE = Drawing((Stroke([[0.5, 0.2], [0.5, 0.8]]),))


@pytest.fixture
def collection(session: Session) -> DigitCollection:
    return DigitCollection(session)


@pytest.fixture
def folder(session: Session) -> Path:
    return session.data_folder


def keep_some(folder: Path, count: int = 3) -> list[UserDigit]:
    store = UserDigitStore(folder)
    return [store.keep(SEVEN, label) for label in range(count)]


def digits(session: Session) -> tuple[UserDigit, ...]:
    return session.digits.value.digits if session.digits.value else ()


def wait_for_labels(session: Session, qtbot: QtBot, *expected: int) -> None:
    """Wait until the session's digits have these labels, in whatever order."""

    def are_there() -> bool:
        labels = sorted(digit.label for digit in digits(session))
        return session.digits.value is not None and labels == sorted(expected)

    qtbot.waitUntil(are_there)


def test_what_is_kept_is_told_and_on_the_disk(
    collection: DigitCollection, session: Session, qtbot: QtBot, folder: Path
) -> None:
    with qtbot.waitSignals([collection.saved, session.digits.changed]):
        collection.save(SEVEN, 7, None)
    assert [digit.label for digit in UserDigitStore(folder).read().digits] == [7]
    assert [digit.label for digit in digits(session)] == [7]


def test_the_canvas_takes_back_what_it_kept_and_keeps_it_again(
    collection: DigitCollection, session: Session, qtbot: QtBot, tmp_path: Path, folder: Path
) -> None:
    with qtbot.waitSignal(collection.saved) as kept:
        collection.save(SEVEN, 7, None)
    digit_id = kept.args[0].digit_id
    before = (folder / FILE_NAME).stat().st_mtime_ns
    collection.set_saved(digit_id, True)
    with qtbot.waitSignal(collection.exported):
        collection.export(str(tmp_path / "out.jsonl"), ())
    # That the canvas set it aside has written nothing.
    assert (folder / FILE_NAME).stat().st_mtime_ns == before
    wait_for_labels(session, qtbot, 7)
    collection.set_saved(digit_id, False)
    wait_for_labels(session, qtbot)
    collection.set_saved(digit_id, True)
    wait_for_labels(session, qtbot, 7)


def test_a_digit_that_was_opened_again_is_not_kept_twice(
    collection: DigitCollection, session: Session, qtbot: QtBot, folder: Path
) -> None:
    (one,) = keep_some(folder, 1)
    with qtbot.waitSignals([collection.saved, collection.changed]):
        collection.save(one.drawing, 7, None)
    wait_for_labels(session, qtbot, 7)
    # The canvas' undo brings the drawing back there; the digit was kept before.
    collection.set_saved(one.digit_id, False)
    collection.undo()
    wait_for_labels(session, qtbot, 0)


def test_deleting_and_relabelling_are_undone_and_redone_in_turn(
    collection: DigitCollection, session: Session, qtbot: QtBot, folder: Path
) -> None:
    keep_some(folder)
    collection.read()
    wait_for_labels(session, qtbot, 0, 1, 2)
    collection.relabel(digits(session)[:2], 9)
    wait_for_labels(session, qtbot, 9, 9, 2)
    collection.delete(digits(session)[1:])
    wait_for_labels(session, qtbot, 9)
    collection.undo()
    wait_for_labels(session, qtbot, 9, 9, 2)
    collection.undo()
    wait_for_labels(session, qtbot, 0, 1, 2)
    collection.redo()
    wait_for_labels(session, qtbot, 9, 9, 2)
    collection.undo()
    collection.undo()
    wait_for_labels(session, qtbot, 0, 1, 2)


def test_an_undo_that_fails_can_be_tried_again(
    collection: DigitCollection, session: Session, qtbot: QtBot, folder: Path
) -> None:
    keep_some(folder)
    collection.read()
    wait_for_labels(session, qtbot, 0, 1, 2)
    collection.delete(digits(session))
    wait_for_labels(session, qtbot)
    path, aside = folder / FILE_NAME, folder / "aside"
    path.rename(aside)
    path.mkdir()
    with qtbot.waitSignal(collection.failed) as failed:
        collection.undo()
    assert "it is a folder" in failed.args[0]
    path.rmdir()
    aside.rename(path)
    collection.undo()
    wait_for_labels(session, qtbot, 0, 1, 2)


def test_a_drawing_that_cannot_be_kept_is_told_in_one_sentence(
    collection: DigitCollection, session: Session, qtbot: QtBot, folder: Path
) -> None:
    (folder / FILE_NAME).mkdir(parents=True)
    with qtbot.waitSignal(collection.saving_failed) as failed:
        collection.save(SEVEN, 7, None)
    assert "it is a folder" in failed.args[0]
    assert digits(session) == ()


def test_what_another_window_keeps_and_deletes_appears(
    collection: DigitCollection, session: Session, qtbot: QtBot, folder: Path
) -> None:
    with qtbot.waitSignal(collection.saved):
        collection.save(SEVEN, 7, None)
    other = UserDigitStore(folder)
    one = other.keep(ONE, 1)
    wait_for_labels(session, qtbot, 7, 1)
    other.change(DigitsChange(before=(one,)))
    wait_for_labels(session, qtbot, 7)


def test_reading_again_without_a_change_is_not_told(
    collection: DigitCollection, session: Session, qtbot: QtBot, tmp_path: Path, folder: Path
) -> None:
    keep_some(folder)
    told: list[object] = []
    session.digits.changed.connect(told.append)
    collection.read()
    collection.read()
    with qtbot.waitSignal(collection.exported):
        collection.export(str(tmp_path / "out.jsonl"), ())
    assert len(told) == 1


def test_imported_digits_are_told_and_can_be_undone(
    collection: DigitCollection, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "others.jsonl"
    good = json.dumps({"strokes": [[[0.5, 0.2], [0.5, 0.8]]], "label": 1})
    path.write_text(f"{good}\nnonsense\n{good}\n")
    with qtbot.waitSignal(collection.imported) as signal:
        collection.import_file(str(path))
    imported = signal.args[0]
    assert isinstance(imported, Imported)
    assert (len(imported.digits), imported.already_there) == (1, 1)
    assert [fault.line for fault in imported.faults] == [2]
    wait_for_labels(session, qtbot, 1)
    collection.undo()
    wait_for_labels(session, qtbot)


def test_a_file_that_cannot_be_imported_is_told(
    collection: DigitCollection, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(collection.failed) as failed:
        collection.import_file(str(tmp_path / "missing.jsonl"))
    assert "there is no such file" in failed.args[0]


def test_a_file_that_cannot_be_read_is_told(
    collection: DigitCollection, qtbot: QtBot, folder: Path
) -> None:
    (folder / FILE_NAME).mkdir(parents=True)
    with qtbot.waitSignal(collection.reading_failed) as failed:
        collection.read()
    assert str(folder / FILE_NAME) in failed.args[0]
