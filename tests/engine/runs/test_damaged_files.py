"""A run goes on where a file of it is damaged, from what was kept beside that."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import MnistGuiError, RunStoreError
from mnist_gui.engine.events import CheckpointTaken, Resumed, StepsAdded
from mnist_gui.engine.runs.event_log import encode_event
from mnist_gui.engine.runs.run import NextAction, RunStatus
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.words.errors import sentence
from tests.engine.runs.conftest import (
    PREPARED,
    RECIPE,
    checkpoint_at,
    record,
    steps_to,
    whole_run,
)
from tests.engine.runs.test_active_run import assert_same_bits, follow_to, resumed_run, start
from tests.engine.runs.test_recorder import wait_until
from tests.refusals import not_told, refused

NEWEST, BEFORE = "checkpoint.safetensors", "checkpoint-before.safetensors"


def one_byte_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def one_byte_other(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)


def deleted(path: Path) -> None:
    path.unlink()


DAMAGES = (one_byte_short, emptied, one_byte_other, deleted)


@pytest.fixture
def interrupted(store: RunStore, dataset: Dataset) -> Path:
    """The folder of a run whose program ended after two checkpoints, of steps 10 and 20."""
    recorder = store.start(RECIPE, dataset, not_told)
    recorder.record(PREPARED)
    for step in (10, 20):
        recorder.record(steps_to(step))
        recorder.record(CheckpointTaken(checkpoint_at(step)))
        wait_until(lambda: recorder.is_written)
    assert recorder.close(10)
    return store.folder / str(recorder.run_id)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_run_with_a_damaged_checkpoint_goes_on_from_the_one_before(
    store: RunStore,
    dataset: Dataset,
    interrupted: Path,
    told: list[MnistGuiError],
    damage: Callable[[Path], None],
) -> None:
    damage(interrupted / NEWEST)
    assert store.find("last").continuation is NextAction.RESUME
    assert store.snapshot(interrupted.name).step == 10
    checkpoint, recorder = store.resume(interrupted.name, dataset, told.append)
    assert checkpoint is not None
    assert checkpoint.step == 10
    assert "goes on from the one before, of step 10" in sentence(told.pop())
    recorder.record(Resumed(10, from_checkpoint=True))
    recorder.record(steps_to(20))
    recorder.record(CheckpointTaken(checkpoint_at(20)))
    assert recorder.close(10)
    assert not told
    assert store.checkpoint(interrupted.name).step == 20
    # The damaged one has not come to stand for the one before.
    one_byte_short(interrupted / NEWEST)
    assert store.checkpoint(interrupted.name).step == 10
    assert len(store.history(interrupted.name).history.loss) == 20


def test_where_no_checkpoint_is_intact_it_is_said_what_to_do_and_that_helps(
    store: RunStore, dataset: Dataset, interrupted: Path
) -> None:
    for name in (NEWEST, BEFORE):
        one_byte_short(interrupted / name)
    with refused(RunStoreError, match=f"Delete the files named checkpoint in .*{interrupted.name}"):
        store.resume(interrupted.name, dataset, not_told)
    for name in (NEWEST, BEFORE):
        (interrupted / name).unlink()
    checkpoint, recorder = store.resume(interrupted.name, dataset, not_told)
    assert checkpoint is None
    assert recorder.close(10)


def test_a_checkpoint_of_a_newer_version_is_not_gone_back_behind(
    store: RunStore, dataset: Dataset, interrupted: Path
) -> None:
    content = (interrupted / NEWEST).read_bytes()
    (interrupted / NEWEST).write_bytes(content.replace(b'\\"format\\":1', b'\\"format\\":2', 1))
    with refused(RunStoreError, match="newer version"):
        store.resume(interrupted.name, dataset, not_told)


def test_a_completed_run_keeps_one_checkpoint(store: RunStore, dataset: Dataset) -> None:
    recorder = store.start(RECIPE, dataset, not_told)
    for event in whole_run(dataset, wrong=0):
        recorder.record(event)
    recorder.record(CheckpointTaken(checkpoint_at(30)))
    wait_until(lambda: recorder.is_written)
    recorder.record(CheckpointTaken(checkpoint_at(40)))
    recorder.end(RunStatus.COMPLETED)
    assert recorder.close(10)
    folder = store.folder / str(recorder.run_id)
    assert [path.name for path in folder.glob("checkpoint*")] == [NEWEST]


@pytest.mark.parametrize("damage", [one_byte_short, emptied, deleted])
def test_a_run_whose_info_is_damaged_goes_on_all_the_same(
    store: RunStore, dataset: Dataset, interrupted: Path, damage: Callable[[Path], None]
) -> None:
    damage(interrupted / "run.json")
    run = RunStore(store.folder).find(interrupted.name)
    assert (run.status, run.can_resume) == (RunStatus.INTERRUPTED, True)
    checkpoint, recorder = store.resume(interrupted.name, dataset, not_told)
    assert checkpoint is not None
    assert checkpoint.step == 20
    recorder.record(StepsAdded(20, 60))
    assert recorder.close(10)
    info = json.loads((interrupted / "run.json").read_bytes())
    assert (info["steps"], info["data"]["fingerprint"]) == (60, dataset.fingerprint)
    damage(interrupted / "run.json")
    assert RunStore(store.folder).run(interrupted.name).info.steps == 60


def test_a_completed_run_whose_info_is_damaged_is_known_as_it_ended(
    store: RunStore, dataset: Dataset
) -> None:
    run_id = record(store, dataset, whole_run(dataset, wrong=3))
    known = store.run(run_id).info
    emptied(store.folder / run_id / "run.json")
    assert RunStore(store.folder).run(run_id).info == known


def test_a_run_that_cannot_be_read_is_named_and_not_denied(
    store: RunStore, interrupted: Path
) -> None:
    for name in ("run.json", "run-copy.json"):
        emptied(interrupted / name)
    with refused(RunStoreError, match=f"The run .*{interrupted.name} cannot be read: its "):
        store.find(interrupted.name)


def lengthen(history: Path) -> None:
    """Fill a history up to more than 64 MiB; what is in its lines does not matter here."""
    lines = b"".join(encode_event(steps_to(step)) for step in range(30, 10_030, 10))
    with history.open("ab") as file:
        for _ in range((64 << 20) // len(lines) + 1):
            file.write(lines)


def test_a_run_with_a_long_history_goes_on_and_loses_nothing_of_it(
    store: RunStore, dataset: Dataset, interrupted: Path
) -> None:
    path = interrupted / "history.jsonl"
    lengthen(path)
    whole = path.stat().st_size
    with path.open("ab") as file:
        file.write(b'{"event":"steps","st')
    checkpoint, recorder = store.resume(interrupted.name, dataset, not_told)
    assert checkpoint is not None
    recorder.record(steps_to(30))
    wait_until(lambda: recorder.is_written)
    recorder.record(steps_to(40))
    assert recorder.close(10)
    new = b"".join(encode_event(steps_to(step)) for step in (30, 40))
    assert path.stat().st_size == whole + len(new)
    with path.open("rb") as file:
        file.seek(whole - 1)
        assert file.read() == b"\n" + new


def test_from_the_checkpoint_before_a_run_ends_with_the_same_bits(
    store: RunStore, dataset: Dataset, told: list[MnistGuiError]
) -> None:
    whole = start(store, dataset, told)
    list(whole.events())
    broken = start(store, dataset, told)
    follow_to(7, broken.events())
    for run in (whole, broken):
        assert run.close(10)
    assert not told
    second, first = store.runs().runs
    damaged = store.folder / second.run_id / NEWEST
    newest = store.checkpoint(second.run_id).step
    one_byte_short(damaged)
    resumed = resumed_run(store, second.run_id, dataset, told)
    assert 0 < resumed.history.step < newest
    assert [problem.problem for problem in told] == ["checkpoint-before"]
    list(resumed.events())
    assert resumed.close(10)
    assert_same_bits(store, first.run_id, second.run_id)
