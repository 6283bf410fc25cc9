import numpy as np
import pytest
from PySide6.QtGui import QPalette
from pytestqt.qtbot import QtBot

from mnist_gui.gui.common.diverging import DivergingPictures, diverging_colormap
from mnist_gui.gui.common.theme import DARK_SHADES, LIGHT_SHADES, palette


@pytest.mark.parametrize("shades", [LIGHT_SHADES, DARK_SHADES], ids=["light", "dark"])
def test_many_pictures_have_the_colours_that_single_ones_have(qtbot: QtBot, shades: object) -> None:
    colours = palette(DARK_SHADES if shades is DARK_SHADES else LIGHT_SHADES)
    images = np.random.default_rng(1).normal(size=(7, 3, 5)).astype(np.float32)
    pictures = list(DivergingPictures(images, 1.5, colours))
    assert len(pictures) == 7
    ink = np.full((3, 5), 255, np.uint8)
    for image, picture in zip(images, pictures, strict=True):
        single = diverging_colormap(colours).picture(image.astype(float), ink, 1.5)
        for y, x in np.ndindex(3, 5):
            pairs = zip(
                picture.pixelColor(x, y).getRgb(), single.pixelColor(x, y).getRgb(), strict=True
            )
            assert max(abs(one - other) for one, other in pairs) <= 2


def test_where_all_is_0_all_has_the_colour_of_0(qtbot: QtBot) -> None:
    pictures = DivergingPictures(np.zeros((2, 4, 4), np.float32), 0.0, QPalette())
    assert pictures[1].pixelColor(2, 2) == diverging_colormap(QPalette()).colour(0)
    assert not list(DivergingPictures(np.zeros((0, 1, 1), np.float32), 1.0, QPalette()))
