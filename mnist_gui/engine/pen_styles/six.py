"""Pen styles of the 6."""

from mnist_gui.engine.pen_styles.vocabulary import Between, PenStyle, Strokes


def plain(between: Between) -> Strokes:
    """Draw a round back and a large ring."""
    back = [(between(0.55, 0.85), 0), (0.3, 0.3), (0.12, 0.7)]
    ring = [(0.42, 1), (0.82, 0.8), (0.55, between(0.42, 0.6)), (0.15, between(0.7, 0.85))]
    return [back + ring]


def straight(between: Between) -> Strokes:
    """Draw a straight back."""
    back = [(between(0.3, 0.7), 0), (0.22, 0.4), (0.15, 0.8)]
    return [[*back, (0.45, 1), (0.8, 0.82), (0.5, between(0.5, 0.65)), (0.2, 0.85)]]


def small_ring(between: Between) -> Strokes:
    """Draw a long back and a small ring."""
    back = [(between(0.4, 0.8), 0), (0.3, 0.35), (0.15, 0.8)]
    ring = [(0.35, 1), (between(0.6, 0.85), 0.85), (0.45, between(0.55, 0.7))]
    return [[*back, *ring, (between(0, 0.2), between(0.74, 0.88))]]


def crossed(between: Between) -> Strokes:
    """Let the ring's end cross the back."""
    top = between(0.5, 0.7)
    back = [(between(0.5, 0.8), 0), (0.32, 0.35), (0.2, 0.75)]
    ring = [(0.4, 1), (0.75, 0.82), (0.5, top), (0.2, top + 0.05)]
    return [[*back, *ring, (between(-0.15, 0.05), top + between(0.02, 0.15))]]


STYLES = (
    PenStyle(6, "plain", 1, plain),
    PenStyle(6, "straight", 1, straight),
    PenStyle(6, "small ring", 1, small_ring),
    PenStyle(6, "crossed", 0.7, crossed),
)
