from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.inside.image_map import Method, Numbers
from mnist_gui.engine.inside.lasso import inside
from mnist_gui.engine.io import process
from mnist_gui.gui.common.theme import (
    DARK_SHADES,
    HIGH_CONTRAST_SHADES,
    LIGHT_SHADES,
    Theme,
    apply_theme,
    contrast,
)
from mnist_gui.gui.common.theme import palette as theme_palette
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.map.marks import digit_colours
from mnist_gui.gui.map.page import MapPage
from mnist_gui.gui.map.presenter import MapPresenter
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.gui.views.parts import ViewParts
from tests.engine.inside.test_forward import random_images, random_network
from tests.gui.recording_shell import RecordingShell

NETWORK = random_network("softmax")
LEFT = Qt.MouseButton.LeftButton


def dataset(count: int = 60) -> Dataset:
    images = LabelledImages(random_images(count), (np.arange(count) % 10).astype(np.uint8))
    return Dataset("random", images, images, images, "f1")


class Window:
    """The page with its presenter, in a window that is shown."""

    def __init__(self, qtbot: QtBot, session: Session, shell: RecordingShell) -> None:
        self.session, self.shell, self.qtbot = session, shell, qtbot
        self.on_pad: list[int] = []
        runner, canvas = TrainingRunner(session), DrawingCanvas()
        qtbot.addWidget(canvas)

        def put(index: int, _image: object) -> None:
            self.on_pad.append(index)

        parts = ViewParts(session, runner, canvas, shell, put, lambda _step: None)
        self.page = MapPage()
        self.presenter = MapPresenter(parts, self.page)
        shell.resize(900, 700)
        shell.show()
        qtbot.waitExposed(shell)
        shell.pages.bring_to_front(Page.MAP)

    def open(self) -> None:
        """Have a network and a data set, and wait for their map."""
        self.session.use_network(NETWORK)
        self.session.dataset.set(dataset())
        self.qtbot.waitUntil(self.page.body.isVisible)

    @property
    def shown(self) -> Any:
        return self.page.plot._map

    def has_ground(self, colour: str) -> bool:
        return bool(self.page.plot.widget.backgroundBrush().color() == QColor(colour))

    def drag(self, corners: list[QPointF]) -> None:
        """Draw a line with the pointer."""
        viewport = self.page.plot.widget.viewport()
        points = [QPoint(round(each.x()), round(each.y())) for each in corners]
        QTest.mousePress(viewport, LEFT, pos=points[0])
        for point in points[1:]:
            QTest.mouseMove(viewport, point)
        QTest.mouseRelease(viewport, LEFT, pos=points[-1])


@pytest.fixture
def window(qtbot: QtBot, session: Session, shell: RecordingShell) -> Window:
    return Window(qtbot, session, shell)


def around(centre: QPointF, reach: float) -> list[QPointF]:
    steps = ((-reach, -reach), (reach, -reach), (reach, reach), (-reach, reach))
    return [centre + QPointF(*step) for step in steps]


def test_without_network_or_data_it_says_what_is_missing(window: Window) -> None:
    assert "No network yet" in window.page.message.text()
    window.session.use_network(NETWORK)
    assert "still being loaded" in window.page.message.text()
    assert not window.page.body.isVisible()


def test_the_map_shows_every_image_and_the_mistakes_and_says_how_much_it_shows(
    window: Window,
) -> None:
    window.open()
    assert len(window.shown.points) == 60
    assert sum(len(each.data) for each in window.page.plot.scatters) == 60
    assert len(window.page.plot._rings.data) == len(window.shown.mistakes) > 0
    assert "A flat shadow of 784 numbers" in window.page.note.text()
    assert "This network has no hidden layer" in window.page.note.text()
    assert "Draw a digit" in window.page.note.text()
    assert window.page.title.text().endswith("map of the test images")


def test_the_digit_on_the_pad_is_a_star_that_moves(window: Window) -> None:
    window.open()
    plot, images = window.page.plot, window.session.dataset.value.test.images  # type: ignore[union-attr]
    assert plot.star_position() is None

    def is_at(index: int) -> bool:
        at = plot.star_position()
        return at is not None and (at - plot.position(index)).manhattanLength() <= 2

    for index in (4, 11):
        window.session.displayed.set(Displayed(image=images[index].copy()))
        window.qtbot.waitUntil(partial(is_at, index))
    assert "lines lead to the nearest: 1" in window.page.note.text()
    assert len(plot._ties.getData()[0]) == 20
    window.session.displayed.set(Displayed())
    window.qtbot.waitUntil(lambda: plot.star_position() is None)


def test_images_inside_a_line_are_shown_mistakes_first_and_go_to_the_pad(window: Window) -> None:
    window.open()
    plot, strip = window.page.plot, window.page.strip
    window.drag(around(plot.position(7), 3))
    assert 7 in plot.selection
    window.drag(around(QPointF(plot.widget.viewport().rect().center()), 2_000))
    assert plot.selection.tolist() == list(range(60))
    images = strip.images
    wrong = [len(each.lines[0]) > 1 for each in images]
    assert wrong == sorted(wrong, reverse=True)
    assert window.page.selection.text().startswith("60 images, ")
    assert strip.isVisible()
    index = strip.strip.index(3)
    assert strip.strip.data(index, Qt.ItemDataRole.AccessibleTextRole).startswith("Image ")
    strip.clicked.emit(index)
    assert window.on_pad == [images[3].index]


def test_only_mistakes_can_be_selected(window: Window) -> None:
    window.open()
    window.page.mistakes_button.click()
    assert window.page.plot.selection.tolist() == window.shown.mistakes.tolist()


def test_keys_move_a_frame_zoom_and_select_what_is_in_it(window: Window) -> None:
    window.open()
    plot = window.page.plot
    plot.widget.setFocus()
    before = plot._frame_rect()
    QTest.keyClick(plot.widget, Qt.Key.Key_Left)
    QTest.keyClick(plot.widget, Qt.Key.Key_Down)
    assert plot._frame_rect().left() < before.left()
    assert plot._frame_rect().top() > before.top()
    rect = plot._frame_rect()
    places = [each for each in range(60) if rect.contains(plot.position(each))]
    QTest.keyClick(plot.widget, Qt.Key.Key_Return)
    assert abs(len(plot.selection) - len(places)) <= 1
    QTest.keyClick(plot.widget, Qt.Key.Key_Escape)
    assert not len(plot.selection)
    assert "Draw a line" in window.page.selection.text()
    whole = plot._box.viewRect()
    QTest.keyClick(plot.widget, Qt.Key.Key_Plus)
    assert plot._box.viewRect().width() < whole.width()
    for _ in range(30):
        QTest.keyClick(plot.widget, Qt.Key.Key_Right)
    assert plot._box.viewRect().left() > whole.left()
    QTest.keyClick(plot.widget, Qt.Key.Key_Home)
    assert plot._box.viewRect().width() == pytest.approx(whole.width())


def test_dragging_moves_the_map_when_it_is_to_be_moved(window: Window) -> None:
    window.open()
    plot = window.page.plot
    window.page.move_button.click()
    window.drag(around(plot.position(7), 30))
    assert not len(plot.selection)


def test_a_selection_stays_with_another_way_to_make_the_map(window: Window) -> None:
    window.open()
    window.page.plot.select(np.array([3, 4]))
    before = window.shown
    window.page.numbers_box.setCurrentIndex(window.page.numbers_box.findData(Numbers.SCORES))
    window.qtbot.waitUntil(lambda: window.shown is not before)
    assert window.shown.size == 10
    assert "no hidden layer" not in window.page.note.text()
    assert window.page.plot.selection.tolist() == [3, 4]
    window.session.dataset.set(dataset(count=30))
    window.qtbot.waitUntil(lambda: len(window.shown.points) == 30)
    assert not len(window.page.plot.selection)


def test_tsne_shows_its_way_can_be_cancelled_and_is_kept(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Beside other tests it would have to wait.
    monkeypatch.setattr(process, "LEAST_PRIORITY", 0)
    window.open()
    window.page.choose_method(Method.TSNE)
    window.qtbot.waitUntil(window.page.progress.isVisible)
    window.page.cancel_button.click()
    assert window.page.choice[1] is Method.PCA
    window.qtbot.waitUntil(lambda: window.shown.share is not None and not window.shown.is_draft)
    assert window.page.body.isVisible()
    window.page.choose_method(Method.TSNE)
    window.qtbot.waitUntil(
        lambda: window.shown.share is None and not window.shown.is_draft, timeout=60_000
    )
    assert window.page.body.isVisible()
    assert "t-SNE keeps" in window.page.note.text()
    assert len(list((window.session.data_folder / "maps").iterdir())) == 1


def test_few_images_have_no_tsne_and_it_says_so(window: Window) -> None:
    window.open()
    window.session.dataset.set(dataset(count=5))
    window.page.choose_method(Method.TSNE)
    window.qtbot.waitUntil(lambda: "at least 10" in window.page.message.text())


def test_the_numbers_are_a_line_for_each_image(window: Window) -> None:
    window.open()
    lines = window.presenter.numbers().decode().splitlines()
    assert lines[0] == "index,label,read_as,x,y"
    x, _y = window.shown.points[59]
    assert lines[60].startswith(f"59,9,{window.shown.predicted[59]},{x:.9g}")
    assert len(lines) == 61
    assert window.presenter.file_name().endswith("-map")


@pytest.mark.parametrize("is_seen", [True, False])
def test_a_map_has_the_colours_of_another_theme(
    window: Window, qapp: QApplication, *, is_seen: bool
) -> None:
    apply_theme(qapp, Theme.LIGHT)
    window.open()
    if not is_seen:
        window.shell.pages.bring_to_front(Page.CURVES)
    for theme, shades in ((Theme.DARK, DARK_SHADES), (Theme.LIGHT, LIGHT_SHADES)):
        apply_theme(qapp, theme)
        window.qtbot.waitUntil(partial(window.has_ground, shades.base))
    apply_theme(qapp, Theme.SYSTEM)


def test_digits_of_all_colours_are_seen_on_every_theme(window: Window, tmp_path: Path) -> None:
    for shades in (LIGHT_SHADES, DARK_SHADES, HIGH_CONTRAST_SHADES):
        palette = theme_palette(shades)
        colours = digit_colours(palette)
        assert len({each.name() for each in colours}) == 10
        assert min(contrast(each, palette.base().color()) for each in colours) >= 3
    window.open()
    picture: QImage = window.page.plot.widget.grab().toImage()
    painted = {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
    }
    wanted = {each.name() for each in digit_colours(window.page.plot.widget.palette())}
    assert len(wanted & painted) >= 8


def test_a_line_that_crosses_itself_is_inside_where_it_is_crossed_an_odd_number_of_times() -> None:
    bow = np.array([(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)])
    points = np.array([(0.5, 2.0), (3.5, 2.0), (2.0, 0.5), (2.0, 3.5), (9.0, 2.0)])
    assert inside(points, bow).tolist() == [True, True, False, False, False]
    assert not inside(points, bow[:2]).any()
    random = np.random.default_rng(1)
    many, line = random.random((500, 2)), random.random((40, 2))
    assert inside(many, line).tolist() == [_crossings(point, line) % 2 == 1 for point in many]


def _crossings(point: Any, line: Any) -> int:
    """Count where a ray to the right crosses the line, by the parameters of each crossing."""
    found = 0
    for (x1, y1), (x2, y2) in zip(line, np.roll(line, -1, axis=0), strict=True):
        along = (point[1] - y1) / (y2 - y1)
        if 0 <= along < 1 and x1 + along * (x2 - x1) > point[0]:
            found += 1
    return found
