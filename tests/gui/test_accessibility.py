"""What keys, screen readers and weak eyes need, on every page of the window."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleInterface,
    QImage,
    QRegion,
    QTextDocumentFragment,
)
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QLabel,
    QProgressBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mnist_gui.app import build_window
from mnist_gui.gui.common.access import RING_WIDTH
from mnist_gui.gui.common.theme import Theme, contrast
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.pages import Page
from mnist_gui.gui.window.main_window import MainWindow
from tests.own_settings import own_settings  # noqa: F401

_SMALLEST_TARGET = 24
_UNTOLD = {QAccessible.Role.NoRole, QAccessible.Role.Client}


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """The whole window, in front and wide enough for the pad, with a screen reader at work."""
    # Widgets are then asked what they are while they are built.
    QAccessible.setActive(True)
    window = build_window(kept_in=tmp_path, remembers=False)
    qtbot.addWidget(window)
    window.setMinimumSize(1_280, 1_000)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.set_theme(Theme.SYSTEM)
    window.close()
    QAccessible.setActive(False)
    gc.unfreeze()


def focusable(window: MainWindow) -> list[QWidget]:
    """What takes the focus by Tab or a click now; what only hands it on is not counted."""
    found = window.findChildren(QWidget)
    return [
        each
        for each in found
        if each.isVisible() and each.focusPolicy() is not Qt.FocusPolicy.NoFocus
        if each.window() is window and each.focusProxy() is None
    ]


def known_by(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()}"


def told_of(window: MainWindow) -> Iterator[tuple[QWidget, QAccessibleInterface]]:
    """Walk through all pages, and through what can have the focus there."""
    told = set()
    for page in Page:
        window.pages.bring_to_front(page)
        QApplication.processEvents()
        for widget in focusable(window):
            if widget not in told:
                told.add(widget)
                yield widget, QAccessible.queryAccessibleInterface(widget)
    assert len(told) > 40
    assert {id(pane.widget) for pane in window.curves.figure.panes} <= set(map(id, told))


def test_every_control_tells_what_it_is_and_is_large_enough_to_hit(
    window: MainWindow,
) -> None:
    with_value = (QAbstractSlider, QAbstractSpinBox, QProgressBar)
    faults = []
    for widget, told in told_of(window):
        if not told.text(QAccessible.Text.Name):
            faults.append(f"{known_by(widget)}: no name")
        if told.role() in _UNTOLD:
            faults.append(f"{known_by(widget)}: no role")
        if isinstance(widget, with_value) and told.valueInterface() is None:
            faults.append(f"{known_by(widget)}: no value")
        if min(widget.width(), widget.height()) < _SMALLEST_TARGET:
            faults.append(f"{known_by(widget)}: {widget.width()} x {widget.height()}")
    assert not faults


def plain(text: str) -> str:
    return QTextDocumentFragment.fromHtml(text).toPlainText() if "<" in text else text


def test_what_a_label_shows_is_heard(window: MainWindow) -> None:
    heard = 0
    for page in Page:
        window.pages.bring_to_front(page)
        QApplication.processEvents()
        for label in filter(QWidget.isVisible, window.findChildren(QLabel)):
            name = QAccessible.queryAccessibleInterface(label).text(QAccessible.Text.Name)
            assert plain(label.text()).replace("&", "") in name, known_by(label)
            heard += bool(label.text())
    assert heard > 60


def test_the_rooms_are_one_choice_that_can_be_made_without_the_mouse(window: MainWindow) -> None:
    rooms = [QAccessible.queryAccessibleInterface(each) for each in window.pages.rail.buttons]
    assert {room.role() for room in rooms} == {QAccessible.Role.RadioButton}
    actions = rooms[-1].actionInterface()
    actions.doAction(actions.pressAction())
    assert window.pages.in_front is Page.RUNS
    assert [bool(room.state().checked) for room in rooms] == [False] * 5 + [True]


def test_the_parts_of_the_window_are_met_in_their_order(window: MainWindow) -> None:
    parts = (window.pages, window.pad)
    whole = QAccessible.queryAccessibleInterface(window.splitter)
    met = [whole.child(place).object() for place in range(whole.childCount())]
    assert [each for each in met if each in parts] == list(parts)


def test_the_focus_stays_with_what_brought_the_page(window: MainWindow) -> None:
    window.pages.bring_to_front(Page.GLOSSARY)
    QApplication.processEvents()
    glossary = window.pages.place(Page.GLOSSARY)
    for page, place in (
        (Page.START, window.pages.segments),
        (Page.CURVES, window.pages.rail.buttons[2]),
    ):
        window.pages.bring_to_front(Page.GLOSSARY)
        next(each for each in focusable(window) if glossary.isAncestorOf(each)).setFocus()
        window.pages.bring_to_front(page)
        assert window.focusWidget() is place


def ring_place(widget: QWidget) -> QRect:
    if isinstance(widget, QTabBar):
        return widget.tabRect(widget.currentIndex())
    return widget.area if isinstance(widget, DrawingCanvas) else widget.rect()


def picture(widget: QWidget) -> QImage:
    place = ring_place(widget)
    image = QImage(place.size(), QImage.Format.Format_RGB32)
    image.fill(widget.window().palette().window().color())
    parts = QWidget.RenderFlag.DrawChildren
    QWidget.render(widget, image, QPoint(), QRegion(place), parts)
    return image


def has_ring(before: QImage, after: QImage, inset: int) -> bool:
    """Whether the edge has one colour as wide as a ring that can be told from what was there."""
    right, bottom = after.width() - 1, after.height() - 1
    x, y = right // 2, bottom // 2
    depths = range(inset, inset + RING_WIDTH)
    sides = (
        [(x, depth) for depth in depths],
        [(x, bottom - depth) for depth in depths],
        [(depth, y) for depth in depths],
        [(right - depth, y) for depth in depths],
    )
    # What is selected at one side may have the ring's colour.
    return sum(is_told_from(before, after, side) for side in sides) >= 3


def is_told_from(before: QImage, after: QImage, places: list[tuple[int, int]]) -> bool:
    ring = [after.pixelColor(*at) for at in places]
    is_seen = max(contrast(before.pixelColor(*at), ring[0]) for at in places) >= 3
    return is_seen and all(colour == ring[0] for colour in ring)


def test_the_focus_is_seen_on_every_control_in_every_theme(
    window: MainWindow, qtbot: QtBot
) -> None:
    faults, rail = set(), window.pages.rail.buttons[0]
    for theme in (Theme.LIGHT, Theme.DARK, Theme.HIGH_CONTRAST):
        window.set_theme(theme)
        for widget, _ in told_of(window):
            if widget.isEnabled():
                other = rail if widget is window.canvas else window.canvas
                other.setFocus(Qt.FocusReason.TabFocusReason)
                # A page that comes is painted once it has been laid out.
                qtbot.waitUntil(window.pages.updatesEnabled)
                before = picture(widget)
                widget.setFocus(Qt.FocusReason.TabFocusReason)
                after = picture(widget)
                if not has_ring(before, after, 0) and not has_ring(before, after, RING_WIDTH):
                    faults.add(f"{known_by(widget)}, {theme.value}")
    assert not faults


def test_the_canvas_has_the_focus_first(window: MainWindow) -> None:
    assert window.focusWidget() is window.canvas


def test_tab_goes_from_the_bar_to_the_page_and_then_to_the_pad(window: MainWindow) -> None:
    window.pages.bring_to_front(Page.GLOSSARY)
    QApplication.processEvents()
    window.network_bar.network_box.setFocus()
    parts = (window.top_bar, window.pages.rail, window.pages, window.pad)
    passed: list[QWidget] = []
    for _ in range(len(focusable(window))):
        at = window.focusWidget()
        part = next((part for part in parts if part.isAncestorOf(at)), None)
        if part is not None and part not in passed:
            passed.append(part)
        window.focusNextChild()
    assert passed == list(parts)
