"""Files of test results: the counts of the confusion matrix, and pictures."""

import csv
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import MnistGuiError
from mnist_gui.engine.io.files import write_file_atomically


class ResultsFileError(MnistGuiError):
    """Test results cannot be written."""


def confusion_csv(counts: NDArray[np.int64]) -> bytes:
    """Return a confusion matrix (10, 10) as a table: a row for each label, columns as read."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["label", *range(counts.shape[1])])
    writer.writerows([label, *row] for label, row in enumerate(counts.tolist()))
    return text.getvalue().encode()


def write_results(path: Path, content: bytes) -> None:
    """Write a file of test results; raise ResultsFileError, and then leave the old file."""
    try:
        write_file_atomically(path, content)
    except OSError as error:
        raise ResultsFileError("results-unwritable", path=path, reason=error) from error
