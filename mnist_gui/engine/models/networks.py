"""The networks as Keras models, layer by layer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.plan import (
    NORMALIZATION,
    RELU,
    Block,
    Convolution,
    Dense,
    Plan,
    find_plan,
    find_pooling,
    leaky_slope,
)

if TYPE_CHECKING:
    import keras

# Keras' names for a recipe's precisions: bfloat16 computes, the weights stay float32.
_POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}
_MOST_SEEDS = 5


@cache
def batched_dense() -> "type[keras.layers.Dense]":
    """Return a Dense layer that multiplies its matrices as a batch of one.

    TensorFlow's batched product takes half as long for the gradient of the input: 2.9 instead of
    6.3 ms for the hidden layer of "cnn", in float32 on two cores. Weights and names are Dense's.
    """
    from keras import layers, ops

    class BatchedDense(layers.Dense):  # type: ignore[misc,unused-ignore]
        """Dense, with the product as a batch of one."""

        def call(self, inputs: Any, training: bool | None = None) -> Any:  # noqa: ARG002 - Keras'
            """Return the activation of inputs (n, features): (n, units)."""
            batch = ops.matmul(ops.expand_dims(inputs, 0), ops.expand_dims(self.kernel, 0))
            sums = ops.squeeze(batch, 0)
            return self.activation(sums if self.bias is None else sums + self.bias)

    return BatchedDense


@cache
def fused_normalization() -> "type[keras.layers.BatchNormalization]":
    """Return a BatchNormalization that normalizes a batch in training by one fused operation.

    Keras computes the same from a dozen operations in float32; with this one a step of "cnn-deep"
    takes 41 instead of 53 ms, in bfloat16 on two cores. Weights and names are Keras'.
    """
    import tensorflow as tf
    from keras import layers

    class FusedNormalization(layers.BatchNormalization):  # type: ignore[misc,unused-ignore]
        """BatchNormalization, of images (n, h, w, channels) fused in training."""

        def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
            """Return the inputs, normalized by this batch in training, else by all before."""
            if not (training and self.trainable) or len(inputs.shape) < 4:
                return super().call(inputs, training=training, mask=mask)
            outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
                x=inputs,
                scale=self.gamma.value,
                offset=self.beta.value,
                mean=[],
                variance=[],
                epsilon=self.epsilon,
            )
            # It estimates the variance of all images; Keras takes that of the batch.
            count = tf.cast(tf.size(inputs) // inputs.shape[-1], variance.dtype)
            self._move(self.moving_mean, mean)
            self._move(self.moving_variance, variance * (1 - 1 / count))
            return outputs

        def _move(self, moving: Any, value: Any) -> None:
            moving.assign(moving * self.momentum + value * (1 - self.momentum))

    return FusedNormalization


def build_network(
    name: str,
    *,
    dropout: float = 0.0,
    seed: int = 0,
    precision: str = "float32",
    for_training: bool = False,
) -> "keras.Model":
    """Return the named architecture, freshly initialised from `seed`.

    Its input is images (n, 28, 28, 1), float 0..1; its output logits (n, 10), float32 in every
    precision. The one `for_training` trains faster; the other has Keras' own layers only. Each
    layer gets the precision's policy, because Keras' global one differs from thread to thread.
    """
    from keras import Input, Sequential, layers

    builders = {
        "softmax": _softmax_layers,
        "cnn": _cnn_layers,
        "cnn-normalized": _normalized_cnn_layers,
        "cnn-lean": _lean_cnn_layers,
        "cnn-deep": _deep_cnn_layers,
    }
    plan = find_plan(name)
    count = _MOST_SEEDS if plan is None else len(plan.convolutions) + len(plan.dense) + 1
    seeds = iter(np.random.SeedSequence(seed).generate_state(count).tolist())
    dense = batched_dense() if for_training else layers.Dense
    normalization = fused_normalization() if for_training else layers.BatchNormalization
    options = _BuildOptions(dropout, seeds, _POLICIES[precision], dense, normalization)
    hidden = _planned_layers(options, plan) if plan else builders[name](options)
    inputs = Input((IMAGE_SIDE, IMAGE_SIDE, 1))
    logits = layers.Activation("linear", dtype="float32")
    return Sequential([inputs, *hidden, logits], name="network" if plan else name)


def to_network_input(images: Any) -> Any:
    """Turn images (n, 28, 28), 0..255, into a network's input (n, 28, 28, 1) float 0..1."""
    import tensorflow as tf

    return tf.cast(images, tf.float32)[..., tf.newaxis] * (1 / 255)


@dataclass(frozen=True, slots=True)
class _BuildOptions:
    """What a network is built with; `dense` and `normalization` are classes of layers."""

    dropout: float
    seeds: Iterator[int]
    policy: str
    dense: "type[keras.layers.Dense]"
    normalization: "type[keras.layers.BatchNormalization]"


def _softmax_layers(options: _BuildOptions) -> list["keras.Layer"]:
    """Softmax regression of the TensorFlow tutorial "MNIST for ML beginners"."""
    from keras import layers

    output = layers.Dense(10, kernel_initializer="zeros", dtype=options.policy, name="output")
    return [layers.Flatten(dtype=options.policy), output]


def _cnn_layers(options: _BuildOptions) -> list["keras.Layer"]:
    """The convolutional network of the TensorFlow tutorial "Deep MNIST for experts"."""
    from keras import layers
    from keras.initializers import Constant, TruncatedNormal

    seeds, policy = options.seeds, options.policy

    def start() -> dict[str, Any]:
        return {
            "kernel_initializer": TruncatedNormal(stddev=0.1, seed=next(seeds)),
            "bias_initializer": Constant(0.1),
            "dtype": policy,
        }

    # ReLU and max pooling commute; pooling first leaves a quarter of the numbers to rectify.
    return [
        layers.Conv2D(32, 5, padding="same", name="convolution_1", **start()),
        layers.MaxPooling2D(2, dtype=policy),
        layers.ReLU(dtype=policy),
        layers.Conv2D(64, 5, padding="same", name="convolution_2", **start()),
        layers.MaxPooling2D(2, dtype=policy),
        layers.ReLU(dtype=policy),
        layers.Flatten(dtype=policy),
        options.dense(1024, activation="relu", name="hidden", **start()),
        layers.Dropout(options.dropout, seed=next(seeds), dtype=policy),
        layers.Dense(10, name="output", **start()),
    ]


def _normalized_cnn_layers(options: _BuildOptions) -> list["keras.Layer"]:
    """The same network with a normalization that turns the image into other numbers."""
    first = options.normalization(momentum=0.9, dtype=options.policy, name="normalization_0")
    return [first, *_cnn_layers(options)]


def _lean_cnn_layers(options: _BuildOptions) -> list["keras.Layer"]:
    """A small network that trains in seconds: normalized, and without padding."""
    from keras import layers
    from keras.initializers import HeNormal

    convolutions = [
        *_normalized_convolution(options, 1, 16, 5, pooled=True),
        *_normalized_convolution(options, 2, 32, 3, pooled=True),
    ]
    start, policy = HeNormal(seed=next(options.seeds)), options.policy
    hidden = options.dense(
        64, activation="relu", kernel_initializer=start, dtype=policy, name="hidden"
    )
    return [*convolutions, layers.Flatten(dtype=policy), hidden, _output(options)]


def _deep_cnn_layers(options: _BuildOptions) -> list["keras.Layer"]:
    """Four normalized convolutions without a hidden dense layer: few weights, most accurate."""
    from keras import layers

    return [
        *_normalized_convolution(options, 1, 32, 5, pooled=True),
        *_normalized_convolution(options, 2, 64, 3, padding="same"),
        *_normalized_convolution(options, 3, 64, 3, pooled=True),
        *_normalized_convolution(options, 4, 128, 3),
        layers.Flatten(dtype=options.policy),
        _output(options),
    ]


def _planned_layers(options: _BuildOptions, plan: Plan) -> list["keras.Layer"]:
    """A network of the layers that its name says, as imported ones have it."""
    from keras import layers

    policy = options.policy
    stack: list[keras.Layer] = []
    if plan.is_normalized:
        stack.append(options.normalization(momentum=0.9, dtype=policy, name="normalization_0"))
    blocks = list(plan.named_blocks())
    for name, normalization, block in blocks[: len(plan.convolutions)]:
        stack += _planned_block(options, name, normalization, block)
    stack.append(layers.Flatten(dtype=policy))
    for name, normalization, block in blocks[len(plan.convolutions) :]:
        stack += _planned_block(options, name, normalization, block)
    return [*stack, _output(options)]


def _planned_block(
    options: _BuildOptions, name: str, normalization: str, block: Block
) -> list["keras.Layer"]:
    """Return a layer with a kernel and what follows it; ReLU right after a dense layer is in it."""
    from keras import layers
    from keras.initializers import HeNormal

    steps = block.steps
    given: dict[str, Any] = {
        "use_bias": block.has_bias,
        "kernel_initializer": HeNormal(seed=next(options.seeds)),
        "dtype": options.policy,
        "name": name,
    }
    if isinstance(block, Convolution):
        padding = "same" if block.is_padded else "valid"
        first = layers.Conv2D(
            block.maps, block.kernel, strides=block.stride, padding=padding, **given
        )
    else:
        assert isinstance(block, Dense)
        activation = RELU if steps[:1] == (RELU,) else None
        steps = steps[activation is not None :]
        first = options.dense(block.units, activation=activation, **given)
    return [first, *(_step(options, step, normalization) for step in steps)]


def _step(options: _BuildOptions, step: str, normalization: str) -> "keras.Layer":
    """Return the layer of a word of a plan."""
    from keras import layers

    policy = options.policy
    if step == NORMALIZATION:
        return options.normalization(momentum=0.9, dtype=policy, name=normalization)
    if pooling := find_pooling(step):
        kind = layers.AveragePooling2D if pooling.is_average else layers.MaxPooling2D
        return kind(pooling.side, pooling.step, dtype=policy)
    if step == RELU:
        return layers.ReLU(dtype=policy)
    if slope := leaky_slope(step):
        return layers.LeakyReLU(slope, dtype=policy)
    return layers.Activation(step, dtype=policy)


def _normalized_convolution(
    options: _BuildOptions,
    place: int,
    channels: int,
    side: int,
    *,
    padding: str = "valid",
    pooled: bool = False,
) -> list["keras.Layer"]:
    """Return convolution, 2x2 max pooling if `pooled`, batch normalization and ReLU."""
    from keras import layers
    from keras.initializers import HeNormal

    policy = options.policy
    return [
        layers.Conv2D(
            channels,
            side,
            padding=padding,
            use_bias=False,
            kernel_initializer=HeNormal(seed=next(options.seeds)),
            dtype=policy,
            name=f"convolution_{place}",
        ),
        *([layers.MaxPooling2D(2, dtype=policy)] if pooled else []),
        options.normalization(momentum=0.9, dtype=policy, name=f"normalization_{place}"),
        layers.ReLU(dtype=policy),
    ]


def _output(options: _BuildOptions) -> "keras.Layer":
    """Return the layer of ten logits."""
    from keras import layers
    from keras.initializers import GlorotUniform

    start = GlorotUniform(seed=next(options.seeds))
    return layers.Dense(10, kernel_initializer=start, dtype=options.policy, name="output")


def network_weights(network: "keras.Model") -> dict[str, NDArray[np.float32]]:
    """Return a copy of the network's weights by the names of its architecture."""
    return {weight_name(weight): weight.numpy() for weight in network.weights}


def set_network_weights(network: "keras.Model", weights: Mapping[str, NDArray[np.float32]]) -> None:
    """Give the network these weights, by the names of its architecture."""
    for weight in network.weights:
        weight.assign(weights[weight_name(weight)])


def freeze_normalization(network: "keras.Model") -> None:
    """Keep batch normalization as it is when the network is trained further."""
    from keras import layers

    for layer in network.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False


def weight_name(weight: Any) -> str:
    """Return the architecture's name of a Keras variable: its path without the model's name."""
    return str(weight.path).split("/", 1)[1]
