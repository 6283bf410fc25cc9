"""Two windows are open on one folder at once: what one does, the other bears."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.events import RunState
from mnist_gui.engine.runs.run import RunRecord, RunStatus
from mnist_gui.gui.digits.save_row import SaveDigitRow
from mnist_gui.gui.program import Program
from mnist_gui.gui.runs.page import RunsPage
from mnist_gui.gui.runs.presenter import RunsPresenter
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.settings import load_settings
from tests.gui.kept_runs import SHORT, small_mnist
from tests.journeys.test_window import child

pytestmark = pytest.mark.slow

GONE = (
    "The run {run} is no longer in {folder}. "
    "If another window has deleted it, it can be brought back there."
)
Two = tuple[Program, Program]
# Stores its settings again and again, as a window does at its end, once all have begun.
STORING = """
import sys
from PySide6.QtCore import QByteArray, QCoreApplication
from mnist_gui.settings import Settings, store_settings
app = QCoreApplication([])
app.setOrganizationName("mnist-gui-tests")
app.setApplicationName("mnist-gui-tests")
name = sys.argv[1]
places = [QByteArray(name.encode() * 50)] * 2
print(flush=True)
sys.stdin.readline()
for _ in range(50):
    store_settings(Settings(*places, *[name] * 3, network=name, drawing=name * 20_000, scale=name))
"""


@pytest.fixture
def two(qtbot: QtBot, tmp_path: Path) -> Iterator[Two]:
    first, second = (opened(qtbot, tmp_path) for _ in range(2))
    yield first, second
    for each in (first, second):
        each.window.close()


def opened(qtbot: QtBot, tmp_path: Path) -> Program:
    """Open a window that has a small data set, and no network."""
    window = MainWindow()
    qtbot.addWidget(window)
    program = Program(window, tmp_path / "kept", tmp_path / "runs")
    for _ in program.build(loads=False):
        pass
    window.show()
    program.session.dataset.set(small_mnist())
    return program


def refresh(program: Program) -> None:
    program.find(RunsPresenter).refresh()


def folder_of(program: Program) -> Path:
    return program.session.runs_folder.value


def shown(program: Program) -> list[str]:
    """Return the names of the runs that the page shows."""
    order = page_of(program).table.order
    return [order.index(row, 0).data() for row in range(order.rowCount())]


def page_of(program: Program) -> RunsPage:
    page = program.window.findChild(RunsPage)
    assert page is not None
    return page


def line_at(place: float) -> Drawing:
    return Drawing((Stroke([[place, 0.2], [place, 0.8]]),))


def is_empty(window: MainWindow) -> bool:
    return not window.canvas.drawing


def has_digits(program: Program, number: int) -> bool:
    digits = program.session.digits.value
    return digits is not None and len(digits.digits) == number


def is_done(program: Program) -> bool:
    """Whether it has trained a run, and has recorded it."""
    is_idle = program.session.run_state.value is RunState.IDLE
    return program.runner.run is not None and is_idle and program.runner.is_recorded


def has_runs(program: Program, number: int) -> bool:
    return len(shown(program)) == number


def told(program: Program) -> list[str]:
    """Return what boxes in a window say."""
    return [box.text() for box in program.window.findChildren(QMessageBox)]


def test_digits_that_both_save_are_there_in_both(two: Two, qtbot: QtBot) -> None:
    for label in range(5):
        for program, digit in zip(two, (label, label + 5), strict=True):
            program.window.canvas.set_drawing(line_at(digit / 10))
            child(program.window, SaveDigitRow, "keep_row").labels[digit].trigger()
        for program in two:
            qtbot.waitUntil(partial(is_empty, program.window))
    for program in two:
        qtbot.waitUntil(partial(has_digits, program, 10))
        assert not told(program)


def test_runs_that_both_train_are_listed_renamed_and_deleted_in_both(
    two: Two, qtbot: QtBot
) -> None:
    for program in two:
        program.runner.start(SHORT)
    for program in two:
        qtbot.waitUntil(partial(is_done, program))
    for program in two:
        refresh(program)
        qtbot.waitUntil(partial(has_runs, program, 2))
        assert not told(program)
    mine, other = two
    for run in mine.session.runs.value:
        assert isinstance(run, RunRecord)
        assert (run.status, run.info.step) == (RunStatus.COMPLETED, SHORT.steps)
    run_id = choose_a_run_of_many_steps(other, qtbot)
    page_of(mine).table.rename_requested.emit(run_id, "renamed there")
    qtbot.waitUntil(lambda: "renamed there" in shown(mine))
    refresh(other)
    qtbot.waitUntil(lambda: "renamed there" in shown(other))

    page_of(mine).table.choose([run_id])
    page_of(mine).delete_button.click()
    qtbot.waitUntil(partial(has_runs, mine, 1))
    other.window.actions_offered.play_steps.trigger()
    qtbot.waitUntil(lambda: told(other) == [GONE.format(run=run_id, folder=folder_of(other))])
    qtbot.waitUntil(lambda: len(other.session.runs.value) == 1)
    qtbot.waitUntil(lambda: not other.window.network_bar.steps)
    page_of(other).open_button.click()
    qtbot.waitUntil(lambda: len(told(other)) == 2)
    assert told(other)[0] == told(other)[1]
    qtbot.waitUntil(partial(has_runs, other, 1))
    page_of(mine).restore_button.click()
    qtbot.waitUntil(partial(has_runs, mine, 2))
    refresh(other)
    qtbot.waitUntil(partial(has_runs, other, 2))
    assert not told(mine)


def choose_a_run_of_many_steps(program: Program, qtbot: QtBot) -> str:
    """Use the network of the last run, which has steps to be played; return the run's ID."""
    (run, _) = program.session.runs.value
    page_of(program).table.choose([run.run_id])
    bar = program.window.network_bar
    bar.network_box.network_chosen.emit(f"run {run.run_id}")
    qtbot.waitUntil(lambda: len(bar.steps) > 1)
    return run.run_id


def test_settings_that_both_store_at_their_end_are_those_of_one_of_them(tmp_path: Path) -> None:
    variables = os.environ | {"XDG_CONFIG_HOME": str(tmp_path)}
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", STORING, name],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("light", "dark")
    ]
    for program in programs:
        assert program.stdout is not None
        program.stdout.readline()
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path))
    seen = set()
    while any(program.poll() is None for program in programs):
        seen.add(whole_settings())
    seen.add(whole_settings())
    assert not any(program.communicate()[1] for program in programs)
    assert seen <= {"", "light", "dark"}
    assert whole_settings()


def whole_settings() -> str:
    """Return whose settings are stored; fail where some are of each."""
    settings = load_settings()
    name = settings.theme
    assert settings.drawing == name * 20_000
    assert bytes(settings.geometry.data()) == name.encode() * 50
    assert (settings.recipe, settings.page, settings.network, settings.scale) == (name,) * 4
    return name
