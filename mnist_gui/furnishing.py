"""What a window gets once it has been seen: all that works behind it, and its other pages."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from mnist_gui.engine.errors import RunStoreError
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.gui.window.pages import Page
from mnist_gui.paths import data_folder, runs_folder
from mnist_gui.settings import hand_over_runs_folder

if TYPE_CHECKING:
    from mnist_gui.parts import Parts

Connections = Callable[[MainWindow, "Parts"], QObject]


def furnish(
    window: MainWindow, dataset: Path | None, kept_in: Path | None, runs: Path | None
) -> Iterator[None]:
    """Build and connect a window's parts, step by step; data and TensorFlow load at the end.

    Each step imports what it needs, so that the window can be seen before any of it is loaded.
    First comes what answers the user, in one step, so that no stroke and no key is lost; then a
    step for each page, the one in front first. The arguments are those of `Parts`; what is kept
    and the runs are, if not told, where they usually are, or where the user chose.
    """
    from mnist_gui.gui.window.files import FileRequests
    from mnist_gui.parts import Parts

    if kept_in is None:
        kept_in = data_folder()
        with suppress(RunStoreError):
            hand_over_runs_folder(kept_in)
    parts = Parts(window, dataset, kept_in, runs or _kept_runs(window, kept_in))
    window.closing.connect(parts.close)
    FileRequests(window)
    _connect(window, parts, _what_answers())
    yield
    _connect(window, parts, _what_the_canvas_offers())
    yield
    for page in sorted(_PAGES, key=lambda page: page is not window.tabs.in_front):
        connections = _PAGES[page]()
        yield
        connections(window, parts)
        yield
    _connect(window, parts, _what_can_wait())
    _add_help(window)
    # Those that came late hear of what was drawn meanwhile.
    if window.canvas.drawing:
        window.canvas.drawing_changed.emit(window.canvas.drawing)
    yield
    QTimer.singleShot(0, parts.load)


def _kept_runs(window: MainWindow, kept_in: Path) -> Path:
    """Return where the runs are; of a choice that cannot be read the user is told."""
    from mnist_gui.engine.runs.store import kept_runs

    try:
        return kept_runs(kept_in)
    except RunStoreError as error:
        title = window.tr("The runs cannot be used")
        QTimer.singleShot(0, partial(window.show_error, title, str(error)))
        return runs_folder(kept_in)


def _connect(window: MainWindow, parts: "Parts", group: tuple[Connections, ...]) -> None:
    for connections in group:
        connections(window, parts)


def _what_answers() -> tuple[Connections, ...]:
    from mnist_gui.connections.data import DataConnections
    from mnist_gui.connections.drawing import DrawingConnections
    from mnist_gui.connections.network import NetworkConnections
    from mnist_gui.connections.training import TrainingConnections

    return TrainingConnections, NetworkConnections, DrawingConnections, DataConnections


def _what_the_canvas_offers() -> tuple[Connections, ...]:
    from mnist_gui.connections.drawing_files import DrawingFileConnections
    from mnist_gui.connections.keeping import KeepingConnections
    from mnist_gui.connections.replay import ReplayConnections

    return KeepingConnections, ReplayConnections, DrawingFileConnections


def _what_can_wait() -> tuple[Connections, ...]:
    from mnist_gui.connections.curves import CurvesConnections
    from mnist_gui.connections.exchange import ExchangeConnections
    from mnist_gui.connections.shown_image import ShownImageConnections

    # A picture's page lets go of the prediction panel before a test image takes it.
    return ShownImageConnections, CurvesConnections, ExchangeConnections


def _add_help(window: MainWindow) -> None:
    from mnist_gui.gui.window.help import HelpBoxes

    HelpBoxes(window)


def _results() -> Connections:
    from mnist_gui.connections.results import ResultsConnections

    return ResultsConnections


def _picture() -> Connections:
    from mnist_gui.connections.picture import PictureConnections

    return PictureConnections


def _explanation() -> Connections:
    from mnist_gui.connections.explanation import ExplanationConnections

    return ExplanationConnections


def _runs() -> Connections:
    from mnist_gui.connections.runs import RunsConnections

    return RunsConnections


def _my_digits() -> Connections:
    from mnist_gui.connections.my_digits import MyDigitsConnections

    return MyDigitsConnections


_PAGES: dict[Page, Callable[[], Connections]] = {
    Page.RESULTS: _results,
    Page.PICTURE: _picture,
    Page.EXPLANATION: _explanation,
    Page.RUNS: _runs,
    Page.MY_DIGITS: _my_digits,
}
