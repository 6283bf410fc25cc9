import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_gui.app import build_window
from mnist_gui.parts import Parts
from mnist_gui.widgets.window.main_window import MainWindow


@pytest.fixture(autouse=True)
def _own_settings(qapp: QApplication, tmp_path: Path) -> Iterator[None]:
    """Keep the tests away from the settings of whoever runs them."""
    qapp.setOrganizationName("mnist-gui-tests")
    qapp.setApplicationName("mnist-gui-tests")
    QSettings.setPath(
        QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings")
    )
    yield
    QSettings().clear()


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
