"""Styles in which people draw the digits 0 to 4."""

from math import radians, tan

from mnist_gui.engine.synthetic.style import Between, DigitStyle, Point, Strokes, corner, ring

# A 1 leans and turns further than other digits.
_SLANT = (0.25, 0.25)
_TURN = (0.18, 0.2)


def plain_zero(between: Between) -> Strokes:
    """Draw one turn that may end a little too early or too late."""
    return [ring((0.5, 0.5), (0.9, 1), start=between(-0.08, 0.08), turns=between(0.95, 1.07))]


def slashed_zero(between: Between) -> Strokes:
    """Draw a stroke through the ring, from the upper right to the lower left."""
    beyond = between(0, 0.18)
    return [*plain_zero(between), [(0.8 + beyond, 0.1 - beyond), (0.2 - beyond, 0.9 + beyond)]]


def tailed_zero(between: Between) -> Strokes:
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


def plain_one(between: Between) -> Strokes:
    """Draw an upright stroke, hardly bent."""
    return [[(0.5, 0), (between(0.46, 0.54), 0.5), (0.5, 1)]]


def short_flag_one(between: Between) -> Strokes:
    """Come up to the top from nearby."""
    return [[*_flag_one(between, between(0.06, 0.25)), *_stem_one(between)]]


def long_flag_one(between: Between) -> Strokes:
    """Come up to the top from nearby, or from as far away as the stem is long."""
    return [[*_flag_one(between, between(0.15, 0.9)), *_stem_one(between)]]


def round_flag_one(between: Between) -> Strokes:
    """Turn at the top in a curve."""
    length, drop = between(0.12, 0.5), between(0.15, 0.45)
    start = [(0.5 - length, drop), (0.5 - length * 0.45, drop / 2), (0.47, 0.02)]
    return [[*start, (0.5, 0.15), (between(0.45, 0.53), 0.6), (0.48, 1)]]


def flag_and_base_one(between: Between) -> Strokes:
    """Stand a flagged 1 on a level stroke."""
    return [*long_flag_one(between), _base_one(between)]


def base_one(between: Between) -> Strokes:
    """Stand a bare 1 on a level stroke."""
    return [[(0.5, 0), (0.5, 1)], _base_one(between)]


def curled_one(between: Between) -> Strokes:
    """End a flagged 1 in a curl to the left."""
    curl = [(between(0.3, 0.45), between(0.95, 1.03)), (between(0.2, 0.4), 0.95)]
    return [[*_flag_one(between, between(0.15, 0.55)), (0.5, 0.6), (0.48, 0.9), *curl]]


def _flag_one(between: Between, length: float) -> list[Point]:
    """Rise by 22 to 58 degrees to the top of the stem."""
    drop = min(length * tan(radians(between(22, 58))), 0.55)
    sag = between(-0.04, 0.05)
    return [(0.5 - length, drop), (0.5 - length / 2, drop / 2 + sag), *corner(0.5, 0)]


def _stem_one(between: Between) -> list[Point]:
    return [(between(0.47, 0.53), 0.5), (0.5, 1)]


def _base_one(between: Between) -> list[Point]:
    return [(between(0.05, 0.4), 1), (between(0.6, 0.95), between(0.95, 1.05))]


def plain_two(between: Between) -> Strokes:
    """Draw a bow, then a level foot from a sharp corner."""
    bow = [(between(0.05, 0.2), between(0.17, 0.33)), (0.4, 0), (0.8, 0.2), (0.62, 0.55)]
    foot = [(0.5, between(0.94, 1.04)), (0.9, between(0.93, 1.03))]
    return [[*bow, *corner(0.1, 1), *foot]]


def looped_two(between: Between) -> Strokes:
    """Turn from the bow to the foot in a small loop."""
    size = between(0.05, 0.16)
    bow = [(0.12, 0.25), (0.4, 0), (0.8, 0.2), (0.6, 0.6)]
    loop = [(0.2, 0.98), (0.1 - size / 2, 0.95 - size / 2), (0.18, 0.85 - size)]
    return [[*bow, *loop, (0.45, 0.92), (0.95, between(0.92, 1.04))]]


def narrow_two(between: Between) -> Strokes:
    """Draw a slender plain 2."""
    bow = [(0.25, between(0.1, 0.25)), (0.45, 0), (0.7, 0.15), (0.65, 0.5)]
    return [[*bow, *corner(0.25, 0.97), (0.55, 0.97), (0.85, 1)]]


def plain_three(between: Between) -> Strokes:
    """Draw two bows that meet in a sharp corner."""
    upper = [(0.15, between(0.05, 0.2)), (0.5, 0), (0.8, 0.22)]
    lower = [(0.85, 0.7), (0.5, 1), (0.1, between(0.78, 0.95))]
    return [[*upper, *corner(between(0.3, 0.55), 0.46), *lower]]


def flat_top_three(between: Between) -> Strokes:
    """Draw a Z above, a bow below."""
    upper = [*corner(0.1, 0.02), *corner(0.8, 0), *corner(between(0.3, 0.5), 0.4)]
    return [[*upper, (0.85, 0.68), (0.5, 1), (0.1, between(0.78, 0.95))]]


def shallow_three(between: Between) -> Strokes:
    """Hardly turn in between the bows."""
    upper = [(0.2, 0.05), (0.6, 0), (0.85, 0.2), (between(0.55, 0.7), 0.45)]
    return [[*upper, (0.9, 0.7), (0.55, 1), (0.15, between(0.82, 0.97))]]


def rounded_three(between: Between) -> Strokes:
    """Draw a wide upper bow that turns into the lower one without a corner."""
    upper = [(between(0.02, 0.22), between(0.1, 0.3)), (0.45, 0), (0.8, 0.15)]
    waist = [(0.62, 0.42), (between(0.5, 0.68), 0.47)]
    return [[*upper, *waist, (0.85, 0.65), (0.75, 0.9), (0.4, 1), (between(0, 0.2), 0.88)]]


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


STYLES_0_TO_4 = (
    DigitStyle(0, "plain", 2, plain_zero),
    DigitStyle(0, "slashed", 1, slashed_zero),
    DigitStyle(0, "tailed", 1, tailed_zero),
    DigitStyle(1, "plain", 1, plain_one, _SLANT, _TURN),
    DigitStyle(1, "short flag", 1, short_flag_one, _SLANT, _TURN),
    DigitStyle(1, "long flag", 7, long_flag_one, _SLANT, _TURN),
    DigitStyle(1, "round flag", 2.5, round_flag_one, _SLANT, _TURN),
    DigitStyle(1, "flag and base", 1.5, flag_and_base_one, _SLANT, _TURN),
    DigitStyle(1, "base", 0.5, base_one, _SLANT, _TURN),
    DigitStyle(1, "curled", 0.7, curled_one, _SLANT, _TURN),
    DigitStyle(2, "plain", 1, plain_two),
    DigitStyle(2, "looped", 1, looped_two),
    DigitStyle(2, "narrow", 1, narrow_two),
    DigitStyle(3, "plain", 1, plain_three),
    DigitStyle(3, "flat top", 1, flat_top_three),
    DigitStyle(3, "shallow", 1, shallow_three),
    DigitStyle(3, "rounded", 0.7, rounded_three),
    DigitStyle(4, "open", 1, open_top_four),
    DigitStyle(4, "closed", 1, closed_four),
    DigitStyle(4, "narrow", 1, narrow_four),
    DigitStyle(4, "one stroke", 1, one_stroke_four),
    DigitStyle(4, "hooked", 1.2, hooked_four),
    DigitStyle(4, "looped", 1, looped_four),
)
