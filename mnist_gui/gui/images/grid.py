"""Images in a grid, a page of them at a time."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
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
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from mnist_gui.gui.common.images import as_qimage
from mnist_gui.gui.common.labels import tabular
from mnist_gui.gui.common.qt import arrow_delta, named
from mnist_gui.gui.images.text import Listing, ListText

Index = QModelIndex | QPersistentModelIndex
_SIDE = 64
_GAP = 8
_FEWEST_ROWS = 2
_NONE: NDArray[np.int64] = np.empty(0, np.int64)


class TileModel(QAbstractListModel):
    """The images of one page."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.listing: Listing | None = None
        self.places: list[int] = []
        self.words = ListText(self)

    def show_places(self, listing: Listing | None, places: list[int]) -> None:
        """Show these images of a listing, by their places among all that were read."""
        self.beginResetModel()
        self.listing, self.places = listing, places
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many images there are."""
        return 0 if parent.isValid() else len(self.places)

    def lines(self, row: int) -> list[str]:
        """Return what stands beneath an image."""
        assert self.listing is not None
        return self.words.lines(self.listing, self.places[row])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what stands beneath an image, and the same in words."""
        if not index.isValid() or self.listing is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return "\n".join(self.lines(index.row()))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.words.spoken(self.listing, self.places[index.row()])
        return None


class TileDelegate(QStyledItemDelegate):
    """Paints an image with label and reading below, in strong type if they differ."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.cell = QSize(_SIDE + _GAP, _SIDE + _GAP)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the size of every tile."""
        return self.cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the image, the lines below it, and a frame if it is the current one."""
        model = index.model()
        assert isinstance(model, TileModel)
        assert model.listing is not None
        read, at = model.listing.read, model.places[index.row()]
        tile, colours = QRectF(option.rect), option.palette
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        square = QRectF(tile.center().x() - _SIDE / 2, tile.top() + _GAP / 2, _SIDE, _SIDE)
        painter.drawImage(square, as_qimage(read.images[at]))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(colours.color(QPalette.ColorRole.Accent), 3))
            painter.drawRect(square.adjusted(-1, -1, 1, 1))
        self._paint_lines(painter, option, square, model, index.row())
        painter.restore()

    def _paint_lines(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        square: QRectF,
        model: TileModel,
        row: int,
    ) -> None:
        assert model.listing is not None
        read, at = model.listing.read, model.places[row]
        first, *others = model.lines(row)
        tile, line = QRectF(option.rect), option.fontMetrics.lineSpacing()
        place = QRectF(tile.left(), square.bottom() + 2, tile.width(), line)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        if read.read[at] != read.labels[at]:
            painter.setFont(_strong(option.font))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, first)
        painter.setFont(option.font)
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        # Figures are as they are where all else goes from right to left.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        below = QRectF(place.left(), place.bottom(), place.width(), len(others) * line)
        middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(below, middle, "\n".join(others))


class ImageGrid(QListView):
    """Shows as many images of a listing as fit, a page of them at a time.

    `entered_image` carries the place in the order of the image that was walked to, `chosen` that of
    the one that was clicked or entered, `turned` the first place of the page, and how many it has.
    """

    entered_image = Signal(int)
    chosen = Signal(int)
    turned = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._listing: Listing | None = None
        self._order = _NONE
        self._first, self._size, self.current = 0, 0, -1
        self.tiles = TileModel(self)
        self._delegate = TileDelegate(self)
        self.setModel(self.tiles)
        self.setItemDelegate(self._delegate)
        tip = self.tr(
            "Beneath each image: its label and what was read, with which probability, and the loss."
            " Arrows and Page Up and Page Down walk; Enter puts the image on the pad."
        )
        named(self, "listed_images", self.tr("Images of the list"), tip)
        self._set_up()
        self.selectionModel().currentChanged.connect(self._enter)
        self.clicked.connect(self._choose)

    def show_list(self, listing: Listing | None, order: NDArray[np.int64]) -> None:
        """Show the images at these places of a listing, the first one current."""
        self._listing, self._order = listing, order
        self._fit_cells()
        self.current = -1
        self._turn_to(0)
        self.go_to(0)

    def go_to(self, place: int) -> None:
        """Make the image at a place of the order the current one, and turn to its page."""
        if not len(self._order):
            return
        place = min(max(place, 0), len(self._order) - 1)
        first = place - place % self.page_size
        if first != self._first or len(self.tiles.places) == 0:
            self._turn_to(first)
        self.setCurrentIndex(self.tiles.index(place - first))

    def turn(self, pages: int) -> None:
        """Go on by so many pages."""
        self.go_to(max(self.current, 0) + pages * self.page_size)

    @property
    def columns(self) -> int:
        """How many images are side by side."""
        return max(1, self.viewport().width() // self._delegate.cell.width())

    @property
    def page_size(self) -> int:
        """How many images fit."""
        rows = max(1, self.viewport().height() // self._delegate.cell.height())
        return self.columns * rows

    def minimumSizeHint(self) -> QSize:
        """Return room for a few images."""
        cell = self._delegate.cell
        return QSize(2 * cell.width() + _GAP, _FEWEST_ROWS * cell.height() + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through all pages; Enter and Space choose."""
        key, at = event.key(), max(self.current, 0)
        towards = -1 if self.isRightToLeft() else 1
        step = arrow_delta(key)
        if step is not None:
            self.go_to(at + step[0] * self.columns + step[1] * towards)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turn(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(0 if key == Qt.Key.Key_Home else len(self._order) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as fit now, the current one among them."""
        super().resizeEvent(event)
        if self.current >= 0 and self.page_size != self._size:
            self._first = -1
            self.go_to(self.current)

    def changeEvent(self, event: QEvent) -> None:
        """Make room for lines in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_cells()

    def _turn_to(self, first: int) -> None:
        self._first, self._size = first, self.page_size
        self.tiles.show_places(self._listing, self._order[first : first + self.page_size].tolist())
        self.turned.emit(first, len(self.tiles.places))

    def _fit_cells(self) -> None:
        metrics = QFontMetrics(_strong(self.font()))
        texts = ["0 \u2192 0", self.tiles.words.loss(88.88)]
        lines = 3
        if self._listing is not None and len(self._order):
            shown = self.tiles.words.lines(self._listing, int(self._order[0]))
            texts, lines = [*texts, *shown], len(shown)
        width = max(_SIDE, *(metrics.horizontalAdvance(text) for text in texts)) + _GAP
        height = _SIDE + _GAP + lines * metrics.lineSpacing() + 4
        if QSize(width, height) != self._delegate.cell:
            self._delegate.cell = QSize(width, height)
            self.setGridSize(self._delegate.cell)
            self.updateGeometry()

    @Slot(QModelIndex)
    def _enter(self, index: QModelIndex) -> None:
        if index.isValid():
            before, self.current = self.current, self._first + index.row()
            if self.current != before:
                self.entered_image.emit(self.current)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self._first + index.row())

    def _set_up(self) -> None:
        self.setFont(tabular(self.font()))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


def _strong(font: QFont) -> QFont:
    font = QFont(font)
    font.setWeight(QFont.Weight.DemiBold)
    return font
