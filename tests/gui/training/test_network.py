from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import JobThread
from mnist_gui.gui.training.network import NetworkPresenter

WEIGHTS = {
    "output/kernel": np.ones((784, 10), np.float32),
    "output/bias": np.arange(10, dtype=np.float32),
}
SNAPSHOT = Snapshot(find_recipe("softmax-tutorial"), 7, WEIGHTS)


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[JobThread]:
    thread = JobThread("files")
    yield thread
    thread.finish()
    assert thread.wait(5_000)


@pytest.fixture
def controller(thread: JobThread) -> NetworkPresenter:
    return NetworkPresenter(thread)


def test_a_saved_network_can_be_opened_again(
    controller: NetworkPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    path = str(tmp_path / "net.mnistgui")
    controller.use_snapshot(SNAPSHOT)
    with qtbot.waitSignal(controller.saved) as saved:
        controller.save(path)
    assert saved.args == [path]
    with qtbot.waitSignal(controller.opened):
        controller.open(path)
    assert controller.snapshot is not SNAPSHOT
    assert controller.snapshot is not None
    assert np.array_equal(controller.snapshot.weights["output/bias"], np.arange(10))


def test_a_network_that_is_being_saved_is_saved_though_the_program_ends(
    qtbot: QtBot, tmp_path: Path
) -> None:
    thread = JobThread("files")
    controller = NetworkPresenter(thread)
    controller.use_snapshot(SNAPSHOT)
    controller.save(str(tmp_path / "net.mnistgui"))
    thread.finish()
    assert thread.wait(5_000)
    assert load_snapshot(tmp_path / "net.mnistgui").step == 7


def test_a_file_that_cannot_be_opened_leaves_the_network(
    controller: NetworkPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    controller.use_snapshot(SNAPSHOT)
    with qtbot.waitSignal(controller.failed) as failed:
        controller.open(str(tmp_path / "none.mnistgui"))
    assert failed.args is not None
    assert str(tmp_path / "none.mnistgui") in failed.args[0]
    assert controller.snapshot is SNAPSHOT


def test_the_shipped_network_is_there_from_the_start(
    controller: NetworkPresenter, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.network_changed):
        controller.open_shipped()
    assert controller.snapshot is not None
    assert controller.snapshot.recipe.name == "cnn-best"


def test_the_shipped_network_never_replaces_one_that_came_sooner(
    controller: NetworkPresenter, thread: JobThread, qtbot: QtBot
) -> None:
    controller.open_shipped()
    controller.use_snapshot(SNAPSHOT)
    thread.finish()
    assert thread.wait(5_000)
    QCoreApplication.processEvents()
    assert controller.snapshot is SNAPSHOT


def test_a_run_that_comes_to_nothing_gives_back_the_network_from_before(
    controller: NetworkPresenter,
) -> None:
    controller.use_snapshot(SNAPSHOT)
    controller.follow_run(replace(SNAPSHOT, step=0))
    controller.follow_run(replace(SNAPSHOT, step=1))
    controller.go_back()
    assert controller.snapshot is SNAPSHOT


def test_the_network_of_a_run_that_ended_well_stays_whatever_the_next_run_does(
    controller: NetworkPresenter,
) -> None:
    learnt = replace(SNAPSHOT, step=1)
    controller.use_snapshot(SNAPSHOT)
    controller.follow_run(learnt)
    controller.keep()
    controller.follow_run(replace(SNAPSHOT, step=0))
    controller.go_back()
    assert controller.snapshot is learnt
