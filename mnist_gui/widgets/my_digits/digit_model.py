"""The user's digits as a list that views show, with the image and the reading of each."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QImage

from mnist_gui.engine.digits.model import KeptDigit, OwnReading
from mnist_gui.engine.prediction import Prediction
from mnist_gui.widgets.my_digits.digit_words import digit_details, digit_words
from mnist_gui.widgets.pixel_image import grey_image

Index = QModelIndex | QPersistentModelIndex


class DigitModel(QAbstractListModel):
    """Rows of digits; images come when they are made, and readings change as networks do."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._digits: list[KeptDigit] = []
        self._reading: OwnReading | None = None
        self._images: dict[str, QImage] = {}

    @property
    def digits(self) -> Sequence[KeptDigit]:
        """The digits in the rows' order."""
        return self._digits

    def show_digits(self, digits: list[KeptDigit], reading: OwnReading | None) -> None:
        """Show these digits as this reading has them."""
        same = len(digits) == len(self._digits) and all(
            new.identity == old.identity for new, old in zip(digits, self._digits, strict=True)
        )
        if same:
            self._digits, self._reading = digits, reading
            self._tell_all_changed()
            return
        self.beginResetModel()
        self._digits, self._reading = digits, reading
        self.endResetModel()

    def add_images(self, images: Mapping[str, NDArray[np.uint8]]) -> None:
        """Show these images (28, 28), by their digits' identities."""
        self._images |= {name: grey_image(image) for name, image in images.items()}
        self._tell_all_changed()

    def image(self, row: int) -> QImage | None:
        """Return a row's image, if it is made."""
        return self._images.get(self._digits[row].identity)

    def prediction(self, row: int) -> Prediction | None:
        """Return what a row's digit was read as, if it was read."""
        return self._reading.prediction(self._digits[row]) if self._reading else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """As many as there are digits."""
        return 0 if parent.isValid() else len(self._digits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a digit's label, or words about it."""
        if not index.isValid():
            return None
        digit = self._digits[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return str(digit.label)
            case Qt.ItemDataRole.AccessibleTextRole:
                return digit_words(digit, self._reading)
            case Qt.ItemDataRole.ToolTipRole:
                return digit_details(digit, self._reading)
        return None

    def _tell_all_changed(self) -> None:
        if self._digits:
            self.dataChanged.emit(self.index(0), self.index(len(self._digits) - 1))
