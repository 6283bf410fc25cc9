import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.app import build_window
from mnist_gui.gui.displayed import Displayed
from mnist_gui.gui.program import Program
from mnist_gui.gui.window.main_window import MainWindow
from tests.own_settings import own_settings  # noqa: F401


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """The real window, connected to the real engine; closed at the end."""
    window = build_window(kept_in=tmp_path / "kept")
    qtbot.addWidget(window)
    # Offscreen, the screen is too narrow for the pad beside the pages.
    window.resize(1_280, 800)
    window.show()
    yield window
    window.close()
    # What lived while TensorFlow loaded is not looked at again by the collector, windows included.
    gc.unfreeze()


@pytest.fixture
def quiet_window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """The real window without a network: neither data nor TensorFlow are loaded."""
    window = MainWindow()
    qtbot.addWidget(window)
    for _ in Program(window, tmp_path / "kept", tmp_path / "runs").build(loads=False):
        pass
    window.show()
    yield window
    window.close()


def is_predicted(displayed: Displayed) -> bool:
    """Whether the network has said something of what is displayed."""
    return displayed.prediction is not None


@pytest.fixture
def program(window: MainWindow) -> Program:
    """What works behind the window."""
    program = window.findChild(Program)
    assert isinstance(program, Program)
    return program
