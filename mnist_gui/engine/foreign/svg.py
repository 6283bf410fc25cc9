"""Drawings in SVG: the polylines, polygons, lines and paths of a file are one drawing.

Source: W3C, Scalable Vector Graphics 2. Nothing but numbers is taken: no scripts, styles, links or
pictures.
"""

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import MOST_POINTS, LabelledDrawing, check_size
from mnist_gui.engine.errors import DrawingError, FileFormatError
from mnist_gui.engine.foreign.raw import RawStroke, drawing_on_canvas, quoted
from mnist_gui.engine.foreign.svg_path import NUMBER, Line, parse_path
from mnist_gui.engine.foreign.svg_transform import SAME, Matrix, moved, transform
from mnist_gui.engine.foreign.xml_tree import Element

# What is in these is not shown where it stands.
_UNSHOWN = ("clipPath", "defs", "marker", "mask", "pattern", "symbol")
_NUMBERS = re.compile(rf"({NUMBER})(?:px)?", re.ASCII)
_BETWEEN = re.compile(r"[\s,]*")
# A curve as long as the whole drawing becomes so many straight pieces.
_PIECES = 48


def parse_svg(root: Element) -> LabelledDrawing:
    """Read a drawing; raises DrawingError and FileFormatError."""
    lines, count = list[Line](), 0
    for line in _lines(root, SAME):
        # Signature pads write each piece of a stroke as a path of its own.
        if lines and lines[-1][-1][-1] == line[0][0]:
            lines[-1].extend(line)
        else:
            lines.append(line)
        count += len(line)
        check_size(count)
    if not lines:
        raise FileFormatError("svg-no-lines")
    points = np.array([point for line in lines for segment in line for point in segment])
    if not np.isfinite(points).all():
        raise DrawingError("stroke-point-too-far")
    extent = max(float(np.ptp(points.real)), float(np.ptp(points.imag)))
    return drawing_on_canvas(RawStroke(_flat(line, extent)) for line in lines)


def _lines(element: Element, matrix: Matrix) -> Iterator[Line]:
    """Yield the lines in an element and those in it, in the units of the outermost one."""
    style = element.attributes.get("style", "").replace(" ", "")
    if element.name in _UNSHOWN or "display:none" in style:
        return
    if element.attributes.get("display") == "none":
        return
    matrix = transform(element.attributes.get("transform", ""), matrix)
    for line in _own_lines(element):
        yield [tuple(moved(point, matrix) for point in segment) for segment in line]
    for child in element.children:
        yield from _lines(child, matrix)


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
