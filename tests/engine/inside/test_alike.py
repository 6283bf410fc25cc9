from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.inside import alike
from mnist_gui.engine.inside.alike import Alike, AlikeFinder
from mnist_gui.engine.inside.forward import features_and_logits
from mnist_gui.engine.inside.layers import has_hidden_layer
from mnist_gui.engine.inside.set_reader import SetReader
from tests.engine.inside.test_forward import random_images, random_network

CNN = random_network("cnn-lean")
DIGIT = random_images(300)[299]


def dataset(count: int = 120) -> Dataset:
    images = LabelledImages(random_images(count), (np.arange(count) % 10).astype(np.uint8))
    return Dataset("random", images, images, images, "f1")


def answers(events: Any) -> list[Alike]:
    return [each for each in events if isinstance(each, Alike)]


def brute_force(numbers: Any, wanted: Any) -> list[tuple[float, int]]:
    """Return the distances of all, nearest first, each computed by itself."""
    pairs = zip(numbers, range(len(numbers)), strict=True)
    return sorted((float(np.sqrt(((row - wanted) ** 2).sum())), place) for row, place in pairs)[:9]


@pytest.mark.parametrize("architecture", ["cnn-lean", "softmax"])
def test_the_nearest_are_those_of_a_comparison_one_by_one(architecture: str) -> None:
    network, data = random_network(architecture), dataset()
    first, last = answers(AlikeFinder(SetReader()).find(network, data, DIGIT))
    expected = brute_force(data.train.images.reshape(120, -1) / 255, DIGIT.reshape(-1) / 255)
    assert first.seen is None
    for found in (first.pixels, last.pixels):
        assert found.indices.tolist() == [place for _, place in expected]
        assert np.allclose(found.distances, [away for away, _ in expected])
    features, logits = features_and_logits(network, data.train.images)
    wanted = features_and_logits(network, DIGIT[np.newaxis])
    # A network without a hidden layer has nothing else to compare but its scores.
    compared = (features, wanted[0]) if architecture == "cnn-lean" else (logits, wanted[1])
    halves = [each.astype(np.float16).astype(np.float64) for each in compared]
    numbers = halves if architecture == "cnn-lean" else [e.astype(np.float64) for e in compared]
    expected = brute_force(numbers[0], numbers[1][0])
    assert last.seen is not None
    assert last.seen.indices.tolist() == [place for _, place in expected]
    assert np.allclose(last.seen.distances, [away for away, _ in expected], rtol=1e-3)
    assert (last.compared, last.total) == (120, 120)


def test_once_the_set_is_read_a_digit_is_answered_at_once() -> None:
    finder, data = AlikeFinder(SetReader()), dataset()
    assert len(answers(finder.find(CNN, data, DIGIT))) == 2
    (only,) = answers(finder.find(CNN, data, data.train.images[44]))
    assert only.seen is not None
    assert only.seen.indices[0] == only.pixels.indices[0] == 44
    assert only.seen.distances[0] == pytest.approx(0, abs=1e-2)
    # Another network has to read it anew.
    assert len(answers(finder.find(random_network("cnn-lean", seed=7), data, DIGIT))) == 2


def test_a_set_is_read_on_where_another_digit_has_stopped_it() -> None:
    finder, data = AlikeFinder(SetReader()), dataset()
    stopped = finder.find(CNN, data, DIGIT)
    for event in stopped:
        if getattr(event, "done", 0) == 100:
            break
    stopped.close()  # type: ignore[attr-defined]
    events = list(finder.find(CNN, data, DIGIT))
    read = {each.done for each in events if not isinstance(each, Alike)}
    # Of 120 images, in batches of 50.
    assert 120 in read
    assert not {50, 100} & read
    assert answers(events)[-1].seen is not None


def test_of_a_large_set_images_from_all_of_it_are_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alike, "MOST_IMAGES", 40)
    data = dataset()
    last = answers(AlikeFinder(SetReader()).find(CNN, data, data.train.images[57]))[-1]
    assert last.seen is not None
    assert last.pixels.indices[0] == last.seen.indices[0] == 57
    assert (last.compared, last.total) == (40, 120)
    assert {int(each) % 3 for each in last.pixels.indices} == {0}


def test_a_network_with_absurd_weights_is_compared_too() -> None:
    for architecture in ("cnn-lean", "softmax"):
        network = random_network(architecture)
        weights = {name: array * np.float32(1e30) for name, array in network.weights.items()}
        with np.errstate(all="ignore"):
            absurd = replace(network, weights=weights)
            last = answers(AlikeFinder(SetReader()).find(absurd, dataset(), DIGIT))[-1]
        assert last.seen is not None
        assert len(last.seen.indices) == 9
        assert np.isfinite(last.seen.distances).all()


def test_few_images_are_all_alike() -> None:
    last = answers(AlikeFinder(SetReader()).find(CNN, dataset(count=3), DIGIT))[-1]
    assert sorted(last.pixels.indices.tolist()) == [0, 1, 2]


def test_only_softmax_regression_has_no_hidden_layer() -> None:
    layers = {name: has_hidden_layer(name) for name in ("softmax", "cnn", "cnn-lean", "cnn-deep")}
    assert layers == {"softmax": False, "cnn": True, "cnn-lean": True, "cnn-deep": True}
