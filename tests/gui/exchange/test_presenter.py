from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.exchange.formats import ExportStage
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.gui.curves.presenter import CurvesPresenter
from mnist_gui.gui.exchange.presenter import ExportPresenter
from mnist_gui.gui.jobs import JobThread
from mnist_gui.gui.training.network import NetworkPresenter
from tests.gui.training.test_network import SNAPSHOT, WEIGHTS


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[JobThread]:
    thread = JobThread("export")
    yield thread
    thread.stop()
    assert thread.wait(5_000)


@pytest.fixture
def controller(thread: JobThread) -> ExportPresenter:
    controller = ExportPresenter(thread)
    controller.use_snapshot(SNAPSHOT)
    return controller


def test_an_export_tells_where_it_is_and_can_be_cancelled(
    controller: ExportPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    running: list[bool] = []
    controller.running_changed.connect(running.append)
    path = str(tmp_path / "net.keras")
    with qtbot.waitSignal(controller.stage_changed) as stage:
        controller.export(path)
    assert stage.args == [path, ExportStage.WRITING]
    assert controller.is_running
    with qtbot.waitSignal(controller.cancelled):
        controller.cancel()
    assert running == [True, False]
    assert not list(tmp_path.iterdir())


def test_there_is_one_export_at_a_time(
    controller: ExportPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    running: list[bool] = []
    controller.running_changed.connect(running.append)
    controller.export(str(tmp_path / "one.keras"))
    controller.export(str(tmp_path / "two.keras"))
    assert running == [True]
    with qtbot.waitSignal(controller.cancelled):
        controller.cancel()


def test_an_export_that_fails_is_one_sentence_and_the_next_can_begin(
    controller: ExportPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    for _ in range(2):
        with qtbot.waitSignal(controller.failed) as failed:
            controller.export(str(tmp_path / "net.onnx"))
        assert failed.args is not None
        assert "net.onnx: its name ends in none of" in failed.args[0]
    assert not controller.is_running


def test_the_programs_end_ends_an_export(
    controller: ExportPresenter, thread: JobThread, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(controller.stage_changed):
        controller.export(str(tmp_path / "net.keras"))
    thread.stop()
    assert thread.wait(5_000)
    assert not list(tmp_path.iterdir())


def test_weights_of_other_programs_become_the_network_at_hand(
    thread: JobThread, qtbot: QtBot, tmp_path: Path
) -> None:
    network = NetworkPresenter(thread)
    np.savez(tmp_path / "net.npz", *WEIGHTS.values())
    with qtbot.waitSignal(network.imported) as imported:
        network.open(str(tmp_path / "net.npz"))
    assert imported.args == [str(tmp_path / "net.npz"), "softmax"]
    assert network.snapshot is not None
    assert np.array_equal(network.snapshot.weights["output/bias"], WEIGHTS["output/bias"])


def test_weights_of_no_network_here_leave_the_one_at_hand(
    thread: JobThread, qtbot: QtBot, tmp_path: Path
) -> None:
    network = NetworkPresenter(thread)
    network.use_snapshot(SNAPSHOT)
    np.savez(tmp_path / "net.npz", np.zeros(3))
    with qtbot.waitSignal(network.failed) as failed:
        network.open(str(tmp_path / "net.npz"))
    assert failed.args is not None
    assert "fit none of the networks here" in failed.args[0]
    assert network.snapshot is SNAPSHOT


def test_a_picture_of_the_curves_is_written_or_the_reason_told(
    thread: JobThread, qtbot: QtBot, tmp_path: Path
) -> None:
    curves = CurvesPresenter(thread)
    with qtbot.waitSignal(curves.failed) as failed:
        curves.save_picture(str(tmp_path / "curves.svg"), lambda: b"<svg/>")
    assert failed.args == ["There are no curves to save yet; start a run first."]
    curves.use_history(History(RECIPES["softmax-tutorial"]))
    path = tmp_path / "curves.svg"
    with qtbot.waitSignal(curves.saved):
        curves.save_picture(str(path), lambda: b"<svg/>")
    assert path.read_bytes() == b"<svg/>"
    with qtbot.waitSignal(curves.failed) as failed:
        curves.save_picture(str(tmp_path / "none" / "curves.svg"), lambda: b"<svg/>")
    assert failed.args is not None
    assert "cannot be written" in failed.args[0]
