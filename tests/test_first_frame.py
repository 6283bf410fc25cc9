import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.app import AfterFirstFrame

# As far as the program goes until its window is seen, by the way of the command line.
OPENING = """
import os, sys
from mnist_gui.cli.main import parse_arguments
from mnist_gui.app import build_application, open_window
parse_arguments([])
application = build_application()
window = open_window()
window.show()
window.grab()
print(*sys.modules, sep="\\n", flush=True)
os._exit(0)
"""
# What the first frame shows, and what shows it.
SEEN_FIRST = ("common", "curves", "drawing", "network", "training", "window", "digits.save_row")


def test_nothing_that_is_not_seen_is_imported_before_the_first_frame(tmp_path: Path) -> None:
    environment = os.environ | {"XDG_CONFIG_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    result = subprocess.run(
        [sys.executable, "-c", OPENING], env=environment, capture_output=True, text=True, check=True
    )
    modules = set(result.stdout.split())
    assert "mnist_gui.gui.window.main_window" in modules
    loaded = {name.removeprefix("mnist_gui.") for name in modules if name.startswith("mnist_gui.")}
    assert not {name for name in loaded if name.endswith((".presenter", ".runner", ".program"))}
    rooms = {name for name in loaded if name.count(".") == 2 and name.startswith("gui.")}
    unseen = {name for name in rooms if not name.removeprefix("gui.").startswith(SEEN_FIRST)}
    assert not unseen
    late = {"tensorflow", "keras", "scipy", "PIL", "numpy.random", "PySide6.QtMultimedia"}
    assert not late & modules
    # What works behind the window comes after it.
    assert not {"gui.session", "gui.jobs", "engine.models.classifier"} & loaded
    # 87 of our own when this was last looked at.
    assert len(loaded) < 90


def noted(notes: list[str], number: int) -> Iterator[None]:
    for _ in range(number):
        notes.append("step")
        yield


def test_steps_are_taken_after_the_first_frame_and_the_loop_turns_between_them(
    qtbot: QtBot,
) -> None:
    window, notes = QWidget(), list[str]()
    qtbot.addWidget(window)
    AfterFirstFrame(window, noted(notes, 3))
    other_work = QTimer(window, interval=0)
    other_work.timeout.connect(lambda: notes.append("other"))
    other_work.start()
    window.show()
    assert not notes
    qtbot.waitUntil(lambda: notes.count("step") == 3)
    assert "step step" not in " ".join(notes)
    qtbot.waitUntil(lambda: window.findChild(AfterFirstFrame) is None)


def test_a_step_that_waits_for_something_is_followed_when_that_has_come(qtbot: QtBot) -> None:
    window, notes, come = QWidget(), list[str](), list[str]()
    qtbot.addWidget(window)

    def steps() -> Iterator[Callable[[], bool]]:
        notes.append("first")
        yield lambda: bool(come)
        notes.append("second")

    AfterFirstFrame(window, steps())
    window.show()
    qtbot.waitUntil(lambda: notes == ["first"])
    for _ in range(10):
        QApplication.processEvents()
    assert notes == ["first"]
    come.append("it")
    qtbot.waitUntil(lambda: notes == ["first", "second"])


def test_a_window_that_is_not_painted_gets_its_steps_all_the_same(qtbot: QtBot) -> None:
    window, notes = QWidget(), list[str]()
    qtbot.addWidget(window)
    AfterFirstFrame(window, noted(notes, 2))
    # As when it opens minimized.
    QApplication.sendEvent(window, QShowEvent())
    qtbot.waitUntil(lambda: len(notes) == 2)


def test_a_window_that_is_closed_takes_no_more_steps(qtbot: QtBot) -> None:
    window, notes = QWidget(), list[str]()
    qtbot.addWidget(window)
    AfterFirstFrame(window, noted(notes, 1_000_000))
    window.show()
    qtbot.waitUntil(lambda: bool(notes))
    window.close()
    taken = len(notes)
    for _ in range(10):
        QApplication.processEvents()
    assert len(notes) == taken
