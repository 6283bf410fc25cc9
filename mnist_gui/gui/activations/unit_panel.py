"""One number: where it is, what it sees of the digit, and how it comes about."""

import numpy as np
from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from mnist_gui.engine.inside.layers import LayerKind
from mnist_gui.engine.inside.passage import Passage, Unit, scale_of
from mnist_gui.engine.inside.receptive_field import receptive_field
from mnist_gui.engine.inside.unit import Arithmetic, Average, Largest, WeightedSum, arithmetic
from mnist_gui.gui.activations.number_grid import NumberGrid
from mnist_gui.gui.activations.pictures import coloured, thumbnail, unit_evidence
from mnist_gui.gui.activations.sums import Line, SumText
from mnist_gui.gui.activations.text import StepText
from mnist_gui.gui.activations.written import SumTable
from mnist_gui.gui.common.images import as_qimage
from mnist_gui.gui.common.labels import caption, count, heading, paragraph
from mnist_gui.gui.common.qt import (
    Announcer,
    column,
    named,
    never_mirrored,
    row,
    widget_with,
)

_GAP, _CLOSE = 8, 4
_SMALLEST, _LARGEST = 96, 190
_SMALLEST_WINDOW = 76
_BELOW_CAPTION = 2


class Captioned(QWidget):
    """A grid of numbers with a caption above it."""

    def __init__(self, grid: NumberGrid) -> None:
        super().__init__()
        self.grid, self.caption = grid, caption()
        self.caption.setWordWrap(True)
        column(self.caption, self.grid, parent=self, spacing=_BELOW_CAPTION)

    def fit(self, side: int) -> None:
        """Make the grid this wide and high, below all lines of the caption."""
        # It is -1 of no text.
        lines = max(0, self.caption.heightForWidth(side))
        self.caption.setFixedHeight(lines)
        self.grid.setFixedSize(side, side)
        self.setFixedSize(side, lines + _BELOW_CAPTION + side)


class UnitPanel(QWidget):
    """Shows a number of a layer with all of its arithmetic.

    `unit_pointed` and `unit_chosen` carry a unit of the same layer, `source_chosen` one of the
    layer before.
    """

    unit_pointed = Signal(object)
    unit_chosen = Signal(object)
    source_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._passage: Passage | None = None
        self._place = 0
        self._unit: Unit = (0, 0, 0)
        self._opened: tuple[int, int, int] | None = None
        self._words, self._sums = StepText(self), SumText(self)
        self._announcer = Announcer(self)
        self.title = heading("")
        self.sentence = named(paragraph(), "sum_sentence")
        self.digit = Captioned(NumberGrid("field_picture", self.tr("What it sees of the digit")))
        grid = NumberGrid("map_picture", self.tr("The map, enlarged"), is_walked=True)
        self.map = Captioned(grid)
        self.patch = Captioned(NumberGrid("patch_picture", self.tr("Patch")))
        self.kernel = Captioned(NumberGrid("kernel_picture", self.tr("Kernel")))
        self.products = Captioned(NumberGrid("products_picture", self.tr("Products")))
        self.table = SumTable()
        self._lay_out()
        grid.cell_pointed.connect(self._point)
        grid.cell_chosen.connect(self._choose)
        self.table.line_followed.connect(self._follow_line)
        self.table.map_opened.connect(self._open)

    def show_unit(self, passage: Passage, place: int, unit: Unit) -> None:
        """Show how a number of the layer at a place comes about."""
        self._passage, self._place, self._unit = passage, place, unit
        self.title.setText(self._words.full(passage, place, unit))
        how = arithmetic(passage, place, unit)
        opened = self._opened_map(how)
        written = self._sums.write(passage, place, unit, how, opened)
        self.sentence.setText(written.sentence)
        self.table.show_sum(written)
        self._show_digit(passage, place, unit)
        self._show_map(passage, place, unit)
        self._show_window(passage, place, how, opened)
        self._fit()

    def say(self) -> None:
        """Have a screen reader speak the number and its arithmetic."""
        words = self.tr("{number}. {sentence}").format(
            number=self.title.text(), sentence=self.sentence.text()
        )
        self.map.grid.setAccessibleDescription(words)
        self._announcer.say(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the pictures as large as fit side by side."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # A unit that is not in a map has no window below, and more room.
        share = 3.0 if len(self._unit) == 3 else 2.2
        signs = 2 * (self._times.sizeHint().width() + 2 * _CLOSE) + 2
        third = (self.width() - signs) // 3
        for part in (self.digit, self.map):
            part.fit(round(min(max(self.width() / share, _SMALLEST), _LARGEST)))
        for part in (self.patch, self.kernel, self.products):
            part.fit(min(max(third, _SMALLEST_WINDOW), _LARGEST))

    # --- pictures ------------------------------------------------------------------------------

    def _show_digit(self, passage: Passage, place: int, unit: Unit) -> None:
        field = receptive_field(passage.layers, place, unit)
        layer = passage.layers[place]
        self.digit.setVisible(layer.kind is not LayerKind.INPUT)
        self.digit.grid.show_picture(as_qimage(passage.image), frame=field)
        text = self.tr("Sees {rows} \u00d7 {columns} pixels")
        words = text.format(rows=field.rows, columns=field.columns)
        self.digit.caption.setText(words)
        self.digit.grid.setAccessibleDescription(words)

    def _show_map(self, passage: Passage, place: int, unit: Unit) -> None:
        layer, colours = passage.layers[place], self.palette()
        grid = self.map.grid
        shares = unit_evidence(passage, place, unit[0], colours)
        self.map.setVisible(len(unit) == 3 or shares is not None)
        if len(unit) == 3:
            picture = thumbnail(passage, place, unit[2], colours)
            grid.show_picture(picture, mark=(unit[0], unit[1]))
            self.map.caption.setText(self._words.spoken_group(layer, unit[2]))
        elif shares is not None:
            grid.show_picture(shares[0], shares[1] if shares[1].size < 100 else None)
            is_pixel = passage.image.shape == shares[1].shape
            each_pixel, each_place = (
                self.tr("What each pixel adds"),
                self.tr("What each place adds"),
            )
            self.map.caption.setText(each_pixel if is_pixel else each_place)

    def _show_window(self, passage: Passage, place: int, how: Arithmetic, opened: int) -> None:
        is_sum = isinstance(how, WeightedSum) and how.window is not None
        self._window.setVisible(is_sum or isinstance(how, Largest | Average))
        for part in (self.kernel, self.products, self._times, self._equals):
            part.setVisible(is_sum)
        colours = self.palette()
        scale_before = passage.scales[place - 1]
        if isinstance(how, Largest | Average):
            picture = coloured(how.values, scale_before, colours)
            mark = how.winner if isinstance(how, Largest) else None
            self.patch.grid.show_picture(picture, how.values, mark=mark)
            text = self.tr("The {count} numbers")
            self.patch.caption.setText(text.format(count=count(how.values.size)))
        elif isinstance(how, WeightedSum) and how.window is not None:
            values, weights = how.values[..., opened], how.weights[..., opened]
            products = how.products[..., opened]
            parts = (
                (self.patch, values, scale_before, self.tr("Patch")),
                (self.kernel, weights, scale_of(how.weights), self.tr("Kernel")),
                (self.products, products, scale_of(how.products), self.tr("Products")),
            )
            if how.values.shape[2] > 1:
                text = self.tr("Patch of map {map}")
                parts = ((*parts[0][:3], text.format(map=opened + 1)), *parts[1:])
            for part, numbers, scale, words in parts:
                part.grid.show_picture(coloured(numbers, scale, colours), numbers)
                part.caption.setText(words)
            if passage.layers[place - 1].kind is LayerKind.INPUT:
                greys = as_qimage((255 * values).round().astype(np.uint8))
                self.patch.grid.show_picture(greys, values, is_signed=False)

    # --- choosing ------------------------------------------------------------------------------

    def _opened_map(self, how: Arithmetic) -> int:
        """Return the map whose products are shown: the user's choice, or what counts most."""
        if not isinstance(how, WeightedSum) or how.window is None:
            return 0
        if self._opened is not None and self._opened[:2] == (self._place, self._unit[-1]):
            return self._opened[2]
        sums = abs(how.products.sum(axis=(0, 1)))
        return int(sums.argmax())

    @Slot(int)
    def _open(self, number: int) -> None:
        self._opened = (self._place, self._unit[-1], number)
        if self._passage is not None:
            self.show_unit(self._passage, self._place, self._unit)

    @Slot(object)
    def _point(self, cell: tuple[int, int] | None) -> None:
        if len(self._unit) == 3:
            self.unit_pointed.emit(None if cell is None else (*cell, self._unit[2]))

    @Slot(object)
    def _choose(self, cell: tuple[int, int]) -> None:
        if len(self._unit) == 3:
            self.unit_chosen.emit((*cell, self._unit[2]))

    @Slot(Line)
    def _follow_line(self, line: Line) -> None:
        self.source_chosen.emit(line.source)

    def minimumSizeHint(self) -> QSize:
        """Return a width in which the pictures are seen."""
        return QSize(2 * _SMALLEST + _GAP, super().minimumSizeHint().height())

    def _lay_out(self) -> None:
        self._times, self._equals = QLabel("\u00d7"), QLabel("=")
        pictures = widget_with(row(self.digit, self.map, 0, spacing=_GAP))
        parts = (self.patch, self._times, self.kernel, self._equals, self.products, 0)
        self._window = widget_with(row(*parts, spacing=_CLOSE))
        for figure in (pictures, self._window):
            never_mirrored(figure)
        column(
            self.title,
            self.sentence,
            pictures,
            self._window,
            (self.table, 1),
            0,
            parent=self,
            spacing=6,
        )
