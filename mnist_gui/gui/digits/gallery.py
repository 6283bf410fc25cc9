"""The gallery of the user's digits."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain, groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelection,
    QItemSelectionRange,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QAction,
    QBrush,
    QColor,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.digits.model import UserDigit, UserDigitPredictions
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.images import CANVAS_COLOUR, as_qimage
from mnist_gui.gui.common.labels import reading_arrow
from mnist_gui.gui.common.qt import named
from mnist_gui.gui.digits.text import digit_details, digit_text

Index = QModelIndex | QPersistentModelIndex
_SIDE = 56.0
_GAP = 5.0
CELL = QSize(74, 92)


class DigitModel(QAbstractListModel):
    """Rows of digits; their images and predictions come later, and predictions change."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # In the rows' order.
        self.digits: Sequence[UserDigit] = ()
        self._predictions: UserDigitPredictions | None = None
        self._images: dict[str, QImage] = {}

    def show_digits(
        self, digits: list[UserDigit], predictions: UserDigitPredictions | None
    ) -> None:
        """Show these digits with these predictions."""
        if [digit.digit_id for digit in digits] == [digit.digit_id for digit in self.digits]:
            self.digits, self._predictions = digits, predictions
            self._emit_changed()
            return
        self.beginResetModel()
        self.digits, self._predictions = digits, predictions
        self.endResetModel()

    def add_images(self, images: Mapping[str, NDArray[np.uint8]]) -> None:
        """Show these images (28, 28), by their digits' ids."""
        self._images |= {name: as_qimage(image) for name, image in images.items()}
        self._emit_changed()

    def image(self, row: int) -> QImage | None:
        """Return a row's image, if it is made."""
        return self._images.get(self.digits[row].digit_id)

    def prediction(self, row: int) -> Prediction | None:
        """Return the prediction for a row's digit, if there is one."""
        return self._predictions.prediction(self.digits[row]) if self._predictions else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many digits there are."""
        return 0 if parent.isValid() else len(self.digits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a digit's label, or a text about it."""
        match role:
            case Qt.ItemDataRole.DisplayRole if index.isValid():
                return str(self.digits[index.row()].label)
            case Qt.ItemDataRole.AccessibleTextRole if index.isValid():
                return digit_text(self.digits[index.row()], self._predictions)
            case Qt.ItemDataRole.ToolTipRole if index.isValid():
                return digit_details(self.digits[index.row()], self._predictions)
        return None

    def _emit_changed(self) -> None:
        if self.digits:
            self.dataChanged.emit(self.index(0), self.index(len(self.digits) - 1))


class DigitDelegate(QStyledItemDelegate):
    """Paints an image with its label below: plain if predicted right, "7 -> 1" if wrong."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.cell = QSize(CELL)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the size of every cell."""
        return self.cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the image, the text below it, and a frame if it is selected or has the focus."""
        model = index.model()
        assert isinstance(model, DigitModel)
        cell = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = option.palette.color(QPalette.ColorRole.Accent)
        if option.state & QStyle.StateFlag.State_Selected:
            shade = QColor(accent)
            shade.setAlphaF(0.28)
            _paint_frame(painter, cell, QPen(accent, 1), QBrush(shade))
        if option.state & QStyle.StateFlag.State_HasFocus:
            _paint_frame(painter, cell, QPen(accent, 2), QBrush(Qt.BrushStyle.NoBrush))
        place = QRectF(cell.center().x() - _SIDE / 2, cell.top() + _GAP + 2, _SIDE, _SIDE)
        painter.fillRect(place, CANVAS_COLOUR)
        if (image := model.image(index.row())) is not None:
            painter.drawImage(place, image)
        self._paint_text(painter, cell, option.palette, model, index.row())
        painter.restore()

    def _paint_text(
        self, painter: QPainter, cell: QRectF, colours: QPalette, model: DigitModel, row: int
    ) -> None:
        label, prediction = model.digits[row].label, model.prediction(row)
        role, text = QPalette.ColorRole.Text, str(label)
        if prediction is not None and prediction.digit != label:
            role, text = (
                QPalette.ColorRole.BrightText,
                f"{label} {reading_arrow()} {prediction.digit}",
            )
        painter.setPen(colours.color(role))
        place = cell.adjusted(0, _SIDE + _GAP + 2, 0, -3)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _paint_frame(painter: QPainter, cell: QRectF, pen: QPen, brush: QBrush) -> None:
    # As wide everywhere, however wide the cell is.
    frame = QRectF(0, 0, CELL.width() - 4, CELL.height() - 4)
    frame.moveCenter(cell.center())
    painter.setPen(pen)
    painter.setBrush(brush)
    painter.drawRoundedRect(frame, 6, 6)


class DigitGallery(QListView):
    """Shows digits; asks for those that are selected to be opened, relabelled or deleted."""

    open_requested = Signal(UserDigit)
    relabel_requested = Signal(tuple, int)
    delete_requested = Signal(tuple)
    export_requested = Signal(tuple)
    selection_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.digits_shown = DigitModel(self)
        self.setModel(self.digits_shown)
        self._delegate = DigitDelegate(self)
        self.setItemDelegate(self._delegate)
        self.relabel_menu = QMenu(self.tr("&Label as"), self)
        for digit in range(CLASSES):
            action = self.relabel_menu.addAction(f"&{digit}")
            action.triggered.connect(partial(self._relabel, digit))
        named(self, "digit_gallery", self.tr("My digits"))
        self.setAccessibleDescription(
            self.tr("Enter opens a digit on the canvas, 0 to 9 label it anew, Delete deletes it.")
        )
        self._set_up()
        self.doubleClicked.connect(self._open)
        self.selectionModel().selectionChanged.connect(self._emit_selection)

    @property
    def selected(self) -> tuple[UserDigit, ...]:
        """The digits selected, in the gallery's order."""
        # By ranges, as there may be thousands.
        parts = self.selectionModel().selection().toList()
        ranges = sorted((part.top(), part.bottom()) for part in parts)
        digits = self.digits_shown.digits
        return tuple(chain.from_iterable(digits[top : bottom + 1] for top, bottom in ranges))

    def show_digits(
        self, digits: list[UserDigit], predictions: UserDigitPredictions | None
    ) -> None:
        """Show these digits; those that were selected stay so, and the view stays in place."""
        selected = {digit.digit_id for digit in self.selected}
        current = self.currentIndex().row()
        scrolled = self.verticalScrollBar().value()
        self.digits_shown.show_digits(digits, predictions)
        if not self.currentIndex().isValid() and digits:
            self._select_again(selected, min(max(current, 0), len(digits) - 1))
            self.verticalScrollBar().setValue(scrolled)
        self._emit_selection()

    def _select_again(self, digit_ids: set[str], current: int) -> None:
        model, chosen = self.digits_shown, self.selectionModel()
        flags = chosen.SelectionFlag
        chosen.setCurrentIndex(model.index(current), flags.NoUpdate)
        rows = [row for row, digit in enumerate(model.digits) if digit.digit_id in digit_ids]
        selection = QItemSelection()
        # In as few ranges as can be, each of which costs time: rows in a run differ alike from
        # their places in the list.
        for _, alike in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
            adjacent = [row for _, row in alike]
            first, last = model.index(adjacent[0]), model.index(adjacent[-1])
            selection.append(QItemSelectionRange(first, last))
        chosen.select(selection, flags.Select)

    # --- what the user asks --------------------------------------------------------------------

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.open_requested.emit(self.digits_shown.digits[index.row()])

    @Slot()
    def open_current(self) -> None:
        """Ask for the digit in focus to be put on the canvas."""
        if self.currentIndex().isValid():
            self._open(self.currentIndex())

    @Slot()
    def delete_selected(self) -> None:
        """Ask for the digits selected to be deleted."""
        if self.selected:
            self.delete_requested.emit(self.selected)

    @Slot()
    def export_selected(self) -> None:
        """Ask for the digits selected to be written to a file."""
        if self.selected:
            self.export_requested.emit(self.selected)

    def _relabel(self, label: int) -> None:
        if self.selected:
            self.relabel_requested.emit(self.selected, label)

    @Slot()
    def _emit_selection(self) -> None:
        ranges = self.selectionModel().selection().toList()
        self.selection_changed.emit(sum(part.height() for part in ranges))

    def event(self, event: QEvent) -> bool:
        """Take the digits' keys, which elsewhere are the canvas'."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and _digit_of(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete, open, and relabel with a digit's key; the rest is the list's."""
        label = _digit_of(event)
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_selected()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        elif label is not None:
            self._relabel(label)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the columns share the width, less the scroll bar's whether there is one or not."""
        width = self.width() - self.verticalScrollBar().sizeHint().width() - 2
        cell = QSize(width // max(1, width // CELL.width()), CELL.height())
        if cell != self._delegate.cell:
            self._delegate.cell = cell
            self.setGridSize(cell)
        super().resizeEvent(event)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        if self.selected:
            menu = self.context_menu()
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.viewport().mapToGlobal(place))

    def context_menu(self) -> QMenu:
        """Return what can be done with the digits selected."""
        menu = QMenu(self)
        self._offer(menu, self.tr("&Open on the canvas"), self.open_current, "Return")
        menu.addMenu(self.relabel_menu)
        self._offer(menu, self.tr("&Export \u2026"), self.export_selected)
        menu.addSeparator()
        self._offer(menu, self.tr("&Delete"), self.delete_selected, "Del")
        menu.addSeparator()
        self._offer(menu, self.tr("&Select all"), self.selectAll, "Ctrl+A")
        return menu

    def _offer(self, menu: QMenu, text: str, do: Callable[[], None], key: str = "") -> None:
        action = QAction(text, menu)
        # The menu only shows the key; the list itself handles it.
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(do)
        menu.addAction(action)

    def _set_up(self) -> None:
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(CELL)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(CELL.height() // 3)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)


def _digit_of(event: QKeyEvent) -> int | None:
    """Return the digit whose key this is, pressed alone."""
    plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    digit = event.key() - int(Qt.Key.Key_0)
    return digit if plain and 0 <= digit < CLASSES else None
