"""The store of the user's digits: one SQLite database in the data folder."""

import errno
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.digits.files import (
    DrawingEntry,
    format_entry,
    parse_entry,
    read_drawings_leniently,
    write_records,
)
from mnist_gui.engine.digits.model import (
    UNKNOWN_TIME,
    DigitsChange,
    Imported,
    SavedPrediction,
    UserDigit,
    UserDigitPredictions,
    UserDigits,
    same_points,
)
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke, parse_label
from mnist_gui.engine.errors import DrawingError, FileFormatError
from mnist_gui.engine.io.files import check_writable
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.preprocessing import MADE_AT_ONCE, preprocess_all
from mnist_gui.engine.snapshot import Snapshot

FILE_NAME = "digits.sqlite3"
_MOST_BYTES = 256 << 20
_MOST_DIGITS = 250_000
_MOST_DRAWING_BYTES = 16 << 20
_MOST_SCHEMA_BYTES = 4 << 10
_LONGEST_WAIT_SECONDS = 10.0

# "mnst"; see https://sqlite.org/fileformat2.html#application_id.
_APPLICATION = 0x6D6E7374
_VERSION = 1
# `digit`, `probability` and `network` are the prediction when the digit was saved, or null.
# `lengths` has the number of points of each stroke, `points` those of all strokes in order.
_TABLE = """CREATE TABLE digits (
    number INTEGER PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE,
    label INTEGER NOT NULL,
    time TEXT,
    digit INTEGER,
    probability REAL,
    network TEXT,
    lengths BLOB NOT NULL,
    points BLOB NOT NULL
)"""
_SCHEMA = [("table", "digits", _TABLE), ("index", "sqlite_autoindex_digits_1", None)]
_OURS = (_APPLICATION, _VERSION, _SCHEMA)
_NEW = (0, 0, list[Any]())
_FACTS = (
    "SELECT * FROM pragma_page_count, pragma_page_size, pragma_application_id, pragma_user_version"
)
_COLUMNS = "identity, label, time, digit, probability, network, lengths, points"
_INSERT = f"INSERT OR REPLACE INTO digits ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_LENGTH = np.dtype("<u4")
# Times and pressures of a stroke that has none are NaN.
_POINT = np.dtype([("place", "<f4", 2), ("time", "<f8"), ("pressure", "<f4")])

# A journal with this end names a file that SQLite deletes after it has rolled back; ours never do.
_NAMES_A_FILE = bytes.fromhex("d9d505f920a163d7")
_ERRNOS = {
    sqlite3.SQLITE_BUSY: errno.EBUSY,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_READONLY: errno.EACCES,
}

_Row = tuple[Any, ...]


class UserDigitStore:
    """Stores user digits in a folder, which is made for the first one.

    Changes are on the disk when a method returns. Several programs and threads may use one folder
    at a time, each with its own UserDigitStore. Every method raises DrawingError, and has then
    changed nothing.
    """

    def __init__(
        self,
        folder: Path,
        *,
        most_bytes: int = _MOST_BYTES,
        most_digits: int = _MOST_DIGITS,
        wait_seconds: float = _LONGEST_WAIT_SECONDS,
    ) -> None:
        self.path = folder / FILE_NAME
        self._most_bytes = most_bytes
        self._most_digits = most_digits
        self._wait_seconds = wait_seconds
        self._known: dict[_Row, UserDigit] = {}

    def read(self) -> UserDigits:
        """Return all digits, also those that other windows have saved."""
        if not os.path.lexists(self.path):
            return UserDigits()
        with self._explained(is_writing=False):
            with self._transaction("BEGIN") as database:
                rows = self._rows(database)
            return self._parsed(rows or [])

    def keep(
        self, drawing: Drawing, label: int, read_as: SavedPrediction | None = None
    ) -> UserDigit:
        """Add a drawing that has strokes, with its label 0..9."""
        return self.keep_all([LabelledDrawing(drawing, label)], read_as)[0]

    def keep_all(
        self, drawings: Sequence[LabelledDrawing], read_as: SavedPrediction | None = None
    ) -> tuple[UserDigit, ...]:
        """Add drawings, each with strokes and a label, in one transaction."""
        digits = tuple(_new(DrawingEntry(labelled, read_as=read_as)) for labelled in drawings)
        self.change(DigitsChange(after=digits))
        return digits

    def change(self, change: DigitsChange) -> None:
        """Add, relabel and delete digits in one transaction; digits that are gone stay so."""
        added = [_row(digit) for digit in change.added]
        deleted = [(digit.digit_id,) for digit in change.deleted]
        labels = [
            (parse_label(label), digit_id)
            for label, digit_ids in change.relabelled.items()
            for digit_id in digit_ids
        ]
        if not added and not deleted and not labels:
            return
        with self._explained(is_writing=True):
            self._make_file()
            with self._transaction("BEGIN IMMEDIATE") as database:
                rows = self._rows(database)
                self._parsed(rows or [])  # Do not add to what cannot be read.
                if rows is None:
                    database.execute(_TABLE)
                    database.execute(f"PRAGMA application_id = {_APPLICATION}")
                    database.execute(f"PRAGMA user_version = {_VERSION}")
                database.executemany(_INSERT, added)
                database.executemany("UPDATE digits SET label = ? WHERE identity = ?", labels)
                database.executemany("DELETE FROM digits WHERE identity = ?", deleted)
                self._check_size(database)

    def _parsed(self, rows: list[_Row]) -> UserDigits:
        # Parsing a row takes much longer than a look-up.
        try:
            self._known = {row: self._known.get(row) or _digit(row) for row in rows}
        except (DrawingError, TypeError, ValueError) as error:
            raise FileFormatError("digits-damaged") from error
        return UserDigits(tuple(self._known.values()))

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        """Open the database for one transaction, which is rolled back after an error."""
        self._check_files()
        address = f"{self.path.absolute().as_uri()}?mode=rw"
        opened = sqlite3.connect(address, self._wait_seconds, isolation_level=None, uri=True)
        with closing(opened) as database:
            # See https://sqlite.org/security.html; longer texts once the schema is known.
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_SCHEMA_BYTES)
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA cell_size_check = ON")
            database.execute("PRAGMA mmap_size = 0")
            # Also syncs the folder, so that a deleted journal cannot come back.
            database.execute("PRAGMA synchronous = EXTRA")
            with database:
                database.execute(begin)
                yield database

    def _check_files(self) -> None:
        mode = self.path.lstat().st_mode
        if not S_ISREG(mode):
            code = errno.ELOOP if S_ISLNK(mode) else errno.EISDIR if S_ISDIR(mode) else errno.EINVAL
            raise OSError(code, os.strerror(code), str(self.path))
        for end in ("", "-journal", "-wal", "-shm"):
            path = self.path.with_name(FILE_NAME + end)
            # Another window may have deleted it by now.
            with suppress(FileNotFoundError):
                if path.lstat().st_size > 2 * self._most_bytes or not _is_harmless(path):
                    raise FileFormatError("digits-foreign", name=path.name)

    def _rows(self, database: sqlite3.Connection) -> list[_Row] | None:
        """Return the values of _COLUMNS of each digit; None for a new database.

        Raises FileFormatError for a foreign, damaged or too large database.
        """
        _, _, application, version = database.execute(_FACTS).fetchone()
        if application == _APPLICATION and version > _VERSION:
            raise FileFormatError("digits-newer")
        schema = database.execute("SELECT type, name, sql FROM sqlite_master").fetchmany(3)
        if (application, version, schema) not in (_OURS, _NEW):
            raise FileFormatError("digits-damaged")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * _MOST_DRAWING_BYTES)
        # Damaged rows may share their bytes, and so make a small file almost endless.
        if database.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise FileFormatError("digits-damaged")
        if not schema:
            return None
        self._check_size(database)
        return database.execute(f"SELECT {_COLUMNS} FROM digits ORDER BY number").fetchall()

    def _check_size(self, database: sqlite3.Connection) -> None:
        pages, page_bytes, _, _ = database.execute(_FACTS).fetchone()
        (digits,) = database.execute("SELECT count(*) FROM digits").fetchone()
        if pages * page_bytes > self._most_bytes or digits > self._most_digits:
            raise FileFormatError(
                "digits-too-many", most=self._most_digits, mebibytes=self._most_bytes >> 20
            )

    def _make_file(self) -> None:
        with suppress(FileExistsError):
            self.path.parent.mkdir(parents=True)
        # SQLite would make it readable for others.
        with suppress(FileExistsError):
            self.path.touch(0o600, exist_ok=False)

    @contextmanager
    def _explained(self, *, is_writing: bool) -> Iterator[None]:
        try:
            yield
        # UnicodeDecodeError: SQLite's messages may quote a damaged file.
        except (OSError, FileFormatError, UnicodeDecodeError, sqlite3.Error) as error:
            reason = _reason(error)
            if is_writing and isinstance(error, sqlite3.OperationalError):
                # SQLite does not say why it could not make or write a file.
                reason = _reason_not_to_write(self.path) or reason
            if is_writing:
                raise DrawingError("digits-unwritable", path=self.path, reason=reason) from error
            raise DrawingError("digits-unreadable", path=self.path, reason=reason) from error


def _is_harmless(path: Path) -> bool:
    """Return whether it is a regular file, and no journal that makes SQLite delete another."""
    if not S_ISREG(path.lstat().st_mode) or not path.name.endswith("-journal"):
        return S_ISREG(path.lstat().st_mode)
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, len(_NAMES_A_FILE)), os.SEEK_END)
        return file.read() != _NAMES_A_FILE


def _reason(error: Exception) -> OSError | FileFormatError:
    if isinstance(error, OSError | FileFormatError):
        return error
    # The lowest byte is the kind of error: https://sqlite.org/rescode.html.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code == sqlite3.SQLITE_IOERR:
        return FileFormatError("digits-disk-failed", text=str(error))
    return OSError(_ERRNOS[code], "") if code in _ERRNOS else FileFormatError("digits-damaged")


def _reason_not_to_write(path: Path) -> OSError | None:
    """Return the error of the disk, if any, that writing beside a file ends with."""
    try:
        check_writable(path.with_name(f".{path.name}.tried"))
    except OSError as error:
        return error
    return None


def _row(digit: UserDigit) -> _Row:
    """Return the values of _COLUMNS; raises DrawingError for what could not be read back."""
    strokes = digit.drawing.strokes
    read = digit.read_as
    row = (
        digit.digit_id,
        digit.label,
        None if digit.time == UNKNOWN_TIME else digit.time.isoformat(),
        *((read.digit, read.probability, read.network) if read else (None, None, None)),
        np.array([len(stroke.points) for stroke in strokes], _LENGTH).tobytes(),
        b"".join(_packed(stroke).tobytes() for stroke in strokes),
    )
    if len(row[-1]) > _MOST_DRAWING_BYTES:
        raise DrawingError("digit-too-long")
    _digit(row)
    return row


def _digit(row: _Row) -> UserDigit:
    digit_id, label, time, digit, probability, network, lengths, points = row
    if not isinstance(digit_id, str):
        raise TypeError("the identity is no text")
    counts, every = np.frombuffer(lengths, _LENGTH), np.frombuffer(points, _POINT)
    if counts.sum() != len(every):
        raise ValueError("the strokes have other points than there are")
    ends = np.cumsum(counts, dtype=np.int64)
    strokes = [every[end - count : end] for count, end in zip(counts.tolist(), ends, strict=True)]
    # A signalling NaN causes a warning; it is refused like any other.
    with np.errstate(invalid="ignore"):
        kept = parse_entry(
            {
                "event": "kept",
                "label": parse_label(label),
                "time": time,
                "read": {"digit": digit, "probability": probability, "network": network},
                "strokes": [stroke["place"] for stroke in strokes],
                "times": [_known(stroke["time"]) for stroke in strokes],
                "pressures": [_known(stroke["pressure"]) for stroke in strokes],
            }
        )
    return UserDigit(digit_id, kept.labelled.drawing, label, kept.time, kept.read_as)


def _packed(stroke: Stroke) -> NDArray[np.void]:
    points = np.empty(len(stroke.points), _POINT)
    points["place"] = stroke.points
    points["time"] = np.nan if stroke.times is None else stroke.times
    points["pressure"] = np.nan if stroke.pressures is None else stroke.pressures
    return points


def _known(values: NDArray[Any]) -> NDArray[Any] | None:
    return None if np.isnan(values).all() else values


def import_digits(store: UserDigitStore, path: Path) -> Imported:
    """Add a file's labelled drawings, each once; raises DrawingError, and then adds none."""
    found = read_drawings_leniently(path)
    entries = list(found.entries.values())
    labelled = [entry for entry in entries if entry.labelled.label is not None]
    if not labelled:
        raise DrawingError("drawings-unlabelled", path=path)
    known = {same_points(digit.drawing) for digit in store.read().digits}
    digits = []
    for entry in labelled:
        points = same_points(entry.labelled.drawing)
        if points not in known:
            known.add(points)
            digits.append(_new(entry))
    store.change(DigitsChange(after=tuple(digits)))
    return Imported(
        path,
        tuple(digits),
        already_there=len(labelled) - len(digits),
        unlabelled=len(entries) - len(labelled),
        faults=found.faults,
    )


def export_digits(path: Path, digits: Sequence[UserDigit]) -> None:
    """Write digits with all their data; raises DrawingError, which leaves the old file."""
    write_records(path, [format_entry(digit) for digit in digits])


def _new(entry: DrawingEntry) -> UserDigit:
    """Return a digit with a new id, as a file may have the id of one that was deleted here."""
    label = entry.labelled.label
    if label is None:
        raise DrawingError("digit-unlabelled")
    time = datetime.now(UTC) if entry.time == UNKNOWN_TIME else entry.time
    return UserDigit(uuid4().hex, entry.labelled.drawing, label, time, entry.read_as)


class UserDigitClassifier:
    """Predicts user digits; for one thread only.

    Caches their images by id, 784 bytes each; the strokes of a digit never change.
    """

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._classifier = classifier or Classifier()
        self._images: dict[str, NDArray[np.uint8]] = {}

    def read(
        self, snapshot: Snapshot, digits: Sequence[UserDigit]
    ) -> Iterator[UserDigitPredictions]:
        """Yield the predictions of more and more of the digits, MADE_AT_ONCE at a time."""
        known: dict[str, NDArray[np.float32]] = {}
        for at in range(0, len(digits), MADE_AT_ONCE):
            part = digits[at : at + MADE_AT_ONCE]
            known |= self.predict_part(snapshot, part)
            yield UserDigitPredictions(snapshot.recipe.name, snapshot.step, dict(known))

    def predict_part(
        self, snapshot: Snapshot, digits: Sequence[UserDigit]
    ) -> dict[str, NDArray[np.float32]]:
        """Return the ten probabilities of each digit, at least one, by id."""
        shares = self._classifier.probabilities(snapshot, self.images(digits))
        return dict(zip((digit.digit_id for digit in digits), shares, strict=True))

    def add_images(self, images: Mapping[str, NDArray[np.uint8]]) -> None:
        """Add images that were made elsewhere to the cache, by their digits' ids."""
        self._images |= images

    def images(self, digits: Sequence[UserDigit]) -> NDArray[np.uint8]:
        """Return the images (n, 28, 28) of at least one digit."""
        missing = [digit for digit in digits if digit.digit_id not in self._images]
        if missing:
            made = preprocess_all([digit.drawing for digit in missing])
            self._images |= zip((digit.digit_id for digit in missing), made, strict=True)
        return np.stack([self._images[digit.digit_id] for digit in digits])
