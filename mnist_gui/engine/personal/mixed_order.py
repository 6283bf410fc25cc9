"""Batches of which a fixed share are the user's own digits."""

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.training.batch_order import BatchOrder


class MixedOrder:
    """The batches of a run on a data set's images, followed by variations of own digits.

    Each batch has `own_batch` of the places `own` (n,), the rest are the data set's; both are seen
    without replacement, epoch for epoch.
    """

    def __init__(
        self, *, images: int, own: NDArray[np.int32], batch_size: int, own_batch: int, seed: int
    ) -> None:
        self._own = own
        self._data_order = BatchOrder(images=images, batch_size=batch_size - own_batch, seed=seed)
        self._own_order = BatchOrder(images=len(own), batch_size=own_batch, seed=seed)

    def indices(self, first_step: int, steps: int) -> NDArray[np.int32]:
        """Return the image indices (steps, batch_size) of the batches from `first_step` on."""
        data = self._data_order.indices(first_step, steps)
        own = self._own[self._own_order.indices(first_step, steps)]
        return np.concatenate([data, own], axis=1)
