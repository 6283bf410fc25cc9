"""Files of drawings: JSON Lines, one drawing a line, one JSON text, InkML or SVG.

What a file is, is told by what is in it. A user digit is a drawing as `drawing.parse_drawing`
reads it, with more keys:
`{"strokes": [...], "label": 7, "event": "kept", "id": "...", "time": "...", "read": {...}}`.
Drawings of other programs, without that event, are read too, also those that `engine.foreign`
knows, which are fitted into the canvas.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from mnist_gui.engine.digits.model import (
    UNKNOWN_TIME,
    LineError,
    SavedPrediction,
    UserDigit,
    same_points,
)
from mnist_gui.engine.drawing import (
    MOST_STROKES,
    LabelledDrawing,
    check_size,
    drawing_record,
    format_drawing,
    parse_drawing,
)
from mnist_gui.engine.errors import DrawingError, FileFormatError
from mnist_gui.engine.foreign.inkml import ink_drawings, parse_ink_drawing
from mnist_gui.engine.foreign.raw import within_canvas
from mnist_gui.engine.foreign.records import is_pad_drawing, parse_foreign
from mnist_gui.engine.foreign.svg import parse_svg
from mnist_gui.engine.foreign.xml_tree import parse_xml
from mnist_gui.engine.io.archive import is_text, moment
from mnist_gui.engine.io.files import append_lines, read_file_bounded, write_file_atomically

_T = TypeVar("_T")
_MOST_NAME = 200
_MOST_BYTES = 256 << 20
_MOST_WHOLE_BYTES = 32 << 20
# Lists, and objects twice: parsed, they take more memory than all else in JSON.
_MOST_LISTS = 2_000_000
# Some seconds of work, if it is made to take long.
_MOST_XML_BYTES = 8 << 20
_MOST_LINE_BYTES = 4 << 20
# A drawing takes about a kilobyte, and so does the error of a line.
_MOST_DRAWINGS = 250_000
# Of one drawing, those that are no points: of its strokes, their points, times and pressures.
_MOST_OTHER_LISTS = 1 + 4 * MOST_STROKES
_INK = re.compile(rb"\S")
_XML_DRAWING = re.compile(rb"<(?:\w+:)?(?:ink|svg)\b")
# No text has these characters; every other kind of file has some of them near its beginning.
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_HEAD_BYTES = 4_096
_JSON_LINE = re.compile(rb"^[ \t\r]*[{\[]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DrawingEntry:
    """A drawing, labelled or not, and what else its line has."""

    labelled: LabelledDrawing
    time: datetime = UNKNOWN_TIME
    read_as: SavedPrediction | None = None


def format_entry(digit: UserDigit) -> str:
    """Return one line, without its end, that `parse_entry` reads."""
    record = drawing_record(digit.labelled) | {"event": "kept", "id": digit.digit_id}
    if digit.time != UNKNOWN_TIME:
        record["time"] = digit.time.isoformat()
    if (read := digit.read_as) is not None:
        record["read"] = {
            "digit": read.digit,
            "probability": round(read.probability, 5),
            "network": read.network,
        }
    return msgspec.json.encode(record).decode()


def parse_entry(record: Any) -> DrawingEntry:
    """Read the value of one line; raises DrawingError."""
    if (foreign := parse_foreign(record)) is not None:
        return DrawingEntry(foreign)
    labelled = parse_drawing(record)
    # In files of other programs these keys may mean anything.
    if record.get("event") != "kept":
        return DrawingEntry(labelled)
    try:
        time = moment(record.get("time"))
    except ValueError:
        time = UNKNOWN_TIME
    return DrawingEntry(labelled, time, _saved_prediction(record.get("read")))


def _saved_prediction(value: Any) -> SavedPrediction | None:
    if not isinstance(value, dict):
        return None
    digit, probability = value.get("digit"), value.get("probability")
    if not isinstance(digit, int) or not 0 <= digit <= 9:
        return None
    if not isinstance(probability, (int, float)) or not 0 <= probability <= 1:
        return None
    network = value.get("network")
    name = network[:_MOST_NAME] if is_text(network) else ""
    return SavedPrediction(int(digit), float(probability), name)


@dataclass(frozen=True, slots=True)
class DrawingsFile:
    """The content of a file of drawings, by line number; of one text, by the drawing's.

    `entries` has the good drawings, `faults` the errors of the others.
    """

    entries: Mapping[int, DrawingEntry]
    faults: tuple[LineError, ...]

    @property
    def drawings(self) -> list[LabelledDrawing]:
        """The good drawings, labelled or not."""
        return [entry.labelled for entry in self.entries.values()]

    @property
    def repeats(self) -> tuple[LineError, ...]:
        """The good drawings that are in an earlier line too."""
        first: dict[bytes, int] = {}
        found = []
        for line, entry in self.entries.items():
            earlier = first.setdefault(same_points(entry.labelled.drawing), line)
            if earlier != line:
                here, there = entry.labelled.label, self.entries[earlier].labelled.label
                found.append(LineError(line, _repeated(earlier, here, there)))
        return tuple(found)


def read_drawings(path: Path) -> list[LabelledDrawing]:
    """Read the drawings in a file.

    Empty lines are skipped. Raises DrawingError, which names the file and the line.
    """
    found = read_drawings_leniently(path)
    if found.faults:
        raise line_error(path, found.faults[0])
    return found.drawings


def open_drawings(path: Path) -> DrawingsFile:
    """Read a file as `read_drawings_leniently`, each drawing within the canvas, to be shown there.

    Raises DrawingError also if no drawing is good.
    """
    found = read_drawings_leniently(path)
    if found.entries:
        return DrawingsFile({n: _shown(entry) for n, entry in found.entries.items()}, found.faults)
    if found.faults:
        raise line_error(path, found.faults[0])
    raise DrawingError("drawings-none", path=path)


def _shown(entry: DrawingEntry) -> DrawingEntry:
    drawing = within_canvas(entry.labelled.drawing)
    return replace(entry, labelled=LabelledDrawing(drawing, entry.labelled.label))


def read_drawings_leniently(path: Path) -> DrawingsFile:
    """Read a file of drawings; bad ones become errors in the result.

    Raises DrawingError for a file that cannot be opened, is no file of drawings, or is one text
    that is broken.
    """
    try:
        most = _MOST_WHOLE_BYTES if _is_json(path) else _MOST_BYTES
        return _parsed(path, read_file_bounded(path, most))
    except (OSError, FileFormatError) as error:
        raise DrawingError("drawings-unreadable", path=path, reason=error) from error


def _parsed(path: Path, content: bytes) -> DrawingsFile:
    text = _as_utf8(content)
    if _CONTROL.search(text, 0, _HEAD_BYTES):
        # A picture, say, in which some line begins as JSON does.
        raise DrawingError("drawings-foreign", path=path)
    first, has_more = _first_line(text)
    if first.startswith(b"<"):
        return _parsed_xml(path, text, None if text is content else "UTF-8")
    if first and _JSON_LINE.search(text) is None and not _is_whole(first):
        raise DrawingError("drawings-foreign", path=path)
    if _is_one_text(path, text, first, has_more=has_more):
        return _found(enumerate(_records(path, text), start=1), parse_entry, in_lines=False)
    return _found(_lines(text), _parse_line)


def _parsed_xml(path: Path, content: bytes, encoding: str | None) -> DrawingsFile:
    _check_size(content, _MOST_XML_BYTES)
    # HTML and the like are broken XML, but that is not what is wrong with them.
    if not _XML_DRAWING.search(content):
        raise DrawingError("drawings-foreign", path=path)
    # XML may not begin with empty lines, but files do.
    root = parse_xml(content.lstrip(), encoding)
    if root.name == "ink":
        drawings = enumerate(ink_drawings(root), start=1)
        return _found(drawings, lambda each: DrawingEntry(parse_ink_drawing(each)), in_lines=False)
    if root.name == "svg":
        return _found([(1, root)], lambda each: DrawingEntry(parse_svg(each)), in_lines=False)
    raise DrawingError("drawings-foreign", path=path)


def _as_utf8(content: bytes) -> bytes:
    """Return a text of any Unicode encoding in UTF-8, without a mark of its encoding."""
    encoding = json.detect_encoding(content[:4])
    if encoding == "utf-8":
        return content
    if encoding == "utf-8-sig":
        return content[3:]
    _check_size(content)
    return content.decode(encoding, "replace").encode()


def _is_one_text(path: Path, content: bytes, first: bytes, *, has_more: bool) -> bool:
    """Whether a file has one JSON text, and not one a line; it may have the other's name."""
    if not has_more:
        return _is_json(path) or first.startswith(b"[")
    if len(content) > _MOST_WHOLE_BYTES or _is_whole(first):
        return False
    return _is_json(path) or _is_whole(content)


def _first_line(content: bytes) -> tuple[bytes, bool]:
    """Return the first line that is not empty, and whether there are others."""
    ink = _INK.search(content)
    if ink is None:
        return b"", False
    end = content.find(b"\n", ink.start())
    if end < 0:
        return content[ink.start() :].rstrip(), False
    return content[ink.start() : end].rstrip(), _INK.search(content, end) is not None


def _is_whole(content: bytes) -> bool:
    """Whether a text is JSON by itself, and not too much of it."""
    if _has_many_lists(content):
        return False
    try:
        _decoded(content)
    except DrawingError:
        return False
    return True


def _check_size(content: bytes, most: int = _MOST_WHOLE_BYTES) -> None:
    if len(content) > most:
        raise FileFormatError("file-too-large", mebibytes=most >> 20)


def write_drawings(path: Path, drawings: Sequence[LabelledDrawing]) -> None:
    """Write a file that `read_drawings` reads; raises DrawingError, which leaves the old file."""
    write_records(path, [format_drawing(drawing) for drawing in drawings])


def add_drawing(path: Path, drawing: LabelledDrawing) -> None:
    """Add a drawing to the end of a JSON Lines file.

    Raises DrawingError, also for a `.json` file; the file is then as it was.
    """
    if _is_json(path):
        raise DrawingError("drawings-one-text", path=path)
    try:
        append_lines(path, format_drawing(drawing).encode() + b"\n")
    except OSError as error:
        raise DrawingError("drawing-not-added", path=path, reason=error) from error


def write_records(path: Path, texts: Sequence[str]) -> None:
    """Write a file of drawings that are JSON already; raises like `write_drawings`."""
    is_json = _is_json(path)
    content = "[\n" + ",\n".join(texts) + "\n]\n" if is_json else "".join(f"{t}\n" for t in texts)
    write_content(path, content.encode())


def write_content(path: Path, content: bytes) -> None:
    """Write a file of drawings, or a picture of one; raises like `write_drawings`."""
    try:
        write_file_atomically(path, content)
    except OSError as error:
        raise DrawingError("drawings-unwritable", path=path, reason=error) from error


def line_error(path: Path, fault: LineError) -> DrawingError:
    """Return an error that names the file and the line, or of one text the drawing."""
    if fault.is_line:
        return DrawingError("drawings-line", path=path, line=fault.line, reason=fault.error)
    return DrawingError("drawings-item", path=path, number=fault.line, reason=fault.error)


def _repeated(earlier: int, here: int | None, there: int | None) -> DrawingError:
    if here == there:
        return DrawingError("drawing-repeated", line=earlier)
    return DrawingError(
        "drawing-repeated-otherwise", line=earlier, here=json.dumps(here), there=json.dumps(there)
    )


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    if content.count(b"\n") > _MOST_DRAWINGS:
        raise FileFormatError("too-many-lines", most=_MOST_DRAWINGS)
    numbered = enumerate(content.split(b"\n"), start=1)
    return ((number, line) for number, line in numbered if line.strip())


def _parse_line(line: bytes) -> DrawingEntry:
    if len(line) > _MOST_LINE_BYTES:
        raise DrawingError("drawing-line-too-long")
    # A point is a list of its own: what has more of them need not be taken into memory.
    check_size(line.count(b"[") - _MOST_OTHER_LISTS)
    return parse_entry(_decoded(line))


def _is_json(path: Path) -> bool:
    return path.suffix.lower() == ".json"


def _found(
    numbered: Iterable[tuple[int, _T]],
    parse: Callable[[_T], DrawingEntry],
    *,
    in_lines: bool = True,
) -> DrawingsFile:
    kept, faults = {}, []
    for number, record in numbered:
        try:
            kept[number] = parse(record)
        except DrawingError as error:
            # Without its traceback and its cause, which keep the line in memory.
            fault = DrawingError(error.problem, **error.facts)
            faults.append(LineError(number, fault, in_lines))
    return DrawingsFile(kept, tuple(faults))


def _has_many_lists(content: bytes) -> bool:
    return content.count(b"[") + 2 * content.count(b"{") > _MOST_LISTS


def _records(path: Path, content: bytes) -> list[Any]:
    if _has_many_lists(content):
        raise FileFormatError("json-too-many", most=_MOST_LISTS)
    try:
        whole = _decoded(content)
    except DrawingError as error:
        raise DrawingError("drawings-no-json", path=path, reason=error) from error
    records = whole if isinstance(whole, list) and not is_pad_drawing(whole) else [whole]
    if len(records) > _MOST_DRAWINGS:
        raise FileFormatError("too-many-drawings", most=_MOST_DRAWINGS)
    return records


def _decoded(content: bytes) -> Any:
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return msgspec.json.decode(content)
    # The standard library takes twice as long, holding Python's lock, but says where a fault is.
    try:
        return json.loads(content, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        if error.lineno == 1:
            raise DrawingError("no-json-column", column=error.colno, text=error.msg) from error
        raise DrawingError("no-json-line", line=error.lineno, text=error.msg) from error
    except UnicodeDecodeError as error:
        raise DrawingError("drawing-no-text") from error
    except ValueError as error:
        # Python turns no text of thousands of digits into an integer.
        raise DrawingError("drawing-endless-integer") from error
    except RecursionError as error:
        raise DrawingError("drawing-nested") from error


def _refuse(constant: str) -> None:
    raise DrawingError("drawing-constant", constant=constant)
