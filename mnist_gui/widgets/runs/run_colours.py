"""The colours that runs are drawn in: the user's choice, or one that no other chosen run has."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

# Okabe and Ito's, told apart by all eyes; yellow a little darker, to be seen on white.
SHADES: Mapping[str, str] = MappingProxyType(
    {
        "blue": "#0072b2",
        "vermilion": "#d55e00",
        "green": "#009e73",
        "purple": "#cc79a7",
        "orange": "#e69f00",
        "sky-blue": "#56b4e9",
        "yellow": "#c9b800",
    }
)
_DOT = QSize(14, 14)


def colour_title(name: str) -> str:
    """Return what a colour is called; "" is none in particular."""
    titles = {
        "": QCoreApplication.translate("runs", "Automatic"),
        "blue": QCoreApplication.translate("runs", "Blue"),
        "vermilion": QCoreApplication.translate("runs", "Vermilion"),
        "green": QCoreApplication.translate("runs", "Green"),
        "purple": QCoreApplication.translate("runs", "Purple"),
        "orange": QCoreApplication.translate("runs", "Orange"),
        "sky-blue": QCoreApplication.translate("runs", "Sky blue"),
        "yellow": QCoreApplication.translate("runs", "Yellow"),
    }
    return titles[name]


def distribute(wanted: list[str]) -> list[str]:
    """Return a shade "#rrggbb" for each run, where "" asks for one that is still free."""
    free = [name for name in SHADES if name not in wanted]
    names = list(SHADES)
    given: list[str] = []
    for place, name in enumerate(wanted):
        given.append(SHADES[name or (free.pop(0) if free else names[place % len(names)])])
    return given


def dot(shade: str | None) -> QIcon:
    """Return a round mark in this shade, or an empty one of the same size."""
    picture = QPixmap(_DOT * 2)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    if shade:
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shade))
        painter.drawEllipse(QPointF(_DOT.width() / 2, _DOT.height() / 2), 4.5, 4.5)
        painter.end()
    icon = QIcon(picture)
    # Otherwise it is tinted where its row is selected.
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon
