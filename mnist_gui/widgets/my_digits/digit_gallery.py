"""The gallery of the user's digits, for mouse and keyboard."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QWidget

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.digits.model import KeptDigit, OwnReading
from mnist_gui.widgets.my_digits.digit_delegate import CELL, DigitDelegate
from mnist_gui.widgets.my_digits.digit_model import DigitModel

Keys = QKeySequence.StandardKey


class DigitGallery(QListView):
    """Shows digits; asks for those that are selected to be opened, relabelled or deleted."""

    open_requested = Signal(KeptDigit)
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
    def selected(self) -> tuple[KeptDigit, ...]:
        """The digits selected, in the gallery's order."""
        # By ranges, as there may be thousands.
        parts = self.selectionModel().selection().toList()
        ranges = sorted((part.top(), part.bottom()) for part in parts)
        digits = self.digits_shown.digits
        return tuple(chain.from_iterable(digits[top : bottom + 1] for top, bottom in ranges))

    def show_digits(self, digits: list[KeptDigit], reading: OwnReading | None) -> None:
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
