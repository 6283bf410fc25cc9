"""Pictures dropped and pasted."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QWidget

from mnist_gui.engine.pictures.result import SUFFIXES, UNREAD_SUFFIXES
from mnist_gui.gui.common.qt import named

# The bytes of a file come before pixels, which would have to be encoded again.
_FILE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/bmp", "image/gif", "image/tiff")
_INSET = 8
_CORNER = 10.0


@dataclass(frozen=True, slots=True)
class PictureSource:
    """A picture file's `path`, or the `content` of one, or its decoded `pixels`."""

    path: str = ""
    content: bytes = b""
    pixels: QImage | None = None

    def bands(self, rows: int) -> Iterator[NDArray[np.uint8]]:
        """Yield the pixels from the top, so many rows at a time, (rows, width, 3 or 4)."""
        image = self.pixels
        assert image is not None
        has_alpha = image.hasAlphaChannel()
        form = QImage.Format.Format_RGBA8888 if has_alpha else QImage.Format.Format_RGB888
        channels = 4 if has_alpha else 3
        for top in range(0, image.height(), rows):
            height = min(rows, image.height() - top)
            band = image.copy(0, top, image.width(), height).convertToFormat(form)
            lines = np.frombuffer(band.constBits(), np.uint8).reshape(height, -1)
            # A copy, as the band's memory is its own.
            pixels = lines[:, : image.width() * channels].copy()
            yield pixels.reshape(height, image.width(), channels)


def has_picture(data: QMimeData) -> bool:
    """Whether there is a picture, without fetching it."""
    return bool(_file_in(data)) or data.hasImage()


def picture_in(data: QMimeData) -> PictureSource | None:
    """Return the picture in what was dropped or copied, of several files the first, or None."""
    if path := _file_in(data):
        return PictureSource(path=path)
    for kind in _FILE_TYPES:
        if data.hasFormat(kind) and (content := bytes(data.data(kind).data())):
            return PictureSource(content=content)
    image = data.imageData() if data.hasImage() else None
    if not isinstance(image, QImage) or image.isNull():
        return None
    return PictureSource(pixels=image)


def _file_in(data: QMimeData) -> str:
    paths = (url.toLocalFile() for url in data.urls() if url.isLocalFile())
    suffixes = SUFFIXES + UNREAD_SUFFIXES
    return next((path for path in paths if Path(path).suffix.lower() in suffixes), "")


class PictureDrop(QObject):
    """Accepts pictures dropped on a window, and ignores everything else."""

    dropped = Signal(PictureSource)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.highlight = DropHighlight(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take drags and drops of pictures."""
        match event.type():
            case QEvent.Type.DragEnter | QEvent.Type.DragMove:
                assert isinstance(event, QDragEnterEvent | QDragMoveEvent)
                return self._drag(event)
            case QEvent.Type.DragLeave:
                self.highlight.hide()
            case QEvent.Type.Drop:
                assert isinstance(event, QDropEvent)
                return self._drop(event)
        return False

    def _drag(self, event: QDragMoveEvent) -> bool:
        if not has_picture(event.mimeData()):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.highlight.cover()
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self.highlight.hide()
        source = picture_in(event.mimeData())
        if source is None:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(source)
        return True


class DropHighlight(QWidget):
    """Covers the window while a picture is dragged over it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        named(self, "drop_highlight", self.tr("Drop the picture to have its digits read"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Show it over all of the window."""
        window = self.parentWidget()
        if window is not None and self.isHidden():
            self.setGeometry(window.rect())
            self.raise_()
            self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a translucent ground, a frame and what to do."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = self.palette().color(QPalette.ColorRole.Window)
        veil.setAlphaF(0.86)
        painter.fillRect(self.rect(), veil)
        accent = self.palette().color(QPalette.ColorRole.Accent)
        painter.setPen(QPen(accent, 2, Qt.PenStyle.DashLine))
        frame = self.rect().adjusted(_INSET, _INSET, -_INSET, -_INSET)
        painter.drawRoundedRect(frame, _CORNER, _CORNER)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() + 6)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        text = self.tr("Drop to read the digits")
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
