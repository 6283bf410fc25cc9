"""Which images make up which batch: without replacement, a new permutation each epoch."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


class BatchOrder:
    """The batches of a run as a function of the step, so that a run can start anywhere.

    All epochs' permutations stand behind one another in one long row; step s has the places
    s * batch_size to (s + 1) * batch_size, so that a batch may end one epoch and start the next.
    """

    def __init__(self, *, images: int, batch_size: int, seed: int) -> None:
        self._images = images
        self._batch_size = batch_size
        self._permutation = lru_cache(maxsize=2)(
            lambda epoch: np.random.default_rng((seed, epoch)).permutation(images).astype(np.int32)
        )

    def indices(self, first_step: int, steps: int) -> NDArray[np.int32]:
        """Return the image indices (steps, batch_size) of the batches from `first_step` on."""
        start = first_step * self._batch_size
        end = start + steps * self._batch_size
        parts = []
        while start < end:
            epoch, place = divmod(start, self._images)
            parts.append(self._permutation(epoch)[place : place + end - start])
            start += len(parts[-1])
        return np.concatenate(parts).reshape(steps, self._batch_size)

    def epoch(self, step: int) -> float:
        """Return how many times the images were seen after `step` steps."""
        return step * self._batch_size / self._images
