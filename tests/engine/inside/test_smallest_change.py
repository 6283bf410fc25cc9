from collections.abc import Generator
from typing import TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.inside.forward import layer_outputs
from mnist_gui.engine.inside.smallest_change import (
    Goal,
    SmallestChanges,
    Way,
    fast_gradient,
    fewest_pixels,
)
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.inside.test_forward import random_network

T = TypeVar("T")


def result(steps: Generator[None, None, T]) -> T:
    """Run a generator to its end; return what it returns."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            returned: T = stop.value
            return returned


def linear_network(kernel: NDArray[np.float32], bias: list[float]) -> Snapshot:
    """A softmax regression with these weights (784, 10)."""
    weights = {"output/kernel": kernel, "output/bias": np.array(bias, np.float32)}
    return Snapshot(RECIPES["softmax-tutorial"], 1, weights)


def blind_network() -> Snapshot:
    """A network that says 3 of everything."""
    return linear_network(np.zeros((784, 10), np.float32), [0, 0, 0, 5, 0, 0, 0, 0, 0, 0])


def digit() -> NDArray[np.uint8]:
    image = np.zeros((28, 28), np.uint8)
    image[5:23, 9:19] = np.random.default_rng(2).integers(0, 256, (18, 10))
    return image


def read(network: Snapshot, images: NDArray[np.uint8]) -> list[int]:
    """What Keras reads in images (n, 28, 28)."""
    digits: list[int] = Classifier().probabilities(network, images).argmax(axis=1).tolist()
    return digits


def read_one(network: Snapshot, image: NDArray[np.uint8]) -> int:
    return read(network, image[np.newaxis])[0]


@pytest.mark.parametrize("architecture", ["softmax", "cnn-lean"])
@pytest.mark.parametrize("target", [None, 4])
def test_keras_reads_the_changed_image_otherwise_and_needs_each_pixel(
    architecture: str, target: int | None
) -> None:
    network, image = random_network(architecture, seed=12), digit()
    before = read_one(network, image)
    assert before != target
    change = result(fewest_pixels(network, image, Goal(before, target)))
    assert change is not None
    changed = image != change.image
    assert np.argwhere(changed).tolist() == sorted(change.pixels.tolist())
    assert set(change.image[changed].tolist()) <= {0, 255}
    after = read_one(network, change.image)
    assert after == change.digit
    assert after == target if target is not None else after != before
    undone = np.repeat(change.image[np.newaxis], len(change.pixels), axis=0)
    for each, (row, column) in zip(undone, change.pixels, strict=True):
        each[row, column] = image[row, column]
    for again in read(network, undone):
        assert again != target if target is not None else again == before
    shares = Classifier().probabilities(network, change.image[np.newaxis])[0]
    assert change.probability == pytest.approx(float(shares[after]), abs=1e-4)


def test_of_a_network_that_can_be_worked_out_by_hand_the_fewest_are_found() -> None:
    kernel = np.zeros((784, 10), np.float32)
    # A 3 until there is more ink than 1.5 at the pixels that speak for a 7: two of them will do.
    kernel[[30, 31, 32, 33], 7] = 0.6, 0.7, 0.9, 0.5
    kernel[40:60, 8] = 0.1
    network = linear_network(kernel, [0, 0, 0, 1.55, 0, 0, 0, 0, 0, 0])
    image = np.zeros((28, 28), np.uint8)
    change = result(fewest_pixels(network, image, Goal(3)))
    assert change is not None
    assert sorted(change.pixels.tolist()) == [[1, 3], [1, 4]]
    assert change.digit == 7
    assert change.is_fewest
    eight = result(fewest_pixels(network, image, Goal(3, 8)))
    assert eight is not None
    assert len(eight.pixels) == 16
    assert not eight.is_fewest


def test_ink_is_taken_away_where_it_speaks_for_the_digit() -> None:
    kernel = np.zeros((784, 10), np.float32)
    kernel[100, 3] = 2.0
    network = linear_network(kernel, [0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
    image = np.zeros((28, 28), np.uint8)
    image[100 // 28, 100 % 28] = 255
    change = result(fewest_pixels(network, image, Goal(3)))
    assert change is not None
    assert change.pixels.tolist() == [[3, 16]]
    assert change.digit == 5
    assert not change.image.any()


def test_what_no_change_brings_about_is_not_found() -> None:
    for goal in (Goal(3), Goal(3, 8)):
        assert result(fewest_pixels(blind_network(), digit(), goal)) is None
        assert result(fast_gradient(blind_network(), digit(), goal)) is None


def test_the_fast_gradient_needs_the_levels_that_a_sum_says() -> None:
    random = np.random.default_rng(1)
    kernel = np.zeros((784, 10), np.float32)
    kernel[:, 4] = random.normal(0, 0.01, 784)
    network = linear_network(kernel, [-9, -9, -9, 0, 0, -9, -9, -9, -9, -9])
    # Of a middle grey nothing is clipped.
    image = np.full((28, 28), 128, np.uint8)
    margin = -float(kernel[:, 4].sum()) * 128 / 255
    bias = np.array([-9, -9, -9, 1 - margin, 0, -9, -9, -9, -9, -9], np.float32)
    network = linear_network(kernel, bias.tolist())
    change = result(fast_gradient(network, image, Goal(3)))
    assert change is not None
    # The 3 leads by 1; each level brings the 4 nearer by the sizes of its weights.
    per_level = float(np.abs(kernel[:, 4]).sum()) / 255
    assert change.levels == int(np.ceil(1.01 / per_level))
    assert change.digit == 4
    assert np.array_equal(change.signs, np.sign(kernel[:, 4]).reshape(28, 28))


@pytest.mark.parametrize("target", [None, 4])
def test_the_fast_gradient_changes_no_more_than_it_must(target: int | None) -> None:
    network, image = random_network("cnn-lean", seed=12), digit()
    before = read_one(network, image)
    change = result(fast_gradient(network, image, Goal(before, target)))
    assert change is not None
    assert read_one(network, change.image) == change.digit
    assert change.digit == target if target is not None else change.digit != before
    for levels in range(1, change.levels):
        less = (image + levels * change.signs.astype(np.int64)).clip(0, 255).astype(np.uint8)
        logits = layer_outputs(network, less[np.newaxis])[-1]
        assert Goal(before, target).margins(logits)[0] < 0.01
    difference = change.image.astype(np.int64) - image
    assert np.abs(difference).max() <= change.levels


def test_the_table_has_each_changed_pixel_of_each_way() -> None:
    kernel = np.zeros((784, 10), np.float32)
    kernel[100, 3] = 2.0
    network = linear_network(kernel, [0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
    image = np.zeros((28, 28), np.uint8)
    image[3, 16] = 255
    change = result(fewest_pixels(network, image, Goal(3)))
    changes = SmallestChanges(image, 3, 0.5, {Way.PIXELS: change, Way.STROKE: None})
    lines = changes.csv().decode().splitlines()
    assert lines[0] == "way,row,column,before,after,read as,probability"
    assert len(lines) == 2
    assert lines[1].startswith("pixels,3,16,255,0,5,0.")
