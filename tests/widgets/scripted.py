"""Made-up runs, evaluations and predictions that stand in for the engine."""

import numpy as np

from mnist_gui.engine.evaluation import Evaluation
from mnist_gui.engine.events import StepsEnded, Validated
from mnist_gui.engine.history import History
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.recipe import RECIPES


def history(steps: int = 100, accuracy: float = 0.5, every: int = 10) -> History:
    """Return a run of which each `every`-th step was measured, and the end validated."""
    run = History(RECIPES["softmax-tutorial"])
    accuracies = np.full(steps, np.nan, dtype=np.float32)
    accuracies[::every] = accuracy
    losses = np.linspace(2.0, 0.5, steps, dtype=np.float32)
    run.append(StepsEnded(steps, steps / 550, losses, accuracies, 1.0))
    run.append(Validated(steps, accuracy, 0.4))
    return run


def prediction(digit: int, probability: float) -> Prediction:
    """Return a prediction of one digit; the others share what is left."""
    probabilities = np.full(10, (1 - probability) / 9, dtype=np.float32)
    probabilities[digit] = probability
    return Prediction(probabilities)


def evaluation(labels: list[int], read_as: list[int], probability: float = 0.9) -> Evaluation:
    """Return an evaluation of images with these labels that were read as these digits."""
    rows = [prediction(digit, probability).probabilities for digit in read_as]
    return Evaluation(np.array(labels, dtype=np.uint8), np.array(rows, dtype=np.float32))


def images(count: int) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """Return images (count, 28, 28) that are each of one grey: 0, 1, 2 ..."""
    greys = np.arange(count) % 256
    return np.broadcast_to(greys[:, None, None], (count, 28, 28)).astype(np.uint8)
