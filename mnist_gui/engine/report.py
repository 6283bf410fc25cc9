"""What a report on a network's test says, as values, and the file that it becomes."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_gui.engine.calibration import Honesty, measure_honesty
from mnist_gui.engine.errors import ReportFileError
from mnist_gui.engine.history import History
from mnist_gui.engine.io.files import write_file_atomically
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.engine.snapshot import Snapshot

MOST_HARDEST = 30


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """The test of a network on the test images (n, 28, 28) uint8 of a data set.

    `evaluation` is what `reader` answered, which is `network` or the same without its temperature.
    Both names are the user's, and may be any text. `drawings` is an evaluation of drawings; `run`
    and `history` are those of the run that the network is from.
    """

    name: str
    data: str
    network: Snapshot
    reader: Snapshot
    evaluation: Evaluation
    images: NDArray[np.uint8]
    made: datetime
    drawings: Evaluation | None = None
    run: RunRecord | None = None
    history: History | None = None

    @property
    def raw(self) -> Honesty:
        """How honest the probabilities are without a temperature."""
        raw = self.evaluation
        if self.reader.temperature != 1:
            raw = raw.uncalibrated(self.reader.temperature)
        return measure_honesty(raw.probabilities, raw.labels)

    @property
    def calibrated(self) -> Honesty | None:
        """How honest they are with the temperature; None if they were read without."""
        if self.reader.temperature == 1:
            return None
        return measure_honesty(self.evaluation.probabilities, self.evaluation.labels)

    @property
    def hardest(self) -> tuple[int, ...]:
        """The indices of the images whose label got the least probability, hardest first."""
        return tuple(self.evaluation.hardest(MOST_HARDEST).tolist())


def printed_image(image: NDArray[np.uint8]) -> bytes:
    """Return an image (28, 28) as a PNG file, black ink on white as on paper."""
    file = BytesIO()
    Image.fromarray(255 - image).save(file, "PNG", optimize=True)
    return file.getvalue()


def write_report(path: Path, content: str) -> None:
    """Write a report as UTF-8; raise ReportFileError, and then leave the old file."""
    try:
        write_file_atomically(path, content.encode())
    except OSError as error:
        raise ReportFileError("report-unwritable", path=path, reason=error) from error
