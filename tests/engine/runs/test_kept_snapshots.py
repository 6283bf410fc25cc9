from dataclasses import replace
from itertools import pairwise
from math import log1p
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import MnistGuiError, ModelFileError, RunStoreError
from mnist_gui.engine.events import CheckpointTaken, SnapshotTaken, StepsAdded
from mnist_gui.engine.models import model_file
from mnist_gui.engine.runs import writer
from mnist_gui.engine.runs.active_run import start_run
from mnist_gui.engine.runs.export import export_run
from mnist_gui.engine.runs.listing import free_space
from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.runs.store import RunStore, StoreOptions
from mnist_gui.engine.snapshot import MOST_SNAPSHOTS
from tests.engine.conftest import softmax_snapshot
from tests.engine.runs.conftest import (
    PREPARED,
    RECIPE,
    checkpoint_at,
    record,
    snapshot_at,
    whole_run,
)
from tests.refusals import not_told, refused


def recorded_steps(store: RunStore, dataset: Dataset, last: int, *, added: int = 0) -> str:
    """Record a run with a snapshot at each of its steps, whose steps may grow; return its ID."""
    recorder = store.start(replace(RECIPE, steps=last), dataset, not_told)
    recorder.record(PREPARED)
    for step in range(last + added + 1):
        if step == last + 1:
            recorder.record(StepsAdded(last, last + added))
        recorder.record(SnapshotTaken(snapshot_at(step)))
    recorder.end(RunStatus.STOPPED)
    assert recorder.close(30)
    assert recorder.run_id is not None
    return recorder.run_id


def test_a_snapshot_is_read_back_to_the_last_digit(store: RunStore, dataset: Dataset) -> None:
    recorder = store.start(RECIPE, dataset, not_told)
    snapshot = softmax_snapshot(step=7)
    recorder.record(SnapshotTaken(snapshot))
    assert recorder.close(10)
    assert recorder.run_id is not None
    assert store.snapshot_steps(recorder.run_id) == (7,)
    read = store.load_snapshot(recorder.run_id, 7)
    assert all(
        np.array_equal(read.weights[name], array) for name, array in snapshot.weights.items()
    )


def test_a_run_keeps_its_first_and_last_snapshot_and_40_spread_on_a_log_scale(
    store: RunStore, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[object] = []
    write = model_file.write_snapshot
    monkeypatch.setattr(
        writer, "write_snapshot", lambda file, snapshot: written.append(write(file, snapshot))
    )
    steps = store.snapshot_steps(recorded_steps(store, dataset, 2_000))
    # Not all are written, to be removed again.
    assert len(written) < 2 * MOST_SNAPSHOTS
    assert (steps[0], steps[-1]) == (0, 2_000)
    assert 25 < len(steps) <= MOST_SNAPSHOTS
    # From where whole steps are closer than that.
    gaps = [log1p(after) - log1p(before) for before, after in pairwise(steps) if before > 10]
    assert max(gaps) < 2 * log1p(2_000) / (MOST_SNAPSHOTS - 1)


def test_snapshots_are_thinned_when_a_run_grows(store: RunStore, dataset: Dataset) -> None:
    steps = store.snapshot_steps(recorded_steps(store, dataset, 60, added=1_500))
    assert (steps[0], steps[-1]) == (0, 1_560)
    assert len(steps) <= MOST_SNAPSHOTS
    gaps = [log1p(after) - log1p(before) for before, after in pairwise(steps) if before > 10]
    assert max(gaps) < 3 * log1p(1_560) / (MOST_SNAPSHOTS - 1)


def test_a_run_takes_three_quarters_of_the_room_of_snapshots(dataset: Dataset, runs: Path) -> None:
    size = sum(array.nbytes for array in snapshot_at(0).weights.values())
    store = RunStore(runs, StoreOptions(checkpoint_bytes=16 * size))
    steps = store.snapshot_steps(recorded_steps(store, dataset, 300))
    assert len(steps) == 6
    assert (steps[0], steps[-1]) == (0, 300)


def test_the_weights_that_a_run_ends_with_are_kept_although_they_are_not_the_newest(
    dataset: Dataset, runs: Path
) -> None:
    size = sum(array.nbytes for array in snapshot_at(0).weights.values())
    store = RunStore(runs, StoreOptions(checkpoint_bytes=8 * size))
    recorder = store.start(RECIPE, dataset, not_told)
    for step in (0, 1, 3, 6, 12, 11):
        recorder.record(SnapshotTaken(snapshot_at(step)))
    recorder.end(RunStatus.COMPLETED)
    assert recorder.close(10)
    assert recorder.run_id is not None
    assert store.snapshot_steps(recorder.run_id)[-2:] == (11, 12)


def test_while_nothing_can_be_written_no_snapshots_fill_the_memory(
    dataset: Dataset, runs: Path
) -> None:
    told: list[MnistGuiError] = []
    runs.write_bytes(b"in the way")
    recorder = RunStore(runs, StoreOptions(write_seconds=0.01)).start(RECIPE, dataset, told.append)
    recorder.record(SnapshotTaken(snapshot_at(0)))
    deadline = monotonic() + 10
    while not told:
        assert monotonic() < deadline
        sleep(0.002)
    for step in (10, 40):
        recorder.record(SnapshotTaken(snapshot_at(step)))
    runs.unlink()
    recorder.end(RunStatus.STOPPED)
    assert recorder.close(10)
    assert recorder.run_id is not None
    assert RunStore(runs).snapshot_steps(recorder.run_id) == (0, 40)


def test_a_resumed_run_goes_on_with_its_snapshots_but_for_those_of_lost_work(
    store: RunStore, dataset: Dataset
) -> None:
    recorder = store.start(RECIPE, dataset, not_told)
    recorder.record(PREPARED)
    for step in (0, 4, 9, 20):
        recorder.record(SnapshotTaken(snapshot_at(step)))
    recorder.record(CheckpointTaken(checkpoint_at(10)))
    assert recorder.close(10)
    assert recorder.run_id is not None
    _, resumed = store.resume(recorder.run_id, dataset, not_told)
    assert store.snapshot_steps(recorder.run_id) == (0, 4, 9)
    for step in (10, 40):
        resumed.record(SnapshotTaken(snapshot_at(step)))
    resumed.end(RunStatus.COMPLETED)
    assert resumed.close(10)
    assert store.snapshot_steps(recorder.run_id) == (0, 4, 9, 10, 40)


def test_a_run_that_starts_again_has_none_of_before(store: RunStore, dataset: Dataset) -> None:
    recorder = store.start(RECIPE, dataset, not_told)
    recorder.record(SnapshotTaken(snapshot_at(3)))
    assert recorder.close(10)
    assert recorder.run_id is not None
    _, again = store.resume(recorder.run_id, dataset, not_told)
    assert again.close(10)
    assert store.snapshot_steps(recorder.run_id) == ()


def test_snapshots_go_where_their_run_goes(
    store: RunStore, dataset: Dataset, tmp_path: Path
) -> None:
    run_id = record(store, dataset, whole_run(dataset, wrong=0))
    export_run(store, run_id, "folder", tmp_path / "exported")
    assert RunStore(tmp_path).snapshot_steps("exported") == (0, 40)
    store.delete(run_id)
    with pytest.raises(RunStoreError):
        store.snapshot_steps(run_id)
    store.restore(run_id)
    assert store.load_snapshot(run_id, 40).step == 40


def test_of_all_runs_the_last_keep_their_snapshots_and_pinned_ones(
    store: RunStore, dataset: Dataset, runs: Path
) -> None:
    pinned, old, new = (record(store, dataset, whole_run(dataset, wrong=0)) for _ in range(3))
    store.pin(pinned, is_pinned=True)
    files = (runs / new).glob("snapshot-*")
    free_space(runs, 2 * sum(path.stat().st_size for path in files))
    kept = {run_id: store.snapshot_steps(run_id) for run_id in (pinned, old, new)}
    assert kept == {pinned: (0, 40), old: (), new: (0, 40)}
    assert all(run.has_weights for run in store.runs().runs)


def test_a_run_whose_snapshots_do_not_fit_leaves_room_for_smaller_ones(
    store: RunStore, dataset: Dataset, runs: Path
) -> None:
    old, large, new = (record(store, dataset, whole_run(dataset, wrong=0)) for _ in range(3))
    size = sum(path.stat().st_size for path in (runs / new).glob("snapshot-*"))
    with next((runs / large).glob("snapshot-*")).open("ab") as file:
        file.write(bytes(2 * size))
    free_space(runs, 4 * size)
    kept = {run_id: store.snapshot_steps(run_id) for run_id in (old, large, new)}
    assert kept == {old: (0, 40), large: (), new: (0, 40)}


def test_missing_and_damaged_snapshots_are_a_sentence(
    store: RunStore, dataset: Dataset, runs: Path
) -> None:
    run_id = record(store, dataset, whole_run(dataset, wrong=0))
    first, last = sorted((runs / run_id).glob("snapshot-*"))
    with refused(RunStoreError, match="has no snapshot of step 7; choose another step"):
        store.load_snapshot(run_id, 7)
    # A copy under another step's name.
    first.write_bytes(last.read_bytes())
    with refused(RunStoreError, match="has no snapshot of step 0"):
        store.load_snapshot(run_id, 0)
    last.write_bytes(last.read_bytes()[:-1])
    with refused(ModelFileError, match="cannot be used"):
        store.load_snapshot(run_id, 40)
    last.unlink()
    last.symlink_to(first)
    assert store.snapshot_steps(run_id) == (0,)
    with refused(RunStoreError, match="has no snapshot of step 40"):
        store.load_snapshot(run_id, 40)


def test_a_run_that_is_over_in_a_moment_has_snapshots_of_its_beginning(
    store: RunStore, dataset: Dataset
) -> None:
    run = start_run(store, dataset, RECIPE, warn=not_told)
    for event in run.events():
        run.handle(event)
    assert run.close(10)
    assert run.run_id is not None
    steps = store.snapshot_steps(run.run_id)
    assert steps[:2] == (0, 1)
    assert len(steps) > 4
    assert steps[-1] == RECIPE.steps
