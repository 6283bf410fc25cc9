"""Many small images, each with what it is and what it was read as."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QListView, QListWidget, QListWidgetItem, QWidget

from mnist_gui.engine.prediction import Evaluation
from mnist_gui.widgets.number_text import percent
from mnist_gui.widgets.pixel_image import grey_image

MOST_IMAGES = 200
_SIDE = 56
_CELL = QSize(84, 98)


class ImageGrid(QListWidget):
    """Shows up to 200 images of an evaluation.

    `image_chosen` carries the index of the one that is clicked, or gone to with the arrows.
    """

    image_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("image_grid")
        self.setAccessibleName(self.tr("Images"))
        self.setToolTip(
            self.tr(
                "Test images: the digit meant, what it was read as, how surely. Click one to see "
                "it beside the canvas."
            )
        )
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
        item = QListWidgetItem(_icon(image), f"{label} \u2192 {read_as}\n{share}")
        words = self.tr("Image {index}: {label} read as {read_as}, {share}").format(
            index=index, label=label, read_as=read_as, share=share
        )
        item.setToolTip(words)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        item.setData(Qt.ItemDataRole.UserRole, index)
        return item

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        self.image_chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    @Slot()
    def _follow_arrows(self) -> None:
        # A click is told of when the button is let go.
        if not QApplication.mouseButtons():
            for item in self.selectedItems():
                self._choose(item)


def _icon(image: NDArray[np.uint8]) -> QIcon:
    enlarged = grey_image(image).scaled(2 * _SIDE, 2 * _SIDE)
    return QIcon(QPixmap.fromImage(enlarged))
