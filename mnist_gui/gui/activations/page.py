"""The page on which one follows a number from the pixels to the ten probabilities."""

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton

from mnist_gui.engine.inside.layers import LayerKind
from mnist_gui.engine.inside.passage import Passage, Unit
from mnist_gui.engine.inside.unit import trace
from mnist_gui.gui.activations.exciting import ExcitingImages
from mnist_gui.gui.activations.pictures import layer_strip, square_of, thumbnail
from mnist_gui.gui.activations.steps import LayerSteps, Step
from mnist_gui.gui.activations.text import StepText, written
from mnist_gui.gui.activations.tiles import MapTiles, Tiles
from mnist_gui.gui.activations.unit_panel import UnitPanel
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.diverging import DivergingLegend
from mnist_gui.gui.common.labels import heading, paragraph, signed
from mnist_gui.gui.common.qt import column, explain, named, row, widget_with
from mnist_gui.gui.views.page import ViewPage

_LEGEND_WIDTH = 300
_MOST_PANEL = 560
# In widths of an "x": narrower, the number is below the tiles.
_SIDE_BY_SIDE = 78
# More units have no text of their own.
_MOST_TEXTS = 128


class ActivationsPage(ViewPage):
    """Shows the layers in a row, the numbers of one of them, and one number in full.

    The number that is chosen, or else the one under the pointer, is the one that is followed.
    `looked_at` is emitted when it belongs to another layer or map.
    """

    looked_at = Signal()

    def __init__(self) -> None:
        super().__init__("activations")
        self.passage: Passage | None = None
        self.place = 0
        self.unit: Unit = (0, 0, 0)
        self._trace: tuple[Unit, ...] = ()
        self._words = StepText(self)
        self.steps = LayerSteps()
        self.heading = named(heading(""), "layer_heading")
        self.back_button = named(QPushButton(self.tr("Where it comes from")), "back_button")
        self.on_button = named(QPushButton(self.tr("Where it goes")), "on_button")
        self.sentence = named(paragraph(), "layer_sentence")
        self.tiles = MapTiles()
        self.legend = DivergingLegend("0")
        self.panel = UnitPanel()
        self.exciting = ExcitingImages()
        self._put_together()
        self.exciting.cancelled.connect(self.cancelled)
        self.steps.step_chosen.connect(self.go_to)
        self.tiles.unit_pointed.connect(self._point)
        self.tiles.unit_chosen.connect(self.choose)
        self.panel.unit_pointed.connect(self._point)
        self.panel.unit_chosen.connect(self.choose)
        self.panel.source_chosen.connect(self._go_to_source)
        self.back_button.clicked.connect(self._step_back)
        self.on_button.clicked.connect(self._step_on)
        self.show_purpose(
            self.tr(
                "Follow one number from pixel to probability: the row shows where it comes from "
                "and where it counts most."
            )
        )

    def show_passage(self, passage: Passage) -> None:
        """Show what a network makes of an image; of the same architecture, the same number."""
        is_other = self.passage is None or self.passage.layers != passage.layers
        self.passage = passage
        if is_other:
            self.place, self.unit = self._beginning(passage)
        self._show_all()
        if is_other:
            self.looked_at.emit()

    @Slot(int)
    def go_to(self, place: int) -> None:
        """Show the layer at this place, with the number that is followed."""
        if self.passage is not None and 0 <= place < len(self.passage.layers):
            self.place, self.unit = place, self._trace[place]
            self._show_layer()
            self.panel.say()
            self.looked_at.emit()

    @Slot(object)
    def choose(self, unit: Unit) -> None:
        """Follow this number of the layer."""
        is_other_map = unit[-1] != self.unit[-1]
        self.unit = unit
        self._follow()
        self.tiles.choose(unit)
        self.tiles.setAccessibleDescription(self.panel.title.text())
        self.panel.say()
        if is_other_map:
            self.looked_at.emit()

    def show_progress(self, done: int, total: int) -> None:
        """Show how far the search for images is, where it was asked for."""
        self.exciting.show_progress(done, total)

    def begin_progress(self) -> None:
        """Say nothing of a digit's way through the network, which takes milliseconds."""

    # --- showing -------------------------------------------------------------------------------

    @staticmethod
    def _beginning(passage: Passage) -> tuple[int, Unit]:
        """Return the layer that learns first, and what counts most in it for the digit read."""
        place = next(place for place, layer in enumerate(passage.layers) if layer.weights)
        return place, trace(passage, len(passage.layers) - 1, (passage.digit,))[place]

    def _show_all(self) -> None:
        self._show_layer()

    def _show_layer(self) -> None:
        passage, place = self.passage, self.place
        if passage is None:
            return
        self.heading.setText(self._words.heading(passage, place))
        self.back_button.setEnabled(place > 0)
        self.on_button.setEnabled(place < len(passage.layers) - 1)
        self.sentence.setText(self._words.sentence(passage, place))
        self._show_tiles(passage, place)
        self._follow()

    def _show_tiles(self, passage: Passage, place: int) -> None:
        layer, colours = passage.layers[place], self.palette()
        is_maps = len(layer.shape) == 3
        strip = layer_strip(passage, place, colours)
        count = layer.shape[-1]
        texts = [self._words.group(layer, each) for each in range(count)]
        largest = None
        if layer.is_of_digits:
            values = [self._words.brief(layer, float(each)) for each in passage.outputs[place]]
            text = self.tr("{digit}: {value}")
            texts = [text.format(digit=digit, value=value) for digit, value in enumerate(values)]
            largest = int(passage.outputs[place].argmax())
            if layer.kind is LayerKind.LOSS:
                largest = int(passage.outputs[place].argmin())
        elif layer.kind is LayerKind.INPUT or count > _MOST_TEXTS or not is_maps:
            texts = []
        cells = (layer.shape[0], layer.shape[1]) if is_maps else (1, 1)
        self.tiles.show_tiles(Tiles(strip, texts, count, cells, is_maps, largest), self.unit)
        self.legend.setVisible(layer.kind is not LayerKind.INPUT)
        self.legend.show_ends(written(-strip.scale), signed(strip.scale))

    def _follow(self) -> None:
        """Follow the chosen number through all layers."""
        passage = self.passage
        if passage is None:
            return
        self._trace = trace(passage, self.place, self.unit)
        self.steps.show_steps(self._steps(passage), self.place)
        self.panel.show_unit(passage, self.place, self.unit)

    def _steps(self, passage: Passage) -> list[Step]:
        steps = []
        for place, (layer, unit) in enumerate(zip(passage.layers, self._trace, strict=True)):
            cell = unit[:2] if len(unit) == 3 else divmod(unit[0], square_of(layer.shape[0])[1])
            picture = thumbnail(passage, place, unit[-1], self.palette())
            value = self._words.brief(layer, passage.value(place, unit))
            spoken = self._words.spoken(passage, place, unit)
            steps.append(Step(self._words.short(layer), picture, cell, value, spoken))
        return steps

    @Slot(object)
    def _point(self, unit: Unit | None) -> None:
        """Show the number under the pointer, or again the chosen one."""
        if self.passage is not None:
            self.panel.show_unit(self.passage, self.place, self.unit if unit is None else unit)

    @Slot(object)
    def _go_to_source(self, unit: Unit) -> None:
        if self.passage is not None and self.place:
            self.place, self.unit = self.place - 1, unit
            self._show_layer()
            self.panel.say()
            self.looked_at.emit()

    @Slot()
    def _step_back(self) -> None:
        self.go_to(self.place - 1)

    @Slot()
    def _step_on(self) -> None:
        self.go_to(self.place + 1)

    # --- putting together ----------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the number beside the tiles, or below them where it is narrow."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Use the colours of another theme, and the room of another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_all()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._arrange()

    def _arrange(self) -> None:
        directions = QBoxLayout.Direction
        is_narrow = self.width() < _SIDE_BY_SIDE * self.fontMetrics().horizontalAdvance("x")
        self._parts.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)
        self.panel.setMaximumWidth(16_777_215 if is_narrow else _MOST_PANEL)

    def _put_together(self) -> None:
        self.legend.setMaximumWidth(_LEGEND_WIDTH)
        left = widget_with(column((self.tiles, 1), self.legend, spacing=6))
        self._parts = row((left, 4), (self.panel, 5), spacing=14)
        explain(self.back_button, self.tr("Go to the number before that counts most for this one"))
        explain(self.on_button, self.tr("Go to the number after for which this one counts most"))
        head = (self.heading, self.back_button, self.on_button)
        column(
            self.steps,
            Columns(head, stretches=(1, 0, 0)),
            self.sentence,
            (self._parts, 1),
            self.exciting,
            parent=self.body,
            spacing=8,
        )
