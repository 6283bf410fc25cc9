"""Measures what each preprocessing step is worth on digits drawn with a pen.

    python -m benchmarks.preprocessing_cost STROKES [MODEL ...] [--json]

STROKES is UNIPEN text (such as pendigits-orig.tra.gz) or drawings as JSON Lines; MODEL a file
saved by mnist-gui, by default those that ship with it. Every step is on, each is switched off
alone, and all together; `--json` prints every combination, from which
mnist_gui/engine/explain/explanation.py has its figures.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawn_digits import read_records
from mnist_gui.engine.drawing import LabelledDrawing, parse_drawing
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.preprocessing import ALL_STEPS, PreprocessingSteps, trace_preprocessing
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.paths import resource

SHIPPED = [resource(f"models/{name}.mnistgui") for name in ("cnn-best", "softmax-best")]
_AT_ONCE = 500
_ROWS = {
    "every step on": ALL_STEPS,
    "not redrawn at MNIST's width": PreprocessingSteps(redraw=False),
    "not fitted into 20 pixels": PreprocessingSteps(fit=False),
    "not stretched": PreprocessingSteps(stretch=False),
    "box centre, not centre of mass": PreprocessingSteps(centre=False),
    "every step off": PreprocessingSteps(redraw=False, fit=False, stretch=False, centre=False),
}


def combinations() -> Iterator[PreprocessingSteps]:
    """Yield every combination of steps, all of them on first."""
    for switches in product([True, False], repeat=4):
        yield PreprocessingSteps(*switches)


def preprocess_all(drawings: list[LabelledDrawing], steps: PreprocessingSteps) -> NDArray[np.uint8]:
    """Return the images (n, 28, 28) of drawings that went through these steps only."""
    return np.stack([trace_preprocessing(labelled.drawing, steps).image for labelled in drawings])


def measure(
    drawings: list[LabelledDrawing], models: list[Path]
) -> dict[PreprocessingSteps, list[int]]:
    """Return how many drawings each model reads right, for every combination of steps."""
    labels = np.array([labelled.label for labelled in drawings])
    snapshots = [load_snapshot(model) for model in models]
    classifier = Classifier()
    counts = {}
    for steps in combinations():
        images = preprocess_all(drawings, steps)
        read = [_read(classifier, snapshot, images) for snapshot in snapshots]
        counts[steps] = [int((digits == labels).sum()) for digits in read]
    return counts


def _read(
    classifier: Classifier, snapshot: Snapshot, images: NDArray[np.uint8]
) -> NDArray[np.int64]:
    batches = [images[start : start + _AT_ONCE] for start in range(0, len(images), _AT_ONCE)]
    probabilities = [classifier.probabilities(snapshot, batch) for batch in batches]
    digits: NDArray[np.int64] = np.concatenate(probabilities).argmax(axis=1)
    return digits


def _print_table(
    counts: dict[PreprocessingSteps, list[int]], total: int, models: list[Path]
) -> None:
    print("| |", " | ".join(model.stem for model in models), "|")
    print("|---|" + "---|" * len(models))
    for name, steps in _ROWS.items():
        cells = " | ".join(f"{count / total:.2%}" for count in counts[steps])
        print(f"| {name} | {cells} |")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("strokes", type=Path)
    parser.add_argument("models", nargs="*", type=Path, default=SHIPPED)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    drawings = [parse_drawing(record) for record in read_records(arguments.strokes)]
    counts = measure(drawings, arguments.models)
    if arguments.json:
        rows = [{**asdict(steps), "right": row} for steps, row in counts.items()]
        print(json.dumps({"digits": len(drawings), "right": rows}))
    else:
        _print_table(counts, len(drawings), arguments.models)
    return 0


if __name__ == "__main__":
    sys.exit(main())
