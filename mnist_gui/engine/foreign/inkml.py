"""Drawings in InkML. Source: W3C, Ink Markup Language, 2011, sections 3 and 4.

Each group of traces is a drawing; without groups all traces are one. An annotation of the type
"truth" is its label where it is a digit.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import LabelledDrawing, check_size
from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.foreign.raw import RawStroke, digit_label, drawing_on_canvas, quoted
from mnist_gui.engine.foreign.xml_tree import Element

_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_MOST_CHANNELS = 100
_USED = ("X", "Y", "T", "F")
_FLAGS = {"T": 1.0, "F": 0.0}
# A number, "as before" (*), "unknown" (?) or a flag; before it how it is meant: as it is (!), as a
# difference from the value before ('), or as a difference of differences (").
_VALUE = re.compile(
    r"""\s*+([!'"]?)\s*+(-?#[0-9A-Fa-f]{1,16}|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[*?TF])"""
)


@dataclass(frozen=True, slots=True)
class InkDrawing:
    """The traces of one drawing, the format of each, and the label if it is known."""

    traces: Sequence[tuple[Element, "_Format"]]
    label: int | None


@dataclass(frozen=True, slots=True)
class _Format:
    """Which value of a point is which, and how its channels are to be taken."""

    channels: Sequence[Element] = (Element("channel", {"name": "X"}),
                                   Element("channel", {"name": "Y"}))  # fmt: skip

    def place(self, name: str) -> int | None:
        names = [channel.attributes.get("name") for channel in self.channels]
        return names.index(name) if name in names else None

    def attribute(self, place: int, name: str) -> str:
        return self.channels[place].attributes.get(name, "")


def ink_drawings(root: Element) -> list[InkDrawing]:
    """Return the drawings of a file, whose traces are not looked at yet."""
    elements = list(_all(root))
    formats = _Formats(elements)
    # Each trace belongs to one drawing: to the first group that has it or refers to it.
    loose = {id(each): each for each in elements if each.name == "trace"}
    by_id = {_id(each): each for each in loose.values() if _id(each)}
    groups = list[tuple[Element, list[Element]]]()
    for group in elements:
        if group.name != "traceGroup":
            continue
        traces = [loose.pop(id(each)) for each in _traces(group, by_id) if id(each) in loose]
        if traces:
            groups.append((group, traces))
    if loose:
        groups.append((Element("", {}), list(loose.values())))
    labels = [_label(group) for group, _ in groups]
    if labels == [None]:
        labels = [_label(root)]
    return [
        InkDrawing([(each, formats.of(each, group)) for each in traces if _is_ink(each)], label)
        for label, (group, traces) in zip(labels, groups, strict=True)
    ]


def parse_ink_drawing(drawing: InkDrawing) -> LabelledDrawing:
    """Read the traces of a drawing; raises DrawingError."""
    return drawing_on_canvas(
        (_stroke(trace.text, form) for trace, form in drawing.traces), drawing.label
    )


class _Formats:
    """Finds the format of a trace: by its context, else the first one of the file."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self._by_id = {_id(each): each for each in elements if _id(each)}
        # The first format within an element: of the elements in it, which come later, theirs.
        self._inside = dict[int, _Format]()
        for element in reversed(elements):
            within = (self._inside.get(id(child)) for child in element.children)
            found = next((each for each in within if each is not None), None)
            if element.name == "traceFormat":
                found = _format(element)
            if found is not None:
                self._inside[id(element)] = found
        self._first = self._inside.get(id(elements[0]), _Format())

    def of(self, trace: Element, group: Element) -> _Format:
        """Return the format that the context of it, or of its group, has or refers to."""
        context = self._referred(trace, "contextRef") or self._referred(group, "contextRef")
        if context is None:
            return self._first
        places = (
            context,
            self._referred(context, "traceFormatRef"),
            self._referred(context, "inkSourceRef"),
        )
        found = (self._inside.get(id(place)) for place in places)
        return next((each for each in found if each is not None), self._first)

    def _referred(self, element: Element, attribute: str) -> Element | None:
        return self._by_id.get(element.attributes.get(attribute, "").lstrip("#"))


def _format(element: Element) -> _Format:
    channels = element.named("channel")[:_MOST_CHANNELS]
    is_used = [channel.attributes.get("name") in _USED for channel in channels]
    # What comes after these need not be read.
    while is_used and not is_used[-1]:
        is_used.pop()
    form = _Format(channels[: len(is_used)])
    return _Format() if form.place("X") is None or form.place("Y") is None else form


def _all(root: Element) -> Iterator[Element]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        waiting.extend(reversed(element.children))


def _id(element: Element) -> str:
    return element.attributes.get("id", "")


def _traces(group: Element, by_id: dict[str, Element]) -> list[Element]:
    """Return the traces that a group has itself, or refers to."""
    views = [view.attributes.get("traceDataRef", "") for view in group.named("traceView")]
    referred = [by_id[view.lstrip("#")] for view in views if view.lstrip("#") in by_id]
    return group.named("trace") + referred


def _is_ink(trace: Element) -> bool:
    return trace.attributes.get("type", "penDown") != "penUp"


def _label(element: Element) -> int | None:
    truths = [
        each.text
        for each in element.named("annotation")
        if each.attributes.get("type", "").lower() == "truth"
    ]
    return digit_label(truths[0]) if truths else None


def _stroke(text: str, form: _Format) -> RawStroke:
    check_size(text.count(",") + 1)
    told = [point for point in text.split(",") if point.strip()]
    decoders = [_Decoder() for _ in form.channels]
    values = np.full((len(told), len(decoders)), np.nan)
    for row, point in zip(values, told, strict=True):
        # Some channels may be told of only now and then.
        some = list(_point(point, decoders))
        row[: len(some)] = some
    points = np.stack([_along(values, form, name) for name in ("X", "Y")], axis=1)
    if not np.isfinite(points).all():
        unknown = np.flatnonzero(~np.isfinite(points).all(axis=1))
        raise DrawingError("inkml-point", text=quoted(told[unknown[0]]))
    return RawStroke(points, _times(values, form), _pressures(values, form))


def _along(values: NDArray[np.float64], form: _Format, name: str) -> NDArray[np.float64]:
    place = form.place(name)
    assert place is not None
    is_turned = form.attribute(place, "orientation") == "-ve"
    along: NDArray[np.float64] = values[:, place] * (-1 if is_turned else 1)
    return along


def _times(values: NDArray[np.float64], form: _Format) -> NDArray[np.float64] | None:
    place = form.place("T")
    if place is None:
        return None
    times: NDArray[np.float64] = values[:, place] * _SECONDS.get(
        form.attribute(place, "units"), _SECONDS["ms"]
    )
    return times


def _pressures(values: NDArray[np.float64], form: _Format) -> NDArray[np.float64] | None:
    """Return forces as shares of the largest; None where that is not told."""
    place = form.place("F")
    if place is None:
        return None
    try:
        least = float(form.attribute(place, "min") or 0)
        span = float(form.attribute(place, "max")) - least
    except ValueError:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        return np.clip((values[:, place] - least) / span, 0, 1) if span > 0 else None


def _point(text: str, decoders: Sequence["_Decoder"]) -> Iterator[float]:
    at = 0
    for decoder in decoders:
        found = _VALUE.match(text, at)
        if found is None:
            return
        yield decoder.value(*found.groups())
        at = found.end()


class _Decoder:
    """Turns the values of one channel, told as they are or by differences, into numbers."""

    def __init__(self) -> None:
        self._way = "!"
        self._last = self._speed = 0.0

    def value(self, way: str, text: str) -> float:
        if text == "?":
            return float("nan")
        self._way = way or self._way
        if text != "*":
            self._take(_number(text))
        return self._last

    def _take(self, given: float) -> None:
        match self._way:
            case "!":
                self._speed, self._last = given - self._last, given
            case "'":
                self._speed = given
                self._last += given
            case _:
                self._speed += given
                self._last += self._speed


def _number(text: str) -> float:
    if "#" in text:
        return float(int(text.replace("#", ""), 16))
    return _FLAGS[text] if text in _FLAGS else float(text)
