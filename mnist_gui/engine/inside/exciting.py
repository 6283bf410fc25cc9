"""The images that excite each map or unit of a layer most."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.forward import apply_layer, to_input
from mnist_gui.engine.inside.layers import (
    ACTIVATIONS,
    POOLINGS,
    WITH_KERNEL,
    LayerKind,
    network_layers,
)
from mnist_gui.engine.inside.passage import Unit
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.snapshot import Snapshot

_BATCH = 25
_KEPT = 8
_SEARCHED = (
    *WITH_KERNEL,
    *POOLINGS,
    *ACTIVATIONS,
    LayerKind.NORMALIZATION,
    LayerKind.DROPOUT,
)


@dataclass(frozen=True, slots=True, eq=False)
class Exciting:
    """For each map or unit of a layer, the images that excite it most, the most exciting first.

    `indices` (maps, n) are those of the images, `values` (maps, n) the largest number that the map
    has for each, and `places` (maps, n) where in the map it is, counted row by row. `images` is
    how many were looked at.
    """

    snapshot: Snapshot
    place: int
    images: int
    indices: NDArray[np.intp]
    values: NDArray[np.float32]
    places: NDArray[np.intp]

    def unit(self, number: int, rank: int) -> Unit:
        """Return where in its layer the largest number of a map or unit is, for one image."""
        shape = network_layers(self.snapshot.recipe.network)[self.place].shape
        if len(shape) == 1:
            return (number,)
        row, column = divmod(int(self.places[number, rank]), shape[1])
        return row, column, number


def can_be_excited(kind: LayerKind) -> bool:
    """Whether a search makes sense for a layer of this kind."""
    return kind in _SEARCHED


class ExcitingSearch:
    """Looks for them in images (n, 28, 28) uint8; for one thread only. It can be left and resumed.

    `done` is how many of `total` images were looked at.
    """

    def __init__(self, snapshot: Snapshot, place: int, images: NDArray[np.uint8]) -> None:
        self.snapshot, self.place = snapshot, place
        self.done, self.total = 0, len(images)
        self._images = images
        maps = network_layers(snapshot.recipe.network)[place].shape[-1]
        self._indices = np.empty((maps, 0), np.intp)
        self._values = np.empty((maps, 0), np.float32)
        self._places = np.empty((maps, 0), np.intp)

    def found(self) -> Exciting | None:
        """Return the result, None while there are images left."""
        if self.done < self.total:
            return None
        found = (self._indices, self._values, self._places)
        return Exciting(self.snapshot, self.place, len(self._images), *found)

    def go_on(self) -> Iterator[ViewProgress]:
        """Look at the images that are left; yield how far it is."""
        while self.done < self.total:
            batch = self._images[self.done : self.done + _BATCH]
            self._keep_largest(self.done, self._outputs(batch))
            self.done += len(batch)
            yield ViewProgress(self.done, self.total)

    def _outputs(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the layer's numbers (n, places, maps)."""
        outputs = to_input(images)
        for layer in network_layers(self.snapshot.recipe.network)[1 : self.place + 1]:
            outputs = apply_layer(layer, self.snapshot.weights, outputs)
        return outputs.reshape(len(images), -1, outputs.shape[-1])

    def _keep_largest(self, start: int, outputs: NDArray[np.float32]) -> None:
        places = outputs.argmax(axis=1).T
        values = outputs.max(axis=1).T
        indices = np.broadcast_to(np.arange(start, start + len(outputs)), values.shape)
        values = np.concatenate((self._values, values), axis=1)
        # Of two that are equal the first one stays first.
        order = np.argsort(-values, axis=1, kind="stable")[:, :_KEPT]
        indices = np.concatenate((self._indices, indices), axis=1)
        places = np.concatenate((self._places, places), axis=1)
        self._values = np.take_along_axis(values, order, 1)
        self._indices = np.take_along_axis(indices, order, 1)
        self._places = np.take_along_axis(places, order, 1)
