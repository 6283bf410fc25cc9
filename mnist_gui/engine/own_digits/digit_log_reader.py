"""Reads a growing file of kept digits: each time only what has been added since."""

from hashlib import sha256
from pathlib import Path

from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.own_digits.digit_ledger import DigitLedger
from mnist_gui.engine.own_digits.digit_log import Entry, Kept
from mnist_gui.engine.own_digits.drawings_file import number_lines, parse_line, read_lines
from mnist_gui.engine.own_digits.kept_digit import DigitsKept, Fault, KeptDigit


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

    def read(self) -> DigitsKept:
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
        return DigitsKept(_digits(self._ledger), tuple(self._faults))

    def _forget(self) -> None:
        self._ledger = DigitLedger()
        self._faults: list[Fault] = []
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
                self._faults.append(Fault(number, reason))
        self._next_line += added.count(b"\n")


def _labelled_entry(line: bytes) -> Entry:
    entry = parse_line(line)
    if isinstance(entry, Kept) and entry.labelled.label is None:
        raise DrawingError("The drawing has no label.")
    return entry


def _digits(ledger: DigitLedger) -> tuple[KeptDigit, ...]:
    return tuple(
        KeptDigit(identity, entry.labelled.drawing, label, entry.time, entry.read_as)
        for identity, entry in ledger.kept.items()
        if (label := entry.labelled.label) is not None
    )
