"""The networks as Keras models, layer by layer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import IMAGE_SIDE

if TYPE_CHECKING:
    import keras


# Keras' names for a recipe's precisions: bfloat16 computes, the weights stay float32.
_POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}


@cache
def batched_dense() -> "type[keras.layers.Dense]":
    """Return a Dense layer that multiplies its matrices as a batch of one.

    The gradient to its input is a product with the kernel transposed, for which TensorFlow's
    batched kernel takes half as long as its plain one: 2.9 in place of 6.3 ms for the tutorial's
    hidden layer, in float32 on two cores. Its weights are Dense's, and so are their names.
    """
    from keras import layers, ops

    class BatchedDense(layers.Dense):  # type: ignore[misc,unused-ignore]
        """Dense, with the product as a batch of one."""

        def call(self, inputs: Any, training: bool | None = None) -> Any:  # noqa: ARG002 - Keras'
            """Return the activation of inputs (n, features): (n, units)."""
            batch = ops.matmul(ops.expand_dims(inputs, 0), ops.expand_dims(self.kernel, 0))
            return self.activation(ops.squeeze(batch, 0) + self.bias)

    return BatchedDense


def build_network(
    name: str,
    *,
    dropout: float = 0.0,
    seed: int = 0,
    precision: str = "float32",
    for_training: bool = False,
) -> "keras.Model":
    """Return the named architecture, freshly initialised from `seed`.

    Its input is images (n, 28, 28, 1), float 0..1; its output logits (n, 10), float32. The one
    `for_training` learns faster; the other consists of Keras' own layers only.
    The policy is given to each layer, because Keras' global one differs from thread to thread.
    """
    builders = {
        "softmax": _build_softmax,
        "cnn": _build_cnn,
        "cnn-lean": _build_lean_cnn,
        "cnn-deep": _build_deep_cnn,
    }
    return builders[name](_Wishes(dropout, seed, _POLICIES[precision], for_training))


def scaled(images: Any) -> Any:
    """Turn images (n, 28, 28), 0..255, into a network's input (n, 28, 28, 1) float 0..1."""
    import tensorflow as tf

    return tf.cast(images, tf.float32)[..., tf.newaxis] * (1 / 255)


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What is wanted of a network besides its architecture."""

    dropout: float
    seed: int
    policy: str
    for_training: bool

    @property
    def hidden_layer(self) -> "type[keras.layers.Dense]":
        """The class of the hidden layer."""
        from keras import layers

        return batched_dense() if self.for_training else layers.Dense

    def seeds(self, count: int) -> Iterator[int]:
        """Return so many seeds for a network's layers."""
        return iter(np.random.SeedSequence(self.seed).generate_state(count).tolist())


def _build_softmax(wishes: _Wishes) -> "keras.Model":
    """Softmax regression of the TensorFlow tutorial "MNIST for ML beginners"."""
    from keras import Input, Sequential, layers

    policy = wishes.policy
    return Sequential(
        [
            Input((IMAGE_SIDE, IMAGE_SIDE, 1)),
            layers.Flatten(dtype=policy),
            layers.Dense(10, kernel_initializer="zeros", dtype=policy, name="output"),
            layers.Activation("linear", dtype="float32"),
        ],
        name="softmax",
    )


def _build_cnn(wishes: _Wishes) -> "keras.Model":
    """The convolutional network of the TensorFlow tutorial "Deep MNIST for experts"."""
    from keras import Input, Sequential, layers
    from keras.initializers import Constant, TruncatedNormal

    seeds, policy = wishes.seeds(5), wishes.policy

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
            wishes.hidden_layer(1024, activation="relu", name="hidden", **start()),
            layers.Dropout(wishes.dropout, seed=next(seeds), dtype=policy),
            layers.Dense(10, name="output", **start()),
            layers.Activation("linear", dtype="float32"),
        ],
        name="cnn",
    )


def _build_lean_cnn(wishes: _Wishes) -> "keras.Model":
    """A small network that learns in seconds: normalised, and without padding."""
    from keras import Input, Sequential, layers
    from keras.initializers import HeNormal

    seeds, policy = wishes.seeds(4), wishes.policy
    return Sequential(
        [
            Input((IMAGE_SIDE, IMAGE_SIDE, 1)),
            *_normalized_convolution(1, 16, 5, (next(seeds), policy), pooled=True),
            *_normalized_convolution(2, 32, 3, (next(seeds), policy), pooled=True),
            layers.Flatten(dtype=policy),
            wishes.hidden_layer(
                64,
                activation="relu",
                kernel_initializer=HeNormal(seed=next(seeds)),
                dtype=policy,
                name="hidden",
            ),
            *_output(next(seeds), policy),
        ],
        name="cnn-lean",
    )


def _build_deep_cnn(wishes: _Wishes) -> "keras.Model":
    """Four normalised convolutions without a hidden dense layer: few weights, most accurate."""
    from keras import Input, Sequential, layers

    seeds, policy = wishes.seeds(5), wishes.policy
    return Sequential(
        [
            Input((IMAGE_SIDE, IMAGE_SIDE, 1)),
            *_normalized_convolution(1, 32, 5, (next(seeds), policy), pooled=True),
            *_normalized_convolution(2, 64, 3, (next(seeds), policy), padding="same"),
            *_normalized_convolution(3, 64, 3, (next(seeds), policy), pooled=True),
            *_normalized_convolution(4, 128, 3, (next(seeds), policy)),
            layers.Flatten(dtype=policy),
            *_output(next(seeds), policy),
        ],
        name="cnn-deep",
    )


def _normalized_convolution(
    place: int,
    channels: int,
    side: int,
    start: tuple[int, str],
    *,
    padding: str = "valid",
    pooled: bool = False,
) -> list["keras.Layer"]:
    """Convolution, 2x2 max pooling if wanted, batch normalization, ReLU.

    `start` is the seed of the weights and the policy.
    """
    from keras import layers
    from keras.initializers import HeNormal

    seed, policy = start
    pooling = [layers.MaxPooling2D(2, dtype=policy)] if pooled else []
    return [
        layers.Conv2D(
            channels,
            side,
            padding=padding,
            use_bias=False,
            kernel_initializer=HeNormal(seed=seed),
            dtype=policy,
            name=f"convolution_{place}",
        ),
        *pooling,
        layers.BatchNormalization(momentum=0.9, dtype=policy, name=f"normalization_{place}"),
        layers.ReLU(dtype=policy),
    ]


def _output(seed: int, policy: str) -> list["keras.Layer"]:
    """Ten logits, float32 in every precision."""
    from keras import layers
    from keras.initializers import GlorotUniform

    start = GlorotUniform(seed=seed)
    return [
        layers.Dense(10, kernel_initializer=start, dtype=policy, name="output"),
        layers.Activation("linear", dtype="float32"),
    ]


def network_weights(network: "keras.Model") -> dict[str, NDArray[np.float32]]:
    """Return a copy of the network's weights by the names of its architecture."""
    return {weight_name(weight): weight.numpy() for weight in network.weights}


def set_network_weights(network: "keras.Model", weights: Mapping[str, NDArray[np.float32]]) -> None:
    """Give the network these weights, by the names of its architecture."""
    for weight in network.weights:
        weight.assign(weights[weight_name(weight)])


def freeze_normalization(network: "keras.Model") -> None:
    """Let the normalizations be as they are when the network is trained on."""
    from keras import layers

    for layer in network.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False


def weight_name(weight: Any) -> str:
    """Return what the network's architecture calls one of its Keras variables."""
    # Keras puts the model's name before the layer's.
    return str(weight.path).split("/", 1)[1]
