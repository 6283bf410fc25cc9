"""An image's numbers as a table."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.widgets.number_text import number

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
# Above this grey, black text is easier to read than white (WCAG 2.2, 1.4.3).
_LIGHT_GREY = 117


class TensorTable(QAbstractTableModel):
    """The rows and columns of an image (28, 28), as greys 0..255 or as the shares 0..1 of them."""

    def __init__(self) -> None:
        super().__init__()
        self._image = np.zeros((IMAGE_SIDE, IMAGE_SIDE), np.uint8)
        self._is_scaled = False

    def show_image(self, image: NDArray[np.uint8]) -> None:
        """Show the numbers of this image."""
        self._image = image
        self._tell_change()

    def set_scaled(self, scaled: bool) -> None:
        """Show shares 0..1, as the network is given them, or greys 0..255."""
        self._is_scaled = scaled
        self._tell_change()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the image's height; cells have no rows of their own."""
        return 0 if parent.isValid() else IMAGE_SIDE

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the image's width; cells have no columns of their own."""
        return 0 if parent.isValid() else IMAGE_SIDE

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a number as text, and its grey as the cell's colour."""
        grey = int(self._image[index.row(), index.column()])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(grey)
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignCenter
            case Qt.ItemDataRole.BackgroundRole:
                return QColor(grey, grey, grey)
            case Qt.ItemDataRole.ForegroundRole:
                return _text_colour(grey)
            case Qt.ItemDataRole.AccessibleTextRole:
                place = self.tr("row {row}, column {column}: {value}")
                return place.format(row=index.row(), column=index.column(), value=self._text(grey))
        return None

    def headerData(
        self, section: int, _orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the index of a row or a column, from 0 as in Python."""
        return section if role == Qt.ItemDataRole.DisplayRole else None

    def _text(self, grey: int) -> str:
        if not self._is_scaled or grey in (0, 255):
            return str(grey // 255 if self._is_scaled else grey)
        return number(grey / 255, 2)

    def _tell_change(self) -> None:
        last = IMAGE_SIDE - 1
        self.dataChanged.emit(self.index(0, 0), self.index(last, last))


def _text_colour(grey: int) -> QColor:
    # Blank pixels stand back.
    if not grey:
        return QColor("#6b747f")
    return QColor("#000000") if grey > _LIGHT_GREY else QColor("#ffffff")
