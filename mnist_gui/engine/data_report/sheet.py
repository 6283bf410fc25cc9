"""A sheet of samples: a row of images for each class."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES, IMAGE_SIDE
from mnist_gui.engine.errors import ReportFileError
from mnist_gui.engine.io.files import write_file_atomically

if TYPE_CHECKING:
    from mnist_gui.engine.dataset import LabelledImages

_ACROSS = 16
_ENLARGED = 2
_GAP = 2
_GAP_GREY = 96


def sample_sheet(part: "LabelledImages") -> NDArray[np.uint8]:
    """Return greys (h, w): a row for each class from 0, of its images spread over the part."""
    cell = _ENLARGED * IMAGE_SIDE + _GAP
    sheet = np.full((CLASSES * cell + _GAP, _ACROSS * cell + _GAP), _GAP_GREY, np.uint8)
    for label in range(CLASSES):
        of_class = np.flatnonzero(part.labels == label)
        places = np.linspace(0, len(of_class) - 1, min(_ACROSS, len(of_class))).astype(int)
        for column, number in enumerate(of_class[places]):
            top, left = (_GAP + index * cell for index in (label, column))
            large = part.images[number].repeat(_ENLARGED, 0).repeat(_ENLARGED, 1)
            sheet[top : top + len(large), left : left + len(large)] = large
    return sheet


def sheet_png(sheet: NDArray[np.uint8]) -> bytes:
    """Return the sheet as a PNG file."""
    from PIL import Image

    file = BytesIO()
    Image.fromarray(sheet).save(file, "PNG")
    return file.getvalue()


def write_sheet(path: Path, sheet: NDArray[np.uint8]) -> None:
    """Write the sheet as a PNG file; raises ReportFileError."""
    try:
        write_file_atomically(path, sheet_png(sheet))
    except OSError as error:
        raise ReportFileError("sheet-unwritable", path=path, reason=error) from error
