"""Ink of drawings so large that they are painted in several turns of the event loop."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.gui.common.images import INK_COLOUR
from mnist_gui.gui.drawing import stroke_painter
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.drawing.document import PenPoint, StrokeInProgress
from mnist_gui.gui.drawing.stroke_painter import Ink, paint_stroke, paint_strokes

SIDE = 100
RANDOM = np.random.default_rng(5)
LONG = Stroke(0.5 + 0.3 * np.cumsum(RANDOM.normal(0, 0.01, (5_000, 2)), axis=0))
SHORT = Stroke([[0.2, 0.5], [0.8, 0.5]])
DOT = Stroke([[0.1, 0.9]])


def growing() -> StrokeInProgress:
    stroke = StrokeInProgress(PenPoint(0.9, 0.1, 0.0))
    stroke.add(PenPoint(0.9, 0.9, 0.0))
    return stroke


def blank() -> QImage:
    image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.black)
    return image


def pixels(image: QImage) -> NDArray[np.int64]:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, -1)
    return rows[:, :SIDE].astype(np.int64)


def at_once(*strokes: Stroke) -> NDArray[np.int64]:
    image = blank()
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for stroke in strokes:
        paint_stroke(painter, stroke, SIDE, INK_COLOUR)
    painter.end()
    return pixels(image)


def painted(ink: Ink, stroke: StrokeInProgress | None, *, waits: bool = False) -> NDArray[np.int64]:
    image = blank()
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink.paint(painter, [DOT, LONG, SHORT], stroke, waits=waits)
    painter.end()
    return pixels(image)


@pytest.mark.usefixtures("qapp")
def test_a_large_drawing_is_painted_in_turns_and_looks_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stroke_painter, "_TURN_SECONDS", 0.0)
    ink = Ink()
    ink.fit(SIDE, 1.0)
    turns, image = 0, painted(ink, growing())
    # What is drawn meanwhile is seen at once.
    assert image[50, 90] == 255
    while not ink.is_complete:
        turns, image = turns + 1, painted(ink, growing())
    assert turns >= 3
    whole = at_once(DOT, LONG, SHORT, growing().stroke())
    assert np.abs(image - whole).max() < 0.4 * 255
    assert np.abs(image - whole).mean() < 1


@pytest.mark.usefixtures("qapp")
def test_ink_that_waits_stays_as_it_is_but_another_drawing_does_not_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stroke_painter, "_TURN_SECONDS", 0.0)
    ink = Ink()
    ink.fit(SIDE, 1.0)
    image = painted(ink, None)
    assert not ink.is_complete
    assert np.array_equal(painted(ink, None, waits=True), image)
    # What comes in its place is never seen as nothing.
    ink.forget()
    assert np.array_equal(painted(ink, None, waits=True), image)
    assert not np.array_equal(painted(ink, None), image)


class PaintCount(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_a_canvas_goes_on_painting_until_all_of_a_large_drawing_is_there(qtbot: QtBot) -> None:
    canvas = DrawingCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(SIDE, SIDE)
    canvas.show()
    qtbot.waitExposed(canvas)
    paints = PaintCount(canvas)
    canvas.installEventFilter(paints)
    corners = np.tile([[0.1, 0.1], [0.9, 0.9]], (1_000, 1))
    canvas.set_drawing(Drawing((Stroke(corners), Stroke([[0.1, 0.9], [0.9, 0.9]]))))
    qtbot.waitUntil(lambda: paints.count > 3)
    # The last stroke is there once all others are.
    qtbot.waitUntil(lambda: canvas.grab().toImage().pixelColor(50, 90).lightness() > 250)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("count", [601, 2_401, 9_601, 10_000, 100_000])
def test_a_zigzag_in_a_small_picture_goes_to_both_corners_and_to_its_end(count: int) -> None:
    points = np.tile([[0.1, 0.1], [0.9, 0.9]], (count, 1))[:count]
    points[-1] = [0.9, 0.1]
    image = blank()
    painter = QPainter(image)
    paint_strokes(painter, [Stroke(points)], QRectF(0, 0, SIDE, SIDE), 0.05, INK_COLOUR)
    painter.end()
    inked = pixels(image) > 0
    assert all(inked[y, x] for x, y in ((10, 10), (50, 50), (89, 89), (89, 10)))


@pytest.mark.usefixtures("qapp")
def test_a_small_picture_of_a_large_drawing_shows_where_its_ink_is_with_few_lines() -> None:
    lines: list[int] = []

    class Counting(QPainter):
        def drawPolyline(self, points: list[QPointF]) -> None:  # type: ignore[override]
            lines.append(len(points))
            super().drawPolyline(points)

    heights = np.linspace(0.3, 0.7, 10_000)
    many = [Stroke(np.column_stack((np.linspace(0.1, 0.9, 10), [y] * 10))) for y in heights]
    image = blank()
    painter = Counting(image)
    paint_strokes(painter, many, QRectF(0, 0, SIDE, SIDE), 0.05, INK_COLOUR)
    painter.end()
    assert 20 < len(lines) < 100
    assert (pixels(image)[35:65, 15:85] == 255).all()
