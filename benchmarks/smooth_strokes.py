"""Measures whether networks read pen digits better along smooth curves than from point to point.

    python -m benchmarks.smooth_strokes STROKES MODEL ... [--keep 1 2 5 10]

STROKES is as for benchmarks.drawn_digits. The canvas shows the curve of stroke_curve; preprocessing
joins the points by straight pieces. `--keep` leaves only every n-th point, as slow pointers do.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawn_digits import read_records
from mnist_gui.engine.drawing import Drawing, Stroke, parse_drawing
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.stroke_smoothing import curve_parameters, curve_points

Change = Callable[[Stroke], Stroke]


def straight(stroke: Stroke) -> Stroke:
    """Return the stroke as it is."""
    return stroke


def smooth(stroke: Stroke) -> Stroke:
    """Return a stroke with points all along its curve."""
    places = curve_parameters(stroke.points, 0, len(stroke.points) - 1)
    return Stroke(curve_points(stroke.points, places))


def thinned(stroke: Stroke, every: int) -> Stroke:
    """Return a stroke with only every n-th point, and its last."""
    return Stroke(np.concatenate([stroke.points[:-1:every], stroke.points[-1:]]))


def images(drawings: Sequence[Drawing], every: int, change: Change) -> NDArray[np.uint8]:
    """Return the images (n, 28, 28) of thinned and then changed drawings."""
    return np.stack(
        [preprocess(Drawing(tuple(change(thinned(s, every)) for s in d.strokes))) for d in drawings]
    )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("strokes", type=Path)
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--keep", nargs="+", type=int, default=[1, 2, 5, 10], metavar="N")
    arguments = parser.parse_args()
    labelled = [parse_drawing(record) for record in read_records(arguments.strokes)]
    drawings, labels = [each.drawing for each in labelled], [each.label for each in labelled]
    classifier = Classifier()
    snapshots = [load_snapshot(model) for model in arguments.models]
    print(
        "every n-th point | pieces | milliseconds an image |", *[m.stem for m in arguments.models]
    )
    for every in arguments.keep:
        for change in (straight, smooth):
            started = process_time()
            made = images(drawings, every, change)
            cost = (process_time() - started) / len(drawings) * 1e3
            read = [classifier.probabilities(s, made).argmax(axis=1) for s in snapshots]
            shares = [f"{float(np.mean(digits == labels)):.2%}" for digits in read]
            print(every, change.__name__, f"{cost:.2f}", *shares, sep=" | ", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
