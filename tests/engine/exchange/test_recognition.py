"""What an imported network was trained on is found by what it reads of validation images."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.exchange.conventions import applied
from mnist_gui.engine.exchange.images import CONVENTIONS, OURS, Convention
from mnist_gui.engine.exchange.import_weights import Foreign
from mnist_gui.engine.exchange.recognition import open_network, recognize
from mnist_gui.engine.inside.forward import features_and_logits, softmax
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.words.imports import report, warning
from tests.engine.inside.test_forward import random_network

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


NAMED = {each.name: each for each in CONVENTIONS}


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return load_dataset()


def trained(model: Any, images: LabelledImages, convention: Convention, epochs: int = 1) -> Any:
    """Train on images in their convention, with Keras alone."""
    model.compile("adam", "sparse_categorical_crossentropy")
    given = applied(convention, images.images)[..., np.newaxis]
    model.fit(given, images.labels, batch_size=50, epochs=epochs, shuffle=False, verbose=0)
    return model


def regression() -> Any:
    keras.utils.set_random_seed(1)
    return keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")]
    )


def convolutional(activation: str = "relu") -> Any:
    """Return the tutorial's network, as its many followers write it."""
    keras.utils.set_random_seed(1)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 5, padding="same", activation=activation),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 5, padding="same", activation=activation),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(1024, activation=activation),
            layers.Dense(10, activation="softmax"),
        ]
    )


def assert_recognized(model: Any, path: Path, mnist: Dataset, convention: Convention) -> None:
    """Check that the convention is found, and that the network reads as Keras does in it."""
    snapshot, found = open_network(path, mnist)
    assert found is not None
    assert found.snapshot is snapshot
    assert found.convention == convention
    images = mnist.validation.first(found.images)
    wanted = model.predict(applied(convention, images.images)[..., np.newaxis], verbose=0)
    assert found.accuracy == pytest.approx((wanted.argmax(1) == images.labels).mean(), abs=0.003)
    _, logits = features_and_logits(snapshot, images.images[:100])
    np.testing.assert_allclose(softmax(logits), wanted[:100], atol=5e-4)


@pytest.mark.parametrize(
    "name", ["as-is", "inverted", "standardised", "signed", "transposed", "inverted-transposed"]
)
def test_a_single_layers_images_are_found(tmp_path: Path, mnist: Dataset, name: str) -> None:
    convention = NAMED[name]
    model = trained(regression(), mnist.train.first(5_000), convention, epochs=3)
    np.savez(tmp_path / "net.npz", *model.get_weights())
    assert_recognized(model, tmp_path / "net.npz", mnist, convention)


@pytest.mark.parametrize(
    ("activation", "name", "count"),
    [
        ("relu", "bytes", 6_000),
        ("tanh", "standardised", 12_000),
        ("tanh", "inverted-transposed", 6_000),
    ],
)
def test_images_and_activation_of_dense_layers_are_found_together(
    tmp_path: Path, mnist: Dataset, activation: str, name: str, count: int
) -> None:
    """A file of arrays alone tells neither."""
    keras.utils.set_random_seed(1)
    row = (layers.Dense(48, activation), layers.Dense(10, "softmax"))
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), *row])
    trained(model, mnist.train.first(count), NAMED[name], epochs=2)
    np.savez(tmp_path / "net.npz", *model.get_weights())
    assert_recognized(model, tmp_path / "net.npz", mnist, NAMED[name])
    _, found = open_network(tmp_path / "net.npz", mnist)
    assert found is not None
    assert found.activation == ("" if activation == "relu" else activation)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["standardised", "inverted-transposed"])
def test_the_tutorials_images_are_found(tmp_path: Path, mnist: Dataset, name: str) -> None:
    convention = NAMED[name]
    model = trained(convolutional(), mnist.train.first(6_000), convention)
    model.save(tmp_path / "net.keras")
    assert_recognized(model, tmp_path / "net.keras", mnist, convention)


@pytest.mark.slow
def test_an_activation_is_guessed_where_the_file_does_not_name_it(
    tmp_path: Path, mnist: Dataset
) -> None:
    model = trained(convolutional("tanh"), mnist.train.first(6_000), OURS)
    np.savez(tmp_path / "net.npz", *model.get_weights())
    _, found = open_network(tmp_path / "net.npz", mnist)
    assert found is not None
    assert (found.convention, found.activation) == (OURS, "tanh")
    assert found.with_relu < 0.9 <= found.accuracy
    assert "name its activations. tanh is used: with ReLU it would" in report(found)
    assert not warning(found)


@pytest.mark.parametrize(("network", "is_named"), [("dense9", True), ("mine", False), ("", False)])
def test_only_a_network_that_is_known_names_activations(network: str, is_named: bool) -> None:
    assert Foreign({}, network=network).names_activations is is_named


def test_what_was_done_is_said_in_sentences(tmp_path: Path, mnist: Dataset) -> None:
    inverted = NAMED["inverted"]
    model = trained(regression(), mnist.train.first(2_000), inverted, epochs=2)
    np.savez(tmp_path / "net.npz", *model.get_weights())
    _, found = open_network(tmp_path / "net.npz", mnist)
    assert found is not None
    said = report(found)
    assert said.startswith("It reads ")
    assert " % of 1,000 validation images of MNIST right. It was trained on inverted images" in said
    assert said.endswith(
        "That is few: it may have been trained for a short time, for other images, "
        "or with other layers."
    )


def test_a_convention_that_is_given_is_used(mnist: Dataset) -> None:
    network, wanted = random_network("softmax"), NAMED["bytes"]
    assert recognize(network, "MNIST", mnist.validation, wanted).convention == wanted


def test_chance_is_no_sign_of_other_images(mnist: Dataset) -> None:
    for seed in range(8):
        network = random_network("softmax", seed)
        found = recognize(network, "MNIST", mnist.validation)
        assert found.convention == OURS
        assert found.snapshot is network
        assert found.is_doubtful


def test_a_network_of_ours_is_taken_as_it_is(tmp_path: Path) -> None:
    save_snapshot(tmp_path / "net.mnistgui", random_network("softmax"))
    _, found = open_network(tmp_path / "net.mnistgui")
    assert found is None
