"""The first layer's numbers as small pictures in blue and orange."""

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.inside.filters import FirstLayer
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.diverging import diverging_colormap
from mnist_gui.gui.common.labels import count, tabular
from mnist_gui.gui.common.qt import named, never_mirrored

_SMALLEST, _LARGEST = 26, 84
_GAP = 6
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop


class Pictures(QWidget):
    """Tiles in rows, as large as fit in the width, all on one scale."""

    def __init__(self, name: str, spoken: str) -> None:
        """`name` is that of the object, `spoken` what a screen reader calls it."""
        super().__init__()
        self._layer: FirstLayer | None = None
        self._pictures: list[QImage] = []
        is_to_be(self, QAccessible.Role.Graphic)
        named(self, name, spoken)
        never_mirrored(self)
        self.setFont(tabular(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_layer(self, layer: FirstLayer, description: str) -> None:
        """Show these images of numbers; `description` says in words what they show."""
        is_other = self._layer is None or len(self._layer.images) != len(layer.images)
        self._layer = layer
        self.setAccessibleDescription(description)
        self._paint_pictures()
        if is_other:
            self._fit_height()

    def tile(self, place: int) -> QRectF:
        """Return where the picture of this number is, from 0."""
        columns, side = self._fit(self.width())
        line, column = divmod(place, columns)
        return QRectF(column * (side + _GAP), line * self._step(side), side, side)

    def sizeHint(self) -> QSize:
        """Return a usual width."""
        return QSize(360, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """Return the width of a few small tiles."""
        return QSize(5 * (_SMALLEST + _GAP), self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the rows are in this width."""
        super().resizeEvent(event)
        self._fit_height()

    def changeEvent(self, event: QEvent) -> None:
        """Take other colours, or make room for titles in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_pictures()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_height()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint each picture with its digit or its number below."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        is_per_digit = self._layer is not None and self._layer.is_per_digit
        line = self.fontMetrics().height()
        for number, picture in enumerate(self._pictures):
            square = self.tile(number)
            painter.drawImage(square, picture)
            below = QRectF(square.left(), square.bottom() + 1, square.width(), line)
            painter.drawText(below, int(_CENTRE), count(number + (not is_per_digit)))
        painter.end()

    @property
    def _count(self) -> int:
        return 10 if self._layer is None else len(self._layer.images)

    def _step(self, side: int) -> int:
        return side + self.fontMetrics().height() + _GAP

    def _fit(self, width: int) -> tuple[int, int]:
        """Return how many columns there are, and the side of a picture."""
        most = max(1, min(self._count, (width + _GAP) // (_SMALLEST + _GAP)))
        # The rows are as even as they can be.
        columns = -(-self._count // -(-self._count // most))
        return columns, max(1, min(_LARGEST, (width + _GAP) // columns - _GAP))

    def _fit_height(self) -> None:
        columns, side = self._fit(self.width())
        self.setFixedHeight(-(-self._count // columns) * self._step(side))

    def _paint_pictures(self) -> None:
        layer = self._layer
        if layer is not None:
            colours, scale = diverging_colormap(self.palette()), layer.scale or 1.0
            ink = np.full(layer.images.shape[1:], 255, np.uint8)
            images = layer.images.astype(np.float64)
            self._pictures = [colours.picture(image, ink, scale) for image in images]
        self.update()
