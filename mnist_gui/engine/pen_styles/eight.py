"""Pen styles of the 8: in each, `waist` is the height at which its two loops meet."""

from mnist_gui.engine.pen_styles.vocabulary import Between, PenStyle, Point, Strokes, ring


def plain(between: Between) -> Strokes:
    """Begin at the upper right, as an S does, and close it."""
    waist = between(0.4, 0.52)
    upper = [(0.78, between(0.1, 0.23)), (0.5, 0), (0.2, 0.2)]
    lower = _lower_loop(waist, between(0.29, 0.34))
    return [[*upper, *lower, (0.75, between(0.15, 0.3))]]


def from_the_middle(between: Between) -> Strokes:
    """Begin and end at the waist."""
    waist = between(0.4, 0.52)
    upper = [(0.5, waist), (0.2, 0.2), (0.5, 0), (0.8, 0.2)]
    return [[*upper, (0.5, waist), (0.18, 0.75), (0.5, 1), (0.82, 0.75), (0.5, waist)]]


def two_rings(between: Between) -> Strokes:
    """Put one ring on another."""
    upper, roundness = between(0.4, 0.6), between(0.95, 1.35)
    return [
        ring((0.5, upper / 2), (upper * roundness, upper)),
        ring((0.5, (1 + upper) / 2), ((1 - upper) * roundness, 1 - upper)),
    ]


def open_top(between: Between) -> Strokes:
    """Begin and end with tails at the upper right that need not meet."""
    start = [(between(0.7, 0.95), between(-0.02, 0.1)), (0.5, between(0.05, 0.15)), (0.3, 0.2)]
    lower = _lower_loop(between(0.38, 0.6), between(0.2, 0.35))
    return [[*start, *lower, (0.75, 0.2), (between(0.73, 0.95), between(-0.05, 0.1))]]


def crossed(between: Between) -> Strokes:
    """Draw only the lower loop; its ends stick out above like those of a ribbon."""
    start = [(between(0.1, 0.3), between(0, 0.15)), (0.35, 0.25)]
    lower = _lower_loop(between(0.45, 0.62), between(0.17, 0.32))
    # This loop is entered from the left, so it is gone round the other way.
    lower = [(1 - x, y) for x, y in lower]
    return [[*start, *lower, (0.72, 0.25), (between(0.7, 0.9), between(-0.05, 0.1))]]


def small_top(between: Between) -> Strokes:
    """Draw a large lower loop and a small upper one."""
    half = between(0.18, 0.27)
    upper = [(0.5 + half, 0.1), (0.5, 0), (0.5 - half, 0.15)]
    lower = _lower_loop(between(0.3, 0.4), 0.32)
    return [[*upper, *lower, (0.5 + half, between(0.06, 0.17))]]


def big_top(between: Between) -> Strokes:
    """Draw a large upper loop and a small lower one."""
    upper = [(0.78, 0.15), (0.5, 0), (0.2, 0.25)]
    lower = _lower_loop(between(0.55, 0.68), between(0.18, 0.27))
    return [[*upper, *lower, (0.75, between(0.2, 0.35))]]


def _lower_loop(waist: float, half: float) -> list[Point]:
    """Go round to the right from the waist, half as wide as said, and back to the waist."""
    side = 0.8 if waist > 0.45 else 0.75
    return [(0.5, waist), (0.5 + half, side), (0.5, 1), (0.5 - half, side), (0.5, waist)]


STYLES = (
    PenStyle(8, "plain", 1, plain),
    PenStyle(8, "from the middle", 1, from_the_middle),
    PenStyle(8, "two rings", 1, two_rings),
    PenStyle(8, "open", 0.7, open_top),
    PenStyle(8, "crossed", 1, crossed),
    PenStyle(8, "small top", 0.7, small_top),
    PenStyle(8, "big top", 0.7, big_top),
)
