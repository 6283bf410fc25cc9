"""One image of weights, enlarged, with its numbers."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QWidget

from mnist_gui.engine.inside.weight_images import WeightImages
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.diverging import readable_on
from mnist_gui.gui.common.labels import signed, tabular
from mnist_gui.gui.common.qt import Announcer, arrow_delta, named
from mnist_gui.gui.inside.weight_text import WeightText

_EDGE = 2
_FEWEST_POINTS = 6.0


class EnlargedFilter(QWidget):
    """An image of weights with its numbers where they fit; the pointer or arrow keys ask for one.

    `pixel_told` carries what the weight there is, "" when none is asked for.
    """

    pixel_told = Signal(str)
    menu_requested = Signal(QPointF)

    def __init__(self) -> None:
        super().__init__()
        self._weights: WeightImages | None = None
        self._place = 0
        self._picture = QImage()
        self._pixel: tuple[int, int] | None = None
        self._words = WeightText(self)
        self._announcer = Announcer(self)
        is_to_be(self, QAccessible.Role.Graphic)
        named(self, "enlarged_filter", self.tr("Weights, enlarged"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFont(tabular(self.font()))

    def show_image(self, weights: WeightImages, place: int, picture: QImage) -> None:
        """Show one of the images of weights, with its picture."""
        self._weights, self._place, self._picture = weights, place, picture
        side = len(weights.images[place])
        if self._pixel is not None and max(self._pixel) >= side:
            self._pixel = None
        self._tell()

    def pixel_rect(self, row: int, column: int) -> QRectF:
        """Return where a weight is."""
        side = (self.width() - 2 * _EDGE) / self._count
        return QRectF(_EDGE + column * side, _EDGE + row * side, side, side)

    @property
    def _count(self) -> int:
        return 1 if self._weights is None else self._weights.images.shape[1]

    # --- asking for a weight -------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the weight under the pointer."""
        side = (self.width() - 2 * _EDGE) / self._count
        at = event.position()
        row, column = (int((each - _EDGE) // side) for each in (at.y(), at.x()))
        inside = 0 <= row < self._count and 0 <= column < self._count
        self._ask((row, column) if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell no weight."""
        super().leaveEvent(event)
        if not self.hasFocus():
            self._ask(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin in the middle."""
        super().focusInEvent(event)
        if self._pixel is None:
            self._ask((self._count // 2, self._count // 2))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell no weight."""
        super().focusOutEvent(event)
        self._ask(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from weight to weight."""
        step = arrow_delta(event.key())
        if step is None:
            super().keyPressEvent(event)
            return
        row, column = self._pixel or (0, 0)
        last = self._count - 1
        self._ask((min(max(row + step[0], 0), last), min(max(column + step[1], 0), last)))
        self._announcer.say(self.accessibleDescription())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu."""
        self.menu_requested.emit(QPointF(event.globalPos()))

    def _ask(self, pixel: tuple[int, int] | None) -> None:
        if pixel != self._pixel:
            self._pixel = pixel
            self._tell()

    def _tell(self) -> None:
        words = ""
        if self._weights is not None and self._pixel is not None:
            words = self._words.pixel(self._weights, self._place, self._pixel)
        self.setAccessibleDescription(words)
        self.pixel_told.emit(words)
        self.update()

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the weights, their numbers if they fit, and a frame for the one asked for."""
        painter = QPainter(self)
        colours = self.palette()
        edge = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid
        painter.setPen(QPen(colours.color(edge), 2))
        painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        if self._weights is None:
            painter.end()
            return
        inside = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        painter.drawImage(inside, self._picture)
        font = self._number_font()
        if font is not None:
            painter.setFont(font)
            for (row, column), weight in np.ndenumerate(self._weights.images[self._place]):
                painter.setPen(readable_on(self._picture.pixelColor(column, row)))
                text = signed(float(weight), 2)
                painter.drawText(self.pixel_rect(row, column), Qt.AlignmentFlag.AlignCenter, text)
        if self._pixel is not None:
            painter.setPen(QPen(colours.color(QPalette.ColorRole.WindowText), 2))
            painter.drawRect(self.pixel_rect(*self._pixel))
        painter.end()

    def _number_font(self) -> QFont | None:
        """Return a font in which numbers fit into their squares, None where they do not."""
        room = self.pixel_rect(0, 0).width() - 4
        font = self.font()
        width = QFontMetricsF(font).horizontalAdvance(signed(-8.88, 2))
        points = font.pointSizeF() * min(1.0, room / width)
        return tabular(font, points) if points >= _FEWEST_POINTS else None
