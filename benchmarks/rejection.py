"""Measures how many drawings that are no digits are refused, and how many digits.

    python -m benchmarks.rejection STROKES [MODEL ...] [--letters FILE.jsonl.gz] [--count N]
                                   [--detector FILE] [--json]

STROKES is UNIPEN text (such as pendigits-orig.tra.gz) or drawings as JSON Lines; MODEL a file
saved by mnist-gui, by default those that ship with it. Prints the shares, with their 95 %
intervals, of pen digits and of N drawings of each other kind that get no sure digit: those that
do not look like a digit, and those in which the network cannot tell two digits apart. Of pen digits
and of MNIST's it also prints how many of those that get a sure digit get the wrong one.
`--letters` are drawings that people made of letters, with labels; those that look like digits count
apart.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawn_digits import read_records
from benchmarks.preprocessing_cost import SHIPPED
from benchmarks.scribbles import LETTERS, SCRIBBLES, letters, overlaid, shuffled
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, parse_drawing
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.digit_detector import DigitDetector
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.prediction import Certainty, Prediction, wilson_interval
from mnist_gui.engine.preprocessing import preprocess_all
from mnist_gui.engine.snapshot import Snapshot

_Images = NDArray[np.uint8]
_Labels = NDArray[np.uint8]
_SEED = 20261125
_AT_ONCE = 64
_PENS = "pen digits"
_MNIST = "MNIST validation images"
_WRONG = "sure and wrong"
_LIKE_DIGITS = frozenset("OoDQIlijSsZzBbgqGTty")


def image_sets(pens: Sequence[LabelledDrawing], count: int) -> dict[str, _Images]:
    """Return images (n, 28, 28) of pen digits, of MNIST's, and of each kind of non-digits."""
    random = np.random.default_rng(_SEED)
    drawings = [pen.drawing for pen in pens]
    dataset = load_dataset()
    sets = {
        _PENS: _images(drawings),
        _MNIST: dataset.validation.images,
    }
    for name, make in SCRIBBLES.items():
        sets[name] = _images([make(random) for _ in range(count)])
    for name in LETTERS:
        sets[name] = _images(letters(name, count, random))
    some = random.permutation(len(pens))[:count]
    sets["pen digits' strokes shuffled"] = _images([shuffled(drawings[i], random) for i in some])
    sets["two pen digits over one another"] = _images(_pairs(pens, some, random))
    return sets


def letter_sets(path: Path) -> dict[str, _Images]:
    """Return images (n, 28, 28) of a file's letters, those that look like digits apart."""
    records = read_records(path)
    sets: dict[str, list[Drawing]] = {}
    for record in records:
        kind = "like" if record.pop("label") in _LIKE_DIGITS else "unlike"
        sets.setdefault(f"people's letters, {kind} digits", []).append(
            parse_drawing(record).drawing
        )
    return {name: _images(drawings) for name, drawings in sets.items()}


def labels_of(pens: Sequence[LabelledDrawing]) -> dict[str, _Labels]:
    """Return the digits (n,) of the sets of images that have them."""
    labels = np.array([pen.label for pen in pens], np.uint8)
    return {_PENS: labels, _MNIST: load_dataset().validation.labels}


def _pairs(
    pens: Sequence[LabelledDrawing], some: NDArray[np.int64], random: np.random.Generator
) -> list[Drawing]:
    others = random.permutation(len(pens))[: len(some)]
    pairs = [(pens[one], pens[other]) for one, other in zip(some, others, strict=True)]
    return [overlaid(a.drawing, b.drawing) for a, b in pairs if a.label != b.label]


def _images(drawings: Sequence[Drawing]) -> _Images:
    parts = [drawings[at : at + _AT_ONCE] for at in range(0, len(drawings), _AT_ONCE)]
    return np.concatenate([preprocess_all(part) for part in parts])


def predictions_of(
    classifier: Classifier, snapshot: Snapshot, images: _Images, digit_scores: NDArray[np.float32]
) -> list[Prediction]:
    """Return what a network says of images (n, 28, 28) that look like digits so much (n,)."""
    parts = [images[at : at + 500] for at in range(0, len(images), 500)]
    shares = np.concatenate([classifier.probabilities(snapshot, part) for part in parts])
    return list(map(Prediction, shares, digit_scores.tolist(), repeat(snapshot.min_margin)))


def measure(
    sets: Mapping[str, _Images],
    digit_scores: Mapping[str, NDArray[np.float32]],
    labels: Mapping[str, _Labels],
    model: Path,
) -> dict[str, dict[str, int]]:
    """Return how many images of each set one network gives which certainty, and a wrong digit."""
    classifier, snapshot = Classifier(), load_snapshot(model)
    counts = {}
    for name, images in sets.items():
        read = predictions_of(classifier, snapshot, images, digit_scores[name])
        found = [prediction.certainty for prediction in read]
        counts[name] = {each.value: found.count(each) for each in Certainty}
        if name in labels:
            pairs = zip(read, labels[name].tolist(), strict=True)
            counts[name][_WRONG] = sum(each.is_sure and each.digit != own for each, own in pairs)
    return counts


def _print(model: Path, counts: Mapping[str, Mapping[str, int]]) -> None:
    print(f"{model.stem}\n\n| | images | refused | 95 % interval | no digit | undecided |")
    print("|---|---|---|---|---|---|")
    for name, row in counts.items():
        total = sum(row[each.value] for each in Certainty)
        refused = total - row[Certainty.SURE.value]
        low, high = wilson_interval(refused, total)
        shares = [row[each.value] / total for each in (Certainty.NOT_A_DIGIT, Certainty.UNDECIDED)]
        print(
            f"| {name} | {total:,} | {refused / total:.2%} | {low:.2%} to {high:.2%} "
            f"| {shares[0]:.2%} | {shares[1]:.2%} |"
        )
    print("\n| | refused | sure and right | sure and wrong | wrong of the sure | 95 % interval |")
    print("|---|---|---|---|---|---|")
    for name, row in counts.items():
        if _WRONG in row:
            _print_risk(name, row)
    print()


def _print_risk(name: str, row: Mapping[str, int]) -> None:
    total = sum(row[each.value] for each in Certainty)
    sure, wrong = row[Certainty.SURE.value], row[_WRONG]
    low, high = wilson_interval(wrong, sure)
    print(
        f"| {name} | {1 - sure / total:.2%} | {(sure - wrong) / total:.2%} | {wrong / total:.2%} "
        f"| {wrong / max(sure, 1):.2%} | {low:.2%} to {high:.2%} |"
    )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("strokes", type=Path)
    parser.add_argument("models", nargs="*", type=Path, default=SHIPPED)
    parser.add_argument("--letters", type=Path)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--detector", type=Path, help="weights in place of those that ship")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    pens = [parse_drawing(record) for record in read_records(arguments.strokes)]
    sets = image_sets(pens, arguments.count)
    if arguments.letters:
        sets |= letter_sets(arguments.letters)
    detector = DigitDetector(arguments.detector) if arguments.detector else DigitDetector()
    digit_scores = {name: detector.digit_scores(images) for name, images in sets.items()}
    labels = labels_of(pens)
    results = {model.stem: measure(sets, digit_scores, labels, model) for model in arguments.models}
    if arguments.json:
        print(json.dumps(results))
    else:
        for model in arguments.models:
            _print(model, results[model.stem])
    return 0


if __name__ == "__main__":
    sys.exit(main())
