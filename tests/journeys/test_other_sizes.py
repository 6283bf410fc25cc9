"""An imported network of other sizes is seen on every page."""

import logging

import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.gui.pages import Page
from mnist_gui.gui.program import Program
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.screenshot import draw_three
from tests.engine.inside.test_forward import random_network

LONG = 60_000
# Small ones: they read all training images on the page of neighbours.
NAMES = (
    "dense24-tanh dense10",
    "norm conv5x2-stride2-relu-norm conv3x3-same-pool3by2-leaky0.3 conv3x4-silu-avgpool3",
)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_page_fails(
    qtbot: QtBot,
    window: MainWindow,
    program: Program,
    name: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    session = program.session
    qtbot.waitUntil(lambda: session.dataset.value is not None, timeout=LONG)
    qtbot.waitUntil(lambda: session.devices.value is not None, timeout=LONG)
    session.use_network(random_network(name))
    window.canvas.set_drawing(draw_three())
    threads = (session.prediction_thread, session.view_thread, session.file_thread)
    for page in Page:
        window.pages.bring_to_front(page)
        answered: list[object] = []
        # Each thread takes its jobs in order: what the page has asked for is answered before.
        for thread in threads:
            thread.call(lambda: None, then=answered.append)
        qtbot.waitUntil(lambda: len(answered) == len(threads), timeout=LONG)  # noqa: B023
        window.grab()
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]
