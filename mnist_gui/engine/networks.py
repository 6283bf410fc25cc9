"""The networks as Keras models; each reads like its diagram."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architecture import IMAGE_SIDE

if TYPE_CHECKING:
    import keras

# Keras' names for a recipe's precisions: bfloat16 computes, the weights stay float32.
_POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}


def build_network(
    name: str, *, dropout: float = 0.0, seed: int = 0, precision: str = "float32"
) -> "keras.Model":
    """Return the named architecture, freshly initialised from `seed`.

    Its input is images (n, 28, 28, 1), float 0..1; its output logits (n, 10), float32.
    The policy is given to each layer, because Keras' global one differs from thread to thread.
    """
    builders = {"softmax": _build_softmax, "cnn": _build_cnn}
    return builders[name](dropout, seed, _POLICIES[precision])


def _build_softmax(_dropout: float, _seed: int, policy: str) -> "keras.Model":
    """Softmax regression of the TensorFlow tutorial "MNIST for ML beginners"."""
    from keras import Input, Sequential, layers

    return Sequential(
        [
            Input((IMAGE_SIDE, IMAGE_SIDE, 1)),
            layers.Flatten(dtype=policy),
            layers.Dense(10, kernel_initializer="zeros", dtype=policy, name="output"),
            layers.Activation("linear", dtype="float32"),
        ],
        name="softmax",
    )


def _build_cnn(dropout: float, seed: int, policy: str) -> "keras.Model":
    """The convolutional network of the TensorFlow tutorial "Deep MNIST for experts"."""
    from keras import Input, Sequential, layers
    from keras.initializers import Constant, TruncatedNormal

    seeds = iter(np.random.SeedSequence(seed).generate_state(5).tolist())

    def start() -> dict[str, Any]:
        return {
            "kernel_initializer": TruncatedNormal(stddev=0.1, seed=next(seeds)),
            "bias_initializer": Constant(0.1),
            "dtype": policy,
        }

    # ReLU and max pooling commute; pooling first leaves a quarter of the numbers to rectify.
    return Sequential(
        [
            Input((IMAGE_SIDE, IMAGE_SIDE, 1)),
            layers.Conv2D(32, 5, padding="same", name="convolution_1", **start()),
            layers.MaxPooling2D(2, dtype=policy),
            layers.ReLU(dtype=policy),
            layers.Conv2D(64, 5, padding="same", name="convolution_2", **start()),
            layers.MaxPooling2D(2, dtype=policy),
            layers.ReLU(dtype=policy),
            layers.Flatten(dtype=policy),
            layers.Dense(1024, activation="relu", name="hidden", **start()),
            layers.Dropout(dropout, seed=next(seeds), dtype=policy),
            layers.Dense(10, name="output", **start()),
            layers.Activation("linear", dtype="float32"),
        ],
        name="cnn",
    )


def network_weights(network: "keras.Model") -> dict[str, NDArray[np.float32]]:
    """Return a copy of the network's weights by the names of its architecture."""
    return {_weight_name(weight): weight.numpy() for weight in network.trainable_variables}


def set_network_weights(network: "keras.Model", weights: Mapping[str, NDArray[np.float32]]) -> None:
    """Give the network these weights, by the names of its architecture."""
    for weight in network.trainable_variables:
        weight.assign(weights[_weight_name(weight)])


def _weight_name(weight: Any) -> str:
    # Keras puts the model's name before the layer's.
    return str(weight.path).split("/", 1)[1]
