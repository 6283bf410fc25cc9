"""The confusion matrix: counts of labels against predicted digits."""

from enum import Enum
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
from mnist_gui.engine.prediction import DigitResult, Evaluation
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.diverging import readable_on
from mnist_gui.gui.common.labels import count, number, percent, tabular
from mnist_gui.gui.common.qt import Announcer, arrow_delta, named
from mnist_gui.gui.common.theme import blend

# Columns: the label, ten predicted digits, and the accuracy with its interval in three.
_COLUMNS = CLASSES + 4
# Rows: the heads, ten labels, and the precision.
_ROWS = CLASSES + 2
_SMALLEST_CELL = 30
_WIDEST = "100.0"
_SELECTING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
# Right of the last column, where the ring of the focus is.
_MARGIN = 6
_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT_MIDDLE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_RIGHT_SHADE = QColor("#0072b2")
_WRONG_SHADE = QColor("#d55e00")


class Shown(Enum):
    """What stands in the cells: counts, or shares of a label's images or of a digit's answers."""

    COUNTS = "counts"
    OF_ROW = "row"
    OF_COLUMN = "column"


class ConfusionMatrix(QWidget):
    """Counts or shares of images by label (row) and predicted digit (column).

    Beside each row stands the label's accuracy with its 95 % interval, below each column how many
    of these answers are right: the precision. Errors have another colour scale, so that they show
    beside the many right predictions.
    `cell_selected` carries the label and the predicted digit of the selected cell;
    `menu_requested` where on the screen the menu shall open.
    """

    cell_selected = Signal(int, int)
    menu_requested = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._announcer = Announcer(self)
        self._cursor = (0, 0)
        self._how = Shown.COUNTS
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
        self._digits: tuple[DigitResult, ...] = (DigitResult(0, 0, 0),) * CLASSES
        if evaluation is not None:
            self._counts, self._digits = evaluation.confusion, evaluation.digits
        self.clear_selection()

    def show_as(self, how: Shown) -> None:
        """Show counts, or shares of each row or column."""
        self._how = how
        self.update()

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

    def changeEvent(self, event: QEvent) -> None:
        """Ask for the room that the cells need in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Return the size with cells in which smaller type can still be read."""
        return QSize(_SMALLEST_CELL * _COLUMNS, self.fontMetrics().height() * _ROWS)

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
        """Explain the cell or the digit under the pointer in a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            words = self.words_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), words, self)
            return bool(words)
        return super().event(event)

    def words_at(self, position: QPointF) -> str:
        """Return what is to be said of a cell, or of a digit beside the cells; "" elsewhere."""
        cell = self._cell_at(position)
        if cell is not None:
            return self._describe(*cell)
        row = int(position.y() // (self.height() / _ROWS)) - 1
        column = int(position.x() // (self.width() / _COLUMNS)) - 1
        is_beside = 0 <= row < CLASSES
        is_above_or_below = row in (-1, CLASSES) and 0 <= column < CLASSES
        if not is_beside and not is_above_or_below:
            return ""
        return self.describe_digit(row if is_beside else column)

    def _cell_at(self, position: QPointF) -> tuple[int, int] | None:
        row = int(position.y() // (self.height() / _ROWS)) - 1
        column = int(position.x() // (self.width() / _COLUMNS)) - 1
        inside = 0 <= row < CLASSES and 0 <= column < CLASSES
        return (row, column) if inside else None

    def _describe(self, label: int, read_as: int) -> str:
        images = int(self._counts[label, read_as])
        one = self.tr("{label} read as {read_as}: 1 image")
        several = self.tr("{label} read as {read_as}: {count} images")
        text = (one if images == 1 else several).format(
            label=label, read_as=read_as, count=count(images)
        )
        if not images:
            return text
        own, answered = self._digits[label], self._digits[read_as]
        shares = self.tr("{of_row} of the images of {label}, {of_column} of the answers {read_as}.")
        shares = shares.format(
            of_row=percent(images / own.images),
            label=label,
            of_column=percent(images / answered.answers),
            read_as=read_as,
        )
        return f"{text}\n{shares}\n{self.describe_digit(label)}"

    def describe_digit(self, digit: int) -> str:
        """Say how accurate the network is with a digit's images and answers, with intervals."""
        result = self._digits[digit]
        sentences = []
        if result.accuracy is not None:
            text = self.tr(
                "Of the images of {digit}, {share} are right (95 % interval {low} to {high} %)."
            )
            sentences.append(_with_interval(text, digit, result.accuracy, result.interval))
        if result.precision is not None:
            text = self.tr(
                "Of the answers {digit}, {share} are right (95 % interval {low} to {high} %)."
            )
            interval = result.precision_interval
            sentences.append(_with_interval(text, digit, result.precision, interval))
        return "\n".join(sentences)

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint heads, cells, and the accuracy and precision of each digit."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setFont(self._fitting_font())
        self._paint_heads(painter)
        self._paint_accuracies(painter)
        self._paint_precisions(painter)
        values = self.values()
        wrong = values.copy()
        np.fill_diagonal(wrong, 0)
        most_wrong = float(wrong.max())
        for label in range(CLASSES):
            for read_as in range(CLASSES):
                value = float(values[label, read_as])
                self._paint_cell(painter, (label, read_as), value, most_wrong)
        self._paint_cursor(painter)
        painter.end()

    def values(self) -> NDArray[np.float64]:
        """Return what the cells (10, 10) show: counts, or shares 0..1."""
        counts = self._counts.astype(np.float64)
        if self._how is Shown.COUNTS:
            return counts
        axis = 1 if self._how is Shown.OF_ROW else 0
        shares: NDArray[np.float64] = counts / np.maximum(counts.sum(axis=axis, keepdims=True), 1)
        return shares

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
        for digit in range(CLASSES):
            painter.drawText(self._rect(0, digit + 1), _CENTRE, str(digit))
            painter.drawText(self._rect(digit + 1, 0), _CENTRE, str(digit))
        painter.drawText(self._last_columns(0), _RIGHT_MIDDLE, self.tr("Correct"))

    def _paint_accuracies(self, painter: QPainter) -> None:
        """Paint the accuracy of each label, and its interval where there is room."""
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        metrics = QFontMetricsF(painter.font())
        has_room = metrics.horizontalAdvance(interval_text((0.9, 1.0))) <= self._beside(0).width()
        title = self.tr("95 % interval")
        if has_room and metrics.horizontalAdvance(title) <= self._beside(0).width():
            painter.setPen(muted)
            painter.drawText(self._beside(0), _LEFT_MIDDLE, title)
        for digit, result in enumerate(self._digits):
            if result.accuracy is None:
                continue
            painter.setPen(text)
            painter.drawText(self._last_columns(digit + 1), _RIGHT_MIDDLE, percent(result.accuracy))
            if has_room:
                painter.setPen(muted)
                place = self._beside(digit + 1)
                painter.drawText(place, _LEFT_MIDDLE, interval_text(result.interval))

    def _paint_precisions(self, painter: QPainter) -> None:
        """Paint below each column how many of these answers are right, in per cent."""
        roles = QPalette.ColorRole
        last = self._last_columns(_ROWS - 1)
        last.setRight(self.width())
        painter.setPen(self.palette().color(roles.PlaceholderText))
        # Its numbers have no room for the mark.
        words = self.tr("% of answers right")
        painter.drawText(last.adjusted(_MARGIN, 0, 0, 0), _LEFT_MIDDLE, words)
        painter.setPen(self.palette().color(roles.WindowText))
        for digit, result in enumerate(self._digits):
            if result.precision is not None:
                text = number(100 * result.precision, 1)
                painter.drawText(self._rect(_ROWS - 1, digit + 1), _CENTRE, text)

    def _paint_cell(
        self, painter: QPainter, cell: tuple[int, int], value: float, most_wrong: float
    ) -> None:
        is_right = cell[0] == cell[1]
        place = self.cell_rect(*cell).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = self.palette().color(QPalette.ColorRole.Base)
        if is_right:
            result = self._digits[cell[0]]
            of_column = self._how is Shown.OF_COLUMN
            strength = 0.55 * ((result.precision if of_column else result.accuracy) or 0.0)
        else:
            # The root makes rare errors visible: one image among many.
            strength = 0.85 * sqrt(value / most_wrong) if most_wrong else 0.0
        shade = blend(ground, _RIGHT_SHADE if is_right else _WRONG_SHADE, strength)
        painter.setBrush(shade)
        painter.drawRect(place)
        if value:
            is_count = self._how is Shown.COUNTS
            painter.setPen(readable_on(shade))
            painter.drawText(place, _CENTRE, f"{value:.0f}" if is_count else number(100 * value, 1))

    def _last_columns(self, row: int) -> QRectF:
        """Return the place of a digit's accuracy, close to the digit's cells."""
        both = self._rect(row, CLASSES + 1).united(self._rect(row, _COLUMNS - 1))
        metrics = QFontMetricsF(self.font())
        texts = (self.tr("Correct"), percent(1.0))
        width = max(map(metrics.horizontalAdvance, texts)) + 2 * _MARGIN
        both.setWidth(min(both.width() - _MARGIN, width))
        return both

    def _beside(self, row: int) -> QRectF:
        """Return the place of an accuracy's interval, right of the accuracy."""
        accuracy = self._last_columns(row)
        left = accuracy.right() + 2 * _MARGIN
        return QRectF(left, accuracy.top(), self.width() - _MARGIN - left, accuracy.height())

    def _rect(self, row: int, column: int) -> QRectF:
        width, height = self.width() / _COLUMNS, self.height() / _ROWS
        return QRectF(column * width, row * height, width, height)


def interval_text(interval: tuple[float, float]) -> str:
    """Write an interval of shares 0..1 in per cent, without the mark."""
    low, high = (number(100 * each, 1) for each in interval)
    return f"{low}\u2013{high}"


def _with_interval(text: str, digit: int, share: float, interval: tuple[float, float]) -> str:
    low, high = (number(100 * each, 1) for each in interval)
    return text.format(digit=digit, share=percent(share), low=low, high=high)
