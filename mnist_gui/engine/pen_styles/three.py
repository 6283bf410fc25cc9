"""Pen styles of the 3."""

from mnist_gui.engine.pen_styles.vocabulary import Between, PenStyle, Strokes, corner


def plain(between: Between) -> Strokes:
    """Draw two bows that meet in a sharp corner."""
    upper = [(0.15, between(0.05, 0.2)), (0.5, 0), (0.8, 0.22)]
    lower = [(0.85, 0.7), (0.5, 1), (0.1, between(0.78, 0.95))]
    return [[*upper, *corner(between(0.3, 0.55), 0.46), *lower]]


def flat_top(between: Between) -> Strokes:
    """Draw a Z above, a bow below."""
    upper = [*corner(0.1, 0.02), *corner(0.8, 0), *corner(between(0.3, 0.5), 0.4)]
    return [[*upper, (0.85, 0.68), (0.5, 1), (0.1, between(0.78, 0.95))]]


def shallow(between: Between) -> Strokes:
    """Hardly turn in between the bows."""
    upper = [(0.2, 0.05), (0.6, 0), (0.85, 0.2), (between(0.55, 0.7), 0.45)]
    return [[*upper, (0.9, 0.7), (0.55, 1), (0.15, between(0.82, 0.97))]]


def rounded(between: Between) -> Strokes:
    """Draw a wide upper bow that turns into the lower one without a corner."""
    upper = [(between(0.02, 0.22), between(0.1, 0.3)), (0.45, 0), (0.8, 0.15)]
    waist = [(0.62, 0.42), (between(0.5, 0.68), 0.47)]
    return [[*upper, *waist, (0.85, 0.65), (0.75, 0.9), (0.4, 1), (between(0, 0.2), 0.88)]]


STYLES = (
    PenStyle(3, "plain", 1, plain),
    PenStyle(3, "flat top", 1, flat_top),
    PenStyle(3, "shallow", 1, shallow),
    PenStyle(3, "rounded", 0.7, rounded),
)
