"""The curves as a drawing of lines and letters, sharp at any size."""

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QPoint
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator

from mnist_gui.widgets.curves.curves import CurvesView

_DOTS_PER_INCH = 96


def svg_of(curves: CurvesView) -> bytes:
    """Return what the view shows now, as an SVG file's content.

    pyqtgraph's own SVG exporter fails with Qt 6.11 (pyqtgraph#3495).
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setTitle(QCoreApplication.translate("curves", "Accuracy and loss over steps"))
    generator.setSize(curves.size())
    generator.setViewBox(curves.rect())
    generator.setResolution(_DOTS_PER_INCH)
    curves.redraw()
    with curves.accuracy_pane.painted_as_lines(), curves.loss_pane.painted_as_lines():
        painter = QPainter(generator)
        curves.render(painter, QPoint())
        painter.end()
    return bytes(buffer.data().data())
