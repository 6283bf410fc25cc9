"""Run folders that somebody has damaged, by chance or on purpose."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import MnistGuiError, RunStoreError
from mnist_gui.engine.events import CheckpointTaken
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.words.errors import recorded_sentence, sentence
from tests.engine.conftest import ArchiveParts, peak_megabytes
from tests.engine.runs.conftest import RECIPE, checkpoint_at, record, whole_run
from tests.refusals import not_told

LOADERS: tuple[Callable[[RunStore, str], object], ...] = (
    RunStore.run,
    RunStore.history,
    RunStore.snapshot,
    RunStore.checkpoint,
    RunStore.reading,
    lambda store, run_id: store.load_snapshot(run_id, 40),
)
FILES = (
    "run.json",
    "run-copy.json",
    "history.jsonl",
    "network.mnistgui",
    "checkpoint.safetensors",
    "test.safetensors",
    "snapshot-000000040.mnistgui",
)


@pytest.fixture
def folder(store: RunStore, dataset: Dataset) -> Path:
    """A run with all its files."""
    recorder = store.start(RECIPE, dataset, not_told)
    recorder.record(CheckpointTaken(checkpoint_at(20)))
    assert recorder.close(10)
    assert recorder.run_id is not None
    interrupted = store.folder / recorder.run_id
    completed = store.folder / record(store, dataset, whole_run(dataset, wrong=1))
    (interrupted / "checkpoint.safetensors").rename(completed / "checkpoint.safetensors")
    store.delete(interrupted.name)
    return completed


def assert_never_worse_than_a_sentence(store: RunStore, run_id: str) -> None:
    for load in LOADERS:
        try:
            load(store, run_id)
        except MnistGuiError as error:
            told = sentence(error)
            assert len(told.splitlines()) == 1
            assert told.endswith(".")
    found = RunStore(store.folder).runs()
    assert len(found.runs) + len(found.unreadable) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 2}, "newer version"),
        ({"format": "1"}, "got `str` in `format`"),
        ({"status": "interrupted"}, "a status that is never written"),
        ({"step": -1}, "Expected `int` >= 0 in `step`"),
        ({"step": 1e3}, "got `float` in `step`"),
        ({"seconds": 10**400}, "out of range in `seconds`"),
        ({"started": "yesterday"}, "datetime in `started`"),
        ({"started": "9999-12-31T23:59:59+00:00"}, "a date of another age"),
        ({"started": "0001-01-01T00:00:00+00:00"}, "a date of another age"),
        ({"recipe": None}, "got `null` in `recipe`"),
        ({"test": {"step": 1, "correct": 2, "total": 1}}, "more images read right than there are"),
        ({"test": [1]}, "got `array` in `test`"),
        ({"device": "two\nlines"}, "a text that is no line"),
        ({"reason": "It was an older version."}, "got `str` in `reason`"),
        ({"reason": {"problem": "two\nlines"}}, "a text that is no line"),
        ({"reason": {"two\nlines": 1}}, "a text that is no line"),
        ({"reason": {"problem": "x", "names": ["x" * 1_001]}}, "a text that is no line"),
        ({"reason": {"reason": json.loads("[" * 9 + "]" * 9)}}, "nested too deeply"),
    ],
)
def test_facts_that_cannot_be_are_named(
    store: RunStore, folder: Path, changes: dict[str, Any], words: str
) -> None:
    info = json.loads((folder / "run.json").read_bytes())
    for name in ("run.json", "run-copy.json"):
        (folder / name).write_text(json.dumps(info | changes))
    (unreadable,) = store.runs().unreadable
    assert words in sentence(unreadable.problem)
    assert unreadable.run_id == folder.name
    assert store.runs().runs == ()


@pytest.mark.parametrize(
    "reason",
    [
        {},
        {"problem": "diverged"},
        {"problem": "diverged", "step": "x", "rate": None},
        {"problem": "os-error"},
        {"problem": "os-error", "code": [], "text": "x"},
        {"problem": {"problem": "bogus"}, "self": 1, "": [1.5, None, {}]},
        {"problem": "run-unreadable", "path": [[]], "reason": {"reason": {"problem": "x"}}},
        {"problem": "stopped-early", "step": 10**300, "validations": True, "best": -1e300},
    ],
)
def test_a_reason_that_is_no_errors_is_one_line_at_worst(
    store: RunStore, folder: Path, reason: dict[str, Any]
) -> None:
    info = json.loads((folder / "run.json").read_bytes())
    (folder / "run.json").write_text(json.dumps(info | {"reason": reason}))
    (run,) = store.runs().runs
    assert run.info.reason == reason
    assert len(recorded_sentence(run.info.reason).splitlines()) <= 1


def test_broken_labels_do_not_hide_a_run(store: RunStore, folder: Path) -> None:
    (folder / "labels.json").write_bytes(b"{")
    assert store.run(folder.name).name == "softmax-tutorial"


@pytest.mark.parametrize("name", [*FILES, "labels.json", "run.lock"])
def test_links_are_neither_read_nor_written_through(
    store: RunStore, folder: Path, dataset: Dataset, tmp_path: Path, name: str
) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"untouched")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(outside)
    assert_never_worse_than_a_sentence(store, folder.name)
    for call in (
        lambda: store.rename(folder.name, "new"),
        lambda: store.resume(folder.name, dataset, not_told)[1].close(10),
    ):
        with suppress(RunStoreError):
            call()
    assert outside.read_bytes() == b"untouched"
    assert outside.stat().st_size == 9


def test_a_folder_that_is_a_link_is_no_run(store: RunStore, folder: Path, tmp_path: Path) -> None:
    moved = folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(moved)
    (unreadable,) = store.runs().unreadable
    assert "it is a link" in sentence(unreadable.problem)
    with pytest.raises(RunStoreError):
        store.delete(folder.name)


def test_deleted_runs_do_not_leave_through_a_link(
    store: RunStore, folder: Path, tmp_path: Path
) -> None:
    (store.folder / ".deleted" / next(os.walk(store.folder / ".deleted"))[1][0]).rename(
        tmp_path / "gone"
    )
    (store.folder / ".deleted").rmdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (store.folder / ".deleted").symlink_to(outside)
    with pytest.raises(RunStoreError):
        store.delete(folder.name)
    assert not list(outside.iterdir())
    assert folder.is_dir()


@pytest.mark.parametrize("name", ["checkpoint.safetensors", "test.safetensors"])
def test_huge_declared_shapes_are_refused_before_memory_is_taken(
    store: RunStore, folder: Path, name: str
) -> None:
    path = folder / name
    parts = ArchiveParts.of(path)
    if name == "test.safetensors":
        parts.change_facts(images=10**7)
    for each, entry in parts.header.items():
        if each != "__metadata__":
            entry["shape"], entry["data_offsets"] = [10**7], [0, 10**7]
    parts.write(path)
    loads = {"checkpoint.safetensors": RunStore.checkpoint, "test.safetensors": RunStore.reading}
    load = loads[name]

    def refuse() -> None:
        with pytest.raises(RunStoreError):
            load(store, folder.name)

    assert peak_megabytes(refuse) < 2


def test_a_folder_and_a_pipe_in_the_place_of_a_file_are_refused(
    store: RunStore, folder: Path
) -> None:
    for name in FILES:
        (folder / name).unlink()
    os.mkfifo(folder / "run.json")
    (folder / "history.jsonl").mkdir()
    assert_never_worse_than_a_sentence(store, folder.name)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_mutation_leads_to_more_than_a_sentence(
    store: RunStore, folder: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(FILES))
    path = folder / name
    original = path.read_bytes()
    content = bytearray(original)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.none(), st.integers(0, len(content))))
    try:
        path.write_bytes(bytes(content[:cut]))
        assert_never_worse_than_a_sentence(store, folder.name)
    finally:
        path.write_bytes(original)


def test_what_a_program_that_died_before_it_began_has_left_is_no_run(
    store: RunStore, folder: Path
) -> None:
    bare = store.folder / "20260101-000000-cnn-s1"
    bare.mkdir()
    (bare / "run.lock").touch()
    (bare / ".0123.part").touch()
    assert store.runs().unreadable == ()
    (bare / "history.jsonl").touch()
    assert len(store.runs().unreadable) == 1


def test_a_recipe_whose_name_has_no_end_is_refused(store: RunStore, folder: Path) -> None:
    info = json.loads((folder / "run.json").read_bytes())
    info["recipe"]["name"] = "cnn" + "-personal" * 2_000
    for name in ("run.json", "run-copy.json"):
        (folder / name).write_text(json.dumps(info))
    (unreadable,) = store.runs().unreadable
    words = "its recipe's name is not a line of text, or too long"
    assert words in sentence(unreadable.problem)
