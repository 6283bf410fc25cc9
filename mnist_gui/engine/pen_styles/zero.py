"""Pen styles of the 0."""

from mnist_gui.engine.pen_styles.vocabulary import Between, PenStyle, Strokes, ring


def plain(between: Between) -> Strokes:
    """Draw one turn that may end a little too early or too late."""
    return [ring((0.5, 0.5), (0.9, 1), start=between(-0.08, 0.08), turns=between(0.95, 1.07))]


def slashed(between: Between) -> Strokes:
    """Draw a stroke through the ring, from the upper right to the lower left."""
    beyond = between(0, 0.18)
    return [*plain(between), [(0.8 + beyond, 0.1 - beyond), (0.2 - beyond, 0.9 + beyond)]]


def tailed(between: Between) -> Strokes:
    """Begin at the right and end inside, beyond the place where the ring is closed."""
    return [
        [
            (0.75, between(-0.1, 0.05)),
            (0.35, 0.05),
            (0.05, 0.5),
            (0.4, 1),
            (0.9, 0.6),
            (0.75, 0.15),
            (0.4, between(0.05, 0.2)),
        ]
    ]


STYLES = (
    PenStyle(0, "plain", 2, plain),
    PenStyle(0, "slashed", 1, slashed),
    PenStyle(0, "tailed", 1, tailed),
)
