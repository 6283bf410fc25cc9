"""The window's icons: drawings in `resources/icons`, painted in the palette's colours."""

from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from mnist_gui.paths import resource

_PLACEHOLDER = "currentColor"


def icon(name: str) -> QIcon:
    """Return the icon of the file `name`.svg; raises OSError if there is none.

    It follows the application's palette, so one icon serves light and dark.
    """
    drawing = resource(f"icons/{name}.svg").read_text(encoding="utf-8")
    return QIcon(_SvgEngine(drawing))


class _SvgEngine(QIconEngine):
    """Paints an SVG drawing, sharp at any size, in the colour the palette has when it is painted.

    Qt asks for the icon in device pixels whenever a widget repaints, so a new palette or another
    screen needs no signal.
    """

    def __init__(self, drawing: str) -> None:
        super().__init__()
        self._drawing = drawing

    def clone(self) -> QIconEngine:
        """Return a copy; Qt wants one when an icon is changed."""
        return _SvgEngine(self._drawing)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint the drawing as large as fits into `rect`."""
        _renderer(self._drawing, _colour(mode, state)).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the drawing on a transparent ground; Qt's own version has an opaque one."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, pixmap.rect(), mode, state)
        painter.end()
        return pixmap


def _colour(mode: QIcon.Mode, state: QIcon.State) -> str:
    palette = QGuiApplication.palette()
    if mode is QIcon.Mode.Disabled:
        return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText).name()
    if mode is QIcon.Mode.Selected:
        return palette.color(QPalette.ColorRole.HighlightedText).name()
    if state is QIcon.State.On:
        return palette.color(QPalette.ColorRole.Accent).name()
    return palette.color(QPalette.ColorRole.ButtonText).name()


@lru_cache(maxsize=256)
def _renderer(drawing: str, colour: str) -> QSvgRenderer:
    renderer = QSvgRenderer(drawing.replace(_PLACEHOLDER, colour).encode())
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    return renderer
