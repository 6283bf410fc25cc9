"""The table in which a number is written out, line by line."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from mnist_gui.gui.activations.sums import Line, WrittenSum
from mnist_gui.gui.common.labels import tabular
from mnist_gui.gui.common.qt import named

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_FEWEST_LINES = 5
# Most numbers are no wider.
_WIDE = "\u221288.888"
_LEAST_HEIGHT = 24


class SumModel(QAbstractTableModel):
    """The lines of a written sum."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.written = WrittenSum("")

    def show_sum(self, written: WrittenSum) -> None:
        """Show these lines."""
        before, self.written = self.written, written
        if (before.heads, len(before.lines)) == (written.heads, len(written.lines)):
            last = self.index(len(written.lines) - 1, len(written.heads) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        else:
            self.beginResetModel()
            self.endResetModel()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self.written.lines)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.written.heads)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, numbers at the right, results in bold."""
        line = self.written.lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.cells[index.column()]
            case Qt.ItemDataRole.AccessibleTextRole if line.spoken and not index.column():
                return line.spoken
            case Qt.ItemDataRole.TextAlignmentRole if index.column():
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole if line.is_result or line.map is not None:
                font = QFont()
                font.setBold(True)
                return font
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return what a column holds."""
        if orientation == Qt.Orientation.Vertical or section >= len(self.written.heads):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        # Where it is shortened, the tip has all of it.
        roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        return self.written.heads[section] if role in roles else None


class SumTable(QTableView):
    """Shows a written sum; `line_followed` carries the line on which Enter or two clicks fell.

    `map_opened` carries the map of a line that was clicked, or on which Enter fell.
    """

    line_followed = Signal(Line)
    map_opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.sums = SumModel(self)
        self.setModel(self.sums)
        tip = self.tr(
            "Enter or two clicks on a line lead to its input in the layer before. Numbers are "
            "rounded here; the network computes with more digits."
        )
        named(self, "sum_table", self.tr("The sum, written out"), tip)
        self.setFont(tabular(self.font()))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.clicked.connect(self._open_map)
        self.doubleClicked.connect(self._follow)
        self._fit()

    def show_sum(self, written: WrittenSum) -> None:
        """Show this sum."""
        is_other = self.sums.columnCount() != len(written.heads)
        self.sums.show_sum(written)
        self.setVisible(bool(written.lines))
        self.clearSpans()
        for place, line in enumerate(written.lines):
            # What has no factors has the room of theirs.
            if len(line.cells) > 2 and not any(line.cells[1:-1]):
                self.setSpan(place, 0, 1, len(line.cells) - 1)
        if is_other and written.heads:
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Follow a line, or open its map, on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            line = self.sums.written.lines[self.currentIndex().row()]
            (self._follow if line.map is None else self._open_map)(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Make room for another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def sizeHint(self) -> QSize:
        """Return the size of a few lines; it grows where there is room."""
        lines = _FEWEST_LINES * self.verticalHeader().defaultSectionSize()
        return QSize(220, self.horizontalHeader().sizeHint().height() + lines + 2)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def _fit(self) -> None:
        # Results are bold.
        font = self.font()
        font.setBold(True)
        metrics = QFontMetrics(font)
        self.verticalHeader().setMinimumSectionSize(_LEAST_HEIGHT)
        self.verticalHeader().setDefaultSectionSize(max(_LEAST_HEIGHT, metrics.height() + 4))
        header = self.horizontalHeader()
        for place, head in enumerate(self.sums.written.heads):
            if not place:
                header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
                continue
            texts = [line.cells[place] for line in self.sums.written.lines]
            widest = max(map(metrics.horizontalAdvance, (head, _WIDE, *texts)))
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(place, widest + 12)
        self.updateGeometry()

    @Slot(QModelIndex)
    def _open_map(self, index: QModelIndex) -> None:
        line = self.sums.written.lines[index.row()]
        if line.map is None:
            return
        self.map_opened.emit(line.map)
        maps = [each.map for each in self.sums.written.lines]
        self.setCurrentIndex(self.sums.index(maps.index(line.map), 0))

    @Slot(QModelIndex)
    def _follow(self, index: QModelIndex) -> None:
        line = self.sums.written.lines[index.row()]
        if line.source is not None:
            self.line_followed.emit(line)
