"""What every test shares: no screen, no surprises from the garbage collector, nothing left open."""

import gc
import os
import sys
import threading
from collections.abc import Iterator
from functools import partialmethod

import pytest
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_LONGEST_WAIT_MILLISECONDS = 120_000


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests, and the programs they start, away from what the user keeps and speaks."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name)))
        patch.setenv("MNIST_GUI_LANGUAGE", "en")
        yield


@pytest.fixture(scope="session", autouse=True)
def _measure_qt_threads() -> Iterator[None]:
    """Let coverage follow the threads that Qt starts, as it follows those that Python starts.

    A thread of Python's gets the function of `threading.settrace`; one of Qt's gets it here, when
    its event loop is started from Python.
    """
    trace = threading.gettrace()
    if trace is None:
        yield
        return
    from PySide6.QtCore import QThread

    start_loop = QThread.exec

    def start_traced_loop(thread: QThread) -> int:
        sys.settrace(trace)
        return start_loop(thread)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QThread, "exec", start_traced_loop)
        yield


class PatientQtBot(QtBot):
    """Waits longer than any machine takes, so that no test hangs on how fast one is."""

    waitUntil = partialmethod(QtBot.waitUntil, timeout=_LONGEST_WAIT_MILLISECONDS)
    waitSignal = partialmethod(QtBot.waitSignal, timeout=_LONGEST_WAIT_MILLISECONDS)
    waitSignals = partialmethod(QtBot.waitSignals, timeout=_LONGEST_WAIT_MILLISECONDS)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """Give pytest-qt's robot, with more patience."""
    return PatientQtBot(request)


def pytest_configure(config: pytest.Config) -> None:
    """Let pass what the offscreen plugin says of all that only a screen can do."""
    for what in ("propagateSizeHints", "raise", "grabbing the keyboard"):
        config.addinivalue_line("qt_log_ignore", f"This plugin does not support {what}")


@pytest.fixture(autouse=True)
def _leave_no_window_open(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test of the window that leaves a top-level widget behind.

    It is set up before `qtbot`, so it looks after qtbot has closed what it was given. Meanwhile
    garbage is not collected: a collection in the middle of a Qt call has crashed such tests.
    """
    if not {"qtbot", "qapp"} & set(request.fixturenames):
        yield
        return
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    before = set(QApplication.topLevelWidgets())
    gc.disable()
    # With TensorFlow loaded, looking at all that was there before takes a third of a second.
    gc.freeze()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    gc.unfreeze()
    gc.enable()
    left = [w for w in QApplication.topLevelWidgets() if w not in before and not w.parent()]
    # Qt keeps the last tooltip's window for the next one.
    left = [w for w in left if w.metaObject().className() != "QTipLabel"]
    assert not left, f"left open: {left}"
