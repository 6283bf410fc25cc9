"""Pen styles of the 1: its flag may be as long as a 7's bar is."""

from math import radians, tan

from mnist_gui.engine.pen_styles.vocabulary import Between, PenStyle, Point, Strokes, corner


def plain(between: Between) -> Strokes:
    """Draw an upright stroke, hardly bent."""
    return [[(0.5, 0), (between(0.46, 0.54), 0.5), (0.5, 1)]]


def short_flag(between: Between) -> Strokes:
    """Come up to the top from nearby."""
    return [[*_flag(between, between(0.06, 0.25)), *_stem(between)]]


def long_flag(between: Between) -> Strokes:
    """Come up to the top from nearby, or from as far away as the stem is long."""
    return [[*_flag(between, between(0.15, 0.9)), *_stem(between)]]


def round_flag(between: Between) -> Strokes:
    """Turn at the top in a curve."""
    length, drop = between(0.12, 0.5), between(0.15, 0.45)
    start = [(0.5 - length, drop), (0.5 - length * 0.45, drop / 2), (0.47, 0.02)]
    return [[*start, (0.5, 0.15), (between(0.45, 0.53), 0.6), (0.48, 1)]]


def flag_and_base(between: Between) -> Strokes:
    """Stand a flagged 1 on a level stroke."""
    return [*long_flag(between), _base(between)]


def base(between: Between) -> Strokes:
    """Stand a bare 1 on a level stroke."""
    return [[(0.5, 0), (0.5, 1)], _base(between)]


def curled(between: Between) -> Strokes:
    """End a flagged 1 in a curl to the left."""
    curl = [(between(0.3, 0.45), between(0.95, 1.03)), (between(0.2, 0.4), 0.95)]
    return [[*_flag(between, between(0.15, 0.55)), (0.5, 0.6), (0.48, 0.9), *curl]]


def _flag(between: Between, length: float) -> list[Point]:
    """Rise by 22 to 58 degrees to the top of the stem."""
    drop = min(length * tan(radians(between(22, 58))), 0.55)
    sag = between(-0.04, 0.05)
    return [(0.5 - length, drop), (0.5 - length / 2, drop / 2 + sag), *corner(0.5, 0)]


def _stem(between: Between) -> list[Point]:
    return [(between(0.47, 0.53), 0.5), (0.5, 1)]


def _base(between: Between) -> list[Point]:
    return [(between(0.05, 0.4), 1), (between(0.6, 0.95), between(0.95, 1.05))]


# Nothing but its flag tells how upright a 1 should be: it leans and turns further than others.
_SLANT = (0.25, 0.25)
_TURN = (0.18, 0.2)

STYLES = (
    PenStyle(1, "plain", 1, plain, _SLANT, _TURN),
    PenStyle(1, "short flag", 1, short_flag, _SLANT, _TURN),
    PenStyle(1, "long flag", 7, long_flag, _SLANT, _TURN),
    PenStyle(1, "round flag", 2.5, round_flag, _SLANT, _TURN),
    PenStyle(1, "flag and base", 1.5, flag_and_base, _SLANT, _TURN),
    PenStyle(1, "base", 0.5, base, _SLANT, _TURN),
    PenStyle(1, "curled", 0.7, curled, _SLANT, _TURN),
)
