"""Pen styles: how people draw digits, among them many a shape that MNIST holds few of."""

from collections.abc import Mapping
from types import MappingProxyType

from mnist_gui.engine.pen_styles import eight, five, four, nine, one, seven, six, three, two, zero
from mnist_gui.engine.pen_styles.vocabulary import PenStyle

PEN_STYLES: tuple[PenStyle, ...] = (
    *zero.STYLES,
    *one.STYLES,
    *two.STYLES,
    *three.STYLES,
    *four.STYLES,
    *five.STYLES,
    *six.STYLES,
    *seven.STYLES,
    *eight.STYLES,
    *nine.STYLES,
)

# Digits that people draw in more ways than MNIST shows are drawn more often.
_DIGIT_WEIGHTS = (6, 25, 8, 10, 12, 8, 8, 12, 10, 16)


def _shares() -> dict[PenStyle, float]:
    totals = [sum(style.weight for style in PEN_STYLES if style.digit == d) for d in range(10)]
    return {
        style: _DIGIT_WEIGHTS[style.digit]
        / sum(_DIGIT_WEIGHTS)
        * style.weight
        / totals[style.digit]
        for style in PEN_STYLES
    }


STYLE_SHARES: Mapping[PenStyle, float] = MappingProxyType(_shares())
"""How often each style is drawn; the shares add up to 1."""
