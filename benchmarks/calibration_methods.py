"""Compares ways to calibrate a recipe's network, without a look at the test images.

    python -m benchmarks.calibration_methods [--recipe softmax-best] [--draws 10]

Trains the recipe four times on three quarters of MNIST's 60,000 training images. Of the other
15,000, as often as there are draws, 5,000 at random fit each way and 10,000 measure its expected
calibration error, as the validation and the test images would. Prints the mean error in points,
how far it is from that of the temperature in use, with the standard error of the difference, and
how many of the draws meet the target; last what chance alone gives.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.calibration import errors_by_chance
from mnist_gui.engine.calibration import expected_calibration_error, fit_temperature
from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.events import SnapshotTaken, TestEvaluated
from mnist_gui.engine.models.classifier import evaluate_network
from mnist_gui.engine.recipe import RECIPES, Recipe, find_recipe
from mnist_gui.engine.training.trainer import Trainer

_FOLDS = 4
_FITTED_ON = 5_000
_TARGET = 0.005
_LEAST = 1e-7
_Floats = NDArray[np.float64]
_Labels = NDArray[np.uint8]
_Calibrated = Callable[[_Floats], _Floats]


@dataclass(frozen=True)
class HeldOut:
    """Logits (n, 10) and labels (n,) of images that a network was not trained on."""

    logits: _Floats
    labels: _Labels


def _softmax(logits: _Floats) -> _Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: _Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _nothing(_found: HeldOut) -> _Calibrated:
    return _softmax


def _temperature(found: HeldOut) -> _Calibrated:
    temperature = fit_temperature(found.logits, found.labels)
    return lambda logits: _softmax(logits / temperature)


def _least_entropy(found: HeldOut) -> _Calibrated:
    fitted = _fit(found, 1, lambda logits, values: logits * np.exp(values[0]))
    return lambda logits: _softmax(fitted(logits))


def _biases(found: HeldOut) -> _Calibrated:
    """A temperature and a bias for each digit, by the least cross-entropy."""
    fitted = _fit(found, 11, lambda logits, values: logits * np.exp(values[0]) + values[1:])
    return lambda logits: _softmax(fitted(logits))


def _biases_and_temperature(found: HeldOut) -> _Calibrated:
    """The biases of before, then the temperature in use."""
    fitted = _fit(found, 11, lambda logits, values: logits * np.exp(values[0]) + values[1:])
    temperature = fit_temperature(fitted(found.logits), found.labels)
    return lambda logits: _softmax(fitted(logits) / temperature)


def _vector(found: HeldOut) -> _Calibrated:
    """A factor and a bias for each digit (vector scaling)."""
    fitted = _fit(found, 20, lambda logits, values: logits * np.exp(values[:10]) + values[10:])
    return lambda logits: _softmax(fitted(logits))


def _platt(found: HeldOut) -> _Calibrated:
    """A rising line from the answer's log-odds to those of being right (Platt)."""
    return _of_answer(found, lambda answer: np.stack([_logit(answer), np.ones_like(answer)]))


def _beta(found: HeldOut) -> _Calibrated:
    """Beta calibration of the answer's probability: three values."""
    return _of_answer(
        found, lambda answer: np.stack([np.log(answer), -np.log1p(-answer), np.ones_like(answer)])
    )


WAYS: dict[str, Callable[[HeldOut], _Calibrated]] = {
    "none": _nothing,
    "temperature in use": _temperature,
    "temperature by least cross-entropy": _least_entropy,
    "temperature and biases by least cross-entropy": _biases,
    "the same, then the temperature in use": _biases_and_temperature,
    "vector scaling": _vector,
    "Platt's, of the answer": _platt,
    "beta, of the answer": _beta,
}


def _fit(
    found: HeldOut, count: int, change: Callable[[_Floats, _Floats], _Floats]
) -> Callable[[_Floats], _Floats]:
    """Return the change of logits whose values give the least cross-entropy."""
    rows = np.arange(len(found.labels))

    def entropy(values: _Floats) -> float:
        own = _softmax(change(found.logits, values))[rows, found.labels]
        return float(-np.log(np.maximum(own, _LEAST)).mean())

    values = minimize(entropy, np.zeros(count)).x
    return lambda logits: change(logits, values)


def _of_answer(found: HeldOut, features: Callable[[_Floats], _Floats]) -> _Calibrated:
    """Return probabilities whose largest is fitted to how often it is right, the others scaled."""
    is_right = found.logits.argmax(axis=1) == found.labels
    inputs = features(_answer(_softmax(found.logits)))

    def entropy(values: _Floats) -> float:
        odds = values @ inputs
        return float((np.logaddexp(0, odds) - is_right * odds).mean())

    values = minimize(entropy, np.append(1.0, np.zeros(len(inputs) - 1))).x

    def calibrated(logits: _Floats) -> _Floats:
        shares = _softmax(logits)
        answer = _answer(shares)
        wanted = np.maximum(1 / (1 + np.exp(-(values @ features(answer)))), 0.1)
        scaled: _Floats = shares * ((1 - wanted) / (1 - answer))[:, np.newaxis]
        scaled[np.arange(len(shares)), shares.argmax(axis=1)] = wanted
        return scaled

    return calibrated


def _answer(shares: _Floats) -> _Floats:
    answer: _Floats = np.clip(shares.max(axis=1), _LEAST, 1 - _LEAST)
    return answer


def _logit(shares: _Floats) -> _Floats:
    odds: _Floats = np.log(shares) - np.log1p(-shares)
    return odds


def held_out(recipe: Recipe, dataset: Dataset) -> Iterator[HeldOut]:
    """Train on all but a quarter of the training images, once for each, and yield that quarter."""
    images = np.concatenate([dataset.validation.images, dataset.train.images])
    labels = np.concatenate([dataset.validation.labels, dataset.train.labels])
    for fold in range(_FOLDS):
        is_out = np.arange(len(labels)) // (len(labels) // _FOLDS) == fold
        rest, out = (LabelledImages(images[each], labels[each]) for each in (~is_out, is_out))
        some = LabelledImages(out.images[:_FITTED_ON], out.labels[:_FITTED_ON])
        part = Dataset("MNIST", rest, some, some, "")
        events = Trainer(part, replace(recipe, seed=fold + 1)).events()
        *_, last = (event for event in events if isinstance(event, SnapshotTaken))
        *_, tested = evaluate_network(last.snapshot.uncalibrated, out)
        assert isinstance(tested, TestEvaluated)
        shares = tested.evaluation.probabilities.astype(np.float64)
        yield HeldOut(np.log(np.maximum(shares, np.finfo(np.float32).tiny)), out.labels)


def errors(found: HeldOut, draws: int) -> Iterator[list[float]]:
    """Yield each way's error, 0..1, in each draw."""
    for draw in range(draws):
        order = np.random.default_rng(draw).permutation(len(found.labels))
        fit, rest = order[:_FITTED_ON], order[_FITTED_ON:]
        some = HeldOut(found.logits[fit], found.labels[fit])
        shares = (way(some)(found.logits[rest]).astype(np.float32) for way in WAYS.values())
        yield [expected_calibration_error(each, found.labels[rest]) for each in shares]


def by_chance(found: HeldOut) -> float:
    """Return the mean error on as many images as there are to test."""
    shares = _temperature(found)(found.logits[_FITTED_ON:]).astype(np.float32)
    return float(errors_by_chance(shares).mean())


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recipe", default="softmax-best", choices=RECIPES)
    parser.add_argument("--draws", type=int, default=10)
    arguments = parser.parse_args()
    recipe, dataset = find_recipe(arguments.recipe), load_dataset()
    networks = list(held_out(recipe, dataset))
    rows: NDArray[Any] = 100 * np.array(
        [row for found in networks for row in errors(found, arguments.draws)]
    )
    _print(recipe.name, rows, 100 * float(np.mean([by_chance(found) for found in networks])))
    return 0


def _print(recipe: str, rows: _Floats, chance: float) -> None:
    print(f"{recipe}, {len(rows)} draws; by chance alone: {chance:.2f}\n")
    print("| calibrated by | mean error, points | than the one in use | met the target |")
    print("|---|---|---|---|")
    for name, own in zip(WAYS, rows.T, strict=True):
        more = own - rows[:, 1]
        error = more.std(ddof=1) / np.sqrt(len(more)) if len(more) > 1 else 0
        met = (own <= 100 * _TARGET).mean()
        print(f"| {name} | {own.mean():.2f} | {more.mean():+.2f} \u00b1 {error:.2f} | {met:.0%} |")


if __name__ == "__main__":
    sys.exit(main())
