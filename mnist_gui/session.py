"""One session of the program with a window, from the command line to the exit status."""

import argparse
import logging
import signal
import sys
from types import TracebackType

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.app import build_application, build_window, open_window
from mnist_gui.engine.errors import MnistGuiError, sentence
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.folders import log_file
from mnist_gui.widgets.window.main_window import MainWindow


def run_session(arguments: argparse.Namespace) -> int:
    """Open the window and run until it is closed; return the exit status."""
    try:
        recipe = find_recipe(arguments.recipe) if arguments.recipe else None
    except MnistGuiError as error:
        print(f"mnist-gui: {error}", file=sys.stderr)
        return 2
    application = build_application()
    # A picture is taken of all at once.
    build = build_window if arguments.screenshot else open_window
    window = build(arguments.data, runs=arguments.runs)
    if recipe:
        window.recipe_panel.set_recipe_name(recipe.name)
    errors = UnexpectedErrors(window)
    sys.excepthook = errors.take
    signal.signal(signal.SIGINT, lambda *_: window.close())
    if arguments.screenshot:
        from mnist_gui.screenshot import Screenshot

        return Screenshot(window, arguments.screenshot, arguments.page).take(application)
    window.show()
    return application.exec()


class UnexpectedErrors(QObject):
    """Shows in the window what nothing else has caught, on whatever thread, and logs it whole."""

    _happened = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._happened.connect(self._show)

    def take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Serve as sys.excepthook."""
        if log := log_file("errors.log"):
            logging.basicConfig(filename=log, level=logging.ERROR)
        logging.getLogger(__name__).error("Unexpected", exc_info=(kind, error, trace))
        self._happened.emit(sentence(error))

    @Slot(str)
    def _show(self, text: str) -> None:
        self._window.show_error(self.tr("Something went wrong"), text)
