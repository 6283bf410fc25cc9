"""Measures how well numbers of several digits are read, and how often one digit is cut in two.

    python -m benchmarks.drawn_numbers STROKES [MODEL] [--numbers N] [--json]

STROKES is UNIPEN text (such as pendigits-orig.tra.gz) or drawings as JSON Lines; MODEL a file
saved by mnist-gui, by default `cnn-best` as it ships. N numbers each of two, three and four pen
digits are laid side by side, each digit of a size and height of its own, with gaps up to
three fifths of a digit's height, or reaching a tenth of it under its neighbour. Prints how many
numbers were cut into their digits and how many were read wholly right, by their least gap, and how
many of the digits alone were cut.
"""

import argparse
import itertools
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator

from benchmarks.drawn_digits import read_records
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke, parse_drawing
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.prediction import wilson_interval
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.paths import SHIPPED_NETWORK

_SEED = 20261125
_LENGTHS = (2, 3, 4)
_HEIGHTS = (0.8, 1.2)
_LIFTS = (-0.12, 0.12)
_GAPS = (-0.1, 0.6)
# Least gaps that are told apart in the table, in heights of a digit.
_GAP_STEPS = (-0.1, 0.0, 0.05, 0.1, 0.2, 0.6)


@dataclass(frozen=True)
class Number:
    """A drawing, the digits in it with the strokes of each, and the least gap between them."""

    drawing: Drawing
    text: str
    stroke_counts: list[int]
    gap: float


def make_number(pens: Sequence[LabelledDrawing], random: Generator) -> Number:
    """Lay digits side by side, as large as fits the canvas; a height of 1 is the mean digit's."""
    strokes: list[np.ndarray[Any, np.dtype[np.float64]]] = []
    right, gaps = 0.0, [1.0]
    for place, pen in enumerate(pens):
        lines = [stroke.points.astype(np.float64) for stroke in pen.drawing.strokes]
        low, high = np.concatenate(lines).min(axis=0), np.concatenate(lines).max(axis=0)
        scale = random.uniform(*_HEIGHTS) / max(float((high - low).max()), 1e-9)
        gap = random.uniform(*_GAPS) if place else 0.0
        gaps.append(gap if place else 1.0)
        corner = (right + gap, random.uniform(*_LIFTS) - scale * (high - low)[1] / 2)
        strokes += [(line - low) * scale + corner for line in lines]
        right += gap + scale * float((high - low)[0])
    size = 0.95 / max(right, 1.3)
    return Number(
        Drawing(tuple(Stroke(points * size + (0.025, 0.5)) for points in strokes)),
        "".join(str(pen.label) for pen in pens),
        [len(pen.drawing.strokes) for pen in pens],
        min(gaps),
    )


def measure(
    pens: Sequence[LabelledDrawing], snapshot: Snapshot, count: int
) -> tuple[list[dict[str, Any]], int]:
    """Return what became of each number, and how many single digits were cut."""
    reader, random = Classifier(), np.random.default_rng(_SEED)
    rows = []
    for length in _LENGTHS:
        for _ in range(count):
            some = [pens[index] for index in random.integers(len(pens), size=length)]
            number = make_number(some, random)
            reading = reader.predict_number(snapshot, number.drawing)
            counts = [len(digit.drawing.strokes) for digit in reading.digits]
            read = "".join(str(digit.prediction.digit) for digit in reading.digits)
            rows.append(
                {
                    "digits": length,
                    "gap": number.gap,
                    "cut": counts == number.stroke_counts,
                    "right": read == number.text,
                }
            )
    cut = sum(len(reader.predict_number(snapshot, pen.drawing).digits) > 1 for pen in pens)
    return rows, cut


def _print(rows: list[dict[str, Any]], cut: int, digits: int) -> None:
    print("| | numbers | cut into their digits | read wholly right | 95 % interval |")
    print("|---|---|---|---|---|")
    for length in _LENGTHS:
        _print_row(f"{length} digits", [row for row in rows if row["digits"] == length])
    for low, high in itertools.pairwise(_GAP_STEPS):
        some = [row for row in rows if low <= row["gap"] < high]
        _print_row(f"least gap {low:.2f} to {high:.2f} heights", some)
    _print_row("all", rows)
    low, high = wilson_interval(cut, digits)
    print(
        f"\nOf {digits:,} digits alone {cut} were cut: {cut / digits:.2%} ({low:.2%}-{high:.2%})."
    )


def _print_row(name: str, rows: list[dict[str, Any]]) -> None:
    right = sum(row["right"] for row in rows)
    low, high = wilson_interval(right, len(rows))
    cut = sum(row["cut"] for row in rows) / max(len(rows), 1)
    share = right / max(len(rows), 1)
    print(f"| {name} | {len(rows):,} | {cut:.1%} | {share:.1%} | {low:.1%} to {high:.1%} |")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("strokes", type=Path)
    parser.add_argument("model", nargs="?", type=Path, default=SHIPPED_NETWORK)
    parser.add_argument("--numbers", type=int, default=1_000, metavar="N")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    pens = [parse_drawing(record) for record in read_records(arguments.strokes)]
    rows, cut = measure(pens, load_snapshot(arguments.model), arguments.numbers)
    if arguments.json:
        print(json.dumps({"numbers": rows, "digits": len(pens), "digits_cut": cut}))
    else:
        _print(rows, cut, len(pens))
    return 0


if __name__ == "__main__":
    sys.exit(main())
