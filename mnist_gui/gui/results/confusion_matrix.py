"""The confusion matrix: counts of labels against predicted digits."""

from math import sqrt

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.diverging import readable_on
from mnist_gui.gui.common.labels import count, percent, tabular
from mnist_gui.gui.common.qt import Announcer, arrow_delta, named
from mnist_gui.gui.common.theme import blend

# Columns: the label, ten predicted digits, and the accuracy in two.
_COLUMNS = CLASSES + 3
_ROWS = CLASSES + 1
_SMALLEST_CELL = 32
_WIDEST = "1000"
_SELECTING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
# Right of the last column, where the ring of the focus is.
_MARGIN = 6
_RIGHT_SHADE = QColor("#0072b2")
_WRONG_SHADE = QColor("#d55e00")


class ConfusionMatrix(QWidget):
    """Counts of images by label (row) and predicted digit (column).

    Errors have another colour scale, so that they show beside the many right predictions.
    `cell_selected` carries the label and the predicted digit of the selected cell;
    `menu_requested` where on the screen the menu shall open.
    """

    cell_selected = Signal(int, int)
    menu_requested = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._announcer = Announcer(self)
        self._cursor = (0, 0)
        self.show_evaluation(None)
        is_to_be(self, QAccessible.Role.Chart)
        tip = self.tr("Click a cell, or walk with the arrow keys, to see its images.")
        named(self, "confusion_matrix", self.tr("Confusion matrix"), tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFont(tabular(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_evaluation(self, evaluation: Evaluation | None) -> None:
        """Show an evaluation's counts, or an empty table; nothing is selected."""
        self._counts: NDArray[np.int64] = np.zeros((CLASSES, CLASSES), dtype=np.int64)
        self._shares: NDArray[np.float64] = np.full(CLASSES, np.nan)
        if evaluation is not None:
            self._counts, self._shares = evaluation.confusion, evaluation.accuracy_per_digit
        self.clear_selection()

    def clear_selection(self) -> None:
        """Select no cell."""
        self.selected: tuple[int, int] | None = None
        self.update()

    def select(self, label: int, read_as: int) -> None:
        """Select the cell of a label and a predicted digit."""
        self.selected = self._cursor = (label, read_as)
        words = self._describe(label, read_as)
        self.setAccessibleDescription(words)
        self._announcer.say(words)
        self.update()
        self.cell_selected.emit(label, read_as)

    def cell_rect(self, label: int, read_as: int) -> QRectF:
        """Return the rectangle of a cell, in logical pixels."""
        return self._rect(label + 1, read_as + 1)

    def sizeHint(self) -> QSize:
        """Return the size with comfortable cells."""
        return QSize(34 * _COLUMNS, 26 * _ROWS)

    def minimumSizeHint(self) -> QSize:
        """Return the size with cells in which smaller type can still be read."""
        return QSize(_SMALLEST_CELL * _COLUMNS, (self.fontMetrics().height() + 2) * _ROWS)

    # --- choosing a cell -----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the cell under the pointer."""
        cell = self._cell_at(event.position())
        if cell is not None and event.button() is Qt.MouseButton.LeftButton:
            self.select(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from cell to cell; Space and Enter select the one where the cursor is."""
        step = (0, 0) if event.key() in _SELECTING else arrow_delta(event.key())
        if step is None:
            super().keyPressEvent(event)
            return
        label, read_as = self._cursor[0] + step[0], self._cursor[1] + step[1]
        self.select(min(max(label, 0), CLASSES - 1), min(max(read_as, 0), CLASSES - 1))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu; by its key, at the selected cell."""
        place = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self.selected is not None:
            place = self.mapToGlobal(self.cell_rect(*self.selected).center().toPoint())
        self.menu_requested.emit(place)

    def event(self, event: QEvent) -> bool:
        """Explain the cell under the pointer in a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._cell_at(QPointF(event.pos()))
            if cell is not None:
                QToolTip.showText(event.globalPos(), self._describe(*cell), self)
                return True
        return super().event(event)

    def _cell_at(self, position: QPointF) -> tuple[int, int] | None:
        row = int(position.y() // (self.height() / _ROWS)) - 1
        column = int(position.x() // (self.width() / _COLUMNS)) - 1
        inside = 0 <= row < CLASSES and 0 <= column < CLASSES
        return (row, column) if inside else None

    def _describe(self, label: int, read_as: int) -> str:
        images = int(self._counts[label, read_as])
        one = self.tr("{label} read as {read_as}: 1 image")
        several = self.tr("{label} read as {read_as}: {count} images")
        text = one if images == 1 else several
        return text.format(label=label, read_as=read_as, count=count(images))

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint heads, cells and the accuracy of each digit."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setFont(self._fitting_font())
        self._paint_heads(painter)
        wrong = self._counts.copy()
        np.fill_diagonal(wrong, 0)
        most_wrong = int(wrong.max())
        for label in range(CLASSES):
            for read_as in range(CLASSES):
                self._paint_cell(painter, label, read_as, most_wrong)
        self._paint_cursor(painter)
        painter.end()

    def _paint_cursor(self, painter: QPainter) -> None:
        """Frame the selected cell, or with the focus where the arrow keys begin, by dashes."""
        is_selected = self.selected is not None
        if is_selected or self.hasFocus():
            line = Qt.PenStyle.SolidLine if is_selected else Qt.PenStyle.DashLine
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 2, line))
            painter.drawRect(self.cell_rect(*self._cursor).adjusted(1, 1, -1, -1))

    def _fitting_font(self) -> QFont:
        """Return the font, smaller where a count would not fit into its cell."""
        font = QFont(self.font())
        needed = QFontMetricsF(font).horizontalAdvance(_WIDEST) + 4
        font.setPointSizeF(font.pointSizeF() * min(1.0, self.width() / _COLUMNS / needed))
        return font

    def _paint_heads(self, painter: QPainter) -> None:
        colours = self.palette()
        painter.setPen(colours.color(QPalette.ColorRole.PlaceholderText))
        centre = Qt.AlignmentFlag.AlignCenter
        for digit in range(CLASSES):
            painter.drawText(self._rect(0, digit + 1), centre, str(digit))
            painter.drawText(self._rect(digit + 1, 0), centre, str(digit))
        last = self._last_columns(0)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(last, right, self.tr("Correct"))
        painter.setPen(colours.color(QPalette.ColorRole.WindowText))
        for digit, share in enumerate(self._shares):
            text = "" if np.isnan(share) else percent(float(share))
            painter.drawText(self._last_columns(digit + 1), right, text)

    def _paint_cell(self, painter: QPainter, label: int, read_as: int, most_wrong: int) -> None:
        images = int(self._counts[label, read_as])
        place = self.cell_rect(label, read_as).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = self.palette().color(QPalette.ColorRole.Base)
        strength = self._strength(label, read_as, most_wrong)
        shade = blend(ground, _RIGHT_SHADE if label == read_as else _WRONG_SHADE, strength)
        painter.setBrush(shade)
        painter.drawRect(place)
        if images:
            painter.setPen(readable_on(shade))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(images))

    def _strength(self, label: int, read_as: int, most_wrong: int) -> float:
        if label == read_as:
            share = float(self._shares[label])
            return 0.0 if np.isnan(share) else 0.55 * share
        # The root makes rare errors visible: one image among many.
        return 0.85 * sqrt(int(self._counts[label, read_as]) / most_wrong) if most_wrong else 0.0

    def _last_columns(self, row: int) -> QRectF:
        """Return the place of a digit's accuracy, close to the digit's cells."""
        both = self._rect(row, CLASSES + 1).united(self._rect(row, CLASSES + 2))
        metrics = QFontMetricsF(self.font())
        texts = (self.tr("Correct"), percent(1.0))
        width = max(map(metrics.horizontalAdvance, texts)) + 2 * _MARGIN
        both.setWidth(min(both.width() - _MARGIN, width))
        return both

    def _rect(self, row: int, column: int) -> QRectF:
        width, height = self.width() / _COLUMNS, self.height() / _ROWS
        return QRectF(column * width, row * height, width, height)
