"""Try an imported network on labelled images: in which convention it wants them, how good it is.

A file of weights does not say how the images looked that they were trained on, nor always what is
between its layers. Both show in how many images are read right.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.exchange.conventions import without
from mnist_gui.engine.exchange.images import CONVENTIONS, OURS, Convention
from mnist_gui.engine.exchange.import_weights import read_network
from mnist_gui.engine.inside.forward import Numbers, Weights, apply_layer, to_input
from mnist_gui.engine.inside.layers import Layer, LayerKind, network_layers
from mnist_gui.engine.snapshot import Snapshot

MOST_IMAGES = 1_000
"""How many images a network is tried on at most."""

# Each convention is tried on the first of them, all of them are for the best one only.
_FIRST_IMAGES = 100
_IMAGES_OF_OTHERS = 200
_AT_ONCE = 50
_LEAST_ACCURACY = 0.5
# In standard errors: ten conventions are tried, so that one may be a little better by chance.
_BEYOND_CHANCE = 3.0
# Softer or harder probabilities are no sign of another convention, but a hundredfold scale is.
_TEMPERATURES = np.geomspace(0.25, 4, 17)
_DOUBTFUL = 0.9
# The loss where a network's numbers are not finite.
_UNUSABLE = 1e6

Functions: TypeAlias = Mapping[LayerKind, Callable[[Layer, Weights, Numbers], Numbers]]


@dataclass(frozen=True, slots=True, eq=False)
class Recognized:
    """An imported network, changed so that it reads our images, and what it was recognized by.

    It was made for images in the `convention`. On the first `images` validation images of the data
    set `data` its accuracy is `accuracy`; without the change it would be `as_read`. A network that
    reads few of them right may have another layer than ReLU: with `layer` in its
    place it would have `layer_accuracy`; "" where none is found, or none was looked for.
    """

    snapshot: Snapshot
    convention: Convention
    data: str
    images: int
    accuracy: float
    as_read: float
    layer: str = ""
    layer_accuracy: float = 0.0

    @property
    def is_doubtful(self) -> bool:
        """Whether it reads fewer images right than networks for these images do."""
        return self.accuracy < _DOUBTFUL


@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    """What a network answered: the loss of each image (n,), in nats, and the share right."""

    losses: NDArray[np.float64]
    accuracy: float

    def is_better_than(self, other: "_Trial") -> bool:
        """Whether it is surely better on the same images, not by chance."""
        gained = other.losses - self.losses
        error = gained.std() / np.sqrt(len(gained))
        is_sure = bool(gained.mean() > _BEYOND_CHANCE * error)
        return is_sure and self.accuracy >= max(other.accuracy, _LEAST_ACCURACY)


def open_network(
    path: Path, dataset: Dataset | None = None, convention: Convention | None = None
) -> tuple[Snapshot, Recognized | None]:
    """Read a network, and recognize one of another program by the data set, or else by MNIST.

    Returns the network, and what it was recognized by; None for one of ours. Raises ModelFileError,
    ExchangeError, and DatasetError where MNIST cannot be read.
    """
    snapshot, is_foreign = read_network(path)
    if not is_foreign:
        return snapshot, None
    known = dataset or load_dataset()
    found = recognize(snapshot, known.name, known.validation, convention)
    return found.snapshot, found


def recognize(
    snapshot: Snapshot, data: str, images: LabelledImages, convention: Convention | None = None
) -> Recognized:
    """Find the convention of a network by the validation images of a data set, unless it is given.

    It is another one than ours only if it is surely better.
    """
    images = images.first(MOST_IMAGES)
    as_read = _trial(snapshot, images)
    found = convention or _found(snapshot, images, as_read)
    changed = without(found, snapshot)
    trial = as_read if found == OURS else _trial(changed, images)
    layer, layer_accuracy = "", 0.0
    if trial.accuracy < _DOUBTFUL:
        layer, layer_accuracy = _other_layer(changed, images)
    shares = (trial.accuracy, as_read.accuracy)
    return Recognized(changed, found, data, len(images), *shares, layer, layer_accuracy)


def _found(snapshot: Snapshot, images: LabelledImages, as_read: _Trial) -> Convention:
    few = images.first(_FIRST_IMAGES)
    losses = {each: _trial(without(each, snapshot), few).losses.mean() for each in CONVENTIONS}
    # The first of equals is ours.
    best = min(CONVENTIONS, key=lambda each: float(losses[each]))
    if best == OURS:
        return OURS
    return best if _trial(without(best, snapshot), images).is_better_than(as_read) else OURS


def _other_layer(snapshot: Snapshot, images: LabelledImages) -> tuple[str, float]:
    """Return the layer with which the network is surely better, and its accuracy then."""
    few = images.first(_IMAGES_OF_OTHERS)
    trial = _trial(snapshot, few)
    for name, functions in _OTHERS.items():
        other = _trial(snapshot, few, functions)
        if other.is_better_than(trial):
            return name, other.accuracy
    return "", 0.0


def _trial(
    snapshot: Snapshot, images: LabelledImages, functions: Functions = MappingProxyType({})
) -> _Trial:
    with np.errstate(all="ignore"):
        parts = [
            _logits(snapshot, images.images[start : start + _AT_ONCE], functions)
            for start in range(0, len(images), _AT_ONCE)
        ]
        logits = np.concatenate(parts).astype(np.float64)
    if not np.isfinite(logits).all():
        return _Trial(np.full(len(images), _UNUSABLE), 0.0)
    is_right = logits.argmax(axis=1) == images.labels
    return _Trial(_losses(logits, images.labels), float(is_right.mean()))


def _logits(snapshot: Snapshot, images: NDArray[np.uint8], functions: Functions) -> Numbers:
    numbers = to_input(images)
    for layer in network_layers(snapshot.recipe.network)[1:]:
        function = functions.get(layer.kind, apply_layer)
        numbers = function(layer, snapshot.weights, numbers)
    return numbers


def _losses(logits: NDArray[np.float64], labels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the loss of each image (n,) by the best of the temperatures."""
    behind = logits - logits.max(axis=1, keepdims=True)
    own = behind[np.arange(len(labels)), labels]
    losses = [np.log(np.exp(behind / each).sum(axis=1)) - own / each for each in _TEMPERATURES]
    return min(losses, key=lambda each: float(each.mean()))


# --- what may be in the place of ReLU ------------------------------------------------------------


def _instead_of_relu(function: Callable[[Numbers], Numbers]) -> Functions:
    def alone(_layer: Layer, _weights: Weights, inputs: Numbers) -> Numbers:
        return function(inputs)

    def hidden(layer: Layer, weights: Weights, inputs: Numbers) -> Numbers:
        name = layer.weights
        return function(inputs @ weights[f"{name}/kernel"] + weights[f"{name}/bias"])

    return {LayerKind.RELU: alone, LayerKind.HIDDEN: hidden}


def _sigmoid(values: Numbers) -> Numbers:
    return np.float32(1) / (np.float32(1) + np.exp(-values))


_OTHERS: Mapping[str, Functions] = MappingProxyType(
    {
        "tanh": _instead_of_relu(np.tanh),
        "sigmoid": _instead_of_relu(_sigmoid),
    }
)
