"""The page that shows the first layer's weights as pictures."""

from enum import Enum, auto

from PySide6.QtCore import QPoint, QPointF, Signal, Slot
from PySide6.QtGui import QAction, QImage, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLabel, QMenu, QWidget

from mnist_gui.engine.inside.filters import FirstLayer
from mnist_gui.gui.common.diverging import DivergingLegend
from mnist_gui.gui.common.labels import caption, heading, paragraph
from mnist_gui.gui.common.qt import VisibilityWatcher, column, named, row, widget_with
from mnist_gui.gui.inside.enlarged import EnlargedFilter
from mnist_gui.gui.inside.text import FilterText, signed
from mnist_gui.gui.inside.tiles import FilterTiles

_NARROW = 520
_LEGEND_WIDTH = 340
# The enlarged image has what the words around it leave: never more, or the page would grow with it.
_LINES_AROUND_ENLARGED = 24
_LEAST_SIDE, _MOST_SIDE = 160, 340
_LEAST_WORDS = 220
_SAVED_SIDE = 560
_BY_NUMBER, _BY_SIZE = range(2)


class Wish(Enum):
    """What is to be done with the picture or the numbers that the menu was opened on."""

    COPY_PICTURE = auto()
    SAVE_PICTURE = auto()
    SAVE_NUMBERS = auto()


class WeightsPage(QWidget):
    """All images of the first layer on one scale, and one of them enlarged with its numbers.

    `wished` carries a wish and the number of the image that it is about, None for all of them.
    """

    wished = Signal(Wish, object)

    def __init__(self) -> None:
        super().__init__()
        self._layer: FirstLayer | None = None
        self._place = 0
        self._words = FilterText(self)
        self.title = heading("")
        self.purpose = paragraph()
        self.tiles = FilterTiles()
        self.legend = DivergingLegend("0")
        self.order_box = named(QComboBox(), "filter_order_box", self.tr("Order of the images"))
        self.enlarged = EnlargedFilter()
        self.image_title = heading("")
        self.sentence = named(paragraph(), "filter_sentence")
        self.figures = caption()
        self.pixel = named(caption(), "weight_label")
        self.watcher = VisibilityWatcher(self)
        self._lay_out()
        self.tiles.image_entered.connect(self._enlarge)
        self.tiles.pictures_changed.connect(self._show_enlarged)
        self.tiles.menu_requested.connect(self._open_menu_of_all)
        self.enlarged.menu_requested.connect(self._open_menu_of_one)
        self.enlarged.pixel_told.connect(self.pixel.setText)
        self.order_box.currentIndexChanged.connect(self._sort)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that there is no network yet."""
        self.title.setText(self.tr("No network yet: train one, or open one."))
        self._show_parts(shown=False)

    def show_layer(self, title: str, layer: FirstLayer) -> None:
        """Show the first layer of the network of this title."""
        self._show_parts(shown=True)
        self.title.setText(title)
        self.purpose.setText(self._words.purpose(layer))
        is_other = self._layer is None or self._layer.images.shape != layer.images.shape
        self._layer = layer
        self.legend.show_ends(
            self.tr("against: {weight} or less").format(weight=signed(-layer.scale, 2)),
            self.tr("for: {weight} or more").format(weight=signed(layer.scale, 2)),
        )
        if is_other:
            self._place = 0
        self._sort()
        self._show_enlarged()

    def picture(self, place: int | None) -> QImage:
        """Return one image as a picture, or all of them with their titles."""
        if place is None:
            return self.tiles.sheet()
        return self.tiles.tile_picture(place, _SAVED_SIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the enlarged image beside the tiles, or below them where it is narrow."""
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        is_narrow = self.width() < _NARROW
        side = _LEAST_SIDE
        if not is_narrow:
            around = _LINES_AROUND_ENLARGED * self.fontMetrics().lineSpacing()
            side = min(max(self.height() - around, _LEAST_SIDE), _MOST_SIDE)
        self.enlarged.setFixedSize(side, side)
        self._one.setFixedWidth(max(side, _LEAST_WORDS))
        self._body.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)

    @Slot()
    def _sort(self) -> None:
        if self._layer is not None:
            by_size = self.order_box.currentIndex() == _BY_SIZE
            order = self._layer.by_size() if by_size else range(len(self._layer.images))
            self.tiles.show_layer(self._layer, order)
            self.tiles.choose(self._place)

    @Slot(int)
    def _enlarge(self, place: int) -> None:
        self._place = place
        self._show_enlarged()

    @Slot()
    def _show_enlarged(self) -> None:
        layer, place = self._layer, self._place
        if layer is None or place >= len(layer.images):
            return
        self.enlarged.show_image(layer, place, self.tiles.filters.pictures[place])
        self.image_title.setText(self._words.title(layer, place))
        self.sentence.setText(self._words.sentence(layer, place))
        self.figures.setText(self._words.figures(layer, place))

    # --- the menu ------------------------------------------------------------------------------

    @Slot(QPoint)
    def _open_menu_of_all(self, at: QPoint) -> None:
        self.menu(None).popup(at)

    @Slot(QPointF)
    def _open_menu_of_one(self, at: QPointF) -> None:
        self.menu(self._place).popup(at.toPoint())

    def menu(self, place: int | None) -> QMenu:
        """Return the menu of one image, or of all of them for None."""
        menu = QMenu(self)
        title = self.tr("All images")
        if self._layer is not None and place is not None:
            title = self._words.title(self._layer, place)
        menu.addSection(title)
        texts = {
            Wish.COPY_PICTURE: self.tr("&Copy picture"),
            Wish.SAVE_PICTURE: self.tr("&Save picture as \u2026"),
            Wish.SAVE_NUMBERS: self.tr("Save &numbers as CSV \u2026"),
        }
        for wish, text in texts.items():
            action = QAction(text, menu)
            action.triggered.connect(lambda _=False, wish=wish: self.wished.emit(wish, place))
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    # --- putting together ----------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.order_box.addItems([self.tr("By number"), self.tr("By size of the weights")])
        label = QLabel(self.tr("&Order"))
        label.setBuddy(self.order_box)
        self.legend.setMaximumWidth(_LEGEND_WIDTH)
        for part in (self.figures, self.pixel):
            part.setWordWrap(True)
        above = row((self.legend, 1), 0, label, self.order_box, spacing=8)
        one = (self.image_title, self.enlarged, self.sentence, self.figures, self.pixel, 0)
        self._one = widget_with(column(*one, spacing=6))
        self._body = row((self.tiles, 1), self._one, spacing=14)
        self._parts = widget_with(column(self.purpose, above, (self._body, 1), spacing=10))
        margins = (14, 12, 14, 12)
        column(self.title, (self._parts, 1), 0, parent=self, spacing=10, margins=margins)

    def _show_parts(self, *, shown: bool) -> None:
        self._parts.setVisible(shown)
