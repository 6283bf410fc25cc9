"""Drawings in SVG: the polylines, polygons, lines and paths of a file are one drawing.

What is not to be seen is left out, and so are white areas, which are paper, beside other lines.
Source: W3C, Scalable Vector Graphics 2. No scripts, links or pictures are followed, and no styles
but those of an element itself.
"""

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import MOST_POINTS, LabelledDrawing, check_size
from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.foreign.raw import RawStroke, check_places, drawing_on_canvas, quoted
from mnist_gui.engine.foreign.svg_path import NUMBER, Line, parse_path
from mnist_gui.engine.foreign.svg_transform import SAME, Matrix, moved, transform
from mnist_gui.engine.foreign.xml_tree import Element

# What is in these is not shown where it stands.
_UNSHOWN = ("clipPath", "defs", "marker", "mask", "pattern", "symbol")
# Properties that an element has from those around it.
_TAKEN_OVER = ("fill", "fill-opacity", "stroke", "visibility")
_WHITE = ("white", "#fff", "#ffffff", "rgb(255,255,255)", "rgb(100%,100%,100%)")
_NUMBERS = re.compile(rf"({NUMBER})(?:px)?", re.ASCII)
_BETWEEN = re.compile(r"[\s,]*")
# A curve as long as the whole drawing becomes so many straight pieces.
_PIECES = 48


def parse_svg(root: Element) -> LabelledDrawing:
    """Read a drawing; raises DrawingError and FileFormatError."""
    ink, paper, count = list[Line](), list[Line](), 0
    for line, is_paper in _lines(root):
        lines = paper if is_paper else ink
        # Signature pads write each piece of a stroke as a path of its own.
        if lines and lines[-1][-1][-1] == line[0][0]:
            lines[-1].extend(line)
        else:
            lines.append(line)
        count += len(line)
        check_size(count)
    lines = ink or paper
    if not lines:
        raise FileFormatError("svg-no-lines")
    points = np.array([point for line in lines for segment in line for point in segment])
    check_places(points.view(np.float64))
    extent = max(float(np.ptp(points.real)), float(np.ptp(points.imag)))
    return drawing_on_canvas(RawStroke(_flat(line, extent)) for line in lines)


def _lines(root: Element) -> Iterator[tuple[Line, bool]]:
    """Yield the lines that are shown, in the units of the root, and whether each is paper."""
    waiting: list[tuple[Element, dict[str, str], Matrix]] = [(root, {}, SAME)]
    while waiting:
        element, look, matrix = waiting.pop()
        properties = _properties(element)
        if element.name in _UNSHOWN or _is_hidden(properties):
            continue
        look = look | {name: properties[name] for name in _TAKEN_OVER if name in properties}
        matrix = transform(properties.get("transform", ""), matrix)
        for line in _own_lines(element) if _is_seen(look) else []:
            yield [tuple(moved(p, matrix) for p in segment) for segment in line], _is_paper(look)
        waiting.extend((child, look, matrix) for child in reversed(element.children))


def _properties(element: Element) -> dict[str, str]:
    """Return attributes, and in their place what a style says of the same."""
    said = (each.partition(":") for each in element.attributes.get("style", "").split(";"))
    return element.attributes | {name.strip(): value.strip() for name, _, value in said}


def _is_hidden(properties: dict[str, str]) -> bool:
    return properties.get("display") == "none" or _is_zero(properties.get("opacity", ""))


def _is_seen(look: dict[str, str]) -> bool:
    """Whether there is ink; where neither fill nor stroke is told, other styles may tell it."""
    has_fill = look.get("fill") != "none" and not _is_zero(look.get("fill-opacity", ""))
    return look.get("visibility", "visible") == "visible" and (
        has_fill or look.get("stroke") != "none"
    )


def _is_paper(look: dict[str, str]) -> bool:
    fill = look.get("fill", "").replace(" ", "").lower()
    return fill in _WHITE and look.get("stroke", "none") == "none"


def _is_zero(text: str) -> bool:
    return bool(text) and not text.strip("0.%")


def _own_lines(element: Element) -> list[Line]:
    match element.name:
        case "path":
            return parse_path(element.attributes.get("d", ""))
        case "line":
            ends = [_number(element, name) for name in ("x1", "y1", "x2", "y2")]
            return [[(complex(*ends[:2]), complex(*ends[2:]))]]
        case "polyline" | "polygon":
            values = _numbers(element, "points")
            points = [complex(x, y) for x, y in zip(values[::2], values[1::2], strict=False)]
            if element.name == "polygon":
                points += points[:1]
            # A single point becomes a line without length.
            return [list(pairwise(points if len(points) > 1 else points * 2))] if points else []
    return []


def _number(element: Element, name: str) -> float:
    return (_numbers(element, name) or [0.0])[0]


def _numbers(element: Element, name: str) -> list[float]:
    text = element.attributes.get(name, "")
    found = list(islice(_NUMBERS.finditer(text), 2 * MOST_POINTS + 2))
    check_size(len(found) // 2)
    if not _BETWEEN.fullmatch(_NUMBERS.sub("", text)):
        raise FileFormatError("svg-attribute", name=name, text=quoted(text))
    return [float(number.group(1)) for number in found]


def _flat(line: Line, extent: float) -> NDArray[np.float64]:
    """Return a line as points (n, 2), with so many on curves that those stay round."""
    points = [np.array(line[0][:1])]
    for segment in line:
        length = sum(abs(there - here) for here, there in pairwise(segment))
        is_curve = len(segment) > 2 and extent > 0
        count = min(max(ceil(_PIECES * length / extent), 1), _PIECES) if is_curve else 1
        points.append(_bezier(segment, np.arange(1, count + 1) / count))
    flat = np.concatenate(points)
    return np.stack((flat.real, flat.imag), axis=1)


def _bezier(points: tuple[complex, ...], along: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return points of a Bézier curve, by de Casteljau's way."""
    arrays = [np.full(len(along), point) for point in points]
    while len(arrays) > 1:
        arrays = [(1 - along) * here + along * there for here, there in pairwise(arrays)]
    return arrays[0]
