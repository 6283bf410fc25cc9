import errno
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import MnistGuiError, RunStoreError, TrainingError
from mnist_gui.engine.events import (
    BestWeightsRestored,
    CheckpointTaken,
    Paused,
    Resumed,
    StepsAdded,
    Validated,
)
from mnist_gui.engine.runs import writer as folder_writer
from mnist_gui.engine.runs.recorder import RunRecorder, versions
from mnist_gui.engine.runs.run import NextAction, RunRecord, RunStatus, Score
from mnist_gui.engine.runs.store import RunStore, StoreOptions
from mnist_gui.words.errors import recorded_sentence, sentence
from tests.engine.conftest import lines_run
from tests.engine.runs.conftest import (
    PREPARED,
    RECIPE,
    checkpoint_at,
    evaluated_at,
    record,
    snapshot_at,
    steps_to,
    whole_run,
)
from tests.refusals import not_told, refused


@pytest.fixture
def store(runs: Path) -> RunStore:
    return RunStore(runs, StoreOptions(write_seconds=0.01))


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = monotonic() + 10
    while not is_so():
        assert monotonic() < deadline
        sleep(0.002)


@contextmanager
def recording(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> Iterator[RunRecorder]:
    recorder = store.start(RECIPE, dataset, told.append)
    try:
        yield recorder
    finally:
        recorder.close(10)


def test_versions_are_those_installed_and_looked_up_once() -> None:
    found = versions()
    assert (found.python, found.numpy) == (platform.python_version(), np.__version__)
    assert (found.tensorflow, found.keras) == (version("tensorflow"), version("keras"))
    assert lines_run(versions) == 0


def test_a_run_is_seen_while_it_goes_on(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    with recording(store, dataset, told) as running:
        for event in whole_run(dataset, wrong=0)[:6]:
            running.record(event)
        wait_until(lambda: running.is_written)
        (run,) = store.runs().runs
        assert (run.status, run.info.step) == (RunStatus.RUNNING, 20)
        assert run.has_checkpoint
        assert not run.can_resume
        assert len(store.history(run.run_id).history.loss) == 20
        assert store.snapshot(run.run_id).weights["output/bias"].tolist() == [20] * 10
        with refused(RunStoreError, match="still goes on"):
            store.delete(run.run_id)
    assert not told


def test_a_run_that_was_left_alone_is_found_interrupted(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    with recording(store, dataset, told) as running:
        running.record(PREPARED)
        running.record(steps_to(10))
        running.record(CheckpointTaken(checkpoint_at(10)))
    (run,) = store.runs().runs
    assert (run.status, run.can_resume) == (RunStatus.INTERRUPTED, True)
    checkpoint, resumed = store.resume(run.run_id, dataset, told.append)
    assert checkpoint is not None
    assert checkpoint.step == 10
    assert store.run(run.run_id).status is RunStatus.RUNNING
    resumed.end(RunStatus.STOPPED)
    assert resumed.close(10)
    assert store.run(run.run_id).status is RunStatus.STOPPED
    assert not told


def test_a_second_program_can_only_look_at_a_run_that_goes_on(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError], runs: Path
) -> None:
    with recording(store, dataset, told) as running:
        running.record(CheckpointTaken(checkpoint_at(10)))
        wait_until(lambda: running.is_written)
        other = RunStore(runs)
        run_id = other.runs().runs[0].run_id
        with refused(RunStoreError, match="goes on in another program"):
            other.resume(run_id, dataset, told.append)
        assert other.snapshot(run_id).step == 10
        assert other.rename(run_id, "named there").name == "named there"


def test_a_run_goes_on_with_its_own_data_only(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    run_id = interrupted(store, dataset, told)
    with refused(RunStoreError, match="other data"):
        store.resume(run_id, replace(dataset, fingerprint="other"), told.append)
    assert store.run(run_id).status is RunStatus.INTERRUPTED


def interrupted(store: RunStore, dataset: Dataset, told: list[MnistGuiError]) -> str:
    with recording(store, dataset, told) as running:
        for event in (PREPARED, steps_to(10), CheckpointTaken(checkpoint_at(10)), steps_to(20)):
            running.record(event)
    assert running.run_id is not None
    return running.run_id


def test_work_that_was_lost_does_not_count_in_the_history(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    run_id = interrupted(store, dataset, told)
    assert len(store.history(run_id).history.loss) == 20
    assert len(store.history(run_id, until=10).history.loss) == 10
    _, resumed = store.resume(run_id, dataset, told.append)
    resumed.record(Resumed(10, from_checkpoint=True))
    resumed.record(steps_to(20))
    resumed.record(Paused(20))
    resumed.record(StepsAdded(20, 60))
    assert resumed.close(10)
    history = store.history(run_id).history
    assert history.loss.steps.tolist() == list(range(1, 21))
    assert history.annotations == (
        Resumed(10, from_checkpoint=True),
        Paused(20),
        StepsAdded(20, 60),
    )
    assert history.recipe.steps == store.run(run_id).info.steps == 60


def test_a_line_that_was_torn_is_mended_when_the_run_goes_on(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError], runs: Path
) -> None:
    run_id = interrupted(store, dataset, told)
    with (runs / run_id / "history.jsonl").open("ab") as file:
        file.write(b'{"event":"steps","step":30,"losses":[1.0,')
    (runs / run_id / ".0123.part").write_bytes(b"what a dead program left")
    _, resumed = store.resume(run_id, dataset, told.append)
    resumed.record(Resumed(10, from_checkpoint=True))
    assert resumed.close(10)
    kept = store.history(run_id)
    assert (len(kept.history.loss), kept.damaged_lines) == (10, 0)
    assert not list((runs / run_id).glob(".*"))


def test_a_completed_run_whose_checkpoint_was_given_up_is_no_more_trained_further(
    store: RunStore, dataset: Dataset, runs: Path, told: list[MnistGuiError]
) -> None:
    run_id = record(store, dataset, whole_run(dataset, wrong=0))
    assert store.run(run_id).continuation is NextAction.CONTINUE
    (runs / run_id / "checkpoint.safetensors").unlink()
    assert store.run(run_id).continuation is None
    with refused(RunStoreError, match="no checkpoint to go on from; start a new one"):
        store.resume(run_id, dataset, told.append)
    assert store.run(run_id).status is RunStatus.COMPLETED


def test_a_run_that_ended_before_its_first_checkpoint_begins_again_in_its_folder(
    store: RunStore, dataset: Dataset, runs: Path, told: list[MnistGuiError]
) -> None:
    with recording(store, dataset, told) as running:
        running.record(PREPARED)
        running.record(steps_to(10))
        running.record(Validated(10, 0.9, 0.4))
        running.save_best(snapshot_at(10))
    (run,) = store.runs().runs
    assert (run.status, run.continuation) == (RunStatus.INTERRUPTED, NextAction.RESTART)
    store.rename(run.run_id, "mine")
    checkpoint, again = store.resume(run.run_id, dataset, told.append)
    assert checkpoint is None
    again.record(PREPARED)
    again.record(steps_to(10))
    again.end(RunStatus.STOPPED)
    assert again.close(10)
    (run,) = store.runs().runs
    assert (run.name, run.info.step, run.has_best) == ("mine", 10, False)
    assert run.info.best_validation is None
    assert len(store.history(run.run_id).history.loss) == 10
    assert sorted(path.name for path in (runs / run.run_id).iterdir()) == [
        "history.jsonl",
        "labels.json",
        "run-copy.json",
        "run.json",
        "run.lock",
    ]
    assert not told


def test_a_run_that_went_back_to_its_best_weights_has_their_validation_and_says_why(
    store: RunStore, dataset: Dataset
) -> None:
    events = whole_run(dataset, wrong=0)
    early = BestWeightsRestored(40, 20, 0.9, 5, is_early=True)
    run = store.run(record(store, dataset, [*events[:-2], early, *events[-2:]]))
    assert run.info.validation == run.info.best_validation == Score(20, 18, 20)
    assert recorded_sentence(run.info.reason) == (
        "Stopped at step 40: validation had not improved for 5 validations; best at step 20."
    )
    assert run.status is RunStatus.COMPLETED
    assert not run.has_best
    assert store.history(run.run_id).history.restored == early


def test_a_failure_is_kept_in_short_lines_with_the_last_good_weights(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    with recording(store, dataset, told) as running:
        for event in whole_run(dataset, wrong=0)[:6]:
            running.record(event)
        running.end(RunStatus.FAILED, RuntimeError("It\nbroke \x07 down. " + "x" * 2_000))
    (run,) = store.runs().runs
    assert run.status is RunStatus.FAILED
    reason = recorded_sentence(run.info.reason)
    assert reason.startswith("Something unexpected went wrong (RuntimeError: It broke down. xxx")
    assert run.info.reason is not None
    assert len(run.info.reason["text"]) == 500
    assert store.snapshot(run.run_id).step == 0


def test_the_facts_of_a_failure_are_kept(store: RunStore, dataset: Dataset) -> None:
    running = store.start(RECIPE, dataset, not_told)
    error = TrainingError("diverged", step=1_234, rate=0.5)
    running.end(RunStatus.FAILED, error)
    assert running.close(10)
    (run,) = store.runs().runs
    assert run.info.reason == {"problem": "diverged", "step": 1_234, "rate": 0.5}
    assert recorded_sentence(run.info.reason) == sentence(error)
    # As a sweep does with its runs.
    assert list(dict.fromkeys([run, run])) == [run]


def test_a_disk_that_is_full_is_told_once_and_written_to_when_it_can_be(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def no_space(path: Path, content: bytes) -> None:
        tries.append(path)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with recording(store, dataset, told) as running:
        wait_until(lambda: running.is_written)
        with monkeypatch.context() as patch:
            patch.setattr(folder_writer, "append_lines", no_space)
            running.record(steps_to(10))
            running.record(CheckpointTaken(checkpoint_at(10)))
            wait_until(lambda: len(tries) > 5)
            running.record(steps_to(20))
        wait_until(lambda: running.is_written)
        wait_until(lambda: len(told) > 1)
    problem, relief = told
    assert "the disk is full; free some space or choose another place. Tr" in sentence(problem)
    assert "recorded again" in sentence(relief)
    run_id = store.runs().runs[0].run_id
    assert len(store.history(run_id).history.loss) == 20
    assert store.checkpoint(run_id).step == 10


def test_a_folder_that_vanishes_is_told_once_and_made_anew(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError], runs: Path
) -> None:
    with recording(store, dataset, told) as running:
        for event in whole_run(dataset, wrong=3):
            running.record(event)
        running.save_best(snapshot_at(20))
        running.end(RunStatus.COMPLETED)
        wait_until(lambda: running.is_written)
        shutil.rmtree(runs)
        running.mark_resumed()
        running.record(StepsAdded(40, 60))
        running.record(steps_to(50))
        wait_until(lambda: len(told) > 1)
        run_id = store.runs().runs[0].run_id
        assert store.run(run_id).status is RunStatus.RUNNING
    assert len(told) == 2
    assert len(store.history(run_id).history.loss) == 50
    assert store.snapshot(run_id).step == 40
    assert store.snapshot(run_id, best=True).step == 20
    assert int(store.reading(run_id).is_right.sum()) == 97


@contextmanager
def deleted_and_tested(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> Iterator[tuple[RunRecorder, str]]:
    """A run that ended and was deleted, and whose network was tested after that; its ID."""
    with recording(store, dataset, told) as running:
        for event in whole_run(dataset, wrong=3):
            running.record(event)
        running.end(RunStatus.COMPLETED)
        wait_until(lambda: running.is_written)
        assert running.run_id is not None
        store.delete(running.run_id)
        running.count_test_evaluation()
        wait_until(lambda: running.is_written)
        yield running, running.run_id
    assert not told


def test_an_ended_run_that_was_deleted_does_not_come_back_when_its_network_is_tested(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    with deleted_and_tested(store, dataset, told) as (running, _):
        running.record(evaluated_at(40, dataset, wrong=3))
        wait_until(lambda: running.is_written)
    assert not store.runs().runs


def test_an_ended_run_that_was_brought_back_counts_the_tests_since(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    with deleted_and_tested(store, dataset, told) as (running, run_id):
        store.restore(run_id)
        running.count_test_evaluation()
        wait_until(lambda: running.is_written)
    (run,) = store.runs().runs
    assert isinstance(run, RunRecord)
    assert (run.run_id, run.info.test_reads) == (run_id, 3)
    assert len(store.history(run_id).history.loss) == 40


def test_a_place_where_nothing_can_be_made_does_not_stop_the_run(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError], runs: Path
) -> None:
    runs.write_bytes(b"a file where the folder should be")
    with recording(store, dataset, told) as running:
        for event in whole_run(dataset, wrong=0):
            running.record(event)
        wait_until(lambda: bool(told))
        assert running.run_id is None
        runs.unlink()
        wait_until(lambda: running.is_written)
    assert len(told) == 2
    assert store.runs().runs[0].info.step == 40


def test_what_could_never_be_written_is_admitted(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError], runs: Path
) -> None:
    runs.write_bytes(b"")
    running = store.start(RECIPE, dataset, told.append)
    running.record(PREPARED)
    assert not running.close(10)


def test_of_checkpoints_that_wait_only_the_newest_is_written(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def slow(file: object, checkpoint: object) -> None:
        written.append(checkpoint)
        wait_until(lambda: is_taken)

    is_taken = False
    monkeypatch.setattr(folder_writer, "write_checkpoint", slow)
    checkpoints = [checkpoint_at(step) for step in (10, 20, 30)]
    with recording(store, dataset, told) as running:
        running.record(CheckpointTaken(checkpoints[0]))
        wait_until(lambda: len(written) == 1)
        for checkpoint in checkpoints[1:]:
            running.record(CheckpointTaken(checkpoint))
        is_taken = True
    assert written == [checkpoints[0], checkpoints[2]]


def test_a_clock_that_jumps_back_changes_nothing_but_a_date(
    runs: Path, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    moments = [datetime(2026, 1, 1, tzinfo=UTC), datetime(2001, 1, 1, tzinfo=UTC)]
    store = RunStore(runs, StoreOptions(now=iter(moments).__next__))
    with recording(store, dataset, told) as running:
        for event in whole_run(dataset, wrong=0):
            running.record(event)
        running.end(RunStatus.COMPLETED)
    (run,) = store.runs().runs
    assert [run.info.started, run.info.ended] == moments
    assert (run.status, run.info.seconds) == (RunStatus.COMPLETED, 1.0)
