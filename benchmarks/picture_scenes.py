"""Makes pictures as a camera or a scanner takes them, of digits whose labels are known.

Digits are greys of ink; a scene lays them out in rows on paper of some colour, with light,
shadow, noise, printed lines and a slope, and keeps where each of them is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mnist_gui.engine.drawing import Drawing

Floats: TypeAlias = NDArray[np.float32]
Colour: TypeAlias = tuple[float, float, float]

_SUPERSAMPLED = 3
# A pen's width as a share of the cell that its digit lies in.
_PEN = 0.07
_TABLE = (0.25, 0.17, 0.12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How digits are laid out and photographed.

    `side` is a digit's cell in pixels, `gap` what is between cells as a share of it. `light` is
    how much darker the far corner is, `shadow` how much light a shadow takes, `noise` a standard
    deviation, all shares of white. `ruling` is "", "ruled" or "squared", its lines `line_ink` as
    strong as the pen. `slope` is in degrees, `margin` in cells, and so is what is seen round the
    sheet of the dark `table` it lies on.
    """

    name: str
    rows: int = 1
    columns: int = 5
    side: int = 112
    gap: float = 0.1
    paper: Colour = (0.97, 0.97, 0.97)
    ink: Colour = (0.1, 0.1, 0.12)
    light: float = 0.0
    shadow: float = 0.0
    noise: float = 0.0
    ruling: str = ""
    slope: float = 0.0
    jpeg: int = 0
    line_ink: float = 0.3
    margin: float = 0.5
    table: float = 0.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture's bytes and the boxes (rows, columns, 4) of its digits: left, top, right, bottom.

    The boxes are shares of the picture's width and height.
    """

    content: bytes
    boxes: NDArray[np.float64]


def pen_cell(drawing: Drawing, side: int) -> Floats:
    """Return a drawing as ink (side, side), 0..1, its longer side filling two thirds."""
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    large = side * _SUPERSAMPLED
    scale = large * 0.66 / max(float((high - low).max()), 0.1)
    shift = large / 2 - scale * (low + high) / 2
    cell = Image.new("L", (large, large))
    draw, radius = ImageDraw.Draw(cell), large * _PEN / 2
    for stroke in drawing.strokes:
        line = [tuple(point) for point in (stroke.points * scale + shift).tolist()]
        draw.line(line, fill=255, width=round(2 * radius), joint="curve")
        for x, y in (line[0], line[-1]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(cell.reduce(_SUPERSAMPLED), np.float32) / np.float32(255)


def mnist_cell(image: NDArray[np.uint8], side: int) -> Floats:
    """Return one of MNIST's images as ink (side, side), 0..1."""
    cell = Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC)
    return np.asarray(cell, np.float32) / np.float32(255)


def make_scene(cells: Sequence[Floats], condition: Condition, random: np.random.Generator) -> Scene:
    """Photograph rows * columns cells under a condition."""
    ink, boxes = _laid_out(cells, condition, random)
    lines = _printed_lines(ink.shape, condition)
    if condition.slope:
        slope = float(random.uniform(-condition.slope, condition.slope))
        ink, lines = _turned(ink, slope), _turned(lines, slope)
        boxes = _turned_boxes(boxes, slope, ink.shape)
    paper, colour = np.array(condition.paper), np.array(condition.ink)
    shares = np.maximum(ink, condition.line_ink * lines)[..., np.newaxis]
    picture = paper + shares * (colour - paper)
    _lay_on_table(picture, condition)
    picture *= _light(ink.shape, condition, random)
    picture += random.normal(0, condition.noise, picture.shape) if condition.noise else 0
    height, width = ink.shape
    return Scene(_encoded(picture, condition), boxes / [width, height, width, height])


def _laid_out(
    cells: Sequence[Floats], condition: Condition, random: np.random.Generator
) -> tuple[Floats, NDArray[np.float64]]:
    side, step = condition.side, round(condition.side * (1 + condition.gap))
    margin = round(side * (condition.margin + condition.table))
    # Rows do not stand as close as digits in one.
    row_step = max(step, round(1.1 * side))
    shape = (
        row_step * condition.rows + 2 * margin,
        step * (condition.columns - 1) + side + 2 * margin,
    )
    ink = np.zeros(shape, np.float32)
    boxes = np.zeros((condition.rows, condition.columns, 4))
    for number, cell in enumerate(cells):
        row, column = divmod(number, condition.columns)
        jitter = random.integers(-side // 20, side // 20 + 1, 2)
        top, left = np.array([margin + row * row_step, margin + column * step]) + jitter
        place = ink[top : top + side, left : left + side]
        np.maximum(place, cell, out=place)
        ys, xs = np.nonzero(cell > 0.3)
        boxes[row, column] = [left + xs.min(), top + ys.min(), left + xs.max(), top + ys.max()]
    return ink, boxes


def _lay_on_table(picture: NDArray[np.float64], condition: Condition) -> None:
    seen = round(condition.side * condition.table)
    if seen:
        sheet = picture[seen:-seen, seen:-seen].copy()
        picture[:] = _TABLE
        picture[seen:-seen, seen:-seen] = sheet


def _printed_lines(shape: tuple[int, ...], condition: Condition) -> Floats:
    lines = np.zeros(shape, np.float32)
    pitch, thick = condition.side // 2, max(1, condition.side // 60)
    for offset in range(thick):
        if condition.ruling:
            lines[pitch // 3 + offset :: pitch] = 1
        if condition.ruling == "squared":
            lines[:, pitch // 3 + offset :: pitch] = 1
    return lines


def _turned(greys: Floats, degrees: float) -> Floats:
    turned = Image.fromarray(greys).rotate(degrees, Image.Resampling.BICUBIC)
    return np.clip(np.asarray(turned, np.float32), 0, 1)


def _turned_boxes(
    boxes: NDArray[np.float64], degrees: float, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """Return boxes of the same size round the turned middles."""
    middle = np.array([shape[1], shape[0]]) / 2
    sine, cosine = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    turn = np.array([[cosine, sine], [-sine, cosine]])
    centres = (boxes[..., :2] + boxes[..., 2:]) / 2
    moved = (centres - middle) @ turn.T + middle - centres
    turned: NDArray[np.float64] = boxes + np.concatenate([moved, moved], axis=-1)
    return turned


def _light(
    shape: tuple[int, ...], condition: Condition, random: np.random.Generator
) -> NDArray[np.float64]:
    ys, xs = np.mgrid[0 : 1 : shape[0] * 1j, 0 : 1 : shape[1] * 1j]
    light = 1 - condition.light * (xs + ys) / 2
    if condition.shadow:
        # A shadow's edge runs across the picture, softly.
        angle, offset = random.uniform(0, np.pi), random.uniform(-0.25, 0.25)
        across = (xs - 0.5) * np.cos(angle) + (ys - 0.5) * np.sin(angle) - offset
        light = light * (1 - condition.shadow / (1 + np.exp(-across / 0.02)))
    lit: NDArray[np.float64] = light[..., np.newaxis]
    return lit


def _encoded(picture: NDArray[np.float64], condition: Condition) -> bytes:
    image = Image.fromarray((np.clip(picture, 0, 1) * 255).round().astype(np.uint8))
    content = BytesIO()
    if condition.jpeg:
        image.save(content, "JPEG", quality=condition.jpeg)
    else:
        image.save(content, "PNG")
    return content.getvalue()


CONDITIONS = (
    Condition(name="one digit, scanned", columns=1),
    Condition(name="a row of five"),
    Condition(name="three rows of four", rows=3, columns=4),
    Condition(name="chalk on a blackboard", paper=(0.15, 0.2, 0.17), ink=(0.85, 0.85, 0.8)),
    Condition(name="blue ink on yellow paper", paper=(0.96, 0.9, 0.55), ink=(0.15, 0.25, 0.7)),
    Condition(name="pencil", ink=(0.62, 0.62, 0.62), noise=0.015),
    Condition(name="uneven light and a shadow", light=0.5, shadow=0.4),
    Condition(name="noise of a dim photo", noise=0.08, paper=(0.6, 0.58, 0.55)),
    Condition(name="ruled paper", ruling="ruled"),
    Condition(name="squared paper", ruling="squared"),
    Condition(name="JPEG of quality 20", jpeg=20),
    Condition(name="sloping by up to 8 degrees", slope=8),
    Condition(name="small, 20 pixels high", side=28),
    Condition(name="large, 700 pixels high", side=1000, columns=2),
    Condition(name="close together", gap=-0.25),
    Condition(name="touching", gap=-0.38),
    Condition(name="lines half as strong as the pen", ruling="squared", line_ink=0.5),
    Condition(name="a large sheet", side=56, margin=4, ruling="ruled", noise=0.02),
    Condition(name="a sheet on a dark table", table=0.5, light=0.2, noise=0.02),
    Condition(
        name="a photo: all of light, shadow, noise, squares, slope, JPEG",
        light=0.35,
        shadow=0.3,
        noise=0.025,
        ruling="squared",
        slope=4,
        jpeg=70,
        paper=(0.85, 0.83, 0.78),
        ink=(0.12, 0.15, 0.4),
    ),
)
