"""Pen styles of the 9: its tail may curl as a 3's or a 5's lower half does."""

from mnist_gui.engine.pen_styles.vocabulary import Between, PenStyle, Point, Strokes, corner


def straight(between: Between) -> Strokes:
    """End in a straight stem."""
    return [[*_head(between), *corner(0.82, 0.12), (0.78, 0.55), (between(0.52, 0.82), 1)]]


def hooked(between: Between) -> Strokes:
    """End in a hook to the left."""
    hook = [(0.82, 0.6), (0.62, 0.93), (0.4, 1), (between(0, 0.3), between(0.8, 0.97))]
    return [[*_head(between), *corner(0.82, 0.12), *hook]]


def like_an_s(between: Between) -> Strokes:
    """End in a wide bow, so that the whole is an S that is closed above."""
    bow = [(0.84, between(0.05, 0.2)), (between(0.79, 0.96), 0.62), (0.68, 0.95)]
    end = [(0.3, between(0.97, 1.03)), (between(-0.2, 0.2), between(0.73, 0.97))]
    return [[*_head(between), *bow, *end]]


def flat_foot(between: Between) -> Strokes:
    """End in a level stroke to the left."""
    foot = [(0.8, 0.93), (0.5, 1), (between(-0.15, 0.2), between(0.9, 1.02))]
    return [[*_head(between), *corner(0.83, 0.1), (0.86, 0.55), *foot]]


def small_head(between: Between) -> Strokes:
    """Draw a small head and a wide bow below it."""
    head = [(0.75, 0.1), (0.5, 0), (0.28, 0.15), (0.5, between(0.28, 0.4)), (0.78, 0.12)]
    bow = [(0.86, between(0.42, 0.58)), (0.72, 0.9), (0.35, 1)]
    return [[*head, *bow, (between(-0.1, 0.25), between(0.76, 0.96))]]


def two_strokes(between: Between) -> Strokes:
    """Draw a ring, then a hooked stem beside it."""
    ring = [(0.8, 0.1), (0.45, 0), (0.12, 0.24), (0.42, 0.5), (0.8, 0.25), (0.75, 0.08)]
    stem = [(0.82, between(-0.06, 0.1)), (0.84, 0.6), (0.6, 0.95), (0.35, 1)]
    return [ring, [*stem, (between(-0.02, 0.28), between(0.8, 0.98))]]


def eared(between: Between) -> Strokes:
    """Begin the head to the right of the stem."""
    ear = (between(0.85, 1.1), between(-0.02, 0.08))
    head = [ear, (0.5, 0), (0.2, 0.2), (0.42, between(0.3, 0.5)), (0.75, 0.25)]
    hook = [(0.84, 0.55), (between(0.6, 0.8), 0.92), (0.4, 1)]
    return [[*head, *corner(0.8, 0.1), *hook, (between(-0.1, 0.3), between(0.78, 0.98))]]


def tiny_head(between: Between) -> Strokes:
    """Draw a very small head on a long stem: nearly a 1."""
    low = between(0.18, 0.32)
    head = [(0.72, 0.08), (0.48, 0), (between(0.18, 0.34), low * 0.6), (0.46, low)]
    return [[*head, (0.72, 0.08), (0.75, 0.15), (0.68, 0.55), (between(0.3, 0.6), 1)]]


def tail_up(between: Between) -> Strokes:
    """Lead the tail far to the left and up again."""
    head = [(0.78, 0.1), (0.48, 0), (0.2, 0.2), (0.45, between(0.32, 0.5)), (0.8, 0.15)]
    left = between(-0.15, 0.25)
    tail = [(0.78, 0.88), (0.45, 1), (left + 0.1, 0.92), (left, between(0.65, 0.87))]
    return [[*head, (0.85, 0.5), *tail]]


def _head(between: Between) -> list[Point]:
    """Go round from the upper right to the left and below, and up again."""
    start = (between(0.75, 0.83), between(0.06, 0.22))
    return [start, (0.45, 0), (0.12, 0.24), (0.42, between(0.4, 0.55)), (0.8, 0.22)]


STYLES = (
    PenStyle(9, "straight", 1, straight),
    PenStyle(9, "hooked", 1.5, hooked),
    PenStyle(9, "like an S", 1.5, like_an_s),
    PenStyle(9, "flat foot", 1.2, flat_foot),
    PenStyle(9, "small head", 1, small_head),
    PenStyle(9, "two strokes", 1, two_strokes),
    PenStyle(9, "eared", 1.2, eared),
    PenStyle(9, "tiny head", 0.8, tiny_head),
    PenStyle(9, "tail up", 1.2, tail_up),
)
