import pytest

from mnist_gui.engine.inside.layout import BoxSizes, fit_tiles, place_boxes

SIZES = BoxSizes(narrowest=80, widest=160, below=60, flat=64, head=100, gap=20)


@pytest.mark.parametrize("count", [3, 9, 17])
@pytest.mark.parametrize("width", [300, 520, 740, 1080, 1900, 3000])
def test_boxes_stay_inside_the_width_and_apart(count: int, width: int) -> None:
    diagram = place_boxes(count, width, SIZES)
    assert len(diagram.places) == count
    for place in diagram.places:
        assert place.x >= 0
        assert place.x + place.width <= width + 0.01
        assert place.y + place.height <= diagram.height + 0.01
    assert min(place.width for place in diagram.places) >= SIZES.narrowest
    for one, other in zip(diagram.places, diagram.places[1:], strict=False):
        assert other.x >= one.x + one.width + 19 or other.y >= one.y + one.height + 19


def test_a_wide_diagram_lies_and_a_narrow_one_stands() -> None:
    assert place_boxes(9, 1900, SIZES).columns == 9
    # Two lines of large boxes rather than one of small ones.
    assert place_boxes(17, 1900, SIZES).columns == 9
    # As even as can be: 9 and 8, not 10 and 7.
    assert place_boxes(17, 1100, SIZES).columns == 9
    assert place_boxes(17, 400, SIZES).is_vertical
    # Three boxes need no more than three columns.
    assert not place_boxes(3, 400, SIZES).is_vertical


def test_tiles_are_as_large_as_fit() -> None:
    assert fit_tiles(10, (520, 260), (40, 200), (4, 30)) == (5, 100)
    assert fit_tiles(10, (520, 5000), (40, 200), (4, 30)) == (2, 200)
    assert fit_tiles(32, (100, 100), (40, 200), (4, 30)) == (2, 40)


def test_tiles_fill_their_lines_where_they_can() -> None:
    # In four columns they would be larger, with two in the last line.
    assert fit_tiles(10, (1120, 840), (36, 260), (8, 24)) == (5, 216)
    # In a narrow room, too, none stands alone.
    assert fit_tiles(10, (140, 100), (36, 260), (8, 24)) == (2, 36)
