"""The store of the user's digits: nothing that was kept is lost, and what is broken is named."""

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_gui.engine.digits import store as my_digits
from mnist_gui.engine.digits.files import format_entry, read_drawings
from mnist_gui.engine.digits.model import UNKNOWN_TIME, DigitsChange, SavedPrediction, UserDigit
from mnist_gui.engine.digits.store import FILE_NAME, UNREADABLE_NAME, UserDigitStore
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke
from mnist_gui.engine.errors import DrawingError

SEVEN = Drawing((Stroke([[0.2, 0.2], [0.8, 0.2], [0.4, 0.9]]),))
READ = SavedPrediction(1, 0.75, "cnn-best")


def drawing(number: int) -> Drawing:
    return Drawing((Stroke(np.random.default_rng(number).random((5, 2)).round(5)),))


def keep_some(folder: Path, count: int = 3) -> list[UserDigit]:
    store = UserDigitStore(folder)
    return [store.keep(drawing(number), number % 10) for number in range(count)]


def log(folder: Path) -> Path:
    return folder / FILE_NAME


def test_a_first_time_user_has_no_digits_and_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert UserDigitStore(folder).read().digits == ()
    assert UserDigitStore(folder).tidy() is None
    assert not folder.exists()


def test_what_is_kept_is_there_for_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    first = UserDigitStore(folder).keep(SEVEN, 7, READ)
    second = UserDigitStore(folder).keep(drawing(1), 1)
    assert UserDigitStore(folder).read().digits == (first, second)
    assert first.read_as == READ
    assert first.time < second.time
    assert first.identity != second.identity


def test_any_program_can_read_the_file_as_drawings(tmp_path: Path) -> None:
    store = UserDigitStore(tmp_path)
    one, two, three = keep_some(tmp_path)
    store.relabel([two.identity], 9)
    store.delete([one.identity])
    labels = [labelled.label for labelled in read_drawings(log(tmp_path))]
    assert labels == [9, three.label]


def test_relabelling_and_deleting_last(tmp_path: Path) -> None:
    one, two, three = keep_some(tmp_path)
    store = UserDigitStore(tmp_path)
    store.relabel([one.identity, three.identity], 5)
    store.delete([two.identity])
    kept = UserDigitStore(tmp_path).read().digits
    assert [(digit.identity, digit.label) for digit in kept] == [
        (one.identity, 5),
        (three.identity, 5),
    ]
    assert kept[0].drawing == one.drawing
    assert kept[0].time == one.time


def test_a_deleted_digit_comes_back_as_it_was(tmp_path: Path) -> None:
    store = UserDigitStore(tmp_path)
    digit = store.keep(SEVEN, 7, READ)
    store.delete([digit.identity])
    assert store.read().digits == ()
    store.restore([digit])
    assert store.read().digits == (digit,)


def test_two_windows_see_what_the_other_one_does(tmp_path: Path) -> None:
    here, there = UserDigitStore(tmp_path), UserDigitStore(tmp_path)
    one = here.keep(SEVEN, 7)
    assert there.read().digits == (one,)
    two = there.keep(drawing(2), 2)
    assert here.read().digits == (one, two)
    there.delete([one.identity])
    here.relabel([one.identity], 3)
    assert here.read().digits == there.read().digits == (two,)


def test_a_file_that_was_rewritten_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(my_digits, "_MOST_SPENT_LINES", 3)
    here, there = UserDigitStore(tmp_path), UserDigitStore(tmp_path)
    one, two = here.keep(SEVEN, 7), here.keep(drawing(1), 1)
    there.read()
    for label in range(5):
        here.relabel([one.identity], label)
    assert here.tidy() is None
    assert len(log(tmp_path).read_bytes().splitlines()) == 2
    three = here.keep(drawing(3), 3)
    assert [digit.label for digit in there.read().digits] == [4, two.label, three.label]


def test_a_file_without_much_waste_is_left_alone(tmp_path: Path) -> None:
    keep_some(tmp_path)
    before = log(tmp_path).stat()
    assert UserDigitStore(tmp_path).tidy() is None
    assert log(tmp_path).stat().st_ino == before.st_ino


def test_an_edit_by_hand_is_noticed(tmp_path: Path) -> None:
    store = UserDigitStore(tmp_path)
    store.keep(SEVEN, 7)
    store.read()
    text = log(tmp_path).read_bytes().replace(b'"label":7', b'"label":1')
    log(tmp_path).write_bytes(text)
    assert [digit.label for digit in store.read().digits] == [1]


def test_a_line_cut_short_is_named_and_the_next_one_starts_afresh(tmp_path: Path) -> None:
    one, _ = keep_some(tmp_path, 2)
    content = log(tmp_path).read_bytes()
    log(tmp_path).write_bytes(content[:-30])
    store = UserDigitStore(tmp_path)
    [fault] = store.read().faults
    assert (fault.line, "cut short" in fault.reason) == (2, True)
    three = store.keep(drawing(3), 3)
    kept = store.read()
    assert kept.digits == (one, three)
    assert [fault.line for fault in kept.faults] == [2]


def test_a_line_that_lacks_only_its_end_counts(tmp_path: Path) -> None:
    one, two = keep_some(tmp_path, 2)
    log(tmp_path).write_bytes(log(tmp_path).read_bytes().rstrip())
    store = UserDigitStore(tmp_path)
    assert store.read().digits == (one, two)
    three = store.keep(drawing(3), 3)
    assert store.read().digits == UserDigitStore(tmp_path).read().digits == (one, two, three)


def test_broken_lines_are_named_and_put_aside_once(tmp_path: Path) -> None:
    one, two = keep_some(tmp_path, 2)
    good = log(tmp_path).read_bytes().splitlines()
    broken = [b"hello", b'{"strokes":[],"label":3}', good[0].replace(b'"label":0', b'"label":10')]
    log(tmp_path).write_bytes(b"\n".join([broken[0], good[0], *broken[1:], good[1], b""]))
    store = UserDigitStore(tmp_path)
    kept = store.read()
    assert [fault.line for fault in kept.faults] == [1, 3, 4]
    assert [
        word in fault.reason
        for fault, word in zip(kept.faults, ("not JSON", "no strokes", "label is 10"), strict=True)
    ] == [True] * 3
    tidied = store.tidy()
    assert tidied is not None
    assert tidied.faults == kept.faults
    assert tidied.unreadable == tmp_path / UNREADABLE_NAME
    assert tidied.unreadable.read_bytes().splitlines() == broken
    assert store.read() == UserDigitStore(tmp_path).read()
    assert store.read().digits == (one, two)
    assert store.read().faults == ()
    assert store.tidy() is None


def test_a_drawing_without_a_label_is_named(tmp_path: Path) -> None:
    log(tmp_path).write_text('{"strokes": [[[0, 0]]]}\n')
    [fault] = UserDigitStore(tmp_path).read().faults
    assert fault.reason == "The drawing has no label."


def test_another_programs_equal_lines_are_two_digits_with_lasting_names(tmp_path: Path) -> None:
    line = '{"strokes": [[[0.25, 0.5]]], "label": 1, "id": "me"}\n'
    log(tmp_path).write_text(line + line)
    store = UserDigitStore(tmp_path)
    one, two = store.read().digits
    assert one.identity != two.identity
    store.relabel([two.identity], 2)
    assert [digit.label for digit in UserDigitStore(tmp_path).read().digits] == [1, 2]


@pytest.mark.parametrize("label", [-1, 10])
def test_only_digits_are_labels(tmp_path: Path, label: int) -> None:
    store = UserDigitStore(tmp_path)
    digit = store.keep(SEVEN, 7)
    with pytest.raises(DrawingError, match="from 0 to 9"):
        store.keep(SEVEN, label)
    with pytest.raises(DrawingError, match="from 0 to 9"):
        store.relabel([digit.identity], label)
    with pytest.raises(DrawingError, match="no strokes"):
        store.keep(Drawing(), 3)
    with pytest.raises(DrawingError, match="label"):
        store.keep_all([LabelledDrawing(SEVEN, None)])
    assert store.read().digits == (digit,)


def test_a_full_disk_is_said_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = UserDigitStore(tmp_path)
    one = store.keep(SEVEN, 7)
    before = log(tmp_path).read_bytes()
    write = os.write

    def fill(file: int, content: bytes) -> int:
        if len(content) < 40:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, content[: len(content) // 2])

    monkeypatch.setattr(os, "write", fill)
    with pytest.raises(DrawingError, match=r"my-digits\.jsonl: the disk is full; free some"):
        store.keep(drawing(1), 1)
    monkeypatch.undo()
    assert log(tmp_path).read_bytes() == before
    two = store.keep(drawing(2), 2)
    assert store.read().digits == (one, two)


def test_a_change_of_several_kinds_is_made_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = UserDigitStore(tmp_path)
    one, two = keep_some(tmp_path, 2)
    other = replace(one, identity="another")
    change = DigitsChange(before=(one, two), after=(replace(one, label=9), other))
    write, writes = os.write, []

    def write_once(file: int, content: bytes) -> int:
        writes.append(content)
        return write(file, content) if len(writes) == 1 else fail_to_write()

    monkeypatch.setattr(os, "write", write_once)
    store.change(change)
    monkeypatch.undo()
    assert store.read().digits == change.after
    monkeypatch.setattr(os, "write", fail_to_write)
    with pytest.raises(DrawingError, match="the disk is full"):
        store.change(change.undone)
    monkeypatch.undo()
    assert store.read().digits == change.after
    store.change(change.undone)
    assert set(names(store.read().digits)) == set(names((one, two)))


def fail_to_write(*_arguments: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_fails_to_take_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    store = UserDigitStore(tmp_path)
    store.keep(SEVEN, 7)
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(DrawingError, match="Input/output error"):
        store.keep(drawing(1), 1)
    monkeypatch.undo()
    assert len(store.read().digits) == 1


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DrawingError, match="part of its path is not a folder"):
        UserDigitStore(tmp_path / "file").keep(SEVEN, 7)
    with pytest.raises(DrawingError, match="part of its path is not a folder"):
        UserDigitStore(tmp_path / "file" / "sub").keep(SEVEN, 7)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    log(tmp_path).mkdir()
    with pytest.raises(DrawingError, match="it is a folder"):
        UserDigitStore(tmp_path).keep(SEVEN, 7)
    with pytest.raises(DrawingError, match="it is a folder"):
        UserDigitStore(tmp_path).read()


def test_a_folder_that_cannot_be_written_to_can_still_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [digit] = keep_some(tmp_path, 1)
    really_open = os.open

    def refuse_to_write(path: Path, flags: int, mode: int = 0o777) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise PermissionError(errno.EACCES, "Permission denied")
        return really_open(path, flags, mode)

    monkeypatch.setattr(os, "open", refuse_to_write)
    assert UserDigitStore(tmp_path).read().digits == (digit,)
    with pytest.raises(DrawingError, match="permission is denied"):
        UserDigitStore(tmp_path).keep(SEVEN, 7)


def test_a_lock_that_never_comes_free_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(my_digits, "_LONGEST_WAIT_SECONDS", 0.05)
    here, there = UserDigitStore(tmp_path), UserDigitStore(tmp_path)
    here.keep(SEVEN, 7)
    with here._turn(), pytest.raises(DrawingError, match="keeps it locked; close that"):
        there.keep(SEVEN, 7)


def test_threads_that_keep_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    def keep(number: int) -> str:
        return UserDigitStore(tmp_path).keep(drawing(number), number % 10).identity

    with ThreadPoolExecutor(4) as pool:
        identities = set(pool.map(keep, range(24)))
    kept = UserDigitStore(tmp_path).read()
    assert {digit.identity for digit in kept.digits} == identities
    assert not kept.faults


# Prints the identity of each digit once it is kept; now and then rewrites the whole file.
WRITER = """
import sys
from pathlib import Path
from mnist_gui.engine.digits import store as my_digits
from mnist_gui.engine.drawing import Drawing, Stroke

my_digits._MOST_SPENT_LINES = 5
store = my_digits.UserDigitStore(Path(sys.argv[1]))
while True:
    drawing = Drawing((Stroke([[0.1, 0.2], [0.3, 0.4]] * 200),))
    digit = store.keep(drawing, 3)
    print(digit.identity, flush=True)
    for label in range(3):
        store.relabel([digit.identity], label)
    store.tidy()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_programs_that_are_killed_while_they_write_lose_nothing_they_have_kept(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said: list[str] = []
    for writer in writers:
        assert writer.stdout is not None
        said += [writer.stdout.readline().strip() for _ in range(15)]
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
        said += writer.communicate()[0].split()
    store = UserDigitStore(tmp_path)
    kept = {digit.identity for digit in store.read().digits}
    assert set(said) <= kept
    one_more = store.keep(SEVEN, 7)
    assert one_more in UserDigitStore(tmp_path).read().digits


FOUR = [
    UserDigit(f"{number}" * 32, drawing(number), number, datetime(2026, 1, 2, tzinfo=UTC))
    for number in range(4)
]


@settings(max_examples=50, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=3), st.integers(0, 40)),
        max_size=5,
    ),
    end=st.none() | st.floats(0, 1),
)
def test_however_a_file_is_damaged_whole_lines_are_kept_and_nothing_vanishes(
    tmp_path_factory: pytest.TempPathFactory,
    changes: list[tuple[float, bytes, int]],
    end: float | None,
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    lines = [format_entry(digit).encode() for digit in FOUR]
    content = b"".join(line + b"\n" for line in lines)
    for place, put, taken in changes:
        at = int(place * len(content))
        content = content[:at] + put + content[at + taken :]
    content = content[: None if end is None else int(end * len(content))]
    log(folder).write_bytes(content)
    store = UserDigitStore(folder)
    kept = store.read()
    left = content.split(b"\n")
    for line, digit in zip(lines, FOUR, strict=True):
        if line in left:
            assert digit in kept.digits
    tidied = store.tidy()
    more = store.keep(SEVEN, 7)
    # A damaged point may still be a point, and is rounded when the file is written anew.
    assert names(UserDigitStore(folder).read().digits) == names((*kept.digits, more))
    if tidied is not None:
        broken = {line for line in left if line.strip() and not is_an_object(line)}
        assert broken <= set(tidied.unreadable.read_bytes().split(b"\n"))


def names(digits: Sequence[UserDigit]) -> list[tuple[str, int]]:
    return [(digit.identity, digit.label) for digit in digits]


def is_an_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00"])
def test_a_time_that_some_time_zones_do_not_have_is_forgotten(tmp_path: Path, time: str) -> None:
    keep_some(tmp_path, 1)
    entry = json.loads(log(tmp_path).read_text())
    log(tmp_path).write_text(json.dumps(entry | {"time": time}) + "\n")
    (digit,) = UserDigitStore(tmp_path).read().digits
    assert digit.time == UNKNOWN_TIME


@pytest.mark.parametrize("network", [[[]], 7, "\ud800", "two\nlines"])
def test_a_network_that_is_no_name_is_forgotten(tmp_path: Path, network: object) -> None:
    keep_some(tmp_path, 1)
    entry = json.loads(log(tmp_path).read_text())
    read = {"digit": 7, "probability": 0.5, "network": network}
    log(tmp_path).write_text(json.dumps(entry | {"read": read}) + "\n")
    (digit,) = UserDigitStore(tmp_path).read().digits
    assert digit.read_as == SavedPrediction(7, 0.5, "")
