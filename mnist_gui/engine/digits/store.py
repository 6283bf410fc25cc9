"""The store of the user's digits, on disk."""

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.digits.files import (
    Deleted,
    DigitLedger,
    Entry,
    Kept,
    Relabelled,
    as_stored,
    find_drawings,
    format_entry,
    number_lines,
    parse_line,
    read_lines,
    write_records,
)
from mnist_gui.engine.digits.model import (
    UNKNOWN_TIME,
    DigitsChange,
    Imported,
    LineError,
    SavedPrediction,
    Tidied,
    UserDigit,
    UserDigitPredictions,
    UserDigits,
    same_points,
)
from mnist_gui.engine.drawing import Drawing, LabelledDrawing
from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.io.files import append_lines, explain, locked, replace_file, sync_folder
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.preprocessing import MADE_AT_ONCE, preprocess_all
from mnist_gui.engine.snapshot import Snapshot

FILE_NAME = "my-digits.jsonl"
UNREADABLE_NAME = "my-digits-unreadable.jsonl"
_LOCK_NAME = "my-digits.lock"
_LONGEST_WAIT_SECONDS = 10.0
# A file is rewritten when this many of its lines, and more than half, no longer count.
_MOST_SPENT_LINES = 1_000


class DigitLogReader:
    """Follows one file; where it was rewritten or edited, reads it from its start."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = 0
        self._known = sha256().digest()
        self._forget()

    @property
    def spent(self) -> int:
        """How many lines there are beyond one for each digit."""
        return self._next_line - 1 - len(self._ledger.kept)

    def read(self) -> UserDigits:
        """Return what the file holds now; raises OSError, EFBIG if that is too much."""
        content = read_lines(self._path)
        # To check what is known takes a hundredth of the time of reading it again.
        known = sha256(memoryview(content)[: self._position])
        if known.digest() != self._known:
            self._forget()
            known = sha256()
        added = content[self._position :]
        self._follow(added)
        known.update(added)
        self._known = known.digest()
        self._position = len(content)
        return UserDigits(_digits(self._ledger), tuple(self._faults))

    def _forget(self) -> None:
        self._ledger = DigitLedger()
        self._faults: list[LineError] = []
        self._position = 0
        self._known = sha256().digest()
        self._next_line = 1

    def _follow(self, added: bytes) -> None:
        for number, line in number_lines(added, self._next_line):
            try:
                self._ledger.follow(number, _labelled_entry(line))
            except DrawingError as error:
                # Only a program that died while it wrote leaves a line without its end.
                is_cut = added.endswith(line)
                reason = "This line was cut short while it was written." if is_cut else str(error)
                self._faults.append(LineError(number, reason))
        self._next_line += added.count(b"\n")


def _labelled_entry(line: bytes) -> Entry:
    entry = parse_line(line)
    if isinstance(entry, Kept) and entry.labelled.label is None:
        raise DrawingError("The drawing has no label.")
    return entry


def _digits(ledger: DigitLedger) -> tuple[UserDigit, ...]:
    return tuple(
        UserDigit(identity, entry.labelled.drawing, label, entry.time, entry.read_as)
        for identity, entry in ledger.kept.items()
        if (label := entry.labelled.label) is not None
    )


class UserDigitStore:
    """Keeps labelled drawings in a folder, which is made when the first one is kept.

    Whatever a method has changed when it returns is on the disk. Several programs and threads may
    use one folder at the same time, each with a UserDigitStore of its own. Every method raises
    DrawingError, saying what is wrong and what to do, and has then changed nothing.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._reader = DigitLogReader(self.path)

    def read(self) -> UserDigits:
        """Return all that is kept now, also what other windows have kept."""
        if not self.path.exists():
            return UserDigits()
        with self._explained("read"), self._turn(only_reads=True):
            return self._reader.read()

    def keep(
        self, drawing: Drawing, label: int, read_as: SavedPrediction | None = None
    ) -> UserDigit:
        """Keep a drawing that has strokes as a digit 0..9; returns it as it was written."""
        return self.keep_all([LabelledDrawing(drawing, label)], read_as)[0]

    def keep_all(
        self, drawings: Sequence[LabelledDrawing], read_as: SavedPrediction | None = None
    ) -> tuple[UserDigit, ...]:
        """Keep drawings, each with strokes and a label, in one step."""
        now = datetime.now(UTC)
        digits = tuple(_kept_now(labelled, now, read_as) for labelled in drawings)
        self.restore(digits)
        return digits

    def restore(self, digits: Sequence[UserDigit]) -> None:
        """Keep digits again, as they were, under their identities: what undoes a deletion."""
        self._append([format_entry(digit) for digit in digits])

    def relabel(self, identities: Sequence[str], label: int) -> None:
        """Say that these digits are another one; identities that are not kept change nothing."""
        if not 0 <= label <= 9:
            raise DrawingError(f"The label is {label!r}; it must be a digit from 0 to 9.")
        self._append([format_entry(Relabelled(identity, label)) for identity in identities])

    def delete(self, identities: Sequence[str]) -> None:
        """Keep these digits no longer; identities that are not kept change nothing."""
        self._append([format_entry(Deleted(identity)) for identity in identities])

    def change(self, change: DigitsChange) -> None:
        """Keep, relabel and delete digits as a change says, or as one that takes it back does."""
        # In one step: half of a change would be none that could be taken back.
        entries: list[UserDigit | Relabelled | Deleted] = list(change.added)
        for label, identities in change.relabelled.items():
            entries += [Relabelled(identity, label) for identity in identities]
        entries += [Deleted(digit.identity) for digit in change.deleted]
        self._append([format_entry(entry) for entry in entries])

    def tidy(self) -> Tidied | None:
        """Rewrite the file where much in it no longer counts, or something cannot be read.

        Lines that cannot be read are first put into the file UNREADABLE_NAME beside it; only then
        is there something to return.
        """
        if not self.path.exists():
            return None
        with self._explained("tidied"), self._turn():
            kept = self._reader.read()
            if kept.faults:
                return self._move_faults(kept)
            if self._reader.spent > max(_MOST_SPENT_LINES, len(kept.digits)):
                self._rewrite(kept)
            return None

    def _move_faults(self, kept: UserDigits) -> Tidied:
        unreadable = self.path.with_name(UNREADABLE_NAME)
        lines = dict(number_lines(self.path.read_bytes()))
        broken = [lines[fault.line] for fault in kept.faults if fault.line in lines]
        append_lines(unreadable, b"".join(line + b"\n" for line in broken))
        self._rewrite(kept)
        return Tidied(kept.faults, unreadable)

    def _rewrite(self, kept: UserDigits) -> None:
        replace_file(self.path, _joined([format_entry(digit) for digit in kept.digits]))
        sync_folder(self.path.parent)

    def _append(self, lines: Sequence[str]) -> None:
        if not lines:
            return
        with self._explained("written to"):
            _make_folder(self.path.parent)
            with self._turn():
                append_lines(self.path, _joined(lines))

    @contextmanager
    def _turn(self, *, only_reads: bool = False) -> Iterator[None]:
        lock = locked(self.path.with_name(_LOCK_NAME), wait_seconds=_LONGEST_WAIT_SECONDS)
        with ExitStack() as stack:
            try:
                stack.enter_context(lock)
            except OSError as error:
                # In a folder that cannot be written to, nothing changes while it is read.
                if not only_reads or error.errno not in (errno.EACCES, errno.EROFS):
                    raise
            yield

    @contextmanager
    def _explained(self, done: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise DrawingError(
                f"Your digits cannot be {done} in {self.path}: {explain(error)}."
            ) from error


def _make_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    folder.mkdir(parents=True, exist_ok=True)


def _kept_now(
    labelled: LabelledDrawing, now: datetime, read_as: SavedPrediction | None
) -> UserDigit:
    # As it is written, so that what is kept equals what is read later.
    stored = as_stored(labelled)
    if stored.label is None:
        raise DrawingError("A drawing must have a label from 0 to 9 to be kept as your digit.")
    return UserDigit(uuid4().hex, stored.drawing, stored.label, now, read_as)


def _joined(lines: Sequence[str]) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


def import_digits(store: UserDigitStore, path: Path) -> Imported:
    """Keep a file's labelled drawings, each once; raises DrawingError, and keeps none then."""
    found = find_drawings(path)
    entries = list(found.ledger.kept.values())
    labelled = [entry for entry in entries if entry.labelled.label is not None]
    if not labelled:
        raise DrawingError(f'{path} has no labelled drawing; give each a "label" from 0 to 9.')
    known = {same_points(digit.drawing) for digit in store.read().digits}
    digits = []
    for entry in labelled:
        points = same_points(entry.labelled.drawing)
        if points not in known:
            known.add(points)
            digits.append(_new(entry))
    store.restore(digits)
    return Imported(
        path,
        tuple(digits),
        already_there=len(labelled) - len(digits),
        unlabelled=len(entries) - len(labelled),
        faults=found.faults,
    )


def export_digits(path: Path, digits: Sequence[UserDigit]) -> None:
    """Write digits with all that is known of them; raises DrawingError, leaving the old file."""
    write_records(path, [format_entry(digit) for digit in digits])


def _new(entry: Kept) -> UserDigit:
    # Another name than in its file, which may be one that was deleted here.
    stored = as_stored(entry.labelled)
    assert stored.label is not None
    digit = UserDigit(uuid4().hex, stored.drawing, stored.label, entry.time, entry.read_as)
    known = entry.time != UNKNOWN_TIME
    return digit if known else replace(digit, time=datetime.now(UTC))


class UserDigitClassifier:
    """Reads kept digits as the canvas' are read; to be used by one thread only.

    Images are kept by the digits' identities, whose strokes never change: 784 bytes each.
    """

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._classifier = classifier or Classifier()
        self._images: dict[str, NDArray[np.uint8]] = {}

    def read(
        self, snapshot: Snapshot, digits: Sequence[UserDigit]
    ) -> Iterator[UserDigitPredictions]:
        """Yield readings that cover ever more of the digits, MADE_AT_ONCE more each time."""
        known: dict[str, NDArray[np.float32]] = {}
        for at in range(0, len(digits), MADE_AT_ONCE):
            part = digits[at : at + MADE_AT_ONCE]
            known |= self.read_part(snapshot, part)
            yield UserDigitPredictions(snapshot.recipe.name, snapshot.step, dict(known))

    def read_part(
        self, snapshot: Snapshot, digits: Sequence[UserDigit]
    ) -> dict[str, NDArray[np.float32]]:
        """Return the ten probabilities of each of some digits, at least one, by identity."""
        shares = self._classifier.probabilities(snapshot, self.images(digits))
        return dict(zip((digit.identity for digit in digits), shares, strict=True))

    def know(self, images: Mapping[str, NDArray[np.uint8]]) -> None:
        """Take over images that were made elsewhere, by their digits' identities."""
        self._images |= images

    def images(self, digits: Sequence[UserDigit]) -> NDArray[np.uint8]:
        """Return the images (n, 28, 28) that a network sees of at least one digit."""
        missing = [digit for digit in digits if digit.identity not in self._images]
        if missing:
            made = preprocess_all([digit.drawing for digit in missing])
            self._images |= zip((digit.identity for digit in missing), made, strict=True)
        return np.stack([self._images[digit.identity] for digit in digits])
