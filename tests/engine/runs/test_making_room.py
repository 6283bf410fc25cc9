from pathlib import Path

import pytest

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.events import CheckpointTaken
from mnist_gui.engine.runs.listing import free_space
from mnist_gui.engine.runs.store import RunStore, StoreOptions
from tests.engine.runs.conftest import PREPARED, RECIPE, checkpoint_at, record, whole_run
from tests.refusals import not_told


@pytest.fixture
def completed(store: RunStore, dataset: Dataset) -> list[str]:
    """Three runs, the first that ended first."""
    return [record(store, dataset, whole_run(dataset, wrong=0)) for _ in range(3)]


def size_of(runs: Path, run_id: str) -> int:
    return (runs / run_id / "checkpoint.safetensors").stat().st_size


def with_checkpoints(store: RunStore) -> set[str]:
    return {run.run_id for run in store.runs().runs if run.has_checkpoint}


def test_of_completed_runs_the_last_keep_their_checkpoints(
    store: RunStore, runs: Path, completed: list[str]
) -> None:
    room = 2 * size_of(runs, completed[0])
    free_space(runs, room)
    assert with_checkpoints(store) == set(completed[1:])
    free_space(runs, room - 1)
    assert with_checkpoints(store) == set(completed[2:])
    free_space(runs, 0)
    assert with_checkpoints(store) == set()
    assert all(run.has_weights for run in store.runs().runs)


def test_pinned_runs_keep_theirs(store: RunStore, runs: Path, completed: list[str]) -> None:
    store.pin(completed[0], is_pinned=True)
    free_space(runs, 0)
    assert with_checkpoints(store) == {completed[0]}


def test_what_can_still_go_on_is_never_given_up(
    store: RunStore, dataset: Dataset, runs: Path, completed: list[str]
) -> None:
    interrupted = store.start(RECIPE, dataset, not_told)
    interrupted.record(PREPARED)
    interrupted.record(CheckpointTaken(checkpoint_at(10)))
    assert interrupted.close(10)
    _, further = store.resume(completed[0], dataset, not_told)
    free_space(runs, 0)
    assert with_checkpoints(store) == {interrupted.run_id, completed[0]}
    assert further.close(10)


def test_room_is_made_when_a_run_is_completed(
    store: RunStore, dataset: Dataset, runs: Path
) -> None:
    first = record(store, dataset, whole_run(dataset, wrong=0))
    assert with_checkpoints(store) == {first}
    store = RunStore(runs, StoreOptions(checkpoint_bytes=1))
    second = record(store, dataset, whole_run(dataset, wrong=0))
    # Its own is needed as long as its window may be asked for more.
    assert with_checkpoints(store) == {second}
    assert first != second


def test_a_link_in_the_place_of_a_checkpoint_is_left_alone(
    store: RunStore, runs: Path, completed: list[str], tmp_path: Path
) -> None:
    outside = tmp_path / "outside.zip"
    outside.write_bytes(b"not ours")
    place = runs / completed[0] / "checkpoint.safetensors"
    place.unlink()
    place.symlink_to(outside)
    free_space(runs, 0)
    assert outside.read_bytes() == b"not ours"
    assert with_checkpoints(store) == set()
