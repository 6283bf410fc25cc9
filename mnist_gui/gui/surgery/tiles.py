"""The maps or units of a layer as tiles that can be switched off."""

from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from mnist_gui.engine.inside.forward import Numbers
from mnist_gui.engine.inside.layers import Layer
from mnist_gui.gui.common.diverging import DivergingPictures
from mnist_gui.gui.common.labels import tabular
from mnist_gui.gui.common.qt import named
from mnist_gui.gui.surgery.text import part_name, part_number

Index = QModelIndex | QPersistentModelIndex
_SIDE = 44
_GAP = 8
_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PartModel(QAbstractListModel):
    """The maps or units of a layer: what each passes on, and whether it is off."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.layer: Layer | None = None
        self.off: frozenset[int] = frozenset()
        self.parts: Numbers = np.zeros((0, 1, 1), np.float32)
        self.pictures = DivergingPictures(self.parts, 1, QPalette())

    def show_parts(
        self, layer: Layer, off: frozenset[int], parts: Numbers, palette: QPalette
    ) -> None:
        """Show what the parts (n, rows, columns) of a layer pass on, and which are off."""
        self.pictures = DivergingPictures(parts, float(np.abs(parts).max()), palette)
        is_new = len(parts) != len(self.parts)
        if is_new:
            self.beginResetModel()
        self.layer, self.off, self.parts = layer, off, parts
        if is_new:
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0), self.index(len(parts) - 1))

    def show_off(self, off: frozenset[int]) -> None:
        """Show which parts are off."""
        if off != self.off:
            self.off = off
            self.dataChanged.emit(self.index(0), self.index(len(self.parts) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many parts there are."""
        return 0 if parent.isValid() else len(self.parts)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a part's number, and its name and state for assistive technology."""
        if not index.isValid() or self.layer is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return part_number(self.layer, index.row())
            case Qt.ItemDataRole.AccessibleTextRole:
                name = part_name(self.layer, index.row())
                text = self.tr("{part}, switched off") if index.row() in self.off else "{part}"
                return text.format(part=name)
        return None


class PartDelegate(QStyledItemDelegate):
    """Paints what a part passes on with its number below; what is off is crossed out."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the size of every tile."""
        return QSize(_SIDE + _GAP, _SIDE + _GAP + option.fontMetrics.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the picture, the number, the cross, and a frame for what has the focus."""
        model = index.model()
        assert isinstance(model, PartModel)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tile, colours = QRectF(option.rect), option.palette
        square = QRectF(tile.center().x() - _SIDE / 2, tile.top() + _GAP / 2, _SIDE, _SIDE)
        painter.drawImage(square, model.pictures[index.row()])
        ink = colours.color(QPalette.ColorRole.Text)
        if index.row() in model.off:
            painter.setPen(QPen(ink, 2))
            painter.drawLine(square.topLeft(), square.bottomRight())
            painter.drawLine(square.topRight(), square.bottomLeft())
        states = QStyle.StateFlag
        if option.state & (states.State_Selected | states.State_MouseOver):
            width = 3 if option.state & states.State_Selected else 1
            painter.setPen(QPen(colours.color(QPalette.ColorRole.Accent), width))
            painter.drawRect(square.adjusted(-1, -1, 1, 1))
        painter.setPen(ink)
        below = QRectF(tile.left(), square.bottom() + 2, tile.width(), option.fontMetrics.height())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(model.data(index)))
        painter.restore()


class PartTiles(QListView):
    """Tiles of a layer's parts; `toggled` carries one that is to be switched off or on.

    `chosen` carries the one with the focus. A click or Space switches.
    """

    toggled = Signal(int)
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.parts = PartModel(self)
        named(
            self,
            "surgery_tiles",
            self.tr("Parts of the layer"),
            self.tr("A click or the space bar switches a part off or on again"),
        )
        self.setModel(self.parts)
        self.setItemDelegate(PartDelegate(self))
        self.setFont(tabular(self.font()))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumSize(3 * (_SIDE + _GAP), 2 * (_SIDE + 30))
        self.clicked.connect(self._toggle)
        self.selectionModel().currentChanged.connect(self._choose)

    def show_parts(self, layer: Layer, off: frozenset[int], parts: Numbers) -> None:
        """Show what the parts of a layer pass on, and which are off."""
        self.parts.show_parts(layer, off, parts, self.palette())
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self.parts.index(0))

    def show_off(self, off: frozenset[int]) -> None:
        """Show at once which parts are off."""
        self.parts.show_off(off)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Switch the part with the focus; arrows walk."""
        if event.key() in _KEYS and self.currentIndex().isValid():
            self._toggle(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Show the parts in the colours of another theme."""
        super().changeEvent(event)
        parts = self.parts
        if event.type() == QEvent.Type.PaletteChange and parts.layer is not None:
            self.show_parts(parts.layer, parts.off, parts.parts)

    @Slot(QModelIndex)
    def _toggle(self, index: QModelIndex) -> None:
        self.toggled.emit(index.row())

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.row())
