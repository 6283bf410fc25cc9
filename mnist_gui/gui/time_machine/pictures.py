"""Small pictures of what a network is at one step: its first weights, and its confusion matrix."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.inside.filters import FirstLayer
from mnist_gui.engine.inside.layout import fit_tiles
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.diverging import DivergingPictures
from mnist_gui.gui.common.qt import named
from mnist_gui.gui.common.theme import blend

_LEAST = 120
_GAP = 3
_RIGHT_SHADE = QColor("#0072b2")
_WRONG_SHADE = QColor("#d55e00")


class WeightsPicture(QWidget):
    """All images of the first layer on one scale, as large as fit."""

    def __init__(self) -> None:
        super().__init__()
        self._layer: FirstLayer | None = None
        named(self, "time_weights", self.tr("The first layer's weights"))
        is_to_be(self, QAccessible.Role.Graphic)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_layer(self, layer: FirstLayer) -> None:
        """Show a layer's weights."""
        self._layer = layer
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return room for tiles that can be told apart."""
        return QSize(_LEAST, _LEAST)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the tiles from the upper left."""
        if self._layer is None:
            return
        pictures = DivergingPictures(self._layer.images, self._layer.scale, self.palette())
        room = (self.width(), self.height())
        columns, side = fit_tiles(len(pictures), room, (8, 200), (_GAP, _GAP))
        painter = QPainter(self)
        for place, picture in enumerate(pictures):
            row, column = divmod(place, columns)
            left, top = column * (side + _GAP), row * (side + _GAP)
            painter.drawImage(QRectF(left, top, side, side), picture)
        painter.end()


class ConfusionPicture(QWidget):
    """A confusion matrix of shares of each row: right ones in blue, wrong ones in orange."""

    def __init__(self) -> None:
        super().__init__()
        self._shares: NDArray[np.float64] = np.zeros((CLASSES, CLASSES))
        named(self, "time_confusion", self.tr("Confusion matrix"))
        is_to_be(self, QAccessible.Role.Graphic)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_counts(self, confusion: NDArray[np.int64]) -> None:
        """Show counts (10, 10) by label (row) and predicted digit (column)."""
        totals = np.maximum(confusion.sum(axis=1, keepdims=True), 1)
        self._shares = confusion / totals
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return room for cells that can be seen, and their heads."""
        return QSize(_LEAST, _LEAST)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a square of cells with the digits at its edges."""
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        cell = min(self.width(), self.height()) / (CLASSES + 1)
        colours = self.palette()
        font = painter.font()
        font.setPointSizeF(min(font.pointSizeF(), max(cell * 0.55, 1.0)))
        painter.setFont(font)
        painter.setPen(colours.color(QPalette.ColorRole.PlaceholderText))
        centre = Qt.AlignmentFlag.AlignCenter
        for digit in range(CLASSES):
            painter.drawText(QRectF((digit + 1) * cell, 0, cell, cell), centre, str(digit))
            painter.drawText(QRectF(0, (digit + 1) * cell, cell, cell), centre, str(digit))
        ground = colours.color(QPalette.ColorRole.Base)
        for (label, read_as), share in np.ndenumerate(self._shares):
            shade = _RIGHT_SHADE if label == read_as else _WRONG_SHADE
            # The root makes rare errors visible.
            strength = 0.85 * float(np.sqrt(share))
            place = QRectF((read_as + 1) * cell, (label + 1) * cell, cell - 1, cell - 1)
            painter.fillRect(place, blend(ground, shade, strength))
        painter.end()
