"""What a network read in each test image, and the `test.zip` that keeps it."""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.files.array_archive import (
    UnusableError,
    packed,
    read_array,
    read_member,
)
from mnist_gui.engine.files.strict_json import JsonObject, parse_json
from mnist_gui.engine.runs.archive_opening import opened

_HEADER = "test.json"
_MOST_HEADER_BYTES = 4_096
# A thousand times MNIST's.
_MOST_IMAGES = 10_000_000
_FORMAT = 1


@dataclass(frozen=True, slots=True, eq=False)
class TestReading:
    """The digits (n,) uint8 of the test images of a data set, and those that were read in them.

    `fingerprint` tells the data set; `step` after how many steps of training it was.
    """

    fingerprint: str
    step: int
    labels: NDArray[np.uint8]
    predicted: NDArray[np.uint8]

    @property
    def is_right(self) -> NDArray[np.bool]:
        """Whether each image was read right (n,)."""
        return np.equal(self.labels, self.predicted)


def format_reading(reading: TestReading) -> memoryview:
    """Return the content of the file that `load_reading` reads."""
    header = {
        "format": _FORMAT,
        "fingerprint": reading.fingerprint,
        "step": reading.step,
        "images": len(reading.labels),
    }
    arrays = {"labels": reading.labels, "predicted": reading.predicted}
    return packed(arrays, {_HEADER: json.dumps(header, indent=2).encode()})


def load_reading(path: Path) -> TestReading:
    """Read what was read; raises RunRecordError."""
    with opened(path, "file of test results") as archive:
        return _unpacked(archive)


def _unpacked(archive: zipfile.ZipFile) -> TestReading:
    content = read_member(archive, _HEADER, _MOST_HEADER_BYTES)
    header = JsonObject(_HEADER, parse_json(_HEADER, content))
    header.check_format(_FORMAT)
    images = header.whole("images", least=1)
    if images > _MOST_IMAGES:
        raise UnusableError(f"it declares {images} images, far too many")
    labels, predicted = (
        read_array(archive, name, (images,), "|u1") for name in ("labels", "predicted")
    )
    if max(labels.max(), predicted.max()) > 9:
        raise UnusableError("it has digits above 9")
    return TestReading(header.text("fingerprint"), header.whole("step"), labels, predicted)
