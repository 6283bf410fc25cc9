import gc
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from mnist_gui.gui.common.icons import icon
from mnist_gui.gui.common.theme import Theme, apply_theme
from mnist_gui.paths import resource

TOOL_ICONS = sorted(
    path.stem for path in resource("icons").glob("*.svg") if path.stem != "mnist-gui"
)
SIDE = 24
# A pixel inside the outline of "stop", whose left side lies on x = 6.
ON_THE_LINE = (6, 12)
ON, OFF = QIcon.State.On, QIcon.State.Off


@pytest.fixture(autouse=True)
def _palette(qapp: QApplication) -> Iterator[None]:
    _use_colours(text="#102030", faded="#8090a0", accent="#0072b2", selected="#fefefe")
    yield
    # With the palette those of single kinds of widgets are gone. A theme that is in use already is
    # not given anew, so another one comes before it.
    for theme in (Theme.DARK, Theme.SYSTEM):
        apply_theme(qapp, theme)


def _use_colours(*, text: str, faded: str, accent: str, selected: str) -> None:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.ButtonText, QColor(text))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, QColor(faded))
    palette.setColor(QPalette.ColorRole.Accent, QColor(accent))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor(selected))
    QApplication.setPalette(palette)


def _line_colour(
    shown: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = OFF
) -> str:
    image = shown.pixmap(QSize(SIDE, SIDE), 1.0, mode, state).toImage()
    return image.pixelColor(*ON_THE_LINE).name()


def _painted(drawing: Path, side: int, colour: str) -> QImage:
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    text = drawing.read_text(encoding="utf-8").replace("currentColor", colour)
    QSvgRenderer(text.encode()).render(painter)
    painter.end()
    return image


@pytest.mark.parametrize("name", TOOL_ICONS)
def test_every_tool_icon_is_a_drawing_of_lines_in_the_placeholder_colour(name: str) -> None:
    root = ElementTree.parse(resource(f"icons/{name}.svg")).getroot()
    assert root.attrib["viewBox"] == "0 0 24 24"
    assert root.attrib["stroke"] == "currentColor"
    assert root.attrib["fill"] == "none"
    colours = {
        value
        for part in root.iter()
        for key, value in part.attrib.items()
        if key in {"stroke", "fill", "style", "color"}
    }
    assert colours == {"currentColor", "none"}
    image = icon(name).pixmap(QSize(SIDE, SIDE), 1.0).toImage()
    alphas = [image.pixelColor(x, y).alpha() for x in range(SIDE) for y in range(SIDE)]
    # The lines are 2 of 24 wide: they leave most of the square free, and touch no side.
    assert SIDE < sum(alpha > 0 for alpha in alphas) < SIDE * SIDE / 2
    assert not any(alphas[:SIDE] + alphas[-SIDE:] + alphas[::SIDE] + alphas[SIDE - 1 :: SIDE])


def test_an_icon_has_the_colours_of_the_palette() -> None:
    stop = icon("stop")
    assert _line_colour(stop) == "#102030"
    assert _line_colour(stop, QIcon.Mode.Active) == "#102030"
    assert _line_colour(stop, QIcon.Mode.Disabled) == "#8090a0"
    assert _line_colour(stop, QIcon.Mode.Disabled, ON) == "#8090a0"
    assert _line_colour(stop, QIcon.Mode.Normal, ON) == "#0072b2"
    assert _line_colour(stop, QIcon.Mode.Selected) == "#fefefe"


def test_an_icon_follows_a_new_palette_on_a_button(qtbot: QtBot) -> None:
    button = QPushButton(icon("stop"), "")
    button.setIconSize(QSize(SIDE, SIDE))
    qtbot.addWidget(button)
    assert "#102030" in _colours_of(button)
    _use_colours(text="#e0f0ff", faded="#506070", accent="#56b4e9", selected="#000000")
    colours = _colours_of(button)
    assert "#e0f0ff" in colours
    assert "#102030" not in colours
    button.setEnabled(False)
    assert "#506070" in _colours_of(button)


def _colours_of(button: QPushButton) -> set[str]:
    image = button.grab().toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0, 3.0])
def test_an_icon_is_drawn_anew_for_every_pixel_ratio(ratio: float) -> None:
    pixmap = icon("undo").pixmap(QSize(20, 20), ratio)
    side = round(20 * ratio)
    assert pixmap.size() == QSize(side, side)
    assert pixmap.devicePixelRatio() == ratio
    image = pixmap.toImage()
    image.setDevicePixelRatio(1)
    assert image == _painted(resource("icons/undo.svg"), side, "#102030")


def test_an_icon_outlives_the_python_objects_it_came_from(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    button.setIconSize(QSize(SIDE, SIDE))
    for _ in range(200):
        button.setIcon(icon("play"))
        button.setIcon(icon("stop"))
    gc.collect()
    assert _line_colour(QIcon(button.icon())) == "#102030"


def test_an_icon_that_is_not_there_is_missed_at_once() -> None:
    with pytest.raises(FileNotFoundError, match=r"no-such-icon\.svg"):
        icon("no-such-icon")
