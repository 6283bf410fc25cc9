"""An architecture drawn as boxes, one for each layer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.inside.forward import Numbers
from mnist_gui.engine.inside.layers import Layer
from mnist_gui.engine.inside.layout import BoxSizes, Diagram, place_boxes
from mnist_gui.engine.inside.times import LayerTimes
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.qt import arrow_delta, named
from mnist_gui.gui.inside.layer_box import BAR_HEIGHT, ENDS, FLAT_LINES, PADDING, LayerBox
from mnist_gui.gui.views.layer_text import LayerText

_GAP = 16.0
_WIDEST = 210.0
_FEWEST_PIXELS_WIDE = 78
_ARROW = 4.0


class ArchitectureDiagram(QWidget):
    """Boxes from the image to the ten digits, with arrows between them; arrow keys walk.

    `layer_entered` carries the place of the layer under the pointer or with the focus,
    `layer_chosen` the layer that was clicked.
    """

    layer_entered = Signal(int)
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
            self.tr("Time"),
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
        titles = self._words.titles(layers)
        self.boxes = [
            LayerBox(layer, title, self._words, self)
            for layer, title in zip(layers, titles, strict=True)
        ]
        most = max(layers, key=lambda layer: layer.parameters)
        for box in self.boxes:
            box.has_most_parameters = box.layer is most
            box.entered.connect(self._enter)
            box.clicked.connect(self._choose)
            box.show()
        self._let_tab_reach(self.boxes[0])
        self._measure()

    def show_digit(self, image: NDArray[np.uint8] | None, prediction: Prediction | None) -> None:
        """Show the digit on the pad at the input, and its probabilities at the output."""
        for box in self.boxes[:1] + self.boxes[-1:]:
            box.show_digit(image, prediction)

    def show_maps(self, maps: Sequence[Numbers] | None) -> None:
        """Show a few maps (n, rows, columns) of what each layer makes of the digit, or none."""
        for place, box in enumerate(self.boxes):
            box.show_maps(None if maps is None else maps[place])

    def show_times(self, times: LayerTimes | None) -> None:
        """Show which part of the time each layer takes; None while that is not known."""
        for place, box in enumerate(self.boxes):
            if times is None:
                box.show_time(None, "", is_most=False)
                continue
            share = times.shares[place]
            sentence = self._words.time(times, place)
            box.show_time(share, sentence, is_most=share == max(times.shares))

    # --- walking -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from box to box."""
        focused = next((at for at, box in enumerate(self.boxes) if box.hasFocus()), None)
        step = arrow_delta(event.key())
        if focused is None or (step is None and event.key() not in ENDS):
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
            self.layer_entered.emit(self.boxes.index(box))

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
        return self.fontMetrics().height() * FLAT_LINES + 2 * PADDING

    def _diagram(self, width: float) -> Diagram:
        if self._sizes is None:
            return Diagram(False, 1, (), 0)
        # At the end of a line an arrow leads on.
        return place_boxes(len(self.boxes), width - _GAP, self._sizes)

    def _measure(self) -> None:
        """Measure the texts, once for all places, and place the boxes."""
        metrics = self.fontMetrics()
        strong = QFontMetrics(self.boxes[0].strong_font())
        widths = [metrics.horizontalAdvance(box.title) for box in self.boxes]
        for box in self.boxes:
            widths.extend(map(strong.horizontalAdvance, box.numbers))
        self._sizes = BoxSizes(
            narrowest=max(*widths, _FEWEST_PIXELS_WIDE) + PADDING,
            widest=_WIDEST,
            below=metrics.height() * len(self.heads) + BAR_HEIGHT + 8,
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
