"""Copies of networks, to be trained or taken apart and thrown away; their gradients."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.models.devices import load_tensorflow
from mnist_gui.engine.models.networks import (
    build_network,
    set_network_weights,
    to_network_input,
    weight_name,
)
from mnist_gui.engine.snapshot import Snapshot

if TYPE_CHECKING:
    import keras

Arrays = Mapping[str, NDArray[np.float32]]


class NetworkCopy:
    """A network as it predicts, in float32: without dropout, its normalization held as it is.

    `variables` are its trained weights, in the order of `names`.
    """

    def __init__(self, architecture: str) -> None:
        self._network = build_network(architecture, for_training=True)
        weights = self._network.trainable_variables
        self.names = tuple(map(weight_name, weights))
        # The plain TensorFlow variables behind Keras' own.
        self.variables = [weight.value for weight in weights]
        self._call = _traced(self._network, self.variables)

    def load(self, weights: Arrays) -> None:
        """Take over these weights, by the names of the architecture."""
        set_network_weights(self._network, weights)

    def trained_weights(self) -> dict[str, NDArray[np.float32]]:
        """Return copies of the trained weights as they are now."""
        values = (variable.numpy() for variable in self.variables)
        return dict(zip(self.names, values, strict=True))

    def gradients(
        self, images: NDArray[np.uint8], labels: NDArray[np.integer]
    ) -> tuple[list[Any], NDArray[np.float32], float]:
        """Return the gradients of the mean cross-entropy for the variables, as tensors.

        `images` are (n, 28, 28), `labels` (n,). Also return the logits (n, 10) and the
        cross-entropy, in nats.
        """
        gradients, logits, loss = self._call(images, labels.astype(np.int32))
        return gradients, logits.numpy(), float(loss)

    def named_gradients(
        self, images: NDArray[np.uint8], labels: NDArray[np.integer]
    ) -> dict[str, NDArray[np.float32]]:
        """Return the gradients as arrays, by the names of the weights."""
        gradients, _, _ = self.gradients(images, labels)
        return {name: each.numpy() for name, each in zip(self.names, gradients, strict=True)}


class NetworkCopies:
    """Makes copies of networks; for one thread only.

    Each architecture is built once and stays in memory: a copy is good until the next one of its
    architecture is asked for.
    """

    def __init__(self) -> None:
        self._copies: dict[str, NetworkCopy] = {}

    def of(self, snapshot: Snapshot) -> NetworkCopy:
        """Return a copy of a network; the first one takes about half a second."""
        name = snapshot.recipe.network
        if name not in self._copies:
            load_tensorflow()
            self._copies[name] = NetworkCopy(name)
        copy = self._copies[name]
        copy.load(snapshot.weights)
        return copy


def _traced(network: "keras.Model", variables: list[Any]) -> Any:
    import tensorflow as tf

    signature = [tf.TensorSpec((None, 28, 28), tf.uint8), tf.TensorSpec((None,), tf.int32)]

    @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
    def call(images: Any, labels: Any) -> Any:
        with tf.GradientTape() as tape:
            logits = network(to_network_input(images), training=False)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(losses)
        return tape.gradient(loss, variables), logits, loss

    return call
