"""Networks of the same layers in other sizes: imported, saved, and read as Keras reads them."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from mnist_gui.engine.architectures import ARCHITECTURES, find_architecture
from mnist_gui.engine.errors import ExchangeError, ModelFileError, RecipeError
from mnist_gui.engine.exchange import predict
from mnist_gui.engine.exchange.conventions import applied, without
from mnist_gui.engine.exchange.export_process import write_network
from mnist_gui.engine.exchange.images import Convention, Numbers
from mnist_gui.engine.exchange.import_weights import import_network
from mnist_gui.engine.exchange.recognition import open_network
from mnist_gui.engine.inside.filters import first_layer
from mnist_gui.engine.inside.forward import features_and_logits, softmax
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot, save_snapshot
from mnist_gui.engine.plan import find_plan
from mnist_gui.engine.recipe import usual_recipe
from mnist_gui.words.imports import report
from tests.engine.exchange.onnx_writer import Writer
from tests.engine.exchange.test_torch_file import assert_read_alike
from tests.engine.inside.test_forward import OTHERS, random_images, random_network
from tests.refusals import refused

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
IMAGES = random_images(4)
NAMES = (
    "dense32",
    "conv3x8-pool conv4x12-pool-norm dense20",
    "norm conv3x6 conv5x7-same-norm conv1x5-pool",
    *OTHERS,
)


def of_keras(*body: Any) -> Any:
    """Return a model with these layers between the image and the ten, with random weights."""
    keras.utils.set_random_seed(4)
    end = (layers.Flatten(), layers.Dropout(0.5), layers.Dense(10, activation="softmax"))
    model = keras.Sequential([keras.Input((28, 28, 1)), *body, *end])
    random = np.random.default_rng(6)
    given = [random.normal(0, 0.1, each.shape) + (each.ndim == 1) for each in model.get_weights()]
    model.set_weights(given)
    return model


MODELS = {
    # As Keras' own example has it, https://keras.io/examples/vision/mnist_convnet.
    "conv3x32-pool conv3x64-pool": lambda: of_keras(
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
    ),
    # As TensorFlow's quickstart has it.
    "dense128": lambda: of_keras(layers.Flatten(), layers.Dense(128, activation="relu")),
    "conv3x8-norm conv3x9-same-pool-norm dense30": lambda: of_keras(
        layers.Conv2D(8, 3),
        layers.BatchNormalization(epsilon=1e-5),
        layers.ReLU(),
        layers.Conv2D(9, 3, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.Activation("relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(30, activation="relu"),
    ),
}


MODELS |= {
    # As LeNet-5 is written today.
    "conv5x6-same-tanh-avgpool conv5x16-tanh-avgpool dense120-tanh dense84-tanh": lambda: of_keras(
        layers.Conv2D(6, 5, padding="same", activation="tanh"),
        layers.AveragePooling2D(2),
        layers.Conv2D(16, 5, activation="tanh"),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dense(120, activation="tanh"),
        layers.Dense(84, activation="tanh"),
    ),
    # Strides in place of pooling and a normalization after ReLU, as in many entries on Kaggle.
    "conv3x6-relu-norm conv5x6-stride2-same-relu-norm conv4x8-relu-norm dense16-relu-norm": (
        lambda: of_keras(
            layers.Conv2D(6, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(6, 5, strides=2, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.Dropout(0.4),
            layers.Conv2D(8, 4, activation="relu"),
            layers.BatchNormalization(epsilon=1e-5),
            layers.Flatten(),
            layers.Dense(16, activation="relu"),
            layers.BatchNormalization(),
        )
    ),
    "conv3x6-norm-leaky0.3 conv3x8-stride2-elu conv3x8-same-pool3by2-silu-avgpool5": lambda: (
        of_keras(
            layers.Conv2D(6, 3),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.3),
            layers.Conv2D(8, 3, strides=2),
            layers.ELU(),
            layers.Conv2D(8, 3, padding="same"),
            layers.MaxPooling2D(3, strides=2),
            layers.Activation("swish"),
            layers.GlobalAveragePooling2D(),
        )
    ),
    "conv4x5-same-leaky0.2 conv3x4-gelu-pool26 dense9-linear dense8-sigmoid": lambda: of_keras(
        layers.Conv2D(5, 4, padding="same", activation="leaky_relu"),
        layers.Conv2D(4, 3, activation="gelu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(9),
        layers.Dense(8, activation="sigmoid"),
    ),
    "conv5x3-relu6 conv5x4-stride3-relu6 dense9-selu dense8-softplus": lambda: of_keras(
        layers.Conv2D(3, 5, activation="relu6"),
        layers.Conv2D(4, 5, strides=3),
        layers.ReLU(6),
        layers.Flatten(),
        layers.Dense(9, activation="selu"),
        layers.Dense(8, activation="softplus"),
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_keras_file_is_read_as_keras_reads_it(tmp_path: Path, name: str) -> None:
    model = MODELS[name]()
    model.save(tmp_path / "net.keras")
    snapshot = import_network(tmp_path / "net.keras")
    assert snapshot.recipe.network == name
    wanted = model.predict(IMAGES[..., np.newaxis] * np.float32(1 / 255), verbose=0)
    np.testing.assert_allclose(softmax(features_and_logits(snapshot, IMAGES)[1]), wanted, atol=1e-5)
    np.testing.assert_allclose(Classifier().probabilities(snapshot, IMAGES), wanted, atol=1e-5)


@pytest.mark.parametrize("has_bias", [True, False])
def test_a_normalization_at_the_end_goes_into_the_weights(tmp_path: Path, has_bias: bool) -> None:
    end = (layers.Dense(10, use_bias=has_bias), layers.BatchNormalization(epsilon=0.01))
    row = (layers.Flatten(), layers.Dense(9, "relu"), layers.BatchNormalization(), *end)
    model = keras.Sequential([keras.Input((28, 28, 1)), *row, layers.Softmax()])
    random = np.random.default_rng(8)
    given = [
        random.normal(0, 0.1, each.shape) if each.ndim > 1 else random.uniform(0.1, 0.9, each.shape)
        for each in model.get_weights()
    ]
    model.set_weights(given)
    wanted = model.predict(IMAGES[..., np.newaxis] * np.float32(1 / 255), verbose=0)
    for name in ("net.keras", "net.h5"):
        model.save(tmp_path / name)
        snapshot = import_network(tmp_path / name)
        assert snapshot.recipe.network == "dense9-relu-norm"
        read = softmax(features_and_logits(snapshot, IMAGES)[1])
        np.testing.assert_allclose(read, wanted, atol=1e-5)
    assert 0.15 < wanted.max() < 0.98


def test_of_a_sigmoid_at_the_end_the_numbers_before_it_are_used(tmp_path: Path) -> None:
    """As in the network that many begin with: 784, 30, 10."""
    row = (layers.Flatten(), layers.Dense(30, "sigmoid"), layers.Dense(10, "sigmoid"))
    model = keras.Sequential([keras.Input((28, 28, 1)), *row])
    model.save(tmp_path / "net.keras")
    snapshot, found = open_network(tmp_path / "net.keras")
    assert snapshot.recipe.network == "dense30-sigmoid"
    wanted = model.predict(IMAGES[..., np.newaxis] * np.float32(1 / 255), verbose=0)
    logits = features_and_logits(snapshot, IMAGES)[1]
    np.testing.assert_allclose(1 / (1 + np.exp(-logits)), wanted, atol=1e-5)
    assert found is not None
    assert "the percentages differ from those of its own program, the digits do not" in report(
        found
    )
    of_keras().save(tmp_path / "net.keras")
    found = open_network(tmp_path / "net.keras")[1]
    assert found is not None
    assert "percentages" not in report(found)


@pytest.mark.parametrize("name", NAMES)
def test_an_onnx_file_is_read(tmp_path: Path, name: str) -> None:
    given = random_network(name)
    (tmp_path / "net.onnx").write_bytes(Writer(given).content())
    assert_read_alike(tmp_path / "net.onnx", given)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_saved_and_opened_again(tmp_path: Path, name: str) -> None:
    given = random_network(name)
    save_snapshot(tmp_path / "net.mnistgui", given)
    opened = load_snapshot(tmp_path / "net.mnistgui")
    assert opened.recipe == given.recipe
    assert all(np.array_equal(opened.weights[n], a) for n, a in given.weights.items())
    wanted = softmax(features_and_logits(given, IMAGES)[1] / given.temperature)
    np.testing.assert_allclose(Classifier().probabilities(opened, IMAGES), wanted, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("turned", [False, True])
def test_it_can_be_made_for_other_images(name: str, turned: bool) -> None:
    given = random_network(name)
    changed = without(Convention(Numbers.INVERTED, turned), given)
    back = without(Convention(Numbers.INVERTED, turned), changed)
    found, wanted = (features_and_logits(each, IMAGES)[1] for each in (back, given))
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-3)
    inverted = 255 - (IMAGES.transpose(0, 2, 1) if turned else IMAGES)
    assert np.array_equal(applied(Convention(), inverted), inverted / np.float32(255))
    found = features_and_logits(changed, inverted)[1]
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-3)


def test_padding_goes_with_a_normalization_of_the_image() -> None:
    given = random_network("conv3x4-same dense8")
    changed = without(Convention(Numbers.SIGNED), given)
    assert changed.recipe.network == "norm conv3x4-same dense8"


@pytest.mark.parametrize("name", [*NAMES, *MODELS])
def test_a_name_says_all_of_it(name: str) -> None:
    plan = find_plan(name)
    assert plan is not None
    assert plan.name == name
    assert usual_recipe(name).network == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "norm",
        "dense0",
        "conv3x8  dense9",
        "dense9999 dense999",
        "dense9 conv3x8",
        "conv3x8-relu",
        "conv3x8-tanh-elu",
        "conv3x8-pool3by4",
        "conv3x8-pool7by2",
        "conv3x8-pool2",
        "conv3x8-stride4",
        "conv3x8-leaky1.5",
        "conv3x8-leaky0.30",
        "dense9-pool",
        "conv03x8",
        "conv13x8",
        "conv11x8 conv11x8 conv11x8",
        "conv3x999-same conv3x999",
        " ".join(["conv1x2"] * 13),
        "conv\u0663x8",
    ],
)
def test_what_is_too_large_or_no_network_has_no_architecture(name: str) -> None:
    assert find_architecture(name) is None
    with pytest.raises(RecipeError):
        usual_recipe("cnn").__class__(
            name="x", network=name, optimizer="adam", learning_rate=0.1, batch_size=1, steps=1
        )


@pytest.mark.parametrize(
    ("layer", "found"),
    [
        (layers.Conv2D(7, 3, activation="softsign"), "its layer softsign is not of a kind"),
        (layers.ReLU(5), r"its layer ReLU\(bounded\) is not of a kind"),
        (layers.SeparableConv2D(4, 3), "its layer SeparableConv2D is not of a kind"),
        (layers.Conv2D(4, 3, dilation_rate=2), r"valid, dilation_rate=\[2, 2\]\) is not of a kind"),
        (layers.MaxPooling2D(5, padding="same"), r"MaxPooling2D\(5x5, same\) is not of a kind"),
        (layers.Conv2D(8, 1, strides=2), r"Conv2D\(1x1, valid, strides=2\) is not of a kind"),
        (layers.Conv2D(12, 12), r"its layer Conv2D\(12x12, valid\) is not of a kind"),
        (
            keras.Sequential([layers.Conv2D(1_200, 1), layers.GlobalMaxPooling2D()]),
            "its layers, conv1x1200-pool28-linear, are more or larger",
        ),
    ],
    ids=str,
)
def test_layers_of_other_kinds_are_refused_by_name(tmp_path: Path, layer: Any, found: str) -> None:
    of_keras(layer).save(tmp_path / "net.keras")
    with refused(ExchangeError, match=found):
        import_network(tmp_path / "net.keras")


def test_an_archive_of_another_architecture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.mnistgui"
    save_snapshot(path, random_network("dense32"))
    path.write_bytes(path.read_bytes().replace(b"dense32", b"dense33"))
    with refused(ModelFileError, match=r"net\.mnistgui cannot be used"):
        load_snapshot(path)


@pytest.mark.parametrize("name", OTHERS)
def test_plain_weights_say_their_layers_and_are_read_by_the_script(
    tmp_path: Path, name: str
) -> None:
    given = random_network(name)
    write_network(tmp_path / "net.npz", given)
    wanted = Classifier().probabilities(given, IMAGES)
    read = predict.open_network(tmp_path / "net.npz")
    found = read(IMAGES[..., np.newaxis] * np.float32(1 / 255))
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    imported = import_network(tmp_path / "net.npz")
    assert imported.recipe.network == name
    np.testing.assert_allclose(Classifier().probabilities(imported, IMAGES), wanted, atol=1e-5)


def test_weights_that_name_other_layers_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "net.npz", network=np.array("dense9"), kernel=np.zeros((784, 8), "<f4"))
    with refused(ExchangeError, match="its arrays fit none of the networks here, dense9"):
        import_network(tmp_path / "net.npz")


def test_the_first_layer_with_a_kernel_is_shown_first() -> None:
    assert first_layer(random_network("cnn-normalized")).images.shape == (32, 5, 5)
    assert first_layer(random_network("dense32")).images.shape == (32, 28, 28)


def test_the_names_of_the_recipes_say_no_sizes() -> None:
    assert not any(find_plan(name) for name in ARCHITECTURES)
