from math import prod

import numpy as np
import pytest

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.layers import LayerKind
from mnist_gui.engine.inside.passage import Passage, Unit, layer_csv, pass_image
from mnist_gui.engine.inside.unit import (
    Largest,
    Loss,
    Share,
    WeightedSum,
    arithmetic,
    evidence,
    source,
    target,
    trace,
)
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.inside.test_forward import OTHERS, random_images, random_network

Network = pytest.mark.parametrize("architecture", [*ARCHITECTURES, *OTHERS])


def passage_of(architecture: str, temperature: float = 0.5) -> Passage:
    """Return how a random image passes a random network."""
    snapshot = random_network(architecture)
    snapshot = Snapshot(snapshot.recipe, 1, snapshot.weights, temperature)
    image = random_images(1)[0]
    # Some paper, so that there are products of 0 too.
    image[:, 18:] = 0
    return pass_image(snapshot, image)


def some_units(shape: tuple[int, ...], count: int = 40) -> list[Unit]:
    """Return the first and the last unit of a layer and some in between."""
    chosen = np.linspace(0, prod(shape) - 1, count).astype(int)
    return [tuple(int(each) for each in np.unravel_index(place, shape)) for place in chosen]


@Network
def test_what_is_written_out_for_a_unit_is_what_the_layer_gives(architecture: str) -> None:
    passage = passage_of(architecture)
    for place, layer in enumerate(passage.layers):
        size = float(np.abs(passage.outputs[place]).max())
        for unit in some_units(layer.shape):
            written = arithmetic(passage, place, unit).result
            assert written == pytest.approx(passage.value(place, unit), rel=1e-5, abs=1e-5 * size)


@Network
def test_the_last_layers_give_what_keras_gives(architecture: str) -> None:
    import keras
    import tensorflow as tf

    from mnist_gui.engine.models.networks import (
        build_network,
        set_network_weights,
        to_network_input,
    )

    passage = passage_of(architecture)
    network = build_network(architecture)
    set_network_weights(network, passage.snapshot.calibrated_weights)
    logits = network(to_network_input(passage.image[np.newaxis]), training=False)
    assert [layer.kind for layer in passage.layers[-3:]] == [
        LayerKind.TEMPERATURE,
        LayerKind.SOFTMAX,
        LayerKind.LOSS,
    ]
    assert np.allclose(passage.outputs[-3], np.asarray(logits)[0], rtol=1e-3, atol=1e-3)
    shares = np.asarray(keras.ops.softmax(logits))[0]
    assert np.allclose(passage.probabilities, shares, rtol=1e-2, atol=1e-5)
    for label in range(10):
        labels = tf.constant([label])
        loss = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
        assert passage.value(-1, (label,)) == pytest.approx(float(loss[0]), rel=1e-2, abs=1e-2)


def test_without_a_temperature_no_number_is_divided() -> None:
    passage = passage_of("cnn-lean", 1.0)
    kinds = [layer.kind for layer in passage.layers]
    assert LayerKind.TEMPERATURE not in kinds
    assert kinds[-3:] == [LayerKind.OUTPUT, LayerKind.SOFTMAX, LayerKind.LOSS]
    assert passage.probabilities.sum() == pytest.approx(1)


def test_a_convolution_at_the_edge_counts_what_is_beyond_it_as_nothing() -> None:
    passage = passage_of("cnn")
    how = arithmetic(passage, 1, (0, 27, 3))
    assert isinstance(how, WeightedSum)
    assert how.window is not None
    assert (how.window.top, how.window.right) == (-2, 30)
    assert not how.values[:2].any()
    assert not how.values[:, 3:].any()
    assert np.array_equal(how.values[2:, :3, 0], passage.outputs[0][:3, 25:, 0])


def test_softmax_is_exponentials_their_sum_and_quotients() -> None:
    passage = passage_of("softmax")
    how = arithmetic(passage, len(passage.layers) - 2, (4,))
    assert isinstance(how, Share)
    powers = [2.718281828459045 ** (each - max(how.values)) for each in how.values]
    assert how.powers == pytest.approx(powers)
    assert how.total == pytest.approx(sum(powers))
    assert how.result == pytest.approx(powers[4] / sum(powers))


def test_the_loss_of_a_probability_too_small_to_hold_is_still_right() -> None:
    snapshot = random_network("softmax")
    weights = {name: np.zeros_like(array) for name, array in snapshot.weights.items()}
    weights["output/bias"][2] = 2_000
    passage = pass_image(Snapshot(snapshot.recipe, 1, weights), random_images(1)[0])
    how = arithmetic(passage, len(passage.layers) - 1, (3,))
    assert isinstance(how, Loss)
    assert how.probability == 0
    assert how.result == passage.value(-1, (3,)) == 2_000
    assert passage.value(-1, (2,)) == 0


@Network
def test_a_number_is_followed_back_to_what_counts_most_for_it(architecture: str) -> None:
    passage = passage_of(architecture)
    for place, layer in enumerate(passage.layers[1:], 1):
        for unit in some_units(layer.shape, 12):
            how, before = arithmetic(passage, place, unit), source(passage, place, unit)
            value = passage.value(place - 1, before)
            if isinstance(how, Largest):
                assert value == how.result
            elif isinstance(how, WeightedSum):
                largest = np.abs(how.products).max()
                kernel = passage.snapshot.weights[f"{layer.weights}/kernel"]
                top = 0 if how.window is None else how.window.top
                left = 0 if how.window is None else how.window.left
                at = before if len(before) == 1 else (before[0] - top, before[1] - left, before[2])
                weight = kernel[(*at, unit[-1])]
                assert abs(value * weight) == pytest.approx(largest, rel=1e-5)


@Network
def test_a_number_is_followed_on_to_one_that_is_computed_from_it(architecture: str) -> None:
    passage = passage_of(architecture)
    for place, layer in enumerate(passage.layers[:-1]):
        for unit in some_units(layer.shape, 12):
            after = passage.layers[place + 1]
            reached = target(passage, place, unit)
            assert all(0 <= at < size for at, size in zip(reached, after.shape, strict=True))
            how = arithmetic(passage, place + 1, reached)
            if isinstance(how, WeightedSum) and how.window is not None:
                row, column = unit[0] - how.window.top, unit[1] - how.window.left
                assert how.values[row, column, unit[2]] == passage.value(place, unit)


@Network
def test_a_trace_leads_from_a_pixel_through_the_unit_to_a_loss(architecture: str) -> None:
    passage = passage_of(architecture)
    middle = len(passage.layers) // 2
    unit = some_units(passage.layers[middle].shape)[7]
    units = trace(passage, middle, unit)
    assert len(units) == len(passage.layers)
    assert units[middle] == unit
    for place in range(1, middle + 1):
        assert units[place - 1] == source(passage, place, units[place])
    for place in range(middle, len(units) - 1):
        assert units[place + 1] == target(passage, place, units[place])


def test_pixel_times_weight_is_the_evidence_for_each_digit() -> None:
    passage = passage_of("softmax")
    shares = evidence(passage, 2)
    assert shares is not None
    weights = passage.snapshot.weights["output/kernel"].reshape(28, 28, 10)
    assert shares[5, 7, 3] == pytest.approx(passage.image[5, 7] / 255 * weights[5, 7, 3])
    sums = shares.sum(axis=(0, 1)) + passage.snapshot.weights["output/bias"]
    assert np.allclose(sums, passage.outputs[2], rtol=1e-4, atol=1e-4)


@Network
def test_evidence_adds_up_to_the_outputs_of_every_layer_that_reads_maps(architecture: str) -> None:
    passage = passage_of(architecture)
    with_maps = 0
    for place, layer in enumerate(passage.layers):
        shares = evidence(passage, place)
        if shares is not None:
            with_maps += 1
            sums = shares.sum(axis=(0, 1)) + passage.snapshot.weights[f"{layer.weights}/bias"]
            if layer.is_rectified:
                sums = np.maximum(sums, 0)
            assert np.allclose(sums, passage.outputs[place], rtol=1e-3, atol=1e-3)
    # Where a map is a single pixel, there is nothing to see.
    flat = next(each for each in passage.layers if each.kind is LayerKind.FLATTEN)
    assert with_maps == (flat.inputs[0] > 1)


def test_a_layer_is_written_as_a_table() -> None:
    passage = passage_of("cnn-lean")
    lines = layer_csv(passage.layers[1], passage.outputs[1]).decode().splitlines()
    assert lines[0] == "map,row,column,value"
    assert len(lines) == 1 + 24 * 24 * 16
    assert lines[1 + 24 * 24 + 25].startswith("2,1,1,")
    assert float(lines[1 + 24 * 24 + 25].split(",")[3]) == pytest.approx(
        passage.value(1, (1, 1, 1)), rel=1e-6
    )
    hidden = layer_csv(passage.layers[10], passage.outputs[10]).decode().splitlines()
    assert (hidden[0], hidden[1][:2], len(hidden)) == ("unit,value", "1,", 65)
    digits = layer_csv(passage.layers[11], passage.outputs[11]).decode().splitlines()
    assert (digits[0], digits[1][:2], len(digits)) == ("digit,value", "0,", 11)
