"""Everything fits and can be read, in each size of window and type, and in each language."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.app import build_window
from mnist_gui.engine.digits.store import UserDigitStore
from mnist_gui.engine.drawing import LabelledDrawing
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.engine.synthetic.generate import STYLE_SHARES, draw
from mnist_gui.gui.common.dialogs import show_choice, show_offer
from mnist_gui.gui.common.translator import install_language
from mnist_gui.gui.explanation.page import ExplanationPage
from mnist_gui.gui.pages import Page
from mnist_gui.gui.pictures.page import PicturePage
from mnist_gui.gui.pictures.presenter import PicturePresenter
from mnist_gui.gui.program import Program
from mnist_gui.gui.runs.page import RunsPage
from mnist_gui.gui.runs.presenter import RunsPresenter
from mnist_gui.gui.views.page import ViewPage
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.gui.window.presenting import Presenting
from mnist_gui.screenshot import draw_three
from mnist_gui.words.errors import SENTENCES
from mnist_gui.words.language import tr
from tests.engine.pictures.scenes import encoded, page
from tests.journeys.fitting import misfits
from tests.own_settings import own_settings  # noqa: F401

PATIENCE = 60_000
_TURNS = 12
SMALLEST = QSize(720, 520)
# Screens in logical pixels, without the frame and the title of a window.
SIZES = [
    SMALLEST,
    QSize(1_024, 570),
    QSize(1_024, 738),
    QSize(1_093, 584),
    QSize(960, 570),
    QSize(960, 520),
    QSize(1_440, 870),
]
LANGUAGES = ["en", "zh_CN"]


@contextmanager
def spoken(qapp: QApplication, language: str, points: float) -> Iterator[None]:
    """Let the program speak a language, in the system's type of this size."""
    font, usual = qapp.font(), qapp.font()
    font.setPointSizeF(points)
    qapp.setFont(font)
    install_language(qapp, language)
    yield
    install_language(qapp, "en")
    qapp.setFont(usual)


@contextmanager
def opened(qtbot: QtBot, folder: Path) -> Iterator[tuple[MainWindow, Program]]:
    """The window, wide at first, with a small network that ships: its views are soon complete."""
    window = build_window(kept_in=folder / "kept", remembers=False)
    qtbot.addWidget(window)
    window.resize(1_280, 800)
    window.show()
    program = window.findChild(Program)
    assert program is not None
    qtbot.waitUntil(lambda: program.session.dataset.value is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: program.session.devices.value is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: program.session.network.value is not None, timeout=PATIENCE)
    small = next(each for each in SHIPPED_NETWORKS if each.recipe == "softmax-best")
    program.session.use_network(load_snapshot(small.path), file=small.path)
    window.canvas.set_drawing(draw_three())
    qtbot.waitUntil(lambda: window.prediction_panel.digit.text() != "", timeout=PATIENCE)
    yield window, program
    window.close()
    gc.unfreeze()


def fill(qtbot: QtBot, window: MainWindow, program: Program, folder: Path) -> None:
    """Have two runs, own digits and a picture in the window."""
    keep_digits(folder / "kept")
    program.digits.read()
    train_twice(qtbot, window, program)
    read_picture(qtbot, window, program, folder)
    window.canvas.set_drawing(draw_three())
    qtbot.waitUntil(lambda: window.prediction_panel.digit.text() == "3", timeout=PATIENCE)


def keep_digits(folder: Path) -> None:
    styles = list(STYLE_SHARES)[:12]
    drawings = draw(styles, np.random.default_rng(1))
    pairs = zip(drawings, styles, strict=True)
    UserDigitStore(folder).keep_all([LabelledDrawing(each, s.digit) for each, s in pairs])


def train_twice(qtbot: QtBot, window: MainWindow, program: Program) -> None:
    for seed in (1, 2):
        with qtbot.waitSignal(program.runner.run_ended, timeout=PATIENCE):
            recipe = replace(RECIPES["softmax-tutorial"], steps=200, seed=seed)
            program.runner.start(recipe)
    qtbot.waitUntil(lambda: program.runner.is_recorded, timeout=PATIENCE)
    with qtbot.waitSignal(program.session.runs.changed, timeout=PATIENCE) as listed:
        program.find(RunsPresenter).refresh()
    runs = window.findChild(RunsPage)
    assert runs is not None
    runs.table.choose([run.run_id for run in listed.args[0]])


def read_picture(qtbot: QtBot, window: MainWindow, program: Program, folder: Path) -> None:
    path = folder / "rows.png"
    path.write_bytes(encoded(page(["701", "10"])))
    shown = window.findChild(PicturePage)
    assert shown is not None
    program.find(PicturePresenter).open(str(path))
    qtbot.waitUntil(lambda: shown.numbers.toPlainText() == "701\n10", timeout=PATIENCE)


def misfits_on_pages(window: MainWindow, size: QSize) -> Iterator[str]:
    """Show every page in a window of this size, and tell what is wrong there."""
    window.resize(size)
    assert window.size() == size
    for each in Page:
        window.pages.bring_to_front(each)
        wait_for_views(window, each)
        place = f"{each.name} {size.width()}x{size.height()}"
        yield from (f"{place}: {fault}" for fault in lasting_misfits(window))


def wait_for_views(window: MainWindow, page: Page) -> None:
    """Let a view show all that it computes, so that all of it is looked at."""
    views = window.pages.place(page).findChildren(ViewPage)
    end = monotonic() + PATIENCE / 1_000
    while any(view.is_computing for view in views):
        assert monotonic() < end
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()


def lasting_misfits(window: QWidget) -> list[str]:
    """Return what is still wrong once all layouts have found their places."""
    for _ in range(_TURNS):
        QApplication.processEvents()
        if not (faults := misfits(window)):
            break
    return faults


def misfits_of_dialogs(window: MainWindow, program: Program) -> Iterator[str]:
    """Open what dialogs there are, no larger than the smallest screen; tell what is wrong."""
    for name, show in openers(window, program).items():
        show()
        shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog)]
        (dialog,) = [each for each in shown if each.isVisible()]
        dialog.resize(dialog.size().boundedTo(SMALLEST))
        yield from (f"{name}: {fault}" for fault in lasting_misfits(dialog))
        if dialog.size().boundedTo(SMALLEST) != dialog.size():
            yield f"{name}: is {dialog.width()} x {dialog.height()}"
        dialog.close()
        QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)


def openers(window: MainWindow, program: Program) -> dict[str, Callable[[], object]]:
    """Return what opens each dialog, by a name of it; those of runs only where there are any."""
    page, runs = window.findChild(ExplanationPage), window.findChild(RunsPage)
    assert page is not None
    assert runs is not None
    actions = window.actions_offered
    texts = {"error": window.tr("The file cannot be used"), "offer": window.tr("Open folder")}
    longest = max(map(tr, SENTENCES.values()), key=len)
    choices = dict.fromkeys((texts["offer"], texts["error"]), window.hint.clear)
    found: dict[str, Callable[[], object]] = {
        "help": actions.help.trigger,
        "about": actions.about.trigger,
        "doctor": program.doctor.open,
        "numbers": page.numbers.show,
        "error": partial(window.show_error, texts["error"], longest),
        "offer": partial(
            show_offer, window, texts["error"], longest, texts["offer"], window.hint.clear
        ),
        "choice": partial(show_choice, window, texts["error"], longest, choices),
    }
    if program.session.runs.value:
        found["table of curves"] = window.curves.show_table.trigger
        found["more steps"] = partial(ask_for_more_steps, runs)
    return found


def ask_for_more_steps(page: RunsPage) -> None:
    page.table.choose_newest()
    page.resume_button.click()


@pytest.mark.slow
@pytest.mark.parametrize(("language", "points"), [("en", 14), ("zh_CN", 18)])
def test_all_fits_in_every_size(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, language: str, points: float
) -> None:
    with spoken(qapp, language, points), opened(qtbot, tmp_path) as (window, program):
        fill(qtbot, window, program, tmp_path)
        faults = [fault for size in SIZES for fault in misfits_on_pages(window, size)]
        faults += misfits_of_dialogs(window, program)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_fits_in_the_smallest_window_in_usual_and_in_large_type(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, language: str
) -> None:
    with spoken(qapp, language, 9), opened(qtbot, tmp_path) as (window, program):
        faults = [*misfits_on_pages(window, SMALLEST)]
        usual = sizes_of_type(window)
        enlarge_type(window, 2.0)
        faults += misfits_on_pages(window, SMALLEST)
        faults += misfits_on_pages(window, QSize(1_024, 570))
        faults += misfits_of_dialogs(window, program)
        grown = sizes_of_type(window)
        faults += [
            f"{name!r} has type of {grown[name]} points"
            for name, points in usual.items()
            # A number that is computed meanwhile is another text.
            if name in grown and grown[name] < min(2 * points, 18)
        ]
    assert not faults, "\n".join(faults)


def enlarge_type(window: MainWindow, scale: float) -> None:
    presenting = window.findChild(Presenting)
    assert presenting is not None
    presenting.set_scale(scale)


def sizes_of_type(window: MainWindow) -> dict[str, float]:
    """Return the points of all labels, by their names or else their texts."""
    labels = window.findChildren(QLabel)
    return {label.objectName() or label.text(): label.font().pointSizeF() for label in labels}
