"""Runs that are really trained, recorded, broken off and gone on with from their folder."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.events import Event, StepsEnded, Validated
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs import recorded_run
from mnist_gui.engine.runs.ledger import RunLedger
from mnist_gui.engine.runs.recorded_run import RecordedRun
from mnist_gui.engine.runs.status import RunStatus
from mnist_gui.engine.training import trainer
from mnist_gui.engine.training.trainer import TrainingRun

RECIPE = replace(RECIPES["softmax-tutorial"], steps=12, validate_every=4, batch_size=20)


@pytest.fixture(autouse=True)
def _checkpoint_after_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer, "_CALL_SECONDS", 0.0)
    monkeypatch.setattr(recorded_run, "CHECKPOINT_SECONDS", 0.0)


def start(ledger: RunLedger, dataset: Dataset, told: list[str]) -> RecordedRun:
    run = TrainingRun(dataset, RECIPE, "CPU")
    return RecordedRun(run, ledger.start(RECIPE, dataset, told.append))


def follow_to(step: int, events: Iterator[Event]) -> None:
    for event in events:
        if isinstance(event, StepsEnded) and event.step >= step:
            return


def test_a_run_that_was_broken_off_ends_with_the_same_bits_and_the_same_curves(
    ledger: RunLedger, dataset: Dataset, told: list[str]
) -> None:
    whole = start(ledger, dataset, told)
    validations = [event for event in whole.events() if isinstance(event, Validated)]
    broken = start(ledger, dataset, told)
    follow_to(7, broken.events())
    for run in (whole, broken):
        assert run.recorder.close(10)
    second, first = ledger.runs().runs
    assert (first.status, second.status) == (RunStatus.COMPLETED, RunStatus.INTERRUPTED)
    checkpoint, recorder = ledger.resume(second.identity, dataset, told.append)
    assert 0 < checkpoint.step <= 7
    resumed = RecordedRun(TrainingRun.from_checkpoint(dataset, checkpoint, "CPU"), recorder)
    list(resumed.events())
    assert recorder.close(10)
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


def assert_same_bits(ledger: RunLedger, first: str, second: str) -> None:
    weights = [ledger.snapshot(identity).weights for identity in (first, second)]
    assert {n: a.tobytes() for n, a in weights[0].items()} == {
        n: a.tobytes() for n, a in weights[1].items()
    }


def test_a_run_that_is_stopped_leaves_weights_and_can_go_on(
    ledger: RunLedger, dataset: Dataset, told: list[str]
) -> None:
    run = start(ledger, dataset, told)
    follow_to(5, run.events())
    list(run.last_events())
    assert run.recorder.close(10)
    (record,) = ledger.runs().runs
    assert (record.status, record.facts.step, record.can_go_on) == (RunStatus.STOPPED, 5, True)
    assert ledger.snapshot(record.identity).step == 5
    assert ledger.checkpoint(record.identity).step == 5


def test_a_run_that_diverges_is_kept_as_failed_in_words(
    ledger: RunLedger, dataset: Dataset, told: list[str]
) -> None:
    run = start(ledger, dataset, told)
    with pytest.raises(TrainingError):
        for event in run.events():
            if isinstance(event, StepsEnded) and event.step == 3:
                run._run.learning_rate = 1e9
    assert run.recorder.close(10)
    (record,) = ledger.runs().runs
    assert record.status is RunStatus.FAILED
    assert "diverged" in record.facts.reason
    assert len(ledger.history(record.identity).history.loss) >= 3
    assert ledger.snapshot(record.identity).step >= 0


def test_a_run_that_is_given_more_steps_is_running_again(
    ledger: RunLedger, dataset: Dataset, told: list[str]
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


def assert_best_is_kept(ledger: RunLedger, identity: str, validations: list[Validated]) -> None:
    best = max(validations, key=lambda event: event.accuracy)
    record = ledger.run(identity)
    assert record.facts.best_validation is not None
    assert record.facts.best_validation.step == best.step
    assert ledger.snapshot(identity, best=True).step == best.step
    assert record.has_best == (best.step != RECIPE.steps)
