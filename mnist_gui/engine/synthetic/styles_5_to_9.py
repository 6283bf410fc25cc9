"""Styles in which people write 5 to 9."""

from collections.abc import Callable

from mnist_gui.engine.synthetic.shapes import (
    Between,
    DigitStyle,
    Point,
    Strokes,
    corner,
    path,
    ring,
)


def floating_bar_five(between: Between) -> Strokes:
    """Draw a bow that has no left side, and a short bar above it."""
    start = [(between(0.2, 0.45), between(0.12, 0.4)), (between(0.3, 0.5), 0.4)]
    bow = [(between(0.65, 0.85), between(0.5, 0.72)), (0.55, 0.97), (between(0, 0.3), 0.95)]
    left, level = between(0.3, 0.65), between(-0.08, 0.12)
    bar = [(left, level), (left + between(0.25, 0.55), level + between(-0.1, 0.06))]
    return [[*start, *bow], bar]


def zigzag_five(between: Between) -> Strokes:
    """Draw it in straight pieces, the last of which may rise."""
    top = (between(0.6, 1.0), between(-0.08, 0.1))
    left = corner(between(0.1, 0.35), between(0, 0.12))
    waist = corner(between(0.05, 0.3), between(0.38, 0.52))
    right = corner(between(0.65, 0.95), between(0.42, 0.68))
    low = (between(0.3, 0.7), 1)
    return [[top, *left, *waist, *right, low, (between(-0.1, 0.25), between(0.78, 1.0))]]


def corner_five(between: Between) -> Strokes:
    """Begin at the left end of the top, go down and round; the bar comes last and may rise."""
    left = between(0.1, 0.35)
    bow = [(0.5, between(0.3, 0.45)), (between(0.7, 0.95), 0.66), (0.5, 1), (0.1, 0.9)]
    bar = [
        (left + between(-0.1, 0.15), between(-0.02, 0.1)),
        (between(0.7, 1.1), between(-0.12, 0.06)),
    ]
    return [[(left, 0.0), *corner(left - between(0, 0.1), between(0.36, 0.5)), *bow], bar]


def curled_in_six(between: Between) -> Strokes:
    """Enter the loop from inside: its end turns down again within the ring."""
    top = between(0.35, 0.62)
    back = [(between(0.05, 0.45), 0), (0.12, 0.4), (0.15, 0.8)]
    ring_ = [(0.4, 1), (0.8, 0.8), (between(0.65, 0.85), top), (between(0.4, 0.55), top + 0.05)]
    end = [(between(0.35, 0.5), between(0.75, 0.9))]
    end += [(between(0.6, 1.0), between(0.8, 1.0))] if between(0, 1) < 0.5 else []
    return [[*back, *ring_, *end]]


def turned_down_six(between: Between) -> Strokes:
    """Go up on the right, and down again within the ring to its foot, often out to the right."""
    top, right = between(0.2, 0.6), between(0.75, 1.0)
    back = [
        (between(0.1, 0.4), 0),
        (0.08, between(0.35, 0.5)),
        (0.02, 0.75),
        (0.2, between(0.85, 1)),
    ]
    up = [(0.55, between(0.7, 0.85)), (right, top), (right - between(0.15, 0.35), top + 0.05)]
    down = [(between(0.45, 0.65), between(0.82, 1.02))]
    end = [(between(0.7, 1.1), between(0.78, 0.98))] if between(0, 1) < 0.6 else []
    return [[*back, *up, *down, *end]]


def exit_six(between: Between) -> Strokes:
    """Draw a small ring, and leave it to the right."""
    top, right = between(0.5, 0.8), between(0.5, 0.8)
    back = [(between(0.25, 0.75), 0), (0.25, 0.4), (0.15, 0.85)]
    ring_ = [(0.35, 1), (right, 0.85), (right - 0.15, top), (0.2, (1 + top) / 2)]
    return [[*back, *ring_, (0.5, between(0.85, 1)), (between(0.8, 1.15), between(0.75, 1))]]


def crossed_six(between: Between) -> Strokes:
    """Let the ring's end cross the back."""
    top = between(0.5, 0.7)
    back = [(between(0.5, 0.8), 0), (0.32, 0.35), (0.2, 0.75)]
    ring = [(0.4, 1), (0.75, 0.82), (0.5, top), (0.2, top + 0.05)]
    return [[*back, *ring, (between(-0.15, 0.05), top + between(0.02, 0.15))]]


def wave_seven(between: Between) -> Strokes:
    """Swing the top up and down."""
    sag = between(0.05, 0.15)
    top = [(0.03, sag + 0.05), (0.2, 0), (0.5, sag * 0.7), *corner(0.92, between(-0.08, 0.05))]
    return [[*top, (between(0.54, 0.7), 0.45), (between(0.28, 0.52), 1)]]


def rising_seven(between: Between) -> Strokes:
    """Begin the top below and to the left of its end."""
    slope, right = between(0.08, 0.32), between(0.75, 1.2)
    top = [(between(-0.1, 0.1), slope), (0.4, slope * between(0.3, 0.6)), *corner(right, 0)]
    return [[*top, (between(0.5, 0.8), 0.5), (between(0.25, 0.75), 1)]]


def exit_seven(between: Between) -> Strokes:
    """End in a hook to the right, which is much shorter than the foot of a 2."""
    foot, size = between(0.25, 0.55), between(0.05, 0.38)
    top = [(between(0.0, 0.15), between(0, 0.2)), (0.45, between(0, 0.08)), *corner(0.88, 0.02)]
    hook = (foot + size, 1 - size * between(-0.1, 1.0))
    turn = [*corner(foot, 1)] if between(0, 1) < 0.6 else [(foot, 0.97)]
    return [[*top, (0.62, 0.45), *turn, hook]]


def entered_seven(between: Between) -> Strokes:
    """Come up to the top from below in a hook, so that it all looks like an N that leans."""
    entry = [
        (between(0.0, 0.15), between(0.2, 0.45)),
        *corner(between(0.12, 0.25), between(0, 0.1)),
    ]
    return [[*entry, *corner(between(0.75, 0.98), between(-0.05, 0.12)), (0.6, 0.5), (0.45, 1)]]


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
    middle, tilt = between(0.42, 0.75), between(-0.1, 0.1)
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


def shifted_rings_eight(between: Between) -> Strokes:
    """Put one ring on another, which may overlap or miss each other, each begun anywhere."""
    upper, aside = between(0.3, 0.6), between(-0.12, 0.12)
    over = between(-0.06, 0.08)
    sizes = (upper * between(0.8, 1.3), upper), (0.9 * between(0.6, 1.0), 1 - upper + over)
    middles = (0.5 + aside, upper / 2), (0.5 - aside, (1 + upper - over) / 2)
    return [
        ring(middle, size, start=between(0, 1), turns=between(0.95, 1.15))
        for middle, size in zip(middles, sizes, strict=True)
    ]


def cup_eight(between: Between) -> Strokes:
    """Draw an open cup, and go on into the ring that it stands on."""
    waist, half = between(0.35, 0.55), between(0.2, 0.35)
    left = [(between(0.15, 0.35), between(-0.02, 0.15)), (0.3, waist * 0.6)]
    lower = [(1 - x, y) for x, y in _lower_loop_eight(waist, half)]
    right = [(0.7, waist * 0.6), (between(0.65, 0.85), between(-0.02, 0.15))]
    return [[*left, *reversed(lower), *right]]


def cup_on_ring_eight(between: Between) -> Strokes:
    """Draw a cup and a ring below it, in two strokes."""
    waist = between(0.38, 0.55)
    cup = [(between(0.1, 0.3), between(0, 0.12)), (0.25, waist * 0.7), (0.5, waist + 0.03)]
    size = (between(0.6, 0.95), 1 - waist)
    line = [*cup, (0.75, waist * 0.7), (between(0.7, 0.9), between(0, 0.12))]
    return [line, ring((0.5, (1 + waist) / 2), size, start=between(-0.1, 0.1))]


def angular_eight(between: Between) -> Strokes:
    """Draw two triangles that meet in the waist, with sharp corners."""
    places = [
        (between(0.6, 0.9), between(0, 0.15)),
        (between(0.1, 0.35), between(-0.02, 0.12)),
        (between(0.7, 0.9), between(0.85, 1.02)),
        (between(0.05, 0.3), between(0.88, 1.02)),
        (between(0.65, 0.95), between(0, 0.15)),
    ]
    return [[point for place in places for point in corner(*place)]]


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


def ribbon_nine(between: Between) -> Strokes:
    """Begin at half height, go over the top and across the beginning into a wide bow."""
    waist = between(0.36, 0.55)
    start = [(between(0.05, 0.4), waist + between(-0.02, 0.08)), (between(0.6, 0.85), waist * 0.6)]
    over = [(0.7, 0.05), (0.45, -0.02), (between(0.12, 0.3), 0.15), (0.4, waist * 0.9)]
    bow = [(between(0.7, 0.95), between(0.6, 0.72)), (0.7, 0.92), (0.35, 1)]
    return [[*start, *over, *bow, (between(-0.15, 0.25), between(0.75, 0.97))]]


def open_head_nine(between: Between) -> Strokes:
    """Do not close the head: its end meets the stem low, or not at all."""
    start = (between(0.6, 0.9), between(0.0, 0.15))
    head = [(0.4, between(0, 0.06)), (between(0.08, 0.25), 0.2), (0.35, between(0.38, 0.5))]
    low = between(0.2, 0.42)
    foot = [(between(0.6, 0.85), 0.65), (between(0.3, 0.75), 1)]
    hook = [(between(0, 0.3), between(0.85, 1))] if between(0, 1) < 0.4 else []
    return [[start, *head, *corner(between(0.75, 0.88), low), *foot, *hook]]


def flat_head_nine(between: Between) -> Strokes:
    """Draw a head that is flat, or a mere blot, on a stem."""
    size = between(0.05, 0.28)
    left = between(0.0, 0.35)
    head = [(0.78, size / 3), (0.5, 0), (left, size * between(0.3, 0.9)), (0.45, size)]
    return [[*head, *corner(0.82, size * 0.4), (0.72, 0.5), (between(0.35, 0.7), 1)]]


def _head_nine(between: Between) -> list[Point]:
    """Go round from the upper right to the left and below, and up again."""
    start = (between(0.75, 0.83), between(0.06, 0.22))
    return [start, (0.45, 0), (0.12, 0.24), (0.42, between(0.4, 0.55)), (0.8, 0.22)]


# Put the bar on last, where it may miss the rest.
_TWO_STROKES_FIVE = path("25 2!  20 45!  50 38  82 68  48 100  8 82~97 / 15~32 -5~4  80~100 -8~4")
# Draw a long back and a small ring.
_SMALL_RING_SIX = path("40~80 0  30 35  15 80  35 100  60~85 85  45 55~70  0~20 74~88")
# Draw a level top and a sharp corner.
_PLAIN_SEVEN = path("5 -3~10  45 2  90 0!  52~70 45  25~55 100")
# Begin with a short stroke, up to where the level top starts.
_SERIF_SEVEN = path("5 10~28!  5~13 2!  92 -5~5!  60 45  25~55 100")
# Turn from the top into the stem in a curve.
_ROUNDED_SEVEN = path("10 12  40 0  80 2  90 15  65 55  35~55 100")
# Draw a small head and a wide bow below it.
_SMALL_HEAD_NINE = path(
    "75 10  50 0  28 15  50 28~40  78 12  86 42~58  72 90  35 100  -10~25 76~96"
)
# Draw a ring, then a hooked stem beside it.
_TWO_STROKES_NINE = path(
    "80 10  45 0  12 24  42 50  80 25  75 8 / 82 -6~10  84 60  60 95  35 100  -2~28 80~98"
)
# Begin the head to the right of the stem.
_EARED_NINE = path(
    "85~110 -2~8  50 0  20 20  42 30~50  75 25  80 10!  84 55  60~80 92  40 100  -10~30 78~98"
)
# End in a straight stem.
_STRAIGHT_NINE = path("75~83 6~22  45 0  12 24  42 40~55  80 22  82 12!  78 55  52~82 100")

FIVE_TO_NINE: tuple[DigitStyle, ...] = (
    # Begin with the bar at the right; go on down and into the bow.
    DigitStyle(5, "one stroke", 1, path("85 -6~6  25 0!  18 45!  50 36  85 66  50 100  10 80~98")),
    DigitStyle(5, "two strokes", 1, _TWO_STROKES_FIVE),
    # Draw no corner at all.
    DigitStyle(5, "like an S", 1, path("85 3  50 0  22 20  35 42  75 58  75 88  45 100  10 92")),
    DigitStyle(5, "floating bar", 1, floating_bar_five),
    DigitStyle(5, "zigzag", 1, zigzag_five),
    DigitStyle(5, "corner", 0.8, corner_five),
    # Draw a round back and a large ring.
    DigitStyle(6, "plain", 1, path("55~85 0  30 30  12 70  42 100  82 80  55 42~60  15 70~85")),
    # Draw a straight back.
    DigitStyle(6, "straight", 1, path("30~70 0  22 40  15 80  45 100  80 82  50 50~65  20 85")),
    DigitStyle(6, "small ring", 1, _SMALL_RING_SIX),
    DigitStyle(6, "crossed", 0.7, crossed_six),
    DigitStyle(6, "curled in", 1.3, curled_in_six),
    DigitStyle(6, "turned down", 1, turned_down_six),
    DigitStyle(6, "exit", 1, exit_six),
    DigitStyle(7, "plain", 1, _PLAIN_SEVEN),
    DigitStyle(7, "serif", 1, _SERIF_SEVEN),
    DigitStyle(7, "wave", 0.5, wave_seven),
    DigitStyle(7, "rounded", 0.7, _ROUNDED_SEVEN),
    DigitStyle(7, "barred", 1, _barred_seven(_PLAIN_SEVEN)),
    DigitStyle(7, "serif, barred", 1, _barred_seven(_SERIF_SEVEN)),
    DigitStyle(7, "wave, barred", 0.7, _barred_seven(wave_seven)),
    DigitStyle(7, "rounded, barred", 1, _barred_seven(_ROUNDED_SEVEN)),
    DigitStyle(7, "bowed, barred", 1.2, bowed_barred_seven),
    DigitStyle(7, "rising", 1.3, rising_seven),
    DigitStyle(7, "exit", 1, exit_seven),
    DigitStyle(7, "entered", 0.5, entered_seven),
    DigitStyle(7, "exit, barred", 1, _barred_seven(exit_seven)),
    DigitStyle(8, "plain", 1, plain_eight),
    DigitStyle(8, "from the middle", 1, from_the_middle_eight),
    DigitStyle(8, "two rings", 1, two_rings_eight),
    DigitStyle(8, "open", 0.7, open_top_eight),
    DigitStyle(8, "crossed", 1, crossed_eight),
    DigitStyle(8, "small top", 0.7, small_top_eight),
    DigitStyle(8, "big top", 0.7, big_top_eight),
    DigitStyle(8, "shifted rings", 1, shifted_rings_eight),
    DigitStyle(8, "cup", 0.8, cup_eight),
    DigitStyle(8, "cup on a ring", 0.6, cup_on_ring_eight),
    DigitStyle(8, "angular", 0.5, angular_eight),
    DigitStyle(9, "straight", 1, _STRAIGHT_NINE),
    DigitStyle(9, "hooked", 1.5, hooked_nine),
    DigitStyle(9, "like an S", 1.5, like_an_s_nine),
    DigitStyle(9, "flat foot", 1.2, flat_foot_nine),
    DigitStyle(9, "small head", 1, _SMALL_HEAD_NINE),
    DigitStyle(9, "two strokes", 1, _TWO_STROKES_NINE),
    DigitStyle(9, "eared", 1.2, _EARED_NINE),
    DigitStyle(9, "tiny head", 0.8, tiny_head_nine),
    DigitStyle(9, "tail up", 1.2, tail_up_nine),
    DigitStyle(9, "ribbon", 1.2, ribbon_nine),
    DigitStyle(9, "open head", 1, open_head_nine),
    DigitStyle(9, "flat head", 1.2, flat_head_nine),
)
