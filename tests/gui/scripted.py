"""Made-up runs, evaluations and predictions that stand in for the engine."""

import numpy as np

from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.events import StepsTrained, Validated
from mnist_gui.engine.explain.explanation import Attribution, Explanation
from mnist_gui.engine.finetune.recipe import finetuning_recipe
from mnist_gui.engine.finetune.result import FineTuningResult
from mnist_gui.engine.history import History
from mnist_gui.engine.prediction import DigitPrediction, Evaluation, NumberPrediction, Prediction
from mnist_gui.engine.preprocessing import ALL_STEPS, PreprocessingSteps, trace_preprocessing
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot


def history(steps: int = 100, accuracy: float = 0.5, every: int = 10) -> History:
    """Return a run of which each `every`-th step was measured, and the end validated."""
    run = History(RECIPES["softmax-tutorial"])
    accuracies = [(step, accuracy) for step in range(0, steps, every)]
    losses = np.linspace(2.0, 0.5, steps).tolist()
    run.append(StepsTrained(steps, steps / 550, losses, accuracies, 1.0))
    run.append(Validated(steps, accuracy, 0.4))
    return run


def prediction(digit: int, probability: float, digit_score: float = 1.0) -> Prediction:
    """Return a prediction of one digit; the others share what is left."""
    probabilities = np.full(10, (1 - probability) / 9, dtype=np.float32)
    probabilities[digit] = probability
    return Prediction(probabilities, digit_score, min_margin=0.1)


def number(*predictions: Prediction) -> NumberPrediction:
    """Return a reading of digits side by side, their images all black."""
    black = np.zeros((28, 28), np.uint8)
    return NumberPrediction(tuple(DigitPrediction(Drawing(), black, each) for each in predictions))


def evaluation(labels: list[int], read_as: list[int], probability: float = 0.9) -> Evaluation:
    """Return an evaluation of images with these labels that were read as these digits."""
    rows = [prediction(digit, probability).probabilities for digit in read_as]
    return Evaluation(np.array(labels, dtype=np.uint8), np.array(rows, dtype=np.float32))


def images(count: int) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """Return images (count, 28, 28) that are each of one grey: 0, 1, 2 ..."""
    greys = np.arange(count) % 256
    return np.broadcast_to(greys[:, None, None], (count, 28, 28)).astype(np.uint8)


def explanation(
    drawing: Drawing,
    *,
    steps: PreprocessingSteps = ALL_STEPS,
    read: Prediction | None = None,
    with_all: Prediction | None = None,
    stroke_ablations: tuple[Prediction, ...] = (),
    network: str = "cnn-deep",
) -> Explanation:
    """Return an explanation in which the drawing's upper half speaks for what is read.

    The lower half speaks against it, half as strongly; all other digits share alike.
    """
    strip = trace_preprocessing(drawing, steps)
    read = read or prediction(9, 0.9)
    odds = np.zeros((28, 28))
    odds[:14], odds[14:] = -2, 1
    without = np.tile(read.probabilities / (1 - read.probability), (28, 28, 1))
    without[..., read.digit] *= np.exp(odds)
    without /= without.sum(axis=2, keepdims=True)
    without[strip.image == 0] = read.probabilities
    return Explanation(
        network=network,
        strip=strip,
        prediction=read,
        prediction_with_all=with_all or read,
        evidence=Attribution(strip.image, read.probabilities, without),
        stroke_ablations=stroke_ablations,
    )


def hand_result(
    base: Snapshot,
    own: tuple[int, int] = (6, 9),
    test: tuple[int, int] = (996, 995),
    *,
    images: int = 1_000,
) -> FineTuningResult:
    """Return what learning a hand came to: how many of 10 own digits and of so many test images
    were read right before and after.
    """
    user_before, user_after = (_right(right, 10) for right in own)
    test_before, test_after = (_right(right, images) for right in test)
    learnt = Snapshot(finetuning_recipe(base.recipe, 1), 50, {})
    places = np.arange(10)
    return FineTuningResult(
        base,
        learnt,
        places,
        user_before,
        user_after,
        test_before,
        test_after,
        rounds=3,
        seconds=9.0,
    )


def _right(right: int, total: int) -> Evaluation:
    return evaluation([1] * total, [1] * right + [7] * (total - right))
