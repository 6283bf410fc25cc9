"""The application with its window: built, opened and run until it is closed."""

import argparse
import gc
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, QObject, QSocketNotifier, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QWidget

from mnist_gui import __version__
from mnist_gui.display import unopened
from mnist_gui.engine.data.correction import MNIST, DatasetChoice
from mnist_gui.engine.drawing import LabelledDrawing, format_drawing, parse_drawing
from mnist_gui.engine.errors import DrawingError, MnistGuiError, RunStoreError, log_exception
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.gui.common.labels import plain_numbers
from mnist_gui.gui.common.theme import Theme
from mnist_gui.gui.common.translator import install_language, window_language
from mnist_gui.gui.pages import Page
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.language_switch import LanguageSwitch
from mnist_gui.paths import data_folder, resource, runs_folder
from mnist_gui.settings import Settings, load_settings, store_settings
from mnist_gui.window_system import FAILED, make_application
from mnist_gui.words.language import tr

if TYPE_CHECKING:
    from mnist_gui.gui.program import Turns

_COLLECTION_MILLISECONDS = 10_000
# In letters; a long one would make every start slow.
_LONGEST_DRAWING = 200_000
# A window that opens minimized is not painted, but has to work all the same.
_LONGEST_WAIT_MILLISECONDS = 500
# How often is asked whether steps that wait may go on.
_WAIT_MILLISECONDS = 50
# How long the folder of the user's data is asked which runs to use, and in how long steps.
_LONGEST_ANSWER_SECONDS = 3.0
_ASKED_SECONDS = 0.05


def run_window(arguments: argparse.Namespace, dataset: DatasetChoice) -> int:
    """Open the window with a data set, run until it is closed, and return the exit status."""
    try:
        recipe = find_recipe(arguments.recipe) if arguments.recipe else None
    except MnistGuiError as error:
        from mnist_gui.words.errors import sentence

        print(f"mnist-gui: {sentence(error)}", file=sys.stderr)
        return FAILED
    application = build_application()
    install_language(application, window_language(arguments.language, load_settings().language))
    if arguments.screenshot:
        return _take_picture(application, arguments, dataset, recipe)
    window = open_window(dataset, runs=arguments.runs)
    errors, interrupts = _prepare(window, recipe)
    switch = LanguageSwitch(application, window)
    for follow in (errors.follow, interrupts.follow, _store_at_its_end):
        switch.window_replaced.connect(follow)
    window.show()
    # Qt leaves the event loop by itself where the display has gone.
    return exit_status(_end_without_display() if application.exec() else 0)


def _end_without_display() -> int:
    """Close the window that nobody sees any more, as its user would; return the exit status."""
    for window in QApplication.topLevelWidgets():
        if isinstance(window, MainWindow):
            window.close()
    text = tr(
        "The display that the window was on has gone, so the program has ended; a run that was "
        "training is kept and can be resumed."
    )
    print(f"mnist-gui: {text}", file=sys.stderr)
    return FAILED


def exit_status(status: int) -> int:
    """Return the exit status; end the process with it where a thread still waits for a disk, say.

    All is saved by then. Python and Qt would wait for that thread, or end in an error.
    """
    # Not before the window is seen.
    from mnist_gui.gui.jobs import threads_are_left

    if threads_are_left():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


def _take_picture(
    application: QApplication,
    arguments: argparse.Namespace,
    dataset: DatasetChoice,
    recipe: Recipe | None,
) -> int:
    from mnist_gui.engine.io.temporary import TemporaryFilesError, temporary_folder
    from mnist_gui.screenshot import Screenshot

    try:
        with temporary_folder() as folder:
            # Built at once, and neither the user's settings nor the user's runs change.
            runs = arguments.runs or folder
            window = build_window(dataset, runs=runs, remembers=False)
            _prepare(window, recipe)
            return Screenshot(window, arguments.screenshot, arguments.page).take(application)
    except TemporaryFilesError as error:
        from mnist_gui.words.errors import sentence

        print(f"mnist-gui: {sentence(error)}", file=sys.stderr)
        return FAILED


def _prepare(window: MainWindow, recipe: Recipe | None) -> tuple["UnexpectedErrors", "Interrupts"]:
    if recipe:
        window.recipe_panel.set_recipe_name(recipe.name)
    errors = UnexpectedErrors(window)
    sys.excepthook = errors.take
    threading.excepthook = errors.take_from_thread
    return errors, Interrupts(window)


def build_application() -> QApplication:
    """Return the one QApplication, with the names that settings and folders depend on."""
    application = make_application(_unopened)
    # Every point of a quick stroke counts, also those that came while the window was busy. Set
    # only now, because on X11 making the application sets the first of them.
    for compression in (
        Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents,
        Qt.ApplicationAttribute.AA_CompressTabletEvents,
    ):
        QApplication.setAttribute(compression, False)
    application.setOrganizationName("mnist-gui")
    application.setApplicationName("mnist-gui")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("mnist-gui")
    application.setWindowIcon(QIcon(str(resource("icons/mnist-gui.svg"))))
    # A busy thread releases the interpreter ten times sooner than by default.
    sys.setswitchinterval(0.0005)
    _collect_on_main_thread(application)
    return application


def _unopened(reason: str) -> str:
    return f"mnist-gui: {unopened(reason)}"


def _collect_on_main_thread(application: QApplication) -> None:
    """Collect garbage by a timer: on another thread it could destroy Qt objects of this one."""
    gc.disable()
    timer = QTimer(application, interval=_COLLECTION_MILLISECONDS)
    timer.timeout.connect(_collect)
    timer.start()


def _collect() -> None:
    from mnist_gui.engine.models.devices import is_loading

    # While TensorFlow loads, a collection would look at all of its objects for 0.3 s.
    if not is_loading():
        gc.collect()


def open_window(
    dataset: DatasetChoice = MNIST, *, kept_in: Path | None = None, runs: Path | None = None
) -> MainWindow:
    """Build the window as it is first seen; the rest follows once it has been painted.

    The arguments are those of `build_window`.
    """
    window, rest = _begin_window(dataset, kept_in, runs)
    AfterFirstFrame(window, rest)
    return window


def build_window(
    dataset: DatasetChoice = MNIST,
    *,
    kept_in: Path | None = None,
    runs: Path | None = None,
    remembers: bool = True,
) -> MainWindow:
    """Build the whole connected window; needs a QApplication, does not enter its loop.

    `dataset` is opened at first, `kept_in` is the folder for the user's data, `runs` the one for
    runs, where it is not to be the folder that the user chose. Unless the window `remembers`, it
    neither restores nor stores its settings, except for the theme. Data and TensorFlow load once
    the event loop runs; closing the window ends all threads.
    """
    window, rest = _begin_window(dataset, kept_in, runs, remembers=remembers)
    for _ in rest:
        pass
    return window


def _begin_window(
    dataset: DatasetChoice, kept_in: Path | None, runs: Path | None, *, remembers: bool = True
) -> tuple[MainWindow, "Turns"]:
    # Also what Qt writes and reads by itself, such as fields for numbers.
    QLocale.setDefault(plain_numbers())
    settings = load_settings()
    is_known = settings.theme in {theme.value for theme in Theme}
    window = MainWindow(Theme(settings.theme) if is_known else Theme.SYSTEM)
    window.menus.recent_menu.remembers = remembers
    if remembers:
        restore_window(window, settings)
        _store_at_its_end(window)
    network = settings.network if remembers else ""
    return window, _rest(window, dataset, kept_in or data_folder(), runs, network)


def _rest(
    window: MainWindow, dataset: DatasetChoice, kept_in: Path, runs: Path | None, network: str
) -> "Turns":
    """Build the presenters of a window, step by step, once the window has been seen."""
    from mnist_gui.gui.program import Program

    if runs is None:
        runs = yield from _chosen_runs(window, kept_in)
    program = Program(window, kept_in, runs, dataset)
    program.network_to_restore = network
    yield from program.build()


def _chosen_runs(window: MainWindow, kept_in: Path) -> Generator[None, None, Path]:
    """Return the folder of runs; tell the user if the chosen one cannot be read.

    Yields while the disk does not answer, which for some seconds is waited for.
    """
    from mnist_gui.engine.io.patience import Asked
    from mnist_gui.engine.runs.folder_choice import kept_runs, no_answer_error

    asked, until = Asked(partial(kept_runs, kept_in)), monotonic() + _LONGEST_ANSWER_SECONDS
    while not asked.is_answered(_ASKED_SECONDS) and monotonic() < until:
        yield
    try:
        if asked.is_answered(0):
            return asked.answer
        problem = no_answer_error(kept_in)
    except RunStoreError as error:
        problem = error
    from mnist_gui.words.errors import sentence

    title = window.tr("The runs cannot be used")
    QTimer.singleShot(0, partial(window.show_error, title, sentence(problem)))
    return runs_folder(kept_in)


# --- what is remembered ----------------------------------------------------------------------


def restore_window(window: MainWindow, settings: Settings) -> None:
    """Restore a window's position, recipe, page and drawing from the settings."""
    window.restore_state(settings.geometry, settings.splitter)
    window.recipe_panel.set_recipe_name(settings.recipe)
    window.recipe_panel.form.more_button.setChecked(settings.more_values)
    # At the first start it is the page for newcomers.
    window.pages.bring_to_front(Page.__members__.get(settings.page, Page.START))
    window.language_menu.chosen = settings.language
    window.actions_offered.calibrated.setChecked(not settings.raw_percentages)
    window.actions_offered.erase_right.setChecked(settings.erases_right)
    with suppress(ValueError):
        window.type_scale = float(settings.scale or 1)
    if settings.drawing:
        with suppress(DrawingError, ValueError, RecursionError):
            window.canvas.set_drawing(parse_drawing(json.loads(settings.drawing)).drawing)


def _store_at_its_end(window: MainWindow) -> None:
    window.leaving.connect(partial(_store, window))


def _store(window: MainWindow) -> None:
    from mnist_gui.gui.program import Program

    program = window.findChild(Program)
    drawing = format_drawing(LabelledDrawing(window.canvas.drawing, None))
    store_settings(
        replace(
            load_settings(),
            geometry=window.save_state()[0],
            splitter=window.save_state()[1],
            theme=window.theme.value,
            recipe=window.recipe_panel.recipe_name,
            page=window.pages.in_front.name,
            more_values=window.recipe_panel.form.more_button.isChecked(),
            network=program.network_bar.chosen if program else "",
            drawing=drawing if len(drawing) < _LONGEST_DRAWING else "",
            language=window.language_menu.chosen,
            scale=str(window.type_scale),
            raw_percentages=not window.actions_offered.calibrated.isChecked(),
            erases_right=window.actions_offered.erase_right.isChecked(),
        )
    )


# --- while it runs ---------------------------------------------------------------------------


class AfterFirstFrame(QObject):
    """Takes steps once the window has been painted, one in each turn of the event loop.

    So the window responds to its user between two steps. One that yields a condition is followed
    by the next as soon as that is true. It ends with the window.
    """

    def __init__(self, window: QWidget, steps: "Turns") -> None:
        super().__init__(window)
        self._steps = steps
        self._may_go_on: Callable[[], bool] | None = None
        self._timer = QTimer(self, interval=_LONGEST_WAIT_MILLISECONDS)
        self._timer.timeout.connect(self._take_step)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Start when the window is shown or painted, stop when it is closed; block no event."""
        if event.type() == QEvent.Type.Show:
            self._timer.start()
        elif event.type() == QEvent.Type.Paint:
            self._timer.start(0)
        elif event.type() == QEvent.Type.Close:
            self._timer.stop()
        return False

    @Slot()
    def _take_step(self) -> None:
        if self._may_go_on is not None and not self._may_go_on():
            self._timer.setInterval(_WAIT_MILLISECONDS)
            return
        self._timer.setInterval(0)
        try:
            self._may_go_on = next(self._steps)
        except StopIteration:
            # What is there now stays: a collection of garbage need not look at it.
            gc.freeze()
            self.deleteLater()


class UnexpectedErrors(QObject):
    """Shows errors in the window that nothing else has caught, on any thread."""

    _happened = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._happened.connect(self._show)

    @Slot(MainWindow)
    def follow(self, window: MainWindow) -> None:
        """Show errors in this window from now on."""
        self.setParent(window)
        self._window = window

    def take(
        self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        """Serve as sys.excepthook."""
        from mnist_gui.words.errors import sentence

        log_exception(error)
        self._happened.emit(sentence(error))

    def take_from_thread(self, fault: threading.ExceptHookArgs) -> None:
        """Serve as threading.excepthook."""
        if fault.exc_value is not None:
            self.take(fault.exc_type, fault.exc_value, fault.exc_traceback)

    @Slot(str)
    def _show(self, text: str) -> None:
        self._window.show_error(self.tr("Something went wrong"), text)


class Interrupts(QObject):
    """Closes a window when the process gets SIGINT or SIGTERM.

    Python's signal handlers run only when Python code runs, and none does while the window waits
    for its user. So each signal also sends a byte through a socket, which Qt listens to.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._heard, self._told = socket.socketpair()
        for end in (self._heard, self._told):
            end.setblocking(False)
        signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: self._window.close())
        notifier = QSocketNotifier(self._heard.fileno(), QSocketNotifier.Type.Read, self)
        notifier.activated.connect(self._wake)

    @Slot(MainWindow)
    def follow(self, window: QWidget) -> None:
        """Close this window from now on."""
        self.setParent(window)
        self._window = window

    @Slot()
    def _wake(self) -> None:
        with suppress(BlockingIOError):
            self._heard.recv(64)
