import numpy as np
import pytest

from mnist_gui.engine.inside.neighbours import NeighbourFinder
from mnist_gui.engine.inside.progress import ViewProgress
from tests.engine.inside.finished import finished


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32])
def test_the_nearest_are_those_of_a_comparison_with_every_image(dtype: type[np.generic]) -> None:
    random = np.random.default_rng(5)
    numbers = (200 * random.random((1_700, 30))).astype(dtype)
    finder = NeighbourFinder(numbers)
    for _ in range(5):
        wanted = 200 * random.random(30)
        away = [float(np.linalg.norm(row.astype(np.float64) - wanted)) for row in numbers]
        expected = sorted(range(1_700), key=away.__getitem__)[:9]
        found = finished(finder.nearest(wanted, 9))
        assert found.indices.tolist() == expected
        assert np.allclose(found.distances, [away[each] for each in expected])


def test_an_image_of_the_set_is_nearest_to_itself_and_copies_come_in_their_order() -> None:
    numbers = np.random.default_rng(6).integers(0, 256, (300, 784), dtype=np.uint8)
    numbers[[250, 40, 99]] = numbers[7]
    found = finished(NeighbourFinder(numbers).nearest(numbers[7].astype(np.float32), 5))
    assert found.indices[:4].tolist() == [7, 40, 99, 250]
    assert found.distances[:4].tolist() == [0, 0, 0, 0]
    assert found.distances[4] > 0


def test_of_fewer_images_all_are_found() -> None:
    numbers = np.arange(6, dtype=np.float16).reshape(3, 2)
    assert finished(NeighbourFinder(numbers).nearest(np.zeros(2), 9)).indices.tolist() == [0, 1, 2]


def test_a_large_set_is_searched_in_slices() -> None:
    work = NeighbourFinder(np.zeros((40_000, 4), np.uint8)).nearest(np.zeros(4), 9)
    assert sum(isinstance(each, ViewProgress) for each in work) > 80


def test_numbers_that_are_far_larger_than_the_others_spoil_nothing() -> None:
    random = np.random.default_rng(7)
    numbers = random.normal(size=(900, 20)).astype(np.float16)
    numbers[5], numbers[:, 3], numbers[:, 4] = 60_000, 0, np.arange(900) % 2
    wanted = random.normal(size=20)
    away = np.linalg.norm(numbers.astype(np.float64) - wanted, axis=1)
    found = finished(NeighbourFinder(numbers).nearest(wanted, 9))
    assert found.indices.tolist() == np.argsort(away, kind="stable")[:9].tolist()


def test_what_is_computed_exactly_is_little() -> None:
    """That is why it is fast."""
    random = np.random.default_rng(8)
    numbers = random.normal(size=(3_000, 64)).astype(np.float16)
    events = list(NeighbourFinder(numbers).nearest(random.normal(size=64), 9))
    last = events[-1]
    assert isinstance(last, ViewProgress)
    assert 9 <= last.total < 100
