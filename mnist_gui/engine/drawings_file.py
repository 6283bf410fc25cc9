"""Files of drawings: JSON Lines, one drawing a line, or JSON, one drawing or a list of them."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mnist_gui.engine.atomic_file import replace_file
from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.regular_file import explain, read_bounded
from mnist_gui.engine.strokes import LabelledDrawing, format_drawing, parse_drawing

MOST_BYTES = 256 << 20
_MOST_LINE_BYTES = 16 << 20


def read_drawings(path: Path) -> list[LabelledDrawing]:
    """Read the drawings in a `.json` file, or in a JSON Lines file of any other name.

    Empty lines are skipped; a file without any drawing gives an empty list. Raises DrawingError,
    naming the file, and the line or drawing, and what is wrong.
    """
    try:
        content = read_bounded(path, MOST_BYTES)
    except OSError as error:
        raise DrawingError(f"The drawings {path} cannot be read: {explain(error)}.") from error
    records = _records(path, content) if _is_json(path) else _lines(path, content)
    return [_parsed(place, record) for place, record in records]


def write_drawings(path: Path, drawings: Sequence[LabelledDrawing]) -> None:
    """Write a file that `read_drawings` reads; raises DrawingError, which leaves the old file."""
    texts = [format_drawing(drawing) for drawing in drawings]
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


def _is_json(path: Path) -> bool:
    return path.suffix.lower() == ".json"


def _lines(path: Path, content: bytes) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(content.split(b"\n"), start=1):
        place = f"{path}, line {number}"
        if len(line) > _MOST_LINE_BYTES:
            raise DrawingError(f"{place}: This line is too long to be one drawing; split it up.")
        if line.strip():
            yield place, _decoded(place, line)


def _records(path: Path, content: bytes) -> Iterator[tuple[str, Any]]:
    whole = _decoded(str(path), content)
    if not isinstance(whole, list):
        yield str(path), whole
        return
    for number, record in enumerate(whole, start=1):
        yield f"{path}, drawing {number}", record


def _decoded(place: str, content: bytes) -> Any:
    try:
        return json.loads(content, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        where = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno}"
        raise DrawingError(
            f"{place}: This is not JSON, {error.msg[:1].lower()}{error.msg[1:]} at {where}; "
            "mend it or leave it out."
        ) from error
    except UnicodeDecodeError as error:
        raise DrawingError(
            f"{place}: This is not text in UTF-8; mend it or leave it out."
        ) from error
    except ValueError as error:
        raise DrawingError(f"{place}: {error}; mend it or leave it out.") from error
    except RecursionError as error:
        raise DrawingError(f"{place}: This is nested too deeply to be a drawing.") from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number that a point can have")


def _parsed(place: str, record: Any) -> LabelledDrawing:
    try:
        return parse_drawing(record)
    except DrawingError as error:
        raise DrawingError(f"{place}: {error}") from error
