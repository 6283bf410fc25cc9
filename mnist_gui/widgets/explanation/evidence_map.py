"""A map of the ink that speaks for a digit, and of the ink that speaks against it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QStatusTipEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.widgets.arrow_keys import step_of
from mnist_gui.widgets.explanation.diverging import diverging_colours, scale_of
from mnist_gui.widgets.explanation.explanation_words import ExplanationWords

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
        self._words_for_all = ""
        self._pixel: tuple[int, int] | None = None
        self._words = ExplanationWords(self)
        self.setObjectName("evidence_map")
        self.setAccessibleName(self.tr("Which ink speaks for the digit"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaximumSize(_LARGEST + 2, _LARGEST + 2)

    def show_evidence(
        self, image: NDArray[np.uint8], weights: NDArray[np.float64], *, odds: str, words: str
    ) -> None:
        """Show an image (28, 28) and its ink's weights (28, 28) in nats of the odds named.

        The words say the same to those who cannot see it.
        """
        self._image, self._weights = image, weights
        self._odds, self._words_for_all = odds, words
        self.setAccessibleDescription(
            words if self._pixel is None else self._describe(*self._pixel)
        )
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

    # --- asking for a pixel --------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Explain the pixel under the pointer in a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.describe_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from pixel to pixel, beginning at the one that matters most.

        What a pixel does is shown at the bottom of the window.
        """
        step = step_of(event.key())
        if step is None or not self._image.any():
            super().keyPressEvent(event)
            return
        if self._pixel is None:
            row, column = np.unravel_index(np.abs(self._weights).argmax(), self._weights.shape)
            self._select(int(row), int(column))
        else:
            self._select(self._pixel[0] + step[0], self._pixel[1] + step[1])

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget the pixel that was walked to."""
        super().focusOutEvent(event)
        self._pixel = None
        self.setAccessibleDescription(self._words_for_all)
        QApplication.sendEvent(self, QStatusTipEvent(""))
        self.update()

    def describe_at(self, position: QPointF) -> str:
        """Say what the ink at a place of the widget tells; nothing beside the picture."""
        side = self.picture.width() / IMAGE_SIDE
        row, column = int((position.y() - 1) // side), int((position.x() - 1) // side)
        inside = 0 <= row < IMAGE_SIDE and 0 <= column < IMAGE_SIDE
        return self._describe(row, column) if inside else ""

    def _describe(self, row: int, column: int) -> str:
        if self._image[row, column]:
            what = self._words.pixel(float(self._weights[row, column]), self._odds)
        else:
            what = self.tr("no ink")
        return self.tr("Row {row}, column {column}: {what}").format(
            row=row, column=column, what=what
        )

    def _select(self, row: int, column: int) -> None:
        row, column = min(max(row, 0), IMAGE_SIDE - 1), min(max(column, 0), IMAGE_SIDE - 1)
        self._pixel = (row, column)
        words = self._describe(row, column)
        self.setAccessibleDescription(words)
        # The window shows it at the bottom.
        QApplication.sendEvent(self, QStatusTipEvent(words))
        self.update()

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the edge, the ink, and the pixel that was walked to."""
        painter = QPainter(self)
        colours, place = self.palette(), self.picture
        edge = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid
        painter.fillRect(place.adjusted(-1, -1, 1, 1), colours.color(edge))
        picture = diverging_colours(colours).picture(
            self._weights, self._image, scale_of(self._weights)
        )
        painter.drawImage(place, picture)
        if self._pixel is not None:
            painter.setPen(QPen(colours.color(QPalette.ColorRole.WindowText), 2))
            painter.drawRect(self.pixel_rect(*self._pixel))
        painter.end()
