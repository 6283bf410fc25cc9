"""The layers in a row, and in each the number that one follows through the network."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QFont,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mnist_gui.gui.activations.number_grid import outline
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.labels import tabular
from mnist_gui.gui.common.qt import arrow_delta, named, never_mirrored
from mnist_gui.gui.common.theme import blend

_SMALLER = 0.85
_NARROWEST, _WIDEST = 34, 96
_MOST_HIGH, _LOW = 46, 28
_PADDING = 4
_ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}
_LEAST_MARK = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What a layer shows: its short name, a picture, the followed number's cell in it and text.

    `spoken` says the same in full.
    """

    name: str
    picture: QImage
    cell: tuple[int, int]
    text: str
    spoken: str


class StepButton(QAbstractButton):
    """One layer of the row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.step: Step | None = None
        self.shows_name = True
        self.setCheckable(True)
        is_to_be(self, QAccessible.Role.RadioButton)
        self.setObjectName("layer_step")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_step(self, step: Step) -> None:
        """Show what the layer makes of the digit."""
        self.step = step
        if step.spoken != self.accessibleName():
            self.setAccessibleName(step.spoken)
            self.setToolTip(step.spoken)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a narrow one."""
        return QSize(_NARROWEST, _NARROWEST)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to the row."""
        if arrow_delta(event.key()) is not None or event.key() in _ENDS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture, the mark on the followed number, and below it name and number."""
        if self.step is None:
            return
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        colours = self.palette()
        self._paint_ground(painter, colours)
        line = self.fontMetrics().height()
        lines = 2 if self.shows_name else 1
        room = QRectF(self.rect()).adjusted(_PADDING, _PADDING, -_PADDING, -lines * line - _PADDING)
        side = min(room.width(), room.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(room.center())
        painter.drawImage(square, self.step.picture)
        self._paint_mark(painter, square, colours)
        below = QRectF(0, room.bottom() + 1, self.width(), line)
        painter.setPen(colours.color(QPalette.ColorRole.WindowText))
        if self.shows_name:
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.step.name)
            below.translate(0, line)
            painter.setPen(colours.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.step.text)
        painter.end()

    def _paint_ground(self, painter: QPainter, colours: QPalette) -> None:
        accent = colours.color(QPalette.ColorRole.Accent)
        if not (self.isChecked() or self.underMouse()):
            return
        place = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ground = colours.color(QPalette.ColorRole.Window)
        painter.setBrush(blend(ground, accent, 0.18 if self.isChecked() else 0.08))
        painter.setPen(QPen(accent, 1) if self.isChecked() else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(place, 4, 4)

    def _paint_mark(self, painter: QPainter, square: QRectF, colours: QPalette) -> None:
        assert self.step is not None
        picture = self.step.picture
        width, height = square.width() / picture.width(), square.height() / picture.height()
        row, column = self.step.cell
        mark = QRectF(0, 0, max(width, _LEAST_MARK), max(height, _LEAST_MARK))
        mark.moveCenter(
            square.topLeft() + QRectF(column * width, row * height, width, height).center()
        )
        painter.setClipRect(square.adjusted(-2, -2, 2, 2))
        outline(painter, mark, colours)
        painter.setClipping(False)


class LayerSteps(QWidget):
    """The layers from the image to the loss; arrow keys walk. `step_chosen` carries the place."""

    step_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: list[StepButton] = []
        self._columns = 1
        never_mirrored(self)
        is_to_be(self, QAccessible.Role.Grouping)
        named(self, "layer_steps", self.tr("Layers, from the image to the loss"))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_steps(self, steps: Sequence[Step], chosen: int) -> None:
        """Show these layers, one of them chosen."""
        if len(steps) != len(self.buttons):
            self._make_buttons(len(steps))
        for button, step in zip(self.buttons, steps, strict=True):
            button.show_step(step)
        self.choose(chosen)
        self.updateGeometry()
        self._place()

    def choose(self, chosen: int) -> None:
        """Show which layer is chosen."""
        for place, button in enumerate(self.buttons):
            is_chosen = place == chosen
            button.setChecked(is_chosen)
            policies = Qt.FocusPolicy
            button.setFocusPolicy(policies.StrongFocus if is_chosen else policies.ClickFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from layer to layer."""
        step = arrow_delta(event.key())
        at = next((place for place, each in enumerate(self.buttons) if each.isChecked()), None)
        if at is None or (step is None and event.key() not in _ENDS):
            super().keyPressEvent(event)
            return
        if step is None:
            target = _ENDS[Qt.Key(event.key())] % len(self.buttons)
        else:
            target = at + step[0] * self._columns + step[1]
        if 0 <= target < len(self.buttons):
            self.step_chosen.emit(target)
            self.buttons[target].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _choose(self) -> None:
        button = self.sender()
        if isinstance(button, StepButton):
            self.step_chosen.emit(self.buttons.index(button))

    def _make_buttons(self, number: int) -> None:
        for button in self.buttons:
            # So that the focus does not come back to it.
            button.setParent(None)
            button.deleteLater()
        self.buttons = [StepButton(self) for _ in range(number)]
        for button in self.buttons:
            button.clicked.connect(self._choose)
            button.show()
        self.updateGeometry()

    # --- placing -------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        """Narrow rows are more."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the rows in this width."""
        _columns, lines, size, _names = self._measure(width)
        return lines * size.height()

    def sizeHint(self) -> QSize:
        """Return the size for a window of usual width."""
        return QSize(600, self.heightForWidth(600))

    def minimumSizeHint(self) -> QSize:
        """Return the width of a few layers."""
        return QSize(5 * _NARROWEST, _MOST_HIGH)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the layers anew."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Place the layers anew in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
            self._place()

    def _font(self) -> QFont:
        return tabular(self.font(), self.font().pointSizeF() * _SMALLER)

    def _measure(self, width: int) -> tuple[int, int, QSize, bool]:
        """Return columns, lines, the size of a button, and whether names fit."""
        metrics = QFontMetrics(self._font())
        steps = [button.step for button in self.buttons if button.step is not None]
        count = max(1, len(steps))
        narrowest = max(_NARROWEST, metrics.horizontalAdvance("\u22120.00") + 2)
        lines = ceil(count / max(1, width // narrowest))
        columns = ceil(count / lines)
        each = min(width // columns, _WIDEST)
        widest = max((metrics.horizontalAdvance(step.name) for step in steps), default=0)
        shows_names = widest <= each
        # The same in each width, as the layout asks for the height in one of its own.
        picture = _MOST_HIGH if lines == 1 else _LOW
        texts = metrics.height() * (2 if shows_names else 1)
        return columns, lines, QSize(each, picture + 2 * _PADDING + texts), shows_names

    def _place(self) -> None:
        if not self.buttons:
            return
        self._columns, _lines, size, shows_names = self._measure(self.width())
        for number, button in enumerate(self.buttons):
            line, column = divmod(number, self._columns)
            button.setFont(self._font())
            button.shows_name = shows_names
            button.setGeometry(
                column * size.width(), line * size.height(), size.width(), size.height()
            )
