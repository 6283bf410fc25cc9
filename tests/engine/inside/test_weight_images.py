import numpy as np
import pytest

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.forward import layer_outputs
from mnist_gui.engine.inside.layers import LayerKind, network_layers
from mnist_gui.engine.inside.weight_images import (
    Order,
    WeightChoice,
    layers_with_images,
    weight_images,
    weights_csv,
)
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.inside.test_forward import OTHERS, random_images, random_network


@pytest.mark.parametrize(
    ("architecture", "layers"),
    [
        ("softmax", ["output"]),
        ("cnn", ["convolution_1", "convolution_2", "hidden", "output"]),
        ("cnn-deep", [*(f"convolution_{place}" for place in range(1, 5)), "output"]),
    ],
)
def test_the_layers_with_a_kernel_have_images(architecture: str, layers: list[str]) -> None:
    assert [each.weights for each in layers_with_images(architecture)] == layers


@pytest.mark.parametrize("architecture", [*ARCHITECTURES, *OTHERS])
def test_dense_weights_lie_where_the_numbers_that_they_weigh_come_from(architecture: str) -> None:
    """What a unit adds up is the sum over its folded weights times the maps that it reads."""
    snapshot = random_network(architecture)
    layers = network_layers(architecture)
    outputs = layer_outputs(snapshot, random_images(1))
    for place, layer in enumerate(layers):
        if layer.kind not in (LayerKind.HIDDEN, LayerKind.OUTPUT):
            continue
        weights = weight_images(snapshot, WeightChoice(layer.weights))
        biases = np.float32(0) if weights.biases is None else weights.biases
        if weights.is_of_units:
            units, (rows, columns) = outputs[place - 1][0], weights.images.shape[1:]
            read = np.pad(units, (0, rows * columns - len(units))).reshape(1, rows, columns)
        else:
            assert layers[place - 1].kind is LayerKind.FLATTEN
            read = np.moveaxis(outputs[place - 2][0], -1, 0)
        sums = np.array([np.vdot(unit, read) for unit in weights.folded]) + biases
        expected = outputs[place][0]
        sums = sums.clip(min=0) if layer.is_rectified else sums
        assert np.allclose(sums, expected, rtol=1e-3, atol=1e-3 * np.abs(expected).max())


def test_filters_are_seen_for_one_input_map_or_added_up_over_all() -> None:
    snapshot = random_network("cnn-deep")
    kernel = snapshot.weights["convolution_2/kernel"]
    one = weight_images(snapshot, WeightChoice("convolution_2", 7))
    assert one.maps == 32
    assert np.array_equal(one.images[5], kernel[:, :, 7, 5])
    added = weight_images(snapshot, WeightChoice("convolution_2"))
    assert np.allclose(added.images[5], kernel[:, :, :, 5].sum(axis=2), atol=1e-6)
    source, row, column = added.strongest(5)
    assert abs(kernel[row, column, source, 5]) == np.abs(kernel[..., 5]).max()


def test_all_maps_are_on_one_scale_that_one_weight_of_100_exceeds() -> None:
    snapshot = random_network("cnn-deep")
    kernel = np.abs(snapshot.weights["convolution_2/kernel"])
    scales = {weight_images(snapshot, WeightChoice("convolution_2", map_)).scale for map_ in (0, 9)}
    assert len(scales) == 1
    assert np.mean(kernel > scales.pop()) == pytest.approx(0.01, abs=1e-3)


def test_a_choice_that_another_network_does_not_offer_becomes_the_nearest() -> None:
    weights = weight_images(random_network("softmax"), WeightChoice("hidden", 40, Order.DIGIT))
    assert weights.choice == WeightChoice("output", None, Order.NUMBER)
    lean = weight_images(random_network("cnn-lean"), WeightChoice("hidden", 40, Order.DIGIT))
    assert lean.choice == WeightChoice("hidden", None, Order.DIGIT)


def filters(*images: list[list[float]]) -> Snapshot:
    """Return a network of whose first filters only these are not 0, each in its upper left."""
    snapshot = random_network("cnn-lean")
    kernel = np.zeros_like(snapshot.weights["convolution_1/kernel"])
    for place, image in enumerate(images):
        kernel[: len(image), : len(image), 0, place] = image
    return Snapshot(snapshot.recipe, 1, {**snapshot.weights, "convolution_1/kernel": kernel})


def test_the_largest_image_comes_first_whatever_its_sign() -> None:
    snapshot = filters([[1.0]], [[-3.0]], [[2.0]])
    order = weight_images(snapshot, WeightChoice("convolution_1", None, Order.SIZE)).order
    assert order[:3] == (1, 2, 0)
    assert sorted(order) == list(range(16))


def test_each_image_is_beside_the_one_that_is_most_like_it() -> None:
    snapshot = filters([[1, 0], [0, 0]], [[0, 0], [0, 1]], [[5, 1], [0, 0]], [[1, 0], [0, 3]])
    order = weight_images(snapshot, WeightChoice("convolution_1", None, Order.SIMILARITY)).order
    assert order[:4] == (2, 0, 3, 1)
    assert sorted(order) == list(range(16))


def test_hidden_units_are_sorted_by_the_digit_that_they_speak_for_most() -> None:
    snapshot = random_network("cnn-lean")
    votes = snapshot.weights["output/kernel"]
    order = weight_images(snapshot, WeightChoice("hidden", None, Order.DIGIT)).order
    keys = [(int(votes[unit].argmax()), -votes[unit].max()) for unit in order]
    assert keys == sorted(keys)
    assert len(set(order)) == 64


def test_weights_that_are_not_finite_count_as_nothing() -> None:
    snapshot = random_network("softmax")
    kernel = snapshot.weights["output/kernel"].copy()
    kernel[0, :3] = [np.nan, np.inf, -np.inf]
    broken = Snapshot(snapshot.recipe, 1, {**snapshot.weights, "output/kernel": kernel})
    weights = weight_images(broken, WeightChoice("output", None, Order.SIMILARITY))
    assert not weights.images[:3, 0, 0].any()
    assert np.isfinite(weights.scale)


def test_numbers_are_written_one_image_as_it_is_or_all_in_a_list() -> None:
    weights = weight_images(filters([[0.1, -2], [3, 4]]), WeightChoice("convolution_1"))
    assert weights_csv(weights, 0).decode().splitlines()[:2] == [
        "0.100000001,-2,0,0,0",
        "3,4,0,0,0",
    ]
    head, first, second, *_ = weights_csv(weights).decode().splitlines()
    assert (head, first, second) == (
        "image,row,column,weight",
        "0,0,0,0.100000001",
        "0,0,1,-2",
    )
