from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeGuard

import numpy as np
import pytest

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.events import (
    CheckpointTaken,
    Event,
    LearningRateChanged,
    Resumed,
    RunPrepared,
    SnapshotTaken,
    StepsAdded,
    StepsTrained,
    Validated,
)
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.snapshot import Checkpoint, Snapshot, checkpoint_types
from mnist_gui.engine.training.policies import Timing
from mnist_gui.engine.training.trainer import Trainer

ONE_STEP = Timing(chunk=0.0)
SHORT: dict[str, Any] = {"steps": 6, "validate_every": 4}
# Small enough to be quick; everything that a recipe uses is still used.
SHORT_RECIPES = {
    "softmax-tutorial": replace(RECIPES["softmax-tutorial"], **SHORT),
    "softmax-best": replace(RECIPES["softmax-best"], **SHORT, batch_size=50, averaged_share=0.6),
    "cnn-tutorial": replace(RECIPES["cnn-tutorial"], **SHORT, batch_size=8),
    "cnn-fast": replace(RECIPES["cnn-fast"], **SHORT, batch_size=16, averaged_share=0.6),
    "cnn-best": replace(RECIPES["cnn-best"], **SHORT, batch_size=16, averaged_share=0.6),
}


@pytest.fixture(scope="module")
def small() -> Dataset:
    mnist = load_dataset()
    return replace(
        mnist,
        train=first(mnist.train, 100),
        validation=first(mnist.validation, 20),
        test=first(mnist.test, 30),
    )


def first(images: LabelledImages, count: int) -> LabelledImages:
    return LabelledImages(images.images[:count], images.labels[:count])


def checkpointed(run: Trainer) -> Trainer:
    """Let it take a checkpoint after each call of steps."""
    run.checkpoints.seconds = 0.0
    return run


def end_of(events: Iterator[Event]) -> Snapshot:
    return [event.snapshot for event in events if isinstance(event, SnapshotTaken)][-1]


def checkpoint_at(step: int, events: Iterator[Event]) -> Checkpoint:
    """Follow a run until its checkpoint at this step, and leave it there."""
    for event in events:
        if isinstance(event, CheckpointTaken) and event.checkpoint.step == step:
            return event.checkpoint
    raise AssertionError(step)


def assert_identical(one: Snapshot, other: Snapshot) -> None:
    assert (one.step, one.temperature) == (other.step, other.temperature)
    for name, array in one.weights.items():
        assert array.tobytes() == other.weights[name].tobytes(), name


@pytest.mark.parametrize("name", SHORT_RECIPES)
def test_a_run_that_goes_on_from_a_checkpoint_ends_with_the_same_bits(
    small: Dataset, name: str
) -> None:
    recipe = SHORT_RECIPES[name]
    run = checkpointed(Trainer(small, recipe, timing=ONE_STEP))
    events = run.events()
    checkpoint = checkpoint_at(4, events)
    whole = end_of(events)
    resumed = Trainer(small, checkpoint, timing=ONE_STEP)
    assert_identical(whole, end_of(resumed.events()))


@pytest.mark.parametrize("name", SHORT_RECIPES)
def test_a_checkpoint_holds_the_arrays_that_its_recipe_declares(small: Dataset, name: str) -> None:
    recipe = SHORT_RECIPES[name]
    arrays = checkpoint_at(1, checkpointed(Trainer(small, recipe, timing=ONE_STEP)).events()).arrays
    found = {name: (array.shape, array.dtype.str) for name, array in arrays.items()}
    wanted = {name: (kind.shape, kind.dtype) for name, kind in checkpoint_types(recipe).items()}
    assert found == wanted


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("cnn-fast", ("network/", "slots/0/", "slots/1/", "average/")),
        ("cnn-tutorial", ("random/",)),
    ],
)
def test_every_part_of_the_state_matters(small: Dataset, name: str, kinds: tuple[str, ...]) -> None:
    """Without any one kind of array the end is another: none of them is kept in vain."""
    recipe = replace(SHORT_RECIPES[name], steps=5, drawn_share=0.0)
    events = checkpointed(Trainer(small, recipe, timing=ONE_STEP)).events()
    checkpoint = checkpoint_at(4, events)
    whole = end_of(events)
    for kind in kinds:
        arrays = {
            name: (array / 2).astype(array.dtype) if name.startswith(kind) else array
            for name, array in checkpoint.arrays.items()
        }
        resumed = Trainer(small, replace(checkpoint, arrays=arrays), timing=ONE_STEP)
        end = end_of(resumed.events())
        assert any(not np.array_equal(end.weights[n], whole.weights[n]) for n in end.weights), kind


def test_a_changed_rate_is_told_kept_and_gone_on_with(small: Dataset) -> None:
    recipe = SHORT_RECIPES["softmax-tutorial"]
    run = Trainer(small, recipe, timing=ONE_STEP)
    run.checkpoints.seconds = 1e6
    seen: list[Event] = []
    for event in run.events():
        seen.append(event)
        if isinstance(event, StepsTrained) and event.step == 2:
            run.learning_rate = 0.01
            # Only what is asked for at once from here on.
            run.checkpoints.restart()
    assert [event for event in seen if isinstance(event, LearningRateChanged)] == [
        LearningRateChanged(2, 0.01)
    ]
    *_, taken, last = [event.checkpoint for event in seen if isinstance(event, CheckpointTaken)]
    assert (taken.step, taken.learning_rate) == (3, 0.01)
    assert last.step == 6
    resumed = Trainer(small, taken, timing=ONE_STEP)
    assert_identical(end_of(iter(seen)), end_of(resumed.events()))


@pytest.mark.parametrize("name", ["cnn-tutorial", "cnn-fast"])
def test_a_completed_run_that_gets_more_steps_later_ends_as_if_it_had_got_them_at_once(
    small: Dataset, name: str
) -> None:
    run = Trainer(small, SHORT_RECIPES[name], timing=ONE_STEP)
    run.checkpoints.seconds = 1e6
    *_, checkpoint = (event.checkpoint for event in run.events() if is_checkpoint(event))
    later = Trainer(small, checkpoint, timing=ONE_STEP)
    for each in (run, later):
        each.extend(4)
    more, less = list(run.events()), list(later.events())
    assert_identical(end_of(iter(more)), end_of(iter(less)))
    steps = [[event for event in each if isinstance(event, StepsTrained)] for each in (more, less)]
    losses = [[loss for event in each for loss in event.losses] for each in steps]
    assert losses[0] == losses[1]
    assert all(StepsAdded(6, 10) in each for each in (more, less))


def is_checkpoint(event: Event) -> TypeGuard[CheckpointTaken]:
    return isinstance(event, CheckpointTaken)


def test_a_new_run_takes_its_first_checkpoint_soon_and_one_that_goes_on_later(
    small: Dataset,
) -> None:
    recipe = SHORT_RECIPES["softmax-tutorial"]
    timing = Timing(chunk=0.0, checkpoint=1e6, first_checkpoint=0.0)
    run = Trainer(small, recipe, timing=timing)
    taken = [event.checkpoint for event in run.events() if is_checkpoint(event)]
    assert [checkpoint.step for checkpoint in taken] == [1, 6]
    resumed = Trainer(small, taken[0], timing=timing)
    taken = [event.checkpoint for event in resumed.events() if is_checkpoint(event)]
    assert [checkpoint.step for checkpoint in taken] == [6]


def test_a_run_that_is_stopped_as_soon_as_it_is_restored_keeps_what_was_restored(
    small: Dataset,
) -> None:
    events = checkpointed(
        Trainer(small, SHORT_RECIPES["softmax-tutorial"], timing=ONE_STEP)
    ).events()
    checkpoint = checkpoint_at(4, events)
    whole = end_of(events)
    resumed = Trainer(small, checkpoint, timing=ONE_STEP)
    assert isinstance(next(resumed.events()), RunPrepared)
    assert_identical(whole, end_of(resumed.events()))


def test_a_run_that_was_given_more_steps_goes_on_by_its_first_schedule(small: Dataset) -> None:
    run = checkpointed(Trainer(small, SHORT_RECIPES["cnn-fast"], timing=ONE_STEP))
    list(run.events())
    run.extend(4)
    events = run.events()
    assert next(events) == StepsAdded(6, 10)
    checkpoint = checkpoint_at(8, events)
    whole = end_of(events)
    resumed = Trainer(small, checkpoint, timing=ONE_STEP)
    assert resumed.recipe.steps == 10
    assert_identical(whole, end_of(resumed.events()))


def test_what_was_validated_before_the_checkpoint_is_not_validated_again(small: Dataset) -> None:
    recipe = SHORT_RECIPES["softmax-tutorial"]
    events = checkpointed(Trainer(small, recipe, timing=ONE_STEP)).events()
    for event in events:
        if isinstance(event, Validated) and event.step == 4:
            break
    checkpoint = replace(checkpoint_at(5, events), step=4, validated=4)
    resumed = list(Trainer(small, checkpoint, timing=ONE_STEP).events())
    assert [event.step for event in resumed if isinstance(event, Validated)] == [6]
    assert Resumed(4, from_checkpoint=True) in resumed


def test_a_run_that_is_stopped_leaves_a_checkpoint(small: Dataset) -> None:
    run = Trainer(small, SHORT_RECIPES["softmax-tutorial"], timing=ONE_STEP)
    run.checkpoints.seconds = 1e6
    for event in run.events():
        if isinstance(event, StepsTrained) and event.step == 3:
            break
    *_, last = run.stop_events()
    assert isinstance(last, CheckpointTaken)
    assert last.checkpoint.step == 3


def test_a_checkpoint_keeps_what_it_holds_while_the_run_goes_on(small: Dataset) -> None:
    events = checkpointed(
        Trainer(small, SHORT_RECIPES["softmax-tutorial"], timing=ONE_STEP)
    ).events()
    checkpoint = checkpoint_at(2, events)
    before = checkpoint.arrays["network/output/kernel"].tobytes()
    list(events)
    assert checkpoint.arrays["network/output/kernel"].tobytes() == before


def test_no_recipe_asks_for_checkpoints_by_itself(small: Dataset) -> None:
    recipe: Recipe = SHORT_RECIPES["softmax-tutorial"]
    events = list(Trainer(small, recipe, timing=ONE_STEP).events())
    assert not any(isinstance(event, CheckpointTaken) for event in events)
