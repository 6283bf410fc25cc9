"""What was dropped or copied, as a picture: a file's path or a file's bytes."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

from mnist_gui.engine.pictures.result import SUFFIXES

# Bytes as they are in a file are taken rather than pixels, which would have to be packed anew.
_FILE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/bmp", "image/gif")
# Packed as little as possible: it is unpacked at once.
_FAST = 100


@dataclass(frozen=True, slots=True)
class PictureSource:
    """A picture file's `path`, or the `content` of one."""

    path: str = ""
    content: bytes = b""


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
    content = _packed(data.imageData()) if data.hasImage() else b""
    return PictureSource(content=content) if content else None


def _file_in(data: QMimeData) -> str:
    paths = (url.toLocalFile() for url in data.urls() if url.isLocalFile())
    return next((path for path in paths if Path(path).suffix.lower() in SUFFIXES), "")


def _packed(image: object) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    writer.setQuality(_FAST)
    if not isinstance(image, QImage) or not writer.write(image):
        return b""
    return bytes(buffer.data().data())
