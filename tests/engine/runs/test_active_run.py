"""Runs that are really trained, recorded, broken off and gone on with from their folder."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import MnistGuiError, TrainingError
from mnist_gui.engine.events import (
    Event,
    Paused,
    Resumed,
    RunState,
    StepsAdded,
    StepsTrained,
    Validated,
)
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.active_run import Run, resume_run, start_run
from mnist_gui.engine.runs.run import NextAction, RunStatus
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.training.policies import Timing
from mnist_gui.engine.training.train_step import TrainStep
from mnist_gui.words.errors import recorded_sentence
from tests.refusals import not_told

RECIPE = replace(RECIPES["softmax-tutorial"], steps=12, validate_every=4, batch_size=20)


# A checkpoint after each step, or none before the end.
OFTEN = Timing(chunk=0.0, checkpoint=0.0)
SELDOM = Timing(chunk=0.0, checkpoint=1e6, first_checkpoint=1e6)


def start(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError], timing: Timing = OFTEN
) -> Run:
    return start_run(store, dataset, RECIPE, device="CPU", warn=told.append, timing=timing)


def resumed_run(
    store: RunStore,
    run_id: str,
    dataset: Dataset,
    told: list[MnistGuiError],
    timing: Timing = OFTEN,
) -> Run:
    return resume_run(store, run_id, dataset, device="CPU", warn=told.append, timing=timing)


def follow_to(step: int, events: Iterator[Event]) -> None:
    for event in events:
        if isinstance(event, StepsTrained) and event.step >= step:
            return


def test_a_run_that_was_broken_off_ends_with_the_same_bits_and_the_same_curves(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    whole = start(store, dataset, told)
    validations = [event for event in whole.events() if isinstance(event, Validated)]
    broken = start(store, dataset, told)
    follow_to(7, broken.events())
    for run in (whole, broken):
        assert run.close(10)
    second, first = store.runs().runs
    assert (first.status, second.status) == (RunStatus.COMPLETED, RunStatus.INTERRUPTED)
    resumed = resumed_run(store, second.run_id, dataset, told)
    assert 0 < resumed.history.step <= 7
    list(resumed.events())
    assert resumed.close(10)
    assert not told
    assert_same_bits(store, first.run_id, second.run_id)
    for record in (first, second):
        assert_best_is_kept(store, record.run_id, validations)
    one, other = (store.history(each).history for each in (first.run_id, second.run_id))
    for name in ("loss", "train_accuracy", "validation_accuracy", "validation_loss"):
        curves = [getattr(history, name) for history in (one, other)]
        assert curves[0].steps.tolist() == curves[1].steps.tolist()
        assert curves[0].values.tobytes() == curves[1].values.tobytes()
    assert store.compare(first.run_id, second.run_id).difference == 0


def assert_same_bits(store: RunStore, first: str, second: str) -> None:
    weights = [store.snapshot(run_id).weights for run_id in (first, second)]
    assert {n: a.tobytes() for n, a in weights[0].items()} == {
        n: a.tobytes() for n, a in weights[1].items()
    }


def test_a_run_that_is_stopped_leaves_weights_and_can_go_on(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    run = start(store, dataset, told)
    follow_to(5, run.events())
    list(run.stop_events())
    assert run.close(10)
    (record,) = store.runs().runs
    assert (record.status, record.info.step, record.can_resume) == (RunStatus.STOPPED, 5, True)
    assert store.snapshot(record.run_id).step == 5
    assert store.checkpoint(record.run_id).step == 5


def test_a_run_that_diverges_is_kept_as_failed_in_words(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    run = start(store, dataset, told)
    with pytest.raises(TrainingError):
        for event in run.events():
            if isinstance(event, StepsTrained) and event.step == 3:
                run.learning_rate = 1e9
    assert run.close(10)
    (record,) = store.runs().runs
    assert record.status is RunStatus.FAILED
    assert "diverged" in recorded_sentence(record.info.reason)
    assert len(store.history(record.run_id).history.loss) >= 3
    kept = store.snapshot(record.run_id)
    assert kept.step <= record.info.step
    assert all(np.isfinite(array).all() for array in kept.weights.values())


def test_a_run_that_is_given_more_steps_is_running_again(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    run = start(store, dataset, told)
    list(run.events())
    run.extend(4)
    assert run.recorder
    statuses = {run.recorder.info.status for _ in run.events()}
    assert statuses == {RunStatus.RUNNING}
    assert run.close(10)
    info = store.runs().runs[0].info
    assert (info.status, info.step, info.steps) == (RunStatus.COMPLETED, 16, 16)
    assert info.test_reads == 2
    assert info.recipe == RECIPE


def test_a_completed_run_is_trained_further_later_as_if_it_had_been_at_once_whatever_befalls_it(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    at_once = start(store, dataset, told)
    list(at_once.events())
    at_once.extend(6)
    list(at_once.events())
    later = start(store, dataset, told)
    list(later.events())
    for run in (at_once, later):
        assert run.close(10)
    second, first = store.runs().runs
    assert second.continuation is NextAction.CONTINUE
    further = resumed_run(store, second.run_id, dataset, told)
    further.extend(6)
    follow_to(15, further.events())
    assert further.close(10)
    assert store.run(second.run_id).continuation is NextAction.RESUME
    further = resumed_run(store, second.run_id, dataset, told)
    list(further.events())
    assert further.close(10)
    assert not told
    assert_same_bits(store, first.run_id, second.run_id)
    info = [store.run(each.run_id).info for each in (first, second)]
    for each in info:
        assert (each.status, each.step, each.steps) == (RunStatus.COMPLETED, 18, 18)
        assert each.recipe == RECIPE
    assert info[0].test == info[1].test
    marks = store.history(second.run_id).history.annotations
    assert marks[:2] == (Resumed(12, from_checkpoint=True), StepsAdded(12, 18))


def test_a_run_that_ended_before_its_first_checkpoint_begins_again_and_ends_with_the_same_bits(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    whole = start(store, dataset, told, SELDOM)
    list(whole.events())
    broken = start(store, dataset, told, SELDOM)
    follow_to(3, broken.events())
    for run in (whole, broken):
        assert run.close(10)
    second, first = store.runs().runs
    assert second.continuation is NextAction.RESTART
    again = resumed_run(store, second.run_id, dataset, told, SELDOM)
    assert (again.history.step, again.can_resume) == (0, False)
    list(again.events())
    assert again.close(10)
    assert not told
    assert_same_bits(store, first.run_id, second.run_id)
    kept = store.history(second.run_id).history
    assert kept.loss.steps.tolist() == list(range(1, 13))
    assert kept.annotations == ()


def test_a_run_whose_memory_runs_out_is_kept_as_failed_with_what_to_do(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError], monkeypatch: pytest.MonkeyPatch
) -> None:
    import tensorflow as tf

    run_steps = TrainStep.run

    def exhaust_memory(self: TrainStep, indices: NDArray[np.int32], first_step: int) -> object:
        if first_step == 8:
            # What TensorFlow's allocator raises, after it has tried for ten seconds.
            raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")
        return run_steps(self, indices, first_step)

    monkeypatch.setattr(TrainStep, "run", exhaust_memory)
    run = start(store, dataset, told)
    with pytest.raises(tf.errors.ResourceExhaustedError):
        list(run.events())
    assert run.close(10)
    (record,) = store.runs().runs
    assert record.status is RunStatus.FAILED
    assert recorded_sentence(record.info.reason) == (
        "There is not enough memory: close other programs, or train with a smaller batch size."
    )
    assert len(store.history(record.run_id).history.loss) == 8
    weights = store.snapshot(record.run_id).weights
    assert all(np.isfinite(array).all() for array in weights.values())
    # What was learnt is not lost: with memory again, it goes on to its end.
    monkeypatch.setattr(TrainStep, "run", run_steps)
    further = resumed_run(store, record.run_id, dataset, told)
    list(further.events())
    assert further.close(10)
    assert store.run(record.run_id).info.reason is None
    assert not told


def assert_best_is_kept(store: RunStore, run_id: str, validations: list[Validated]) -> None:
    best = max(validations, key=lambda event: event.accuracy)
    record = store.run(run_id)
    assert record.info.best_validation is not None
    assert record.info.best_validation.step == best.step
    assert store.snapshot(run_id, best=True).step == best.step
    assert record.has_best == (best.step != RECIPE.steps)


def test_a_run_is_followed_on_one_thread_until_it_is_stopped_and_then_to_its_end(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    run = start(store, dataset, told)
    states = [run.state]
    states += [run.state for _ in run.events_until(lambda: run.history.step == 5)]
    assert list(dict.fromkeys(states)) == [RunState.PREPARING, RunState.TRAINING]
    assert (run.state, run.history.step) == (RunState.IDLE, 5)
    run.begin()
    states = [run.state for _ in run.events_until(lambda: False)]
    assert list(dict.fromkeys(states)) == [RunState.TRAINING, RunState.TESTING]
    assert (run.state, run.history.step) == (RunState.IDLE, 12)
    assert run.close(10)
    assert store.runs().runs[0].info.status is RunStatus.COMPLETED


def test_a_run_without_a_store_is_trained_and_leaves_no_record(dataset: Dataset) -> None:
    run = start_run(None, dataset, RECIPE, device="CPU", warn=not_told)
    list(run.events_until(lambda: False))
    assert run.history.evaluation is not None
    assert (run.run_id, run.is_recorded, run.close(0)) == (None, True, True)


def test_a_pause_is_noted_once_the_run_is_held_and_only_if_it_was(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    run = start(store, dataset, told)
    assert not run.pause()
    for event in run.events():
        run.handle(event)
        if run.history.step == 3:
            break
    assert [run.pause(), run.resume(), run.resume()] == [True, True, False]
    assert run.history.annotations == ()
    states = []
    for act in (run.pause, run.hold, run.resume):
        assert act()
        states.append(run.state)
    assert states == [RunState.PAUSED, RunState.PAUSED, RunState.TRAINING]
    assert run.close(10)
    (record,) = store.runs().runs
    for history in (run.history, store.history(record.run_id).history):
        assert history.annotations == (Paused(3), Resumed(3))
