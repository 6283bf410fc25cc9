"""Styles in which people draw the digits 5 to 9."""

from collections.abc import Callable

from mnist_gui.engine.synthetic.style import Between, DigitStyle, Point, Strokes, corner, ring


def one_stroke_five(between: Between) -> Strokes:
    """Begin with the bar at the right; go on down and into the bow."""
    bar = [(0.85, between(-0.06, 0.06)), *corner(0.25, 0)]
    bow = [(0.5, 0.36), (0.85, 0.66), (0.5, 1), (0.1, between(0.8, 0.98))]
    return [[*bar, *corner(0.18, 0.45), *bow]]


def two_strokes_five(between: Between) -> Strokes:
    """Put the bar on last, where it may miss the rest."""
    bow = [(0.5, 0.38), (0.82, 0.68), (0.48, 1), (0.08, between(0.82, 0.97))]
    bar = [(between(0.15, 0.32), between(-0.05, 0.04)), (between(0.8, 1), between(-0.08, 0.04))]
    return [[*corner(0.25, 0.02), *corner(0.2, 0.45), *bow], bar]


def like_an_s_five(_: Between) -> Strokes:
    """Draw no corner at all."""
    upper = [(0.85, 0.03), (0.5, 0), (0.22, 0.2), (0.35, 0.42)]
    return [[*upper, (0.75, 0.58), (0.75, 0.88), (0.45, 1), (0.1, 0.92)]]


def plain_six(between: Between) -> Strokes:
    """Draw a round back and a large ring."""
    back = [(between(0.55, 0.85), 0), (0.3, 0.3), (0.12, 0.7)]
    ring = [(0.42, 1), (0.82, 0.8), (0.55, between(0.42, 0.6)), (0.15, between(0.7, 0.85))]
    return [back + ring]


def straight_six(between: Between) -> Strokes:
    """Draw a straight back."""
    back = [(between(0.3, 0.7), 0), (0.22, 0.4), (0.15, 0.8)]
    return [[*back, (0.45, 1), (0.8, 0.82), (0.5, between(0.5, 0.65)), (0.2, 0.85)]]


def small_ring_six(between: Between) -> Strokes:
    """Draw a long back and a small ring."""
    back = [(between(0.4, 0.8), 0), (0.3, 0.35), (0.15, 0.8)]
    ring = [(0.35, 1), (between(0.6, 0.85), 0.85), (0.45, between(0.55, 0.7))]
    return [[*back, *ring, (between(0, 0.2), between(0.74, 0.88))]]


def crossed_six(between: Between) -> Strokes:
    """Let the ring's end cross the back."""
    top = between(0.5, 0.7)
    back = [(between(0.5, 0.8), 0), (0.32, 0.35), (0.2, 0.75)]
    ring = [(0.4, 1), (0.75, 0.82), (0.5, top), (0.2, top + 0.05)]
    return [[*back, *ring, (between(-0.15, 0.05), top + between(0.02, 0.15))]]


def plain_seven(between: Between) -> Strokes:
    """Draw a level top and a sharp corner."""
    top = [(0.05, between(-0.03, 0.1)), (0.45, 0.02), *corner(0.9, 0)]
    return [[*top, (between(0.52, 0.7), 0.45), (between(0.25, 0.55), 1)]]


def serif_seven(between: Between) -> Strokes:
    """Begin with a short stroke, up to where the level top starts."""
    start = [*corner(0.05, between(0.1, 0.28)), *corner(between(0.05, 0.13), 0.02)]
    top = corner(0.92, between(-0.05, 0.05))
    return [[*start, *top, (0.6, 0.45), (between(0.25, 0.55), 1)]]


def wave_seven(between: Between) -> Strokes:
    """Swing the top up and down."""
    sag = between(0.05, 0.15)
    top = [(0.03, sag + 0.05), (0.2, 0), (0.5, sag * 0.7), *corner(0.92, between(-0.08, 0.05))]
    return [[*top, (between(0.54, 0.7), 0.45), (between(0.28, 0.52), 1)]]


def rounded_seven(between: Between) -> Strokes:
    """Turn from the top into the stem in a curve."""
    top = [(0.1, 0.12), (0.4, 0), (0.8, 0.02), (0.9, 0.15)]
    return [[*top, (0.65, 0.55), (between(0.35, 0.55), 1)]]


def _barred_seven(seven: Callable[[Between], Strokes]) -> Callable[[Between], Strokes]:
    """Return what draws this 7 with a bar."""

    def draw(between: Between) -> Strokes:
        return [*seven(between), _bar_seven(between)]

    return draw


def bowed_barred_seven(between: Between) -> Strokes:
    """Bar a small bow that is no wider than the bar: it looks like a 2 or a 3."""
    top = [(between(0.02, 0.22), between(0.1, 0.23)), (0.4, 0), (0.75, 0.05), (0.8, 0.25)]
    middle, tilt = between(0.45, 0.7), between(-0.08, 0.08)
    bar = [(between(0.1, 0.45), middle + tilt), (between(0.72, 1.05), middle - tilt)]
    return [[*top, (0.62, 0.55), (0.5, 0.85), (between(0.2, 0.55), 1)], bar]


def _bar_seven(between: Between) -> list[Point]:
    middle, tilt = between(0.42, 0.62), between(-0.1, 0.1)
    right = (between(0.72, 1), middle - tilt * between(0.3, 1))
    return [(between(0.18, 0.45), middle + tilt), right]


def plain_eight(between: Between) -> Strokes:
    """Begin at the upper right, as an S does, and close it."""
    waist = between(0.4, 0.52)
    upper = [(0.78, between(0.1, 0.23)), (0.5, 0), (0.2, 0.2)]
    lower = _lower_loop_eight(waist, between(0.29, 0.34))
    return [[*upper, *lower, (0.75, between(0.15, 0.3))]]


def from_the_middle_eight(between: Between) -> Strokes:
    """Begin and end at the waist."""
    waist = between(0.4, 0.52)
    upper = [(0.5, waist), (0.2, 0.2), (0.5, 0), (0.8, 0.2)]
    return [[*upper, (0.5, waist), (0.18, 0.75), (0.5, 1), (0.82, 0.75), (0.5, waist)]]


def two_rings_eight(between: Between) -> Strokes:
    """Put one ring on another."""
    upper, roundness = between(0.4, 0.6), between(0.95, 1.35)
    return [
        ring((0.5, upper / 2), (upper * roundness, upper)),
        ring((0.5, (1 + upper) / 2), ((1 - upper) * roundness, 1 - upper)),
    ]


def open_top_eight(between: Between) -> Strokes:
    """Begin and end with tails at the upper right that need not meet."""
    start = [(between(0.7, 0.95), between(-0.02, 0.1)), (0.5, between(0.05, 0.15)), (0.3, 0.2)]
    lower = _lower_loop_eight(between(0.38, 0.6), between(0.2, 0.35))
    return [[*start, *lower, (0.75, 0.2), (between(0.73, 0.95), between(-0.05, 0.1))]]


def crossed_eight(between: Between) -> Strokes:
    """Draw only the lower loop; its ends stick out above like those of a ribbon."""
    start = [(between(0.1, 0.3), between(0, 0.15)), (0.35, 0.25)]
    lower = _lower_loop_eight(between(0.45, 0.62), between(0.17, 0.32))
    # This loop is entered from the left, so it is gone round the other way.
    lower = [(1 - x, y) for x, y in lower]
    return [[*start, *lower, (0.72, 0.25), (between(0.7, 0.9), between(-0.05, 0.1))]]


def small_top_eight(between: Between) -> Strokes:
    """Draw a large lower loop and a small upper one."""
    half = between(0.18, 0.27)
    upper = [(0.5 + half, 0.1), (0.5, 0), (0.5 - half, 0.15)]
    lower = _lower_loop_eight(between(0.3, 0.4), 0.32)
    return [[*upper, *lower, (0.5 + half, between(0.06, 0.17))]]


def big_top_eight(between: Between) -> Strokes:
    """Draw a large upper loop and a small lower one."""
    upper = [(0.78, 0.15), (0.5, 0), (0.2, 0.25)]
    lower = _lower_loop_eight(between(0.55, 0.68), between(0.18, 0.27))
    return [[*upper, *lower, (0.75, between(0.2, 0.35))]]


def _lower_loop_eight(waist: float, half: float) -> list[Point]:
    """Go round to the right from the waist, half as wide as said, and back to the waist."""
    side = 0.8 if waist > 0.45 else 0.75
    return [(0.5, waist), (0.5 + half, side), (0.5, 1), (0.5 - half, side), (0.5, waist)]


def straight_nine(between: Between) -> Strokes:
    """End in a straight stem."""
    return [[*_head_nine(between), *corner(0.82, 0.12), (0.78, 0.55), (between(0.52, 0.82), 1)]]


def hooked_nine(between: Between) -> Strokes:
    """End in a hook to the left."""
    hook = [(0.82, 0.6), (0.62, 0.93), (0.4, 1), (between(0, 0.3), between(0.8, 0.97))]
    return [[*_head_nine(between), *corner(0.82, 0.12), *hook]]


def like_an_s_nine(between: Between) -> Strokes:
    """End in a wide bow, so that the whole is an S that is closed above."""
    bow = [(0.84, between(0.05, 0.2)), (between(0.79, 0.96), 0.62), (0.68, 0.95)]
    end = [(0.3, between(0.97, 1.03)), (between(-0.2, 0.2), between(0.73, 0.97))]
    return [[*_head_nine(between), *bow, *end]]


def flat_foot_nine(between: Between) -> Strokes:
    """End in a level stroke to the left."""
    foot = [(0.8, 0.93), (0.5, 1), (between(-0.15, 0.2), between(0.9, 1.02))]
    return [[*_head_nine(between), *corner(0.83, 0.1), (0.86, 0.55), *foot]]


def small_head_nine(between: Between) -> Strokes:
    """Draw a small head and a wide bow below it."""
    head = [(0.75, 0.1), (0.5, 0), (0.28, 0.15), (0.5, between(0.28, 0.4)), (0.78, 0.12)]
    bow = [(0.86, between(0.42, 0.58)), (0.72, 0.9), (0.35, 1)]
    return [[*head, *bow, (between(-0.1, 0.25), between(0.76, 0.96))]]


def two_strokes_nine(between: Between) -> Strokes:
    """Draw a ring, then a hooked stem beside it."""
    ring = [(0.8, 0.1), (0.45, 0), (0.12, 0.24), (0.42, 0.5), (0.8, 0.25), (0.75, 0.08)]
    stem = [(0.82, between(-0.06, 0.1)), (0.84, 0.6), (0.6, 0.95), (0.35, 1)]
    return [ring, [*stem, (between(-0.02, 0.28), between(0.8, 0.98))]]


def eared_nine(between: Between) -> Strokes:
    """Begin the head to the right of the stem."""
    ear = (between(0.85, 1.1), between(-0.02, 0.08))
    head = [ear, (0.5, 0), (0.2, 0.2), (0.42, between(0.3, 0.5)), (0.75, 0.25)]
    hook = [(0.84, 0.55), (between(0.6, 0.8), 0.92), (0.4, 1)]
    return [[*head, *corner(0.8, 0.1), *hook, (between(-0.1, 0.3), between(0.78, 0.98))]]


def tiny_head_nine(between: Between) -> Strokes:
    """Draw a very small head on a long stem: nearly a 1."""
    low = between(0.18, 0.32)
    head = [(0.72, 0.08), (0.48, 0), (between(0.18, 0.34), low * 0.6), (0.46, low)]
    return [[*head, (0.72, 0.08), (0.75, 0.15), (0.68, 0.55), (between(0.3, 0.6), 1)]]


def tail_up_nine(between: Between) -> Strokes:
    """Lead the tail far to the left and up again."""
    head = [(0.78, 0.1), (0.48, 0), (0.2, 0.2), (0.45, between(0.32, 0.5)), (0.8, 0.15)]
    left = between(-0.15, 0.25)
    tail = [(0.78, 0.88), (0.45, 1), (left + 0.1, 0.92), (left, between(0.65, 0.87))]
    return [[*head, (0.85, 0.5), *tail]]


def _head_nine(between: Between) -> list[Point]:
    """Go round from the upper right to the left and below, and up again."""
    start = (between(0.75, 0.83), between(0.06, 0.22))
    return [start, (0.45, 0), (0.12, 0.24), (0.42, between(0.4, 0.55)), (0.8, 0.22)]


STYLES_5_TO_9 = (
    DigitStyle(5, "one stroke", 1, one_stroke_five),
    DigitStyle(5, "two strokes", 1, two_strokes_five),
    DigitStyle(5, "like an S", 1, like_an_s_five),
    DigitStyle(6, "plain", 1, plain_six),
    DigitStyle(6, "straight", 1, straight_six),
    DigitStyle(6, "small ring", 1, small_ring_six),
    DigitStyle(6, "crossed", 0.7, crossed_six),
    DigitStyle(7, "plain", 1, plain_seven),
    DigitStyle(7, "serif", 1, serif_seven),
    DigitStyle(7, "wave", 0.5, wave_seven),
    DigitStyle(7, "rounded", 0.7, rounded_seven),
    DigitStyle(7, "barred", 1, _barred_seven(plain_seven)),
    DigitStyle(7, "serif, barred", 1, _barred_seven(serif_seven)),
    DigitStyle(7, "wave, barred", 0.7, _barred_seven(wave_seven)),
    DigitStyle(7, "rounded, barred", 1, _barred_seven(rounded_seven)),
    DigitStyle(7, "bowed, barred", 1.2, bowed_barred_seven),
    DigitStyle(8, "plain", 1, plain_eight),
    DigitStyle(8, "from the middle", 1, from_the_middle_eight),
    DigitStyle(8, "two rings", 1, two_rings_eight),
    DigitStyle(8, "open", 0.7, open_top_eight),
    DigitStyle(8, "crossed", 1, crossed_eight),
    DigitStyle(8, "small top", 0.7, small_top_eight),
    DigitStyle(8, "big top", 0.7, big_top_eight),
    DigitStyle(9, "straight", 1, straight_nine),
    DigitStyle(9, "hooked", 1.5, hooked_nine),
    DigitStyle(9, "like an S", 1.5, like_an_s_nine),
    DigitStyle(9, "flat foot", 1.2, flat_foot_nine),
    DigitStyle(9, "small head", 1, small_head_nine),
    DigitStyle(9, "two strokes", 1, two_strokes_nine),
    DigitStyle(9, "eared", 1.2, eared_nine),
    DigitStyle(9, "tiny head", 0.8, tiny_head_nine),
    DigitStyle(9, "tail up", 1.2, tail_up_nine),
)
