"""The images of a first layer as tiles in rows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QImage,
    QPainter,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from mnist_gui.engine.inside.filters import FirstLayer
from mnist_gui.engine.inside.layout import largest_side
from mnist_gui.gui.common.diverging import diverging_colormap
from mnist_gui.gui.common.labels import tabular
from mnist_gui.gui.common.qt import named
from mnist_gui.gui.inside.text import FilterText

Index = QModelIndex | QPersistentModelIndex
_SMALLEST, _LARGEST = 44, 180
_GAP = 8
_BAR = 10


def weight_picture(layer: FirstLayer, place: int, colours: QPalette) -> QImage:
    """Return an image of weights in colours, all images of the layer on one scale."""
    weights = layer.images[place].astype(np.float64)
    ink = np.full(weights.shape, 255, np.uint8)
    return diverging_colormap(colours).picture(weights, ink, layer.scale or 1.0)


def paint_sharp(painter: QPainter, place: QRectF, picture: QImage) -> None:
    """Paint a picture with square pixels, and a thin frame around it."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(place, picture)


class FilterModel(QAbstractListModel):
    """The images of a layer in an order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.layer: FirstLayer | None = None
        self.order: tuple[int, ...] = ()
        self._words = FilterText(self)

    def show_layer(self, layer: FirstLayer, order: Sequence[int]) -> None:
        """Show the images of a layer in this order; as many as before keep what is selected."""
        is_new = len(order) != len(self.order)
        if is_new:
            self.beginResetModel()
        self.layer, self.order = layer, tuple(order)
        if is_new:
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0), self.index(len(order) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many images there are."""
        return 0 if parent.isValid() else len(self.order)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return an image's title, and what to see in it for assistive technology."""
        if not index.isValid() or self.layer is None:
            return None
        place = self.order[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._words.title(self.layer, place)
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._words.sentence(self.layer, place)
        return None


class FilterDelegate(QStyledItemDelegate):
    """Paints an image of weights with its title below."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.side = _LARGEST

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the size of every tile."""
        return QSize(self.side + _GAP, self.side + _GAP + option.fontMetrics.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the image, its title, and a frame if it has the focus or the pointer."""
        model = index.model()
        assert isinstance(model, FilterModel)
        assert model.layer is not None
        painter.save()
        tile = QRectF(option.rect)
        left = tile.center().x() - self.side / 2
        square = QRectF(left, tile.top() + _GAP / 2, self.side, self.side)
        paint_sharp(
            painter, square, weight_picture(model.layer, model.order[index.row()], option.palette)
        )
        states, colours = QStyle.StateFlag, option.palette
        if option.state & (states.State_Selected | states.State_MouseOver):
            width = 3 if option.state & states.State_Selected else 1
            painter.setPen(QPen(colours.color(QPalette.ColorRole.Accent), width))
            painter.drawRect(square.adjusted(-1, -1, 1, 1))
        painter.setPen(colours.color(QPalette.ColorRole.Text))
        below = QRectF(tile.left(), square.bottom() + 2, tile.width(), option.fontMetrics.height())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._title(model, index, option))
        painter.restore()

    def _title(self, model: FilterModel, index: Index, option: QStyleOptionViewItem) -> str:
        title = str(model.data(index))
        if option.fontMetrics.horizontalAdvance(title) <= self.side + _GAP:
            return title
        assert model.layer is not None
        place = model.order[index.row()]
        return str(place if model.layer.is_per_digit else place + 1)


class FilterTiles(QListView):
    """Tiles as large as fit; `image_entered` carries the number of the one to be enlarged.

    That is the one under the pointer, or the one that the arrow keys walk to.
    """

    image_entered = Signal(int)
    menu_requested = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        named(self, "filter_tiles", self.tr("Weights as images"))
        self.filters = FilterModel(self)
        self._delegate = FilterDelegate(self)
        self.setModel(self.filters)
        self.setItemDelegate(self._delegate)
        self.setFont(tabular(self.font()))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.setMinimumSize(3 * (_SMALLEST + _GAP) + _BAR, 2 * (_SMALLEST + 30))
        self.entered.connect(self._enter)
        self.selectionModel().currentChanged.connect(self._enter)

    def show_layer(self, layer: FirstLayer, order: Sequence[int]) -> None:
        """Show the images of a layer in this order."""
        self.filters.show_layer(layer, order)
        self._fit()

    def choose(self, place: int) -> None:
        """Select the image of this number."""
        if place in self.filters.order:
            self.setCurrentIndex(self.filters.index(self.filters.order.index(place)))

    def tile_picture(self, place: int, side: int) -> QImage:
        """Return one image as a picture of this side, with square pixels."""
        assert self.filters.layer is not None
        picture = weight_picture(self.filters.layer, place, self.palette())
        return picture.scaled(side, side)

    def sheet(self) -> QImage:
        """Return all tiles with their titles as one picture, whatever can be seen of them."""
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        size = self._delegate.sizeHint(option, QModelIndex())
        columns = max(1, self.viewport().width() // size.width())
        lines = -(-len(self.filters.order) // columns)
        sheet = QImage(columns * size.width(), lines * size.height(), QImage.Format.Format_RGB32)
        sheet.fill(self.palette().color(QPalette.ColorRole.Base))
        painter = QPainter(sheet)
        painter.setFont(self.font())
        option.state = QStyle.StateFlag.State_Enabled
        for row in range(len(self.filters.order)):
            line, column = divmod(row, columns)
            option.rect.setRect(
                column * size.width(), line * size.height(), size.width(), size.height()
            )
            self._delegate.paint(painter, option, self.filters.index(row))
        painter.end()
        return sheet

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the tiles as large as fit."""
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Make room for titles in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        title = self.fontMetrics().height()
        room = (self.width() - _BAR, self.height())
        around = (_GAP, _GAP + title)
        count = max(1, len(self.filters.order))
        side = largest_side(count, room, (_SMALLEST, _LARGEST), around)
        if side != self._delegate.side:
            self._delegate.side = side
            self.scheduleDelayedItemsLayout()

    @Slot(QModelIndex)
    def _enter(self, index: QModelIndex) -> None:
        if index.isValid():
            self.image_entered.emit(self.filters.order[index.row()])

    @Slot(QPoint)
    def _ask_menu(self, at: QPoint) -> None:
        self.menu_requested.emit(self.viewport().mapToGlobal(at))
