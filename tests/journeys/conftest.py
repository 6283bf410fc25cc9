import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.app import build_window
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.parts import Parts
from tests.own_settings import own_settings  # noqa: F401


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """The real window, connected to the real engine; closed at the end."""
    window = build_window(kept_in=tmp_path / "kept")
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()
    # What lived while TensorFlow loaded is not looked at again by the collector, windows included.
    gc.unfreeze()


@pytest.fixture
def parts(window: MainWindow) -> Parts:
    """What works behind the window."""
    parts = window.findChild(Parts)
    assert isinstance(parts, Parts)
    return parts
