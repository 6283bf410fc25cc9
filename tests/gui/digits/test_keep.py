"""A drawing is kept as what the user saw of it, never as what was read of another one."""

from collections.abc import Sequence

import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.model import SavedPrediction
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.digits.keep import SaveDigitPresenter
from tests.gui.scripted import prediction

LINE = Drawing((Stroke([[0.5, 0.2], [0.5, 0.8]]),))
LONGER = Drawing((Stroke([[0.5, 0.2], [0.5, 0.8], [0.5, 0.9]]),))
CROSS = LINE.with_stroke(Stroke([[0.2, 0.5], [0.8, 0.5]]))
RING = Drawing((Stroke([[0.4, 0.2], [0.8, 0.5], [0.5, 0.8], [0.4, 0.2]]),))


@pytest.fixture
def keeping(qtbot: QtBot) -> SaveDigitPresenter:
    keeping = SaveDigitPresenter()
    keeping.use_network(Snapshot(find_recipe("cnn-fast"), 5, {}))
    return keeping


def offers(keeping: SaveDigitPresenter) -> list[int | None]:
    seen: list[int | None] = []
    keeping.offer_changed.connect(seen.append)
    return seen


def requests(keeping: SaveDigitPresenter) -> list[tuple[Drawing, int, SavedPrediction | None]]:
    seen: list[tuple[Drawing, int, SavedPrediction | None]] = []
    keeping.keep_requested.connect(lambda *request: seen.append(request))
    return seen


def test_what_was_read_of_the_drawing_is_offered(keeping: SaveDigitPresenter) -> None:
    seen = offers(keeping)
    keeping.use_drawing(LINE)
    keeping.use_reading(LINE, prediction(1, 0.9))
    assert seen == [1]


def test_a_late_reading_of_another_drawing_is_not_offered(keeping: SaveDigitPresenter) -> None:
    seen = offers(keeping)
    keeping.use_drawing(LINE)
    keeping.use_drawing(RING)
    keeping.use_reading(LINE, prediction(1, 0.9))
    assert seen == []
    keeping.use_reading(RING, prediction(0, 0.9))
    assert seen == [0]


@pytest.mark.parametrize("drawings", [(LINE, LONGER), (LINE, CROSS), (LONGER, CROSS)])
def test_what_was_read_stands_while_the_drawing_grows(
    keeping: SaveDigitPresenter, drawings: Sequence[Drawing]
) -> None:
    seen = offers(keeping)
    keeping.use_drawing(drawings[0])
    keeping.use_reading(drawings[0], prediction(1, 0.9))
    keeping.use_drawing(drawings[1])
    assert seen == [1]


@pytest.mark.parametrize("next_one", [Drawing(), RING])
def test_the_offer_goes_with_its_drawing(keeping: SaveDigitPresenter, next_one: Drawing) -> None:
    seen = offers(keeping)
    keeping.use_drawing(LINE)
    keeping.use_reading(LINE, prediction(1, 0.9))
    keeping.use_drawing(next_one)
    assert seen == [1, None]


def test_of_a_number_no_digit_is_offered(keeping: SaveDigitPresenter) -> None:
    seen = offers(keeping)
    keeping.use_drawing(LINE)
    keeping.use_reading(LINE, prediction(1, 0.9))
    keeping.use_number()
    assert seen == [1, None]


def test_a_number_is_not_kept_as_one_digit_and_the_user_is_told(
    keeping: SaveDigitPresenter, qtbot: QtBot
) -> None:
    seen = requests(keeping)
    keeping.use_drawing(LINE)
    keeping.use_number()
    with qtbot.waitSignal(keeping.refused):
        keeping.keep(LINE, 2)
    assert seen == []
    keeping.use_drawing(Drawing())
    keeping.use_drawing(LINE)
    keeping.keep(LINE, 1)
    assert len(seen) == 1


def test_a_digit_that_is_not_sure_is_not_offered(keeping: SaveDigitPresenter) -> None:
    seen = offers(keeping)
    keeping.use_drawing(LINE)
    keeping.use_reading(LINE, prediction(1, 0.9))
    keeping.use_reading(LINE, prediction(1, 0.9, likeness=0.0))
    assert seen == [1, None]


def test_it_is_kept_with_what_it_was_read_as(keeping: SaveDigitPresenter) -> None:
    seen = requests(keeping)
    keeping.use_drawing(LINE)
    keeping.use_reading(LINE, prediction(1, 0.75))
    keeping.keep(LINE, 7)
    assert seen == [(LINE, 7, SavedPrediction(1, 0.75, "cnn-fast"))]


def test_what_was_read_of_a_part_is_not_said_of_the_whole(keeping: SaveDigitPresenter) -> None:
    seen = requests(keeping)
    keeping.use_drawing(LINE)
    keeping.use_reading(LINE, prediction(1, 0.75))
    keeping.use_drawing(CROSS)
    keeping.keep(CROSS, 4)
    assert seen == [(CROSS, 4, None)]


def test_one_drawing_is_kept_at_a_time_and_an_empty_one_never(keeping: SaveDigitPresenter) -> None:
    seen = requests(keeping)
    keeping.keep(Drawing(), 1)
    keeping.keep(LINE, 1)
    keeping.keep(LINE, 1)
    assert len(seen) == 1
    keeping.end()
    keeping.keep(RING, 0)
    assert len(seen) == 2
