"""The table of runs, with what can be done to those that are chosen."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from mnist_gui.engine.runs.labels import COLOURS
from mnist_gui.engine.runs.record import RunRecord
from mnist_gui.widgets.labels import tabular
from mnist_gui.widgets.runs.run_colours import SHADES, colour_title, distribute, dot
from mnist_gui.widgets.runs.run_table_model import RunTableModel, RunTableOrder
from mnist_gui.widgets.runs.run_words import continuation_title

_STARTED = 6
_WIDTHS = (196, 82, 158, 80, 96, 56, 120)


class RunTable(QTableView):
    """Lists runs to sort, choose, rename, colour, pin and delete.

    `choice_changed` carries the chosen runs, in the order in which they stand.
    """

    choice_changed = Signal(tuple)
    rename_requested = Signal(str, str)
    colour_requested = Signal(str, str)
    pin_requested = Signal(str, bool)
    open_requested = Signal()
    open_best_requested = Signal()
    resume_requested = Signal()
    delete_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = RunTableModel(self)
        self.order = RunTableOrder(self._model, self)
        self.setModel(self.order)
        self.setObjectName("run_table")
        self.setAccessibleName(self.tr("Runs"))
        self.setToolTip(
            self.tr("Choose one run to see its course, several to compare them (Ctrl or Shift).")
        )
        self._model.rename_requested.connect(self.rename_requested)
        self.selectionModel().selectionChanged.connect(self._tell_choice)
        self._set_up()
        self._make_actions()

    def show_runs(self, runs: tuple[RunRecord, ...]) -> None:
        """Show these runs; those that are chosen stay chosen."""
        self._model.show_runs(runs)
        self._show_shades()

    def chosen(self) -> tuple[RunRecord, ...]:
        """Return the chosen runs, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self._run(row) for row in rows)

    def choose(self, identities: Sequence[str]) -> None:
        """Choose the runs of these identities, as far as they are shown."""
        flag = QItemSelectionModel.SelectionFlag
        selection = QItemSelection()
        for row in range(self.order.rowCount()):
            if self._run(row).identity in identities:
                index = self.order.index(row, 0)
                selection.select(index, index)
        self.selectionModel().select(selection, flag.ClearAndSelect | flag.Rows)

    def shades(self) -> dict[str, str]:
        """Return the shade in which each chosen run's curve is drawn."""
        chosen = self.chosen()
        given = distribute([run.labels.colour for run in chosen])
        return {run.identity: shade for run, shade in zip(chosen, given, strict=True)}

    def filter(self, words: str) -> None:
        """Show only the runs whose name, recipe, state, note or device has these words."""
        self.order.setFilterFixedString(words)

    def _run(self, row: int) -> RunRecord:
        return self._model.run(self.order.mapToSource(self.order.index(row, 0)).row())

    @Slot()
    def _tell_choice(self) -> None:
        self._show_shades()
        self.choice_changed.emit(self.chosen())

    def _show_shades(self) -> None:
        self._model.show_shades(self.shades())

    # --- what can be done ----------------------------------------------------------------------

    def contextMenuEvent(self, event: QEvent) -> None:
        """Offer what can be done to the chosen runs; the keyboard's menu key does, too."""
        chosen = self.chosen()
        if chosen:
            menu = self._menu(chosen)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self._place_of_menu(event))

    def _place_of_menu(self, event: QEvent) -> QPoint:
        place = getattr(event, "globalPos", None)
        return place() if place else self.mapToGlobal(QPoint(20, 40))

    def _menu(self, chosen: tuple[RunRecord, ...]) -> QMenu:
        menu = QMenu(self)
        is_one = len(chosen) == 1
        self.open_action.setEnabled(is_one and chosen[0].has_weights)
        self.open_best_action.setEnabled(is_one and chosen[0].has_best)
        way = chosen[0].continuation if is_one else None
        self.resume_action.setEnabled(way is not None)
        self.resume_action.setText(continuation_title(way))
        self.rename_action.setEnabled(is_one)
        self.pin_action.setText(
            self.tr("Un&pin") if all(run.labels.is_pinned for run in chosen) else self.tr("&Pin")
        )
        menu.addActions([self.open_action, self.open_best_action])
        menu.addActions([self.resume_action, self.rename_action])
        self._add_colours(menu.addMenu(self.tr("&Colour")), chosen)
        menu.addAction(self.pin_action)
        menu.addSeparator()
        menu.addAction(self.delete_action)
        return menu

    def _add_colours(self, menu: QMenu, chosen: tuple[RunRecord, ...]) -> None:
        for colour in ("", *SHADES):
            assert colour in COLOURS
            action = menu.addAction(dot(SHADES.get(colour)), colour_title(colour))
            action.triggered.connect(partial(self._recolour, chosen, colour))

    def _recolour(self, chosen: tuple[RunRecord, ...], colour: str) -> None:
        for run in chosen:
            self.colour_requested.emit(run.identity, colour)

    @Slot()
    def _pin(self) -> None:
        chosen = self.chosen()
        is_pinned = not all(run.labels.is_pinned for run in chosen)
        for run in chosen:
            self.pin_requested.emit(run.identity, is_pinned)

    @Slot()
    def _rename(self) -> None:
        rows = self.selectionModel().selectedRows()
        if len(rows) == 1:
            self.edit(rows[0])

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        # A double click on the name edits it.
        if index.column() != 0:
            self.open_requested.emit()

    # --- putting together ----------------------------------------------------------------------

    def _make_actions(self) -> None:
        self.open_action = self._action(self.tr("&Use its network"), "Return")
        self.open_action.triggered.connect(self.open_requested)
        self.open_best_action = self._action(self.tr("Use its &best on validation"), "")
        self.open_best_action.triggered.connect(self.open_best_requested)
        self.resume_action = self._action(continuation_title(None), "")
        self.resume_action.triggered.connect(self.resume_requested)
        self.rename_action = self._action(self.tr("Re&name"), "F2")
        self.rename_action.triggered.connect(self._rename)
        self.pin_action = self._action(self.tr("&Pin"), "P")
        self.pin_action.triggered.connect(self._pin)
        self.delete_action = self._action(self.tr("&Delete"), "Del")
        self.delete_action.triggered.connect(self.delete_requested)

    def _action(self, text: str, key: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.addAction(action)
        return action

    def _set_up(self) -> None:
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setSortingEnabled(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.doubleClicked.connect(self._open)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 9)
        titles = self.horizontalHeader()
        titles.setHighlightSections(False)
        titles.setStretchLastSection(True)
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, width)
        self.sortByColumn(_STARTED, Qt.SortOrder.DescendingOrder)
