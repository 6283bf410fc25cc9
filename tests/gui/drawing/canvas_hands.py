"""Hands for tests of the canvas: they send what a mouse, fingers or a tablet would."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QInputDevice, QMouseEvent, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mnist_gui.engine.drawing import Drawing
from mnist_gui.gui.drawing.canvas import DrawingCanvas

Place = tuple[float, float]
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier


def drag(canvas: DrawingCanvas, *places: tuple[int, int], button: Qt.MouseButton = LEFT) -> None:
    """Drag the mouse from one place to the next."""
    QTest.mousePress(canvas, button, pos=QPoint(*places[0]))
    for place in places[1:]:
        QTest.mouseMove(canvas, QPoint(*place))
    QTest.mouseRelease(canvas, button, pos=QPoint(*places[-1]))


def send_mouse(
    canvas: DrawingCanvas,
    kind: QEvent.Type,
    place: Place,
    *,
    milliseconds: int = 0,
    modifiers: Qt.KeyboardModifier = PLAIN,
    source: Qt.MouseEventSource = Qt.MouseEventSource.MouseEventNotSynthesized,
) -> None:
    """Send one event of the mouse with its left button down."""
    at = QPointF(*place)
    button = NONE if kind is QEvent.Type.MouseMove else LEFT
    event = QMouseEvent(kind, at, at, at, button, LEFT, modifiers, source)
    event.setTimestamp(milliseconds)
    QApplication.sendEvent(canvas, event)


def draw_at_rate(canvas: DrawingCanvas, path: list[Place], *, milliseconds: float) -> None:
    """Draw along places on the widget that are reported one after the other."""
    kind = QEvent.Type
    kinds = [kind.MouseButtonPress, *[kind.MouseMove] * (len(path) - 1)]
    for number, (each, place) in enumerate(zip(kinds, path, strict=True)):
        send_mouse(canvas, each, place, milliseconds=round(1_000 + number * milliseconds))
    send_mouse(canvas, kind.MouseButtonRelease, path[-1])


def tablet(
    pointer: QPointingDevice.PointerType = QPointingDevice.PointerType.Pen,
) -> QPointingDevice:
    """Return a tablet's pen, or its other end, that reports pressure."""
    capability = QInputDevice.Capability
    return QPointingDevice(
        "tablet", 1, QInputDevice.DeviceType.Stylus, pointer,
        capability.Position | capability.Pressure, 1, 3,
    )  # fmt: skip


def send_tablet(
    canvas: DrawingCanvas,
    device: QPointingDevice,
    kind: QEvent.Type,
    place: Place,
    pressure: float = 0.5,
) -> None:
    """Send one event of a tablet with its tip down."""
    at = QPointF(*place)
    button = NONE if kind is QEvent.Type.TabletMove else LEFT
    event = QTabletEvent(kind, device, at, at, pressure, 0, 0, 0, 0, 0, PLAIN, button, LEFT)
    QApplication.sendEvent(canvas, event)


def pixel(canvas: DrawingCanvas, x: int, y: int) -> QColor:
    """Return the colour of one of the canvas' pixels."""
    return canvas.grab().toImage().pixelColor(x, y)


def drawings(canvas: DrawingCanvas) -> list[Drawing]:
    """Return a list to which every change of the drawing is added."""
    seen: list[Drawing] = []
    canvas.drawing_changed.connect(seen.append)
    return seen
