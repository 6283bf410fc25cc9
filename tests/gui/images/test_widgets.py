from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.inside.image_lists import LearningOrder, ReadImages, Split
from mnist_gui.gui.common.diverging import diverging_colormap
from mnist_gui.gui.images.bars import DigitBars
from mnist_gui.gui.images.grid import ImageGrid
from mnist_gui.gui.images.page import ImagesPage
from mnist_gui.gui.images.strip import ReadingStrip
from mnist_gui.gui.images.text import ImageList, Listing, ListText


def shares(**of: float) -> NDArray[np.float64]:
    """Return ten probabilities, given by d0, d1 and so on; the other digits share the rest."""
    given = {int(name[1:]): share for name, share in of.items()}
    rest = (1 - sum(given.values())) / (10 - len(given))
    return np.array([given.get(digit, rest) for digit in range(10)])


def listing(
    label: int,
    probabilities: NDArray[np.float64],
    kind: ImageList = ImageList.HARDEST_TEST,
    second: NDArray[np.float64] | None = None,
    count: int = 1,
) -> Listing:
    read = ReadImages(
        Split.TEST,
        np.zeros((count, 28, 28), np.uint8),
        np.full(count, label, np.uint8),
        np.arange(count),
        np.tile(probabilities, (count, 1)),
        second=None if second is None else np.tile(second, (count, 1)),
    )
    return Listing(kind, read, np.arange(count), "One", "Other" if second is not None else "")


# --- words ---------------------------------------------------------------------------------------


def test_it_is_said_which_digit_was_preferred_and_by_how_much() -> None:
    words, misread = ListText(), listing(4, shares(d9=0.9, d4=0.05))
    said = words.why_read(misread, 0).replace("\u00a0", " ")
    assert said == (
        "It is read as 9 with 90.0 %; the label 4 gets 5.00 %: to the network 9 is 18 times as "
        "probable."
    )
    said = words.why_read(listing(9, shares(d9=0.9, d4=0.05)), 0).replace("\u00a0", " ")
    assert said == "It is read right, with 90.0 %; next comes 4 with 5.0 %."
    hopeless = np.zeros(10)
    hopeless[9] = 1
    assert "9 is more than 1,000,000 times" in words.why_read(listing(4, hopeless), 0)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        (3, "One is right; Other reads 5 with 80.0 %."),
        (5, "Other is right, with 80.0 %; One is not."),
        (7, "Both are wrong; Other reads 5 with 80.0 %."),
    ],
)
def test_of_two_networks_it_is_said_who_is_right(label: int, said: str) -> None:
    kind = ImageList.DISAGREEMENTS
    both = listing(label, shares(d3=0.9), kind, second=shares(d5=0.8))
    assert ListText().why_listed(both, 0).replace("\u00a0", " ") == said


# --- bars ----------------------------------------------------------------------------------------


@pytest.fixture
def bars(qtbot: QtBot) -> DigitBars:
    bars = DigitBars()
    qtbot.addWidget(bars)
    bars.resize(260, 200)
    return bars


def test_a_bar_is_as_long_as_its_probability_and_the_label_is_framed(bars: DigitBars) -> None:
    bars.show_shares(4, shares(d9=0.75, d4=0.25))
    picture = bars.grab().toImage()
    accent = bars.palette().color(QPalette.ColorRole.Accent)
    for digit, share in ((9, 0.75), (4, 0.25)):
        track = bars.track(digit)
        filled, empty = (
            picture.pixelColor(round(track.left() + at * track.width()), round(track.center().y()))
            for at in (share - 0.05, share + 0.05)
        )
        assert filled != empty
        assert (filled == accent) is (digit == 9)
        assert empty == picture.pixelColor(round(track.right()) - 4, round(track.center().y()))
    row = bars.height() / 10
    framed = [
        any(
            picture.pixelColor(1, round(digit * row) + line).lightness() < 100
            for line in range(2, 18)
        )
        for digit in range(10)
    ]
    assert framed == [digit == 4 for digit in range(10)]
    assert "9: 75.0" in bars.accessibleDescription()


def test_the_bars_of_two_networks_lie_below_one_another(bars: DigitBars) -> None:
    bars.show_shares(4, shares(d9=0.9), shares(d4=0.8))
    assert not bars.track(4, 0).intersects(bars.track(4, 1))
    assert bars.track(4, 1).bottom() < bars.track(5, 0).top()
    against = diverging_colormap(bars.palette()).colour(-1.0)
    track = bars.track(4, 1).toRect()
    picture = bars.grab().toImage()
    seen = {
        picture.pixelColor(x, y).name()
        for x in range(track.left() + 4, track.center().x())
        for y in range(track.top(), track.bottom())
    }
    # Stripes have gaps.
    assert any(_is_near(QColor(name), against) for name in seen)
    assert any(not _is_near(QColor(name), against) for name in seen)


def _is_near(one: QColor, other: QColor) -> bool:
    parts = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return all(abs(a - b) < 60 for a, b in parts)


# --- what was read at each kept step -------------------------------------------------------------


def test_each_kept_step_has_a_cell_that_is_filled_where_it_was_right(qtbot: QtBot) -> None:
    strip = ReadingStrip()
    qtbot.addWidget(strip)
    strip.resize(90, 200)
    read = np.array([[3], [8], [8], [2], [8], [8]], np.uint8)
    strip.show_readings(LearningOrder((0, 1, 2, 5, 9, 20), read, np.array([8], np.uint8)), 0)
    strip.resize(90, strip.sizeHint().height())
    picture = strip.grab().toImage()
    right = diverging_colormap(strip.palette()).colour(1.0)
    filled = [
        picture.pixelColor(_corner(strip.cell(number))) == right for number in range(len(read))
    ]
    assert filled == [False, True, True, False, True, True]
    inside = QRectF(strip.rect())
    cells = [strip.cell(number) for number in range(len(read))]
    assert all(inside.contains(cell) for cell in cells)
    assert not any(one.intersects(other) for one, other in pairwise(cells))
    assert strip.accessibleDescription().startswith("step 0: 3, step 1: 8")


def _corner(cell: QRectF) -> QPoint:
    # Beside the digit.
    return QPoint(round(cell.left() + 3), round(cell.top() + cell.height() / 2))


# --- the grid ------------------------------------------------------------------------------------


def test_a_page_has_as_many_images_as_fit_and_the_current_one_stays(qtbot: QtBot) -> None:
    grid = ImageGrid()
    qtbot.addWidget(grid)
    grid.resize(500, 300)
    grid.show()
    grid.show_list(listing(4, shares(d9=0.9), count=100), np.arange(100))
    before = grid.page_size
    grid.go_to(57)
    grid.resize(700, 500)
    qtbot.waitUntil(lambda: grid.page_size > before)
    assert grid.current == 57
    assert 57 in grid.tiles.places
    assert len(grid.tiles.places) <= grid.page_size
    assert grid.visualRect(grid.currentIndex()).intersects(grid.viewport().rect())
    last = grid.tiles.index(len(grid.tiles.places) - 1)
    assert grid.viewport().rect().contains(grid.visualRect(last))
    # It is one of those that are read wrong.
    assert grid.tiles.data(last) == "4 \u2192 9\n90.0\u00a0%\nloss 4.50"


def test_where_one_reads_from_right_to_left_the_arrows_do_too(qtbot: QtBot) -> None:
    page = ImagesPage()
    qtbot.addWidget(page)
    grid = page.grid
    assert page.on_button.arrowType() is Qt.ArrowType.RightArrow
    page.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert page.on_button.arrowType() is Qt.ArrowType.LeftArrow
    page.resize(700, 600)
    page.show()
    page.show_listing(listing(4, shares(d9=0.9), count=100))
    QTest.keyClick(grid, Qt.Key.Key_Left)
    assert grid.current == 1
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.current == 0


def test_the_wider_the_page_the_larger_the_image(qtbot: QtBot) -> None:
    page = ImagesPage()
    qtbot.addWidget(page)
    page.show_listing(listing(4, shares(d9=0.9), count=10))
    sides = []
    for width in (500, 900, 1_200, 1_800):
        page.resize(width, 700)
        page.show()
        grid, closer = page.grid, page.closer
        qtbot.waitUntil(lambda: (closer.x() > grid.width() // 2) is (width > 500))  # noqa: B023
        sides.append(page.closer.image.width())
    assert sides == [142, 142, 198, 254]
