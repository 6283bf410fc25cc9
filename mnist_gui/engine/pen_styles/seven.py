"""Pen styles of the 7: four tops, each with and without a bar through the stem."""

from mnist_gui.engine.pen_styles.vocabulary import Between, PenStyle, Point, Strokes, corner


def plain(between: Between) -> Strokes:
    """Draw a level top and a sharp corner."""
    top = [(0.05, between(-0.03, 0.1)), (0.45, 0.02), *corner(0.9, 0)]
    return [[*top, (between(0.52, 0.7), 0.45), (between(0.25, 0.55), 1)]]


def serif(between: Between) -> Strokes:
    """Begin with a short stroke, up to where the level top starts."""
    start = [*corner(0.05, between(0.1, 0.28)), *corner(between(0.05, 0.13), 0.02)]
    top = corner(0.92, between(-0.05, 0.05))
    return [[*start, *top, (0.6, 0.45), (between(0.25, 0.55), 1)]]


def wave(between: Between) -> Strokes:
    """Swing the top up and down."""
    sag = between(0.05, 0.15)
    top = [(0.03, sag + 0.05), (0.2, 0), (0.5, sag * 0.7), *corner(0.92, between(-0.08, 0.05))]
    return [[*top, (between(0.54, 0.7), 0.45), (between(0.28, 0.52), 1)]]


def rounded(between: Between) -> Strokes:
    """Turn from the top into the stem in a curve."""
    top = [(0.1, 0.12), (0.4, 0), (0.8, 0.02), (0.9, 0.15)]
    return [[*top, (0.65, 0.55), (between(0.35, 0.55), 1)]]


def barred(between: Between) -> Strokes:
    """Bar a plain 7."""
    return [*plain(between), _bar(between)]


def serif_barred(between: Between) -> Strokes:
    """Bar a 7 with a serif."""
    return [*serif(between), _bar(between)]


def wave_barred(between: Between) -> Strokes:
    """Bar a 7 with a wavy top."""
    return [*wave(between), _bar(between)]


def rounded_barred(between: Between) -> Strokes:
    """Bar a rounded 7."""
    return [*rounded(between), _bar(between)]


def bowed_barred(between: Between) -> Strokes:
    """Bar a small bow that is no wider than the bar: it looks like a 2 or a 3."""
    top = [(between(0.02, 0.22), between(0.1, 0.23)), (0.4, 0), (0.75, 0.05), (0.8, 0.25)]
    middle, tilt = between(0.45, 0.7), between(-0.08, 0.08)
    bar = [(between(0.1, 0.45), middle + tilt), (between(0.72, 1.05), middle - tilt)]
    return [[*top, (0.62, 0.55), (0.5, 0.85), (between(0.2, 0.55), 1)], bar]


def _bar(between: Between) -> list[Point]:
    middle, tilt = between(0.42, 0.62), between(-0.1, 0.1)
    right = (between(0.72, 1), middle - tilt * between(0.3, 1))
    return [(between(0.18, 0.45), middle + tilt), right]


STYLES = (
    PenStyle(7, "plain", 1, plain),
    PenStyle(7, "serif", 1, serif),
    PenStyle(7, "wave", 0.5, wave),
    PenStyle(7, "rounded", 0.7, rounded),
    PenStyle(7, "barred", 1, barred),
    PenStyle(7, "serif, barred", 1, serif_barred),
    PenStyle(7, "wave, barred", 0.7, wave_barred),
    PenStyle(7, "rounded, barred", 1, rounded_barred),
    PenStyle(7, "bowed, barred", 1.2, bowed_barred),
)
