"""Pen styles of the 4: in each, `bar` is the height of its level stroke, `stem` where it stands."""

from mnist_gui.engine.pen_styles.vocabulary import Between, PenStyle, Strokes, corner


def open_top(between: Between) -> Strokes:
    """Draw an L, and a stem through its foot."""
    bar, stem = between(0.5, 0.68), between(0.55, 0.8)
    foot = [(0.5, bar + between(-0.04, 0.04)), (0.95, bar + between(-0.06, 0.04))]
    left = [(between(0.17, 0.47), 0), *corner(0.08, bar), *foot]
    return [left, [(stem, between(-0.05, 0.4)), (stem - 0.02, 0.6), (stem - between(0, 0.1), 1)]]


def closed(between: Between) -> Strokes:
    """Draw the printed 4: a triangle on a stem."""
    bar, stem = between(0.55, 0.72), between(0.58, 0.72)
    foot = [(0.5, bar), (0.95, bar + between(-0.05, 0.04))]
    return [[*corner(stem, 0), *corner(0.05, bar), *foot], [(stem, 0), (stem, 1)]]


def narrow(between: Between) -> Strokes:
    """Let the foot end at the stem, or just beyond."""
    bar, stem = between(0.45, 0.65), between(0.58, 0.75)
    foot = (stem + between(0.02, 0.2), bar + between(-0.08, 0.02))
    left = [(between(0.33, 0.5), 0), *corner(0.15, bar), foot]
    top = bar - between(0.08, 0.35)
    return [left, [(stem, top), (stem - 0.03, 0.75), (stem - between(0, 0.12), 1)]]


def one_stroke(between: Between) -> Strokes:
    """Turn back down from the foot without lifting the pen: a 9 with an open, angular head."""
    bar, stem = between(0.45, 0.6), between(0.5, 0.75)
    left = [(between(0.2, 0.5), 0), (0.15, bar * 0.7), *corner(0.12, bar)]
    top = bar - between(0.1, 0.4)
    down = [*corner(stem, top), (stem - 0.02, 0.7), (stem - between(0, 0.12), 1)]
    return [[*left, (0.45, bar - 0.02), *down]]


def hooked(between: Between) -> Strokes:
    """Draw a tall left side and a low turn; the stem begins far below the top."""
    bar, stem = between(0.55, 0.75), between(0.55, 0.8)
    top = bar - between(0.12, 0.4)
    left = [(between(0.23, 0.5), 0), (0.18, bar * 0.6), *corner(0.1, bar)]
    foot = [(0.3, bar + between(-0.02, 0.03)), (stem, bar - 0.05)]
    down = [(stem, top), (stem - 0.02, top + 0.05), (stem - between(0.02, 0.12), 1)]
    return [[*left, *foot, *down]]


def looped(between: Between) -> Strokes:
    """Turn from the foot into the stem in a narrow loop."""
    bar, stem = between(0.5, 0.7), between(0.5, 0.75)
    rise, half = between(0.15, 0.4), between(0.02, 0.1)
    left = [(between(0.17, 0.47), 0), (0.12, bar * 0.7), (0.15, bar), (0.5, bar - 0.03)]
    side = bar - rise * 0.6
    loop = [(stem + half, side), (stem, bar - rise), (stem - half, side)]
    return [[*left, *loop, (stem - 0.03, 0.8), (stem - between(0, 0.12), 1)]]


STYLES = (
    PenStyle(4, "open", 1, open_top),
    PenStyle(4, "closed", 1, closed),
    PenStyle(4, "narrow", 1, narrow),
    PenStyle(4, "one stroke", 1, one_stroke),
    PenStyle(4, "hooked", 1.2, hooked),
    PenStyle(4, "looped", 1, looped),
)
