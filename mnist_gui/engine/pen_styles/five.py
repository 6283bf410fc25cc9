"""Pen styles of the 5."""

from mnist_gui.engine.pen_styles.vocabulary import Between, PenStyle, Strokes, corner


def one_stroke(between: Between) -> Strokes:
    """Begin with the bar at the right; go on down and into the bow."""
    bar = [(0.85, between(-0.06, 0.06)), *corner(0.25, 0)]
    bow = [(0.5, 0.36), (0.85, 0.66), (0.5, 1), (0.1, between(0.8, 0.98))]
    return [[*bar, *corner(0.18, 0.45), *bow]]


def two_strokes(between: Between) -> Strokes:
    """Put the bar on last, where it may miss the rest."""
    bow = [(0.5, 0.38), (0.82, 0.68), (0.48, 1), (0.08, between(0.82, 0.97))]
    bar = [(between(0.15, 0.32), between(-0.05, 0.04)), (between(0.8, 1), between(-0.08, 0.04))]
    return [[*corner(0.25, 0.02), *corner(0.2, 0.45), *bow], bar]


def like_an_s(_: Between) -> Strokes:
    """Draw no corner at all."""
    upper = [(0.85, 0.03), (0.5, 0), (0.22, 0.2), (0.35, 0.42)]
    return [[*upper, (0.75, 0.58), (0.75, 0.88), (0.45, 1), (0.1, 0.92)]]


STYLES = (
    PenStyle(5, "one stroke", 1, one_stroke),
    PenStyle(5, "two strokes", 1, two_strokes),
    PenStyle(5, "like an S", 1, like_an_s),
)
