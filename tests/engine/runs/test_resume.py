"""Runs that are really trained, recorded, broken off and gone on with from their folder."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.events import Event, Resumed, StepsAdded, StepsEnded, Validated
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs import resume as recorded_run
from mnist_gui.engine.runs.resume import RecordedRun, resume_run
from mnist_gui.engine.runs.run import NextAction, RunStatus
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.training import trainer
from mnist_gui.engine.training.train_step import TrainStep
from mnist_gui.engine.training.trainer import TrainingRun

RECIPE = replace(RECIPES["softmax-tutorial"], steps=12, validate_every=4, batch_size=20)


@pytest.fixture(autouse=True)
def _checkpoint_after_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer, "_CALL_SECONDS", 0.0)
    monkeypatch.setattr(recorded_run, "CHECKPOINT_SECONDS", 0.0)


def start(ledger: RunStore, dataset: Dataset, told: list[str]) -> RecordedRun:
    run = TrainingRun(dataset, RECIPE, "CPU")
    return RecordedRun(run, ledger.start(RECIPE, dataset, told.append))


def follow_to(step: int, events: Iterator[Event]) -> None:
    for event in events:
        if isinstance(event, StepsEnded) and event.step >= step:
            return


def test_a_run_that_was_broken_off_ends_with_the_same_bits_and_the_same_curves(
    ledger: RunStore, dataset: Dataset, told: list[str]
) -> None:
    whole = start(ledger, dataset, told)
    validations = [event for event in whole.events() if isinstance(event, Validated)]
    broken = start(ledger, dataset, told)
    follow_to(7, broken.events())
    for run in (whole, broken):
        assert run.recorder.close(10)
    second, first = ledger.runs().runs
    assert (first.status, second.status) == (RunStatus.COMPLETED, RunStatus.INTERRUPTED)
    resumed, history = resume_run(ledger, second.identity, dataset, "CPU", tell=told.append)
    assert 0 < history.step <= 7
    list(resumed.events())
    assert resumed.recorder.close(10)
    assert not told
    assert_same_bits(ledger, first.identity, second.identity)
    for record in (first, second):
        assert_best_is_kept(ledger, record.identity, validations)
    one, other = (ledger.history(each).history for each in (first.identity, second.identity))
    for name in ("loss", "train_accuracy", "validation_accuracy", "validation_loss"):
        curves = [getattr(history, name) for history in (one, other)]
        assert curves[0].steps.tolist() == curves[1].steps.tolist()
        assert curves[0].values.tobytes() == curves[1].values.tobytes()
    assert ledger.compare(first.identity, second.identity).difference == 0


def assert_same_bits(ledger: RunStore, first: str, second: str) -> None:
    weights = [ledger.snapshot(identity).weights for identity in (first, second)]
    assert {n: a.tobytes() for n, a in weights[0].items()} == {
        n: a.tobytes() for n, a in weights[1].items()
    }


def test_a_run_that_is_stopped_leaves_weights_and_can_go_on(
    ledger: RunStore, dataset: Dataset, told: list[str]
) -> None:
    run = start(ledger, dataset, told)
    follow_to(5, run.events())
    list(run.last_events())
    assert run.recorder.close(10)
    (record,) = ledger.runs().runs
    assert (record.status, record.facts.step, record.can_resume) == (RunStatus.STOPPED, 5, True)
    assert ledger.snapshot(record.identity).step == 5
    assert ledger.checkpoint(record.identity).step == 5


def test_a_run_that_diverges_is_kept_as_failed_in_words(
    ledger: RunStore, dataset: Dataset, told: list[str]
) -> None:
    run = start(ledger, dataset, told)
    with pytest.raises(TrainingError):
        for event in run.events():
            if isinstance(event, StepsEnded) and event.step == 3:
                run.run.learning_rate = 1e9
    assert run.recorder.close(10)
    (record,) = ledger.runs().runs
    assert record.status is RunStatus.FAILED
    assert "diverged" in record.facts.reason
    assert len(ledger.history(record.identity).history.loss) >= 3
    assert ledger.snapshot(record.identity).step >= 0


def test_a_run_that_is_given_more_steps_is_running_again(
    ledger: RunStore, dataset: Dataset, told: list[str]
) -> None:
    training = TrainingRun(dataset, RECIPE, "CPU")
    run = RecordedRun(training, ledger.start(RECIPE, dataset, told.append))
    list(run.events())
    training.extend(4)
    statuses = {run.recorder.facts.status for _ in run.events()}
    assert statuses == {RunStatus.RUNNING}
    assert run.recorder.close(10)
    facts = ledger.runs().runs[0].facts
    assert (facts.status, facts.step, facts.steps) == (RunStatus.COMPLETED, 16, 16)
    assert facts.test_reads == 2
    assert facts.recipe == RECIPE


def test_a_completed_run_is_trained_further_later_as_if_it_had_been_at_once_whatever_befalls_it(
    ledger: RunStore, dataset: Dataset, told: list[str]
) -> None:
    at_once = start(ledger, dataset, told)
    list(at_once.events())
    at_once.run.extend(6)
    list(at_once.events())
    later = start(ledger, dataset, told)
    list(later.events())
    for run in (at_once, later):
        assert run.recorder.close(10)
    second, first = ledger.runs().runs
    assert second.continuation is NextAction.CONTINUE
    further, _ = resume_run(ledger, second.identity, dataset, "CPU", tell=told.append)
    further.run.extend(6)
    follow_to(15, further.events())
    assert further.recorder.close(10)
    assert ledger.run(second.identity).continuation is NextAction.RESUME
    further, _ = resume_run(ledger, second.identity, dataset, "CPU", tell=told.append)
    list(further.events())
    assert further.recorder.close(10)
    assert not told
    assert_same_bits(ledger, first.identity, second.identity)
    facts = [ledger.run(each.identity).facts for each in (first, second)]
    for each in facts:
        assert (each.status, each.step, each.steps) == (RunStatus.COMPLETED, 18, 18)
        assert each.recipe == RECIPE
    assert facts[0].test == facts[1].test
    marks = ledger.history(second.identity).history.marks
    assert marks[:2] == (Resumed(12, from_checkpoint=True), StepsAdded(12, 18))


def test_a_run_that_ended_before_its_first_checkpoint_begins_again_and_ends_with_the_same_bits(
    ledger: RunStore, dataset: Dataset, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded_run, "CHECKPOINT_SECONDS", 1e6)
    whole = start(ledger, dataset, told)
    list(whole.events())
    broken = start(ledger, dataset, told)
    follow_to(3, broken.events())
    for run in (whole, broken):
        assert run.recorder.close(10)
    second, first = ledger.runs().runs
    assert second.continuation is NextAction.RESTART
    again, history = resume_run(ledger, second.identity, dataset, "CPU", tell=told.append)
    assert history.step == 0
    list(again.events())
    assert again.recorder.close(10)
    assert not told
    assert_same_bits(ledger, first.identity, second.identity)
    kept = ledger.history(second.identity).history
    assert kept.loss.steps.tolist() == list(range(1, 13))
    assert kept.marks == ()


def test_a_run_whose_memory_runs_out_is_kept_as_failed_with_what_to_do(
    ledger: RunStore, dataset: Dataset, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import tensorflow as tf

    run_steps = TrainStep.run

    def exhaust_memory(self: TrainStep, indices: NDArray[np.int32], first_step: int) -> object:
        if first_step == 8:
            # What TensorFlow's allocator raises, after it has tried for ten seconds.
            raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")
        return run_steps(self, indices, first_step)

    monkeypatch.setattr(TrainStep, "run", exhaust_memory)
    run = start(ledger, dataset, told)
    with pytest.raises(tf.errors.ResourceExhaustedError):
        list(run.events())
    assert run.recorder.close(10)
    (record,) = ledger.runs().runs
    assert record.status is RunStatus.FAILED
    assert record.facts.reason == (
        "There is not enough memory: close other programs, or train with a smaller batch size."
    )
    assert len(ledger.history(record.identity).history.loss) == 8
    weights = ledger.snapshot(record.identity).weights
    assert all(np.isfinite(array).all() for array in weights.values())
    # What was learnt is not lost: with memory again, it goes on to its end.
    monkeypatch.setattr(TrainStep, "run", run_steps)
    further, _ = resume_run(ledger, record.identity, dataset, "CPU", tell=told.append)
    list(further.events())
    assert further.recorder.close(10)
    assert ledger.run(record.identity).facts.reason == ""
    assert not told


def assert_best_is_kept(ledger: RunStore, identity: str, validations: list[Validated]) -> None:
    best = max(validations, key=lambda event: event.accuracy)
    record = ledger.run(identity)
    assert record.facts.best_validation is not None
    assert record.facts.best_validation.step == best.step
    assert ledger.snapshot(identity, best=True).step == best.step
    assert record.has_best == (best.step != RECIPE.steps)
