"""A run's curves as files."""

import csv
from io import StringIO
from pathlib import Path

from mnist_gui.engine.errors import HistoryFileError
from mnist_gui.engine.history import Curve, History
from mnist_gui.engine.io.files import write_file_atomically


def write_curves_csv(path: Path, history: History) -> None:
    """Write a row for each step with a measurement; missing values are empty.

    Losses are cross-entropies in nats, accuracies 0..1, with seven digits as in float32. Raise
    HistoryFileError, and then leave the old file as it was.
    """
    names = ("loss", "train_accuracy", "validation_accuracy", "validation_loss")
    columns: list[dict[int, str]] = []
    for name in names:
        curve: Curve = getattr(history, name)
        pairs = zip(curve.steps.tolist(), curve.values.tolist(), strict=True)
        columns.append({int(step): f"{value:.7g}" for step, value in pairs})
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step", *names])
    for step in sorted(set().union(*columns)):
        writer.writerow([step, *(column.get(step, "") for column in columns)])
    write_curves(path, text.getvalue().encode())


def write_curves(path: Path, content: bytes) -> None:
    """Write a file of curves; raise HistoryFileError, and then leave the old file as it was."""
    try:
        write_file_atomically(path, content)
    except OSError as error:
        raise HistoryFileError("curves-unwritable", path=path, reason=error) from error
