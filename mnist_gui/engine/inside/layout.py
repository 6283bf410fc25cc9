"""Where the boxes of an architecture go, and how large the images of weights can be."""

from dataclasses import dataclass
from math import ceil

_FEWEST_COLUMNS = 4
# Boxes in one line that are smaller than this are worth a second line.
_COMFORTABLE = 140.0
# Tiles that fill all lines may be smaller than the largest that fit, but not more than so.
_WORTH = 0.75


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle, in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Diagram:
    """Where boxes go: in lines from left to right, or one above the other if it is too narrow."""

    is_vertical: bool
    columns: int
    places: tuple[Place, ...]
    height: float


@dataclass(frozen=True, slots=True)
class BoxSizes:
    """The smallest and the largest width of a box, its height beside its width, and the gaps.

    A box in a line is as high as it is wide and `below` more, for its numbers; one in a column is
    `flat` high. `head` is free at the left of each line, for what the numbers mean.
    """

    narrowest: float
    widest: float
    below: float
    flat: float
    head: float
    gap: float


def place_boxes(count: int, width: float, sizes: BoxSizes) -> Diagram:
    """Place boxes in as few lines as the width allows, the lines as even as they can be.

    Instead of a single line of small boxes there are two.
    """
    step = sizes.narrowest + sizes.gap
    columns = int((width - sizes.head + sizes.gap) // step)
    if columns < min(_FEWEST_COLUMNS, count):
        flat = sizes.flat + sizes.gap
        places = tuple(Place(0, row * flat, width, sizes.flat) for row in range(count))
        return Diagram(True, 1, places, count * flat - sizes.gap)
    lines = ceil(count / columns)
    if lines == 1 and (width - sizes.head + sizes.gap) / count - sizes.gap < _COMFORTABLE:
        lines = 2
    columns = ceil(count / lines)
    box = min((width - sizes.head + sizes.gap) / columns - sizes.gap, sizes.widest)
    height = box + sizes.below
    places = tuple(
        Place(
            sizes.head + (place % columns) * (box + sizes.gap),
            (place // columns) * (height + sizes.gap),
            box,
            height,
        )
        for place in range(count)
    )
    return Diagram(False, columns, places, lines * (height + sizes.gap) - sizes.gap)


def fit_tiles(
    count: int, room: tuple[int, int], limits: tuple[int, int], around: tuple[int, int]
) -> tuple[int, int]:
    """Return in how many columns square tiles go, and the side with which they need no scrolling.

    `room` is width and height, `limits` the smallest and the largest side, `around` what each tile
    needs beside its square, in width and height. Full lines are worth smaller tiles. Where even the
    smallest do not fit, it is those.
    """
    smallest, largest = limits
    most = max(1, min(count, room[0] // (smallest + around[0])))
    sides = {
        columns: min(
            room[0] // columns - around[0], room[1] // ceil(count / columns) - around[1], largest
        )
        for columns in range(1, most + 1)
    }
    best = max(sides.values())
    if best < smallest:
        # No line should hold a single one.
        even = (columns for columns in range(most, 1, -1) if count % columns != 1)
        return next(even, 1), smallest
    good = [each for each, side in sides.items() if side >= max(smallest, _WORTH * best)]
    full = [columns for columns in good if count % columns == 0]
    columns = max(full or good, key=lambda each: (sides[each], each))
    return columns, sides[columns]
