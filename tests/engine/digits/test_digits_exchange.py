"""Drawings from other files among the user's digits, and the other way round."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mnist_gui.engine.digits.files import read_drawings
from mnist_gui.engine.digits.model import SavedPrediction, UserDigit
from mnist_gui.engine.digits.store import UserDigitStore, export_digits, import_digits
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.errors import DrawingError
from tests.refusals import refused


def line(place: float, label: int | None) -> str:
    return json.dumps({"strokes": [[[place, 0.5]]], "label": label}) + "\n"


def some(store: UserDigitStore) -> tuple[UserDigit, ...]:
    stroke = Stroke([[0.25, 0.5], [0.5, 0.33333]], times=[0, 0.125], pressures=[0.5, 1])
    store.keep(Drawing((stroke,)), 3, SavedPrediction(5, 0.5, "cnn-fast"))
    store.keep(Drawing((Stroke([[0.125, 0.5]]),)), 4)
    return store.read().digits


@pytest.mark.parametrize("name", ["mine.jsonl", "mine.json"])
def test_exported_digits_come_back_whole(tmp_path: Path, name: str) -> None:
    digits = some(UserDigitStore(tmp_path / "here"))
    export_digits(tmp_path / name, digits)
    there = UserDigitStore(tmp_path / "there")
    imported = import_digits(there, tmp_path / name)
    assert there.read().digits == imported.digits
    for old, new in zip(digits, imported.digits, strict=True):
        assert (old.labelled, old.time, old.read_as) == (new.labelled, new.time, new.read_as)
    assert [each.label for each in read_drawings(tmp_path / name)] == [3, 4]


def test_what_is_there_already_is_not_kept_twice(tmp_path: Path) -> None:
    store = UserDigitStore(tmp_path / "here")
    digits = some(store)
    export_digits(tmp_path / "mine.jsonl", digits)
    imported = import_digits(store, tmp_path / "mine.jsonl")
    assert (imported.digits, imported.already_there) == ((), 2)
    assert store.read().digits == digits


def test_a_files_good_drawings_are_kept_and_the_others_told(tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    path.write_text(line(0.1, 1) + "broken\n" + line(0.2, None) + line(0.1, 1) + line(0.3, 12))
    store = UserDigitStore(tmp_path)
    imported = import_digits(store, path)
    assert [digit.label for digit in store.read().digits] == [1]
    assert (imported.already_there, imported.unlabelled) == (1, 1)
    assert [fault.line for fault in imported.faults] == [2, 5]


def test_a_file_without_labels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.jsonl"
    path.write_text(line(0.1, None))
    with refused(DrawingError, match=r"none\.jsonl has no labelled drawing"):
        import_digits(UserDigitStore(tmp_path), path)
    assert UserDigitStore(tmp_path).read().digits == ()


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", 7])
@pytest.mark.parametrize("network", [[[]], 7, "\ud800", "two\nlines"])
def test_a_time_or_network_that_cannot_be_shown_is_left_out(
    tmp_path: Path, time: object, network: object
) -> None:
    path, before = tmp_path / "odd.jsonl", datetime.now(UTC)
    record = {"event": "kept", "id": "a", "time": time} | json.loads(line(0.5, 3))
    read = {"digit": 7, "probability": 0.5, "network": network}
    path.write_text(json.dumps(record | {"read": read}))
    (digit,) = import_digits(UserDigitStore(tmp_path), path).digits
    assert digit.time >= before
    assert digit.read_as == SavedPrediction(7, 0.5, "")


def test_of_a_log_of_digits_the_drawings_are_taken_and_the_changes_named(tmp_path: Path) -> None:
    """What earlier versions wrote in place of a database."""
    path = tmp_path / "my-digits.jsonl"
    drawings = [json.loads(line(place, 3)) | {"event": "kept", "id": "a"} for place in (0.1, 0.2)]
    changes = [{"event": "relabelled", "id": "a", "label": 4}, {"event": "deleted", "id": "a"}]
    path.write_text("\n".join(json.dumps(each) for each in drawings + changes))
    imported = import_digits(UserDigitStore(tmp_path), path)
    assert [digit.label for digit in imported.digits] == [3, 3]
    assert [fault.line for fault in imported.faults] == [3, 4]
