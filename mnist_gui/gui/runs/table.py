"""The table of runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from mnist_gui.engine.runs.run import COLOURS, RunRecord, Score
from mnist_gui.gui.common.labels import duration, moment, percent, tabular
from mnist_gui.gui.common.qt import named
from mnist_gui.gui.runs.text import (
    SHADES,
    colour_title,
    distribute,
    dot,
    next_action_texts,
    reason_text,
    run_title,
    score_text,
    status_title,
    steps_text,
    test_evaluations_text,
)

FILTER_ROLE = Qt.ItemDataRole.UserRole + 1
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_STARTED = 6
_WIDTHS = (150, 82, 158, 80, 96, 56, 130)
# In a narrow window these columns are hidden, one after the other; the details have them too.
_DISPENSABLE = (5, 3, 6, 4)
Keys = QKeySequence.StandardKey
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """What a column shows of a run, and what it is sorted by."""

    title: str
    text: Callable[[RunRecord], str]
    key: Callable[[RunRecord], Any]
    is_number: bool = True


class RunTableModel(QAbstractTableModel):
    """Holds the runs; a new list changes only the rows that differ. Names can be edited."""

    rename_requested = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = (
            Column(self.tr("Run"), run_title, lambda run: run_title(run).casefold(), False),
            Column(self.tr("State"), _status, lambda run: run.status.value, False),
            Column(self.tr("Test accuracy"), _test, lambda run: _rank(run.info.test)),
            Column(self.tr("Validation"), _validation, lambda run: _rank(run.info.validation)),
            Column(self.tr("Steps"), lambda run: steps_text(run.info), lambda run: run.info.step),
            Column(self.tr("Time"), _duration, lambda run: run.info.seconds),
            Column(self.tr("Started"), _started, lambda run: run.info.started, False),
        )
        self._runs: list[RunRecord] = []
        self._shades: dict[str, str] = {}

    def show_runs(self, runs: tuple[RunRecord, ...]) -> None:
        """Show these runs, each in the row that it has had unless it is new."""
        wanted = {run.run_id: run for run in runs}
        for row in range(len(self._runs) - 1, -1, -1):
            if self._runs[row].run_id not in wanted:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._runs[row]
                self.endRemoveRows()
        for row, old in enumerate(self._runs):
            new = wanted.pop(old.run_id)
            if new != old:
                self._runs[row] = new
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))
        if wanted:
            first = len(self._runs)
            self.beginInsertRows(QModelIndex(), first, first + len(wanted) - 1)
            self._runs += wanted.values()
            self.endInsertRows()

    def show_shades(self, shades: dict[str, str]) -> None:
        """Mark runs, by their IDs, with the shades of their curves."""
        changed = self._shades.keys() | shades.keys()
        self._shades = shades
        for row, run in enumerate(self._runs):
            if run.run_id in changed:
                self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

    def run(self, row: int) -> RunRecord:
        """Return the run in a row."""
        return self._runs[row]

    # --- what Qt asks --------------------------------------------------------------------------

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of runs."""
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title."""
        match role:
            case Qt.ItemDataRole.DisplayRole if orientation is Qt.Orientation.Horizontal:
                return self.columns[section].title
            case Qt.ItemDataRole.TextAlignmentRole if orientation is Qt.Orientation.Horizontal:
                return _RIGHT if self.columns[section].is_number else _LEFT
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let names be edited in their places."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 0 else flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows, or the text that its run is filtered by."""
        run, column = self._runs[index.row()], self.columns[index.column()]
        is_name = index.column() == 0
        answer: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                answer = column.text(run)
                if is_name and run.labels.is_pinned:
                    answer = f"\u2605 {answer}"
            case Qt.ItemDataRole.EditRole if is_name:
                answer = column.text(run)
            case Qt.ItemDataRole.DecorationRole if is_name:
                answer = dot(self._shades.get(run.run_id))
            case Qt.ItemDataRole.TextAlignmentRole if column.is_number:
                answer = _RIGHT
            case Qt.ItemDataRole.ToolTipRole:
                tests = test_evaluations_text(run.info)
                lines = (run.run_id, tests, reason_text(run.info), run.labels.note)
                answer = "\n".join(filter(None, lines))
            case _ if role == FILTER_ROLE:
                answer = _filter_text(run)
        return answer

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another name."""
        run = self._runs[index.row()]
        if role == Qt.ItemDataRole.EditRole and str(value) != run_title(run):
            self.rename_requested.emit(run.run_id, str(value))
        return False


class RunTableOrder(QSortFilterProxyModel):
    """Sorts the runs, pinned ones always first, and filters them by text."""

    def __init__(self, model: RunTableModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setSourceModel(model)
        self.setFilterRole(FILTER_ROLE)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def lessThan(self, left: _Index, right: _Index) -> bool:
        """Tell which of two runs comes first where the order is ascending."""
        one, other = self._model.run(left.row()), self._model.run(right.row())
        if one.labels.is_pinned != other.labels.is_pinned:
            return one.labels.is_pinned is (self.sortOrder() is Qt.SortOrder.AscendingOrder)
        key = self._model.columns[left.column()].key
        return bool(key(one) < key(other))


def _status(run: RunRecord) -> str:
    return status_title(run.status)


def _test(run: RunRecord) -> str:
    return score_text(run.info.test)


def _validation(run: RunRecord) -> str:
    score = run.info.validation
    return percent(score.accuracy, 2) if score else "\u2013"


def _rank(score: Score | None) -> float:
    return score.accuracy if score else -1.0


def _duration(run: RunRecord) -> str:
    return duration(run.info.seconds)


def _started(run: RunRecord) -> str:
    return moment(run.info.started)


def _filter_text(run: RunRecord) -> str:
    info = run.info
    parts = (run_title(run), info.recipe.name, _status(run), run.labels.note, info.data.name)
    return "\n".join((*parts, info.device, run.run_id))


class RunTable(QTableView):
    """Lists runs to sort, choose, rename, colour, pin and delete.

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
        tip = self.tr("Choose one run to see its curves, several to compare them (Ctrl or Shift).")
        named(self, "run_table", self.tr("Runs"), tip)
        self._model.rename_requested.connect(self.rename_requested)
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
        self.doubleClicked.connect(self.open_action.trigger)

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
        self._enable()

    def set_idle(self, idle: bool) -> None:
        """Offer what needs the engine, which is idle or trains."""
        self._is_idle = idle
        self._enable()

    def chosen(self) -> tuple[RunRecord, ...]:
        """Return the chosen runs, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self._run(row) for row in rows)

    def choose(self, run_ids: Sequence[str]) -> None:
        """Choose the runs with these IDs, as far as they are shown."""
        flag = QItemSelectionModel.SelectionFlag
        selection = QItemSelection()
        for row in range(self.order.rowCount()):
            if self._run(row).run_id in run_ids:
                index = self.order.index(row, 0)
                selection.select(index, index)
        self.selectionModel().select(selection, flag.ClearAndSelect | flag.Rows)

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
            self.edit(rows[0])

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
        """Ask for deleted runs to be restored; leave other keys to Qt."""
        if event.matches(Keys.Undo):
            self.undo_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the names the width that other columns leave; hide columns that do not fit."""
        super().resizeEvent(event)
        room = self.viewport().width() - sum(_WIDTHS)
        for column in _DISPENSABLE:
            self.setColumnHidden(column, room < 0)
            room += _WIDTHS[column] if room < 0 else 0
        self.setColumnWidth(0, _WIDTHS[0] + max(0, room))

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
        titles.setMinimumSectionSize(48)
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, width)
        self.sortByColumn(_STARTED, Qt.SortOrder.DescendingOrder)
