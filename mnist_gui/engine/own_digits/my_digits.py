"""The user's own digits, kept in a file that survives crashes, full disks and two windows."""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.files.atomic_file import replace_file
from mnist_gui.engine.files.durable_append import append_lines, sync_folder
from mnist_gui.engine.files.file_lock import locked
from mnist_gui.engine.files.regular_file import explain
from mnist_gui.engine.own_digits.digit_changes import DigitsChange, Tidied
from mnist_gui.engine.own_digits.digit_log import Deleted, Relabelled, as_stored, format_entry
from mnist_gui.engine.own_digits.digit_log_reader import DigitLogReader
from mnist_gui.engine.own_digits.drawings_file import number_lines
from mnist_gui.engine.own_digits.kept_digit import DigitsKept, KeptDigit, ReadAs
from mnist_gui.engine.strokes import Drawing, LabelledDrawing

FILE_NAME = "my-digits.jsonl"
UNREADABLE_NAME = "my-digits-unreadable.jsonl"
_LOCK_NAME = "my-digits.lock"
_LONGEST_WAIT_SECONDS = 10.0
# A file is rewritten when this many of its lines, and more than half, no longer count.
_MOST_SPENT_LINES = 1_000


class MyDigits:
    """Keeps labelled drawings in a folder, which is made when the first one is kept.

    Whatever a method has changed when it returns is on the disk. Several programs and threads may
    use one folder at the same time, each with a MyDigits of its own. Every method raises
    DrawingError, saying what is wrong and what to do, and has then changed nothing.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._reader = DigitLogReader(self.path)

    def read(self) -> DigitsKept:
        """Return all that is kept now, also what other windows have kept."""
        if not self.path.exists():
            return DigitsKept()
        with self._explained("read"), self._turn(only_reads=True):
            return self._reader.read()

    def keep(self, drawing: Drawing, label: int, read_as: ReadAs | None = None) -> KeptDigit:
        """Keep a drawing that has strokes as a digit 0..9; returns it as it was written."""
        return self.keep_all([LabelledDrawing(drawing, label)], read_as)[0]

    def keep_all(
        self, drawings: Sequence[LabelledDrawing], read_as: ReadAs | None = None
    ) -> tuple[KeptDigit, ...]:
        """Keep drawings, each with strokes and a label, in one step."""
        now = datetime.now(UTC)
        digits = tuple(_kept_now(labelled, now, read_as) for labelled in drawings)
        self.restore(digits)
        return digits

    def restore(self, digits: Sequence[KeptDigit]) -> None:
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
        entries: list[KeptDigit | Relabelled | Deleted] = list(change.added)
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

    def _move_faults(self, kept: DigitsKept) -> Tidied:
        unreadable = self.path.with_name(UNREADABLE_NAME)
        lines = dict(number_lines(self.path.read_bytes()))
        broken = [lines[fault.line] for fault in kept.faults if fault.line in lines]
        append_lines(unreadable, b"".join(line + b"\n" for line in broken))
        self._rewrite(kept)
        return Tidied(kept.faults, unreadable)

    def _rewrite(self, kept: DigitsKept) -> None:
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


def _kept_now(labelled: LabelledDrawing, now: datetime, read_as: ReadAs | None) -> KeptDigit:
    # As it is written, so that what is kept equals what is read later.
    stored = as_stored(labelled)
    if stored.label is None:
        raise DrawingError("A drawing must have a label from 0 to 9 to be kept as your digit.")
    return KeptDigit(uuid4().hex, stored.drawing, stored.label, now, read_as)


def _joined(lines: Sequence[str]) -> bytes:
    return "".join(line + "\n" for line in lines).encode()
