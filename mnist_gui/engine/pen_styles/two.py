"""Pen styles of the 2."""

from mnist_gui.engine.pen_styles.vocabulary import Between, PenStyle, Strokes, corner


def plain(between: Between) -> Strokes:
    """Draw a bow, then a level foot from a sharp corner."""
    bow = [(between(0.05, 0.2), between(0.17, 0.33)), (0.4, 0), (0.8, 0.2), (0.62, 0.55)]
    foot = [(0.5, between(0.94, 1.04)), (0.9, between(0.93, 1.03))]
    return [[*bow, *corner(0.1, 1), *foot]]


def looped(between: Between) -> Strokes:
    """Turn from the bow to the foot in a small loop."""
    size = between(0.05, 0.16)
    bow = [(0.12, 0.25), (0.4, 0), (0.8, 0.2), (0.6, 0.6)]
    loop = [(0.2, 0.98), (0.1 - size / 2, 0.95 - size / 2), (0.18, 0.85 - size)]
    return [[*bow, *loop, (0.45, 0.92), (0.95, between(0.92, 1.04))]]


def narrow(between: Between) -> Strokes:
    """Draw a slender plain 2."""
    bow = [(0.25, between(0.1, 0.25)), (0.45, 0), (0.7, 0.15), (0.65, 0.5)]
    return [[*bow, *corner(0.25, 0.97), (0.55, 0.97), (0.85, 1)]]


STYLES = (
    PenStyle(2, "plain", 1, plain),
    PenStyle(2, "looped", 1, looped),
    PenStyle(2, "narrow", 1, narrow),
)
