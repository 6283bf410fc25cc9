"""The drawings that both sides of a duel read differently."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QPushButton, QWidget

from mnist_gui.engine.drawing import Drawing
from mnist_gui.gui.common.images import as_qimage
from mnist_gui.gui.common.labels import caption, count
from mnist_gui.gui.common.qt import column, named, row

_SIDE = 56
_MOST = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Dispute:
    """A drawing with its image (28, 28) uint8, and the digits that A and B read."""

    drawing: Drawing
    image: NDArray[np.uint8]
    digits: tuple[int, int]


class Disputes:
    """Collects disputed drawings; one that is still being drawn counts as it is at last."""

    def __init__(self) -> None:
        self.entries: list[Dispute] = []
        # Whether the last entry is of the drawing that is on the canvas.
        self._is_open = False

    def close(self) -> None:
        """Count what comes from now on as another drawing: the canvas was cleared."""
        self._is_open = False

    def note(self, dispute: Dispute) -> bool:
        """Take in what both read of a drawing; return whether the collection is another one."""
        is_same = self._is_open and _begin_alike(self.entries[-1].drawing, dispute.drawing)
        before = self.entries.pop() if is_same else None
        first, second = dispute.digits
        self._is_open = first != second and len(self.entries) < _MOST
        if self._is_open:
            self.entries.append(dispute)
        if before is None or not self._is_open:
            return is_same or self._is_open
        return before.drawing is not dispute.drawing or before.digits != dispute.digits


def _begin_alike(one: Drawing, other: Drawing) -> bool:
    """Return whether one drawing may have become the other by drawing on or taking back."""
    return np.array_equal(one.strokes[0].points[0], other.strokes[0].points[0])


class DisputeList(QWidget):
    """Shows the drawings with what A and B read; asks to save or to forget them."""

    save_requested = Signal()
    clear_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = named(caption(), "duel_disputes_title")
        self.list = QListWidget(viewMode=QListView.ViewMode.IconMode)
        self.list.setIconSize(QSize(_SIDE, _SIDE))
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setWrapping(False)
        self.list.setFlow(QListView.Flow.LeftToRight)
        self.list.setSpacing(4)
        named(self.list, "duel_disputes", self.tr("Drawings that A and B read differently"))
        self.save_button = QPushButton(self.tr("Save drawings \u2026"))
        self.clear_button = QPushButton(self.tr("Clear list"))
        tip = self.tr("Save these drawings into one file, which can be opened and sorted later")
        named(self.save_button, "duel_save_drawings", tip=tip)
        tip = self.tr("Forget these drawings; the canvas stays as it is")
        named(self.clear_button, "duel_clear_drawings", tip=tip)
        self.save_button.clicked.connect(self.save_requested)
        self.clear_button.clicked.connect(self.clear_requested)
        buttons = row(self.save_button, self.clear_button, 0, spacing=8)
        column(self.title, self.list, buttons, parent=self, spacing=4)
        self.show_disputes([])

    @Slot(object)
    def show_disputes(self, disputes: list[Dispute]) -> None:
        """Show these drawings, the last one first."""
        self.list.clear()
        for dispute in reversed(disputes):
            picture = QPixmap.fromImage(as_qimage(dispute.image)).scaled(_SIDE, _SIDE)
            first, second = dispute.digits
            text = self.tr("A: {first}  B: {second}").format(first=first, second=second)
            self.list.addItem(QListWidgetItem(QIcon(picture), text))
        lines = 2 * self.fontMetrics().lineSpacing()
        self.list.setFixedHeight(
            _SIDE + lines + self.list.horizontalScrollBar().sizeHint().height()
        )
        self.setVisible(bool(disputes))
        text = self.tr("Your drawings that A and B read differently: {number}")
        self.title.setText(text.format(number=count(len(disputes))))
