"""An architecture drawn as boxes, one for each layer."""

from collections.abc import Sequence
from math import log2

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mnist_gui.engine.architectures import CLASSES, IMAGE_SIDE
from mnist_gui.engine.inside.layers import Layer, LayerKind
from mnist_gui.engine.inside.layout import BoxSizes, Diagram, place_boxes
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.images import CANVAS_COLOUR, as_qimage
from mnist_gui.gui.common.labels import count, tabular
from mnist_gui.gui.common.qt import arrow_delta, named
from mnist_gui.gui.common.theme import blend
from mnist_gui.gui.inside.text import LayerText

_GAP = 16.0
_PADDING = 6
_WIDEST = 210.0
_FEWEST_PIXELS_WIDE = 78
_FLAT_LINES = 3
_MOST_PLANES = 8
_ARROW = 4.0
_NARROW_BAR = 0.22
_ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End)
_LEAST_TYPE = 8
_CENTRE = Qt.AlignmentFlag.AlignCenter
_AT_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class LayerBox(QAbstractButton):
    """A layer as a box: its output as a stack of planes, its name, and below it its numbers.

    `entered` is emitted when the pointer or the focus comes to it.
    """

    entered = Signal()

    def __init__(self, layer: Layer, words: LayerText, parent: QWidget) -> None:
        super().__init__(parent)
        self.layer = layer
        self.is_vertical = False
        self._digit: QImage | None = None
        self._prediction: Prediction | None = None
        self.title = words.title(layer)
        self.numbers = [
            words.shape(layer),
            words.kernel(layer),
            count(layer.parameters) if layer.parameters else "",
            count(layer.multiplications) if layer.multiplications else "",
        ]
        named(self, "layer_box", words.spoken(layer))
        self.setAccessibleDescription(words.sentence(layer))
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
        elif arrow_delta(event.key()) is not None or event.key() in _ENDS:
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
            side = frame.height() - 2 * _PADDING
            self._paint_output(painter, QRectF(_PADDING, _PADDING, side, side))
            self._paint_lines(painter, frame.adjusted(side + 3 * _PADDING, 0, -_PADDING, 0))
        else:
            picture = frame.adjusted(_PADDING, _PADDING, -_PADDING, -line - _PADDING)
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
        for text in self.numbers:
            painter.drawText(place, _CENTRE, text)
            place.translate(0, line)

    def _paint_lines(self, painter: QPainter, place: QRectF) -> None:
        line = self.fontMetrics().height()
        colours = self.palette()
        place.setTop(place.center().y() - line * _FLAT_LINES / 2)
        place.setHeight(line)
        shape, kernel, parameters, multiplications = self.numbers
        texts = (
            (self.title, QPalette.ColorRole.WindowText),
            (_joined(shape, kernel and self.tr("window {kernel}").format(kernel=kernel)), None),
            (
                _joined(
                    parameters and self.tr("{count} parameters").format(count=parameters),
                    multiplications and self.tr("{count} mult.").format(count=multiplications),
                ),
                None,
            ),
        )
        for text, role in texts:
            painter.setPen(colours.color(role or QPalette.ColorRole.PlaceholderText))
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft, text)
            place.translate(0, line)

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
        else:
            self._paint_planes(painter, place)

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


class ArchitectureDiagram(QWidget):
    """Boxes from the image to the ten digits, with arrows between them; arrow keys walk.

    `layer_entered` and `layer_chosen` carry the layer under the pointer or with the focus, and the
    one that was clicked.
    """

    layer_entered = Signal(object)
    layer_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.boxes: list[LayerBox] = []
        self._words = LayerText(self)
        is_to_be(self, QAccessible.Role.Grouping)
        named(self, "architecture_diagram", self.tr("Layers of the network"))
        self.heads = [
            self.tr("Output"),
            self.tr("Window"),
            self.tr("Parameters"),
            self.tr("Multiplications"),
        ]
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._sizes: BoxSizes | None = None
        self._placed = self._diagram(0)

    def show_layers(self, layers: Sequence[Layer]) -> None:
        """Draw these layers."""
        for box in self.boxes:
            # So that the focus does not come back to it.
            box.setParent(None)
            box.deleteLater()
        self.boxes = [LayerBox(layer, self._words, self) for layer in layers]
        for box in self.boxes:
            box.entered.connect(self._enter)
            box.clicked.connect(self._choose)
            box.show()
        self._let_tab_reach(self.boxes[0])
        self._measure()

    def show_digit(self, image: NDArray[np.uint8] | None, prediction: Prediction | None) -> None:
        """Show the digit on the pad at the input, and its probabilities at the output."""
        for box in self.boxes[:1] + self.boxes[-1:]:
            box.show_digit(image, prediction)

    # --- walking -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from box to box."""
        focused = next((at for at, box in enumerate(self.boxes) if box.hasFocus()), None)
        step = arrow_delta(event.key())
        if focused is None or (step is None and event.key() not in _ENDS):
            super().keyPressEvent(event)
            return
        if step is None:
            target = 0 if event.key() == Qt.Key.Key_Home else len(self.boxes) - 1
        else:
            target = focused + step[0] * self._placed.columns + step[1]
        if 0 <= target < len(self.boxes):
            self._let_tab_reach(self.boxes[target])
            self.boxes[target].setFocus(Qt.FocusReason.TabFocusReason)

    def _let_tab_reach(self, reached: LayerBox) -> None:
        for box in self.boxes:
            policies = Qt.FocusPolicy
            box.setFocusPolicy(policies.StrongFocus if box is reached else policies.ClickFocus)

    @Slot()
    def _enter(self) -> None:
        box = self.sender()
        if isinstance(box, LayerBox):
            self.layer_entered.emit(box.layer)

    @Slot()
    def _choose(self) -> None:
        box = self.sender()
        if isinstance(box, LayerBox):
            self._let_tab_reach(box)
            self.layer_chosen.emit(box.layer)

    # --- placing -------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        """Narrow diagrams are higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the boxes in this width."""
        return round(self._diagram(width).height) + 2

    def sizeHint(self) -> QSize:
        """Return the size for a window of usual width."""
        return QSize(640, self.heightForWidth(640))

    def minimumSizeHint(self) -> QSize:
        """Return the width of a box with its numbers beside it."""
        return QSize(240, self._flat_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the boxes anew."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Place the boxes anew in another font."""
        super().changeEvent(event)
        fonts = (QEvent.Type.FontChange, QEvent.Type.StyleChange)
        if event.type() in fonts and self.boxes:
            self._measure()

    def _flat_height(self) -> int:
        return self.fontMetrics().height() * _FLAT_LINES + 2 * _PADDING

    def _diagram(self, width: float) -> Diagram:
        if self._sizes is None:
            return Diagram(False, 1, (), 0)
        # At the end of a line an arrow leads on.
        return place_boxes(len(self.boxes), width - _GAP, self._sizes)

    def _measure(self) -> None:
        """Measure the texts, once for all places, and place the boxes."""
        metrics = self.fontMetrics()
        texts = [text for box in self.boxes for text in (box.title, *box.numbers)]
        widest = max(map(metrics.horizontalAdvance, texts), default=0)
        self._sizes = BoxSizes(
            narrowest=max(widest, _FEWEST_PIXELS_WIDE) + _PADDING,
            widest=_WIDEST,
            below=metrics.height() * len(self.heads) + 8,
            flat=self._flat_height(),
            head=max(map(metrics.horizontalAdvance, self.heads)) + _GAP,
            gap=_GAP,
        )
        self._place()
        self.updateGeometry()

    def _place(self) -> None:
        self._placed = self._diagram(self.width())
        for box, place in zip(self.boxes, self._placed.places, strict=True):
            box.is_vertical = self._placed.is_vertical
            x = place.x
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                x = self.width() - place.x - place.width
            box.setGeometry(round(x), round(place.y), round(place.width), round(place.height))
        self.update()

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the arrows, and at the left of each line what the numbers mean."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(colour)
        for box, after in zip(self.boxes, self.boxes[1:], strict=False):
            self._paint_arrow(painter, box, after)
        if not self._placed.is_vertical:
            for box in self.boxes[:: self._placed.columns]:
                self._paint_heads(painter, box)
        painter.end()

    def _paint_heads(self, painter: QPainter, box: LayerBox) -> None:
        line = self.fontMetrics().height()
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = box.x() + box.width() + _GAP if is_mirrored else 0
        right = self.width() if is_mirrored else box.x() - _GAP
        place = QRectF(left, box.y() + box.width() + 4, right - left, line)
        for text in self.heads:
            painter.drawText(place, Qt.AlignmentFlag.AlignLeading, text)
            place.translate(0, line)

    def _paint_arrow(self, painter: QPainter, box: LayerBox, after: LayerBox) -> None:
        if self._placed.is_vertical:
            x = box.x() + box.width() / 2
            _paint_tip(painter, QPointF(x, box.y() + box.height()), QPointF(x, after.y()))
            return
        forward = -1 if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 1
        y = box.y() + box.width() / 2
        end = box.x() + (box.width() if forward > 0 else 0)
        begin = after.x() + (0 if forward > 0 else after.width())
        if after.y() == box.y():
            _paint_tip(painter, QPointF(end, y), QPointF(begin, y))
            return
        # The line goes on below, beginning with an arrow of its own.
        _paint_tip(painter, QPointF(end, y), QPointF(end + forward * (_GAP - 2), y))
        y = after.y() + after.width() / 2
        _paint_tip(painter, QPointF(begin - forward * (_GAP - 2), y), QPointF(begin, y))


def _paint_tip(painter: QPainter, start: QPointF, end: QPointF) -> None:
    """Paint an arrow to the right, to the left or down."""
    painter.drawLine(start, end)
    along = QPointF(np.sign(end.x() - start.x()), np.sign(end.y() - start.y()))
    back = end - along * _ARROW * 1.5
    aside = QPointF(along.y(), along.x()) * _ARROW
    painter.drawPolygon(QPolygonF([end, back + aside, back - aside]))
