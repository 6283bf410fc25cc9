"""Images as Qt shows them, pixel by pixel."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.gui.common.access import is_to_be

CANVAS_COLOUR = QColor("#0b0d10")
INK_COLOUR = QColor("#ffffff")


def as_qimage(pixels: NDArray[np.uint8]) -> QImage:
    """Return a copy of an image: greys (height, width) uint8, or colours (height, width, 3)."""
    height, width = pixels.shape[:2]
    rows = np.ascontiguousarray(pixels)
    kinds = QImage.Format
    kind = kinds.Format_Grayscale8 if pixels.ndim == 2 else kinds.Format_RGB888
    # The buffer belongs to the array, which may go before the picture does.
    return QImage(rows.data, width, height, rows.strides[0], kind).copy()


def png_file(picture: QImage) -> bytes:
    """Return the content of a PNG file with this picture; on any thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide6 takes a str.
    return bytes(buffer.data().data())


class KeptPicture:
    """What takes long to paint in a widget, kept as long as widgets of one size show it."""

    def __init__(self) -> None:
        self._pixmap = QPixmap()

    def forget(self) -> None:
        """Let the next `paint` paint anew."""
        self._pixmap = QPixmap()

    def paint(self, painter: QPainter, paint_anew: Callable[[QPainter], object]) -> None:
        """Paint on a widget what is kept, or have it painted first, in that widget's pixels."""
        widget = painter.device()
        ratio = widget.devicePixelRatio()
        size = QSize(widget.width(), widget.height()) * ratio
        if (self._pixmap.size(), self._pixmap.devicePixelRatio()) != (size, ratio):
            self._pixmap = QPixmap(size)
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            anew = QPainter(self._pixmap)
            paint_anew(anew)
            anew.end()
        painter.drawPixmap(0, 0, self._pixmap)


class PixelImage(QWidget):
    """Shows one 28x28 image as large as fits in whole pixels, never blurred."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        is_to_be(self, QAccessible.Role.Graphic)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def is_empty(self) -> bool:
        """Whether there is no image."""
        return self._image is None

    def show_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show an image (28, 28) uint8, or none."""
        self._image = None if image is None else as_qimage(image)
        self.update()

    def sizeHint(self) -> QSize:
        """Return four pixels for each of the image's, and a frame."""
        return QSize(4 * IMAGE_SIDE + 2, 4 * IMAGE_SIDE + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the image enlarged, or an empty square."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Mid))
        inside = self.rect().adjusted(1, 1, -1, -1)
        painter.fillRect(inside, CANVAS_COLOUR)
        if self._image is not None:
            keep = Qt.AspectRatioMode.KeepAspectRatio
            target = QRect(inside.topLeft(), self._image.size().scaled(inside.size(), keep))
            target.moveCenter(inside.center())
            painter.drawImage(target, self._image)
        painter.end()
