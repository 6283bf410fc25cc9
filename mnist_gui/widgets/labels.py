"""Labels in the few text styles the window uses."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel


def heading(text: str) -> QLabel:
    """Return the bold title of a section."""
    label = QLabel(text)
    font = label.font()
    font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)
    return label


def caption(text: str = "") -> QLabel:
    """Return a muted label: what a number beside it means."""
    label = QLabel(text)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def figure(text: str = "") -> QLabel:
    """Return a right-aligned label for a number whose digits keep their places."""
    label = QLabel(text)
    label.setFont(tabular(label.font()))
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


def paragraph(text: str = "") -> QLabel:
    """Return a label that wraps, for a sentence."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def tabular(font: QFont, points: float | None = None) -> QFont:
    """Return the font with figures of one width, in another size if points are given."""
    font = QFont(font)
    font.setFeature(QFont.Tag("tnum"), 1)
    if points is not None:
        font.setPointSizeF(points)
    return font
