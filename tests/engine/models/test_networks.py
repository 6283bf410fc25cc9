import numpy as np
import pytest

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.models.networks import build_network, network_weights, set_network_weights


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_network_has_the_weights_that_its_architecture_lists(name: str) -> None:
    shapes = {key: array.shape for key, array in network_weights(build_network(name)).items()}
    assert shapes == dict(ARCHITECTURES[name].weight_shapes)


# The first two as the tutorial counts them; all as README's table gives them.
PARAMETERS = {
    "softmax": 7_850,
    "cnn": 3_274_634,
    "cnn-normalized": 3_274_636,
    "cnn-lean": 57_018,
    "cnn-deep": 141_930,
}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_training_adjusts_this_many_parameters(name: str) -> None:
    trained = build_network(name).trainable_variables
    assert sum(variable.numpy().size for variable in trained) == PARAMETERS[name]
    assert ARCHITECTURES[name].parameters == PARAMETERS[name]


def test_softmax_regression_starts_with_zeros() -> None:
    assert not any(array.any() for array in network_weights(build_network("softmax")).values())


def test_the_cnn_starts_with_truncated_normal_weights_and_biases_of_a_tenth() -> None:
    weights = network_weights(build_network("cnn", seed=3))
    kernel = weights["hidden/kernel"]
    assert abs(kernel).max() <= 0.2
    # A normal distribution cut at two standard deviations keeps 0.8796 of its spread.
    assert kernel.std() == pytest.approx(0.1 * 0.8796, rel=0.01)
    assert np.all(weights["hidden/bias"] == np.float32(0.1))


def test_a_seed_gives_the_same_start_and_another_one_another() -> None:
    first, again, other = (
        network_weights(build_network("cnn", seed=seed))["output/kernel"] for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("seed", [0, 2**31 - 1])
def test_the_least_and_the_largest_seed_of_a_recipe_start_as_any_other(seed: int) -> None:
    kernel = network_weights(build_network("cnn", seed=seed))["hidden/kernel"]
    assert kernel.std() == pytest.approx(0.1 * 0.8796, rel=0.01)


def test_weights_that_are_set_are_the_ones_that_are_read() -> None:
    network = build_network("softmax")
    weights = {
        "output/kernel": np.ones((784, 10), np.float32),
        "output/bias": np.arange(10, dtype=np.float32),
    }
    set_network_weights(network, weights)
    assert np.array_equal(network_weights(network)["output/bias"], weights["output/bias"])


def test_logits_are_float32_in_every_precision() -> None:
    image = np.zeros((1, 28, 28, 1), np.float32)
    for precision in ("float32", "bfloat16"):
        assert build_network("cnn", precision=precision)(image).dtype == "float32"


def test_pooling_before_relu_gives_what_the_tutorials_order_gives() -> None:
    import keras

    ours = build_network("cnn", seed=1)
    image = keras.Input((28, 28, 1))
    x = keras.layers.Conv2D(32, 5, padding="same", activation="relu", name="convolution_1")(image)
    x = keras.layers.MaxPooling2D(2)(x)
    x = keras.layers.Conv2D(64, 5, padding="same", activation="relu", name="convolution_2")(x)
    x = keras.layers.Flatten()(keras.layers.MaxPooling2D(2)(x))
    x = keras.layers.Dense(1024, activation="relu", name="hidden")(x)
    tutorial = keras.Model(image, keras.layers.Dense(10, name="output")(x))
    tutorial.set_weights([variable.numpy() for variable in ours.trainable_variables])
    images = np.random.default_rng(1).random((8, 28, 28, 1), np.float32)
    assert np.allclose(ours(images), tutorial(images), atol=1e-4)


@pytest.mark.parametrize("name", ["cnn", "cnn-lean", "conv5x4-stride2-relu-norm dense9-norm"])
def test_the_network_that_is_trained_reads_as_the_one_that_is_used(name: str) -> None:
    trained, used = build_network(name, seed=1, for_training=True), build_network(name, seed=2)
    set_network_weights(used, network_weights(trained))
    images = np.random.default_rng(0).random((4, 28, 28, 1), np.float32)
    assert np.allclose(trained(images), used(images), atol=1e-4)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_normalization_fused_for_training_learns_what_keras_own_does(precision: str) -> None:
    import tensorflow as tf

    images = np.random.default_rng(0).random((32, 28, 28, 1), np.float32)
    learnt = []
    for for_training in (True, False):
        network = build_network("cnn-deep", seed=1, precision=precision, for_training=for_training)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(network(images, training=True) ** 2)
        learnt.append([*tape.gradient(loss, network.trainable_variables), *network.variables])
    tolerance = {"float32": 1e-4, "bfloat16": 5e-2}[precision]
    for fused, plain in zip(*([np.asarray(each) for each in side] for side in learnt), strict=True):
        assert np.linalg.norm(fused - plain) <= tolerance * np.linalg.norm(plain)
