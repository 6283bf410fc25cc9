"""The window is dragged to many sizes with each page in front, and settles at each of them."""

from random import Random

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.gui.pages import Page
from mnist_gui.gui.program import Program
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.screenshot import draw_three
from tests.journeys.conftest import is_predicted, program, window  # noqa: F401
from tests.own_settings import own_settings  # noqa: F401

pytestmark = pytest.mark.slow

JUMPS = 25
DRAGGED = 30
MOST_RESIZES, MOST_RESIZES_OF_JUMP = 6, 30
"""Of one widget for one size of the window, that is dragged there or changes at once.

Without a cause to settle there is no end to them, and Qt's stack overflows.
"""


class Resizes(QObject):
    """Counts how often each widget is resized."""

    def __init__(self, widgets: list[QWidget]) -> None:
        super().__init__()
        self.counts: dict[int, int] = {}
        self._widgets = widgets
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.counts[id(watched)] = self.counts.get(id(watched), 0) + 1
        return False

    def stop(self) -> None:
        for widget in self._widgets:
            widget.removeEventFilter(self)


@pytest.mark.parametrize("page", list(Page))
def test_every_page_settles_at_every_size(
    qtbot: QtBot,
    qapp: QApplication,
    window: MainWindow,  # noqa: F811
    program: Program,  # noqa: F811
    page: Page,
) -> None:
    qtbot.waitUntil(lambda: program.session.network.value is not None)
    with qtbot.waitSignal(
        program.session.displayed.changed,
        check_params_cb=is_predicted,
    ):
        window.canvas.set_drawing(draw_three())
    window.recipe_panel.values_button.setChecked(True)
    window.recipe_panel.form.more_button.setChecked(True)
    window.pages.bring_to_front(page)
    qtbot.wait(1_000)
    resizes = Resizes(window.findChildren(QWidget))
    random = Random(page.number)
    for number in range(JUMPS):
        resizes.counts.clear()
        # Low ones mostly: there it is open whether something has to scroll.
        height = random.choice([random.randint(520, 1_100), 600, 630, 660, 700, 900])
        window.resize(random.randint(720, 1_900), height)
        for _ in range(6):
            qapp.processEvents()
        assert max(resizes.counts.values(), default=0) <= MOST_RESIZES_OF_JUMP
        for _ in range(DRAGGED if number % 5 == 0 else 0):
            resizes.counts.clear()
            window.resize(window.width(), window.height() + 1)
            for _ in range(4):
                qapp.processEvents()
            assert max(resizes.counts.values(), default=0) <= MOST_RESIZES
    resizes.stop()
