"""One session of the program with a window, from the command line to the exit status."""

import argparse
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from mnist_gui.app import build_application, build_window, open_window
from mnist_gui.engine.errors import MnistGuiError, log_unexpected, sentence
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.interrupts import Interrupts


def run_session(arguments: argparse.Namespace) -> int:
    """Open the window and run until it is closed; return the exit status."""
    try:
        recipe = find_recipe(arguments.recipe) if arguments.recipe else None
    except MnistGuiError as error:
        print(f"mnist-gui: {error}", file=sys.stderr)
        return 2
    application = build_application()
    if arguments.screenshot:
        return _take_picture(application, arguments, recipe)
    window = open_window(arguments.data, runs=arguments.runs)
    _prepare(window, recipe)
    window.show()
    return application.exec()


def _take_picture(
    application: QApplication, arguments: argparse.Namespace, recipe: Recipe | None
) -> int:
    from mnist_gui.screenshot import Screenshot

    with TemporaryDirectory(prefix="mnist-gui-") as folder:
        # All of it at once, and neither the user's settings nor the user's runs learn of it.
        runs = arguments.runs or Path(folder)
        window = build_window(arguments.data, runs=runs, remembers=False)
        _prepare(window, recipe)
        return Screenshot(window, arguments.screenshot, arguments.page).take(application)


def _prepare(window: MainWindow, recipe: Recipe | None) -> None:
    if recipe:
        window.recipe_panel.set_recipe_name(recipe.name)
    errors = UnexpectedErrors(window)
    sys.excepthook = errors.take
    threading.excepthook = errors.take_from_thread
    Interrupts(window)


class UnexpectedErrors(QObject):
    """Shows in the window what nothing else has caught, on whatever thread."""

    _happened = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._happened.connect(self._show)

    def take(
        self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        """Serve as sys.excepthook."""
        log_unexpected(error)
        self._happened.emit(sentence(error))

    def take_from_thread(self, fault: threading.ExceptHookArgs) -> None:
        """Serve as threading.excepthook."""
        if fault.exc_value is not None:
            self.take(fault.exc_type, fault.exc_value, fault.exc_traceback)

    @Slot(str)
    def _show(self, text: str) -> None:
        self._window.show_error(self.tr("Something went wrong"), text)
