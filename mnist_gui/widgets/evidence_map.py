"""A map of the ink that speaks for a digit, and of the ink that speaks against it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mnist_gui.engine.architecture import IMAGE_SIDE
from mnist_gui.widgets.diverging import diverging_colours, scale_of
from mnist_gui.widgets.explanation_words import ExplanationWords

_BLANK = np.zeros((IMAGE_SIDE, IMAGE_SIDE), np.uint8)
_SMALLEST = 6 * IMAGE_SIDE
_LARGEST = 16 * IMAGE_SIDE


class EvidenceMap(QWidget):
    """Shows an image (28, 28) whose ink has the colour of what it says, as a large square."""

    def __init__(self) -> None:
        super().__init__()
        self._image = _BLANK
        self._weights: NDArray[np.float64] = np.zeros(_BLANK.shape)
        self._odds = ""
        self._words = ExplanationWords(self)
        self.setObjectName("evidence_map")
        self.setAccessibleName(self.tr("Which ink speaks for the digit"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumSize(_LARGEST + 2, _LARGEST + 2)

    def show_evidence(
        self, image: NDArray[np.uint8], weights: NDArray[np.float64], odds: str
    ) -> None:
        """Show an image (28, 28) and its ink's weights (28, 28) in nats of the odds named."""
        self._image, self._weights, self._odds = image, weights, odds
        self.update()

    @property
    def picture(self) -> QRectF:
        """The picture's place, without its edge, in logical pixels."""
        side = min(self.width(), self.height()) - 2
        return QRectF(1, 1, side, side)

    def pixel_rect(self, row: int, column: int) -> QRectF:
        """Return the place of one of the image's pixels, in logical pixels."""
        place = self.picture
        side = place.width() / IMAGE_SIDE
        return QRectF(place.x() + column * side, place.y() + row * side, side, side)

    def sizeHint(self) -> QSize:
        """Large enough to see every pixel."""
        return QSize(8 * IMAGE_SIDE + 2, 8 * IMAGE_SIDE + 2)

    def minimumSizeHint(self) -> QSize:
        """Still large enough to see where the ink is."""
        return QSize(_SMALLEST + 2, _SMALLEST + 2)

    def event(self, event: QEvent) -> bool:
        """Explain the pixel under the pointer in a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.describe_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def describe_at(self, position: QPointF) -> str:
        """Say what the ink at a place of the widget tells; nothing where there is none."""
        side = self.picture.width() / IMAGE_SIDE
        row, column = int((position.y() - 1) // side), int((position.x() - 1) // side)
        inside = 0 <= row < IMAGE_SIDE and 0 <= column < IMAGE_SIDE
        if not inside or not self._image[row, column]:
            return ""
        weight = float(self._weights[row, column])
        text = (
            self.tr(
                "Row {row}, column {column}: without this ink {odds} would be {factor} times lower"
            )
            if weight > 0
            else self.tr(
                "Row {row}, column {column}: without this ink {odds} would be {factor} times higher"
            )
        )
        return text.format(
            row=row, column=column, odds=self._odds, factor=self._words.factor(weight)
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the edge and the ink."""
        painter = QPainter(self)
        palette, place = self.palette(), self.picture
        edge = palette.color(QPalette.ColorRole.Mid)
        painter.fillRect(place.adjusted(-1, -1, 1, 1), edge)
        colours = diverging_colours(palette)
        painter.drawImage(
            place, colours.picture(self._weights, self._image, scale_of(self._weights))
        )
        painter.end()
