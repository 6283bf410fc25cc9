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


@pytest.fixture
def identity(ledger: RunStore, dataset: Dataset) -> str:
    return record(ledger, dataset, whole_run(dataset, wrong=7))


def test_a_folder_that_is_missing_has_no_runs(ledger: RunStore) -> None:
    assert ledger.runs() == RunList((), ())
    assert not ledger.folder.exists()


def test_a_run_is_listed_with_all_that_is_known_of_it(ledger: RunStore, identity: str) -> None:
    (run,) = ledger.runs().runs
    facts = run.facts
    assert (run.identity, run.name, run.status) == (
        identity,
        "softmax-tutorial",
        RunStatus.COMPLETED,
    )
    assert (facts.recipe, facts.step, facts.steps, facts.seconds) == (RECIPE, 40, 40, 1.0)
    assert (facts.device, facts.precision) == ("CPU: one", "float32")
    assert (facts.data.train, facts.data.validation, facts.data.test) == (220, 20, 100)
    assert facts.validation == Score(40, 16, 20)
    assert facts.best_validation == Score(20, 18, 20)
    assert facts.test == Score(40, 93, 100)
    assert facts.test_reads == 1
    assert facts.ended is not None
    assert facts.ended >= facts.started
    assert facts.versions.numpy == np.__version__
    assert not run.can_resume


def test_a_run_is_loaded_as_it_was(ledger: RunStore, dataset: Dataset, identity: str) -> None:
    kept = ledger.history(identity)
    assert kept.damaged_lines == 0
    assert kept.history.loss.steps.tolist() == list(range(1, 41))
    assert kept.history.loss.values[:2].tolist() == np.linspace(2, 1, 10)[:2].tolist()
    assert kept.history.train_accuracy.steps.tolist() == [0, 10, 20, 30]
    assert kept.history.validation_accuracy.values.tolist() == [0.9, 0.8]
    assert ledger.snapshot(identity).step == 40
    assert ledger.snapshot(identity, best=True).step == 20
    reading = ledger.reading(identity)
    assert np.array_equal(reading.labels, dataset.test.labels)
    assert int(reading.is_right.sum()) == 93


def test_what_a_user_calls_a_run_is_kept(ledger: RunStore, identity: str, runs: Path) -> None:
    ledger.rename(identity, "  with a small rate ")
    ledger.recolour(identity, "sky-blue")
    ledger.pin(identity, is_pinned=True)
    ledger.note(identity, "first line\nsecond line")
    (run,) = RunStore(runs).runs().runs
    wanted = RunLabels("with a small rate", "sky-blue", True, "first line\nsecond line")
    assert run.labels == wanted
    assert run.name == "with a small rate"
    assert ledger.rename(identity, "").name == "softmax-tutorial"


def test_each_reading_of_the_test_images_counts(
    ledger: RunStore, dataset: Dataset, identity: str
) -> None:
    ledger.count_test_evaluation(identity, dataset.fingerprint)
    ledger.count_test_evaluation(identity, dataset.fingerprint)
    assert ledger.run(identity).facts.test_reads == 3
    ledger.count_test_evaluation(identity, "of other images")
    assert ledger.run(identity).facts.test_reads == 3


@pytest.mark.parametrize(
    "words",
    ["99.2\u00a0%", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u202fnarrow", "\u200fright"],
)
def test_whatever_is_pasted_may_stand_in_names_and_notes(
    ledger: RunStore, identity: str, words: str
) -> None:
    ledger.rename(identity, words)
    ledger.note(identity, f"{words}\n\tindented")
    labels = RunStore(ledger.folder).run(identity).labels
    assert (labels.name, labels.note) == (words.strip(), f"{words}\n\tindented")


def test_it_is_said_what_is_wrong_with_a_name_or_a_note(ledger: RunStore, identity: str) -> None:
    for refused, problem in ((ledger.rename, "a\nb"), (ledger.note, "bell \a")):
        with pytest.raises(RunStoreError, match="leave out control characters"):
            refused(identity, problem)
    with pytest.raises(RunStoreError, match="at most 2,000 letters"):
        ledger.note(identity, "x" * 2_001)


def test_a_run_is_deleted_though_an_old_one_cannot_be_removed_yet(
    runs: Path, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "", str(folder))

    ledger = RunStore(runs, StoreOptions(trashed_runs=1))
    identities = [record(ledger, dataset, []) for _ in range(3)]
    ledger.delete(identities[0])
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", refuse)
        ledger.delete(identities[1])
    assert [run.identity for run in ledger.runs().runs] == [identities[2]]
    assert len(ledger.deleted()) == 2
    ledger.delete(identities[2])
    assert ledger.deleted() == (identities[2],)


def test_labels_that_could_not_be_read_again_are_refused(ledger: RunStore, identity: str) -> None:
    for change, value in (
        (ledger.rename, "x" * 101),
        (ledger.rename, "two\nlines"),
        (ledger.recolour, "no colour"),
        (ledger.note, "x" * 2_001),
    ):
        with pytest.raises(RunStoreError):
            change(identity, value)
    assert ledger.run(identity).labels == RunLabels()


def test_a_deleted_run_is_restored(ledger: RunStore, identity: str) -> None:
    before = ledger.run(identity)
    ledger.delete(identity)
    assert ledger.runs().runs == ()
    assert ledger.deleted() == (identity,)
    assert ledger.restore(identity) == before
    assert ledger.deleted() == ()


def test_of_many_deleted_runs_the_last_can_be_restored(runs: Path, dataset: Dataset) -> None:
    ledger = RunStore(runs, StoreOptions(trashed_runs=2))
    identities = [record(ledger, dataset, []) for _ in range(4)]
    for identity in identities:
        ledger.delete(identity)
    assert ledger.deleted() == tuple(reversed(identities[2:]))


def test_of_deleted_runs_only_the_last_keep_their_checkpoints(runs: Path, dataset: Dataset) -> None:
    ledger = RunStore(runs, StoreOptions(trashed_checkpoints=1))
    identities = [record(ledger, dataset, whole_run(dataset, wrong=0)) for _ in range(2)]
    for identity in identities:
        ledger.delete(identity)
    assert [ledger.restore(identity).has_checkpoint for identity in identities] == [False, True]


def test_runs_are_found_by_what_a_user_types(ledger: RunStore, dataset: Dataset) -> None:
    first, second = (record(ledger, dataset, []) for _ in range(2))
    ledger.rename(first, "mine")
    assert ledger.find("mine").identity == ledger.find(first).identity == first
    assert ledger.find(second[: len(first) + 1]).identity == second
    assert ledger.find("last").identity == second
    for words in (first[:8], "other"):
        with pytest.raises(RunStoreError):
            ledger.find(words)


@pytest.mark.parametrize("identity", ["..", "../outside", "/etc", "", ".deleted", "a/b", "A"])
def test_no_name_leads_out_of_the_folder(ledger: RunStore, identity: str) -> None:
    for call in (ledger.run, ledger.history, ledger.snapshot, ledger.delete, ledger.restore):
        with pytest.raises(RunStoreError):
            call(identity)
