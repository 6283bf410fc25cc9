"""The gallery of the user's digits."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
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
    QWidget,
)

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.digits.model import UserDigit, UserDigitPredictions
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.images import grey_image
from mnist_gui.gui.digits.text import digit_details, digit_words

Index = QModelIndex | QPersistentModelIndex


_SIDE = 56.0
_GAP = 5.0
_SLATE = QColor("#0b0d10")
CELL = QSize(74, 92)
Keys = QKeySequence.StandardKey


class DigitModel(QAbstractListModel):
    """Rows of digits; images come when they are made, and readings change as networks do."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._digits: list[UserDigit] = []
        self._reading: UserDigitPredictions | None = None
        self._images: dict[str, QImage] = {}

    @property
    def digits(self) -> Sequence[UserDigit]:
        """The digits in the rows' order."""
        return self._digits

    def show_digits(self, digits: list[UserDigit], reading: UserDigitPredictions | None) -> None:
        """Show these digits as this reading has them."""
        same = len(digits) == len(self._digits) and all(
            new.identity == old.identity for new, old in zip(digits, self._digits, strict=True)
        )
        if same:
            self._digits, self._reading = digits, reading
            self._tell_all_changed()
            return
        self.beginResetModel()
        self._digits, self._reading = digits, reading
        self.endResetModel()

    def add_images(self, images: Mapping[str, NDArray[np.uint8]]) -> None:
        """Show these images (28, 28), by their digits' identities."""
        self._images |= {name: grey_image(image) for name, image in images.items()}
        self._tell_all_changed()

    def image(self, row: int) -> QImage | None:
        """Return a row's image, if it is made."""
        return self._images.get(self._digits[row].identity)

    def prediction(self, row: int) -> Prediction | None:
        """Return what a row's digit was read as, if it was read."""
        return self._reading.prediction(self._digits[row]) if self._reading else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """As many as there are digits."""
        return 0 if parent.isValid() else len(self._digits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a digit's label, or words about it."""
        if not index.isValid():
            return None
        digit = self._digits[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return str(digit.label)
            case Qt.ItemDataRole.AccessibleTextRole:
                return digit_words(digit, self._reading)
            case Qt.ItemDataRole.ToolTipRole:
                return digit_details(digit, self._reading)
        return None

    def _tell_all_changed(self) -> None:
        if self._digits:
            self.dataChanged.emit(self.index(0), self.index(len(self._digits) - 1))


class DigitDelegate(QStyledItemDelegate):
    """The label in plain text where it is read right; with an arrow, "7 -> 1", where it is not."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.cell = QSize(CELL)

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """The same for all."""
        return self.cell

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the image, the words beneath, and a frame where it is selected or in focus."""
        model = index.model()
        assert isinstance(model, DigitModel)
        cell = QRectF(option.rect)
        state, colours = option.state, option.palette
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            self._paint_selection(painter, cell, colours)
        if state & QStyle.StateFlag.State_HasFocus:
            self._paint_focus(painter, cell, colours)
        self._paint_image(painter, cell, model, index.row())
        self._paint_words(painter, cell, colours, model, index.row())
        painter.restore()

    def _paint_selection(self, painter: QPainter, cell: QRectF, colours: QPalette) -> None:
        shade = QColor(colours.color(QPalette.ColorRole.Accent))
        shade.setAlphaF(0.28)
        painter.setPen(QPen(colours.color(QPalette.ColorRole.Accent), 1))
        painter.setBrush(shade)
        painter.drawRoundedRect(_framed(cell), 6, 6)

    def _paint_focus(self, painter: QPainter, cell: QRectF, colours: QPalette) -> None:
        painter.setPen(QPen(colours.color(QPalette.ColorRole.Accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(_framed(cell), 6, 6)

    def _paint_image(self, painter: QPainter, cell: QRectF, model: DigitModel, row: int) -> None:
        place = QRectF(cell.center().x() - _SIDE / 2, cell.top() + _GAP + 2, _SIDE, _SIDE)
        painter.fillRect(place, _SLATE)
        image = model.image(row)
        if image is not None:
            painter.drawImage(place, image)

    def _paint_words(
        self, painter: QPainter, cell: QRectF, colours: QPalette, model: DigitModel, row: int
    ) -> None:
        place = cell.adjusted(0, _SIDE + _GAP + 2, 0, -3)
        label, prediction = model.digits[row].label, model.prediction(row)
        role = QPalette.ColorRole.Text
        text = str(label)
        if prediction is not None and prediction.digit != label:
            role = QPalette.ColorRole.BrightText
            text = f"{label} \u2192 {prediction.digit}"
        painter.setPen(colours.color(role))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _framed(cell: QRectF) -> QRectF:
    """Return the frame, as wide everywhere, however wide the cell is."""
    frame = QRectF(0, 0, CELL.width() - 4, CELL.height() - 4)
    frame.moveCenter(cell.center())
    return frame


class DigitGallery(QListView):
    """Shows digits; asks for those that are selected to be opened, relabelled or deleted."""

    open_requested = Signal(UserDigit)
    relabel_requested = Signal(tuple, int)
    delete_requested = Signal(tuple)
    export_requested = Signal(tuple)
    undo_requested = Signal()
    redo_requested = Signal()
    selection_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digits_shown = DigitModel(self)
        self.setModel(self.digits_shown)
        self._delegate = DigitDelegate(self)
        self.setItemDelegate(self._delegate)
        self.relabel_menu = QMenu(self.tr("&Label as"), self)
        for digit in range(CLASSES):
            action = self.relabel_menu.addAction(f"&{digit}")
            action.triggered.connect(partial(self._relabel, digit))
        self._describe()
        self._flow()
        self.doubleClicked.connect(self._open)
        self.selectionModel().selectionChanged.connect(self._tell_selection)

    @property
    def selected(self) -> tuple[UserDigit, ...]:
        """The digits selected, in the gallery's order."""
        # By ranges, as there may be thousands.
        parts = self.selectionModel().selection().toList()
        ranges = sorted((part.top(), part.bottom()) for part in parts)
        digits = self.digits_shown.digits
        return tuple(chain.from_iterable(digits[top : bottom + 1] for top, bottom in ranges))

    def show_digits(self, digits: list[UserDigit], reading: UserDigitPredictions | None) -> None:
        """Show these digits; those that were selected stay so, and the view stays in place."""
        selected = {digit.identity for digit in self.selected}
        current = self.currentIndex().row()
        place = self.verticalScrollBar().value()
        self.digits_shown.show_digits(digits, reading)
        if not self.currentIndex().isValid() and digits:
            self._select_again(selected, min(max(current, 0), len(digits) - 1))
            self.verticalScrollBar().setValue(place)
        self._tell_selection()

    def _select_again(self, identities: set[str], current: int) -> None:
        chosen = self.selectionModel()
        flags = chosen.SelectionFlag
        chosen.setCurrentIndex(self.digits_shown.index(current), flags.NoUpdate)
        rows = [
            row
            for row, digit in enumerate(self.digits_shown.digits)
            if digit.identity in identities
        ]
        chosen.select(self._as_selection(rows), flags.Select)

    def _as_selection(self, rows: Sequence[int]) -> QItemSelection:
        """Return rows, in their order, in as few ranges as can be: each one costs time."""
        selection = QItemSelection()
        at = 0
        while at < len(rows):
            first = at
            while at + 1 < len(rows) and rows[at + 1] == rows[at] + 1:
                at += 1
            ends = (self.digits_shown.index(rows[place]) for place in (first, at))
            selection.append(QItemSelectionRange(*ends))
            at += 1
        return selection

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
    def _tell_selection(self) -> None:
        ranges = self.selectionModel().selection().toList()
        self.selection_changed.emit(sum(part.height() for part in ranges))

    def event(self, event: QEvent) -> bool:
        """Take undo and redo for the digits, which elsewhere are the canvas'."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete, relabel with a digit's key, undo and redo; the rest is the list's."""
        label = _label(event)
        if event.matches(Keys.Undo):
            self.undo_requested.emit()
        elif event.matches(Keys.Redo):
            self.redo_requested.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_selected()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        elif label is not None:
            self._relabel(label)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the columns share all of the width."""
        # The room of the bar, there or not, so that its coming changes nothing.
        bar = self.verticalScrollBar().sizeHint().width()
        width = self.width() - bar - 2
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
        # The key is shown; it is the list itself that follows it.
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(do)
        menu.addAction(action)

    def _describe(self) -> None:
        self.setObjectName("digit_gallery")
        self.setAccessibleName(self.tr("My digits"))
        self.setAccessibleDescription(
            self.tr("Enter opens a digit on the canvas, 0 to 9 label it anew, Delete deletes it.")
        )

    def _flow(self) -> None:
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


def _is_own(event: QKeyEvent) -> bool:
    return event.matches(Keys.Undo) or event.matches(Keys.Redo) or _label(event) is not None


def _label(event: QKeyEvent) -> int | None:
    """Return the digit whose key this is, pressed alone."""
    plain = event.modifiers() in (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.KeypadModifier,
    )
    digit = event.key() - int(Qt.Key.Key_0)
    return digit if plain and 0 <= digit < CLASSES else None
