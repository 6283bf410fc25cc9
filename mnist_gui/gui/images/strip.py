"""What was read in one image at each step that a run has kept."""

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.inside.image_lists import LearningOrder
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.diverging import diverging_colormap, readable_on
from mnist_gui.gui.common.labels import count, tabular
from mnist_gui.gui.common.qt import named

_GAP = 2


class ReadingStrip(QWidget):
    """Shows the digit read at each kept step, in their order: filled where it was right."""

    def __init__(self) -> None:
        super().__init__()
        self._digits: list[int] = []
        self._right: list[bool] = []
        is_to_be(self, QAccessible.Role.Graphic)
        named(self, "reading_strip", self.tr("What was read at each kept step"))
        self.setFont(tabular(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_readings(self, learning: LearningOrder, at: int) -> None:
        """Show what was read in the image at a place."""
        self._digits = [int(digit) for digit in learning.read[:, at]]
        self._right = [digit == learning.labels[at] for digit in self._digits]
        text = self.tr("step {step}: {digit}")
        lines = (
            text.format(step=count(step), digit=digit)
            for step, digit in zip(learning.steps, self._digits, strict=True)
        )
        self.setAccessibleDescription(", ".join(lines))
        self.updateGeometry()
        self.update()

    def cell(self, number: int) -> QRectF:
        """Return the place of a step's digit, by its number from 0."""
        line, column = divmod(number, self._columns)
        side = self._side
        left = column * side
        if self.isRightToLeft():
            left = self.width() - left - side
        return QRectF(left + 1, line * side + 1, side - _GAP, side - _GAP)

    @property
    def _side(self) -> int:
        return self.fontMetrics().height() + 2 + _GAP

    @property
    def _columns(self) -> int:
        return max(1, self.width() // self._side)

    def sizeHint(self) -> QSize:
        """Return as many lines as it takes in this width."""
        lines = ceil(len(self._digits) / self._columns)
        return QSize(10 * self._side, max(1, lines) * self._side)

    def minimumSizeHint(self) -> QSize:
        """Return the same height, for it does not scroll."""
        return QSize(4 * self._side, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for other lines in another width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a cell for each step."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = diverging_colormap(self.palette())
        right, wrong = colours.colour(1.0), colours.colour(-1.0)
        for number, (digit, is_right) in enumerate(zip(self._digits, self._right, strict=True)):
            place = self.cell(number)
            painter.setPen(QPen(right if is_right else wrong, 1.5))
            painter.setBrush(right if is_right else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place, 3, 3)
            ink = (
                readable_on(right)
                if is_right
                else self.palette().color(QPalette.ColorRole.WindowText)
            )
            painter.setPen(ink)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(digit))
        painter.end()
