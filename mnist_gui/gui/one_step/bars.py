"""A table whose cells are bars with their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.labels import tabular
from mnist_gui.gui.common.qt import Announcer, arrow_delta, named, never_mirrored
from mnist_gui.gui.common.theme import blend

_GAP = 6.0
_PADDING = 5.0
_ROUND_TEXT = 7
_BAR = 0.22
_MARKED_BAR = 0.42
_END = 2.0
_MORE = 6
_LEAST_WIDTH = 260
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as text, and the length of its bar 0..1; None for no bar."""

    text: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row of the table; one that is marked stands out.

    `spoken` is its title in full, where the one that is seen is shorter.
    """

    title: str
    cells: tuple[Cell, ...]
    is_marked: bool = False
    spoken: str = ""


class BarTable(QWidget):
    """Rows of numbers, most on a bar; the arrow keys walk the rows, which are then spoken.

    Where there is too little room, the columns without bars are left out.
    """

    def __init__(self, name: str, spoken: str) -> None:
        """`name` is that of the object, `spoken` what a screen reader calls it."""
        super().__init__()
        self.heads: tuple[str, ...] = ()
        self.rows: tuple[BarRow, ...] = ()
        self._row = 0
        # What columns need, which is asked for each cell that is painted.
        self._widths: dict[tuple[int, ...], float] = {}
        self._announcer = Announcer(self)
        is_to_be(self, QAccessible.Role.Chart)
        named(self, name, spoken)
        never_mirrored(self)
        self.setFont(tabular(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, heads: Sequence[str], rows: Sequence[BarRow]) -> None:
        """Show these rows; the first head stands above the titles."""
        is_other = len(rows) != len(self.rows) or tuple(heads) != self.heads
        self.heads, self.rows = tuple(heads), tuple(rows)
        self._widths.clear()
        self._row = min(self._row, max(len(rows) - 1, 0))
        self.setAccessibleDescription(self.spoken_row(self._row))
        if is_other:
            self.updateGeometry()
        self.update()

    def spoken_row(self, place: int) -> str:
        """Return what is spoken of the row at this place, from 0."""
        if not self.rows:
            return ""
        row = self.rows[place]
        cells = zip(self.heads[1:], row.cells, strict=True)
        title = row.spoken or row.title
        return ". ".join((title, *(f"{head}: {cell.text}" for head, cell in cells)))

    def row_rect(self, place: int) -> QRectF:
        """Return where a row is."""
        line = self._line()
        return QRectF(0, self._head() + place * line, self.width(), line)

    # --- sizes ---------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return the size in which there is room for all columns."""
        columns = range(1, len(self.heads))
        return QSize(round(self._needed(columns)) + _MORE * len(columns), self._height())

    def minimumSizeHint(self) -> QSize:
        """Return the size in which the columns with bars just fit, if in smaller type."""
        needed = round(self._needed(self._with_bars())) + 2
        return QSize(min(needed, _LEAST_WIDTH), self._height())

    def changeEvent(self, event: QEvent) -> None:
        """Ask for other room for a type of another size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._widths.clear()
            self.updateGeometry()

    def _line(self) -> float:
        return self.fontMetrics().height() + _ROUND_TEXT

    def _head(self) -> float:
        return self.fontMetrics().height() + 4

    def _height(self) -> int:
        return round(self._head() + len(self.rows) * self._line()) + 2

    def _with_bars(self) -> list[int]:
        """Return the columns, from 1, that have a bar."""
        cells = enumerate(zip(*(row.cells for row in self.rows), strict=True), 1)
        return [column for column, each in cells if any(c.share is not None for c in each)]

    def _shown(self) -> Sequence[int]:
        """Return the columns, from 1, that there is room for."""
        columns = range(1, len(self.heads))
        return columns if self._needed(columns) <= self.width() else self._with_bars()

    def _fitting_font(self, shown: Sequence[int]) -> QFont:
        """Return the font, smaller where these columns would not fit."""
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * min(1.0, self.width() / self._needed(shown)))
        return font

    def _needed(self, columns: Sequence[int]) -> float:
        """Return the width in which these columns just fit; all are equally wide."""
        key = tuple(columns)
        if key not in self._widths:
            self._widths[key] = self._measured(columns)
        return self._widths[key]

    def _measured(self, columns: Sequence[int]) -> float:
        texts = [self.heads[column] for column in columns]
        texts += [row.cells[column - 1].text for row in self.rows for column in columns]
        bold = self.font()
        bold.setBold(True)
        titles = [*self.heads[:1], *(row.title for row in self.rows)]
        return _widest(QFontMetricsF(bold), titles) + len(columns) * (
            _widest(QFontMetricsF(self.font()), texts) + _GAP
        )

    # --- walking -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from row to row."""
        step = arrow_delta(event.key())
        if step is None or not step[0]:
            super().keyPressEvent(event)
            return
        self._choose(self._row + step[0])
        self._announcer.say(self.accessibleDescription())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the row under the pointer."""
        self._choose(int((event.position().y() - self._head()) // self._line()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the row that the arrow keys begin at."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show no row."""
        super().focusOutEvent(event)
        self.update()

    def _choose(self, place: int) -> None:
        self._row = min(max(place, 0), max(len(self.rows) - 1, 0))
        self.setAccessibleDescription(self.spoken_row(self._row))
        self.update()

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the heads, and of each row its title, its bars and its numbers."""
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        colours = self.palette()
        painter.setPen(colours.color(QPalette.ColorRole.PlaceholderText))
        above = QRectF(0, 0, self.width(), self._head() - 3)
        shown = self._shown()
        painter.setFont(self._fitting_font(shown))
        for place, column in enumerate((0, *shown) if self.heads else ()):
            head = self._place(place, len(shown), above).adjusted(_PADDING, 0, -_PADDING, 0)
            painter.drawText(head, int(_RIGHT if column else _LEFT), self.heads[column])
        for number, row in enumerate(self.rows):
            self._paint_row(painter, self.row_rect(number), row, shown)
        if self.hasFocus() and self.rows:
            painter.setPen(QPen(colours.color(QPalette.ColorRole.WindowText), 1))
            painter.drawRect(self.row_rect(self._row).adjusted(3.5, 0.5, -3.5, -0.5))
        painter.end()

    def _place(self, place: int, columns: int, row: QRectF) -> QRectF:
        """Return the place of a cell; the first has the title, then come so many columns."""
        # In smaller type the titles take as much less room as all else does.
        first = self._needed(()) * min(1.0, self.width() / self._needed(self._shown()))
        if not place:
            return QRectF(row.x(), row.y(), first, row.height())
        width = (row.width() - first) / columns
        left = first + (place - 1) * width
        return QRectF(left + _GAP, row.y(), width - _GAP, row.height())

    def _paint_row(self, painter: QPainter, at: QRectF, row: BarRow, shown: Sequence[int]) -> None:
        font = self._fitting_font(shown)
        bold = QFont(font)
        bold.setBold(row.is_marked)
        painter.setFont(bold)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        title = self._place(0, len(shown), at).adjusted(_PADDING, 0, 0, 0)
        painter.drawText(title, int(_LEFT), row.title)
        painter.setFont(font)
        for place, column in enumerate(shown, 1):
            cell = row.cells[column - 1]
            where = self._place(place, len(shown), at)
            self._paint_cell(painter, where, cell, is_marked=row.is_marked)

    def _paint_cell(self, painter: QPainter, place: QRectF, cell: Cell, *, is_marked: bool) -> None:
        colours = self.palette()
        ground = colours.color(QPalette.ColorRole.Base)
        if cell.share is not None:
            accent = colours.color(QPalette.ColorRole.Accent)
            track = place.adjusted(0, 1.5, 0, -1.5)
            painter.fillRect(track, ground)
            track.setWidth(track.width() * min(max(cell.share, 0.0), 1.0))
            strength = _MARKED_BAR if is_marked else _BAR
            painter.fillRect(track, blend(ground, accent, strength))
            if track.width() > _END:
                track.setLeft(track.right() - _END)
            painter.fillRect(track, accent)
        painter.setPen(colours.color(QPalette.ColorRole.WindowText))
        painter.drawText(place.adjusted(0, 0, -_PADDING, 0), int(_RIGHT), cell.text)


def _widest(metrics: QFontMetricsF, texts: Sequence[str]) -> float:
    """Return the width of a cell for the widest of these texts."""
    return max(map(metrics.horizontalAdvance, texts), default=0) + 2 * _PADDING
