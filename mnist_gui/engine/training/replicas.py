"""Training on one device, or on several GPUs together, each with a copy of the network."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.errors import DeviceError
from mnist_gui.engine.models.devices import Device
from mnist_gui.engine.models.networks import build_network
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.training.batches import ResidentBatches, Share
from mnist_gui.engine.training.train_step import TrainStep

if TYPE_CHECKING:
    import keras


def prepare_training(
    device: Device,
    recipe: Recipe,
    precision: str,
    images: LabelledImages,
    synthetic: LabelledImages | None = None,
) -> "tuple[keras.Model, TrainStep]":
    """Return a new network of the recipe, and what trains it on this device.

    Raise DeviceError where a batch has fewer of the data set's images than there are GPUs.
    """
    count, gpus = recipe.dataset_per_batch, len(device.replicas)
    if count < gpus:
        raise DeviceError("batch-below-gpus", count=count, gpus=gpus)
    import tensorflow as tf

    strategy = _strategy(device) if device.replicas else None
    with tf.device(device.placement):
        with strategy.scope() if strategy else nullcontext():
            network = build_network(
                recipe.network,
                dropout=recipe.dropout,
                seed=recipe.seed,
                precision=precision,
                for_training=True,
            )
        if strategy is None:
            return network, TrainStep(network, images, recipe, synthetic)
        return network, MirroredTrainStep(strategy, network, images, recipe, synthetic)


def _strategy(device: Device) -> Any:
    import tensorflow as tf

    # Sums in the same order each time, by copies that work between any two devices.
    sums = tf.distribute.ReductionToOneDevice()
    return tf.distribute.MirroredStrategy(device.replicas, cross_device_ops=sums)


class MirroredTrainStep(TrainStep):
    """A step that several devices do together, each with a copy of every variable.

    Each takes its share of the batch. Loss, accuracy and gradients are the means over the whole
    batch, so each changes its copy as the others do. Batch normalization normalizes a share by
    itself, and remembers the mean of what all found. What random numbers decide differs from share
    to share.
    """

    def __init__(
        self,
        strategy: Any,
        network: "keras.Model",
        images: LabelledImages,
        recipe: Recipe,
        synthetic: LabelledImages | None = None,
    ) -> None:
        """`strategy` is the MirroredStrategy in whose scope the network was built."""
        self._strategy = strategy
        with strategy.scope():
            super().__init__(network, images, recipe, synthetic)
        self._tell_generators_apart()

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go on from these arrays, of any number of devices."""
        super().restore(arrays)
        self._tell_generators_apart()

    def _tell_generators_apart(self) -> None:
        """Give each copy of dropout a seed of its own, counted on from the first one's.

        Only that one is in a checkpoint.
        """
        import tensorflow as tf

        states = [state for name, state in self._state.items() if name.startswith("random/")]
        for state in states:
            for number, copy in enumerate(self._strategy.experimental_local_results(state)):
                copy.assign(copy + tf.constant([number, 0], copy.dtype))

    def _divided(
        self, images: LabelledImages, synthetic: LabelledImages | None
    ) -> list[ResidentBatches]:
        import tensorflow as tf

        devices = self._strategy.extended.worker_devices
        divided = []
        for number, device in enumerate(devices):
            with tf.device(device):
                share = Share(number, len(devices))
                divided.append(ResidentBatches(images, self._recipe, synthetic, share))
        return divided

    def _one_step(self, indices: Any, step: Any) -> tuple[Any, Any]:
        found = self._strategy.run(self._step_together, (indices, step))
        # On each the same.
        loss, accuracy = (self._strategy.experimental_local_results(each)[0] for each in found)
        return loss, accuracy

    def _step_together(self, indices: Any, step: Any) -> tuple[Any, Any]:
        """Train on the share of the device that this is traced for."""
        import tensorflow as tf

        context = tf.distribute.get_replica_context()
        batches = self._shares[int(tf.get_static_value(context.replica_id_in_sync_group))]
        share, recipe = batches.share, self._recipe
        loss, accuracy, gradients = self._gradients(batches, share.indices(indices), step)
        # What batch normalization has found in this share.
        found = [weight.value for weight in self._network.non_trainable_weights]
        part = measured = share.part(recipe)
        if not recipe.trains_as_it_predicts:
            measured = share.part_of_dataset_images(recipe)
        parts = [loss * part, accuracy * measured, *(each * part for each in (*gradients, *found))]
        loss, accuracy, *means = context.all_reduce("SUM", parts)
        gradients, remembered = means[: len(gradients)], means[len(gradients) :]
        for variable, mean in zip(found, remembered, strict=True):
            variable.assign(mean)
        self._update(gradients, step)
        return loss, accuracy
