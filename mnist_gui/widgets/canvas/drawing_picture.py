"""A drawing as a picture of its own."""

from PySide6.QtGui import QImage, QPainter

from mnist_gui.engine.drawing import Drawing
from mnist_gui.widgets.canvas.canvas_painting import SLATE
from mnist_gui.widgets.canvas.ink import INK
from mnist_gui.widgets.canvas.ink_line import paint_stroke


def drawing_picture(drawing: Drawing, side: int) -> QImage:
    """Return the canvas' ink on its slate, `side` pixels wide and high."""
    picture = QImage(side, side, QImage.Format.Format_RGB32)
    picture.fill(SLATE)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for stroke in drawing.strokes:
        paint_stroke(painter, stroke, side, INK)
    painter.end()
    return picture
