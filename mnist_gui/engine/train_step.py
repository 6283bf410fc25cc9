"""The inner loop of training: many steps in one call of a traced function."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.optimizers import build_optimizer
from mnist_gui.engine.recipe import Recipe

if TYPE_CHECKING:
    import keras


class TrainStep:
    """Trains a network on images that stay where it computes, as uint8.

    Everything random hangs on the recipe's seed and the number of steps done, so the same steps
    give the same weights however they are divided into calls.
    """

    def __init__(self, network: "keras.Model", images: LabelledImages, recipe: Recipe) -> None:
        import tensorflow as tf

        self._network = network
        self._recipe = recipe
        self._images = tf.constant(images.images)
        self._labels = tf.constant(images.labels.astype(np.int32))
        # The plain TensorFlow variables behind Keras' own.
        self._variables = [variable.value for variable in network.trainable_variables]
        self.learning_rate = tf.Variable(recipe.learning_rate, dtype=tf.float32)
        self._optimizer = build_optimizer(recipe, self._variables, self.learning_rate)
        signature = [
            tf.TensorSpec((None, recipe.batch_size), tf.int32),
            tf.TensorSpec((), tf.int64),
        ]
        traced = tf.function(self._train, input_signature=signature, autograph=False)
        self._call = traced.get_concrete_function()
        # TensorFlow optimises the graph at its first call: better now than in the first step.
        self.run(np.empty((0, recipe.batch_size), np.int32), 0)

    def run(
        self, indices: NDArray[np.int32], first_step: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Train on the batches with these image indices (steps, batch_size).

        Returns each step's loss (steps,) and the accuracy on its batch (steps,), the latter nan
        where the recipe measures none.
        """
        import tensorflow as tf

        losses, accuracies = self._call(tf.constant(indices), tf.constant(first_step, tf.int64))
        return losses.numpy(), accuracies.numpy()

    def _train(self, indices: Any, first_step: Any) -> Any:
        import tensorflow as tf

        steps = tf.shape(indices)[0]

        def body(i: Any, losses: Any, accuracies: Any) -> Any:
            loss, accuracy = self._one_step(indices[i], first_step + tf.cast(i, tf.int64))
            return i + 1, losses.write(i, loss), accuracies.write(i, accuracy)

        empty = tf.TensorArray(tf.float32, size=steps)
        _, losses, accuracies = tf.while_loop(
            lambda i, *_: i < steps, body, (0, empty, empty), parallel_iterations=1
        )
        return losses.stack(), accuracies.stack()

    def _one_step(self, indices: Any, step: Any) -> tuple[Any, Any]:
        import tensorflow as tf

        images = scaled(tf.gather(self._images, indices))
        labels = tf.gather(self._labels, indices)
        accuracy = tf.cond(
            tf.equal(step % self._recipe.measure_every, 0),
            lambda: share_correct(self._network(images, training=False), labels),
            lambda: tf.constant(np.nan, tf.float32),
        )
        with tf.GradientTape() as tape:
            logits = self._network(images, training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(losses)
        self._optimizer(tape.gradient(loss, self._variables), step)
        return loss, accuracy


class ValidationStep:
    """Reads a part of the validation images with a network that is being trained."""

    def __init__(self, network: "keras.Model", images: LabelledImages, batch: int) -> None:
        import tensorflow as tf

        self._network = network
        self._images = tf.constant(images.images)
        self._labels = tf.constant(images.labels.astype(np.int32))
        self._batch = batch
        signature = [tf.TensorSpec((), tf.int32)]
        traced = tf.function(self._read, input_signature=signature, autograph=False)
        self._call = traced.get_concrete_function()

    def run(self, start: int) -> tuple[int, float]:
        """Return how many images from `start` on are read right, and the sum of their losses."""
        import tensorflow as tf

        correct, loss = self._call(tf.constant(start))
        return int(correct), float(loss)

    def _read(self, start: Any) -> Any:
        import tensorflow as tf

        labels = self._labels[start : start + self._batch]
        logits = self._network(scaled(self._images[start : start + self._batch]), training=False)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        return count_correct(logits, labels), tf.reduce_sum(losses)


def scaled(images: Any) -> Any:
    """Turn images (n, 28, 28) uint8 into a network's input (n, 28, 28, 1) float 0..1."""
    import tensorflow as tf

    return tf.cast(images, tf.float32)[..., tf.newaxis] * (1 / 255)


def count_correct(logits: Any, labels: Any) -> Any:
    """Return how many of the labels (n,) int32 are the likeliest of their logits (n, 10)."""
    import tensorflow as tf

    hits = tf.equal(tf.argmax(logits, axis=1, output_type=tf.int32), labels)
    return tf.math.count_nonzero(hits, dtype=tf.int32)


def share_correct(logits: Any, labels: Any) -> Any:
    """Return the accuracy 0..1 of logits (n, 10) for labels (n,) int32."""
    import tensorflow as tf

    return tf.cast(count_correct(logits, labels), tf.float32) / tf.cast(
        tf.shape(labels)[0], tf.float32
    )
