from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.runs.resume import RecordedRun
from mnist_gui.engine.runs.run import NextAction, RunList
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.training.trainer import TrainingRun
from mnist_gui.gui.jobs import JobThread
from mnist_gui.gui.runs.presenter import ChosenRuns, RunsPresenter

RECIPE = replace(RECIPES["softmax-tutorial"], steps=4)


@pytest.fixture(scope="module")
def small() -> Dataset:
    mnist = load_dataset()
    return replace(
        mnist,
        train=_first(mnist.train),
        validation=_first(mnist.validation),
        test=_first(mnist.test),
    )


def _first(images: LabelledImages) -> LabelledImages:
    return LabelledImages(images.images[:200], images.labels[:200])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def controller(qtbot: QtBot, folder: Path) -> Iterator[RunsPresenter]:
    thread = JobThread("files")
    yield RunsPresenter(thread, RunStore(folder))
    thread.stop()
    assert thread.wait(5_000)


def keep(
    folder: Path, dataset: Dataset, recipe: Recipe = RECIPE, *, to_its_end: bool = True
) -> str:
    """Keep a run, whole or broken off after its first steps; return its identity."""
    run = TrainingRun(dataset, recipe)
    recorded = RecordedRun(run, RunStore(folder).start(recipe, dataset, lambda _: None))
    if to_its_end:
        list(recorded.events())
    else:
        events = recorded.events()
        run.checkpoints.seconds = 0.0
        for event in events:
            if type(event).__name__ == "CheckpointTaken":
                break
    assert recorded.recorder.close(10)
    identity = recorded.recorder.identity
    assert identity
    return identity


def listed(controller: RunsPresenter, qtbot: QtBot) -> RunList:
    with qtbot.waitSignal(controller.runs_changed) as changed:
        controller.refresh()
    runs: RunList = changed.args[0]
    return runs


def test_runs_are_listed_renamed_deleted_and_brought_back(
    controller: RunsPresenter, folder: Path, small: Dataset, qtbot: QtBot
) -> None:
    identity = keep(folder, small)
    assert [run.identity for run in listed(controller, qtbot).runs] == [identity]
    with qtbot.waitSignal(controller.runs_changed) as changed:
        controller.rename(identity, "first")
    assert changed.args[0].runs[0].name == "first"
    with qtbot.waitSignals([controller.deleted, controller.runs_changed]):
        controller.delete((identity,))
    assert not listed(controller, qtbot).runs
    with qtbot.waitSignal(controller.runs_changed):
        controller.restore()
    assert [run.name for run in listed(controller, qtbot).runs] == ["first"]


def test_what_could_not_be_brought_back_can_be_tried_again(
    controller: RunsPresenter,
    folder: Path,
    small: Dataset,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    identity = keep(folder, small)
    with qtbot.waitSignal(controller.deleted):
        controller.delete((identity,))

    def refuse(_ledger: RunStore, _identity: str) -> None:
        raise RunStoreError("The disk is full; make room.")

    with monkeypatch.context() as patch, qtbot.waitSignal(controller.failed):
        patch.setattr(RunStore, "restore", refuse)
        controller.restore()
    with qtbot.waitSignal(controller.restorable_changed) as left:
        controller.restore()
    assert left.args == [False]
    assert [run.identity for run in listed(controller, qtbot).runs] == [identity]


def test_what_was_asked_of_one_folder_is_not_done_in_another(
    controller: RunsPresenter, folder: Path, small: Dataset, qtbot: QtBot, tmp_path: Path
) -> None:
    identity = keep(folder, small)
    with qtbot.waitSignal(controller.deleted) as deleted:
        controller.delete((identity,))
        controller.use_ledger(RunStore(tmp_path / "elsewhere"))
    assert deleted.args == [(identity,)]


def test_the_curves_of_a_chosen_run_that_changes_are_read_again(
    controller: RunsPresenter, folder: Path, small: Dataset, qtbot: QtBot
) -> None:
    identity = keep(folder, small)
    listed(controller, qtbot)
    with qtbot.waitSignal(controller.chosen_read):
        controller.choose((identity,))
    RunStore(folder).pin(identity, is_pinned=True)
    with qtbot.waitSignal(controller.chosen_read) as read:
        controller.refresh()
    assert read.args[0].identities == (identity,)


def test_two_chosen_runs_are_compared_and_their_curves_read(
    controller: RunsPresenter, folder: Path, small: Dataset, qtbot: QtBot
) -> None:
    identities = (keep(folder, small), keep(folder, small, replace(RECIPE, seed=2)))
    with qtbot.waitSignal(controller.chosen_read) as read:
        controller.choose(identities)
    chosen: ChosenRuns = read.args[0]
    assert [history.step for history in chosen.histories if history] == [4, 4]
    assert chosen.comparison is not None
    assert chosen.comparison.images == 200


def test_only_what_was_chosen_last_is_told_of(
    controller: RunsPresenter, folder: Path, small: Dataset, qtbot: QtBot
) -> None:
    one, other = keep(folder, small), keep(folder, small, replace(RECIPE, seed=2))
    told: list[ChosenRuns] = []
    controller.chosen_read.connect(told.append)
    controller.choose((one,))
    controller.choose((other,))
    qtbot.waitUntil(lambda: bool(told))
    assert [chosen.identities for chosen in told] == [(other,)]


def test_a_runs_network_is_loaded(
    controller: RunsPresenter, folder: Path, small: Dataset, qtbot: QtBot
) -> None:
    identity = keep(folder, small)
    with qtbot.waitSignal(controller.opened) as opened:
        controller.open(identity)
    snapshot, name = opened.args
    assert (snapshot.step, name) == (4, "softmax-tutorial")


def test_a_run_that_was_broken_off_is_told_of_if_it_is_the_newest(
    controller: RunsPresenter, folder: Path, small: Dataset, qtbot: QtBot
) -> None:
    broken = keep(folder, small, to_its_end=False)
    with qtbot.waitSignal(controller.interrupted_found) as found:
        controller.look_for_interrupted()
    assert found.args[0].identity == broken
    keep(folder, small)
    with qtbot.assertNotEmitted(controller.interrupted_found):
        controller.look_for_interrupted()
        listed(controller, qtbot)


def test_a_run_that_was_broken_off_before_its_first_checkpoint_is_told_of_too(
    controller: RunsPresenter, folder: Path, small: Dataset, qtbot: QtBot
) -> None:
    assert RunStore(folder).start(RECIPE, small, lambda _: None).close(10)
    with qtbot.waitSignal(controller.interrupted_found) as found:
        controller.look_for_interrupted()
    assert found.args[0].continuation is NextAction.RESTART


def test_what_cannot_be_done_is_told_in_a_sentence(controller: RunsPresenter, qtbot: QtBot) -> None:
    with qtbot.waitSignal(controller.failed) as failed:
        controller.open("20260101-000000-none-s1")
    assert "20260101-000000-none-s1" in failed.args[0]
