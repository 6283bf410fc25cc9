"""What marks images on the map: digits, each with a colour of its own, rings and a star."""

from functools import cache
from math import cos, pi, sin

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPainterPath, QPalette, QPolygonF, QTransform

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.gui.common.theme import blend, contrast

# Okabe and Ito's, without black, and three that differ from them in lightness too.
_HUES = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#56b4e9",
    "#cc79a7",
    "#882255",
    "#b0a000",
    "#7f7f7f",
    "#44307a",
)
_LEAST_CONTRAST = 3.0
_STAR_POINTS = 5
_INNER = 0.45


def digit_colours(palette: QPalette) -> list[QColor]:
    """Return ten colours that are told apart by all eyes, as strong as they must be to be seen."""
    ground = palette.color(QPalette.ColorRole.Base)
    text = palette.color(QPalette.ColorRole.Text)
    return [_seen(QColor(hue), ground, text) for hue in _HUES]


def _seen(hue: QColor, ground: QColor, text: QColor) -> QColor:
    blends = (blend(hue, text, share / 20) for share in range(20))
    return next((each for each in blends if contrast(each, ground) >= _LEAST_CONTRAST), text)


@cache
def glyphs(family: str) -> tuple[QPainterPath, ...]:
    """Return the ten digits in a font as symbols of height 1, their middles at the origin."""
    font = QFont(family)
    font.setPixelSize(100)
    font.setWeight(QFont.Weight.DemiBold)
    paths = []
    for digit in range(CLASSES):
        path = QPainterPath()
        path.addText(QPointF(), font, str(digit))
        middle, height = path.boundingRect().center(), path.boundingRect().height()
        to_middle = QTransform.fromTranslate(-middle.x(), -middle.y())
        paths.append((to_middle * QTransform.fromScale(1 / height, 1 / height)).map(path))
    return tuple(paths)


@cache
def star() -> QPainterPath:
    """Return a star of five points as a symbol of height 1."""
    path = QPainterPath()
    corners = []
    for corner in range(2 * _STAR_POINTS):
        radius = 0.5 * (_INNER if corner % 2 else 1)
        angle = pi * corner / _STAR_POINTS
        corners.append(QPointF(radius * sin(angle), -radius * cos(angle)))
    path.addPolygon(QPolygonF(corners))
    path.closeSubpath()
    return path
