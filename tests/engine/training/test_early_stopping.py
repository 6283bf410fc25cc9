from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.events import (
    BestWeightsRestored,
    CheckpointTaken,
    Event,
    StepsAdded,
    StepsTrained,
    TestEvaluated,
    Validated,
)
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Checkpoint, Snapshot
from mnist_gui.engine.training.policies import EarlyStopping
from mnist_gui.engine.training.trainer import Trainer
from tests.engine.test_checkpoint import ONE_STEP, assert_identical, checkpointed, end_of, first

# It validates after steps 1, 2, 5, 10, 20 ..., the last of them its last.
STUCK = replace(RECIPES["softmax-tutorial"], batch_size=20, steps=60, validate_every=10, patience=3)
STOPPED = BestWeightsRestored(10, 1, 0.1, 3, is_early=True)


@pytest.fixture(scope="module")
def small() -> Dataset:
    """Twenty blank images to validate with, two of each digit: one digit is always read in all."""
    mnist = load_dataset()
    blank = LabelledImages(np.zeros((20, 28, 28), np.uint8), (np.arange(20) % 10).astype(np.uint8))
    return replace(
        mnist,
        train=first(mnist.train, 100),
        validation=blank,
        test=first(mnist.test, 30),
    )


def restorations(events: list[Event]) -> list[BestWeightsRestored]:
    return [event for event in events if isinstance(event, BestWeightsRestored)]


def ending_by_the_book(accuracies: list[float], patience: int) -> tuple[int, int]:
    """Return after how many validations algorithm 7.1 ends, and which it takes for the best."""
    best, place, waited = -1.0, 0, 0
    for number, accuracy in enumerate(accuracies, start=1):
        if accuracy > best:
            best, place, waited = accuracy, number, 0
        else:
            waited += 1
        if waited >= patience:
            return number, place
    return len(accuracies), place


@given(st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.4, 0.5]), min_size=1), st.integers(1, 5))
def test_it_ends_when_the_algorithm_of_the_book_does_with_the_same_best(
    accuracies: list[float], patience: int
) -> None:
    stopping = EarlyStopping(patience)
    taken = 0
    while taken < len(accuracies) and not stopping.is_over:
        taken += 1
        stopping.update(accuracies[taken - 1], partial(Snapshot, STUCK, taken, {}))
    assert stopping.best is not None
    assert (taken, stopping.best.step) == ending_by_the_book(accuracies, patience)


@given(st.lists(st.floats(0, 1)))
def test_without_patience_nothing_is_kept_and_nothing_ends(accuracies: list[float]) -> None:
    stopping = EarlyStopping(0)
    for accuracy in accuracies:
        stopping.update(accuracy, pytest.fail)
    assert not stopping.is_over
    assert stopping.best is None


def test_a_run_that_gets_no_better_ends_early_and_is_tested_with_its_best_weights(
    small: Dataset,
) -> None:
    run = Trainer(small, STUCK, timing=ONE_STEP)
    at: dict[int, Snapshot] = {}
    events: list[Event] = []
    for event in run.events():
        events.append(event)
        if isinstance(event, StepsTrained):
            at[event.step] = run.snapshot()
    assert [event.step for event in events if isinstance(event, Validated)] == [1, 2, 5, 10]
    assert restorations(events) == [STOPPED]
    best = end_of(iter(events))
    # Those weights had been taken before the validation that fitted the temperature.
    assert at[1].temperature == 1 != best.temperature
    assert_identical(best, replace(at[1], temperature=best.temperature))
    assert isinstance(events[-1], TestEvaluated)
    assert events[-1].step == 1


def test_a_run_with_patience_that_comes_to_its_end_has_its_best_weights_too(
    small: Dataset,
) -> None:
    events = list(Trainer(small, replace(STUCK, steps=7), timing=ONE_STEP).events())
    assert restorations(events) == [BestWeightsRestored(7, 1, 0.1, 3, is_early=False)]
    assert end_of(iter(events)).step == 1


def test_a_run_whose_last_validation_is_the_best_ends_as_it_is(small: Dataset) -> None:
    events = list(Trainer(small, replace(STUCK, steps=1), timing=ONE_STEP).events())
    assert restorations(events) == []
    assert end_of(iter(events)).step == 1


def test_from_any_of_its_checkpoints_it_ends_at_the_same_step_with_the_same_bits(
    small: Dataset,
) -> None:
    events = list(checkpointed(Trainer(small, STUCK, timing=ONE_STEP)).events())
    checkpoints = [event.checkpoint for event in events if isinstance(event, CheckpointTaken)]
    assert [checkpoint.step for checkpoint in checkpoints] == [*range(1, 11), 10]
    # Before the first validation, just before the second, between two, and at the end.
    for place in (0, 1, 6, -1):
        checkpoint = checkpoints[place]
        resumed = list(Trainer(small, checkpoint, timing=ONE_STEP).events())
        assert restorations(resumed) == [STOPPED]
        assert_identical(end_of(iter(events)), end_of(iter(resumed)))


def test_more_steps_after_an_early_end_go_on_from_the_last_weights_with_new_patience(
    small: Dataset,
) -> None:
    run = checkpointed(Trainer(small, STUCK, timing=ONE_STEP))
    checkpoint = last_checkpoint(run.events())
    later = Trainer(small, checkpoint, timing=ONE_STEP)
    ends = []
    for each in (run, later):
        each.extend(45)
        events = list(each.events())
        assert StepsAdded(10, 55) in events
        assert restorations(events) == [BestWeightsRestored(40, 1, 0.1, 3, is_early=True)]
        ends.append(each.checkpoint().arrays)
    assert {n: a.tobytes() for n, a in ends[0].items()} == {
        n: a.tobytes() for n, a in ends[1].items()
    }


def last_checkpoint(events: Iterator[Event]) -> Checkpoint:
    return [event.checkpoint for event in events if isinstance(event, CheckpointTaken)][-1]


def test_a_history_knows_of_it_until_the_run_goes_on(small: Dataset) -> None:
    run = Trainer(small, STUCK, timing=ONE_STEP)
    history = History(STUCK)
    for event in run.events():
        history.append(event)
    assert history.restored == STOPPED
    run.extend(2)
    events = list(run.events())
    # The last one tells how it ended the second time.
    for event in events[:3]:
        history.append(event)
    assert history.restored is None
