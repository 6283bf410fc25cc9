"""The images of a layer's weights as tiles in rows."""

from typing import Any, Protocol

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

from mnist_gui.engine.inside.forward import Numbers
from mnist_gui.engine.inside.layout import fit_tiles
from mnist_gui.engine.inside.weight_images import WeightImages
from mnist_gui.gui.common.diverging import DivergingPictures
from mnist_gui.gui.common.labels import tabular
from mnist_gui.gui.common.qt import named
from mnist_gui.gui.inside.weight_text import WeightText

Index = QModelIndex | QPersistentModelIndex
_SMALLEST, _LARGEST = 36, 260
_GAP = 8
_BAR = 10


class Scaled(Protocol):
    """Images (n, side, side), and the size of a weight that has the full colour."""

    @property
    def images(self) -> Numbers:
        """The images."""

    @property
    def scale(self) -> float:
        """The scale."""


def weight_pictures(weights: Scaled, colours: QPalette) -> DivergingPictures:
    """Return the images of weights in colours, all on one scale."""
    return DivergingPictures(weights.images, weights.scale, colours)


class FilterModel(QAbstractListModel):
    """The images of a layer in an order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.weights: WeightImages | None = None
        self.order: tuple[int, ...] = ()
        self._pictures: DivergingPictures | None = None
        self._words = WeightText(self)

    def show_weights(self, weights: WeightImages, pictures: DivergingPictures) -> None:
        """Show the images in their order; as many as before keep what is selected."""
        order = weights.order
        is_new = len(order) != len(self.order)
        if is_new:
            self.beginResetModel()
        self.weights, self._pictures, self.order = weights, pictures, order
        if is_new:
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0), self.index(len(order) - 1))

    def picture(self, place: int) -> QImage:
        """Return one of the images that are shown, by its number."""
        assert self._pictures is not None
        return self._pictures[place]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many images there are."""
        return 0 if parent.isValid() else len(self.order)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return an image's title, and what to see in it for assistive technology."""
        if not index.isValid() or self.weights is None:
            return None
        place = self.order[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._words.label(self.weights, place)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._words.title(self.weights, place)
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._words.sentence(self.weights, place)
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
        painter.save()
        # A list view has its pictures smoothed.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        tile = QRectF(option.rect)
        left = tile.center().x() - self.side / 2
        square = QRectF(left, tile.top() + _GAP / 2, self.side, self.side)
        painter.drawImage(square, model.picture(model.order[index.row()]))
        states, colours = QStyle.StateFlag, option.palette
        if option.state & (states.State_Selected | states.State_MouseOver):
            width = 3 if option.state & states.State_Selected else 1
            painter.setPen(QPen(colours.color(QPalette.ColorRole.Accent), width))
            painter.drawRect(square.adjusted(-1, -1, 1, 1))
        painter.setPen(colours.color(QPalette.ColorRole.Text))
        below = QRectF(tile.left(), square.bottom() + 2, tile.width(), option.fontMetrics.height())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(model.data(index)))
        painter.restore()


class FilterTiles(QListView):
    """Tiles as large as fit; `image_entered` carries the number of the one to be enlarged.

    That is the one under the pointer, or the one that the arrow keys walk to. `pictures_changed` is
    emitted when they have other colours.
    """

    image_entered = Signal(int)
    menu_requested = Signal(QPoint)
    pictures_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        named(self, "filter_tiles", self.tr("Weights as images"))
        self.filters = FilterModel(self)
        self._delegate = FilterDelegate(self)
        self._columns = 1
        self.setModel(self.filters)
        self.setItemDelegate(self._delegate)
        self.setFont(tabular(self.font()))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.setMinimumSize(3 * (_SMALLEST + _GAP) + _BAR, 2 * (_SMALLEST + 30))
        self.entered.connect(self.setCurrentIndex)
        self.selectionModel().currentChanged.connect(self._enter)

    def show_weights(self, weights: WeightImages) -> None:
        """Show the images of a layer in their order."""
        self.filters.show_weights(weights, weight_pictures(weights, self.palette()))
        self._fit()

    def choose(self, place: int) -> None:
        """Select the image of this number."""
        if place in self.filters.order:
            self.setCurrentIndex(self.filters.index(self.filters.order.index(place)))

    def tile_picture(self, place: int, side: int) -> QImage:
        """Return one image as a picture of this side, with square pixels."""
        return self.filters.picture(place).scaled(side, side)

    def sheet(self) -> QImage:
        """Return all tiles with their titles as one picture, whatever can be seen of them."""
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        size = self._delegate.sizeHint(option, QModelIndex())
        columns = self._columns
        lines = -(-len(self.filters.order) // columns)
        sheet = QImage(columns * size.width(), lines * size.height(), QImage.Format.Format_RGB32)
        sheet.fill(self.palette().color(QPalette.ColorRole.Window))
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
        weights = self.filters.weights
        if event.type() == QEvent.Type.PaletteChange and weights is not None:
            self.show_weights(weights)
            self.pictures_changed.emit()

    def _fit(self) -> None:
        title = self.fontMetrics().height()
        room = (self.width() - _BAR, self.height())
        around = (_GAP, _GAP + title)
        tiles = max(1, len(self.filters.order))
        self._columns, side = fit_tiles(tiles, room, (_SMALLEST, _LARGEST), around)
        # Where there is room for more columns, it stays free.
        self.setViewportMargins(0, 0, max(0, room[0] - self._columns * (side + _GAP)), 0)
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
