"""Trains a network on from the same start, several times, each time with other own digits."""

from collections.abc import Iterator
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.devices import Device, pick_precision
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.networks import (
    build_network,
    freeze_normalization,
    network_weights,
    set_network_weights,
)
from mnist_gui.engine.pen_images import join
from mnist_gui.engine.personal.mixed_order import MixedOrder
from mnist_gui.engine.personal.recipe import own_batch, personal_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.pace import Pace
from mnist_gui.engine.training.train_step import TrainStep

if TYPE_CHECKING:
    import keras

# A call of so many seconds is worth its overhead, and a stop comes soon enough.
_CALL_SECONDS = 0.035


class Tuner:
    """Trains the network of a snapshot on; to be used by one thread only.

    `data` are the images that it is not to forget, `own` those of own digits, `copies` times one
    after another: place p of copy c is at c * n + p.
    """

    def __init__(
        self,
        base: Snapshot,
        data: LabelledImages,
        own: LabelledImages,
        *,
        copies: int,
        seed: int,
        device: Device,
    ) -> None:
        import tensorflow as tf

        self.recipe = personal_recipe(base.recipe, seed)
        self._data_images = len(data)
        self._own_digits = len(own) // copies
        self._copies = copies
        self._pace = Pace(_CALL_SECONDS)
        with tf.device(device.placement):
            self._network = self._build(base, device)
            self._train_step = TrainStep(self._network, join([data, own]), self.recipe)
        self._start = self._train_step.state.arrays()

    def learn(self, places: NDArray[np.int64]) -> Iterator[int]:
        """Learn from the own digits at these places (n,); yields the steps done so far.

        Starts anew from the weights of the snapshot. Raises TrainingError where a weight is lost.
        """
        self._train_step.state.restore(self._start)
        order = self._order(places)
        step = 0
        while step < self.recipe.steps:
            step += self._run(order, step)
            yield step
        self._train_step.finish()

    def snapshot(self) -> Snapshot:
        """Return the network as it has learnt; raises TrainingError if a weight is not finite."""
        weights = network_weights(self._network)
        if not all(np.isfinite(weight).all() for weight in weights.values()):
            raise TrainingError(
                "Learning your hand went wrong: the network's weights diverged. "
                "Train the network again, or choose another one, and try with that."
            )
        return Snapshot(self.recipe, self.recipe.steps, weights)

    def _build(self, base: Snapshot, device: Device) -> "keras.Model":
        network = build_network(
            self.recipe.network,
            dropout=self.recipe.dropout,
            seed=self.recipe.seed,
            precision=pick_precision(self.recipe.precision, self.recipe.network, device),
            for_training=True,
        )
        set_network_weights(network, base.weights)
        # A hundred steps would unsettle them, and half of each batch is one hand's.
        freeze_normalization(network)
        return network

    def _order(self, places: NDArray[np.int64]) -> MixedOrder:
        firsts = self._data_images + self._own_digits * np.arange(self._copies)
        own = (firsts[:, np.newaxis] + places).reshape(-1).astype(np.int32)
        return MixedOrder(
            images=self._data_images,
            own=own,
            batch_size=self.recipe.batch_size,
            own_batch=own_batch(self.recipe),
            seed=self.recipe.seed,
        )

    def _run(self, order: MixedOrder, step: int) -> int:
        steps = min(self._pace.steps, self.recipe.steps - step)
        started = perf_counter()
        self._train_step.run(order.indices(step, steps), step)
        self._pace.adjust(steps, perf_counter() - started)
        return steps
