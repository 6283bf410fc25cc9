"""The values of the curves as a table."""

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from mnist_gui.engine.history import Curve
from mnist_gui.gui.common.labels import count, number, percent
from mnist_gui.gui.common.qt import column, named
from mnist_gui.gui.curves.data import PlottedRun, value_at

# Besides the steps of validations.
_ROWS = 21


class CurvesTable(QDialog):
    """A run's accuracy and loss, a row for each validation and for some steps in between."""

    def __init__(self, run: PlottedRun, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title or self.tr("Values of the curves"))
        self._run = run
        steps = table_steps(run)
        self.table = named(QTableWidget(len(steps), 5), "curves_table")
        self.table.setAccessibleName(self.tr("Values of the curves"))
        self.table.setHorizontalHeaderLabels(self._titles())
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        for row, step in enumerate(steps):
            self._fill_row(row, step)
        self.table.resizeColumnsToContents()
        header = self.table.horizontalHeader()
        # In large type it scrolls sideways, and no title is cut.
        header.setMinimumSectionSize(max(map(self.table.columnWidth, range(len(self._titles())))))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column((self.table, 1), buttons, parent=self, margins=None)
        self.resize(QSize(640, 440).boundedTo(self.screen().availableSize() * 0.9))

    def _titles(self) -> list[str]:
        return [
            self.tr("Step"),
            self.tr("Training accuracy\n(average)"),
            self.tr("Validation\naccuracy"),
            self.tr("Training loss\n(average)"),
            self.tr("Validation\nloss"),
        ]

    def _fill_row(self, row: int, step: float) -> None:
        accuracy, loss = self._run.accuracy, self._run.loss
        shares = (value_at(accuracy.training, step), _measured(accuracy.validation, step))
        losses = (value_at(loss.training, step), _measured(loss.validation, step))
        texts = [count(round(step))]
        texts += ["" if share is None else percent(round(share, 6), 2) for share in shares]
        texts += ["" if value is None else number(value, 4) for value in losses]
        for place, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, place, item)


def table_steps(run: PlottedRun) -> list[float]:
    """Return the steps of the rows."""
    even = np.linspace(0, run.last_step, _ROWS).round()
    steps: list[float] = np.union1d(even, run.accuracy.validation.steps).tolist()
    return steps


def _measured(curve: Curve, step: float) -> float | None:
    """Return the value that was measured at this step, if one was."""
    return value_at(curve, step) if step in curve.steps else None
