"""The runs as a table's rows: what its cells say, how they are sorted and filtered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QIcon, QPalette

from mnist_gui.engine.runs.run import RunRecord, RunStatus, Score
from mnist_gui.gui.common.labels import count, duration, moment, percent
from mnist_gui.gui.common.theme import seen_on
from mnist_gui.gui.common.values import recipe_title
from mnist_gui.gui.runs.text import (
    dot,
    reason_text,
    run_title,
    score_text,
    status_title,
    steps_text,
    test_evaluations_text,
)
from mnist_gui.words.recipes import device_title

FILTER_ROLE = Qt.ItemDataRole.UserRole + 1
CHECK = 7
Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MIDDLE = Qt.AlignmentFlag.AlignCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column:
    """What a column shows of a run, what it is sorted by, and a text that it has room for."""

    title: str
    text: Callable[[RunRecord], str]
    key: Callable[[RunRecord], Any]
    widest: str
    side: Qt.AlignmentFlag = _RIGHT


class RunTableModel(QAbstractTableModel):
    """Holds the runs; a new list changes only the rows that differ. Names can be edited."""

    rename_requested = Signal(str, str)
    check_requested = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = self._make_columns()
        self._runs: list[RunRecord] = []
        self._shades: dict[str, str] = {}

    def _make_columns(self) -> tuple[Column, ...]:
        title, name, state = recipe_title("cnn-best"), self.tr("Run"), self.tr("State")
        states = max(map(status_title, RunStatus), key=len)
        score, share = score_text(Score(0, 9_999, 10_000)), percent(0.9999, 2)
        day = moment(datetime(2026, 12, 30, 22, 58, tzinfo=UTC))
        steps = f"{count(20_000)} {count(20_000)}"

        def start(run: RunRecord) -> datetime:
            return run.info.started

        return (
            Column(name, run_title, lambda run: run_title(run).casefold(), title * 2, _LEFT),
            Column(state, _status, lambda run: run.status.value, states, _LEFT),
            Column(self.tr("Test accuracy"), _test, lambda run: _rank(run.info.test), score),
            Column(self.tr("Validation"), _validation, _validation_rank, share),
            Column(self.tr("Steps"), _steps, lambda run: run.info.step, steps),
            Column(self.tr("Time"), _duration, lambda run: run.info.seconds, duration(4_000)),
            Column(self.tr("Started"), _started, start, day, _MIDDLE),
            Column("", lambda _: "", start, "", _LEFT),
        )

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
        """Check the chosen runs, by their IDs, and mark them with the shades of their curves."""
        changed = self._shades.keys() | shades.keys()
        self._shades = shades
        for row, run in enumerate(self._runs):
            if run.run_id in changed:
                self.dataChanged.emit(self.index(row, 0), self.index(row, CHECK))

    def run(self, row: int) -> RunRecord:
        """Return the run in a row."""
        return self._runs[row]

    # --- what Qt asks --------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of runs."""
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title."""
        match role:
            case Qt.ItemDataRole.DisplayRole if orientation is Qt.Orientation.Horizontal:
                return self.columns[section].title
            case Qt.ItemDataRole.AccessibleTextRole if section == CHECK:
                return self.tr("Chosen")
            case Qt.ItemDataRole.TextAlignmentRole if orientation is Qt.Orientation.Horizontal:
                return self.columns[section].side
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let names be edited in their places, and runs be checked."""
        own = {0: Qt.ItemFlag.ItemIsEditable, CHECK: Qt.ItemFlag.ItemIsUserCheckable}
        return super().flags(index) | own.get(index.column(), Qt.ItemFlag.NoItemFlags)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
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
                answer = _mark(self._shades.get(run.run_id))
            case Qt.ItemDataRole.CheckStateRole if index.column() == CHECK:
                is_chosen = run.run_id in self._shades
                answer = Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.AccessibleTextRole if index.column() == CHECK:
                answer = run_title(run)
            case Qt.ItemDataRole.TextAlignmentRole:
                answer = column.side
            case Qt.ItemDataRole.ToolTipRole:
                tests = test_evaluations_text(run.info)
                lines = (run_title(run), tests, reason_text(run.info), run.labels.note)
                answer = "\n".join(filter(None, lines))
            case _ if role == FILTER_ROLE:
                answer = _filter_text(run)
        return answer

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another name, or for a run to be chosen or left out."""
        run = self._runs[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            self.check_requested.emit(run.run_id)
        elif role == Qt.ItemDataRole.EditRole and str(value) != run_title(run):
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

    def lessThan(self, left: Index, right: Index) -> bool:
        """Tell which of two runs comes first where the order is ascending."""
        one, other = self._model.run(left.row()), self._model.run(right.row())
        if one.labels.is_pinned != other.labels.is_pinned:
            return one.labels.is_pinned is (self.sortOrder() is Qt.SortOrder.AscendingOrder)
        key = self._model.columns[left.column()].key
        return bool(key(one) < key(other))


def _mark(shade: str | None) -> QIcon:
    ground = QGuiApplication.palette().color(QPalette.ColorRole.Base)
    return dot(seen_on(ground, shade).name() if shade else None)


def _status(run: RunRecord) -> str:
    return status_title(run.status)


def _test(run: RunRecord) -> str:
    return score_text(run.info.test)


def _validation(run: RunRecord) -> str:
    score = run.info.validation
    return percent(score.accuracy, 2) if score else "\u2013"


def _validation_rank(run: RunRecord) -> float:
    return _rank(run.info.validation)


def _steps(run: RunRecord) -> str:
    return steps_text(run.info)


def _rank(score: Score | None) -> float:
    return score.accuracy if score else -1.0


def _duration(run: RunRecord) -> str:
    return duration(run.info.seconds)


def _started(run: RunRecord) -> str:
    return moment(run.info.started)


def _filter_text(run: RunRecord) -> str:
    info = run.info
    parts = (run_title(run), info.recipe.name, _status(run), run.labels.note, info.data.name)
    return "\n".join((*parts, device_title(info.device), run.run_id))
