from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGraphicsView,
    QLabel,
    QPushButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mnist_gui.gui.common.images import CANVAS_COLOUR
from mnist_gui.gui.common.theme import (
    DARK_PLOT,
    DARK_SHADES,
    HIGH_CONTRAST_PLOT,
    HIGH_CONTRAST_SHADES,
    LIGHT_PLOT,
    LIGHT_SHADES,
    Shades,
    Theme,
    apply_theme,
    keep_own_colours,
)
from mnist_gui.gui.drawing.canvas import CHALK_MARK


@pytest.fixture(autouse=True)
def _theme_of_the_desktop(qapp: QApplication) -> Iterator[None]:
    """Leave the other tests the theme they expect."""
    yield
    apply_theme(qapp, Theme.SYSTEM)


def luminance(colour: str) -> float:
    parts = QColor(colour).getRgbF()[:3]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("shades", [LIGHT_SHADES, DARK_SHADES, HIGH_CONTRAST_SHADES])
def test_text_can_be_read_on_every_surface(shades: Shades) -> None:
    for surface in (shades.window, shades.base, shades.button):
        assert contrast(shades.text, surface) > 7
        assert contrast(shades.muted, surface) > 4.5
    assert contrast(shades.on_accent, shades.accent) > 4.5
    assert contrast(shades.danger, shades.window) > 4.5


@pytest.mark.parametrize("shades", [LIGHT_SHADES, DARK_SHADES, HIGH_CONTRAST_SHADES])
def test_outlines_and_rings_can_be_seen_on_every_surface(shades: Shades) -> None:
    for surface in (shades.window, shades.base, shades.button):
        assert contrast(shades.outline, surface) > 3
        assert contrast(shades.accent, surface) > 3


def test_high_contrast_is_high_for_all_that_is_read() -> None:
    shades, plot = HIGH_CONTRAST_SHADES, HIGH_CONTRAST_PLOT
    for colour in (shades.text, shades.muted, shades.faded, shades.accent, shades.danger):
        assert contrast(colour, shades.window) > 7
    assert contrast(shades.text, shades.selected) > 7
    assert contrast(shades.on_accent, shades.accent) > 7
    for colour in (plot.text, plot.training, plot.validation, plot.test):
        assert contrast(colour, plot.background) > 7


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK, Theme.HIGH_CONTRAST])
def test_the_frame_of_a_check_box_can_be_seen(
    qtbot: QtBot, qapp: QApplication, theme: Theme
) -> None:
    apply_theme(qapp, theme)
    parent = QWidget()
    qtbot.addWidget(parent)
    box = QCheckBox("Erase", parent)
    parent.resize(100, 40)
    image = parent.grab(box.geometry()).toImage()
    middle = image.height() // 2
    colours = [image.pixelColor(x, middle).name() for x in range(12)]
    assert max(contrast(colour, colours[0]) for colour in colours) > 3


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK, Theme.HIGH_CONTRAST])
def test_the_list_of_a_box_can_be_read(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    apply_theme(qapp, theme)
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems(["CNN, best", "CNN, fast", "Another digit"])
    box.show()
    box.showPopup()
    rows = box.view()
    qtbot.waitExposed(rows.window())
    places = [rows.visualRect(rows.model().index(row, 0)) for row in range(3)]
    images = [rows.viewport().grab(place).toImage() for place in places]
    box.hidePopup()
    grounds = [_ground(image) for image in images]
    assert grounds[1] == grounds[2] == box.palette().color(QPalette.ColorRole.Base).name()
    assert grounds[0] == box.palette().color(QPalette.ColorRole.Highlight).name()
    for image, ground in zip(images, grounds, strict=True):
        assert max(contrast(each, ground) for each in _colours(image)) > 4.5


def _ground(image: QImage) -> str:
    return Counter(_colours(image)).most_common(1)[0][0]


def _colours(image: QImage) -> list[str]:
    """Return the colour of each pixel inside."""
    xs, ys = range(3, image.width() - 3), range(3, image.height() - 3)
    return [image.pixelColor(x, y).name() for x in xs for y in ys]


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK, Theme.HIGH_CONTRAST])
def test_a_checked_button_is_filled_and_has_no_ring(
    qtbot: QtBot, qapp: QApplication, theme: Theme
) -> None:
    apply_theme(qapp, theme)
    button = QPushButton(checkable=True)
    qtbot.addWidget(button)
    before = button.grab().toImage()
    button.setChecked(True)
    after = button.grab().toImage()
    middle = before.height() // 2
    assert after.pixelColor(0, middle) == before.pixelColor(0, middle)
    assert after.pixelColor(8, middle) != before.pixelColor(8, middle)


def test_the_words_on_the_canvas_can_be_read() -> None:
    assert contrast(CHALK_MARK.name(), CANVAS_COLOUR.name()) > 4.5


@pytest.mark.parametrize("colours", [LIGHT_PLOT, DARK_PLOT])
def test_curves_stand_out_from_their_ground(colours: object) -> None:
    assert isinstance(colours, type(LIGHT_PLOT))
    assert contrast(colours.training, colours.background) > 3
    assert contrast(colours.validation, colours.background) > 3


@pytest.mark.parametrize(
    ("theme", "shades", "plot"),
    [
        (Theme.LIGHT, LIGHT_SHADES, LIGHT_PLOT),
        (Theme.DARK, DARK_SHADES, DARK_PLOT),
        (Theme.HIGH_CONTRAST, HIGH_CONTRAST_SHADES, HIGH_CONTRAST_PLOT),
    ],
)
def test_a_theme_reaches_widgets_and_plots(
    qtbot: QtBot, qapp: QApplication, theme: Theme, shades: Shades, plot: object
) -> None:
    label = QLabel("text")
    qtbot.addWidget(label)
    assert apply_theme(qapp, theme) == plot
    # Widgets learn of it by an event.
    ground = QColor(shades.window)
    qtbot.waitUntil(lambda: label.palette().color(QPalette.ColorRole.Window) == ground)
    assert label.grab().toImage().pixelColor(0, 0) == ground


@pytest.mark.parametrize(
    ("theme", "shades"), [(Theme.LIGHT, LIGHT_SHADES), (Theme.DARK, DARK_SHADES)]
)
def test_a_field_has_a_frame_that_can_be_seen(
    qtbot: QtBot, qapp: QApplication, theme: Theme, shades: Shades
) -> None:
    apply_theme(qapp, theme)
    field = QSpinBox()
    qtbot.addWidget(field)
    field.resize(100, 24)
    image = field.grab().toImage()
    column = [image.pixelColor(40, y).name() for y in range(4)]
    assert max(contrast(colour, shades.window) for colour in column[:2]) > 3


def test_another_theme_reaches_what_is_seen_at_once_and_then_the_rest(
    qtbot: QtBot, qapp: QApplication
) -> None:
    apply_theme(qapp, Theme.LIGHT)
    parent = QWidget()
    qtbot.addWidget(parent)
    seen, hidden = QPushButton("a", parent), QPushButton("b", parent)
    hidden.hide()
    parent.show()
    assert _ground(seen.grab().toImage()) == LIGHT_SHADES.button
    assert _ground(hidden.grab().toImage()) == LIGHT_SHADES.button
    apply_theme(qapp, Theme.DARK)
    assert _ground(seen.grab().toImage()) == DARK_SHADES.button
    qtbot.waitUntil(lambda: _ground(hidden.grab().toImage()) == DARK_SHADES.button)


def test_another_theme_leaves_a_plot_its_own_colours(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, Theme.LIGHT)
    view = QGraphicsView()
    keep_own_colours(view)
    qtbot.addWidget(view)
    view.show()
    own = view.palette()
    own.setColor(QPalette.ColorRole.WindowText, QColor("red"))
    view.setPalette(own)
    apply_theme(qapp, Theme.DARK)
    assert view.palette().color(QPalette.ColorRole.WindowText) == QColor("red")
