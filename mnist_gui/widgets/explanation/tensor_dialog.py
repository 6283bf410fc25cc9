"""The numbers that the network is given, in a window of their own."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.widgets.explanation.tensor_table import TensorTable
from mnist_gui.widgets.labels import tabular
from mnist_gui.widgets.number_text import number

_POINTS = 7.5


class TensorDialog(QDialog):
    """Shows the image as a table of numbers beside the window, and follows the drawing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.table = TensorTable()
        self.view = _WholeTable()
        self.scaled_box = QCheckBox(self.tr("From 0 to 1, as the network is given them"))
        self.copy_button = QPushButton(self.tr("Copy as NumPy code"))
        self.close_button = QPushButton(self.tr("Close"))
        self.view.setModel(self.table)
        self._name_parts()
        self._lay_out()
        self.scaled_box.toggled.connect(self.table.set_scaled)
        self.close_button.clicked.connect(self.close)
        # Of its own accord a dialog takes two thirds of the screen at most.
        self.resize(self.sizeHint())

    def show_image(self, image: NDArray[np.uint8]) -> None:
        """Show the numbers of an image (28, 28)."""
        self.table.show_image(image)

    def _name_parts(self) -> None:
        self.setWindowTitle(self.tr("The image as numbers"))
        self.setObjectName("tensor_dialog")
        self.view.setObjectName("tensor_table")
        self.view.setAccessibleName(self.tr("Grey of each pixel, row by row"))
        self.view.setToolTip(
            self.tr("28 by 28 numbers: 0 is paper, the largest is full ink. They follow the pen.")
        )
        self.scaled_box.setObjectName("scaled_box")
        self.scaled_box.setAccessibleName(self.scaled_box.text())
        self.scaled_box.setToolTip(self.tr("Off: greys from 0 to 255, as images have them."))
        self.copy_button.setObjectName("copy_numbers_button")
        self.copy_button.setAccessibleName(self.copy_button.text())
        self.copy_button.setToolTip(self.tr("Copy Python code that makes this very image."))
        self.close_button.setObjectName("close_numbers_button")
        self.close_button.setAccessibleName(self.tr("Close the numbers"))
        self.close_button.setToolTip(self.tr("Close this window (Esc)."))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.scaled_box)
        buttons.addStretch()
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.addWidget(self.view)
        layout.addLayout(buttons)


class _WholeTable(QTableView):
    """A table whose cells are as small as their numbers, and which asks for room for all."""

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
        """Room for all the numbers."""
        cell, frame = self._cell(), 2 * self.frameWidth() + 2
        return QSize(
            IMAGE_SIDE * cell.width() + self.verticalHeader().sizeHint().width() + frame,
            IMAGE_SIDE * cell.height() + self.horizontalHeader().sizeHint().height() + frame,
        )

    def _cell(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(number(0.99, 2)) + 10, metrics.height() + 7)
