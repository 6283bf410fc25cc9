"""Widgets side by side, in as many columns as there is room for."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from mnist_gui.gui.common.qt import FittedWidget


class Columns(FittedWidget):
    """Lays widgets out in as many columns as leave each the width of its size hint.

    What is hidden takes no place.
    """

    def __init__(
        self, parts: Sequence[QWidget], *, stretches: Sequence[int], spacing: int = 8
    ) -> None:
        """`stretches` are how the columns grow, if there are as many as that.

        If there is one for each part, it is that part's, also where others are hidden.
        """
        super().__init__()
        self.columns = 0
        self._parts, self._stretches = parts, stretches
        self._arranged: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(spacing)
        self._arrange(1)

    def sizeHint(self) -> QSize:
        """Return the width for all columns."""
        return QSize(self._width_of(len(self._stretches)), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the width of the widest part: there need not be several columns."""
        widths = [max(part.minimumSizeHint().width(), part.minimumWidth()) for part in self._shown]
        return QSize(max(widths, default=0), super().minimumSizeHint().height())

    @property
    def _shown(self) -> list[QWidget]:
        return [part for part in self._parts if not _is_put_away(part)]

    def fit(self) -> None:
        """Use as many columns as there is room for."""
        most = min(len(self._stretches), len(self._shown))
        fitting = (each for each in range(most, 1, -1) if self._width_of(each) <= self.width())
        self._arrange(next(fitting, 1))

    def _width_of(self, columns: int) -> int:
        widths = [max(part.sizeHint().width(), part.minimumWidth()) for part in self._shown]
        spacing = self._grid.spacing() * (columns - 1)
        return spacing + sum(max(widths[column::columns], default=0) for column in range(columns))

    def _arrange(self, columns: int) -> None:
        parts = self._shown
        if (columns, parts) == (self.columns, self._arranged):
            return
        self.columns, self._arranged = columns, parts
        for part in self._parts:
            # What is put away has a place as well: shown, it would else be a window of its own.
            row, column = divmod(parts.index(part), columns) if part in parts else (0, 0)
            self._grid.addWidget(part, row, column)
        is_whole = columns == min(len(self._stretches), len(parts))
        stretches = self._stretches
        if len(stretches) == len(self._parts):
            stretches = [stretches[place] for place in map(self._parts.index, parts)]
        for column in range(len(self._stretches)):
            stretch = stretches[column] if is_whole and column < columns else int(column < columns)
            self._grid.setColumnStretch(column, stretch)
        self.updateGeometry()


def _is_put_away(part: QWidget) -> bool:
    # Before it has been shown for the first time, a widget is hidden to Qt as well.
    return part.isHidden() and part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
