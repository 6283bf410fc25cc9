"""Nothing hangs on the order in which the window's presenters are built."""

import gc
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.gui.displayed import Source
from mnist_gui.gui.pages import Page
from mnist_gui.gui.program import Program
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.paths import SHIPPED_NETWORK
from mnist_gui.screenshot import draw_three

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier

LONG = 60_000
ONE = Drawing((Stroke([[0.5, 0.1], [0.5, 0.9]]),))


@pytest.fixture(params=range(4))
def program(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path) -> Iterator[Program]:
    """A program built in an order of its own; a digit is drawn and a network there meanwhile."""
    window = MainWindow()
    qtbot.addWidget(window)
    program = Program(window, tmp_path / "kept", tmp_path / "runs")
    steps = program.steps()
    random = Random(request.param)
    random.shuffle(steps)
    events = [
        lambda: program.session.use_network(load_snapshot(SHIPPED_NETWORK)),
        lambda: program.session.dataset.set(load_dataset(None)),
        lambda: window.canvas.set_drawing(draw_three()),
    ]
    for event in events:
        steps.insert(random.randrange(len(steps) + 1), event)
    for step in steps:
        for _ in step() or ():
            pass
    window.resize(1_280, 800)
    window.show()
    yield program
    window.close()
    gc.unfreeze()


def test_what_is_displayed_reaches_all_who_show_it(program: Program, qtbot: QtBot) -> None:
    window, displayed = program.window, program.session.displayed
    panel, keep = window.prediction_panel, window.drawing_column.save_row.save_button
    qtbot.waitUntil(lambda: panel.digit.text() == "3", timeout=LONG)
    assert keep.text() == "Save to My digits as 3"
    assert keep.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_1, CONTROL_SHIFT)
    qtbot.waitUntil(lambda: displayed.value.source is Source.TEST_IMAGE, timeout=LONG)
    assert panel.source.text().startswith("Now reading: test image ")
    assert not keep.isEnabled()
    window.canvas.set_drawing(ONE)
    assert panel.source.text() == "Now reading: your drawing"
    qtbot.waitUntil(lambda: panel.digit.text() == "1", timeout=LONG)
    qtbot.waitUntil(keep.isEnabled)
    window.pages.bring_to_front(Page.EXPLANATION)
    words = window.pages.place(Page.EXPLANATION)
    assert words.isVisible()
    qtbot.mouseClick(keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(program.session.digits.value), timeout=LONG)
    qtbot.waitUntil(lambda: not window.canvas.drawing)
    assert panel.digit.text() == ""
