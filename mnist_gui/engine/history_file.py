"""Writes the curves of a run: as a table for spreadsheets, or as a picture made elsewhere."""

import csv
from io import StringIO
from pathlib import Path

from mnist_gui.engine.errors import HistoryFileError
from mnist_gui.engine.files.atomic_file import replace_file
from mnist_gui.engine.files.regular_file import explain
from mnist_gui.engine.history import Curve, History


def write_history_csv(path: Path, history: History) -> None:
    """Write one row for each step at which something was measured; what was not is left empty.

    Losses are cross-entropies, accuracies shares 0..1. Raises HistoryFileError, which leaves the
    old file as it was.
    """
    curves = {
        "loss": history.loss,
        "train_accuracy": history.train_accuracy,
        "validation_accuracy": history.validation_accuracy,
        "validation_loss": history.validation_loss,
    }
    write_curves(path, _table(curves).encode())


def write_curves(path: Path, content: bytes) -> None:
    """Write the curves in whatever form; raises HistoryFileError, which leaves the old file."""
    try:
        replace_file(path, content)
    except OSError as error:
        raise HistoryFileError(
            f"The curves cannot be written to {path}: {explain(error)}."
        ) from error


def _table(curves: dict[str, Curve]) -> str:
    columns = [_column(curve) for curve in curves.values()]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step", *curves])
    for step in sorted(set().union(*columns)):
        writer.writerow([step, *(column.get(step, "") for column in columns)])
    return text.getvalue()


def _column(curve: Curve) -> dict[int, str]:
    """Return each step's value with the seven digits that float32 holds."""
    pairs = zip(curve.steps.tolist(), curve.values.tolist(), strict=True)
    return {int(step): f"{value:.7g}" for step, value in pairs}
