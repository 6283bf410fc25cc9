"""Takes drawings from other files among the user's digits, and gives digits to other files."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.own_digits.digit_changes import Imported
from mnist_gui.engine.own_digits.digit_log import Kept, as_stored, format_entry
from mnist_gui.engine.own_digits.drawings_file import find_drawings, write_records
from mnist_gui.engine.own_digits.kept_digit import UNKNOWN_TIME, KeptDigit, same_points
from mnist_gui.engine.own_digits.my_digits import MyDigits


def import_digits(store: MyDigits, path: Path) -> Imported:
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


def export_digits(path: Path, digits: Sequence[KeptDigit]) -> None:
    """Write digits with all that is known of them; raises DrawingError, leaving the old file."""
    write_records(path, [format_entry(digit) for digit in digits])


def _new(entry: Kept) -> KeptDigit:
    # Another name than in its file, which may be one that was deleted here.
    stored = as_stored(entry.labelled)
    assert stored.label is not None
    digit = KeptDigit(uuid4().hex, stored.drawing, stored.label, entry.time, entry.read_as)
    known = entry.time != UNKNOWN_TIME
    return digit if known else replace(digit, time=datetime.now(UTC))
