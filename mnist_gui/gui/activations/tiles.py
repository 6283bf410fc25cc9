"""All maps or units of a layer as tiles, in which one walks from number to number."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from mnist_gui.engine.inside.layout import fit_tiles
from mnist_gui.engine.inside.passage import Unit
from mnist_gui.gui.activations.number_grid import outline
from mnist_gui.gui.activations.pictures import Strip
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.labels import tabular
from mnist_gui.gui.common.qt import arrow_delta, named

_LARGEST = 190
_SMALLEST_MAP, _SMALLEST_UNIT = 40, 10
_LARGEST_UNIT = 32
_GAP = 6
_BAR = 14
_MARGIN = 4
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """What is shown: a picture and a text for each map or unit, none for many units.

    `cells` are the rows and columns of a map, of which each is a number; (1, 1) for a unit.
    `largest` is the tile whose text is bold.
    """

    strip: Strip
    texts: Sequence[str]
    count: int
    cells: tuple[int, int]
    is_maps: bool
    largest: int | None = None


class MapTiles(QAbstractScrollArea):
    """Shows the tiles as large as fit, and the number that is chosen.

    `unit_pointed` carries the number under the pointer, None when it has left; `unit_chosen` the
    one that was clicked or that keys came to.
    """

    unit_pointed = Signal(object)
    unit_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.tiles: Tiles | None = None
        self.unit: Unit = (0, 0, 0)
        self._columns, self._side = 1, _SMALLEST_MAP
        is_to_be(self, QAccessible.Role.Graphic)
        tip = self.tr(
            "Walk from number to number with the arrow keys, from map to map with Page Up and Page "
            "Down."
        )
        named(self, "map_tiles", self.tr("Numbers of the layer"), tip)
        self.setToolTip("")
        self.setFont(tabular(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setMinimumSize(180, 200)

    def show_tiles(self, tiles: Tiles, unit: Unit) -> None:
        """Show the tiles of a layer, with this number chosen."""
        before = self.tiles
        self.tiles, self.unit = tiles, unit
        if before is None or (before.count, before.cells) != (tiles.count, tiles.cells):
            self._fit()
        self.viewport().update()

    def choose(self, unit: Unit) -> None:
        """Show that this number is chosen, and scroll to it."""
        self.unit = unit
        place, bar = self.tile_rect(unit[-1]), self.verticalScrollBar()
        height = self.viewport().height()
        if place.top() < 0:
            bar.setValue(bar.value() + int(place.top()) - _GAP)
        elif place.bottom() + self._below > height:
            bar.setValue(bar.value() + int(place.bottom() + self._below - height) + _GAP)
        self.viewport().update()

    def tile_rect(self, number: int) -> QRectF:
        """Return where the picture of a map or a unit is in the viewport."""
        line, column = divmod(number, self._columns)
        step = self._side + self._gap
        return QRectF(
            _MARGIN + column * step,
            _MARGIN + line * (step + self._below) - self.verticalScrollBar().value(),
            self._side,
            self._side,
        )

    def unit_rect(self, unit: Unit) -> QRectF:
        """Return where a number is in the viewport."""
        place = self.tile_rect(unit[-1])
        if self.tiles is None or len(unit) == 1:
            return place
        rows, columns = self.tiles.cells
        width, height = place.width() / columns, place.height() / rows
        return QRectF(place.left() + unit[1] * width, place.top() + unit[0] * height, width, height)

    def sizeHint(self) -> QSize:
        """Return a small size; it grows where there is room."""
        return QSize(300, 200)

    # --- choosing a number ---------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the number under the pointer."""
        self.unit_pointed.emit(self.unit_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the number under the pointer."""
        unit = self.unit_at(event.position())
        if unit is not None and event.button() is Qt.MouseButton.LeftButton:
            self.unit_chosen.emit(unit)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell that the pointer has left."""
        if event.type() == QEvent.Type.Leave:
            self.unit_pointed.emit(None)
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from number to number and from map to map."""
        key = Qt.Key(event.key())
        step = arrow_delta(key)
        if self.tiles is None or (step is None and key not in _PAGES):
            super().keyPressEvent(event)
        elif step is None:
            number = self.unit[-1] + _PAGES[key]
            if 0 <= number < self.tiles.count:
                self.unit_chosen.emit((*self.unit[:-1], number))
        else:
            self._walk(*step)

    def _walk(self, down: int, right: int) -> None:
        """Walk to the next number, beyond the edge of a map into the map that is there."""
        assert self.tiles is not None
        rows, columns = self.tiles.cells
        row, column, number = (0, 0, *self.unit) if len(self.unit) == 1 else self.unit
        line, at = divmod(number, self._columns)
        line, row = divmod(line * rows + row + down, rows)
        at, column = divmod(at * columns + column + right, columns)
        number = line * self._columns + at
        if 0 <= at < self._columns and 0 <= number < self.tiles.count:
            self.unit_chosen.emit((row, column, number) if self.tiles.is_maps else (number,))

    def unit_at(self, position: QPointF) -> Unit | None:
        """Return the number at a position of the viewport."""
        if self.tiles is None:
            return None
        step = self._side + self._gap
        column = int((position.x() - _MARGIN) // step)
        top = position.y() + self.verticalScrollBar().value() - _MARGIN
        number = int(top // (step + self._below)) * self._columns + column
        if not (0 <= column < self._columns and 0 <= number < self.tiles.count):
            return None
        place = self.tile_rect(number)
        if not place.contains(position):
            return None
        if not self.tiles.is_maps:
            return (number,)
        rows, columns = self.tiles.cells
        row = int((position.y() - place.top()) / place.height() * rows)
        column = int((position.x() - place.left()) / place.width() * columns)
        return min(row, rows - 1), min(column, columns - 1), number

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the tiles that are in sight, and a frame round the one that is chosen."""
        if self.tiles is None:
            return
        painter = QPainter(self.viewport())
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        for number in range(self.tiles.count):
            place = self.tile_rect(number)
            if -self._below < place.bottom() and place.top() < self.viewport().height():
                self._paint_tile(painter, number, place)
        self._paint_chosen(painter)
        painter.end()

    def _paint_tile(self, painter: QPainter, number: int, place: QRectF) -> None:
        assert self.tiles is not None
        strip = self.tiles.strip
        source = QRectF(0, number * strip.rows, strip.columns, strip.rows)
        painter.drawImage(place, strip.picture, source)
        if not self.tiles.texts:
            return
        font = QFont(self.font())
        font.setBold(number == self.tiles.largest)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        below = QRectF(place.left(), place.bottom() + 2, place.width(), self._below)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextDontClip
        painter.drawText(below, int(flags), self.tiles.texts[number])

    def _paint_chosen(self, painter: QPainter) -> None:
        colours = self.palette()
        assert self.tiles is not None
        if self.tiles.is_maps:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.color(QPalette.ColorRole.Accent), 3))
            painter.drawRect(self.tile_rect(self.unit[-1]).adjusted(-1, -1, 1, 1))
        outline(painter, self.unit_rect(self.unit), colours)

    # --- fitting -------------------------------------------------------------------------------

    @property
    def _below(self) -> int:
        has_texts = self.tiles is not None and bool(self.tiles.texts)
        return self.fontMetrics().height() + 2 if has_texts else 0

    @property
    def _gap(self) -> int:
        return _GAP if self.tiles is not None and self.tiles.texts else 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the tiles as large as fit."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Make room for texts in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        tiles = self.tiles
        if tiles is None:
            return
        limits = (_SMALLEST_MAP, _LARGEST) if tiles.texts else (_SMALLEST_UNIT, _LARGEST_UNIT)
        if tiles.texts and not tiles.is_maps:
            widest = max(map(self.fontMetrics().horizontalAdvance, tiles.texts))
            limits = (max(_SMALLEST_MAP, widest), _LARGEST)
        room = (self.width() - _BAR - _MARGIN, self.height() - 2 * _MARGIN)
        around = (self._gap, self._gap + self._below)
        self._columns, self._side = fit_tiles(tiles.count, room, limits, around)
        if tiles.texts and tiles.strip.rows == 1:
            # Single colours need no more room than their texts.
            self._side = min(self._side, limits[0])
            self._columns = min(tiles.count, max(1, room[0] // (self._side + around[0])))
        lines = -(-tiles.count // self._columns)
        height = 2 * _MARGIN + lines * (self._side + around[1])
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, height - self.height()))
        bar.setPageStep(self.height())
        bar.setSingleStep(self._side + around[1])
        self.viewport().update()
