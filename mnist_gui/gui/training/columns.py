"""Widgets side by side, in as many columns as there is room for."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget


class Columns(QWidget):
    """Lays widgets out in as many columns as leave each the width of its size hint."""

    def __init__(
        self, parts: Sequence[QWidget], *, stretches: Sequence[int], spacing: int = 8
    ) -> None:
        """`stretches` are how the columns grow, if there are as many as that."""
        super().__init__()
        self.columns = 0
        self._parts, self._stretches = parts, stretches
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(spacing)
        self._arrange(1)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the widest part: there need not be several columns."""
        widest = max(part.minimumSizeHint().width() for part in self._parts)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the columns that there is room for now."""
        super().resizeEvent(event)
        fitting = (
            each
            for each in range(len(self._stretches), 1, -1)
            if self._width_of(each) <= self.width()
        )
        self._arrange(next(fitting, 1))

    def _width_of(self, columns: int) -> int:
        widths = [max(part.sizeHint().width(), part.minimumWidth()) for part in self._parts]
        spacing = self._grid.spacing() * (columns - 1)
        return spacing + sum(max(widths[column::columns]) for column in range(columns))

    def _arrange(self, columns: int) -> None:
        if columns == self.columns:
            return
        self.columns = columns
        for index, part in enumerate(self._parts):
            self._grid.addWidget(part, index // columns, index % columns)
        is_whole = columns == len(self._stretches)
        for column, stretch in enumerate(self._stretches):
            self._grid.setColumnStretch(column, stretch if is_whole else int(column < columns))
        self.updateGeometry()
