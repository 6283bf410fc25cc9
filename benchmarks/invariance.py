"""Measures how much the reading of pen digits suffers from how and where they are drawn.

    python -m benchmarks.invariance STROKES [MODEL ...] [--digits N] [--json]

STROKES is UNIPEN text (such as pendigits-orig.tra.gz) or drawings as JSON Lines, of which N are
taken at even distances; MODEL a file saved by mnist-gui, by default `cnn-best` as it ships. Each
digit is drawn small and large, anywhere, in the pixels of a canvas, by slow and fast pointers, and
turned; prints the accuracy and how many points it falls below that of the digits as they are.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.drawn_digits import read_records
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke, parse_drawing
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.prediction import wilson_interval
from mnist_gui.engine.preprocessing import preprocess_all
from mnist_gui.engine.stroke_smoothing import curve_points
from mnist_gui.paths import SHIPPED_NETWORK

_Points: TypeAlias = NDArray[np.float64]
_Change: TypeAlias = Callable[[list[_Points], Generator], list[_Points]]

_SEED = 20261125
# "At fixed time intervals of 100 milliseconds", says the description of the pen digits. As their
# writers would then have taken four seconds for a digit, it may be a hundred points a second; so
# thinned strokes are measured as well.
_TABLET_RATE = 10
_CANVAS = 300
_AT_ONCE = 64


def _as_drawn(lines: list[_Points], _random: Generator) -> list[_Points]:
    return lines


def _sized(side: float, lines: list[_Points], random: Generator) -> list[_Points]:
    """Make the longer side this share of the canvas, and put it anywhere."""
    everything = np.concatenate(lines)
    low, extent = everything.min(axis=0), np.ptp(everything, axis=0)
    scale = side / max(float(extent.max()), 1e-9)
    corner = random.random(2) * np.maximum(1 - extent * scale, 0)
    return [(line - low) * scale + corner for line in lines]


def _in_pixels(canvas: int, lines: list[_Points], random: Generator) -> list[_Points]:
    """Round to the pixels of a canvas so many wide, on which the digit fills 60 %."""
    return [np.rint(line * canvas) / canvas for line in _sized(0.6, lines, random)]


def _small_in_pixels(canvas: int, lines: list[_Points], random: Generator) -> list[_Points]:
    return [np.rint(line * canvas) / canvas for line in _sized(0.2, lines, random)]


def _at_rate(rate: float, lines: list[_Points], random: Generator) -> list[_Points]:
    """Report so many points a second of the smooth way that the pen went, in whole pixels."""
    return _in_pixels(_CANVAS, [_resampled(line, rate) for line in lines], random)


def _resampled(line: _Points, rate: float) -> _Points:
    last = float(len(line) - 1)
    places = np.append(np.arange(0, last, _TABLET_RATE / rate), last)
    return curve_points(line, places)


def _thinned(every: int, lines: list[_Points], _random: Generator) -> list[_Points]:
    """Keep every so many points of a stroke, and its last."""
    return [np.append(line[:-1:every], line[-1:], axis=0) for line in lines]


def _turned(degrees: float, lines: list[_Points], _random: Generator) -> list[_Points]:
    return _turned_lines(degrees, lines)


def _turned_lines(degrees: float, lines: list[_Points]) -> list[_Points]:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return [0.5 + (line - 0.5) @ turn for line in lines]


CHANGES: Mapping[str, _Change] = {
    "as drawn": _as_drawn,
    "a fifth of the canvas, anywhere": partial(_sized, 0.2),
    "half of the canvas, anywhere": partial(_sized, 0.5),
    "all of the canvas": partial(_sized, 1.0),
    "60 % of a canvas of 160 pixels": partial(_in_pixels, 160),
    "60 % of a canvas of 300 pixels": partial(_in_pixels, 300),
    "60 % of a canvas of 1,200 pixels": partial(_in_pixels, 1200),
    "a fifth of a canvas of 300 pixels": partial(_small_in_pixels, 300),
    "10 points a second, as the tablet's, in pixels": partial(_at_rate, 10),
    "100 points a second": partial(_at_rate, 100),
    "1,000 points a second": partial(_at_rate, 1000),
    "every second point only": partial(_thinned, 2),
    "every fifth point only": partial(_thinned, 5),
    "every tenth point only": partial(_thinned, 10),
    "turned by 15 degrees to the left": partial(_turned, 15),
    "turned by 7.5 degrees to the left": partial(_turned, 7.5),
    "turned by 7.5 degrees to the right": partial(_turned, -7.5),
    "turned by 15 degrees to the right": partial(_turned, -15),
}


def turned(degrees: float, drawing: Drawing) -> Drawing:
    """Return a drawing turned to the left round the canvas' middle."""
    lines = [stroke.points.astype(np.float64) for stroke in drawing.strokes]
    return Drawing(tuple(map(Stroke, _turned_lines(degrees, lines))))


def images_after(pens: Sequence[LabelledDrawing], change: _Change) -> NDArray[np.uint8]:
    """Return the images (n, 28, 28) of drawings that were changed so."""
    random = np.random.default_rng(_SEED)
    parts = []
    for at in range(0, len(pens), _AT_ONCE):
        some = [_changed(pen.drawing, change, random) for pen in pens[at : at + _AT_ONCE]]
        parts.append(preprocess_all(some))
    return np.concatenate(parts)


def _changed(drawing: Drawing, change: _Change, random: Generator) -> Drawing:
    lines = [stroke.points.astype(np.float64) for stroke in drawing.strokes]
    return Drawing(tuple(map(Stroke, change(lines, random))))


def measure(pens: Sequence[LabelledDrawing], models: Sequence[Path]) -> dict[str, list[int]]:
    """Return how many digits each model reads right after each change."""
    labels = np.array([pen.label for pen in pens])
    snapshots, classifier = [load_snapshot(model) for model in models], Classifier()
    right: dict[str, list[int]] = {}
    for name, change in CHANGES.items():
        images = images_after(pens, change)
        parts = [images[at : at + 500] for at in range(0, len(images), 500)]
        right[name] = []
        for snapshot in snapshots:
            shares = np.concatenate([classifier.probabilities(snapshot, part) for part in parts])
            right[name].append(int((shares.argmax(axis=1) == labels).sum()))
    return right


def _print(right: Mapping[str, list[int]], total: int, models: Sequence[Path]) -> None:
    for place, model in enumerate(models):
        plain = right["as drawn"][place] / total
        print(f"{model.stem}\n\n| | read right | 95 % interval | fall, points |\n|---|---|---|---|")
        for name, counts in right.items():
            share, (low, high) = counts[place] / total, wilson_interval(counts[place], total)
            fall = 100 * (plain - share)
            print(f"| {name} | {share:.2%} | {low:.2%} to {high:.2%} | {fall:.2f} |")
        print()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("strokes", type=Path)
    parser.add_argument("models", nargs="*", type=Path, default=[SHIPPED_NETWORK])
    parser.add_argument("--digits", type=int, metavar="N", help="as many as there are by default")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    records = read_records(arguments.strokes)
    step = max(1, len(records) // (arguments.digits or len(records)))
    pens = [parse_drawing(record) for record in records[::step]]
    right = measure(pens, arguments.models)
    if arguments.json:
        print(json.dumps({"digits": len(pens), "right": right}))
    else:
        _print(right, len(pens), arguments.models)
    return 0


if __name__ == "__main__":
    sys.exit(main())
