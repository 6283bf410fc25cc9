"""Training and validation steps as traced TensorFlow functions."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.calibration import fit_temperature
from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.events import EvaluationProgress
from mnist_gui.engine.models.networks import to_network_input, weight_name
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.training.batches import ResidentBatches, resident
from mnist_gui.engine.training.optimizers import Optimizer, learning_rate_factor

if TYPE_CHECKING:
    import keras

_SMALL_NETWORK = 10_000
_UNROLLED_STEPS = 8


class WeightAverage:
    """The mean of variables over the steps from `first_step` on.

    Source: P. Izmailov et al., Averaging weights leads to wider optima and better generalization,
    2018.
    """

    def __init__(self, variables: Sequence[Any], first_step: int) -> None:
        import tensorflow as tf

        self._variables = variables
        self._first_step = first_step
        self.means = [tf.Variable(tf.zeros_like(variable)) for variable in variables]

    def include(self, step: Any) -> None:
        """Add the variables after this step (int64 tensor) to the mean; in a graph only."""
        import tensorflow as tf

        count = tf.cast(step - self._first_step + 1, tf.float32)
        weight = tf.where(count >= 1, 1 / tf.maximum(count, 1), 0.0)
        for mean, variable in zip(self.means, self._variables, strict=True):
            mean.assign_add((variable - mean) * weight)

    def apply(self) -> None:
        """Set the variables to their means."""
        for mean, variable in zip(self.means, self._variables, strict=True):
            variable.assign(mean)


class TrainStep:
    """Train a network on images that stay on its device, as uint8.

    Random numbers depend on the recipe's seed and the step only, so the same steps give the same
    weights however they are divided into calls.
    """

    def __init__(
        self,
        network: "keras.Model",
        images: LabelledImages,
        recipe: Recipe,
        synthetic: LabelledImages | None = None,
    ) -> None:
        """`synthetic` are the recipe's synthetic digits."""
        import tensorflow as tf

        self._network = network
        self._recipe = recipe
        self._shares = self._divided(images, synthetic)
        # The plain TensorFlow variables behind Keras' own.
        self._variables = [variable.value for variable in network.trainable_variables]
        self._learning_rate = tf.Variable(recipe.learning_rate, dtype=tf.float32)
        self._optimizer = Optimizer(recipe, self._variables, self._rate)
        self._average = None
        if recipe.averaged_steps:
            weights = [weight.value for weight in network.weights]
            self._average = WeightAverage(weights, recipe.steps - recipe.averaged_steps)
        self._state = dict(self._named_variables())
        # For a small network, the overhead of the loop takes longer than the step.
        is_small = recipe.architecture.parameters < _SMALL_NETWORK
        self._unrolled_steps = _UNROLLED_STEPS if is_small else 1
        signature = [
            tf.TensorSpec((None, recipe.dataset_per_batch), tf.int32),
            tf.TensorSpec((), tf.int64),
        ]
        self._call = tf.function(self._train, signature, autograph=False).get_concrete_function()
        # TensorFlow optimizes the graph at its first call: not in the first step.
        self.run(np.empty((0, recipe.dataset_per_batch), np.int32), 0)

    def run(
        self, indices: NDArray[np.int32], first_step: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Train on the batches with these image indices (steps, dataset_per_batch).

        Return each step's loss (steps,) and accuracy on its batch (steps,), nan where the recipe
        measures none.
        """
        import tensorflow as tf

        losses, accuracies = self._call(tf.constant(indices), tf.constant(first_step, tf.int64))
        return losses.numpy(), accuracies.numpy()

    def set_learning_rate(self, learning_rate: float) -> None:
        """Set the rate, which the schedule multiplies, from the next step on."""
        self._learning_rate.assign(learning_rate)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return copies of what the next step depends on, by the names of `checkpoint_types`."""
        return {name: variable.numpy() for name, variable in self._state.items()}

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go on from these arrays."""
        for name, variable in self._state.items():
            variable.assign(arrays[name])

    def _named_variables(self) -> Iterator[tuple[str, Any]]:
        network = self._network
        names = [weight_name(weight) for weight in network.weights]
        trained = [weight_name(weight) for weight in network.trainable_variables]
        for name, weight in zip(names, network.weights, strict=True):
            yield f"network/{name}", weight.value
        for number, slot in enumerate(self._optimizer.slots):
            for name, variable in zip(trained, slot, strict=True):
                yield f"slots/{number}/{name}", variable
        if self._average is not None:
            for name, variable in zip(names, self._average.means, strict=True):
                yield f"average/{name}", variable
        # Variables that are no weights are states of random generators.
        weights = {id(weight) for weight in network.weights}
        states = [variable for variable in network.variables if id(variable) not in weights]
        for number, state in enumerate(states):
            yield f"random/{number}", state.value

    def finish(self) -> None:
        """Set the network to its averaged weights, if the recipe averages."""
        if self._average is not None:
            self._average.apply()

    def _train(self, indices: Any, first_step: Any) -> Any:
        import tensorflow as tf

        steps = tf.shape(indices)[0]

        def one(i: Any, losses: Any, accuracies: Any) -> Any:
            loss, accuracy = self._one_step(indices[i], first_step + tf.cast(i, tf.int64))
            return i + 1, losses.write(i, loss), accuracies.write(i, accuracy)

        def several(*done: Any) -> Any:
            for _ in range(self._unrolled_steps):
                done = one(*done)
            return done

        empty = tf.TensorArray(tf.float32, size=steps)
        done = (tf.constant(0), empty, empty)
        if self._unrolled_steps > 1:
            whole = steps - steps % self._unrolled_steps
            done = tf.while_loop(lambda i, *_: i < whole, several, done, parallel_iterations=1)
        _, losses, accuracies = tf.while_loop(
            lambda i, *_: i < steps, one, done, parallel_iterations=1
        )
        return losses.stack(), accuracies.stack()

    def _divided(
        self, images: LabelledImages, synthetic: LabelledImages | None
    ) -> list[ResidentBatches]:
        """Return what each device that trains has of the images; here there is one."""
        return [ResidentBatches(images, self._recipe, synthetic)]

    def _one_step(self, indices: Any, step: Any) -> tuple[Any, Any]:
        loss, accuracy, gradients = self._gradients(self._shares[0], indices, step)
        self._update(gradients, step)
        return loss, accuracy

    def _gradients(
        self, batches: ResidentBatches, indices: Any, step: Any
    ) -> tuple[Any, Any, list[Any]]:
        """Return the loss, the accuracy, nan where it is not measured, and the gradients."""
        import tensorflow as tf

        images, labels = batches.unchanged(indices)
        is_measured = tf.equal(step % self._recipe.measure_every, 0)
        if not self._recipe.trains_as_it_predicts:
            accuracy = self._accuracy_before(images, labels, is_measured)
        images, labels = batches.trained_on(images, labels, step)
        with tf.GradientTape() as tape:
            logits = self._network(to_network_input(images), training=True)
            loss = cross_entropy(logits, labels)
            objective = self.objective(images, logits, loss)
        if self._recipe.trains_as_it_predicts:
            accuracy = tf.where(is_measured, share_correct(logits, labels), np.nan)
        return loss, accuracy, tape.gradient(objective, self._variables)

    def _update(self, gradients: Sequence[Any], step: Any) -> None:
        """Change the variables of the current device by their gradients."""
        self._optimizer.apply(gradients, step)
        if self._average is not None:
            self._average.include(step)

    def objective(self, images: Any, logits: Any, loss: Any) -> Any:  # noqa: ARG002 - for distillation
        """Return what the step makes smaller: `loss`, the cross-entropy, with label smoothing.

        `logits` (n, 10) are the network's of `images` (n, 28, 28), distorted, 0..255.
        """
        import tensorflow as tf

        smoothing = self._recipe.label_smoothing
        if not smoothing:
            return loss
        # Part of the target is spread over all digits.
        uniform = -tf.reduce_mean(tf.nn.log_softmax(logits))
        return (1 - smoothing) * loss + smoothing * uniform

    def _accuracy_before(self, images: Any, labels: Any, is_measured: Any) -> Any:
        """Return the accuracy on the batch without dropout, nan where it is not measured."""
        import tensorflow as tf

        return tf.cond(
            is_measured,
            lambda: share_correct(self._network(to_network_input(images), training=False), labels),
            lambda: tf.constant(np.nan, tf.float32),
        )

    def _rate(self, step: Any) -> Any:
        recipe = self._recipe
        return self._learning_rate * learning_rate_factor(recipe.schedule, step, recipe.steps)


class ValidationStep:
    """Evaluate a network in training on the validation images, `batch` of them at a time."""

    def __init__(self, network: "keras.Model", images: LabelledImages, batch: int) -> None:
        import tensorflow as tf

        self._network = network
        pixels, self._labels = resident(images)
        # Scaled once: that is most of the work of a small network.
        self._inputs = to_network_input(pixels)
        self._digits = images.labels
        self._total = len(images)
        self._batch = batch
        signature = [tf.TensorSpec((), tf.int32)]
        self._call = tf.function(self._read, signature, autograph=False).get_concrete_function()
        self._call(tf.constant(0))

    def run(self) -> Generator[EvaluationProgress, None, tuple[float, float, float]]:
        """Evaluate; return the accuracy 0..1, the mean loss and the temperature."""
        import tensorflow as tf

        total, correct, loss = self._total, 0, 0.0
        logits = []
        for start in range(0, total, self._batch):
            part_correct, part_loss, part_logits = self._call(tf.constant(start))
            correct += int(part_correct)
            loss += float(part_loss)
            logits.append(part_logits.numpy())
            yield EvaluationProgress("validation", min(start + self._batch, total), total)
        temperature = fit_temperature(np.concatenate(logits), self._digits)
        return correct / total, loss / total, temperature

    def _read(self, start: Any) -> Any:
        """Return how many of the batch at `start` are right, their summed loss, their logits."""
        import tensorflow as tf

        labels = self._labels[start : start + self._batch]
        logits = self._network(self._inputs[start : start + self._batch], training=False)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        return count_correct(logits, labels), tf.reduce_sum(losses), logits


def cross_entropy(logits: Any, labels: Any) -> Any:
    """Return the mean cross-entropy of logits (n, 10) for labels (n,) int32, in nats."""
    import tensorflow as tf

    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))


def count_correct(logits: Any, labels: Any) -> Any:
    """Return how many of the labels (n,) int32 have the highest of their logits (n, 10)."""
    import tensorflow as tf

    hits = tf.equal(tf.argmax(logits, axis=1, output_type=tf.int32), labels)
    return tf.math.count_nonzero(hits, dtype=tf.int32)


def share_correct(logits: Any, labels: Any) -> Any:
    """Return the accuracy 0..1 of logits (n, 10) for labels (n,) int32."""
    import tensorflow as tf

    count = tf.cast(tf.shape(labels)[0], tf.float32)
    return tf.cast(count_correct(logits, labels), tf.float32) / count
