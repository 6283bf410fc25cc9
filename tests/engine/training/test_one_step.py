import csv
from collections.abc import Mapping
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.inside.forward import features_and_logits, softmax
from mnist_gui.engine.inside.learnt import STEP_COUNTS, Learnt, learnt_csv
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.models.network_copies import NetworkCopies
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.one_step import learn, rate_at
from tests.engine.inside.test_forward import random_images, random_network

COPIES = NetworkCopies()
IMAGE = random_images(1)[0]
LABEL = 4


def learnt_by(snapshot: Snapshot, rate: float) -> Learnt:
    *_, last = learn(COPIES, snapshot, IMAGE, LABEL, rate)
    assert isinstance(last, Learnt)
    return last


def small(architecture: str, **changes: object) -> Snapshot:
    snapshot = random_network(architecture)
    weights = {name: array * np.float32(0.3) for name, array in snapshot.weights.items()}
    return Snapshot(replace(snapshot.recipe, **changes), 1, weights)  # type: ignore[arg-type]


def answer(weights: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return what softmax regression answers for the image."""
    logits = (IMAGE.ravel() / 255) @ weights["output/kernel"] + weights["output/bias"]
    shares: NDArray[np.float64] = np.exp(logits) / np.exp(logits).sum()
    return shares


def by_formula(snapshot: Snapshot, rate: float) -> tuple[list[NDArray[np.float64]], list[dict]]:  # type: ignore[type-arg]
    """Train softmax regression by the formulas of its gradient and of its optimizer.

    Return the answers after STEP_COUNTS, and the weights after 0 and 1 steps.
    """
    weights = {name: array.astype(np.float64) for name, array in snapshot.weights.items()}
    moments = {name: [np.zeros_like(array)] * 2 for name, array in weights.items()}
    answers, kept = [answer(weights)], [dict(weights)]
    beta_1, beta_2 = 0.9, snapshot.recipe.beta_2
    for step in range(1, STEP_COUNTS[-1] + 1):
        error = answer(weights) - np.eye(10)[LABEL]
        slopes = {"output/kernel": np.outer(IMAGE.ravel() / 255, error), "output/bias": error}
        for name, slope in slopes.items():
            first, second = moments[name]
            first, second = (
                (beta_1 * first + (1 - beta_1) * slope),
                (beta_2 * second + (1 - beta_2) * slope**2),
            )
            moments[name] = [first, second]
            move = slope
            if snapshot.recipe.optimizer == "adam":
                root = np.sqrt(second / (1 - beta_2**step))
                move = first / (1 - beta_1**step) / (root + 1e-8)
            weights[name] = weights[name] - rate * move
        if step in STEP_COUNTS:
            answers.append(answer(weights))
        if step == 1:
            kept.append(dict(weights))
    return answers, kept


@pytest.mark.parametrize(("optimizer", "rate"), [("gradient-descent", 0.01), ("adam", 1e-3)])
def test_steps_and_answers_are_those_of_the_optimizers_formula(optimizer: str, rate: float) -> None:
    snapshot = small("softmax", optimizer=optimizer, beta_2=0.99)
    learnt = learnt_by(snapshot, rate)
    answers, (before, after) = by_formula(snapshot, rate)
    assert np.allclose(learnt.probabilities, answers, atol=2e-3)
    assert learnt.losses == pytest.approx([-np.log(each[LABEL]) for each in answers], rel=5e-3)
    moved = (after["output/kernel"] - before["output/kernel"]).reshape(28, 28, 10)
    assert np.allclose(learnt.step.images, moved.transpose(2, 0, 1), atol=rate * 1e-3)
    (layer,) = learnt.layers
    changes = [after[name] - before[name] for name in before]
    assert layer.step == pytest.approx(np.sqrt(sum((c**2).sum() for c in changes)), rel=1e-3)
    assert layer.weights == pytest.approx(np.sqrt(sum((w**2).sum() for w in before.values())))
    assert layer.relative == pytest.approx(layer.step / layer.weights)


def test_a_step_of_gradient_descent_is_the_rate_times_the_gradient() -> None:
    learnt = learnt_by(small("cnn-lean", optimizer="gradient-descent"), 0.01)
    assert [layer.layer for layer in learnt.layers] == [
        "convolution_1",
        "normalization_1",
        "convolution_2",
        "normalization_2",
        "hidden",
        "output",
    ]
    for layer in learnt.layers:
        assert layer.step == pytest.approx(0.01 * layer.gradient, rel=1e-3)
    assert np.allclose(learnt.step.images, -0.01 * learnt.gradient.images, atol=1e-7)


def test_adams_first_step_moves_each_weight_with_a_gradient_by_the_rate() -> None:
    learnt = learnt_by(small("cnn-lean", optimizer="adam"), 1e-3)
    steep = np.abs(learnt.gradient.images) > 1e-4
    assert steep.any()
    assert np.allclose(np.abs(learnt.step.images[steep]), 1e-3, rtol=1e-2)


def test_what_is_learnt_comes_bit_by_bit_and_the_network_stays_as_it_was() -> None:
    snapshot = small("softmax")
    kept = {name: array.copy() for name, array in snapshot.weights.items()}
    events = list(learn(COPIES, snapshot, IMAGE, LABEL, 0.01))
    learnt = [event for event in events if isinstance(event, Learnt)]
    assert [len(each.losses) for each in learnt] == [2, 3, 4]
    assert [each.is_complete for each in learnt] == [False, False, True]
    progress = [event.done for event in events if isinstance(event, ViewProgress)]
    assert progress == [0, *range(2, 101)]
    assert all(np.array_equal(snapshot.weights[name], array) for name, array in kept.items())
    # Asked again, it begins where it began.
    assert learnt_by(snapshot, 0.01).losses == learnt[-1].losses


def test_before_the_first_step_the_answer_is_the_raw_one_of_the_network() -> None:
    snapshot = replace(small("cnn"), temperature=0.5)
    learnt = learnt_by(snapshot, 1e-4)
    _, logits = features_and_logits(snapshot, IMAGE[np.newaxis])
    assert np.allclose(learnt.probabilities[0], softmax(logits)[0], atol=1e-5)
    assert learnt.losses[-1] < learnt.losses[0]


def test_a_rate_that_is_much_too_large_leaves_a_copy_that_answers_nothing() -> None:
    snapshot = random_network("cnn-deep")
    recipe = replace(snapshot.recipe, optimizer="momentum")
    *_, last = learn(COPIES, replace(snapshot, recipe=recipe), IMAGE, 1, 100.0)
    assert isinstance(last, Learnt)
    assert last.is_complete
    assert not np.isfinite(last.losses[-1])
    assert not np.isfinite(last.probabilities[-1]).any()


def test_weights_that_are_all_0_have_no_size_to_compare_with() -> None:
    snapshot = small("softmax")
    weights = {name: np.zeros_like(array) for name, array in snapshot.weights.items()}
    (layer,) = learnt_by(replace(snapshot, weights=weights), 0.5).layers
    assert layer.relative is None
    assert layer.step > 0


def test_the_rate_is_that_of_the_schedule_at_the_step_of_the_network() -> None:
    recipe = RECIPES["cnn-fast"]
    weights = random_network("cnn-lean").weights
    # It rises from a tenth in the first quarter, then falls to a hundredth.
    rates = [rate_at(Snapshot(recipe, step, weights)) for step in (0, 1150 // 4, 1149)]
    assert rates == pytest.approx([8e-4, 8e-3, 8e-5], rel=0.2)
    constant = RECIPES["softmax-tutorial"]
    assert rate_at(Snapshot(constant, 900, weights)) == constant.learning_rate


def test_the_table_has_every_number() -> None:
    learnt = learnt_by(small("cnn-lean"), 1e-3)
    rows = list(csv.DictReader(StringIO(learnt_csv(learnt).decode())))
    assert len(rows) == 4 * 11 + 6 * 3
    shares = [float(row["value"]) for row in rows if row["quantity"] == "probability"]
    assert np.allclose(shares, learnt.probabilities.ravel())
    steps = {row["of"]: float(row["value"]) for row in rows if row["quantity"] == "norm of step"}
    assert steps["hidden"] == pytest.approx(learnt.layers[4].step)
