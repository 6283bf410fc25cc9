"""The table of runs."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QAction,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from mnist_gui.engine.runs.names import COLOURS
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.gui.common.labels import tabular
from mnist_gui.gui.common.qt import named
from mnist_gui.gui.runs.model import CHECK, Index, RunTableModel, RunTableOrder
from mnist_gui.gui.runs.text import (
    SHADES,
    colour_title,
    distribute,
    dot,
    next_action_texts,
)

_STARTED = 6
# In a narrow window these columns are hidden, one after the other; the details have them too.
_DISPENSABLE = (5, 3, 4, 6)
_LESS_THAN_NAMES = _DISPENSABLE[:3]
_ROOM_IN_CELL, _LEAST_CHECK = 20, 28
Keys = QKeySequence.StandardKey
_FEWEST_ROWS = 3


class CheckBoxes(QStyledItemDelegate):
    """Paints check boxes with a frame that is seen on dark ground, too."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell, and the frame of its box."""
        super().paint(painter, option, index)
        self.initStyleOption(option, index)
        table = option.widget
        part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        place = table.style().subElementRect(part, option, table)
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawRect(place.adjusted(1, 1, -2, -2))


class RunTable(QTableView):
    """Lists runs to sort, choose, rename, colour, pin and delete.

    A run is chosen by its check box, or as in any table; its box is checked while it is chosen.
    `choice_changed` brings the chosen runs in the order of their rows. The page handles the
    actions that are not handled here.
    """

    choice_changed = Signal(tuple)
    rename_requested = Signal(str, str)
    colour_requested = Signal(str, str)
    pin_requested = Signal(str, bool)
    folder_requested = Signal(str)
    undo_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_idle = True
        self._model = RunTableModel(self)
        self.order = RunTableOrder(self._model, self)
        self.setModel(self.order)
        tip = self.tr("Check two or more runs to compare them (Space checks the one in focus).")
        named(self, "run_table", self.tr("Runs"), tip)
        self._model.rename_requested.connect(self.rename_requested)
        self._model.check_requested.connect(self._toggle)
        self.selectionModel().selectionChanged.connect(self._emit_choice)
        self._set_up()
        self.open_action = self._action(self.tr("&Use its network"), "Return")
        self.open_action.setIconText(self.tr("Use network"))
        self.open_action.setToolTip(self.tr("Read drawings with this run's network"))
        self.open_best_action = self._action(self.tr("Use its &best checkpoint (by validation)"))
        self.resume_action = self._action("")
        self.rename_action = self._action(self.tr("Re&name"), "F2", self._rename)
        self.pin_action = self._action(self.tr("&Pin"), "P", self._pin)
        self.folder_action = self._action(self.tr("Show &folder"), "", self._show_folder)
        self.delete_action = self._action(self.tr("&Delete"), "Del")
        self.delete_action.setToolTip(self.tr("Delete the chosen runs"))
        text, tip = self.tr("&Compare"), self.tr("Compare the runs that are checked, two or more")
        self.compare_action = self._action(text, "C")
        self.compare_action.setToolTip(tip)
        self.doubleClicked.connect(self._open)

    def _action(self, text: str, key: str = "", do: Callable[[], None] | None = None) -> QAction:
        action = QAction(text, self, shortcut=QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        if do is not None:
            action.triggered.connect(do)
        self.addAction(action)
        return action

    def show_runs(self, runs: tuple[RunRecord, ...]) -> None:
        """Show these runs; those that are chosen stay chosen."""
        self._model.show_runs(runs)
        self._model.show_shades(self.shades())
        self._fit_columns()
        self._enable()

    def set_idle(self, idle: bool) -> None:
        """Offer what needs the engine, which is idle or trains."""
        self._is_idle = idle
        self._enable()

    def chosen(self) -> tuple[RunRecord, ...]:
        """Return the chosen runs, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self._run(row) for row in rows)

    def choose_newest(self, number: int = 1) -> None:
        """Choose so many runs, those that were started last."""
        runs = sorted(
            map(self._run, range(self.order.rowCount())), key=lambda run: run.info.started
        )
        self.choose([run.run_id for run in runs[-number:]])

    def choose(self, run_ids: Sequence[str]) -> None:
        """Choose the runs with these IDs, as far as they are shown."""
        flag = QItemSelectionModel.SelectionFlag
        selection = QItemSelection()
        for row in range(self.order.rowCount()):
            if self._run(row).run_id in run_ids:
                index = self.order.index(row, 0)
                selection.select(index, index)
        self.selectionModel().select(selection, flag.ClearAndSelect | flag.Rows)

    @Slot(str)
    def _toggle(self, run_id: str) -> None:
        chosen = [run.run_id for run in self.chosen()]
        rest = [other for other in chosen if other != run_id]
        self.choose(rest if len(rest) < len(chosen) else [*chosen, run_id])

    def shades(self) -> dict[str, str]:
        """Return the shade in which each chosen run's curve is drawn."""
        chosen = self.chosen()
        given = distribute([run.labels.colour for run in chosen])
        return {run.run_id: shade for run, shade in zip(chosen, given, strict=True)}

    def _run(self, row: int) -> RunRecord:
        return self._model.run(self.order.mapToSource(self.order.index(row, 0)).row())

    @Slot()
    def _emit_choice(self) -> None:
        self._model.show_shades(self.shades())
        self._enable()
        self.choice_changed.emit(self.chosen())

    # --- what can be done ----------------------------------------------------------------------

    def contextMenuEvent(self, event: QEvent) -> None:
        """Offer what can be done to the chosen runs; the keyboard's menu key does, too."""
        chosen = self.chosen()
        if not chosen:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.compare_action)
        menu.addSeparator()
        menu.addActions([self.open_action, self.open_best_action])
        menu.addActions([self.resume_action, self.rename_action])
        self._add_colours(menu.addMenu(self.tr("&Colour")), chosen)
        menu.addActions([self.pin_action, self.folder_action])
        menu.addSeparator()
        menu.addAction(self.delete_action)
        position = getattr(event, "globalPos", None)
        menu.popup(position() if position else self.mapToGlobal(QPoint(20, 40)))

    def _enable(self) -> None:
        chosen = self.chosen()
        one = chosen[0] if len(chosen) == 1 else None
        usable = one if self._is_idle else None
        self.open_action.setEnabled(usable is not None and usable.has_weights)
        self.open_best_action.setEnabled(usable is not None and usable.has_best)
        way = one.continuation if one else None
        self.resume_action.setEnabled(usable is not None and way is not None)
        title, tip = next_action_texts(way)
        self.resume_action.setText(title)
        self.resume_action.setIconText(title)
        self.resume_action.setToolTip(tip)
        self.rename_action.setEnabled(one is not None)
        self.folder_action.setEnabled(one is not None)
        self.delete_action.setEnabled(bool(chosen))
        self.compare_action.setEnabled(len(chosen) > 1)
        all_pinned = all(run.labels.is_pinned for run in chosen)
        self.pin_action.setText(self.tr("Un&pin") if chosen and all_pinned else self.tr("&Pin"))

    def _add_colours(self, menu: QMenu, chosen: tuple[RunRecord, ...]) -> None:
        for colour in ("", *SHADES):
            assert colour in COLOURS
            action = menu.addAction(dot(SHADES.get(colour)), colour_title(colour))
            action.triggered.connect(partial(self._recolour, chosen, colour))

    def _recolour(self, chosen: tuple[RunRecord, ...], colour: str) -> None:
        for run in chosen:
            self.colour_requested.emit(run.run_id, colour)

    @Slot()
    def _pin(self) -> None:
        chosen = self.chosen()
        is_pinned = not all(run.labels.is_pinned for run in chosen)
        for run in chosen:
            self.pin_requested.emit(run.run_id, is_pinned)

    @Slot()
    def _rename(self) -> None:
        rows = self.selectionModel().selectedRows()
        if len(rows) == 1:
            # Where it is edited already, nothing happens; the shorter call would warn.
            triggers = QAbstractItemView.EditTrigger.AllEditTriggers
            self.edit(rows[0], triggers, None)  # type: ignore[call-overload]

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        if index.column() != CHECK:
            self.open_action.trigger()

    @Slot()
    def _show_folder(self) -> None:
        self.folder_requested.emit(self.chosen()[0].run_id)

    def event(self, event: QEvent) -> bool:
        """Take the keys for undo while the table has the focus."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.matches(Keys.Undo):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for deleted runs to be restored, check a run; leave other keys to Qt."""
        if event.matches(Keys.Undo):
            self.undo_requested.emit()
        elif event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._toggle(self._run(self.currentIndex().row()).run_id)
        else:
            super().keyPressEvent(event)

    def selectionCommand(
        self, index: Index, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Choose a run besides others where it is pressed beside its check box, too."""
        flag = QItemSelectionModel.SelectionFlag
        if event is None or index.column() != CHECK or not isinstance(event, QMouseEvent):
            return super().selectionCommand(index, event)
        is_press = event.type() == QEvent.Type.MouseButtonPress
        is_left = event.button() == Qt.MouseButton.LeftButton
        return flag.Toggle | flag.Rows if is_press and is_left else flag.NoUpdate

    def minimumSizeHint(self) -> QSize:
        """Return the height of the titles and a few rows."""
        rows = _FEWEST_ROWS * self.verticalHeader().defaultSectionSize()
        titles, bar = self.horizontalHeader(), self.horizontalScrollBar()
        height = titles.sizeHint().height() + rows + bar.sizeHint().height()
        return QSize(super().minimumSizeHint().width(), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the width."""
        super().resizeEvent(event)
        self._fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        """Fit rows and columns to the type."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 9)
            self._fit_columns()

    def _fit_columns(self) -> None:
        """Give the names the width that other columns leave; hide columns that do not fit."""
        titles, metrics = self.horizontalHeader(), self.fontMetrics()
        widths = [
            max(metrics.horizontalAdvance(each.widest) + _ROOM_IN_CELL, titles.sectionSizeHint(i))
            for i, each in enumerate(self._model.columns)
        ]
        widths[CHECK] = max(_LEAST_CHECK, metrics.height() + 10)
        # A whole name is worth more than some of what the details have too.
        others = (each for i, each in enumerate(widths) if i and i not in _LESS_THAN_NAMES)
        left = self.viewport().width() - sum(others)
        widths[0] = max(widths[0], min(self.sizeHintForColumn(0), left))
        room = self.viewport().width() - sum(widths)
        for column in _DISPENSABLE:
            self.setColumnHidden(column, room < 0)
            room += widths[column] if room < 0 else 0
        widths[0] += max(0, room)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)

    def _set_up(self) -> None:
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSortingEnabled(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        # Names that begin alike end differently.
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 9)
        titles = self.horizontalHeader()
        titles.setHighlightSections(False)
        titles.setMinimumSectionSize(_LEAST_CHECK)
        # The check boxes are what one begins with.
        titles.moveSection(CHECK, 0)
        self.setItemDelegateForColumn(CHECK, CheckBoxes(self))
        self._fit_columns()
        self.sortByColumn(_STARTED, Qt.SortOrder.DescendingOrder)
