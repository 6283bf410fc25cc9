"""The composition root: builds the application, the window and what works behind it."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from mnist_gui import __version__
from mnist_gui.connections.memory import MemoryConnections, theme_of
from mnist_gui.engine.models.devices import is_loading
from mnist_gui.first_frame import AfterFirstFrame
from mnist_gui.furnishing import furnish
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.settings import load_settings

_COLLECTION_MILLISECONDS = 10_000


def build_application() -> QApplication:
    """Return the one QApplication, named so that settings and files find their place."""
    # Every point of a quick stroke counts, also those that came while the window was busy.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    application = QApplication(sys.argv[:1])
    application.setOrganizationName("mnist-gui")
    application.setApplicationName("mnist-gui")
    application.setApplicationVersion(__version__)
    # A busy thread hands the interpreter over ten times sooner than by default.
    sys.setswitchinterval(0.0005)
    _collect_on_main_thread(application)
    return application


def _collect_on_main_thread(application: QApplication) -> None:
    """Collect garbage by a timer: on another thread it could destroy Qt objects of this one."""
    gc.disable()
    timer = QTimer(application, interval=_COLLECTION_MILLISECONDS)
    timer.timeout.connect(_collect)
    timer.start()


def _collect() -> None:
    # Until TensorFlow's objects are set aside, a collection would look at them all for 0.3 s.
    if not is_loading():
        gc.collect()


def open_window(
    dataset: Path | None = None, *, kept_in: Path | None = None, runs: Path | None = None
) -> MainWindow:
    """Build the window as it is first seen, with the rest to follow once it has been.

    The arguments are those of `build_window`.
    """
    window, rest = _begin_window(dataset, kept_in, runs)
    AfterFirstFrame(window, rest)
    return window


def build_window(
    dataset: Path | None = None,
    *,
    kept_in: Path | None = None,
    runs: Path | None = None,
    remembers: bool = True,
) -> MainWindow:
    """Build the whole connected window; needs a QApplication, does not enter its loop.

    `dataset` is a folder to use in place of MNIST, `kept_in` one for what the user keeps, `runs`
    one for the runs if they are not to be where the user chose, or there. Unless it `remembers`,
    it is as if it had never been open before, but for the theme, and will not have been. Data and
    TensorFlow load once the event loop runs; closing the window ends all threads.
    """
    window, rest = _begin_window(dataset, kept_in, runs, remembers=remembers)
    for _ in rest:
        pass
    return window


def _begin_window(
    dataset: Path | None, kept_in: Path | None, runs: Path | None, *, remembers: bool = True
) -> tuple[MainWindow, Iterator[None]]:
    settings = load_settings()
    window = MainWindow(theme_of(settings))
    if remembers:
        MemoryConnections(window, settings)
    return window, furnish(window, dataset, kept_in, runs)
