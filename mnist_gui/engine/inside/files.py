"""Files of what a view shows: its picture, or its numbers as a table."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

from mnist_gui.engine.errors import MnistGuiError
from mnist_gui.engine.io.files import write_file_atomically


class ViewFileError(MnistGuiError):
    """What a view shows cannot be written to a file."""


def write_view(path: Path, content: bytes) -> None:
    """Write a file; raise ViewFileError, and then leave the old file as it was."""
    try:
        write_file_atomically(path, content)
    except OSError as error:
        raise ViewFileError("view-unwritable", path=path, reason=error) from error


def table_csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as CSV in UTF-8; numbers that are not whole have nine digits."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if heads:
        writer.writerow(heads)
    writer.writerows([f"{v:.9g}" if isinstance(v, float) else v for v in row] for row in rows)
    return text.getvalue().encode()
