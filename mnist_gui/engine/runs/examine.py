"""Examine a network, or all that a run has kept, on a fixed sample of training images."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.inside.forward import layer_outputs
from mnist_gui.engine.inside.gradient import loss_and_gradients
from mnist_gui.engine.inside.health import (
    Health,
    LayerHealth,
    activation_places,
    distribution_of,
    evenly_chosen,
    relative_update,
)
from mnist_gui.engine.inside.layers import network_layers
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot

SAMPLE = 100
"""How many training images a network is examined on: the first ones, the same at each step."""

_BATCH = 25
# Of the activations of a batch, as many are counted as make about a million of the sample.
_MOST_ACTIVATIONS = 125_000

Numbers = NDArray[np.float32]


def examine(
    snapshot: Snapshot,
    images: LabelledImages,
    before: int = 0,
    networks: int = 1,
) -> Generator[ViewProgress, None, Health]:
    """Examine one network; the gradient is that of the mean cross-entropy of the sample.

    It is the one after the first `before` of so many networks; yields the progress of them all.
    """
    count = min(len(images), SAMPLE)
    done, total = before * count, networks * count
    sums = _Sums(snapshot.recipe.network)
    yield ViewProgress(done, total)
    for start in range(0, count, _BATCH):
        batch = slice(start, min(start + _BATCH, count))
        outputs = layer_outputs(snapshot, images.images[batch])
        sums.add_outputs(outputs)
        yield ViewProgress(done + start, total)
        labels = images.labels[batch]
        loss, gradients = loss_and_gradients(snapshot, outputs, labels)
        sums.add_gradients(gradients, loss, len(labels))
        yield ViewProgress(done + batch.stop, total)
    layers = []
    for layer in activation_places(snapshot.recipe.network):
        layers.append(sums.layer(layer, snapshot.weights[f"{layer}/kernel"], count))
        yield ViewProgress(done + count, total)
    gradient = np.sqrt(sum(float(np.square(g).sum()) for g in sums.gradients.values())) / count
    return Health(snapshot.step, sums.loss / count, float(gradient), tuple(layers))


class _Sums:
    """What is added up over the batches of a sample."""

    def __init__(self, architecture: str) -> None:
        self._places = activation_places(architecture)
        self._layers = network_layers(architecture)
        self.loss = 0.0
        self.gradients: dict[str, Numbers] = {}
        self._activations: dict[str, list[Numbers]] = {name: [] for name in self._places}
        self._highest: dict[str, Numbers] = {}

    def add_outputs(self, outputs: tuple[Numbers, ...]) -> None:
        """Add what the layers make of a batch."""
        for name, place in self._places.items():
            output = outputs[place]
            self._activations[name].append(evenly_chosen(output, _MOST_ACTIVATIONS))
            highest = output.reshape(-1, output.shape[-1]).max(axis=0)
            before = self._highest.get(name, highest)
            self._highest[name] = np.maximum(before, highest)

    def add_gradients(self, gradients: dict[str, Numbers], loss: float, count: int) -> None:
        """Add the mean gradients and the mean loss of a batch of so many images."""
        self.loss += loss * count
        for name, gradient in gradients.items():
            self.gradients[name] = self.gradients.get(name, np.float32(0)) + gradient * count

    def layer(self, name: str, kernel: Numbers, count: int) -> LayerHealth:
        """Return a layer's health, of a sample of so many images."""
        gradient = self.gradients[f"{name}/kernel"] / np.float32(count)
        has_relu = self._layers[self._places[name]].is_relu
        return LayerHealth(
            name,
            distribution_of(kernel),
            distribution_of(gradient),
            distribution_of(np.concatenate(self._activations[name])),
            float(np.linalg.norm(kernel)),
            float(np.linalg.norm(gradient)),
            float((self._highest[name] <= 0).mean()) if has_relu else None,
        )


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of a run's steps so far, in their order."""

    healths: tuple[Health, ...]
    is_complete: bool


class Examiner:
    """Examines what runs have kept, and remembers it; for one thread only."""

    def __init__(self) -> None:
        self._images: LabelledImages | None = None
        self._healths: dict[tuple[str, int], Health] = {}
        self._updates: dict[tuple[str, int, int], tuple[float | None, ...]] = {}

    def examine_one(
        self, snapshot: Snapshot, images: LabelledImages
    ) -> Iterator["ViewProgress | Examined"]:
        """Examine a network that is no run's."""
        health = yield from examine(snapshot, images)
        yield Examined((health,), is_complete=True)

    def examine_run(
        self, store: RunStore, run_id: str, images: LabelledImages
    ) -> Iterator["ViewProgress | Examined"]:
        """Examine each step that a run has kept, from the newest one back.

        Yields what is known so far after each step that was not known; raises RunStoreError.
        """
        if images is not self._images:
            self._healths.clear()
            self._images = images
        steps = store.snapshot_steps(run_id)
        loaded = _Loaded(store, run_id)
        for place, step in enumerate(reversed(steps)):
            if (run_id, step) in self._healths:
                continue
            snapshot = loaded.at(step)
            if snapshot is None:
                continue
            health = yield from examine(snapshot, images, place, len(steps))
            self._healths[run_id, step] = health
            if step != steps[0]:
                yield Examined(self._known(loaded, steps), is_complete=False)
        yield Examined(self._known(loaded, steps), is_complete=True)

    def _known(self, loaded: "_Loaded", steps: Sequence[int]) -> tuple[Health, ...]:
        """Return what is known of these steps, with the updates since the one before each."""
        known = []
        for before, step in zip((None, *steps), steps, strict=False):
            if (loaded.run_id, step) in self._healths:
                known.append(self._with_updates(loaded, before, step))
        return tuple(known)

    def _with_updates(self, loaded: "_Loaded", before: int | None, step: int) -> Health:
        health = self._healths[loaded.run_id, step]
        if before is None:
            return health
        key = (loaded.run_id, before, step)
        if key not in self._updates:
            one, other = loaded.at(before), loaded.at(step)
            if one is None or other is None:
                return health
            kernels = (f"{layer.layer}/kernel" for layer in health.layers)
            self._updates[key] = tuple(
                relative_update(one.weights[name], other.weights[name], step - before)
                for name in kernels
            )
        layers = zip(health.layers, self._updates[key], strict=True)
        return replace(health, layers=tuple(replace(a, update=update) for a, update in layers))


class _Loaded:
    """The last two of a run's snapshots that were asked for."""

    def __init__(self, store: RunStore, run_id: str) -> None:
        self._store, self.run_id = store, run_id
        self._snapshots: dict[int, Snapshot] = {}

    def at(self, step: int) -> Snapshot | None:
        """Return the snapshot of a step; None if a run that goes on has let go of it."""
        if step not in self._snapshots:
            if step not in self._store.snapshot_steps(self.run_id):
                return None
            while len(self._snapshots) > 1:
                del self._snapshots[next(iter(self._snapshots))]
            self._snapshots[step] = self._store.load_snapshot(self.run_id, step)
        return self._snapshots[step]
