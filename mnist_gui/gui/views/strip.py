"""Images of a data set in a row, each with a few words below it."""

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
from PySide6.QtGui import QIcon, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView

from mnist_gui.gui.common.images import as_qimage
from mnist_gui.gui.common.labels import tabular
from mnist_gui.gui.common.qt import named

_SMALLEST, _LARGEST = 44, 120
_FRAME = 12
_GAP = 4

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, eq=False)
class StripImage:
    """An image (28, 28) uint8 of a split, its index there, lines that stand below it, and what it
    is in words.
    """

    index: int
    image: NDArray[np.uint8]
    lines: tuple[str, ...]
    words: str


class StripModel(QAbstractListModel):
    """Images for a list; their pictures are made when they are seen."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.images: Sequence[StripImage] = ()
        self.side = _SMALLEST

    def show_images(self, images: Sequence[StripImage]) -> None:
        """Have these images; as many as before are other ones in the same places."""
        if len(images) == len(self.images):
            self.images = images
            if images:
                self.dataChanged.emit(self.index(0), self.index(len(images) - 1))
            return
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
                # Sharp also where the screen has more pixels.
                enlarged = as_qimage(shown.image).scaled(2 * self.side, 2 * self.side)
                return QIcon(QPixmap.fromImage(enlarged))
            case Qt.ItemDataRole.DisplayRole:
                return "\n".join(shown.lines)
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignHCenter
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return shown.words
        return None


class ImageStrip(QListView):
    """Shows a row of images; `image_chosen` carries the `StripImage` clicked, or chosen by Enter,
    `current_changed` the place of the one that the arrow keys or the pointer have come to.
    """

    image_chosen = Signal(object)
    current_changed = Signal(int)

    def __init__(self, name: str, title: str, tip: str, *, fitted: int = 0) -> None:
        """So many images fill the width, if it is `fitted` to some; otherwise they are small."""
        super().__init__()
        named(self, name, title, tip)
        self._fitted = fitted
        self._lines = 1
        self.strip = StripModel(self)
        self.setModel(self.strip)
        self.setFont(tabular(self.font()))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)
        self.selectionModel().currentChanged.connect(self._follow_current)
        self._fit()

    @property
    def images(self) -> Sequence[StripImage]:
        """What is shown."""
        return self.strip.images

    def show_images(self, images: Sequence[StripImage]) -> None:
        """Show these images."""
        self._lines = len(images[0].lines) if images else self._lines
        self.strip.show_images(images)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the images to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Make the images as large as there is room for, and the row as high as it needs."""
        side = _SMALLEST
        if self._fitted:
            side = min(max(self.width() // self._fitted - _FRAME, side), _LARGEST)
        bar = self.horizontalScrollBar().sizeHint().height()
        height = side + self._lines * self.fontMetrics().lineSpacing() + _FRAME
        if self.iconSize().width() != side:
            self.strip.side = side
            self.setIconSize(QSize(side, side))
        texts = ("\n".join(each.lines) for each in self.images[: self._fitted or 1])
        widest = max((self.fontMetrics().size(0, text).width() for text in texts), default=0)
        self.setGridSize(QSize(max(side, widest) + _FRAME, height))
        self.setFixedHeight(height + bar + _GAP)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        self.image_chosen.emit(self.images[index.row()])

    @Slot(QModelIndex)
    def _follow_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.current_changed.emit(index.row())
