"""The drawings of a report, in SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np

from mnist_gui.engine.calibration import BINS, Honesty, Reliability
from mnist_gui.engine.history import Curve, History
from mnist_gui.engine.prediction import wilson_interval
from mnist_gui.words.language import tr
from mnist_gui.words.numbers import percent
from mnist_gui.words.report.markup import Markup, element, joined

BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#5a6472"
_WIDTH = 460
_LEFT, _TOP = 52, 22
_SIDE = _WIDTH - _LEFT - 18
_HEIGHT = 250
_BARS = 64
_DOT = 4
_MOST_POINTS = 300


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values from `low` to `high` to places from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value, to a hundredth; what is beyond the ends is at them."""
        share = (value - self.low) / ((self.high - self.low) or 1)
        return round(self.start + min(max(share, 0), 1) * (self.end - self.start), 2)


def _text(x: float, y: float, words: object, anchor: str = "middle") -> Markup:
    return element("text", words, x=x, y=y, text_anchor=anchor)


def _line(x1: float, y1: float, x2: float, y2: float, **style: object) -> Markup:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **style)


def _frame(top: float, height: float) -> Markup:
    style = {"fill": "none", "stroke": "#cfd5dd"}
    return element("rect", x=_LEFT, y=top, width=_SIDE, height=height, **style)


def _chart(height: float, title: str, description: str, *content: object) -> Markup:
    heads = element("title", title), element("desc", description)
    box = f"0 0 {_WIDTH} {height}"
    return element("svg", *heads, *content, viewBox=box, role="img", class_="chart")


# --- calibration ---------------------------------------------------------------------------------


def reliability_chart(raw: Honesty, calibrated: Honesty | None, description: str) -> Markup:
    """Draw how probable answers are and how often they are right; beneath, how many they are."""
    both = [(raw.reliability, ORANGE)]
    if calibrated is not None:
        both.append((calibrated.reliability, BLUE))
    bottom, bars_top = _TOP + _HEIGHT, _TOP + _HEIGHT + 28
    across, up = Scale(0, 1, _LEFT, _LEFT + _SIDE), Scale(0, 1, bottom, _TOP)
    parts = [
        _text(4, 12, tr("How often it is right"), "start"),
        _frame(_TOP, _HEIGHT),
        _line(across(0), up(0), across(1), up(1), stroke=GREY, stroke_dasharray="5 4"),
        _text(_LEFT + 10, _TOP + 18, tr("too modest"), "start"),
        _text(_LEFT + _SIDE - 10, bottom - 10, tr("too sure"), "end"),
        _frame(bars_top, _BARS),
        _text(
            _LEFT + _SIDE,
            bars_top + _BARS + 18,
            tr("How sure it is: the probability of its answer"),
            "end",
        ),
    ]
    for share in (0, 0.5, 1):
        parts.append(_text(_LEFT - 6, up(share) + 4, percent(share, 0), "end"))
        parts.append(_text(across(share), bottom + 16, percent(share, 0)))
    most = max(int(found.images.max()) for found, _ in both)
    tall = Scale(0, log10(2 * most), bars_top + _BARS, bars_top)
    parts.extend(
        _text(_LEFT - 6, tall(log10(2 * images)) + 4, f"{images:,}", "end")
        for images in sorted({1, most})
    )
    for series, (found, colour) in enumerate(both):
        parts.extend(_bars(found, colour, tall, series, len(both)))
        parts.extend(_dots(found, colour, across, up, is_hollow=series == 0))
    height = bars_top + _BARS + 26
    return _chart(height, tr("Reliability diagram"), description, *parts)


def _bars(found: Reliability, colour: str, tall: Scale, series: int, of: int) -> Iterator[Markup]:
    width = _SIDE / BINS
    part = (width - 2) / of
    for place, images in enumerate(found.images.tolist()):
        if images:
            top = tall(log10(2 * images))
            yield element(
                "rect",
                x=round(_LEFT + place * width + 1 + series * part, 2),
                y=top,
                width=round(part - 1, 2),
                height=round(tall.start - top, 2),
                fill=colour,
                fill_opacity=0.25 if series == 0 else 1,
                stroke=colour,
            )


def _dots(
    found: Reliability, colour: str, across: Scale, up: Scale, *, is_hollow: bool
) -> Iterator[Markup]:
    dots = [
        (across(float(found.probability[place])), up(float(found.accuracy[place])))
        for place in np.flatnonzero(found.images)
    ]
    for (x, _), place in zip(dots, np.flatnonzero(found.images), strict=True):
        low, high = wilson_interval(int(found.right[place]), int(found.images[place]))
        yield _line(x, up(low), x, up(high), stroke=colour)
    dashes = "1 3" if is_hollow else None
    points = " ".join(f"{x},{y}" for x, y in dots)
    yield element("polyline", points=points, fill="none", stroke=colour, stroke_dasharray=dashes)
    for x, y in dots:
        yield _mark(x, y, colour, is_hollow=is_hollow)


def _mark(x: float, y: float, colour: str, *, is_hollow: bool) -> Markup:
    if not is_hollow:
        return element("circle", cx=x, cy=y, r=_DOT, fill=colour)
    place = {"x": round(x - _DOT, 2), "y": round(y - _DOT, 2)}
    side = 2 * _DOT
    style = {"fill": "#ffffff", "stroke": colour, "stroke_width": 1.6}
    return element("rect", **place, width=side, height=side, **style)


def key(*, is_hollow: bool) -> Markup:
    """Draw the mark of raw probabilities, which is hollow, or of calibrated ones."""
    colour = ORANGE if is_hollow else BLUE
    mark = _mark(8, 8, colour, is_hollow=is_hollow)
    return element("svg", mark, viewBox="0 0 16 16", aria_hidden="true", class_="key")


# --- curves --------------------------------------------------------------------------------------


def curve_charts(history: History) -> tuple[Markup, ...]:
    """Draw accuracy and loss over the steps, on batches and on validation images."""
    description = tr("Dotted: on training batches. Line with dots: on the validation images.")
    last = max(history.step, 1)
    accuracies = history.train_accuracy, history.validation_accuracy
    losses = history.loss, history.validation_loss
    return (
        _curve_chart(tr("Accuracy"), description, accuracies, _accuracy_ticks(accuracies), last),
        _curve_chart(
            tr("Loss, on a log scale"),
            description,
            tuple(map(_in_powers, losses)),
            _loss_ticks(losses),
            last,
        ),
    )


_Ticks = Sequence[tuple[float, str]]


def _accuracy_ticks(curves: Sequence[Curve]) -> _Ticks:
    """Return four ticks up to 100 %; what is below them was soon left behind."""
    lowest = min((float(np.percentile(each.values, 5)) for each in curves if len(each)), default=0)
    step = next(
        each for each in (0.01, 0.02, 0.05, 0.1, 0.25) if 1 - 4 * each <= lowest or each > 0.2
    )
    ticks = [1 - place * step for place in range(5)]
    return [(tick, percent(tick, 0)) for tick in ticks]


def _in_powers(curve: Curve) -> Curve:
    return Curve(curve.steps, np.log10(np.maximum(curve.values, 1e-6)))


def _loss_ticks(curves: Sequence[Curve]) -> _Ticks:
    values = np.concatenate([_in_powers(each).values for each in curves] or [np.zeros(1)])
    low, high = (floor(values.min()), ceil(values.max())) if len(values) else (-1, 0)
    return [(power, f"{10.0**power:g}") for power in range(low, max(high, low + 1) + 1)]


def _curve_chart(
    title: str, description: str, curves: Sequence[Curve], ticks: _Ticks, last: int
) -> Markup:
    bottom = _TOP + _HEIGHT
    low, high = min(tick for tick, _ in ticks), max(tick for tick, _ in ticks)
    across, up = Scale(0, last, _LEFT, _LEFT + _SIDE), Scale(low, high, bottom, _TOP)
    parts = [_text(4, 12, title, "start"), _frame(_TOP, _HEIGHT)]
    for tick, text in ticks:
        parts.append(_line(_LEFT, up(tick), _LEFT + _SIDE, up(tick), stroke="#e6e9ed"))
        parts.append(_text(_LEFT - 6, up(tick) + 4, text, "end"))
    parts.append(_text(_LEFT, bottom + 16, "0", "start"))
    parts.append(_text(_LEFT + _SIDE, bottom + 16, f"{last:,}", "end"))
    parts.append(_text(_LEFT + _SIDE / 2, bottom + 16, tr("Steps")))
    training, validation = curves
    for curve, colour, dashes in ((training, BLUE, "2 2"), (validation, ORANGE, None)):
        thin = curve.thinned(_MOST_POINTS)
        dots = [(across(x), up(y)) for x, y in zip(thin.steps, thin.values, strict=True)]
        points = " ".join(f"{x},{y}" for x, y in dots)
        style = {"fill": "none", "stroke": colour, "stroke_dasharray": dashes}
        parts.append(element("polyline", points=points, **style))
        if dashes is None:
            parts.extend(element("circle", cx=x, cy=y, r=2.5, fill=colour) for x, y in dots)
    return _chart(bottom + 26, title, description, joined(*parts))
