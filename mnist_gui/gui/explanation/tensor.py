"""The 28x28 numbers in a table."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHeaderView,
    QPushButton,
    QTableView,
    QWidget,
)

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.labels import number, tabular
from mnist_gui.gui.common.qt import column, explain, named

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
# Above this grey, black text is easier to read than white (WCAG 2.2, 1.4.3).
_LIGHT_GREY = 117
_POINTS = 7.5


class TensorTable(QAbstractTableModel):
    """The rows and columns of an image (28, 28), as greys 0..255 or as the shares 0..1 of them."""

    def __init__(self) -> None:
        super().__init__()
        self._image = np.zeros((IMAGE_SIDE, IMAGE_SIDE), np.uint8)
        self._is_scaled = False

    def show_image(self, image: NDArray[np.uint8]) -> None:
        """Show the numbers of this image."""
        self._image = image
        self._tell_change()

    def set_scaled(self, scaled: bool) -> None:
        """Show shares 0..1, as the network is given them, or greys 0..255."""
        self._is_scaled = scaled
        self._tell_change()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the height of the image."""
        return 0 if parent.isValid() else IMAGE_SIDE

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the width of the image."""
        return 0 if parent.isValid() else IMAGE_SIDE

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a number as text, and its grey as the cell's colour."""
        grey = int(self._image[index.row(), index.column()])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(grey)
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignCenter
            case Qt.ItemDataRole.BackgroundRole:
                return QColor(grey, grey, grey)
            case Qt.ItemDataRole.ForegroundRole:
                return _text_colour(grey)
            case Qt.ItemDataRole.AccessibleTextRole:
                place = self.tr("row {row}, column {column}: {value}")
                return place.format(row=index.row(), column=index.column(), value=self._text(grey))
        return None

    def headerData(
        self, section: int, _orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the index of a row or a column, from 0 as in Python."""
        return section if role == Qt.ItemDataRole.DisplayRole else None

    def _text(self, grey: int) -> str:
        if not self._is_scaled or grey in (0, 255):
            return str(grey // 255 if self._is_scaled else grey)
        return number(grey / 255, 2)

    def _tell_change(self) -> None:
        last = IMAGE_SIDE - 1
        self.dataChanged.emit(self.index(0, 0), self.index(last, last))


def _text_colour(grey: int) -> QColor:
    # Blank pixels stand back.
    if not grey:
        return QColor("#6b747f")
    return QColor("#000000") if grey > _LIGHT_GREY else QColor("#ffffff")


class TensorView(QTableView):
    """A table with cells as small as their numbers, large enough to show them all."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(tabular(self.font(), _POINTS))
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        for header, size in (
            (self.horizontalHeader(), self._cell().width()),
            (self.verticalHeader(), self._cell().height()),
        ):
            header.setFont(self.font())
            header.setMinimumSectionSize(size)
            header.setDefaultSectionSize(size)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(True)

    def sizeHint(self) -> QSize:
        """Return the size of all cells."""
        cell, frame = self._cell(), 2 * self.frameWidth() + 2
        return QSize(
            IMAGE_SIDE * cell.width() + self.verticalHeader().sizeHint().width() + frame,
            IMAGE_SIDE * cell.height() + self.horizontalHeader().sizeHint().height() + frame,
        )

    def _cell(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(number(0.99, 2)) + 10, metrics.height() + 7)


class TensorDialog(QDialog):
    """Shows the image as a table of numbers in a window, up to date with the drawing."""

    def __init__(self, parent: QWidget, view: TensorView, copy_button: QPushButton) -> None:
        super().__init__(parent)
        self.table = TensorTable()
        self.view = named(view, "tensor_table", self.tr("Grey of each pixel, row by row"))
        self.scaled_box = QCheckBox(self.tr("From 0 to 1, as the network is given them"))
        self.copy_button = copy_button
        self.close_button = QPushButton(self.tr("Close"))
        self.view.setModel(self.table)
        self._explain_parts()
        parts = (self.scaled_box, self.copy_button, self.close_button)
        buttons = Columns(parts, stretches=(1, 0, 0))
        column((self.view, 1), buttons, parent=self, margins=None)
        self.scaled_box.toggled.connect(self.table.set_scaled)
        self.close_button.clicked.connect(self.close)
        # By itself a dialog takes two thirds of the screen at most.
        self.resize(self.sizeHint().boundedTo(self.screen().availableSize() * 0.9))

    def _explain_parts(self) -> None:
        named(self, "tensor_dialog").setWindowTitle(self.tr("The image as numbers"))
        explain(
            self.view,
            self.tr("28 by 28 numbers: 0 is paper, the largest is full ink. They follow the pen."),
        )
        named(self.scaled_box, "scaled_box")
        self.scaled_box.setToolTip(self.tr("Off: greys from 0 to 255, as images have them."))
        named(self.close_button, "close_numbers_button", self.tr("Close the numbers"))
        self.close_button.setToolTip(self.tr("Close this window (Esc)."))
