"""The table of runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
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
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from mnist_gui.engine.runs.run import COLOURS, RunRecord
from mnist_gui.gui.common.labels import percent, tabular
from mnist_gui.gui.runs.text import (
    SHADES,
    colour_title,
    continuation_title,
    distribute,
    dot,
    reads_text,
    run_title,
    score_text,
    started_text,
    status_title,
    steps_text,
    time_text,
)

SORT_ROLE = Qt.ItemDataRole.UserRole + 1
FILTER_ROLE = Qt.ItemDataRole.UserRole + 2
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

_Index = QModelIndex | QPersistentModelIndex


Keys = QKeySequence.StandardKey
_STARTED = 6
_WIDTHS = (150, 82, 158, 80, 96, 56, 130)
# Where the window is narrow, these columns give way, one after the other; the details have them.
_DISPENSABLE = (5, 3, 6, 4)


@dataclass(frozen=True, slots=True)
class Column:
    """What a column shows of a run, and what it is sorted by."""

    title: str
    text: Callable[[RunRecord], str]
    key: Callable[[RunRecord], Any]
    is_number: bool = True


def columns() -> tuple[Column, ...]:
    """Return the table's columns; the first one is the run's name."""
    return (
        Column(
            QCoreApplication.translate("runs", "Run"),
            run_title,
            lambda run: run_title(run).casefold(),
            is_number=False,
        ),
        Column(
            QCoreApplication.translate("runs", "State"),
            _state,
            lambda run: run.status.value,
            is_number=False,
        ),
        Column(
            QCoreApplication.translate("runs", "Test accuracy"),
            _test,
            lambda run: _accuracy(run.facts.test),
        ),
        Column(
            QCoreApplication.translate("runs", "Validation"),
            _validation,
            lambda run: _accuracy(run.facts.validation),
        ),
        Column(
            QCoreApplication.translate("runs", "Steps"),
            lambda run: steps_text(run.facts),
            lambda run: run.facts.step,
        ),
        Column(
            QCoreApplication.translate("runs", "Time"),
            lambda run: time_text(run.facts),
            lambda run: run.facts.seconds,
        ),
        Column(
            QCoreApplication.translate("runs", "Started"),
            lambda run: started_text(run.facts),
            lambda run: run.facts.started,
            is_number=False,
        ),
    )


class RunTableModel(QAbstractTableModel):
    """Holds the runs; a new list changes only the rows that differ. Names can be edited."""

    rename_requested = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns()
        self._runs: list[RunRecord] = []
        self._shades: dict[str, str] = {}

    def show_runs(self, runs: tuple[RunRecord, ...]) -> None:
        """Show these runs, each of them in the row it has had if it is not new."""
        wanted = {run.identity: run for run in runs}
        for row in range(len(self._runs) - 1, -1, -1):
            if self._runs[row].identity not in wanted:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._runs[row]
                self.endRemoveRows()
        for row, run in enumerate(self._runs):
            self._update(row, wanted.pop(run.identity))
        if wanted:
            first = len(self._runs)
            self.beginInsertRows(QModelIndex(), first, first + len(wanted) - 1)
            self._runs += wanted.values()
            self.endInsertRows()

    def show_shades(self, shades: dict[str, str]) -> None:
        """Annotation runs, by their identities, with the shades that their curves have."""
        changed = self._shades.keys() | shades.keys()
        self._shades = shades
        for row, run in enumerate(self._runs):
            if run.identity in changed:
                self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

    def run(self, row: int) -> RunRecord:
        """Return the run in a row."""
        return self._runs[row]

    def _update(self, row: int, run: RunRecord) -> None:
        if run != self._runs[row]:
            self._runs[row] = run
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    # --- what Qt asks --------------------------------------------------------------------------

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One row a run."""
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """As many as there are things worth a comparison."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self._columns[section].is_number else _LEFT
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let names be edited in their places."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 0 else flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows, is sorted and filtered by."""
        run, column = self._runs[index.row()], self._columns[index.column()]
        answer = self._name_cell(run, role) if index.column() == 0 else None
        if answer is None and role in _ANSWERS:
            answer = _ANSWERS[role](column, run)
        return answer

    def _name_cell(self, run: RunRecord, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole if run.labels.is_pinned:
                return f"\u2605 {run_title(run)}"
            case Qt.ItemDataRole.EditRole:
                return run_title(run)
            case Qt.ItemDataRole.DecorationRole:
                return dot(self._shades.get(run.identity))
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another name."""
        run = self._runs[index.row()]
        if role == Qt.ItemDataRole.EditRole and str(value) != run_title(run):
            self.rename_requested.emit(run.identity, str(value))
        return False


class RunTableOrder(QSortFilterProxyModel):
    """Sorts the runs, pinned ones always first, and filters them by words."""

    def __init__(self, model: RunTableModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setSourceModel(model)
        self.setFilterRole(FILTER_ROLE)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setSortRole(SORT_ROLE)

    def lessThan(self, left: _Index, right: _Index) -> bool:
        """Tell which of two runs comes first where the order is ascending."""
        one, other = self._model.run(left.row()), self._model.run(right.row())
        if one.labels.is_pinned != other.labels.is_pinned:
            return one.labels.is_pinned is (self.sortOrder() is Qt.SortOrder.AscendingOrder)
        return bool(left.data(SORT_ROLE) < right.data(SORT_ROLE))


def _state(run: RunRecord) -> str:
    return status_title(run.status)


def _test(run: RunRecord) -> str:
    return score_text(run.facts.test)


def _validation(run: RunRecord) -> str:
    score = run.facts.validation
    return percent(score.accuracy, 2) if score else "\u2013"


def _accuracy(score: Any) -> float:
    return score.accuracy if score else -1.0


def _words(run: RunRecord) -> str:
    facts = run.facts
    words = (run_title(run), facts.recipe.name, _state(run), run.labels.note, facts.data.name)
    return "\n".join((*words, facts.device, run.identity))


def _tooltip(run: RunRecord) -> str:
    lines = (run.identity, reads_text(run.facts), run.facts.reason, run.labels.note)
    return "\n".join(line for line in lines if line)


_ANSWERS: dict[int, Callable[[Column, RunRecord], Any]] = {
    Qt.ItemDataRole.DisplayRole: lambda column, run: column.text(run),
    Qt.ItemDataRole.TextAlignmentRole: lambda column, _run: _RIGHT if column.is_number else None,
    Qt.ItemDataRole.ToolTipRole: lambda _column, run: _tooltip(run),
    SORT_ROLE: lambda column, run: column.key(run),
    FILTER_ROLE: lambda _column, run: _words(run),
}


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
    folder_requested = Signal(str)
    undo_requested = Signal()
    delete_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_idle = True
        self._model = RunTableModel(self)
        self.order = RunTableOrder(self._model, self)
        self.setModel(self.order)
        self.setObjectName("run_table")
        self.setAccessibleName(self.tr("Runs"))
        self.setToolTip(
            self.tr("Choose one run to see its curves, several to compare them (Ctrl or Shift).")
        )
        self._model.rename_requested.connect(self.rename_requested)
        self.selectionModel().selectionChanged.connect(self._tell_choice)
        self._set_up()
        self._make_actions()

    def show_runs(self, runs: tuple[RunRecord, ...]) -> None:
        """Show these runs; those that are chosen stay chosen."""
        self._model.show_runs(runs)
        self._show_shades()
        self._enable()

    def set_idle(self, idle: bool) -> None:
        """Offer what needs the engine, which is idle or trains."""
        self._is_idle = idle
        self._enable()

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
        self._enable()
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
        menu.addActions([self.open_action, self.open_best_action])
        menu.addActions([self.resume_action, self.rename_action])
        self._add_colours(menu.addMenu(self.tr("&Colour")), chosen)
        menu.addActions([self.pin_action, self.folder_action])
        menu.addSeparator()
        menu.addAction(self.delete_action)
        return menu

    def _enable(self) -> None:
        chosen = self.chosen()
        one = chosen[0] if len(chosen) == 1 else None
        is_usable = self._is_idle and one is not None
        self.open_action.setEnabled(is_usable and one is not None and one.has_weights)
        self.open_best_action.setEnabled(is_usable and one is not None and one.has_best)
        way = one.continuation if one else None
        self.resume_action.setEnabled(is_usable and way is not None)
        self.resume_action.setText(continuation_title(way))
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

    @Slot()
    def _show_folder(self) -> None:
        self.folder_requested.emit(self.chosen()[0].identity)

    def event(self, event: QEvent) -> bool:
        """Take the keys of undoing for the runs while they have the focus."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.matches(Keys.Undo):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Bring back what was deleted; the rest is the table's."""
        if event.matches(Keys.Undo):
            self.undo_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the names what room the figures leave, and hide figures that there is none for."""
        super().resizeEvent(event)
        room = self.viewport().width() - sum(_WIDTHS)
        for column in _DISPENSABLE:
            self.setColumnHidden(column, room < 0)
            room += _WIDTHS[column] if room < 0 else 0
        self.setColumnWidth(0, _WIDTHS[0] + max(0, room))

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
        self.folder_action = self._action(self.tr("Show &folder"), "")
        self.folder_action.triggered.connect(self._show_folder)
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
        self.doubleClicked.connect(self.open_requested)
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
