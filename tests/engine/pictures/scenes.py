"""Pictures for tests: digits drawn by lines of even width, and pictures as files' bytes."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mnist_gui.engine.pictures.result import FoundDigit, Picture

Points = Sequence[tuple[float, float]]

# A one is one line, a seven two, a nought a ring: enough to tell them apart by their boxes.
ONE: tuple[Points, ...] = (((0.5, 0.0), (0.5, 1.0)),)
SEVEN: tuple[Points, ...] = (((0.1, 0.0), (0.8, 0.0), (0.4, 1.0)),)
NOUGHT: tuple[Points, ...] = (
    tuple((0.5 + 0.35 * np.sin(a), 0.5 - 0.5 * np.cos(a)) for a in np.linspace(0, 2 * np.pi, 33)),
)
DIGITS = {"1": ONE, "7": SEVEN, "0": NOUGHT}


def page(
    rows: Sequence[str],
    *,
    side: int = 60,
    gap: int = 20,
    paper: int = 245,
    ink: int = 30,
    margin: int = 30,
) -> Image.Image:
    """Return a grey page with rows of the digits 0, 1 and 7, each `side` pixels high."""
    columns = max(len(row) for row in rows)
    step = side + gap
    size = (columns * step - gap + 2 * margin, len(rows) * step - gap + 2 * margin)
    image = Image.new("L", size, paper)
    draw = ImageDraw.Draw(image)
    for r, row in enumerate(rows):
        for c, digit in enumerate(row):
            left, top = margin + c * step, margin + r * step
            for line in DIGITS[digit]:
                points = [(left + x * side, top + y * side) for x, y in line]
                draw.line(points, fill=ink, width=max(2, side // 10), joint="curve")
    return image


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """Return a file's bytes."""
    content = BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def picture(greys: NDArray[np.uint8] | Image.Image) -> Picture:
    """Return an opened picture of greys (h, w) uint8."""
    levels = np.asarray(greys, np.uint8)
    colours = np.repeat(levels[..., np.newaxis], 3, axis=2)
    return Picture((levels / np.float32(255)).astype(np.float32), colours, levels.shape[::-1])


def shapes(digits: Sequence[FoundDigit]) -> list[str]:
    """Return what the digits of such a page are, row by row."""
    rows = [""] * (digits[-1].row + 1)
    for digit in digits:
        rows[digit.row] += _shape(digit.image)
    return rows


def _shape(image: NDArray[np.uint8]) -> str:
    ink = image > 100
    width = int(np.ptp(np.flatnonzero(ink.any(axis=0)))) + 1
    if width < 8:
        return "1"
    # Half-way down, a nought has two strokes and a seven one.
    row = ink[np.flatnonzero(ink.any(axis=1)).mean().round().astype(int)]
    return "0" if (np.diff(row.astype(int)) == 1).sum() == 2 else "7"


def in_scans(content: bytes, scans: int) -> bytes:
    """Return a progressive JPEG with its last scan so many times more."""
    start, end = content.rindex(b"\xff\xda"), content.rindex(b"\xff\xd9")
    return content[:end] + content[start:end] * scans + content[end:]
