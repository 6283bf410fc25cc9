"""Measures how honest networks' probabilities are, and finds `min_margin` of each architecture.

    python -m benchmarks.calibration MODEL ... [--share 0.003] [--json]

MODEL is a file saved by mnist-gui. First come the expected calibration errors on MNIST's test
images: without a temperature, with the network's, and with the one that has the least
cross-entropy on the validation images; beside them what chance alone makes of a network of the
same probabilities that is perfectly calibrated, and how often it then meets the target of 0.5
points. Then how reliable each bin of probabilities is.

Last come the margins by which a digit must lead the next to be read. The margin is where that
share of digits look like digits and are left undecided; half of the digits are MNIST's validation
images, half are drawn by the program in our own pen styles, as none in training was. Prints the
margins, their mean for each architecture beside the one in use, and what is refused with that.
Other people's strokes are not looked at: what it comes to on those is measured by
`benchmarks/rejection.py`.
"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from benchmarks.rejection import predictions_of
from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.calibration import (
    LEAST_TEMPERATURE,
    MOST_TEMPERATURE,
    expected_calibration_error,
)
from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.events import TestEvaluated
from mnist_gui.engine.models.classifier import Classifier, evaluate_network
from mnist_gui.engine.models.digit_detector import DigitDetector
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.prediction import Certainty, Evaluation
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.synthetic.generate import generate_digit_images, join

_SEED = 20261125
_SHARE = 0.003
_BINS = 15
_CHANCES = 1_000
_TARGET = 0.005


@dataclass(frozen=True)
class Reliability:
    """The answers of one bin of probability: how many, how probable and how often right."""

    images: int
    probability: float
    accuracy: float


@dataclass(frozen=True)
class Honesty:
    """The expected calibration errors of one network on the test images, 0..1.

    `by_chance` is the mean error of a network with the same probabilities whose answers are right
    exactly as often, `chance_of_target` how often its error is at most the target.
    """

    model: str
    accuracy: float
    temperature: float
    without: float
    calibrated: float
    least_entropy_temperature: float
    least_entropy: float
    by_chance: float
    chance_of_target: float
    bins_without: tuple[Reliability | None, ...]
    bins: tuple[Reliability | None, ...]


@dataclass(frozen=True)
class Calibration:
    """What was found with one network.

    `no_digit` and `undecided` are the shares that it refuses with the margin that is in use.
    """

    model: str
    architecture: str
    margin: float
    no_digit: float
    undecided: float


def honesty(dataset: Dataset, model: Path) -> Honesty:
    """Measure one network's probabilities."""
    snapshot = load_snapshot(model)
    classifier, bare = Classifier(), replace(snapshot, temperature=1.0)
    test = _evaluation(classifier, snapshot, dataset.test)
    without = _evaluation(classifier, bare, dataset.test)
    least = _least_entropy_temperature(_evaluation(classifier, bare, dataset.validation))
    other = _evaluation(classifier, replace(snapshot, temperature=least), dataset.test)
    by_chance = errors_by_chance(test.probabilities)
    return Honesty(
        model=model.stem,
        accuracy=test.accuracy,
        temperature=snapshot.temperature,
        without=without.calibration_error,
        calibrated=test.calibration_error,
        least_entropy_temperature=least,
        least_entropy=other.calibration_error,
        by_chance=float(by_chance.mean()),
        chance_of_target=float((by_chance <= _TARGET).mean()),
        bins_without=_bins(without),
        bins=_bins(test),
    )


def _evaluation(classifier: Classifier, snapshot: Snapshot, images: LabelledImages) -> Evaluation:
    *_, read = evaluate_network(snapshot, images, classifier)
    assert isinstance(read, TestEvaluated)
    return read.evaluation


def _least_entropy_temperature(validation: Evaluation) -> float:
    logits = np.log(np.maximum(validation.probabilities, np.finfo(np.float32).tiny))
    own = logits[np.arange(len(logits)), validation.labels]

    def entropy(temperature: float) -> float:
        sums = np.exp(logits / temperature).sum(axis=1)
        return float((np.log(sums) - own / temperature).mean())

    bounds = (LEAST_TEMPERATURE, MOST_TEMPERATURE)
    return float(minimize_scalar(entropy, bounds=bounds, method="bounded").x)


def errors_by_chance(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the errors, one for each chance, of answers that are right as often as they say."""
    random = np.random.default_rng(_SEED)
    answer, probability = probabilities.argmax(axis=1), probabilities.max(axis=1)
    errors = []
    for _ in range(_CHANCES):
        is_right = random.random(len(answer)) < probability
        labels = np.where(is_right, answer, (answer + 1) % 10).astype(np.uint8)
        errors.append(expected_calibration_error(probabilities, labels))
    return np.array(errors)


def _bins(evaluation: Evaluation) -> tuple[Reliability | None, ...]:
    """Return the bins of probability from 0 to 1, None for those without an image."""
    probability = evaluation.probabilities.max(axis=1).astype(np.float64)
    is_right = evaluation.predicted == evaluation.labels
    place = np.clip(np.ceil(probability * _BINS) - 1, 0, _BINS - 1)
    found = [place == number for number in range(_BINS)]
    return tuple(
        Reliability(int(own.sum()), float(probability[own].mean()), float(is_right[own].mean()))
        if own.any()
        else None
        for own in found
    )


def digits() -> NDArray[np.uint8]:
    """Return MNIST's validation images and as many in our own pen styles (n, 28, 28)."""
    validation = load_dataset().validation.images
    drawn = join(list(generate_digit_images(len(validation), _SEED)))
    return np.concatenate([validation, drawn.images])


def calibrate(
    images: NDArray[np.uint8], digit_scores: NDArray[np.float32], share: float, model: Path
) -> Calibration:
    """Return the margin that leaves a share of the images (n, 28, 28) undecided."""
    snapshot = load_snapshot(model)
    read = predictions_of(Classifier(), snapshot, images, digit_scores)
    certainties = [prediction.certainty for prediction in read]
    margins = [each.margin for each in read if each.certainty is not Certainty.NOT_A_DIGIT]
    return Calibration(
        model=model.stem,
        architecture=snapshot.recipe.network,
        margin=sorted(margins)[round(share * len(images))],
        no_digit=certainties.count(Certainty.NOT_A_DIGIT) / len(images),
        undecided=certainties.count(Certainty.UNDECIDED) / len(images),
    )


def _print_honesty(found: list[Honesty]) -> None:
    print(
        "| network | accuracy | temperature | error without, points | with it | by chance alone "
        f"(at most {100 * _TARGET:g}) | by cross-entropy |"
    )
    print("|---|---|---|---|---|---|---|")
    for each in found:
        print(
            f"| {each.model} | {each.accuracy:.2%} | {each.temperature:.3f} "
            f"| {100 * each.without:.2f} | {100 * each.calibrated:.2f} "
            f"| {100 * each.by_chance:.2f} ({each.chance_of_target:.0%}) "
            f"| {100 * each.least_entropy:.2f} (at {each.least_entropy_temperature:.3f}) |"
        )
    for each in found:
        print(f"\n{each.model}: images, their mean probability, and how many are right\n")
        print("| probability of the answer | without a temperature | with it |\n|---|---|---|")
        for number, pair in enumerate(zip(each.bins_without, each.bins, strict=True)):
            if any(pair):
                columns = " | ".join(map(_reliability_as_text, pair))
                print(f"| {number / _BINS:.0%} to {(number + 1) / _BINS:.0%} | {columns} |")
    print()


def _reliability_as_text(found: Reliability | None) -> str:
    if found is None:
        return "\u2013"
    return f"{found.images:,}: {found.probability:.1%}, {found.accuracy:.1%}"


def _print(found: list[Calibration]) -> None:
    print("| network | architecture | margin | no digit | undecided | refused |")
    print("|---|---|---|---|---|---|")
    for each in found:
        print(
            f"| {each.model} | {each.architecture} | {each.margin:.3f} | {each.no_digit:.2%} "
            f"| {each.undecided:.2%} | {each.no_digit + each.undecided:.2%} |"
        )
    print("\n| architecture | networks | mean margin | min_margin in use |\n|---|---|---|---|")
    for name in dict.fromkeys(each.architecture for each in found):
        margins = [each.margin for each in found if each.architecture == name]
        in_use = ARCHITECTURES[name].min_margin
        print(f"| {name} | {len(margins)} | {np.mean(margins):.3f} | {in_use:g} |")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--share", type=float, default=_SHARE)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    dataset = load_dataset()
    honest = [honesty(dataset, model) for model in arguments.models]
    images = digits()
    digit_scores = DigitDetector().digit_scores(images)
    found = [calibrate(images, digit_scores, arguments.share, model) for model in arguments.models]
    if arguments.json:
        print(
            json.dumps({"errors": list(map(asdict, honest)), "margins": list(map(asdict, found))})
        )
    else:
        _print_honesty(honest)
        _print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
