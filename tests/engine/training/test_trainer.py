from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.events import (
    EvaluationProgress,
    Event,
    RunPrepared,
    SnapshotTaken,
    StepsTrained,
    SyntheticDigitsProgress,
    TestEvaluated,
    Validated,
)
from mnist_gui.engine.history import History
from mnist_gui.engine.models.classifier import evaluate_network
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.engine.training.policies import Timing, validation_steps
from mnist_gui.engine.training.trainer import Trainer
from tests.refusals import refused

SOFTMAX = find_recipe("softmax-tutorial")
SHORT_CNN = replace(
    find_recipe("cnn-tutorial"), steps=4, batch_size=8, measure_every=2, validate_every=10
)


def first(images: LabelledImages, count: int) -> LabelledImages:
    return LabelledImages(images.images[:count], images.labels[:count])


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return load_dataset()


@pytest.fixture(scope="module")
def small(mnist: Dataset) -> Dataset:
    return replace(
        mnist,
        train=first(mnist.train, 50),
        validation=first(mnist.validation, 20),
        test=first(mnist.test, 30),
    )


def last_snapshot(events: Sequence[Event]) -> SnapshotTaken:
    return [event for event in events if isinstance(event, SnapshotTaken)][-1]


def history_of(recipe: Recipe, events: Sequence[Event]) -> History:
    history = History(recipe)
    for event in events:
        history.append(event)
    return history


def test_the_softmax_tutorial_reaches_its_accuracy_on_all_of_mnist(mnist: Dataset) -> None:
    history = history_of(SOFTMAX, list(Trainer(mnist, SOFTMAX).events()))
    assert history.evaluation is not None
    assert len(history.evaluation.labels) == 10_000
    assert 0.905 < history.evaluation.accuracy < 0.93
    assert 0.905 < history.validation_accuracy.values[-1] < 0.935
    assert history.train_accuracy.values[0] < 0.3
    assert len(history.loss) == 1_000


def test_a_run_ends_with_answers_as_probable_as_they_are_right(mnist: Dataset) -> None:
    events = list(Trainer(mnist, SOFTMAX).events())
    *_, read = evaluate_network(last_snapshot(events).snapshot, mnist.validation)
    assert isinstance(read, TestEvaluated)
    evaluation = read.evaluation
    assert evaluation.probabilities.max(axis=1).mean() == pytest.approx(
        evaluation.accuracy, abs=0.003
    )
    assert last_snapshot(events).snapshot.temperature != 1


def test_a_run_happens_in_the_order_that_is_promised(small: Dataset) -> None:
    events = list(Trainer(small, replace(SOFTMAX, steps=20, validate_every=100)).events())
    assert isinstance(events[0], RunPrepared)
    assert isinstance(events[1], SnapshotTaken)
    steps = [event.step for event in events if isinstance(event, StepsTrained)]
    assert steps == sorted(set(steps))
    assert steps[-1] == 20
    assert [event.step for event in events if isinstance(event, Validated)] == [10, 20]
    snapshot, read, tested = events[-3:]
    assert isinstance(snapshot, SnapshotTaken)
    assert snapshot.snapshot.step == 20
    assert read == EvaluationProgress("test", 30, 30)
    assert isinstance(tested, TestEvaluated)
    assert tested.step == 20


def test_one_seed_gives_the_same_run_twice_to_the_last_bit(small: Dataset) -> None:
    runs = [list(Trainer(small, SHORT_CNN).events()) for _ in range(2)]
    losses = [history_of(SHORT_CNN, run).loss.values.tobytes() for run in runs]
    assert losses[0] == losses[1]
    first_weights, weights = (last_snapshot(run).snapshot.weights for run in runs)
    assert all(np.array_equal(first_weights[name], weights[name]) for name in weights)


def test_another_seed_gives_another_run(small: Dataset) -> None:
    recipes = (SHORT_CNN, replace(SHORT_CNN, seed=2))
    one, other = (history_of(recipe, list(Trainer(small, recipe).events())) for recipe in recipes)
    assert not np.array_equal(one.loss.values, other.loss.values)


@pytest.mark.parametrize(
    "recipe",
    [
        replace(SHORT_CNN, precision="float32"),
        replace(SHORT_CNN, precision="bfloat16"),
        replace(SOFTMAX, steps=45, batch_size=8, validate_every=100),
    ],
)
def test_how_steps_are_divided_into_calls_changes_nothing(small: Dataset, recipe: Recipe) -> None:
    histories, weights = [], []
    for seconds in (0.0, 100.0):
        events = list(Trainer(small, recipe, timing=Timing(chunk=seconds)).events())
        histories.append(history_of(recipe, events))
        weights.append(last_snapshot(events).snapshot.weights)
    assert all(np.array_equal(weights[0][name], weights[1][name]) for name in weights[0])
    one, other = (history.train_accuracy for history in histories)
    assert np.array_equal(one.steps, other.steps)
    assert np.array_equal(one.values, other.values)


def test_the_accuracy_of_a_linear_classifier_is_that_of_its_weights_before_the_step(
    small: Dataset,
) -> None:
    recipe = replace(SOFTMAX, steps=20, batch_size=50, measure_every=10, validate_every=100)
    accuracy = history_of(recipe, list(Trainer(small, recipe).events())).train_accuracy
    assert accuracy.steps.tolist() == [0, 10]
    # Without anything learnt all logits are 0, and the first digit stands for all.
    assert accuracy.values[0] == pytest.approx(np.mean(small.train.labels == 0))


def test_the_accuracy_is_measured_before_the_step_where_the_recipe_says(small: Dataset) -> None:
    history = history_of(SHORT_CNN, list(Trainer(small, SHORT_CNN).events()))
    assert history.train_accuracy.steps.tolist() == [0, 2]


def test_dropout_is_on_in_training(small: Dataset) -> None:
    recipes = (SHORT_CNN, replace(SHORT_CNN, dropout=0.0))
    one, other = (history_of(recipe, list(Trainer(small, recipe).events())) for recipe in recipes)
    assert one.loss.values[0] != other.loss.values[0]


def test_a_run_that_diverges_says_why_and_leaves_a_good_snapshot(small: Dataset) -> None:
    recipe = replace(SHORT_CNN, optimizer="gradient-descent", learning_rate=100.0, steps=50)
    seen = []
    with refused(TrainingError, match=r"diverged.*at step \d+.*rate of 100 is probably too"):
        for event in Trainer(small, recipe).events():
            seen.append(event)  # noqa: PERF402 - what came before the error is the point
    weights = last_snapshot(seen).snapshot.weights
    assert all(np.all(np.isfinite(array)) for array in weights.values())


def test_a_run_that_is_stopped_leaves_the_weights_it_has_reached(small: Dataset) -> None:
    run = Trainer(small, SHORT_CNN)
    for event in run.events():
        if isinstance(event, StepsTrained) and event.step == 2:
            break
    (last,) = run.stop_events()
    assert isinstance(last, SnapshotTaken)
    assert last.snapshot.step == 2


def test_a_run_that_is_stopped_before_it_is_prepared_leaves_nothing(small: Dataset) -> None:
    assert list(Trainer(small, SHORT_CNN).stop_events()) == []


def test_it_says_what_it_runs_on(small: Dataset) -> None:
    (prepared,) = islice(Trainer(small, SOFTMAX).events(), 1)
    assert isinstance(prepared, RunPrepared)
    assert prepared.parameters == 7_850
    assert prepared.precision == "float32"
    assert prepared.device.startswith(("CPU: ", "GPU: "))


def test_a_stopped_run_goes_on_as_if_it_had_not_been_stopped(small: Dataset) -> None:
    run = Trainer(small, SHORT_CNN)
    before = []
    for event in run.events():
        before.append(event)
        if isinstance(event, StepsTrained) and event.step == 2:
            break
    history = history_of(SHORT_CNN, before + list(run.events()))
    whole = history_of(SHORT_CNN, list(Trainer(small, SHORT_CNN).events()))
    assert history.loss.values.tobytes() == whole.loss.values.tobytes()


def test_a_finished_run_can_be_given_more_steps(small: Dataset) -> None:
    run = Trainer(small, SHORT_CNN)
    assert last_snapshot(list(run.events())).snapshot.step == 4
    run.extend(3)
    more = list(run.events())
    assert last_snapshot(more).snapshot.step == 7
    assert isinstance(more[-1], TestEvaluated)
    longer = replace(SHORT_CNN, steps=7)
    whole = history_of(longer, list(Trainer(small, longer).events()))
    assert history_of(longer, more).loss.values[-1] == whole.loss.values[-1]


def test_the_learning_rate_can_be_changed_while_it_trains(small: Dataset) -> None:
    run = Trainer(small, SHORT_CNN)
    snapshots = {}
    for event in run.events():
        if isinstance(event, StepsTrained):
            run.learning_rate = 0.0
            snapshots[event.step] = run.snapshot().weights
    assert np.array_equal(snapshots[1]["output/bias"], snapshots[4]["output/bias"])


@pytest.mark.parametrize("name", ["cnn-fast", "cnn-best"])
def test_the_lean_recipes_train_with_drawn_and_distorted_digits(small: Dataset, name: str) -> None:
    recipe = replace(find_recipe(name), steps=6, batch_size=16, validate_every=10)
    events = list(Trainer(small, recipe).events())
    drawn = [event for event in events if isinstance(event, SyntheticDigitsProgress)]
    assert drawn[0] == events[0]
    assert drawn[-1].done == drawn[-1].total == recipe.synthetic_images > 0
    history = history_of(recipe, events)
    assert history.step == 6
    assert np.isfinite(history.loss.values).all()
    assert history.evaluation is not None
    np.testing.assert_array_equal(history.evaluation.labels, small.test.labels)


def test_averaged_weights_are_those_of_the_end(small: Dataset) -> None:
    recipe = replace(SHORT_CNN, averaged_share=0.5, dropout=0.0)
    plain = replace(recipe, averaged_share=0.0)
    run = Trainer(small, plain, timing=Timing(chunk=0.0))
    seen = {e.step: run.snapshot().weights for e in run.events() if isinstance(e, StepsTrained)}
    end = last_snapshot(list(Trainer(small, recipe).events())).snapshot.weights
    for name in end:
        mean = (seen[3][name] + seen[4][name]) / 2
        np.testing.assert_allclose(end[name], mean, atol=1e-6)


def test_validation_comes_early_then_evenly_and_at_the_end() -> None:
    recipe = replace(SOFTMAX, steps=2_500, validate_every=1_000)
    assert validation_steps(recipe) == (100, 200, 500, 1_000, 2_000, 2_500)


def test_a_run_shorter_than_the_first_validation_is_validated_at_its_end() -> None:
    assert validation_steps(replace(SOFTMAX, steps=3, validate_every=1_000)) == (3,)
