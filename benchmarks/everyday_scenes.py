"""Makes the pictures that people have on their disks, of pen digits whose labels are known.

Eight kinds, each with wide ranges: a digit that fills its picture in uneven ink, a thin pen in a
large picture, digits in boxes, tables and circles, tightly cut ones, MNIST's own images as files,
zeros that touch, ink as light as its paper, and photos that lie on their side.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from mnist_gui.engine.drawing import Drawing, Stroke

Floats: TypeAlias = NDArray[np.float32]
Random: TypeAlias = np.random.Generator
Numbers: TypeAlias = tuple[tuple[int, ...], ...]
"""Which of the items are on each row."""

_SUPERSAMPLED = 3
# Weights of red, green and blue in the lightness of a colour, as ITU-R BT.601 has them.
_LIGHTNESS = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True, slots=True)
class Supply:
    """Pen digits and images of MNIST, with their labels, to choose from."""

    drawings: Sequence[Drawing]
    drawing_labels: NDArray[np.int64]
    images: NDArray[np.uint8]
    image_labels: NDArray[np.int64]

    def some(self, random: Random, count: int) -> list[int]:
        """Return so many drawings, each digit as likely."""
        return [self.one_of(random, int(digit)) for digit in random.integers(0, 10, count)]

    def one_of(self, random: Random, digit: int) -> int:
        """Return a drawing of a digit."""
        return int(random.choice(np.flatnonzero(self.drawing_labels == digit)))


@dataclass(frozen=True, slots=True)
class EverydayPicture:
    """A picture file's bytes; `rows` are the items on each row, drawings or an MNIST image."""

    kind: str
    content: bytes
    rows: Numbers


def ink_of(drawing: Drawing, longest: float, pen: float) -> Floats:
    """Return a drawing as ink (h, w), 0..1, cut out tightly, pen and longer side in pixels."""
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = _SUPERSAMPLED * max(longest - pen, 1) / max(float((high - low).max()), 0.02)
    radius = _SUPERSAMPLED * pen / 2
    size = np.ceil(((high - low) * scale + 2 * radius) / _SUPERSAMPLED).astype(int)
    ink = Image.new("L", tuple((size * _SUPERSAMPLED).tolist()))
    draw = ImageDraw.Draw(ink)
    for stroke in drawing.strokes:
        line = [tuple(point) for point in ((stroke.points - low) * scale + radius).tolist()]
        draw.line(line, fill=255, width=max(1, round(2 * radius)), joint="curve")
        for x, y in line if radius > 4 else ():
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(ink.reduce(_SUPERSAMPLED), np.float32) / np.float32(255)


# --- the kinds -------------------------------------------------------------------------------


def _uneven(supply: Supply, random: Random) -> tuple[bytes, Numbers]:
    """A digit fills 72 % of its picture or more; parts of its strokes are half as dark."""
    longest = random.uniform(120, 500)
    (item,) = supply.some(random, 1)
    ink = ink_of(supply.drawings[item], longest, longest * random.uniform(0.05, 0.12))
    side = round(longest / random.uniform(0.72, 0.97))
    sheet = np.zeros((side, round(side * random.uniform(0.8, 1.2))), np.float32)
    sheet = np.zeros((side, max(sheet.shape[1], ink.shape[1] + 4)), np.float32)
    _put(sheet, ink, *_middle(sheet, ink))
    sheet *= 1 - random.uniform(0.4, 0.6) * _patches(sheet.shape, longest / 5, random)
    return _photographed(sheet, random), ((item,),)


def _thin(supply: Supply, random: Random) -> tuple[bytes, Numbers]:
    """A pen of 1 or 2 pixels in a picture of 800, or of 3 in one of 1,600."""
    side, pen = ((800, 1), (800, 2), (1600, 3))[int(random.integers(3))]
    count = int(random.choice([1, 1, 1, 2, 3]))
    items = supply.some(random, count)
    height = side * random.uniform(0.5, 0.95)
    inks = [ink_of(supply.drawings[item], height, pen) for item in items]
    gap = round(0.15 * height)
    width = max(side, sum(ink.shape[1] + gap for ink in inks) + gap)
    sheet = np.zeros((side, width), np.float32)
    left = (width - sum(ink.shape[1] + gap for ink in inks) + gap) // 2
    for ink in inks:
        _put(sheet, ink, (side - ink.shape[0]) // 2, left)
        left += ink.shape[1] + gap
    return _photographed(sheet, random, noise=0.01), (tuple(items),)


def _tight(supply: Supply, random: Random) -> tuple[bytes, Numbers]:
    """A digit is cut out so that its ink touches the border."""
    longest = random.uniform(24, 220)
    (item,) = supply.some(random, 1)
    ink = ink_of(supply.drawings[item], longest, longest * random.uniform(0.06, 0.14))
    rows, columns = (np.flatnonzero((ink > 0.5).any(axis=axis)) for axis in (1, 0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return _photographed(cut, random, dark=0.2), ((item,),)


def _mnist(supply: Supply, random: Random) -> tuple[bytes, Numbers]:
    """One of MNIST's images as a PNG, sometimes dark on light."""
    item = int(random.integers(len(supply.images)))
    image = supply.images[item]
    if random.random() < 0.25:
        image = 255 - image
    return _encoded(Image.fromarray(image), 0), ((item,),)


def _zeros(supply: Supply, random: Random) -> tuple[bytes, Numbers]:
    """A number with zeros that touch."""
    numbers = ("00", "100", "200", "500", "1000", "800", "300", "60", "40", "000", "90", "08")
    number = numbers[int(random.integers(len(numbers)))]
    items = [supply.one_of(random, int(digit)) for digit in number]
    height = random.uniform(40, 200)
    pen = height * random.uniform(0.06, 0.11)
    row = ink_of(supply.drawings[items[0]], height, pen)
    for i in range(1, len(items)):
        ink = ink_of(supply.drawings[items[i]], height * random.uniform(0.9, 1.05), pen)
        touches = number[i - 1 : i + 1] == "00" or random.random() < 0.3
        row = _beside(row, ink, -pen * random.uniform(0.2, 1.0) if touches else 0.15 * height)
    margin = round(height * random.uniform(0.2, 0.8))
    return _photographed(np.pad(row, margin), random), (tuple(items),)


def _equal_lightness(supply: Supply, random: Random) -> tuple[bytes, Numbers]:
    """Ink as light as its paper, of another colour."""
    items = supply.some(random, int(random.integers(2, 5)))
    sheet = _row(supply, items, random.uniform(50, 140), random)
    pairs = ((0.8, 0.2, 0.2), (0.15, 0.55, 0.2)), ((0.7, 0.2, 0.6), (0.35, 0.5, 0.2))
    ink, paper = (np.array(colour) for colour in pairs[int(random.integers(2))])
    paper = paper * (_LIGHTNESS @ ink) / (_LIGHTNESS @ paper)
    if random.random() < 0.5:
        ink, paper = paper, ink
    return _photographed(sheet, random, colours=(ink, paper)), (tuple(items),)


def _on_its_side(supply: Supply, random: Random) -> tuple[bytes, Numbers]:
    """Rows of digits in a photo that was not turned upright."""
    rows = [supply.some(random, int(random.integers(3, 6))) for _ in range(random.integers(1, 4))]
    height = random.uniform(50, 110)
    strips = [_row(supply, items, height, random) for items in rows]
    width = max(strip.shape[1] for strip in strips)
    sheet = np.concatenate([np.pad(s, ((0, 0), (0, width - s.shape[1]))) for s in strips])
    turns = int(random.choice([1, 3, 1, 3, 2]))
    return _photographed(np.rot90(sheet, turns), random), tuple(map(tuple, rows))


# --- boxes, forms, tables, circles -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Print:
    """How a form is printed: width of its lines in pixels, and how dark they are, of the pen."""

    thick: int
    darkness: float


def _printed(random: Random, side: float) -> _Print:
    darkness = float(random.choice([1.0, 1.0, random.uniform(0.3, 0.9)]))
    return _Print(max(1, round(side * random.uniform(0.01, 0.05))), darkness)


def _boxed(supply: Supply, random: Random) -> tuple[bytes, Numbers]:
    """One digit in a box, often near the picture's border."""
    side = random.uniform(50, 220)
    return _grid(supply, random, 1, 1, side, side * random.uniform(0.8, 1.2))


def _form(supply: Supply, random: Random) -> tuple[bytes, Numbers]:
    """A row of boxes of a form, side by side or apart."""
    side = random.uniform(45, 120)
    gap = int(random.choice([0, round(side * random.uniform(0.15, 0.4))]))
    columns = int(random.integers(3, 7))
    return _grid(supply, random, 1, columns, side, side * random.uniform(0.75, 1.1), gap)


def _table(supply: Supply, random: Random) -> tuple[bytes, Numbers]:
    """A ruled table, a digit in most of its cells."""
    rows, columns = int(random.integers(2, 6)), int(random.integers(2, 4))
    side = random.uniform(45, 110)
    return _grid(supply, random, rows, columns, side, side * random.uniform(0.9, 2.2), empty=0.1)


def _grid(  # noqa: PLR0913, PLR0917 - a table has many sizes
    supply: Supply,
    random: Random,
    rows: int,
    columns: int,
    high: float,
    wide: float,
    gap: int = 0,
    empty: float = 0.0,
) -> tuple[bytes, Numbers]:
    printed = _printed(random, min(high, wide))
    height, width = round(high), round(wide)
    margin = round(high * random.choice([0.0, 0.05, 0.2, 0.6])) + 1
    step = width + gap
    shape = (rows * height + 2 * margin, columns * step - gap + 2 * margin)
    ink, lines = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    pen = high * random.uniform(0.05, 0.09)
    items: list[tuple[int, ...]] = []
    for r in range(rows):
        row: list[int] = []
        for c in range(columns):
            top, left = margin + r * height, margin + c * step
            _frame(lines, top, left, height, width, printed.thick)
            if random.random() >= empty or (c == 0 and not row):
                (item,) = supply.some(random, 1)
                longest = min(high, wide) * random.uniform(0.45, 0.8)
                digit = ink_of(supply.drawings[item], longest, pen)
                _put_in_cell(ink, digit, (top, left, height, width), random)
                row.append(item)
        items.append(tuple(row))
    sheet = np.maximum(ink, printed.darkness * lines)
    return _photographed(_slightly_turned(sheet, random), random), tuple(items)


def _circled(supply: Supply, random: Random) -> tuple[bytes, Numbers]:
    """Digits, each in a circle drawn by hand."""
    items = supply.some(random, int(random.integers(1, 4)))
    side = random.uniform(70, 200)
    pen = side * random.uniform(0.03, 0.06)
    cell = round(side * 1.3)
    sheet = np.zeros((cell, cell * len(items)), np.float32)
    for i, item in enumerate(items):
        longest = side * random.uniform(0.4, 0.6)
        digit = ink_of(supply.drawings[item], longest, pen)
        circle = ink_of(Drawing((_circle(random),)), side * random.uniform(0.95, 1.1), pen)
        _put(sheet, circle, (cell - circle.shape[0]) // 2, i * cell + (cell - circle.shape[1]) // 2)
        _put(sheet, digit, (cell - digit.shape[0]) // 2, i * cell + (cell - digit.shape[1]) // 2)
    return _photographed(sheet, random), (tuple(items),)


def _circle(random: Random) -> Stroke:
    angles = np.linspace(0, 2 * np.pi * random.uniform(1.02, 1.1), 60) + random.uniform(0, 6)
    radius = 0.45 * (1 + 0.04 * np.sin(2 * angles + random.uniform(0, 6)))
    return Stroke(np.stack([0.5 + radius * np.cos(angles), 0.5 + radius * np.sin(angles)], axis=1))


def _frame(lines: Floats, top: int, left: int, height: int, width: int, thick: int) -> None:
    for at in (top, top + height):
        lines[
            max(at - thick // 2, 0) : at - thick // 2 + thick, left : left + width + thick // 2
        ] = 1
    for at in (left, left + width):
        lines[
            top : top + height + thick // 2, max(at - thick // 2, 0) : at - thick // 2 + thick
        ] = 1


def _put_in_cell(
    sheet: Floats, ink: Floats, cell: tuple[int, int, int, int], random: Random
) -> None:
    """Put a digit somewhere in its cell; a few touch the line."""
    top, left, height, width = cell
    room = (height - ink.shape[0]) / 2, (width - ink.shape[1]) / 2
    offset = [random.uniform(-0.85, 0.85) * max(each, 0) for each in room]
    if random.random() < 0.06:
        offset[0] = np.copysign(room[0], offset[0])
    _put(sheet, ink, round(top + room[0] + offset[0]), round(left + room[1] + offset[1]))


# --- ink, paper and camera -------------------------------------------------------------------


def _put(sheet: Floats, ink: Floats, top: int, left: int) -> None:
    top, left = max(top, 0), max(left, 0)
    place = sheet[top : top + ink.shape[0], left : left + ink.shape[1]]
    np.maximum(place, ink[: place.shape[0], : place.shape[1]], out=place)


def _middle(sheet: Floats, ink: Floats) -> tuple[int, int]:
    return (sheet.shape[0] - ink.shape[0]) // 2, (sheet.shape[1] - ink.shape[1]) // 2


def _row(supply: Supply, items: Sequence[int], height: float, random: Random) -> Floats:
    """Return digits side by side, with a margin."""
    pen = height * random.uniform(0.06, 0.1)
    margin = round(0.3 * height)
    step = round(height * random.uniform(0.95, 1.2))
    sheet = np.zeros((round(height) + 2 * margin, step * len(items) + 2 * margin), np.float32)
    for place, item in enumerate(items):
        ink = ink_of(supply.drawings[item], height * random.uniform(0.85, 1), pen)
        left = margin + place * step + (step - ink.shape[1]) // 2
        _put(sheet, ink, margin + round(height - ink.shape[0]) // 2, left)
    return sheet


def _beside(first: Floats, second: Floats, gap: float) -> Floats:
    """Put ink to the right of other ink, that far away where they are nearest."""
    height = max(first.shape[0], second.shape[0])
    first, second = (np.pad(ink, ((0, height - ink.shape[0]), (0, 0))) for ink in (first, second))
    ends = [int(np.flatnonzero(row > 0.5)[-1]) for row in first if (row > 0.5).any()]
    right = np.array([_last(row) for row in first])
    left = np.array([_first(row) for row in second])
    # Neighbouring rows count too: ink is near along slants as well.
    near = ndimage.maximum_filter1d(right, 5)
    apart = float((left - near).min())
    shift = round(gap - apart) if np.isfinite(apart) else max(ends) + 1
    width = max(first.shape[1], shift + second.shape[1])
    both = np.zeros((height, width), np.float32)
    _put(both, first, 0, 0)
    _put(both, second, 0, max(shift, 0))
    return both


def _last(row: Floats) -> float:
    inked = np.flatnonzero(row > 0.5)
    return float(inked[-1]) if len(inked) else -np.inf


def _first(row: Floats) -> float:
    inked = np.flatnonzero(row > 0.5)
    return float(inked[0]) if len(inked) else np.inf


def _patches(shape: tuple[int, ...], size: float, random: Random) -> Floats:
    """Return a field (h, w), 0..1: about a third of it is 1, with soft edges."""
    rough = ndimage.gaussian_filter(random.normal(0, 1, shape), size / 2)
    rough = (rough - rough.mean()) / max(float(rough.std()), 1e-9)
    patches: Floats = (1 / (1 + np.exp(-(rough - 0.45) * 8))).astype(np.float32)
    return patches


def _slightly_turned(sheet: Floats, random: Random) -> Floats:
    if random.random() < 0.5:
        return sheet
    turned = Image.fromarray(sheet).rotate(random.uniform(-2.5, 2.5), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(turned, np.float32), 0, 1)


def _photographed(
    ink: Floats,
    random: Random,
    *,
    noise: float = 0.02,
    dark: float = 0.0,
    colours: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> bytes:
    """Return a PNG, or a JPEG with noise and uneven light; light on dark as often as `dark`."""
    paper = np.full(3, random.uniform(0.8, 1.0))
    pen = np.array([random.uniform(0.02, 0.3)] * 2 + [random.uniform(0.05, 0.5)])
    if random.random() < dark:
        pen, paper = paper, pen
    pen, paper = colours or (pen, paper)
    picture = paper + ink[..., np.newaxis] * (pen - paper)
    if random.random() < 0.5:
        return _encoded(_as_image(picture), 0)
    across = np.linspace(0, 1, ink.shape[1])[:, np.newaxis]
    picture = picture * (1 - random.uniform(0, 0.25) * across)
    picture += random.normal(0, random.uniform(0, noise), picture.shape)
    return _encoded(_as_image(picture), int(random.integers(70, 96)))


def _as_image(picture: NDArray[np.float64]) -> Image.Image:
    return Image.fromarray((np.clip(picture, 0, 1) * 255).round().astype(np.uint8))


def _encoded(image: Image.Image, quality: int) -> bytes:
    content = BytesIO()
    if quality:
        image.save(content, "JPEG", quality=quality)
    else:
        image.save(content, "PNG")
    return content.getvalue()


_Maker: TypeAlias = Callable[[Supply, Random], tuple[bytes, Numbers]]
KINDS: dict[str, tuple[_Maker, int]] = {
    "fills its picture, uneven ink": (_uneven, 25),
    "thin pen, large picture": (_thin, 25),
    "in a box": (_boxed, 12),
    "boxes of a form": (_form, 10),
    "a ruled table": (_table, 10),
    "in circles": (_circled, 10),
    "cut tightly": (_tight, 30),
    "MNIST's images as files": (_mnist, 30),
    "touching zeros": (_zeros, 14),
    "as light as the paper": (_equal_lightness, 10),
    "on its side or its head": (_on_its_side, 24),
}
"""How each kind is made, and how many of 200 pictures are of it."""


def everyday_pictures(supply: Supply, seed: int) -> list[EverydayPicture]:
    """Return 200 pictures."""
    pictures = []
    for place, (kind, (make, count)) in enumerate(KINDS.items()):
        random = np.random.default_rng([seed, place])
        for _ in range(count):
            content, rows = make(supply, random)
            pictures.append(EverydayPicture(kind, content, rows))
    return pictures
