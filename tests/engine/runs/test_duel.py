from dataclasses import replace
from fractions import Fraction
from math import comb, erfc, sqrt

import numpy as np
import pytest

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.events import StepsTrained, Validated
from mnist_gui.engine.history import History
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.runs.duel import Duel, SideEvent, compared, disagreements, duel_recipe, joined
from mnist_gui.engine.runs.run import Comparison
from mnist_gui.engine.training.trainer import Trainer

SOFTMAX = replace(RECIPES["softmax-tutorial"], batch_size=10)


@pytest.fixture(scope="module")
def small() -> Dataset:
    mnist = load_dataset()

    def first(images: LabelledImages, count: int) -> LabelledImages:
        return LabelledImages(images.images[:count], images.labels[:count])

    return replace(
        mnist,
        train=first(mnist.train, 300),
        validation=first(mnist.validation, 40),
        test=first(mnist.test, 60),
    )


def histories(duel: Duel, events: list[SideEvent]) -> tuple[History, History]:
    sides = History(duel.recipes[0]), History(duel.recipes[1])
    for each in events:
        assert not isinstance(each.event, TrainingError)
        sides[each.side].append(each.event)
    return sides


def losses_alone(dataset: Dataset, recipe: Recipe) -> list[float]:
    events = Trainer(dataset, recipe).events()
    return [loss for each in events if isinstance(each, StepsTrained) for loss in each.losses]


def test_each_side_learns_as_it_would_alone_from_the_same_images(small: Dataset) -> None:
    faster = replace(SOFTMAX, learning_rate=1.0, seed=9)
    duel = Duel(small, (SOFTMAX, faster), images=400)
    one, other = histories(duel, list(duel.events()))
    assert duel.has_same_batches
    assert duel.is_over
    for history in (one, other):
        np.testing.assert_array_equal(history.loss.values, losses_alone(small, history.recipe))
    # The same weights on the same batch at first.
    assert one.loss.values[0] == other.loss.values[0]
    assert one.loss.values[5] != other.loss.values[5]
    assert one.evaluation is not None
    assert other.evaluation is not None


def test_the_side_that_has_seen_fewer_images_is_next(small: Dataset) -> None:
    larger = replace(SOFTMAX, batch_size=30)
    duel = Duel(small, (SOFTMAX, larger), images=300)
    assert not duel.has_same_batches
    validated = [
        (each.event.step * duel.recipes[each.side].batch_size, each.side)
        for each in duel.events()
        if isinstance(each.event, Validated)
    ]
    # The one is never validated again before the other has come as far.
    assert [images for images, _ in validated] == sorted(images for images, _ in validated)
    assert [images for images, side in validated if side == 1] == list(range(30, 301, 30))
    assert {images for images, side in validated if side == 0} >= set(range(30, 301, 30))


def test_held_and_continued_it_ends_as_without_a_break(small: Dataset) -> None:
    recipes = (SOFTMAX, replace(SOFTMAX, optimizer="adam", learning_rate=0.01))
    whole = Duel(small, recipes, images=200)
    expected = histories(whole, list(whole.events()))
    duel, events = Duel(small, recipes, images=200), list[SideEvent]()
    breaks = 0
    while not duel.is_over:
        duel.go_on()
        for number, each in enumerate(duel.events()):
            events.append(each)
            if number == 3:
                duel.hold()
        breaks += 1
    assert breaks > 3
    for one, other in zip(expected, histories(duel, events), strict=True):
        np.testing.assert_array_equal(one.loss.values, other.loss.values)
        assert one.evaluation is not None
        assert other.evaluation is not None
        np.testing.assert_array_equal(one.evaluation.probabilities, other.evaluation.probabilities)


def test_cut_short_both_are_tested_as_they_are(small: Dataset) -> None:
    duel = Duel(small, (SOFTMAX, replace(SOFTMAX, learning_rate=0.1)), images=100_000)
    events = []
    for each in duel.events():
        events.append(each)
        if isinstance(each.event, Validated):
            duel.cut()
    one, other = histories(duel, events)
    assert one.step < one.recipe.steps
    assert one.tested is not None
    assert other.tested is not None
    assert one.tested.step == one.step


def test_a_side_that_diverges_ends_the_duel(small: Dataset) -> None:
    wild = replace(
        RECIPES["cnn-tutorial"], optimizer="gradient-descent", learning_rate=100.0, batch_size=2
    )
    duel = Duel(small, (SOFTMAX, wild), images=200)
    *_, last = duel.events()
    assert last.side == 1
    assert isinstance(last.event, TrainingError)
    assert duel.is_over


def test_both_have_one_seed_and_as_many_images_but_their_own_hyperparameters() -> None:
    cnn = duel_recipe(RECIPES["cnn-fast"], 55_000, seed=7)
    assert cnn.seed == 7
    assert 55_000 <= cnn.steps * cnn.dataset_per_batch < 55_000 + cnn.dataset_per_batch
    kept = ("learning_rate", "batch_size", "optimizer", "averaged_share", "schedule")
    assert all(getattr(cnn, each) == getattr(RECIPES["cnn-fast"], each) for each in kept)


def test_chunks_are_joined_with_the_places_of_their_measurements() -> None:
    one = StepsTrained(3, 0.3, [1.0, 2.0, 3.0], [(1, 0.5)], 0.1)
    other = StepsTrained(5, 0.5, [4.0, 5.0], [(0, 0.7)], 0.2)
    whole = joined([one, other])
    assert whole.losses == [1, 2, 3, 4, 5]
    assert whole.accuracies == [(1, 0.5), (3, 0.7)]
    assert whole.step == 5
    assert whole.seconds == pytest.approx(0.3)


def evaluation(labels: list[int], digits: list[int]) -> Evaluation:
    return Evaluation(np.array(labels, np.uint8), np.eye(10, dtype=np.float32)[digits])


def test_what_each_reads_alone_is_counted_and_where_they_differ_is_listed() -> None:
    labels = [0, 1, 2, 3, 4, 5]
    one = evaluation(labels, [0, 1, 2, 9, 9, 8])
    other = evaluation(labels, [0, 7, 7, 3, 9, 9])
    comparison = compared(one, other)
    assert (comparison.only_first, comparison.only_second, comparison.images) == (2, 1, 6)
    assert [row[0] for row in disagreements(one, other)] == [1, 2, 3, 5]
    assert disagreements(one, other)[0] == (1, 1, 1, 1.0, 7, 1.0)


@pytest.mark.parametrize(("only_first", "only_second"), [(5, 0), (7, 2), (4, 4), (1, 12)])
def test_chance_is_that_of_as_many_tosses_of_a_coin(only_first: int, only_second: int) -> None:
    tosses = only_first + only_second
    extreme = [
        heads
        for heads in range(tosses + 1)
        if abs(2 * heads - tosses) >= abs(only_first - only_second)
    ]
    exact = sum(Fraction(comb(tosses, heads), 2**tosses) for heads in extreme)
    assert Comparison(only_first, only_second, 1_000).p_value == pytest.approx(float(exact))


@pytest.mark.parametrize(("only_first", "only_second"), [(412, 370), (900, 960), (140, 100)])
def test_for_many_differences_chance_is_that_of_the_chi_square_formula(
    only_first: int, only_second: int
) -> None:
    # With Edwards' correction; the tail of chi-square with one degree of freedom.
    statistic = (abs(only_first - only_second) - 1) ** 2 / (only_first + only_second)
    p = erfc(sqrt(statistic / 2))
    assert Comparison(only_first, only_second, 10_000).p_value == pytest.approx(p, abs=0.002)
