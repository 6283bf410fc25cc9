"""A Keras file's layers are compared with those of the network that its weights fit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras import layers

from mnist_gui.engine.errors import ExchangeError, FileFormatError
from mnist_gui.engine.exchange.foreign_layers import ForeignLayer, described
from mnist_gui.engine.exchange.import_weights import import_network
from mnist_gui.engine.exchange.keras_layers import keras_layers
from mnist_gui.engine.inside.forward import features_and_logits, softmax
from tests.refusals import refused

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file:UserWarning"),
]
IMAGES = np.random.default_rng(5).integers(0, 256, (4, 28, 28), np.uint8)


def lean(
    *,
    activation: str = "relu",
    pooling: Any = layers.MaxPooling2D,
    order: str = "cpna",
    epsilon: float = 1e-3,
    bias: bool = False,
    strides: int = 1,
    first: tuple[Any, ...] = (),
) -> Any:
    """Return the lean CNN in another program's words, with random weights and statistics.

    `order` is that of convolution, pooling, normalization and activation.
    """
    keras.utils.set_random_seed(4)
    makers: dict[str, Callable[[int, int], Any]] = {
        "c": lambda maps, side: layers.Conv2D(maps, side, strides=strides, use_bias=bias),
        "p": lambda *_: pooling(2),
        "n": lambda *_: layers.BatchNormalization(epsilon=epsilon),
        "a": lambda *_: layers.Activation(activation),
    }
    blocks = [makers[each](*sizes) for sizes in ((16, 5), (32, 3)) for each in order]
    end = [
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(64, activation=activation),
        layers.Dense(10, activation="softmax"),
    ]
    model = keras.Sequential([keras.Input((28, 28, 1)), *first, *blocks, *end])
    random = np.random.default_rng(6)
    given = [random.normal(0, 0.1, each.shape) + (each.ndim == 1) for each in model.get_weights()]
    model.set_weights(given)
    return model


def assert_read_as_keras_reads_it(model: Any, path: Path, *, scale: float = 1 / 255) -> None:
    model.save(path)
    snapshot = import_network(path)
    _, logits = features_and_logits(snapshot, IMAGES)
    wanted = model.predict(IMAGES[..., np.newaxis] * np.float32(scale), verbose=0)
    np.testing.assert_allclose(softmax(logits), wanted, atol=2e-5)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"activation": "softsign"}, "its layer softsign is not of a kind"),
        ({"first": (layers.Lambda(abs),)}, "its layer Lambda is not of a kind"),
        ({"order": "cpnan"}, "its layer BatchNormalization is not of a kind"),
    ],
)
def test_a_layer_of_another_kind_is_named(
    tmp_path: Path, options: dict[str, Any], found: str
) -> None:
    lean(**options).save(tmp_path / "net.keras")
    with refused(ExchangeError, match=rf"cannot be used.*{found} that can be read here, or not"):
        import_network(tmp_path / "net.keras")


@pytest.mark.parametrize("name", ["net.keras", "net.h5"])
def test_an_activation_is_found_in_either_format(tmp_path: Path, name: str) -> None:
    assert_read_as_keras_reads_it(lean(activation="tanh", order="cnap"), tmp_path / name)
    network = import_network(tmp_path / name).recipe.network
    assert network == "conv5x16-pool-norm-tanh conv3x32-pool-norm-tanh dense64-tanh"


@pytest.mark.parametrize(
    "options",
    [
        {"order": "cnap"},
        {"epsilon": 1e-5},
        {"bias": True},
        {"bias": True, "order": "cnap", "epsilon": 1e-2},
        {"bias": True, "order": "cpa"},
        {"bias": True, "order": "cap"},
        {"first": (layers.Rescaling(2.0, offset=-1.0), layers.Rescaling(0.5))},
    ],
    ids=str,
)
def test_what_only_looks_different_is_read_as_keras_reads_it(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    assert_read_as_keras_reads_it(lean(**options), tmp_path / "net.keras")


def test_the_older_format_is_read_as_keras_reads_it(tmp_path: Path) -> None:
    model = lean(epsilon=1e-5, first=(layers.Rescaling(2.0, offset=-1.0),))
    assert_read_as_keras_reads_it(model, tmp_path / "net.h5")


def test_a_normalization_that_turns_round_stays_before_pooling(tmp_path: Path) -> None:
    model = lean(order="cnap")
    normalization = model.layers[1]
    gamma, *others = normalization.get_weights()
    gamma[3] = -1
    normalization.set_weights([gamma, *others])
    assert_read_as_keras_reads_it(model, tmp_path / "net.keras")
    network = import_network(tmp_path / "net.keras").recipe.network
    assert network == "conv5x16-norm-pool conv3x32-norm-pool dense64"


def test_layers_that_branch_are_refused(tmp_path: Path) -> None:
    images = keras.Input((28, 28, 1))
    flat = layers.Flatten()(images)
    digits = layers.Dense(10)(flat)
    keras.Model(images, layers.Add()([digits, digits])).save(tmp_path / "net.keras")
    with refused(ExchangeError, match="do not follow one another in one row"):
        import_network(tmp_path / "net.keras")


def test_a_model_within_a_model_is_one_row(tmp_path: Path) -> None:
    images = keras.Input((28, 28, 1))
    inner = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)])
    outputs = layers.Softmax()(inner(layers.Rescaling(1 / 127.5, offset=-1)(images)))
    assert_read_as_keras_reads_it(keras.Model(images, outputs), tmp_path / "net.keras")


def equal_layers() -> Any:
    """Return a model whose layers of one shape have names in another order than theirs."""
    keras.utils.set_random_seed(8)
    given = keras.Input((28, 28, 1))
    inner = [layers.Flatten(), *(layers.Dense(16, "tanh", name=name) for name in ("z", "q", "b"))]
    outer = [layers.Dense(16, "relu", name=name) for name in ("q", "dense", "in")]
    numbers = keras.Sequential([given, *inner], name="part")(given)
    for layer in (*outer, layers.Dense(10, name="last"), layers.Softmax()):
        numbers = layer(numbers)
    return keras.Model(given, numbers)


@pytest.mark.parametrize("name", ["net.keras", "net.h5"])
def test_layers_of_one_shape_keep_their_order(tmp_path: Path, name: str) -> None:
    assert_read_as_keras_reads_it(equal_layers(), tmp_path / name)


def test_layers_of_one_shape_without_their_order_are_refused(tmp_path: Path) -> None:
    equal_layers().save(tmp_path / "net.h5")
    with h5py.File(tmp_path / "net.h5", "r+") as file:
        file.move("model_weights/in", "model_weights/other")
    with refused(ExchangeError, match="of one shape, and does not tell which of them is the first"):
        import_network(tmp_path / "net.h5")


def test_what_describes_no_model_describes_no_layers() -> None:
    for content in (b"", b"{", b"[]", b'{"config": {"layers": 3}}', b"[" * 99_999):
        assert keras_layers(content) is None


@pytest.mark.parametrize(
    "name",
    [
        "Conv2D(3x3, same, strides=0)",
        "Conv2D(0x0, valid)",
        "Conv2D(29x29, valid)",
        f"Conv2D({'9' * 5_000}x3, valid)",
        "MaxPooling2D(2x2, strides=0)",
        f"MaxPooling2D({'9' * 5_000}x2)",
    ],
    ids=lambda name: name[:30],
)
def test_sizes_that_cannot_be_are_refused(name: str) -> None:
    row = (ForeignLayer("Conv2D(3x3, same)", 4), ForeignLayer(name, 4), ForeignLayer("Dense", 10))
    with refused(FileFormatError, match=r"its layer \w+2D\(.*is not of a kind"):
        described(row)


def test_values_that_cannot_be_are_refused() -> None:
    layer = {"class_name": "Rescaling", "config": {"scale": 1e999}}
    model = {"class_name": "Sequential", "config": {"layers": [layer]}}
    with refused(FileFormatError, match="a value that cannot be, scale"):
        keras_layers(json.dumps(model))
