import errno
import shutil
from pathlib import Path

import numpy as np
import pytest

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.runs.run import RunLabels, RunList, RunStatus, Score
from mnist_gui.engine.runs.store import RunStore, StoreOptions
from tests.engine.runs.conftest import RECIPE, record, whole_run
from tests.refusals import refused


@pytest.fixture
def run_id(store: RunStore, dataset: Dataset) -> str:
    return record(store, dataset, whole_run(dataset, wrong=7))


def test_a_folder_that_is_missing_has_no_runs(store: RunStore) -> None:
    assert store.runs() == RunList((), ())
    assert not store.folder.exists()


def test_a_run_is_listed_with_all_that_is_known_of_it(store: RunStore, run_id: str) -> None:
    (run,) = store.runs().runs
    info = run.info
    assert (run.run_id, run.name, run.status) == (
        run_id,
        "softmax-tutorial",
        RunStatus.COMPLETED,
    )
    assert (info.recipe, info.step, info.steps, info.seconds) == (RECIPE, 40, 40, 1.0)
    assert (info.device, info.precision) == ("CPU: one", "float32")
    assert (info.data.train, info.data.validation, info.data.test) == (220, 20, 100)
    assert info.validation == Score(40, 16, 20)
    assert info.best_validation == Score(20, 18, 20)
    assert info.test == Score(40, 93, 100)
    assert info.test_reads == 1
    assert info.ended is not None
    assert info.ended >= info.started
    assert info.versions.numpy == np.__version__
    assert not run.can_resume


def test_a_run_is_loaded_as_it_was(store: RunStore, dataset: Dataset, run_id: str) -> None:
    kept = store.history(run_id)
    assert kept.damaged_lines == 0
    assert kept.history.loss.steps.tolist() == list(range(1, 41))
    assert kept.history.loss.values[:2].tolist() == np.linspace(2, 1, 10)[:2].tolist()
    assert kept.history.train_accuracy.steps.tolist() == [0, 10, 20, 30]
    assert kept.history.validation_accuracy.values.tolist() == [0.9, 0.8]
    assert store.snapshot(run_id).step == 40
    assert store.snapshot(run_id, best=True).step == 20
    reading = store.reading(run_id)
    assert np.array_equal(reading.labels, dataset.test.labels)
    assert int(reading.is_right.sum()) == 93
    assert reading.probabilities is not None
    assert np.array_equal(reading.evaluation.predicted, reading.predicted)


def test_what_a_user_calls_a_run_is_kept(store: RunStore, run_id: str, runs: Path) -> None:
    store.rename(run_id, "  with a small rate ")
    store.recolour(run_id, "sky-blue")
    store.pin(run_id, is_pinned=True)
    store.note(run_id, "first line\nsecond line")
    (run,) = RunStore(runs).runs().runs
    wanted = RunLabels("with a small rate", "sky-blue", True, "first line\nsecond line")
    assert run.labels == wanted
    assert run.name == "with a small rate"
    assert store.rename(run_id, "").name == "softmax-tutorial"


def test_each_reading_of_the_test_images_counts(
    store: RunStore, dataset: Dataset, run_id: str
) -> None:
    store.count_test_evaluation(run_id, dataset.fingerprint)
    store.count_test_evaluation(run_id, dataset.fingerprint)
    assert store.run(run_id).info.test_reads == 3
    store.count_test_evaluation(run_id, "of other images")
    assert store.run(run_id).info.test_reads == 3


@pytest.mark.parametrize(
    "words",
    ["99.2\u00a0%", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u202fnarrow", "\u200fright"],
)
def test_whatever_is_pasted_may_stand_in_names_and_notes(
    store: RunStore, run_id: str, words: str
) -> None:
    store.rename(run_id, words)
    store.note(run_id, f"{words}\n\tindented")
    labels = RunStore(store.folder).run(run_id).labels
    assert (labels.name, labels.note) == (words.strip(), f"{words}\n\tindented")


def test_it_is_said_what_is_wrong_with_a_name_or_a_note(store: RunStore, run_id: str) -> None:
    for change, problem in ((store.rename, "a\nb"), (store.note, "bell \a")):
        with refused(RunStoreError, match="leave out control characters"):
            change(run_id, problem)
    with refused(RunStoreError, match="at most 2,000 letters"):
        store.note(run_id, "x" * 2_001)


def test_a_run_is_deleted_though_an_old_one_cannot_be_removed_yet(
    runs: Path, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "", str(folder))

    store = RunStore(runs, StoreOptions(trashed_runs=1))
    run_ids = [record(store, dataset, []) for _ in range(3)]
    store.delete(run_ids[0])
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", refuse)
        store.delete(run_ids[1])
    assert [run.run_id for run in store.runs().runs] == [run_ids[2]]
    assert len(store.deleted()) == 2
    store.delete(run_ids[2])
    assert store.deleted() == (run_ids[2],)


def test_labels_that_could_not_be_read_again_are_refused(store: RunStore, run_id: str) -> None:
    for change, value in (
        (store.rename, "x" * 101),
        (store.rename, "two\nlines"),
        (store.recolour, "no colour"),
        (store.note, "x" * 2_001),
    ):
        with pytest.raises(RunStoreError):
            change(run_id, value)
    assert store.run(run_id).labels == RunLabels()


def test_a_deleted_run_is_restored(store: RunStore, run_id: str) -> None:
    before = store.run(run_id)
    store.delete(run_id)
    assert store.runs().runs == ()
    assert store.deleted() == (run_id,)
    assert store.restore(run_id) == before
    assert store.deleted() == ()


def test_of_many_deleted_runs_the_last_can_be_restored(runs: Path, dataset: Dataset) -> None:
    store = RunStore(runs, StoreOptions(trashed_runs=2))
    run_ids = [record(store, dataset, []) for _ in range(4)]
    for run_id in run_ids:
        store.delete(run_id)
    assert store.deleted() == tuple(reversed(run_ids[2:]))


def test_of_deleted_runs_only_the_last_keep_their_checkpoints(runs: Path, dataset: Dataset) -> None:
    store = RunStore(runs, StoreOptions(trashed_checkpoints=1))
    run_ids = [record(store, dataset, whole_run(dataset, wrong=0)) for _ in range(2)]
    for run_id in run_ids:
        store.delete(run_id)
    assert [store.restore(run_id).has_checkpoint for run_id in run_ids] == [False, True]


def test_runs_are_found_by_what_a_user_types(store: RunStore, dataset: Dataset) -> None:
    first, second = (record(store, dataset, []) for _ in range(2))
    store.rename(first, "mine")
    assert store.find("mine").run_id == store.find(first).run_id == first
    assert store.find(second[: len(first) + 1]).run_id == second
    assert store.find("last").run_id == second
    for words in (first[:8], "other"):
        with pytest.raises(RunStoreError):
            store.find(words)


@pytest.mark.parametrize("run_id", ["..", "../outside", "/etc", "", ".deleted", "a/b", "A"])
def test_no_name_leads_out_of_the_folder(store: RunStore, run_id: str) -> None:
    for call in (store.run, store.history, store.snapshot, store.delete, store.restore):
        with pytest.raises(RunStoreError):
            call(run_id)
