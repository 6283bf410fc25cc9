import numpy as np
import pytest

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.filters import (
    Direction,
    FirstLayer,
    Pattern,
    find_pattern,
    first_layer,
)
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot

PLACES = np.arange(5) - 2.0
X, Y = np.meshgrid(PLACES, PLACES)
"""Y points down, as on the screen."""


@pytest.mark.parametrize(
    ("image", "found"),
    [
        (X * 0, (Pattern.NOTHING, None)),
        (X * 0 + 1, (Pattern.INK, None)),
        (X * 0 - 1, (Pattern.PAPER, None)),
        (np.sign(X), (Pattern.EDGE, Direction.UPRIGHT)),
        (-np.sign(Y), (Pattern.EDGE, Direction.LEVEL)),
        (np.sign(X + Y), (Pattern.EDGE, Direction.RISING)),
        (np.sign(Y - X), (Pattern.EDGE, Direction.FALLING)),
        (2.0 - np.abs(X) * 1.5, (Pattern.LINE, Direction.UPRIGHT)),
        (np.abs(Y) * 1.5 - 2, (Pattern.GAP, Direction.LEVEL)),
        (1.2 - np.abs(X - Y), (Pattern.LINE, Direction.FALLING)),
        (1.2 - np.abs(X + Y), (Pattern.LINE, Direction.RISING)),
        (3.6 - X**2 - Y**2, (Pattern.SPOT, None)),
        (X**2 + Y**2 - 3.6, (Pattern.HOLE, None)),
        (np.cos(np.pi * X), (Pattern.STRIPES, Direction.UPRIGHT)),
        (np.eye(5)[[2, 4, 1, 3, 0]] - 0.2, (Pattern.MIXED, None)),
    ],
)
def test_a_pattern_is_called_by_what_it_looks_like(
    image: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    found: tuple[Pattern, Direction | None],
) -> None:
    assert find_pattern(image.astype(np.float32)) == found


def snapshot(recipe: str) -> Snapshot:
    """Return a network whose weights of each layer count up from 0."""
    chosen = RECIPES[recipe]
    shapes = chosen.architecture.weight_shapes
    weights = {
        name: np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
        for name, shape in shapes.items()
    }
    return Snapshot(chosen, 1, weights)


def test_softmax_regression_has_an_image_for_each_digit() -> None:
    layer = first_layer(snapshot("softmax-tutorial"))
    assert layer.is_per_digit
    assert layer.images.shape == (10, 28, 28)
    # The weight from pixel (row, column) to a digit.
    assert layer.images[7, 3, 5] == (3 * 28 + 5) * 10 + 7
    assert layer.biases is not None
    assert layer.biases[7] == 7


@pytest.mark.parametrize("recipe", ["cnn-tutorial", "cnn-fast", "cnn-best"])
def test_a_cnn_has_the_filters_of_its_first_convolution(recipe: str) -> None:
    network = snapshot(recipe)
    side, _, _, filters = ARCHITECTURES[network.recipe.network].weight_shapes[
        "convolution_1/kernel"
    ]
    layer = first_layer(network)
    assert not layer.is_per_digit
    assert layer.images.shape == (filters, side, side)
    assert layer.images[3, 2, 1] == (2 * side + 1) * filters + 3


def test_weights_that_are_not_finite_count_as_nothing() -> None:
    network = snapshot("softmax-tutorial")
    network.weights["output/kernel"][0] = [np.nan, np.inf, -np.inf, *range(7)]
    layer = first_layer(network)
    assert not layer.images[:3, 0, 0].any()
    assert np.isfinite(layer.scale)


def test_one_weight_of_100_is_beyond_the_scale_whatever_its_sign() -> None:
    images = -np.arange(101, dtype=np.float32).reshape(1, 1, 101)
    assert FirstLayer("convolution_1", images, None).scale == 99
