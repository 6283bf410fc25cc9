"""Colours for numbers that speak for something or against it: blue and orange, and a legend."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from mnist_gui.gui.common.images import as_qimage
from mnist_gui.gui.common.labels import caption
from mnist_gui.gui.common.qt import never_mirrored

_HEIGHT = 8
# Of the levels of a table of colours, that for 0.
_MIDDLE = 127


@dataclass(frozen=True, slots=True)
class DivergingColormap:
    """Four colours as "#rrggbb": the ground, ink that says nothing, ink for, and ink against.

    Blue and orange are Okabe and Ito's.
    """

    ground: str
    neutral: str
    positive: str
    negative: str

    def colour(self, share: float) -> QColor:
        """Return the colour of ink of this weight, -1..1."""
        red, green, blue = self._ink_colours(np.array(share)).round().astype(int).tolist()
        return QColor(red, green, blue)

    def picture(self, weights: NDArray[np.float64], ink: NDArray[np.uint8], scale: float) -> QImage:
        """Return a picture of weights (n, n), -scale..scale, where an image (n, n) has ink.

        The fainter the ink, the fainter its colour; but a pixel with little ink can weigh much,
        so that the root of the ink is taken.
        """
        cover = np.sqrt(ink / 255)[..., np.newaxis]
        ground = _rgb(self.ground)
        colours = ground + cover * (self._ink_colours(weights / scale) - ground)
        return as_qimage(colours.round().astype(np.uint8))

    def _ink_colours(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the colours (..., 3) of ink of these weights (...), -1..1."""
        strength = np.abs(shares).clip(max=1)[..., np.newaxis]
        positive = (shares > 0)[..., np.newaxis]
        hue = np.where(positive, _rgb(self.positive), _rgb(self.negative))
        neutral = _rgb(self.neutral)
        colours: NDArray[np.float64] = neutral + strength * (hue - neutral)
        return colours


_LIGHT = DivergingColormap(
    ground="#ffffff", neutral="#d3d8de", positive="#0072b2", negative="#d55e00"
)
_DARK = DivergingColormap(
    ground="#0b0d10", neutral="#474e57", positive="#56b4e9", negative="#e69f00"
)


def diverging_colormap(palette: QPalette) -> DivergingColormap:
    """Return the colours that go with a light or a dark palette."""
    return _DARK if palette.color(QPalette.ColorRole.Base).lightnessF() < 0.5 else _LIGHT


class DivergingPictures:
    """Pictures of many images of numbers on one scale; each is made when it is asked for."""

    def __init__(self, images: NDArray[np.float32], scale: float, palette: QPalette) -> None:
        """Show images (n, rows, columns), -scale..scale; a scale of 0 counts as 1."""
        self._count, self._rows, self._columns = images.shape
        # By a table of colours, as there can be a thousand of them.
        shares = images.reshape(-1, self._columns) / np.float32(scale or 1.0)
        levels = np.rint((shares.clip(-1, 1) + 1) * _MIDDLE).astype(np.uint8)
        # The picture does not keep its buffer.
        content = levels.tobytes()
        width, height, kind = self._columns, len(levels), QImage.Format.Format_Indexed8
        strip = QImage(content, width, height, width, kind)
        strip.setColorTable(_colour_table(diverging_colormap(palette)))
        # Qt paints and files this kind as it is.
        self._strip = strip.convertToFormat(QImage.Format.Format_RGB32)

    def __len__(self) -> int:
        return int(self._count)

    def __getitem__(self, place: int) -> QImage:
        return self._strip.copy(0, place * self._rows, self._columns, self._rows)

    def __iter__(self) -> Iterator[QImage]:
        return (self[place] for place in range(len(self)))


@cache
def _colour_table(colours: DivergingColormap) -> list[int]:
    """Return the colours of numbers from -1 to 1."""
    shares = np.linspace(-1, 1, 2 * _MIDDLE + 1)[np.newaxis]
    row = colours.picture(shares, np.full(shares.shape, 255, np.uint8), 1.0)
    return [row.pixel(x, 0) for x in range(row.width())]


def _rgb(name: str) -> NDArray[np.float64]:
    return np.array(QColor(name).getRgb()[:3], np.float64)


def readable_on(shade: QColor) -> QColor:
    """Return black or white, whichever has the stronger contrast (WCAG 2.2, 1.4.3)."""
    parts = (shade.redF(), shade.greenF(), shade.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return QColor("#000000") if luminance > 0.179 else QColor("#ffffff")


class DivergingLegend(QWidget):
    """A bar from one end of the colours to the other, with what the ends mean."""

    def __init__(self, neither: str) -> None:
        super().__init__()
        never_mirrored(self)
        self.against, self.neither, self.speaks_for = caption(), caption(neither), caption()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, _HEIGHT + 3, 0, 0)
        top = Qt.AlignmentFlag.AlignTop
        layout.addWidget(self.against, 0, 0, top)
        layout.addWidget(self.neither, 0, 1, top)
        layout.addWidget(self.speaks_for, 0, 2, top)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(2, 1)
        for words in (self.against, self.neither, self.speaks_for):
            words.setWordWrap(True)
        self.speaks_for.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_ends(self, against: str, speaks_for: str) -> None:
        """Name what the ends of the colours speak for."""
        self.against.setText(against)
        self.speaks_for.setText(speaks_for)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the colours from full against to full for, above the words."""
        colours = diverging_colormap(self.palette())
        gradient = QLinearGradient(0, 0, self.width(), 0)
        for share in (-1.0, 0.0, 1.0):
            gradient.setColorAt((share + 1) / 2, colours.colour(share))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(QRectF(0, 0, self.width(), _HEIGHT), _HEIGHT / 2, _HEIGHT / 2)
        painter.end()
