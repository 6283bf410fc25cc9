"""Where the boxes of an architecture go, and how large the images of weights can be."""

from dataclasses import dataclass
from math import ceil

_FEWEST_COLUMNS = 4
# Boxes in one line that are smaller than this are worth a second line.
_COMFORTABLE = 140.0


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


def largest_side(
    count: int, room: tuple[int, int], limits: tuple[int, int], around: tuple[int, int]
) -> int:
    """Return the side of square tiles of which so many fit into a room without scrolling.

    `room` is width and height, `limits` the smallest and the largest side, `around` what each tile
    needs beside its square, in width and height. Where even the smallest do not fit, it is that.
    """
    smallest, largest = limits
    for side in range(largest, smallest, -1):
        columns = room[0] // (side + around[0])
        if columns and ceil(count / columns) * (side + around[1]) <= room[1]:
            return side
    return smallest
