"""Files that Keras itself wrote, of networks that were built and trained elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from mnist_gui.engine.exchange.import_weights import import_network
from mnist_gui.engine.models.classifier import Classifier

pytestmark = [
    pytest.mark.slow,
    # Keras hands its variables to h5py, which asks them for more than they know of NumPy 2.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    # Its older format, which is asked for here.
    pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file:UserWarning"),
]
IMAGES = np.random.default_rng(5).integers(0, 256, (8, 28, 28), np.uint8)


def softmax() -> Any:
    """Written with the functional interface, and with a scaling of its own."""
    images = keras.Input((28, 28, 1))
    flat = layers.Flatten()(layers.Rescaling(1.0)(images))
    return keras.Model(images, layers.Dense(10, activation="softmax")(flat))


def tutorial() -> Any:
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(1024, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )


def lean() -> Any:
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 5, use_bias=False),
            layers.MaxPooling2D(),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2D(32, 3, use_bias=False),
            layers.MaxPooling2D(),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def written(model: Any, folder: Path) -> list[Path]:
    """Write a model in all the ways there are."""
    np.savez(folder / "net.npz", *model.get_weights())
    model.save_weights(folder / "net.weights.h5")
    model.save(folder / "net.h5")
    model.save(folder / "net.keras")
    return sorted(folder.iterdir())


@pytest.mark.parametrize("build", [softmax, tutorial, lean])
def test_each_is_read_as_keras_reads_it(tmp_path: Path, build: Callable[[], Any]) -> None:
    model = build()
    model.compile("adam", "sparse_categorical_crossentropy")
    given = IMAGES[..., np.newaxis].astype(np.float32) / 255
    model.fit(given, np.arange(8), epochs=3, verbose=0)
    wanted = model.predict(given, verbose=0)
    classifier = Classifier()
    paths = written(model, tmp_path)
    assert len(paths) == 4
    for path in paths:
        read = classifier.probabilities(import_network(path), IMAGES)
        np.testing.assert_allclose(read, wanted, atol=1e-5, err_msg=path.name)
