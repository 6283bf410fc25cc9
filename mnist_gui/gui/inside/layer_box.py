"""A layer as a box: a picture of what it gives, its name and its numbers."""

from math import log2

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from mnist_gui.engine.architectures import CLASSES, IMAGE_SIDE
from mnist_gui.engine.inside.forward import Numbers
from mnist_gui.engine.inside.layers import Layer, LayerKind
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.diverging import DivergingPictures
from mnist_gui.gui.common.images import CANVAS_COLOUR, as_qimage
from mnist_gui.gui.common.labels import count, percent, tabular
from mnist_gui.gui.common.qt import arrow_delta, named
from mnist_gui.gui.common.theme import blend
from mnist_gui.gui.views.layer_text import LayerText

PADDING = 6
FLAT_LINES = 4
BAR_HEIGHT = 6
_MOST_PLANES = 8
_NARROW_BAR = 0.22
ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End)
_LEAST_TYPE = 8
_MAP_GAP = 2
_CENTRE = Qt.AlignmentFlag.AlignCenter
_AT_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class LayerBox(QAbstractButton):
    """A layer as a box: its output as a stack of planes, its name, and below it its numbers.

    `entered` is emitted when the pointer or the focus comes to it.
    """

    entered = Signal()

    def __init__(self, layer: Layer, title: str, words: LayerText, parent: QWidget) -> None:
        super().__init__(parent)
        self.layer, self.title = layer, title
        self.is_vertical = False
        self.has_most_parameters = self.has_most_time = False
        self._digit: QImage | None = None
        self._prediction: Prediction | None = None
        self._maps: Numbers | None = None
        self._pictures: list[QImage] = []
        self._share: float | None = None
        self.numbers = [
            words.shape(layer),
            words.kernel(layer),
            count(layer.parameters) if layer.parameters else "",
            count(layer.multiplications) if layer.multiplications else "",
        ]
        named(self, "layer_box", words.spoken(layer, title))
        self._sentence = words.sentence(layer)
        self.setAccessibleDescription(self._sentence)
        self.setFont(tabular(self.font()))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_digit(self, image: NDArray[np.uint8] | None, prediction: Prediction | None) -> None:
        """Show the digit in the input's box, its probabilities in the output's."""
        if self.layer.kind is LayerKind.INPUT:
            self._digit = None if image is None else as_qimage(image)
            self.update()
        elif self.layer.kind is LayerKind.OUTPUT:
            self._prediction = prediction
            self.update()

    def show_maps(self, maps: Numbers | None) -> None:
        """Show a few maps (n, rows, columns) of what the layer makes of the digit, or none."""
        self._maps, self._pictures = maps, []
        self.update()

    def show_time(self, share: float | None, sentence: str, *, is_most: bool) -> None:
        """Show which part of the time the layer takes, 0..1, and say it; None if not known."""
        self._share, self.has_most_time = share, is_most
        self.setAccessibleDescription("\n".join(filter(None, (self._sentence, sentence))))
        self.update()

    @property
    def time(self) -> str:
        """The part of the time as text, "" while it is not known."""
        return "" if self._share is None else percent(self._share, 0)

    def changeEvent(self, event: QEvent) -> None:
        """Show the maps in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._pictures = []

    def enterEvent(self, event: QEnterEvent) -> None:
        """Say that the pointer is here."""
        super().enterEvent(event)
        self.entered.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say that the focus is here."""
        super().focusInEvent(event)
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Click on Enter; leave the arrows to the diagram."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif arrow_delta(event.key()) is not None or event.key() in ENDS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the box, the picture of the layer's output and the texts."""
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self._frame()
        self._paint_frame(painter, frame)
        line = self.fontMetrics().height()
        if self.is_vertical:
            side = frame.height() - 2 * PADDING
            self._paint_output(painter, QRectF(PADDING, PADDING, side, side))
            self._paint_lines(painter, frame.adjusted(side + 3 * PADDING, 0, -PADDING, 0))
        else:
            picture = frame.adjusted(PADDING, PADDING, -PADDING, -line - PADDING)
            self._paint_output(painter, picture)
            self._paint_numbers(painter, frame, line)
        painter.end()

    def _frame(self) -> QRectF:
        height = self.height() if self.is_vertical else self.width()
        # Room for the ring around what has the focus.
        return QRectF(0, 0, self.width(), height).adjusted(2.5, 2.5, -2.5, -2.5)

    def _paint_frame(self, painter: QPainter, frame: QRectF) -> None:
        colours = self.palette()
        accent = colours.color(QPalette.ColorRole.Accent)
        ground = colours.color(QPalette.ColorRole.Base)
        if self.layer.weights:
            ground = blend(ground, accent, 0.12)
        painter.setBrush(ground)
        calm = colours.color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(QPen(accent if self.underMouse() else calm, 1))
        painter.drawRoundedRect(frame, 5, 5)

    def _paint_numbers(self, painter: QPainter, frame: QRectF, line: int) -> None:
        colours = self.palette()
        painter.setPen(colours.color(QPalette.ColorRole.WindowText))
        place = QRectF(0, frame.bottom() - line - 3, self.width(), line)
        painter.drawText(place, _CENTRE, self.title)
        place.moveTop(frame.bottom() + 5)
        for text, is_most in self._rows():
            painter.setFont(self.strong_font() if is_most else self.font())
            painter.drawText(place, _CENTRE, text)
            place.translate(0, line)
        painter.setFont(self.font())
        self._paint_time(painter, QRectF(frame.left(), place.top(), frame.width(), BAR_HEIGHT))

    def strong_font(self) -> QFont:
        """Return the font of the largest numbers."""
        font = QFont(self.font())
        font.setWeight(QFont.Weight.Bold)
        return font

    def _rows(self) -> list[tuple[str, bool]]:
        """Return the numbers below the box, and whether each is the largest of its kind."""
        shape, kernel, parameters, multiplications = self.numbers
        return [
            (shape, False),
            (kernel, False),
            (parameters, self.has_most_parameters),
            (multiplications, False),
            (self.time, self.has_most_time),
        ]

    def _paint_time(self, painter: QPainter, track: QRectF) -> None:
        if self._share is None:
            return
        colours = self.palette()
        painter.fillRect(track, colours.color(QPalette.ColorRole.Mid))
        track.setWidth(track.width() * self._share)
        painter.fillRect(track, colours.color(QPalette.ColorRole.Accent))

    def _paint_lines(self, painter: QPainter, place: QRectF) -> None:
        line = self.fontMetrics().height()
        colours = self.palette()
        place.setTop(place.center().y() - line * FLAT_LINES / 2)
        place.setHeight(line)
        painter.setPen(colours.color(QPalette.ColorRole.WindowText))
        for number, (text, is_most) in enumerate(self._flat_lines()):
            painter.setFont(self.strong_font() if is_most else self.font())
            painter.drawText(place, _AT_LEFT, text)
            if not number:
                painter.setPen(colours.color(QPalette.ColorRole.PlaceholderText))
            place.translate(0, line)
        painter.setFont(self.font())
        # In all boxes the bars begin at the same place.
        longest = self._share_text(percent(1, 0))
        beside = QFontMetrics(self.strong_font()).horizontalAdvance(longest)
        track = place.adjusted(beside + PADDING, 0, 0, 0)
        track.moveTop(place.top() - (line + BAR_HEIGHT) / 2)
        track.setHeight(BAR_HEIGHT)
        self._paint_time(painter, track)

    def _flat_lines(self) -> list[tuple[str, bool]]:
        """Return the lines beside the picture, and whether each has a largest number."""
        shape, kernel, parameters, multiplications = self.numbers
        window = kernel and self.tr("window {kernel}").format(kernel=kernel)
        counted = parameters and self.tr("{count} parameters").format(count=parameters)
        times = multiplications and self.tr("{count} mult.").format(count=multiplications)
        time = self.time and self._share_text(self.time)
        return [
            (self.title, False),
            (_joined(shape, window), False),
            (_joined(counted, times), self.has_most_parameters),
            (time, self.has_most_time),
        ]

    def _share_text(self, share: str) -> str:
        return self.tr("{share} of the time").format(share=share)

    def _paint_output(self, painter: QPainter, place: QRectF) -> None:
        kind = self.layer.kind
        if kind is LayerKind.INPUT:
            side = min(place.width(), place.height())
            square = QRectF(0, 0, side, side)
            square.moveCenter(place.center())
            painter.fillRect(square, CANVAS_COLOUR)
            if self._digit is not None:
                painter.drawImage(square, self._digit)
        elif kind is LayerKind.OUTPUT:
            self._paint_probabilities(painter, place)
        elif self._maps is not None:
            self._paint_maps(painter, place, self._maps)
        else:
            self._paint_planes(painter, place)

    def _paint_maps(self, painter: QPainter, place: QRectF, maps: Numbers) -> None:
        """Paint the maps side by side in a square, all on one scale."""
        if not self._pictures:
            scale = float(np.abs(maps).max())
            self._pictures = list(DivergingPictures(maps, scale, self.palette()))
        columns = 1 if len(self._pictures) == 1 else 2
        room = min(place.width(), place.height())
        side = (room - _MAP_GAP * (columns - 1)) / columns
        corner = place.center() - QPointF(room, room) / 2
        for number, picture in enumerate(self._pictures):
            row, column = divmod(number, columns)
            step = QPointF(column, row) * (side + _MAP_GAP)
            painter.drawImage(QRectF(corner + step, QSizeF(side, side)), picture)

    def _paint_planes(self, painter: QPainter, place: QRectF) -> None:
        """Paint a square for a few of the channels, as large as the image is beside the input."""
        colours = self.palette()
        fill = colours.color(QPalette.ColorRole.Mid)
        painter.setPen(QPen(colours.color(QPalette.ColorRole.PlaceholderText), 1))
        painter.setBrush(blend(colours.color(QPalette.ColorRole.Base), fill, 0.8))
        room = min(place.width(), place.height())
        if len(self.layer.shape) == 1:
            # From 10 units to 3,136 they are all to be seen.
            height = room * min(1.0, log2(self.layer.shape[0]) / 12)
            bar = QRectF(0, 0, max(room * _NARROW_BAR / 2, 5), height)
            bar.moveCenter(place.center())
            painter.drawRect(bar)
            return
        planes = min(_MOST_PLANES, max(1, round(log2(self.layer.shape[2]))))
        shift = room * 0.35 / _MOST_PLANES
        side = (room - shift * (_MOST_PLANES - 1)) * self.layer.shape[0] / IMAGE_SIDE
        spread = shift * (planes - 1)
        corner = place.center() + QPointF(-side + spread, -side - spread) / 2
        for plane in range(planes):
            # The last one in front, at the lower left.
            square = QRectF(corner.x(), corner.y(), side, side)
            painter.drawRect(square.translated(-plane * shift, plane * shift))

    def _paint_probabilities(self, painter: QPainter, place: QRectF) -> None:
        colours = self.palette()
        row = place.height() / CLASSES
        font = self.font()
        font.setPixelSize(max(round(row), 1))
        painter.setFont(font)
        # Smaller digits could not be read.
        is_labelled = row >= _LEAST_TYPE
        head = QFontMetrics(font).horizontalAdvance("0") + 4 if is_labelled else 0
        shares = [0.0] * CLASSES
        read = None
        if self._prediction is not None:
            shares = self._prediction.probabilities.tolist()
            read = self._prediction.digit if self._prediction.is_sure else None
        for digit, share in enumerate(shares):
            line = QRectF(place.left(), place.top() + digit * row, place.width(), row)
            is_read = digit == read
            role = QPalette.ColorRole.WindowText if is_read else QPalette.ColorRole.PlaceholderText
            painter.setPen(colours.color(role))
            if is_labelled:
                painter.drawText(line, _AT_LEFT, str(digit))
            track = line.adjusted(head, row * 0.2, 0, -row * 0.2)
            painter.fillRect(track, colours.color(QPalette.ColorRole.Mid))
            track.setWidth(track.width() * share)
            role = QPalette.ColorRole.Accent if is_read else QPalette.ColorRole.PlaceholderText
            painter.fillRect(track, colours.color(role))
        painter.setFont(self.font())


def _joined(*texts: str) -> str:
    return " \u00b7 ".join(filter(None, texts))
