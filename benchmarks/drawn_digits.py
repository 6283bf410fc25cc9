"""Measures how well networks read digits drawn with a pen.

    python -m benchmarks.drawn_digits STROKES MODEL ... [--json]

STROKES is UNIPEN text (such as pendigits-orig.tra.gz) or drawings as JSON Lines; MODEL a file
saved by mnist-gui. The strokes go through the very code of the canvas. Prints the accuracy with
its 95 % interval, per digit, per writer where writers are named, and the worst confusions.
"""

import argparse
import gzip
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.pen_digits import read_unipen
from mnist_gui.engine.drawing import parse_drawing
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.prediction import Evaluation, wilson_interval
from mnist_gui.engine.preprocessing import preprocess

_CONFUSIONS = 8


@dataclass(frozen=True)
class DrawnDigits:
    """Images (n, 28, 28) of drawn digits, their labels (n,), and writers (n,), "" if unnamed."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    writers: NDArray[np.str_]


def read_records(path: Path) -> list[dict[str, Any]]:
    """Read UNIPEN text, gzipped or not, or drawings as JSON Lines."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        if ".jsonl" in path.suffixes:
            return [json.loads(line) for line in lines]
        return list(read_unipen(lines))


def read_strokes(path: Path) -> DrawnDigits:
    """Return the images that the canvas would make of a file's strokes."""
    records = read_records(path)
    drawings = [parse_drawing(record) for record in records]
    return DrawnDigits(
        np.stack([preprocess(labelled.drawing) for labelled in drawings]),
        np.array([labelled.label for labelled in drawings], np.uint8),
        np.array([str(record.get("writer", "")) for record in records]),
    )


def measure(digits: DrawnDigits, model: Path) -> dict[str, Any]:
    """Return what one network reads of the digits."""
    probabilities = Classifier().probabilities(load_snapshot(model), digits.images)
    evaluation = Evaluation(digits.labels, probabilities)
    is_right = evaluation.predicted == digits.labels
    writers = [writer for writer in np.unique(digits.writers).tolist() if writer]
    errors = evaluation.confusion - np.diag(np.diagonal(evaluation.confusion))
    worst = np.argsort(-errors, axis=None)[:_CONFUSIONS]
    return {
        "model": model.name,
        "digits": len(digits.labels),
        "accuracy": evaluation.accuracy,
        "interval": evaluation.interval,
        "per_digit": evaluation.accuracy_per_digit.tolist(),
        "per_writer": {w: float(is_right[digits.writers == w].mean()) for w in writers},
        "confusions": [[int(cell // 10), int(cell % 10), int(errors.flat[cell])] for cell in worst],
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("strokes", type=Path)
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    digits = read_strokes(arguments.strokes)
    results = [measure(digits, model) for model in arguments.models]
    if arguments.json:
        print(json.dumps(results))
        return 0
    for result in results:
        _print(result, digits)
    return 0


def _print(result: dict[str, Any], digits: DrawnDigits) -> None:
    low, high = result["interval"]
    print(
        f"{result['model']}: {result['accuracy']:.2%} of {result['digits']:,} read right "
        f"(95 % interval {low:.2%} to {high:.2%})"
    )
    for digit, share in enumerate(result["per_digit"]):
        total = int((digits.labels == digit).sum())
        low, high = wilson_interval(round(share * total), total)
        print(f"  {digit}: {share:7.2%} of {total} ({low:.1%} to {high:.1%})")
    confusions = (f"{count} x {label} as {read}" for label, read, count in result["confusions"])
    print("  worst:", ", ".join(confusions))
    if result["per_writer"]:
        shares = sorted(result["per_writer"].items(), key=lambda each: each[1])
        named = ", ".join(f"{writer}: {share:.1%}" for writer, share in shares)
        print("  writers, worst first:", named)


if __name__ == "__main__":
    sys.exit(main())
