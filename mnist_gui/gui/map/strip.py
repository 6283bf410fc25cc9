"""Images in a row, with what they are and what they are read as."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QListView

from mnist_gui.gui.common.images import as_qimage
from mnist_gui.gui.common.labels import reading_arrow
from mnist_gui.gui.common.qt import named

_SIDE = 44
_ENLARGED = 2
_GAP = 12
MOST_IMAGES = 200

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, eq=False)
class ReadImage:
    """A test image (28, 28) uint8, its index and label, and what it is read as."""

    index: int
    image: NDArray[np.uint8]
    label: int
    read_as: int


class StripModel(QAbstractListModel):
    """Images for a list; their pictures are made when they are seen."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.images: Sequence[ReadImage] = ()

    def show_images(self, images: Sequence[ReadImage]) -> None:
        """Have these images."""
        self.beginResetModel()
        self.images = images
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many images there are."""
        return 0 if parent.isValid() else len(self.images)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return an image's picture, or what it is in short or in words."""
        shown = self.images[index.row()]
        match role:
            case Qt.ItemDataRole.DecorationRole:
                side = _ENLARGED * _SIDE
                return QPixmap.fromImage(as_qimage(shown.image).scaled(side, side))
            case Qt.ItemDataRole.DisplayRole:
                if shown.label == shown.read_as:
                    return str(shown.label)
                return f"{shown.label} {reading_arrow()} {shown.read_as}"
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                text = self.tr("Image {index}: {label} read as {read_as}")
                facts = {"label": shown.label, "read_as": shown.read_as}
                return text.format(index=shown.index, **facts)
        return None


class ImageStrip(QListView):
    """Shows a row of test images; `image_chosen` carries the one clicked, or chosen by Enter."""

    image_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        tip = self.tr("True digit \u2192 read as. Click one, or press Enter, to put it on the pad.")
        named(self, "map_strip", self.tr("Selected images"), tip)
        self.strip = StripModel(self)
        self.setModel(self.strip)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def show_images(self, images: Sequence[ReadImage]) -> None:
        """Show these images, from the first one on."""
        width = self.fontMetrics().horizontalAdvance(f"9 {reading_arrow()} 9")
        height = _SIDE + self.fontMetrics().lineSpacing() + _GAP
        self.setGridSize(QSize(max(_SIDE, width) + _GAP, height))
        self.setFixedHeight(height + self.horizontalScrollBar().sizeHint().height() + 4)
        self.strip.show_images(images)
        self.scrollToTop()

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        self.image_chosen.emit(self.strip.images[index.row()])
