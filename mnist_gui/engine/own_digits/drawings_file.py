"""Files of drawings: JSON Lines, one drawing a line, or JSON, one drawing or a list of them.

Files of kept digits are files of drawings as well: what was deleted from them is left out.
"""

import errno
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.files.atomic_file import replace_file
from mnist_gui.engine.files.durable_append import append_lines
from mnist_gui.engine.files.regular_file import explain, read_bounded
from mnist_gui.engine.own_digits.digit_ledger import DigitLedger
from mnist_gui.engine.own_digits.digit_log import Entry, parse_entry
from mnist_gui.engine.own_digits.kept_digit import Fault
from mnist_gui.engine.strokes import LabelledDrawing, format_drawing

_MOST_BYTES = 256 << 20
# JSON takes up to 24 times its bytes until it is known what it holds.
_MOST_JSON_BYTES = 32 << 20
_MOST_LINE_BYTES = 4 << 20
# A drawing takes about a kilobyte, as does what is said of a line that is none.
_MOST_DRAWINGS = 250_000


@dataclass(frozen=True, slots=True)
class DrawingsFound:
    """What a file of drawings holds, and what is wrong with it, each with a line's number.

    `faults` names what cannot be used; it is left out. `repeats` names drawings that came before
    in the same file; they are not left out. In a `.json` file a drawing's place counts as its
    line.
    """

    ledger: DigitLedger
    faults: tuple[Fault, ...]

    @property
    def drawings(self) -> list[LabelledDrawing]:
        """The good drawings in the file's order, labelled or not."""
        return [entry.labelled for entry in self.ledger.kept.values()]

    @property
    def repeats(self) -> tuple[Fault, ...]:
        """The drawings that came before."""
        return self.ledger.repeats()


def read_drawings(path: Path) -> list[LabelledDrawing]:
    """Read the drawings in a `.json` file, or in a JSON Lines file of any other name.

    Empty lines are skipped; a file without any drawing gives an empty list. Raises DrawingError,
    naming the file, and the line or drawing, and what is wrong.
    """
    found = find_drawings(path)
    if found.faults:
        raise DrawingError(name_fault(path, found.faults[0]))
    return found.drawings


def find_drawings(path: Path) -> DrawingsFound:
    """Read what can be read of a file of drawings, and name what cannot.

    Raises DrawingError for a file that cannot be opened, and for a `.json` file that is not JSON.
    """
    try:
        if _is_json(path):
            records = _records(path, read_bounded(path, _MOST_JSON_BYTES))
            return _follow(enumerate(records, start=1), parse_entry)
        return _follow(number_lines(read_lines(path)), parse_line)
    except OSError as error:
        raise DrawingError(f"The drawings {path} cannot be read: {explain(error)}.") from error


def write_drawings(path: Path, drawings: Sequence[LabelledDrawing]) -> None:
    """Write a file that `read_drawings` reads; raises DrawingError, which leaves the old file."""
    write_records(path, [format_drawing(drawing) for drawing in drawings])


def add_drawing(path: Path, drawing: LabelledDrawing) -> None:
    """Add a drawing to the end of a JSON Lines file, whatever else is in it.

    Raises DrawingError, which leaves the file as it was, and for a `.json` file, which has no end
    to add to.
    """
    if _is_json(path):
        raise DrawingError(f"{path} is one JSON text; choose a .jsonl file to add drawings to.")
    try:
        append_lines(path, format_drawing(drawing).encode() + b"\n")
    except OSError as error:
        raise DrawingError(f"The drawing cannot be added to {path}: {explain(error)}.") from error


def write_records(path: Path, texts: Sequence[str]) -> None:
    """Write such a file of drawings that are texts of JSON already; raises as `write_drawings`."""
    if _is_json(path):
        content = "[\n" + ",\n".join(texts) + "\n]\n"
    else:
        content = "".join(text + "\n" for text in texts)
    try:
        replace_file(path, content.encode())
    except OSError as error:
        raise DrawingError(
            f"The drawings cannot be written to {path}: {explain(error)}."
        ) from error


def name_fault(path: Path, fault: Fault) -> str:
    """Return the fault's sentence with its place in the file."""
    part = "drawing" if _is_json(path) else "line"
    return f"{path}, {part} {fault.line}: {fault.reason}"


def read_lines(path: Path) -> bytes:
    """Return the content of a JSON Lines file; raises OSError, EFBIG if that is too much."""
    content = read_bounded(path, _MOST_BYTES)
    if content.count(b"\n") > _MOST_DRAWINGS:
        raise _too_many(path, "lines")
    return content


def number_lines(content: bytes, first: int = 1) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not empty, without their ends, with their numbers."""
    for number, line in enumerate(content.split(b"\n"), start=first):
        if line.strip():
            yield number, line


def parse_line(line: bytes) -> Entry:
    """Read one line; raises DrawingError, saying what is wrong with it."""
    if len(line) > _MOST_LINE_BYTES:
        raise DrawingError("This line is too long to be one drawing; split it up.")
    return parse_entry(_decoded(line))


def _is_json(path: Path) -> bool:
    return path.suffix.lower() == ".json"


def _follow(numbered: Iterable[tuple[int, Any]], parse: Any) -> DrawingsFound:
    ledger, faults = DigitLedger(), []
    for number, record in numbered:
        try:
            ledger.follow(number, parse(record))
        except DrawingError as error:
            faults.append(Fault(number, str(error)))
    return DrawingsFound(ledger, tuple(faults))


def _records(path: Path, content: bytes) -> list[Any]:
    try:
        whole = _decoded(content)
    except DrawingError as error:
        raise DrawingError(f"{path}: {error}") from error
    records = whole if isinstance(whole, list) else [whole]
    if len(records) > _MOST_DRAWINGS:
        raise _too_many(path, "drawings")
    return records


def _too_many(path: Path, what: str) -> OSError:
    return OSError(errno.EFBIG, f"it has more than {_MOST_DRAWINGS:,} {what}; split it up", path)


def _decoded(content: bytes) -> Any:
    try:
        return json.loads(content, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        where = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno}"
        raise DrawingError(
            f"This is not JSON, {error.msg[:1].lower()}{error.msg[1:]} at {where}; "
            "mend it or leave it out."
        ) from error
    except UnicodeDecodeError as error:
        raise DrawingError("This is not text in UTF-8; mend it or leave it out.") from error
    except ValueError as error:
        raise DrawingError(f"{error}; mend it or leave it out.") from error
    except RecursionError as error:
        raise DrawingError("This is nested too deeply to be a drawing.") from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number that a point can have")
