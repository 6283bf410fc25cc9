"""The store of the user's digits: nothing that was kept is lost, and what is broken is refused."""

import os
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_gui.engine.digits.model import UNKNOWN_TIME, DigitsChange, SavedPrediction, UserDigit
from mnist_gui.engine.digits.store import FILE_NAME, UserDigitStore
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke
from mnist_gui.engine.errors import DrawingError
from mnist_gui.words.errors import sentence
from tests.refusals import refused

SEVEN = Drawing((Stroke([[0.2, 0.2], [0.8, 0.2], [0.4, 0.9]]),))
READ = SavedPrediction(1, 0.75, "cnn-best")


def drawing(number: int, points: int = 5) -> Drawing:
    return Drawing((Stroke(np.random.default_rng(number).random((points, 2))),))


def keep_some(folder: Path, count: int = 3) -> list[UserDigit]:
    store = UserDigitStore(folder)
    return [store.keep(drawing(number), number % 10) for number in range(count)]


def relabelled(digits: Sequence[UserDigit], label: int) -> DigitsChange:
    return DigitsChange(tuple(digits), tuple(replace(digit, label=label) for digit in digits))


def kept_in(folder: Path) -> tuple[UserDigit, ...]:
    return UserDigitStore(folder).read().digits


def file_of(folder: Path) -> Path:
    return folder / FILE_NAME


def run_sql(folder: Path, *statements: str, **parameters: object) -> None:
    """Do to the database what another program might."""
    with closing(sqlite3.connect(file_of(folder), isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement, parameters)


# --- what is kept --------------------------------------------------------------------------------


def test_a_first_time_user_has_no_digits_and_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert kept_in(folder) == ()
    UserDigitStore(folder).change(DigitsChange())
    assert not folder.exists()


def test_what_is_kept_is_there_for_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    first = UserDigitStore(folder).keep(SEVEN, 7, READ)
    second = UserDigitStore(folder).keep(drawing(1), 1)
    assert kept_in(folder) == (first, second)
    assert first.read_as == READ
    assert first.time < second.time
    assert first.digit_id != second.digit_id


@pytest.mark.skipif(sys.platform == "win32", reason="rights as POSIX has them")
def test_nobody_else_can_read_the_digits(tmp_path: Path) -> None:
    keep_some(tmp_path, 1)
    assert file_of(tmp_path).stat().st_mode & 0o777 == 0o600


float32 = st.floats(-1e6, 1e6, width=32)
strokes = st.integers(1, 5).flatmap(
    lambda count: st.tuples(
        st.lists(st.tuples(float32, float32), min_size=count, max_size=count),
        st.none() | st.lists(st.floats(0, 1e6), min_size=count, max_size=count).map(sorted),
        st.none() | st.lists(st.floats(0, 1, width=32), min_size=count, max_size=count),
    )
)


@settings(max_examples=50, deadline=None)
@given(st.lists(strokes, min_size=1, max_size=3))
def test_a_drawing_comes_back_to_the_bit(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[Any, Any, Any]]
) -> None:
    # One stroke's times begin after another's end.
    given = Drawing(
        tuple(
            Stroke(points, None if times is None else np.array(times) + 2e6 * number, pressures)
            for number, (points, times, pressures) in enumerate(parts)
        )
    )
    folder = tmp_path_factory.mktemp("bits")
    UserDigitStore(folder).keep(given, 3)
    (digit,) = kept_in(folder)
    for before, after in zip(given.strokes, digit.drawing.strokes, strict=True):
        for name in ("points", "times", "pressures"):
            one, other = getattr(before, name), getattr(after, name)
            assert (one is None) == (other is None)
            if one is not None:
                assert (one.dtype, one.tobytes()) == (other.dtype, other.tobytes())


def test_relabelling_and_deleting_last(tmp_path: Path) -> None:
    one, two, three = keep_some(tmp_path)
    store = UserDigitStore(tmp_path)
    store.change(relabelled([one, three], 5))
    store.change(DigitsChange(before=(two,)))
    assert kept_in(tmp_path) == (replace(one, label=5), replace(three, label=5))


def test_a_deleted_digit_comes_back_as_it_was(tmp_path: Path) -> None:
    store = UserDigitStore(tmp_path)
    digit = store.keep(SEVEN, 7, READ)
    store.change(DigitsChange(before=(digit,)))
    assert store.read().digits == ()
    store.change(DigitsChange(after=(digit,)))
    assert store.read().digits == (digit,)


def test_two_windows_see_what_the_other_one_does(tmp_path: Path) -> None:
    here, there = UserDigitStore(tmp_path), UserDigitStore(tmp_path)
    one = here.keep(SEVEN, 7)
    assert there.read().digits == (one,)
    two = there.keep(drawing(2), 2)
    assert here.read().digits == (one, two)
    there.change(DigitsChange(before=(one,)))
    here.change(relabelled([one], 3))
    assert here.read().digits == there.read().digits == (two,)


def test_a_file_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    store = UserDigitStore(tmp_path / "here")
    store.keep(SEVEN, 7)
    store.read()
    others = keep_some(tmp_path / "there")
    file_of(tmp_path / "there").replace(store.path)
    assert store.read().digits == tuple(others)


def test_a_change_by_another_program_is_noticed(tmp_path: Path) -> None:
    store = UserDigitStore(tmp_path)
    store.keep(SEVEN, 7)
    store.read()
    run_sql(tmp_path, "UPDATE digits SET label = 1")
    assert [digit.label for digit in store.read().digits] == [1]


@pytest.mark.parametrize("label", [-1, 10])
def test_only_digits_are_labels(tmp_path: Path, label: int) -> None:
    store = UserDigitStore(tmp_path)
    digit = store.keep(SEVEN, 7)
    with refused(DrawingError, match="from 0 to 9"):
        store.keep(SEVEN, label)
    with refused(DrawingError, match="from 0 to 9"):
        store.change(relabelled([digit], label))
    with refused(DrawingError, match="no strokes"):
        store.keep(Drawing(), 3)
    with refused(DrawingError, match="label"):
        store.keep_all([LabelledDrawing(SEVEN, None)])
    assert store.read().digits == (digit,)


# --- bounds --------------------------------------------------------------------------------------


def test_a_drawing_too_long_for_a_digit_is_not_kept(tmp_path: Path) -> None:
    with refused(DrawingError, match="too long to be one digit"):
        UserDigitStore(tmp_path).keep(drawing(1, 1_000_000), 1)
    assert not file_of(tmp_path).exists()


@pytest.mark.parametrize("bounds", [{"most_digits": 3}, {"most_bytes": 100_000}])
def test_more_than_there_may_be_is_neither_kept_nor_read(
    tmp_path: Path, bounds: dict[str, int]
) -> None:
    store = UserDigitStore(tmp_path, **bounds)
    three = store.keep_all([LabelledDrawing(drawing(n, 1_000), n) for n in range(3)])
    more = [LabelledDrawing(drawing(n, 1_000), n) for n in range(3, 6)]
    with refused(DrawingError, match=r"written to .* cannot have more than .*; export some"):
        store.keep_all(more)
    assert store.read().digits == three
    UserDigitStore(tmp_path).keep_all(more)
    with refused(DrawingError, match=r"read from .* cannot have more than"):
        store.read()


# --- what can go wrong ---------------------------------------------------------------------------


def connect_to_a_full_disk(*arguments: Any, **options: Any) -> sqlite3.Connection:
    database = sqlite3.Connection(*arguments, **options)
    database.execute("PRAGMA max_page_count = 4")
    return database


def test_a_full_disk_is_said_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = UserDigitStore(tmp_path)
    one = store.keep(SEVEN, 7)
    before = file_of(tmp_path).read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect_to_a_full_disk)
        with refused(DrawingError, match=r"digits\.sqlite3: the disk is full; free some"):
            store.keep(drawing(1, 1_000), 1)
    assert file_of(tmp_path).read_bytes() == before
    two = store.keep(drawing(2), 2)
    assert store.read().digits == (one, two)


# Keeps one digit, then has the system let no file grow beyond 100 kB, and keeps a larger one.
NO_MORE = """
import resource, sys
from pathlib import Path
from mnist_gui.engine.digits.store import UserDigitStore
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.errors import DrawingError
from mnist_gui.words.errors import sentence

store = UserDigitStore(Path(sys.argv[1]))
kept = store.keep(Drawing((Stroke([[0.1, 0.2]]),)), 3)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    store.keep(Drawing((Stroke([[0.1, 0.2]] * 10_000),)), 3)
except DrawingError as error:
    print(sentence(error))
assert store.read().digits == (kept,)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits as POSIX has them")
def test_a_disk_that_fails_to_take_it_is_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", NO_MORE, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.endswith("the disk failed (disk I/O error); check it and its free space.\n")
    assert len(kept_in(tmp_path)) == 1


def test_a_change_of_several_kinds_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    store = UserDigitStore(tmp_path, most_digits=3)
    one, two = keep_some(tmp_path, 2)
    others = tuple(replace(one, digit_id=name) for name in ("another", "a third"))
    change = DigitsChange(before=(one, two), after=(replace(one, label=9), *others))
    store.change(change)
    assert store.read().digits == change.after
    too_many = replace(change, after=(*change.after, replace(one, digit_id="a fourth")))
    store.change(change.undone)
    with refused(DrawingError, match="cannot have more"):
        UserDigitStore(tmp_path, most_digits=2).change(too_many)
    assert set(store.read().digits) == {one, two}


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "sub"):
        with refused(DrawingError, match="part of its path is not a folder"):
            UserDigitStore(folder).keep(SEVEN, 7)


@contextmanager
def without_roots_rights() -> Iterator[None]:
    """Let the superuser be nobody in particular, as whom most programs run anyway."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="rights as POSIX has them")
def test_a_folder_that_cannot_be_written_to_can_still_be_read() -> None:
    # The folder for tests' files is closed to others.
    folder = Path(tempfile.mkdtemp())
    try:
        [digit] = keep_some(folder, 1)
        file_of(folder).chmod(0o666)
        folder.chmod(0o555)
        before = file_of(folder).read_bytes()
        with without_roots_rights():
            assert kept_in(folder) == (digit,)
            with refused(DrawingError, match="permission is denied"):
                UserDigitStore(folder).keep(SEVEN, 7)
        file_of(folder).chmod(0o444)
        with without_roots_rights():
            assert kept_in(folder) == (digit,)
            with refused(DrawingError, match="permission is denied"):
                UserDigitStore(folder).keep(SEVEN, 7)
        assert file_of(folder).read_bytes() == before
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_lock_that_never_comes_free_is_said(tmp_path: Path) -> None:
    store = UserDigitStore(tmp_path, wait_seconds=0.05)
    one = store.keep(SEVEN, 7)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert store.read().digits == (one,)
        with refused(DrawingError, match="keeps it locked; close that"):
            store.keep(SEVEN, 7)


def test_threads_that_keep_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    def keep(number: int) -> str:
        return UserDigitStore(tmp_path).keep(drawing(number), number % 10).digit_id

    with ThreadPoolExecutor(4) as pool:
        digit_ids = set(pool.map(keep, range(24)))
    assert {digit.digit_id for digit in kept_in(tmp_path)} == digit_ids


# Prints the ID of each digit once it is kept; every third it deletes again.
WRITER = """
import sys
from pathlib import Path
from mnist_gui.engine.digits.model import DigitsChange
from mnist_gui.engine.digits.store import UserDigitStore
from mnist_gui.engine.drawing import Drawing, Stroke

store = UserDigitStore(Path(sys.argv[1]))
drawing = Drawing((Stroke([[0.1, 0.2], [0.3, 0.4]] * 200),))
while True:
    one, two, three = (store.keep(drawing, label) for label in range(3))
    store.change(DigitsChange(before=(three,)))
    print(one.digit_id, two.digit_id, flush=True)
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
        said += "".join(writer.stdout.readline() for _ in range(5)).split()
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
        said += writer.communicate()[0].split()
    store = UserDigitStore(tmp_path)
    assert set(said) <= {digit.digit_id for digit in store.read().digits}
    one_more = store.keep(SEVEN, 7)
    assert one_more in kept_in(tmp_path)


# --- files that are not ours ---------------------------------------------------------------------


def assert_refused(folder: Path, reason: str) -> None:
    """Reading and writing say the same in one sentence, and leave everything as it is."""
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for use in (UserDigitStore(folder).read, lambda: UserDigitStore(folder).keep(SEVEN, 7)):
        with refused(DrawingError, match=reason) as caught:
            use()
        assert str(file_of(folder)) in sentence(caught.value)
        assert sentence(caught.value).count(". ") == 0
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


DAMAGED = "it is damaged or of another program; move it elsewhere"


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE more (a)",
        "CREATE VIEW more AS SELECT 1",
        "CREATE TRIGGER more AFTER DELETE ON digits BEGIN DELETE FROM digits; END",
        "CREATE INDEX more ON digits (label)",
        "ALTER TABLE digits ADD COLUMN more",
        "DROP TABLE digits",
        "PRAGMA application_id = 0",
        "PRAGMA user_version = 0",
    ],
)
def test_a_database_that_is_not_as_ours_is_refused(tmp_path: Path, change: str) -> None:
    keep_some(tmp_path, 1)
    run_sql(tmp_path, change)
    assert_refused(tmp_path, DAMAGED)


def test_a_view_in_place_of_the_table_is_never_evaluated(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x FROM n"
    run_sql(tmp_path, f"CREATE VIEW digits AS {endless}", "PRAGMA user_version = 1")
    assert_refused(tmp_path, DAMAGED)


def test_a_newer_version_of_ours_is_said(tmp_path: Path) -> None:
    keep_some(tmp_path, 1)
    run_sql(tmp_path, "ALTER TABLE digits ADD COLUMN more", "PRAGMA user_version = 2")
    assert_refused(tmp_path, "a newer version of this program has made it")


@pytest.mark.parametrize(
    "content", [b"no database", b"SQLite format 3\0" + bytes(4_000), bytes(8_192)]
)
def test_any_other_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file_of(tmp_path).write_bytes(content)
    assert_refused(tmp_path, DAMAGED)


def test_a_schema_that_is_not_in_utf_8_is_refused(tmp_path: Path) -> None:
    keep_some(tmp_path, 1)
    content = file_of(tmp_path).read_bytes()
    file_of(tmp_path).write_bytes(
        content.replace(b"CREATE TABLE digits", b"CREATE \xff\xffBLE digits")
    )
    assert_refused(tmp_path, DAMAGED)


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    file_of(tmp_path).touch()
    assert kept_in(tmp_path) == ()
    keep_some(tmp_path, 1)
    assert len(kept_in(tmp_path)) == 1


FACTS: dict[str, tuple[str, object]] = {
    "label above nine": ("label", 10),
    "label in words": ("label", "seven"),
    "identity of bytes": ("identity", b"\xff"),
    "no lengths": ("lengths", b""),
    "a stroke without points": ("lengths", struct.pack("<2I", 0, 3)),
    "more points than there are": ("lengths", struct.pack("<I", 4)),
    "lengths beyond counting": ("lengths", b"\xff" * 400),
    "half a length": ("lengths", b"\x03\0\0"),
    "lengths of text": ("lengths", "text"),
    "half a point": ("points", bytes(50)),
    "points of a number": ("points", 7),
    "infinite points": ("points", struct.pack("<2fdf", np.inf, 0, 0, 0) * 3),
    "points that are not numbers": ("points", bytes.fromhex("010080ff") * 15),
    "times for some points": ("points", struct.pack("<2fdf", 0, 0, np.nan, 0) + bytes(40)),
    "times that go back": ("points", struct.pack("<2fdf", 0, 0, 1, 0) + bytes(40)),
    "pressures above one": ("points", struct.pack("<2fdf", 0, 0, 0, 2) * 3),
}


@pytest.mark.parametrize("case", FACTS)
def test_a_digit_that_this_program_would_not_write_is_refused(tmp_path: Path, case: str) -> None:
    column, value = FACTS[case]
    UserDigitStore(tmp_path).keep(SEVEN, 7)
    run_sql(tmp_path, f"UPDATE digits SET {column} = :value", value=value)
    with refused(DrawingError, match=DAMAGED):
        kept_in(tmp_path)


def test_a_text_that_is_not_in_utf_8_is_refused(tmp_path: Path) -> None:
    keep_some(tmp_path, 1)
    run_sql(tmp_path, "UPDATE digits SET network = CAST(x'ff' AS TEXT)")
    with refused(DrawingError, match=DAMAGED):
        kept_in(tmp_path)


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", b"x"])
def test_a_time_that_some_time_zones_do_not_have_is_forgotten(tmp_path: Path, time: object) -> None:
    keep_some(tmp_path, 1)
    run_sql(tmp_path, "UPDATE digits SET time = :time", time=time)
    (digit,) = kept_in(tmp_path)
    assert digit.time == UNKNOWN_TIME


@pytest.mark.parametrize("network", [b"bytes", "two\nlines"])
def test_a_network_that_is_no_name_is_forgotten(tmp_path: Path, network: object) -> None:
    keep_some(tmp_path, 1)
    statement = "UPDATE digits SET digit = 7, probability = 0.5, network = :network"
    run_sql(tmp_path, statement, network=network)
    (digit,) = kept_in(tmp_path)
    assert digit.read_as == SavedPrediction(7, 0.5, "")


def test_rows_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    UserDigitStore(tmp_path).keep_all([LabelledDrawing(drawing(n, 1_000), n) for n in range(2)])
    content = bytearray(file_of(tmp_path).read_bytes())
    # Each is alone on a page, whose last four bytes tell where it goes on.
    one, other = (at for at in range(0, len(content), 4_096) if content[at] == 13)
    content[one + 4_092 : one + 4_096] = content[other + 4_092 : other + 4_096]
    file_of(tmp_path).write_bytes(content)
    assert_refused(tmp_path, DAMAGED)


# --- what lies beside the database ---------------------------------------------------------------

MAGIC = bytes.fromhex("d9d505f920a163d7")


def journal_that_deletes(victim: Path, database: Path) -> bytes:
    """Return a journal to be rolled back, whose end names a file that SQLite would then delete.

    https://sqlite.org/fileformat2.html#the_rollback_journal
    """
    content, size = database.read_bytes(), 4_096
    header = MAGIC + struct.pack(">5I", 1, 0, len(content) // size, 512, size)
    checksum = sum(content[place] for place in range(size - 200, 0, -200))
    page = struct.pack(">I", 1) + content[:size] + struct.pack(">I", checksum)
    name = str(victim).encode()
    end = struct.pack(">I", (1 << 30) // size + 1) + name
    return header.ljust(512, b"\0") + page + end + struct.pack(">2I", len(name), sum(name)) + MAGIC


def test_no_journal_deletes_another_file(tmp_path: Path) -> None:
    keep_some(tmp_path / "data", 1)
    victim, database = tmp_path / "victim", file_of(tmp_path / "data")
    victim.write_text("victim")
    journal = database.with_name(f"{FILE_NAME}-journal")
    journal.write_bytes(journal_that_deletes(victim, database))
    assert_refused(tmp_path / "data", f"{journal.name} is not of this program; move it elsewhere")
    assert victim.exists()
    # What SQLite alone would do. If it does so no longer, our check can go.
    run_sql(tmp_path / "data", "SELECT * FROM digits")
    assert not victim.exists()


def link(path: Path) -> None:
    path.symlink_to(path.parents[1] / "outside")


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes as POSIX has them")
@pytest.mark.parametrize("make", [link, os.mkfifo, Path.mkdir])
@pytest.mark.parametrize("end", ["-journal", "-wal", "-shm"])
def test_nothing_is_written_through_what_lies_beside_it(
    tmp_path: Path, end: str, make: Callable[[Path], None]
) -> None:
    keep_some(tmp_path / "data", 1)
    (tmp_path / "outside").write_text("outside")
    make(tmp_path / "data" / (FILE_NAME + end))
    assert_refused(tmp_path / "data", f"{FILE_NAME}{end} is not of this program")
    assert (tmp_path / "outside").read_text() == "outside"


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes as POSIX has them")
@pytest.mark.parametrize(
    ("make", "reason"),
    [(link, "it is a link"), (os.mkfifo, "not an ordinary file"), (Path.mkdir, "it is a folder")],
)
def test_a_file_that_is_none_is_refused(
    tmp_path: Path, make: Callable[[Path], None], reason: str
) -> None:
    keep_some(tmp_path)
    file_of(tmp_path).rename(tmp_path / "outside")
    (tmp_path / "data").mkdir()
    make(file_of(tmp_path / "data"))
    assert_refused(tmp_path / "data", reason)


# --- damage --------------------------------------------------------------------------------------

FOUR = [
    UserDigit(f"{number}" * 32, drawing(number), number, datetime(2026, 1, 2, tzinfo=UTC))
    for number in range(4)
]


@settings(max_examples=50, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=3)), max_size=5
    ),
    end=st.none() | st.floats(0, 1),
    is_journal=st.booleans(),
)
def test_however_a_file_is_damaged_it_is_read_or_left_as_it_is(
    tmp_path_factory: pytest.TempPathFactory,
    changes: list[tuple[float, bytes]],
    end: float | None,
    is_journal: bool,
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = file_of(folder)
    UserDigitStore(folder).change(DigitsChange(after=tuple(FOUR)))
    if is_journal:
        path = path.with_name(f"{FILE_NAME}-journal")
        path.write_bytes(journal_that_deletes(folder, file_of(folder))[:-16])
    content = path.read_bytes()
    for place, put in changes:
        at = int(place * len(content))
        content = content[:at] + put + content[at + len(put) :]
    content = content[: None if end is None else int(end * len(content))]
    path.write_bytes(content)
    store = UserDigitStore(folder)
    try:
        found = store.read().digits
    except DrawingError:
        found = None
    before = path.read_bytes() if path.exists() else b""
    try:
        more = store.keep(SEVEN, 7)
    except DrawingError:
        assert (path.read_bytes() if path.exists() else b"") == before
    else:
        assert found is not None
        assert store.read().digits == (*found, more)
