"""Colours for what speaks for and against, told apart by all eyes, in light and in dark."""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPalette

# Weaker evidence than this, odds that double, is never shown in full colour.
_LEAST_SCALE = log(2)


@dataclass(frozen=True, slots=True)
class Diverging:
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
        pixels = np.ascontiguousarray(colours.round().astype(np.uint8))
        height, width = ink.shape
        return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()

    def _ink_colours(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the colours (..., 3) of ink of these weights (...), -1..1."""
        strength = np.abs(shares).clip(max=1)[..., np.newaxis]
        positive = (shares > 0)[..., np.newaxis]
        hue = np.where(positive, _rgb(self.positive), _rgb(self.negative))
        neutral = _rgb(self.neutral)
        colours: NDArray[np.float64] = neutral + strength * (hue - neutral)
        return colours


_LIGHT = Diverging(ground="#ffffff", neutral="#d3d8de", positive="#0072b2", negative="#d55e00")
_DARK = Diverging(ground="#0b0d10", neutral="#474e57", positive="#56b4e9", negative="#e69f00")


def diverging_colours(palette: QPalette) -> Diverging:
    """Return the colours that go with a light or a dark palette."""
    return _DARK if palette.color(QPalette.ColorRole.Base).lightnessF() < 0.5 else _LIGHT


def scale_of(weights: NDArray[np.float64]) -> float:
    """Return the weight that is shown in full colour: the strongest, unless all are weak."""
    return max(float(np.abs(weights).max()), _LEAST_SCALE)


def _rgb(name: str) -> NDArray[np.float64]:
    return np.array(QColor(name).getRgb()[:3], np.float64)
