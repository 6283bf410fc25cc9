"""What both pictures of the page share: networks' lines, the trial that is chosen, and keys."""

from abc import abstractmethod
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from mnist_gui.engine.inside.robustness import NOT_READ, Robustness
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.diverging import readable_on
from mnist_gui.gui.common.images import as_qimage
from mnist_gui.gui.common.labels import count, percent, tabular
from mnist_gui.gui.common.qt import Announcer, named, never_mirrored
from mnist_gui.gui.common.theme import blend, seen_on
from mnist_gui.gui.robustness.text import change_text
from mnist_gui.words.language import listed

# Okabe and Ito's; dashes and marks tell the networks apart without colours.
_SHADES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#c9b800")
_Line = Qt.PenStyle
_DASHES = (_Line.SolidLine, _Line.DashLine, _Line.DashDotLine, _Line.DotLine, _Line.SolidLine)
MOST_NETWORKS = len(_SHADES)
_LINE_WIDTH = 2.0
_MARK = 3.5
_CHOSEN = 0.16


class TrialPicture(QWidget):
    """Shows what networks read in each trial, one of which is chosen by a click or the keys.

    `trial_chosen` carries its place.
    """

    trial_chosen = Signal(int)

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.answer: Robustness | None = None
        self.chosen = 0
        self._titles: Sequence[str] = ()
        self._announcer = Announcer(self)
        is_to_be(self, QAccessible.Role.Chart)
        named(never_mirrored(self), name, title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFont(tabular(self.font()))

    def show_answer(self, answer: Robustness, titles: Sequence[str], chosen: int) -> None:
        """Show what networks of these titles read, and choose a trial."""
        self.answer, self._titles = answer, titles
        self.updateGeometry()
        self.choose(chosen)

    def choose(self, place: int) -> None:
        """Choose a trial."""
        if self.answer is not None:
            self.chosen = min(max(place, 0), len(self.answer.trials) - 1)
            self.setAccessibleDescription(self.describe(self.chosen))
        self.update()

    def describe(self, place: int) -> str:
        """Say in words what is shown of a trial."""
        assert self.answer is not None
        text = self.tr("{network}: {share}, your digit as {digit}")
        networks = [
            text.format(
                network=title,
                share=share_text(self.answer, network, place),
                digit=int(self.answer.read[network, place]),
            )
            for network, title in enumerate(self._titles)
        ]
        words = self.tr("{change}. {networks}")
        return words.format(
            change=change_text(self.answer.trials[place]), networks=listed(networks)
        )

    @abstractmethod
    def place_at(self, position: QPointF) -> int:
        """Return the place of the trial at a position of the widget, or nearest to it."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the trial under the pointer."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pick(self.place_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose the trial that the pointer is drawn to."""
        self._pick(self.place_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the trial before or after, the first or the last."""
        last = 0 if self.answer is None else len(self.answer.trials) - 1
        places = {
            Qt.Key.Key_Left: self.chosen - 1,
            Qt.Key.Key_Up: self.chosen - 1,
            Qt.Key.Key_Right: self.chosen + 1,
            Qt.Key.Key_Down: self.chosen + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        place = places.get(Qt.Key(event.key()))
        if place is None:
            super().keyPressEvent(event)
        else:
            self._pick(place)

    def _pick(self, place: int) -> None:
        before = self.chosen
        self.choose(place)
        if self.chosen != before and self.answer is not None:
            self._announcer.say(self.describe(self.chosen))
            self.trial_chosen.emit(self.chosen)

    # --- painting ------------------------------------------------------------------------------

    def colour(self, role: QPalette.ColorRole) -> QColor:
        """Return a colour of the theme."""
        return self.palette().color(role)

    def shade(self, network: int) -> QColor:
        """Return the colour of a network."""
        return network_pen(self.palette(), network).color()

    def paint_chosen(self, painter: QPainter, place: QRectF) -> None:
        """Paint the ground of the trial that is chosen."""
        accent, ground = (
            self.colour(role) for role in (QPalette.ColorRole.Accent, QPalette.ColorRole.Window)
        )
        painter.fillRect(place, blend(ground, accent, _CHOSEN))

    def paint_digit(self, painter: QPainter, square: QRectF, place: int) -> None:
        """Paint the digit as it is in a trial."""
        assert self.answer is not None
        painter.drawImage(square, as_qimage(self.answer.digits[place]))

    def paint_read(self, painter: QPainter, room: QRectF, network: int, place: int) -> None:
        """Paint as what the digit is read; filled where that is not as without the change."""
        assert self.answer is not None
        read = self.answer.read[network]
        colour = self.colour(QPalette.ColorRole.WindowText)
        if read[place] != read[self.answer.unchanged]:
            side = min(room.height(), room.width())
            field = QRectF(0, 0, side, side)
            field.moveCenter(room.center())
            shade = self.shade(network)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shade)
            painter.drawRoundedRect(field, 3, 3)
            colour = readable_on(shade)
        painter.setPen(colour)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, str(int(read[place])))

    def small_font(self, room: float, text: str) -> QFont:
        """Return the font, smaller where a text would not fit."""
        font = QFont(self.font())
        width = QFontMetricsF(font).horizontalAdvance(text)
        font.setPointSizeF(max(font.pointSizeF() * min(1.0, room / width), 6.0))
        return font


def share_text(answer: Robustness, network: int, place: int) -> str:
    """Return which share of the images is read right; a dash until that is known."""
    if answer.correct[network, place] == NOT_READ:
        return "\u2013"
    return percent(float(answer.accuracies[network, place]))


def interval_text(answer: Robustness, network: int, place: int) -> str:
    """Return the 95 % interval of a share."""
    if answer.correct[network, place] == NOT_READ:
        return ""
    low, high = answer.intervals[network, place].tolist()
    return f"{percent(low)}\u2013{percent(high)}"


def images_text(images: int) -> str:
    """Return a number of images."""
    return count(images)


def network_pen(palette: QPalette, network: int) -> QPen:
    """Return the pen of a network's line."""
    shade = seen_on(palette.color(QPalette.ColorRole.Base), _SHADES[network % MOST_NETWORKS])
    pen = QPen(shade, _LINE_WIDTH, _DASHES[network % MOST_NETWORKS])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def paint_mark(painter: QPainter, point: QPointF, network: int) -> None:
    """Paint the mark of a network's points with the painter's brush."""
    x, y, far = point.x(), point.y(), _MARK + 1
    match network % MOST_NETWORKS:
        case 0:
            painter.drawEllipse(point, _MARK, _MARK)
        case 1:
            painter.drawRect(QRectF(x - _MARK, y - _MARK, 2 * _MARK, 2 * _MARK))
        case 2:
            corners = ((x, y - far), (x + far, y + _MARK), (x - far, y + _MARK))
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        case 3:
            corners4 = ((x, y - far), (x + far, y), (x, y + far), (x - far, y))
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners4]))
        case _:
            painter.drawRect(QRectF(x - far, y - 1, 2 * far, 2))
            painter.drawRect(QRectF(x - 1, y - far, 2, 2 * far))


def paint_sample(painter: QPainter, palette: QPalette, room: QRectF, network: int) -> None:
    """Paint a piece of a network's line with its mark, for a key."""
    pen = network_pen(palette, network)
    middle = room.center()
    painter.setPen(pen)
    painter.drawLine(QPointF(room.left(), middle.y()), QPointF(room.right(), middle.y()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pen.color())
    paint_mark(painter, middle, network)
