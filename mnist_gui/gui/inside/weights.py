"""The page that shows a layer's weights as pictures."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QSignalBlocker, Signal, Slot
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLabel, QWidget

from mnist_gui.engine.inside.layers import Layer, network_layers
from mnist_gui.engine.inside.weight_images import (
    Order,
    WeightChoice,
    WeightImages,
    layers_with_images,
)
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.diverging import DivergingLegend
from mnist_gui.gui.common.labels import caption, count, heading, paragraph, signed
from mnist_gui.gui.common.qt import Pane, column, named, row, widget_with
from mnist_gui.gui.inside.enlarged import EnlargedFilter
from mnist_gui.gui.inside.tiles import FilterTiles
from mnist_gui.gui.inside.weight_text import WeightText
from mnist_gui.gui.views.layer_text import LayerText
from mnist_gui.gui.views.page import ViewPage

_NARROW = 520
_LEGEND_WIDTH = 340
# The enlarged image has what the words around it leave: never more, or the page would grow with it.
_LINES_AROUND_ENLARGED = 28
_LEAST_SIDE, _MOST_SIDE = 160, 340
_LEAST_WORDS = 220
_GAP = 14
_SAVED_SIDE = 560


class WeightsPage(ViewPage):
    """All images of a layer on one scale, and one of them enlarged with its numbers.

    `choice_changed` carries what is to be seen instead. `wished_place` is the number of the image
    that a wish is about, None for all of them.
    """

    choice_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__("weights")
        self.wished_place: int | None = None
        self._weights: WeightImages | None = None
        self._layers: Sequence[Layer] = ()
        self._place = 0
        self._words, self._layer_words = WeightText(self), LayerText(self)
        self.tiles = FilterTiles()
        self.legend = DivergingLegend("0")
        self.layer_box = named(QComboBox(), "weights_layer_box", self.tr("Layer"))
        self.source_box = named(QComboBox(), "weights_source_box", self.tr("Input map"))
        self.order_box = named(QComboBox(), "filter_order_box", self.tr("Order of the images"))
        self.enlarged = EnlargedFilter()
        self.image_title = heading("")
        self.sentence = named(paragraph(), "filter_sentence")
        self.figures = caption()
        self.pixel = named(caption(), "weight_label")
        self.one_menu = self._make_menu()
        self._fill_controls()
        # Without a network there is nothing to choose.
        self.controls.setVisible(False)
        self._fill_body()
        self.tiles.image_entered.connect(self._enlarge)
        self.tiles.pictures_changed.connect(self._show_enlarged)
        self.tiles.menu_requested.connect(self._open_menu_of_all)
        self.enlarged.menu_requested.connect(self._open_menu_of_one)
        self.enlarged.pixel_told.connect(self.pixel.setText)
        self.menu.aboutToShow.connect(self._wish_for_all)
        self.one_menu.aboutToShow.connect(self._wish_for_one)
        for box in (self.layer_box, self.source_box, self.order_box):
            box.currentIndexChanged.connect(self._choose)

    def show_weights(self, title: str, architecture: str, weights: WeightImages) -> None:
        """Show the weights of a layer of the network of this title."""
        self.show_title(title)
        self.controls.setVisible(True)
        self.show_purpose(self._words.purpose(weights))
        before, self._weights = self._weights, weights
        if before is None or before.folded.shape != weights.folded.shape:
            self._place = 0
        self._offer(architecture, weights)
        self.legend.show_ends(
            self.tr("against: {weight} or less").format(weight=signed(-weights.scale, 2)),
            self.tr("for: {weight} or more").format(weight=signed(weights.scale, 2)),
        )
        self.tiles.show_weights(weights)
        self.tiles.choose(self._place)
        self._show_enlarged()

    def picture_of(self, place: int | None) -> QImage:
        """Return one image as a picture, or all of them with their titles."""
        if place is None:
            return self.tiles.sheet()
        return self.tiles.tile_picture(place, _SAVED_SIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the enlarged image beside the tiles, or below them where it is narrow."""
        super().resizeEvent(event)
        # Where they just fit side by side, the page may be so wide only because they are.
        beside = self.tiles.minimumSizeHint().width() + _MOST_SIDE + _GAP
        is_narrow = self.width() <= max(_NARROW, beside)
        side = _LEAST_SIDE
        if not is_narrow:
            around = _LINES_AROUND_ENLARGED * self.fontMetrics().lineSpacing()
            side = min(max(self.height() - around, _LEAST_SIDE), _MOST_SIDE)
        self.enlarged.setFixedSize(side, side)
        self._one.setFixedWidth(max(side, _LEAST_WORDS))
        directions = QBoxLayout.Direction
        self._sides.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)

    @Slot(int)
    def _enlarge(self, place: int) -> None:
        self._place = place
        self._show_enlarged()

    @Slot()
    def _show_enlarged(self) -> None:
        weights, place = self._weights, self._place
        if weights is None or place >= len(weights.images):
            return
        self.enlarged.show_image(weights, place, self.tiles.filters.picture(place))
        self.image_title.setText(self._words.title(weights, place))
        self.sentence.setText(self._words.sentence(weights, place))
        self.figures.setText(self._words.figures(weights, place))

    # --- choices -------------------------------------------------------------------------------

    def _offer(self, architecture: str, weights: WeightImages) -> None:
        """Offer what can be chosen of these weights, with what is shown of them chosen."""
        boxes = (self.layer_box, self.source_box, self.order_box)
        blockers = [QSignalBlocker(box) for box in boxes]
        layers = network_layers(architecture)
        titles = dict(zip(layers, self._layer_words.titles(layers), strict=True))
        self._layers = layers_with_images(architecture)
        _fill(self.layer_box, [titles[layer] for layer in self._layers])
        self.layer_box.setCurrentIndex(self._layers.index(weights.layer))
        maps = (self.tr("Map {number}").format(number=count(n + 1)) for n in range(weights.maps))
        _fill(self.source_box, [self.tr("All, added up"), *maps])
        source = weights.choice.source
        self.source_box.setCurrentIndex(0 if source is None else source + 1)
        self._source.setVisible(weights.maps > 1)
        orders = list(Order) if weights.votes is not None else list(Order)[:-1]
        _fill(self.order_box, [self._order_text(order) for order in orders])
        self.order_box.setCurrentIndex(orders.index(weights.choice.order))
        for blocker in blockers:
            blocker.unblock()

    @Slot()
    def _choose(self) -> None:
        if not self._layers:
            return
        source = self.source_box.currentIndex() - 1
        self.choice_changed.emit(
            WeightChoice(
                self._layers[self.layer_box.currentIndex()].weights,
                source if source >= 0 else None,
                list(Order)[self.order_box.currentIndex()],
            )
        )

    def _order_text(self, order: Order) -> str:
        texts = {
            Order.NUMBER: self.tr("By number"),
            Order.SIZE: self.tr("By size of the weights"),
            Order.SIMILARITY: self.tr("By similarity"),
            Order.DIGIT: self.tr("By the digit it speaks for"),
        }
        return texts[order]

    # --- the menus -----------------------------------------------------------------------------

    @Slot(QPoint)
    def _open_menu_of_all(self, at: QPoint) -> None:
        self.menu.popup(at)

    @Slot(QPointF)
    def _open_menu_of_one(self, at: QPointF) -> None:
        self.one_menu.popup(at.toPoint())

    @Slot()
    def _wish_for_all(self) -> None:
        self.wished_place = None

    @Slot()
    def _wish_for_one(self) -> None:
        self.wished_place = self._place

    # --- putting together ----------------------------------------------------------------------

    def _fill_controls(self) -> None:
        texts = (self.tr("&Layer"), self.tr("Input &map"), self.tr("&Order"))
        boxes = (self.layer_box, self.source_box, self.order_box)
        parts: list[QWidget] = []
        for text, box in zip(texts, boxes, strict=True):
            label = QLabel(text)
            label.setBuddy(box)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            parts.append(widget_with(row(label, box, spacing=8)))
        self._source = parts[1]
        columns = Columns(parts, stretches=(0, 0, 0), spacing=14)
        self.controls.setLayout(row(columns, 0))

    def _fill_body(self) -> None:
        self.legend.setMaximumWidth(_LEGEND_WIDTH)
        for part in (self.figures, self.pixel):
            part.setWordWrap(True)
        one = (self.image_title, self.enlarged, self.sentence, self.figures, self.pixel, 0)
        self._one = Pane()
        self._one.setLayout(column(*one, spacing=6))
        self._sides = row((self.tiles, 1), self._one, spacing=_GAP)
        # Alone in its line, its height would be that for the whole width.
        legend = row((self.legend, 1), 0)
        self.body.setLayout(column(legend, (self._sides, 1), spacing=10))


def _fill(box: QComboBox, texts: list[str]) -> None:
    """Offer these texts, and keep the list as it is if it has them."""
    if [box.itemText(place) for place in range(box.count())] != texts:
        box.clear()
        box.addItems(texts)
