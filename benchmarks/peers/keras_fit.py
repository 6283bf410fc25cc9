"""Keras on TensorFlow as a newcomer writes it: NumPy arrays, `compile` and `fit`."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers
from keras.initializers import Constant, TruncatedNormal

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.recipe import Recipe


def train(
    dataset: Dataset,
    recipe: Recipe,
    note: Callable[[int], bool],
    steps_per_execution: int,
    *,
    jit_compile: bool | str = "auto",
) -> None:
    """Train, telling `note` of the steps done, until it returns False."""
    images = dataset.train.images[..., np.newaxis].astype(np.float32) / 255
    labels = dataset.train.labels.astype(np.int32)
    model = keras.Sequential([keras.Input((28, 28, 1)), *_LAYERS[recipe.network]()])
    model.compile(
        optimizer=_OPTIMIZERS[recipe.optimizer](recipe.learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
        jit_compile=jit_compile,
    )

    def end_batch(batch: int, logs: Any) -> None:  # noqa: ARG001 - called by keyword
        if not note(steps_per_execution):
            model.stop_training = True

    watch = keras.callbacks.LambdaCallback(on_train_batch_end=end_batch)
    # Or else Keras would wait for it, which it does not do without callbacks.
    watch.async_safe = True
    model.fit(images, labels, batch_size=recipe.batch_size, epochs=1_000, callbacks=[watch])


def _softmax() -> list[Any]:
    return [layers.Flatten(), layers.Dense(10, activation="softmax", kernel_initializer="zeros")]


def _cnn() -> list[Any]:
    start = {"kernel_initializer": TruncatedNormal(stddev=0.1), "bias_initializer": Constant(0.1)}
    return [
        layers.Conv2D(32, 5, padding="same", activation="relu", **start),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 5, padding="same", activation="relu", **start),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(1024, activation="relu", **start),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax", **start),
    ]


_LAYERS = {"softmax": _softmax, "cnn": _cnn}
_OPTIMIZERS = {"gradient-descent": keras.optimizers.SGD, "adam": keras.optimizers.Adam}
