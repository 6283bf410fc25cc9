"""The runs as a table, and the order they stand in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)

from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.widgets.number_text import percent
from mnist_gui.widgets.runs.run_colours import dot
from mnist_gui.widgets.runs.run_words import (
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
        """Mark runs, by their identities, with the shades that their curves have."""
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
