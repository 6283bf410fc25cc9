"""A small grey picture shown pixel by pixel."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.architectures import IMAGE_SIDE

_SLATE = QColor("#0b0d10")


def grey_image(image: NDArray[np.uint8]) -> QImage:
    """Return a picture of its own memory: image (height, width) uint8, 0 black, 255 white."""
    height, width = image.shape
    rows = np.ascontiguousarray(image)
    # The buffer belongs to the array, so the picture must be copied before the array may go.
    return QImage(rows.data, width, height, width, QImage.Format.Format_Grayscale8).copy()


class PixelImage(QWidget):
    """Shows one 28x28 image as large as fits in whole pixels, never blurred."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def is_empty(self) -> bool:
        """Whether there is no image."""
        return self._image is None

    def show_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show an image (28, 28) uint8, or none."""
        self._image = None if image is None else grey_image(image)
        self.update()

    def sizeHint(self) -> QSize:
        """Four pixels for each of the image's, and a frame."""
        side = 4 * IMAGE_SIDE + 2
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the image enlarged, or the bare slate."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Mid))
        inside = self.rect().adjusted(1, 1, -1, -1)
        painter.fillRect(inside, _SLATE)
        if self._image is not None:
            painter.drawImage(self._target(inside), self._image)
        painter.end()

    def _target(self, inside: QRect) -> QRect:
        target = QRect(inside)
        target.setSize(self._image_size().scaled(inside.size(), Qt.AspectRatioMode.KeepAspectRatio))
        target.moveCenter(inside.center())
        return target

    def _image_size(self) -> QSize:
        return QSize(1, 1) if self._image is None else self._image.size()
