"""Styles in which people write 0 to 4."""

from math import cos, radians, sin, tan

from mnist_gui.engine.synthetic.shapes import (
    Between,
    DigitStyle,
    Point,
    Strokes,
    corner,
    path,
    ring,
)

# A 1 leans and turns further than other digits.
_SLANT = (0.25, 0.25)
_TURN = (0.18, 0.2)
# Some lean to the left.
_LEFT_SLANT = (0.0, 0.2)
_LEFT_TURN = (-0.05, 0.18)


def plain_zero(between: Between) -> Strokes:
    """Draw one turn that may end a little too early or too late."""
    return [_ring_zero(between, 0.9)]


def any_start_zero(between: Between) -> Strokes:
    """Begin anywhere, go round either way, and end before or beyond the beginning."""
    line = ring((0.5, 0.5), (0.9, 1), start=between(0, 1), turns=between(0.93, 1.2))
    return [_mirrored(line) if between(0, 1) < 0.4 else line]


def open_zero(between: Between) -> Strokes:
    """Leave it open at the top."""
    turns = between(0.78, 0.96)
    start = (1 - turns) / 2 + between(-0.05, 0.05)
    return [ring((0.5, 0.5), (0.9, 1), start=start, turns=turns)]


def eared_zero(between: Between) -> Strokes:
    """Begin to the left of the ring, level, and go round to the right."""
    start = [(between(-0.15, 0.2), between(-0.05, 0.15)), (0.35, between(0, 0.06))]
    round_it = [(0.7, 0.03), (0.95, 0.4), (0.75, 0.9), (0.4, 1), (0.1, 0.6), (0.2, 0.2)]
    return [[*start, *round_it, (between(0.3, 0.6), between(0, 0.15))]]


def slashed_zero(between: Between) -> Strokes:
    """Draw a stroke through the ring, from the upper right to the lower left."""
    beyond = between(-0.1, 0.18)
    return [plain_zero(between)[0], [(0.8 + beyond, 0.1 - beyond), (0.2 - beyond, 0.9 + beyond)]]


def long_slash_zero(between: Between) -> Strokes:
    """Draw a long slash through a narrow or a wide ring, steep or level, often hooked."""
    line = _slash_zero(between, between(1.0, 1.55))
    if between(0, 1) < 0.3:
        (x, y), size = line[-1], between(0.05, 0.2)
        line = [*line, (x + size, y + size * between(-0.8, 0.4))]
    return [_ring_zero(between, between(0.55, 1.1)), line]


def short_slash_zero(between: Between) -> Strokes:
    """Draw a slash that stays within the ring."""
    return [_ring_zero(between, between(0.7, 1.1)), _slash_zero(between, between(0.5, 1))]


def joined_slash_zero(between: Between) -> Strokes:
    """Go on from the ring's end into the slash, without lifting the pen."""
    width, slash = between(0.6, 1.1), _slash_zero(between, between(0.9, 1.5))
    line = _ring_zero(between, width, start=between(-0.15, 0))
    if between(0, 1) < 0.5:
        line = _mirrored(_ring_zero(between, width, start=between(-0.05, 0.2)))
    return [[*line, *corner(*slash[0]), *slash[1:]]]


def theta_zero(between: Between) -> Strokes:
    """Draw a level stroke through the ring."""
    width, middle = between(0.5, 1), between(0.35, 0.65)
    half, tilt = width * between(0.4, 0.85), between(-0.1, 0.1)
    left, right = (0.5 - half, middle + tilt), (0.5 + half, middle - tilt)
    return [_ring_zero(between, width), [left, (0.5, middle + between(-0.03, 0.03)), right]]


def _ring_zero(between: Between, width: float, *, start: float = 0) -> list[Point]:
    start += between(-0.08, 0.08)
    return ring((0.5, 0.5), (width, 1), start=start, turns=between(0.95, 1.07))


def _slash_zero(between: Between, length: float) -> list[Point]:
    """Go down to the left, through about the middle, 0 to 60 degrees off the vertical."""
    angle = radians(between(0, 60))
    x, y = length / 2 * sin(angle), length / 2 * cos(angle)
    off, bow = between(-0.07, 0.07), between(-0.04, 0.04)
    return [(0.5 + off + x, 0.5 - y), (0.5 + off + bow, 0.5 + bow), (0.5 + off - x, 0.5 + y)]


def _mirrored(line: list[Point]) -> list[Point]:
    return [(1 - x, y) for x, y in line]


def short_flag_one(between: Between) -> Strokes:
    """Come up to the top from nearby."""
    return [[*_flag_one(between, between(0.06, 0.25), 8), *_stem_one(between)]]


def long_flag_one(between: Between) -> Strokes:
    """Come up to the top from nearby, or from as far away as the stem is long."""
    return [[*_flag_one(between, between(0.15, 0.8)), *_stem_one(between)]]


def steep_flag_one(between: Between) -> Strokes:
    """Rise beside the stem, nearly on it, from as low as its foot."""
    drop, width = between(0.3, 0.85), between(0.03, 0.22)
    start = [(0.5 - width, drop), (0.5 - width * between(0.6, 1.1), drop / 2)]
    return [[*start, *corner(0.5, 0), *_stem_one(between)]]


def round_flag_one(between: Between) -> Strokes:
    """Turn at the top in a curve."""
    length, drop = between(0.12, 0.5), between(0.08, 0.45)
    start = [(0.5 - length, drop), (0.5 - length * 0.45, drop / 2), (0.47, 0.02)]
    return [[*start, (0.5, 0.15), (between(0.45, 0.53), 0.6), (0.48, 1)]]


def flag_and_base_one(between: Between) -> Strokes:
    """Stand a flagged 1 on a level stroke; beside it, the flag may be level too."""
    flag = _flag_one(between, between(0.15, 0.7), 2)
    return [[*flag, *_stem_one(between)], _base_one(between)]


def curled_one(between: Between) -> Strokes:
    """End a flagged 1 in a curl to the left."""
    curl = [(between(0.3, 0.45), between(0.95, 1.03)), (between(0.2, 0.4), 0.95)]
    return [[*_flag_one(between, between(0.15, 0.55)), (0.5, 0.6), (0.48, 0.9), *curl]]


def joined_base_one(between: Between) -> Strokes:
    """Go from the foot of the stem to one end of the base and, mostly, back to the other."""
    flag = _flag_one(between, between(0.1, 0.6), 5)
    left, right = (between(-0.1, 0.35), 1.0), (between(0.6, 1.2), between(0.93, 1.03))
    base = [*corner(0.5, 1), *corner(*left), right] if between(0, 1) < 0.75 else [left]
    return [[*flag, (between(0.47, 0.53), 0.5), *base]]


def check_mark_one(between: Between) -> Strokes:
    """Draw a stem, and turn up to the right at its foot, sharp or round."""
    stem = [(between(0.4, 0.6), 0.0), (0.5, 0.5)]
    length, angle = between(0.06, 0.38), radians(between(0, 65))
    turn = [*corner(0.5, 1)] if between(0, 1) < 0.6 else [(0.5, 0.95)]
    return [[*stem, *turn, (0.5 + length * cos(angle), 1 - length * sin(angle))]]


def separate_flag_one(between: Between) -> Strokes:
    """Put the flag on last, where it may miss the stem."""
    length, drop = between(0.15, 0.5), between(0.1, 0.4)
    top = (0.5 + between(-0.08, 0.08), between(-0.05, 0.08))
    strokes = [[(0.5, 0.0), *_stem_one(between)], [top, (top[0] - length, top[1] + drop)]]
    return [*strokes, _base_one(between)] if between(0, 1) < 0.25 else strokes


def _flag_one(between: Between, length: float, least: float = 22) -> list[Point]:
    """Rise by `least` to 72 degrees to the top of the stem."""
    drop = min(length * tan(radians(between(least, 72))), 0.55)
    sag = between(-0.04, 0.05)
    return [(0.5 - length, drop), (0.5 - length / 2, drop / 2 + sag), *corner(0.5, 0)]


def _stem_one(between: Between) -> list[Point]:
    return [(between(0.47, 0.53), 0.5), (0.5, 1)]


def _base_one(between: Between) -> list[Point]:
    return [(between(-0.25, 0.4), between(0.95, 1.05)), (between(0.6, 1.25), between(0.95, 1.05))]


def looped_two(between: Between) -> Strokes:
    """Turn from the bow to the foot in a small loop."""
    size = between(0.05, 0.16)
    bow = [(0.12, 0.25), (0.4, 0), (0.8, 0.2), (0.6, 0.6)]
    loop = [(0.2, 0.98), (0.1 - size / 2, 0.95 - size / 2), (0.18, 0.85 - size)]
    return [[*bow, *loop, (0.45, 0.92), (0.95, between(0.92, 1.04))]]


def tall_loop_two(between: Between) -> Strokes:
    """Turn from the bow to a rising exit in a tall, narrow loop."""
    bow = [(between(0.05, 0.3), between(0.1, 0.3)), (0.4, 0), (0.75, between(0.12, 0.25))]
    size, half = between(0.15, 0.45), between(0.03, 0.12)
    foot = (between(0.1, 0.4), 1.0)
    loop = [foot, (foot[0] - half, 1 - size / 2), (foot[0] + half / 2, 1 - size)]
    exit_ = (between(0.7, 1.1), between(0.4, 1))
    return [[*bow, (0.5, 0.65), *loop, (0.5, between(0.8, 0.95)), exit_]]


def curled_two(between: Between) -> Strokes:
    """Begin in a small curl inside of the bow."""
    curl = [(between(0.25, 0.45), between(0.2, 0.4)), (between(0.05, 0.15), 0.25)]
    foot = [*corner(0.1, 1), (0.5, between(0.93, 1.03)), (0.92, between(0.85, 1.03))]
    return [[*curl, (0.4, 0), (0.8, 0.2), (0.62, 0.55), *foot]]


def plain_three(between: Between) -> Strokes:
    """Draw two bows that meet in a sharp corner."""
    upper = [(0.15, between(0.05, 0.2)), (0.5, 0), (0.8, 0.22)]
    lower = [(0.85, 0.7), (0.5, 1), (0.1, between(0.78, 0.95))]
    return [[*upper, *corner(between(0.3, 0.55), 0.46), *lower]]


def curled_three(between: Between) -> Strokes:
    """Begin in a curl, turn in a loop in the middle, and end in a curl."""
    curl = [(between(0.25, 0.45), between(0.18, 0.3)), (between(0.05, 0.18), 0.15), (0.45, 0)]
    size = between(0.03, 0.12)
    loop = [(0.55, 0.44), (0.4 - size, 0.46 - size / 2), (0.45, 0.46 + size), (0.6, 0.48)]
    lower = [(0.85, 0.7), (0.5, 1), (0.12, between(0.8, 0.92))]
    end = [(between(0.1, 0.3), between(0.68, 0.8))] if between(0, 1) < 0.4 else []
    return [[*curl, (0.8, 0.2), *loop, *lower, *end]]


def open_top_four(between: Between) -> Strokes:
    """Draw an L, and a stem through its foot."""
    bar, stem = between(0.5, 0.68), between(0.55, 0.8)
    foot = [(0.5, bar + between(-0.04, 0.04)), (0.95, bar + between(-0.06, 0.04))]
    left = [(between(0.17, 0.47), 0), *corner(0.08, bar), *foot]
    return [left, [(stem, between(-0.05, 0.4)), (stem - 0.02, 0.6), (stem - between(0, 0.1), 1)]]


def closed_four(between: Between) -> Strokes:
    """Draw the printed 4: a triangle on a stem."""
    bar, stem = between(0.55, 0.72), between(0.58, 0.72)
    foot = [(0.5, bar), (0.95, bar + between(-0.05, 0.04))]
    return [[*corner(stem, 0), *corner(0.05, bar), *foot], [(stem, 0), (stem, 1)]]


def narrow_four(between: Between) -> Strokes:
    """Let the foot end at the stem, or just beyond."""
    bar, stem = between(0.45, 0.65), between(0.58, 0.75)
    foot = (stem + between(0.02, 0.2), bar + between(-0.08, 0.02))
    left = [(between(0.33, 0.5), 0), *corner(0.15, bar), foot]
    top = bar - between(0.08, 0.35)
    return [left, [(stem, top), (stem - 0.03, 0.75), (stem - between(0, 0.12), 1)]]


def one_stroke_four(between: Between) -> Strokes:
    """Turn back down from the foot without lifting the pen: a 9 with an open, angular head."""
    bar, stem = between(0.45, 0.6), between(0.5, 0.75)
    left = [(between(0.2, 0.5), 0), (0.15, bar * 0.7), *corner(0.12, bar)]
    top = bar - between(0.1, 0.4)
    down = [*corner(stem, top), (stem - 0.02, 0.7), (stem - between(0, 0.12), 1)]
    return [[*left, (0.45, bar - 0.02), *down]]


def hooked_four(between: Between) -> Strokes:
    """Draw a tall left side and a low turn; the stem begins far below the top."""
    bar, stem = between(0.55, 0.75), between(0.55, 0.8)
    top = bar - between(0.12, 0.4)
    left = [(between(0.23, 0.5), 0), (0.18, bar * 0.6), *corner(0.1, bar)]
    foot = [(0.3, bar + between(-0.02, 0.03)), (stem, bar - 0.05)]
    down = [(stem, top), (stem - 0.02, top + 0.05), (stem - between(0.02, 0.12), 1)]
    return [[*left, *foot, *down]]


def looped_four(between: Between) -> Strokes:
    """Turn from the foot into the stem in a narrow loop."""
    bar, stem = between(0.5, 0.7), between(0.5, 0.75)
    rise, half = between(0.15, 0.4), between(0.02, 0.1)
    left = [(between(0.17, 0.47), 0), (0.12, bar * 0.7), (0.15, bar), (0.5, bar - 0.03)]
    side = bar - rise * 0.6
    loop = [(stem + half, side), (stem, bar - rise), (stem - half, side)]
    return [[*left, *loop, (stem - 0.03, 0.8), (stem - between(0, 0.12), 1)]]


def lightning_four(between: Between) -> Strokes:
    """Go down to the left, to the right, and straight down from there: corners sharp or round."""
    bar, stem, rise = between(0.4, 0.62), between(0.55, 0.95), between(-0.05, 0.12)
    corners = [(between(0.05, 0.2), bar), (stem, bar - rise)]
    turns = [point for each in corners for point in corner(*each)]
    down = [((stem + 0.5) / 2, 0.75), (between(0.3, 0.7), 1)]
    return [[(between(0.35, 0.7), 0), *(turns if between(0, 1) < 0.7 else corners), *down]]


def detached_four(between: Between) -> Strokes:
    """Draw an L, and a stem that stands at its end or beyond, short or long."""
    bar, stem = between(0.45, 0.85), between(0.75, 1.1)
    left = [(between(0.05, 0.35), 0), *corner(between(0, 0.15), bar)]
    foot = [(stem - between(-0.1, 0.15), bar + between(-0.08, 0.05))]
    top = bar - between(0.08, 0.5)
    return [[*left, *foot], [(stem, top), (stem - 0.02, 0.7), (stem - between(0, 0.12), 1)]]


def cup_four(between: Between) -> Strokes:
    """Draw a round cup, up again to its height, and down: a y with a straight stem."""
    bar, stem = between(0.45, 0.65), between(0.65, 0.85)
    cup = [(between(0.05, 0.25), between(0, 0.12)), (0.1, bar * 0.6), (0.35, bar), (0.6, bar * 0.8)]
    return [[*cup, *corner(stem, between(0, 0.2)), (stem - 0.03, 0.5), (stem - 0.08, 1)]]


def left_stem_four(between: Between) -> Strokes:
    """Draw the stem first, then come round from its top to the left and cross it."""
    stem, bar = between(0.5, 0.7), between(0.5, 0.75)
    start = (stem + between(-0.12, 0.05), between(-0.02, 0.15))
    left = [start, *corner(between(0, 0.15), bar), (between(0.8, 1.1), bar + between(-0.08, 0.04))]
    return [[(stem, between(-0.05, 0.2)), (stem - between(0, 0.08), 1)], left]


# Draw a bow, then a level foot from a sharp corner.
_PLAIN_TWO = path("5~20 17~33  40 0  80 20  62 55  10 100!  50 94~104  90 93~103")
# Draw a wide upper bow that turns into the lower one without a corner.
_ROUNDED_THREE = path("2~22 10~30  45 0  80 15  62 42  50~68 47  85 65  75 90  40 100  0~20 88")

ZERO_TO_FOUR: tuple[DigitStyle, ...] = (
    DigitStyle(0, "plain", 1, plain_zero),
    DigitStyle(0, "any start", 1.5, any_start_zero),
    DigitStyle(0, "open", 0.7, open_zero),
    DigitStyle(0, "eared", 0.7, eared_zero),
    DigitStyle(0, "slashed", 0.6, slashed_zero),
    DigitStyle(0, "long slash", 1.5, long_slash_zero),
    DigitStyle(0, "short slash", 0.8, short_slash_zero),
    DigitStyle(0, "joined slash", 1, joined_slash_zero),
    DigitStyle(0, "theta", 0.9, theta_zero),
    # Begin at the right and end inside, beyond the place where the ring is closed.
    DigitStyle(0, "tailed", 1, path("75 -10~5  35 5  5 50  40 100  90 60  75 15  40 5~20")),
    # Draw an upright stroke, hardly bent.
    DigitStyle(1, "plain", 1, path("50 0  46~54 50  50 100"), _SLANT, _TURN),
    DigitStyle(1, "short flag", 1, short_flag_one, _SLANT, _TURN),
    DigitStyle(1, "long flag", 9, long_flag_one, _SLANT, _TURN),
    DigitStyle(1, "steep flag", 1.5, steep_flag_one, _SLANT, _TURN),
    DigitStyle(1, "round flag", 3.5, round_flag_one, _SLANT, _TURN),
    DigitStyle(1, "flag and base", 3.5, flag_and_base_one, _SLANT, _TURN),
    # Stand a bare 1 on a level stroke.
    DigitStyle(1, "base", 0.5, path("50 0  50 100 / 5~40 100  60~95 95~105"), _SLANT, _TURN),
    DigitStyle(1, "curled", 0.7, curled_one, _SLANT, _TURN),
    DigitStyle(1, "leaning left", 0.7, path("50 0  46~54 50  50 100"), _LEFT_SLANT, _LEFT_TURN),
    DigitStyle(1, "joined base", 1.3, joined_base_one, _SLANT, _TURN),
    DigitStyle(1, "check mark", 1.2, check_mark_one, _LEFT_SLANT, _LEFT_TURN),
    DigitStyle(1, "separate flag", 0.7, separate_flag_one, _SLANT, _TURN),
    DigitStyle(2, "plain", 1, _PLAIN_TWO),
    DigitStyle(2, "looped", 1, looped_two),
    # Draw a slender plain 2.
    DigitStyle(2, "narrow", 1, path("25 10~25  45 0  70 15  65 50  25 97!  55 97  85 100")),
    DigitStyle(2, "tall loop", 1.3, tall_loop_two),
    DigitStyle(2, "curled", 0.7, curled_two),
    DigitStyle(3, "plain", 1, plain_three),
    # Draw a Z above, a bow below.
    DigitStyle(3, "flat top", 1, path("10 2!  80 0!  30~50 40!  85 68  50 100  10 78~95")),
    # Hardly turn in between the bows.
    DigitStyle(3, "shallow", 1, path("20 5  60 0  85 20  55~70 45  90 70  55 100  15 82~97")),
    DigitStyle(3, "rounded", 0.7, _ROUNDED_THREE),
    DigitStyle(3, "curled", 1.2, curled_three),
    DigitStyle(4, "open", 1, open_top_four),
    DigitStyle(4, "closed", 1, closed_four),
    DigitStyle(4, "narrow", 1, narrow_four),
    DigitStyle(4, "one stroke", 1, one_stroke_four),
    DigitStyle(4, "hooked", 1.2, hooked_four),
    DigitStyle(4, "looped", 1, looped_four),
    DigitStyle(4, "lightning", 1, lightning_four),
    DigitStyle(4, "detached", 1, detached_four),
    DigitStyle(4, "cup", 1, cup_four),
    DigitStyle(4, "stem first", 0.6, left_stem_four),
)
