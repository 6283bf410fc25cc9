"""Keeps tests away from the settings of whoever runs them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def own_settings(qapp: QApplication, tmp_path: Path) -> Iterator[None]:
    """Settings in a folder of the test; for the tests of each module that imports this."""
    qapp.setOrganizationName("mnist-gui-tests")
    qapp.setApplicationName("mnist-gui-tests")
    QSettings.setPath(
        QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings")
    )
    yield
    QSettings().clear()
