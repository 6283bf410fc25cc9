"""The page of test results."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QWidget,
)

from mnist_gui.engine.prediction import Evaluation
from mnist_gui.gui.common.images import as_qimage
from mnist_gui.gui.common.labels import AccuracyFigure, caption, count, heading, number, percent
from mnist_gui.gui.common.qt import column, named, row, widget_with
from mnist_gui.gui.digits.text import accuracy_text
from mnist_gui.gui.results.confusion_matrix import ConfusionMatrix

MOST_IMAGES = 200
_SIDE = 56
_CELL = QSize(84, 98)


class ImageGrid(QListWidget):
    """Shows up to 200 images of an evaluation.

    `image_chosen` carries the index of the image that is clicked or selected with the arrows.
    """

    image_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tip = self.tr(
            "Test images: the digit meant, what it was read as, how surely. Click one to see it "
            "beside the canvas."
        )
        named(self, "image_grid", self.tr("Images"), tip)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setGridSize(_CELL)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)
        self.itemSelectionChanged.connect(self._follow_arrows)

    def show_images(
        self, images: NDArray[np.uint8], evaluation: Evaluation, indices: Sequence[int]
    ) -> None:
        """Show the first 200 of these of the images (n, 28, 28)."""
        self.clear()
        for index in indices[:MOST_IMAGES]:
            self.addItem(self._item(images[index], evaluation, index))

    def _item(
        self, image: NDArray[np.uint8], evaluation: Evaluation, index: int
    ) -> QListWidgetItem:
        label = int(evaluation.labels[index])
        read_as = int(evaluation.predicted[index])
        share = percent(float(evaluation.probabilities[index, read_as]))
        enlarged = QPixmap.fromImage(as_qimage(image).scaled(2 * _SIDE, 2 * _SIDE))
        item = QListWidgetItem(QIcon(enlarged), f"{label} \u2192 {read_as}\n{share}")
        text = self.tr("Image {index}: {label} read as {read_as}, {share}")
        item.setToolTip(text.format(index=index, label=label, read_as=read_as, share=share))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, item.toolTip())
        item.setData(Qt.ItemDataRole.UserRole, index)
        return item

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        self.image_chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    @Slot()
    def _follow_arrows(self) -> None:
        # A click is reported when the button is released.
        if not QApplication.mouseButtons():
            for item in self.selectedItems():
                self._choose(item)


class ResultsView(QWidget):
    """Shows the accuracy with its interval, the confusion matrix and the images behind it.

    `image_chosen` carries the index and the pixels (28, 28) uint8 of an image to be looked at.
    """

    image_chosen = Signal(int, np.ndarray)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evaluation: Evaluation | None = None
        self._images: NDArray[np.uint8] = np.empty((0, 28, 28), dtype=np.uint8)
        self.figure = AccuracyFigure(decimals=2)
        self.title = self.figure.title
        self.accuracy = self.figure.accuracy
        self.interval = self.figure.words
        self.user_figure = AccuracyFigure(decimals=1)
        self.matrix = ConfusionMatrix()
        self.grid_title = heading("")
        self.hardest_button = QPushButton(self.tr("Back to the hardest"))
        self.grid = ImageGrid()
        self._name_parts()
        self._lay_out()
        self.matrix.cell_selected.connect(self._show_cell)
        self.hardest_button.clicked.connect(self.show_hardest)
        self.grid.image_chosen.connect(self._choose_image)
        self.show_evaluation(None, self._images, "")
        self.show_user_accuracy(None)

    def show_evaluation(
        self, evaluation: Evaluation | None, images: NDArray[np.uint8], title: str
    ) -> None:
        """Show an evaluation of these images (n, 28, 28); the title names the network."""
        self._evaluation, self._images = evaluation, images
        self.matrix.show_evaluation(evaluation)
        self.matrix.setEnabled(evaluation is not None)
        if evaluation is None:
            self._show_nothing()
            return
        self.title.setText(title)
        low, high = evaluation.interval
        self.figure.show_share(evaluation.accuracy)
        correct, total = count(evaluation.correct), count(len(evaluation.labels))
        text = self.tr("{correct} of {total} test images; 95 % interval {low} to {high} %")
        interval = {"low": number(100 * low, 2), "high": number(100 * high, 2)}
        self.interval.setText(text.format(correct=correct, total=total, **interval))
        self.show_hardest()

    def show_user_accuracy(self, evaluation: Evaluation | None, network: str = "") -> None:
        """Show the accuracy of this network on the user digits, or nothing."""
        self.user_figure.setVisible(evaluation is not None)
        if evaluation is not None:
            self.user_figure.show_share(evaluation.accuracy)
            self.user_figure.title.setText(self.tr("Drawn with your own pen"))
            self.user_figure.words.setText(accuracy_text(evaluation, network))

    @Slot()
    def show_hardest(self) -> None:
        """Show the images with the lowest probabilities of their labels, hardest first."""
        if self._evaluation is None:
            return
        self.matrix.clear_selection()
        self.hardest_button.hide()
        self.grid_title.setText(self.tr("Hardest images: least probability for the true digit"))
        hardest = self._evaluation.hardest(MOST_IMAGES).tolist()
        self.grid.show_images(self._images, self._evaluation, hardest)

    @Slot(int)
    def _choose_image(self, index: int) -> None:
        self.image_chosen.emit(index, self._images[index])

    @Slot(int, int)
    def _show_cell(self, label: int, read_as: int) -> None:
        if self._evaluation is None:
            return
        self.hardest_button.show()
        chosen = self._evaluation.cell(label, read_as).tolist()
        title = self.tr("{label} read as {read_as} ({count})")
        title = title.format(label=label, read_as=read_as, count=count(len(chosen)))
        hidden = len(chosen) - MOST_IMAGES
        if hidden > 0:
            text = self.tr("{title}, {shown} shown and {hidden} more")
            title = text.format(title=title, shown=MOST_IMAGES, hidden=count(hidden))
        self.grid_title.setText(title)
        self.grid.show_images(self._images, self._evaluation, chosen)

    def _show_nothing(self) -> None:
        self.title.setText(self.tr("Test results"))
        self.figure.show_share(None)
        self.interval.setText(self.tr("They appear here when a run ends or a network is tested."))
        self.grid_title.clear()
        self.hardest_button.hide()
        self.grid.clear()

    def _name_parts(self) -> None:
        self.setObjectName("results_page")
        tip = self.tr("The share of test images that are read right.")
        named(self.accuracy, "test_accuracy", self.tr("Test accuracy"), tip)
        tip = self.tr("The 95 % confidence interval for the accuracy on images like these.")
        named(self.interval, "test_interval", tip=tip)
        tip = self.tr("The share of the digits you have kept that this network reads right.")
        title = self.tr("Accuracy on your own digits")
        named(self.user_figure.accuracy, "own_accuracy_in_results", title, tip)
        tip = self.tr("Show the images with the lowest probability for their true digit.")
        named(self.hardest_button, "hardest_button", self.tr("Show the hardest images"), tip)

    def _lay_out(self) -> None:
        axes = caption(self.tr("Rows: the digit written. Columns: what it was read as."))
        parts = (self.figure, self.user_figure, axes, (self.matrix, 1))
        upper = column(*parts, spacing=10, margins=(0, 0, 0, 10))
        head = row((self.grid_title, 1), self.hardest_button)
        lower = column(head, (self.grid, 1), margins=(0, 10, 0, 0))
        split = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        split.addWidget(widget_with(upper))
        split.addWidget(widget_with(lower))
        split.setSizes([380, 240])
        column(split, parent=self, margins=(12, 12, 12, 0))
