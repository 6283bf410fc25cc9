from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from mnist_gui.engine.recipe import RECIPES
from mnist_gui.gui.common.theme import DARK_PLOT
from mnist_gui.gui.curves.data import Look, ShownRuns, plotted_run
from mnist_gui.gui.curves.export import CurvesPicture, png_of, svg_of
from tests.gui.scripted import history

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def picture(qtbot: QtBot) -> CurvesPicture:
    picture = CurvesPicture(DARK_PLOT)
    qtbot.addWidget(picture)
    picture.figure.show_runs(ShownRuns(plotted_run(history())), Look())
    picture.show_run(RECIPES["softmax-tutorial"])
    return picture


def texts(picture: CurvesPicture) -> set[str]:
    root = ElementTree.fromstring(svg_of(picture.drawing()))
    return {(text.text or "").strip() for text in root.iter(f"{SVG}text")}


def test_the_curves_are_drawn_as_lines_and_letters(picture: CurvesPicture) -> None:
    root = ElementTree.fromstring(svg_of(picture.drawing()))
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == "Accuracy and loss over steps"
    assert {"Accuracy (%)", "Loss", "Step", "Training (average)", "100"} <= texts(picture)
    lines = [path.get("d", "") for path in root.iter(f"{SVG}path")]
    # The loss of a hundred steps, a point each, in the picture's own units.
    curve = next(line for line in lines if line.count("L") == 99)
    points = [point.split(",") for point in curve.replace("M", "L").split("L")[1:]]
    assert all(0 <= float(x) <= 960 and 0 <= float(y) <= 660 for x, y in points)
    assert b"non-scaling" not in svg_of(picture.drawing())
    assert not list(root.iter(f"{SVG}image"))


def test_it_says_whose_curves_they_are(picture: CurvesPicture) -> None:
    settings = "1,000 steps of 100 images \u00b7 Gradient descent, constant, learning rate 0.5"
    assert {"Softmax regression (tutorial)", f"{settings} \u00b7 seed 1"} <= texts(picture)
    picture.show_run(replace(RECIPES["softmax-tutorial"], seed=7), "My best one")
    named = f"Softmax regression (tutorial) \u00b7 {settings} \u00b7 seed 7"
    assert {"My best one", named} <= texts(picture)


def test_it_shows_nothing_that_is_to_be_clicked_on(picture: CurvesPicture) -> None:
    assert not picture.figure.legend.findChildren(QAbstractButton)
    assert "Zoom in on the last errors" not in texts(picture)


def test_the_image_has_the_theme_and_the_curves_and_pixels_for_print(
    picture: CurvesPicture, tmp_path: Path
) -> None:
    (tmp_path / "curves.png").write_bytes(png_of(picture.drawing()))
    image = QImage(str(tmp_path / "curves.png"))
    assert (image.width(), image.height()) == (2400, 1650)
    colours = {
        QColor(image.pixel(x, y)).name() for x in range(1200, 1300) for y in range(image.height())
    }
    assert {DARK_PLOT.background, DARK_PLOT.training} <= colours
