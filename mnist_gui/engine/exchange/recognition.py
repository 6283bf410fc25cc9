"""Try an imported network on labelled images: in which convention it wants them, how good it is.

A file of weights does not say how the images looked that they were trained on, nor always what is
between its layers. Both show in how many images are read right.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.exchange.conventions import without
from mnist_gui.engine.exchange.images import CONVENTIONS, OURS, Convention
from mnist_gui.engine.exchange.import_weights import read_network
from mnist_gui.engine.inside.forward import features_and_logits
from mnist_gui.engine.plan import find_plan, plan_name
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
# With the others a network reads nearly what it does with ReLU.
_OTHERS = ("tanh", "sigmoid")


@dataclass(frozen=True, slots=True, eq=False)
class Recognized:
    """An imported network, changed so that it reads our images, and what it was recognized by.

    It was made for images in the `convention`. On the first `images` validation images of the data
    set `data` its accuracy is `accuracy`; without the change it would be `as_read`. A file that
    does not name its activations is read with ReLU; where that was in vain, `activation` is what
    was found in its place, else "". Without that the accuracy would be `with_relu`.
    In its own program it may have `ended_in_sigmoids`, and had other probabilities then.
    """

    snapshot: Snapshot
    convention: Convention
    data: str
    images: int
    accuracy: float
    as_read: float
    activation: str = ""
    with_relu: float = 0.0
    ended_in_sigmoids: bool = False

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
    snapshot, foreign = read_network(path)
    if foreign is None:
        return snapshot, None
    known = dataset or load_dataset()
    is_known = foreign.names_activations
    found = recognize(
        snapshot, known.name, known.validation, convention, activations_are_known=is_known
    )
    return found.snapshot, replace(found, ended_in_sigmoids=foreign.ends_in_sigmoids)


def recognize(
    snapshot: Snapshot,
    data: str,
    images: LabelledImages,
    convention: Convention | None = None,
    *,
    activations_are_known: bool = False,
) -> Recognized:
    """Find the convention of a network by the validation images of a data set, unless it is given.

    It is another one than ours only if it is surely better; so is an activation in place of ReLU.
    """
    images = images.first(MOST_IMAGES)
    as_read = _trial(snapshot, images)
    found = convention or _found(snapshot, images, as_read)
    changed = without(found, snapshot)
    trial = as_read if found == OURS else _trial(changed, images)
    activation, with_relu = "", trial.accuracy
    if trial.accuracy < _DOUBTFUL and not activations_are_known:
        activation = _other_activation(changed, images)
    if activation:
        changed = with_activation(changed, activation)
        trial = _trial(changed, images)
    shares = (trial.accuracy, as_read.accuracy)
    return Recognized(changed, found, data, len(images), *shares, activation, with_relu)


def _found(snapshot: Snapshot, images: LabelledImages, as_read: _Trial) -> Convention:
    few = images.first(_FIRST_IMAGES)
    losses = {each: _trial(without(each, snapshot), few).losses.mean() for each in CONVENTIONS}
    # The first of equals is ours.
    best = min(CONVENTIONS, key=lambda each: float(losses[each]))
    if best == OURS:
        return OURS
    return best if _trial(without(best, snapshot), images).is_better_than(as_read) else OURS


def _other_activation(snapshot: Snapshot, images: LabelledImages) -> str:
    """Return the activation with which the network is surely better than with ReLU, or ""."""
    few = images.first(_IMAGES_OF_OTHERS)
    trial = _trial(snapshot, few)
    for activation in _OTHERS:
        other = with_activation(snapshot, activation)
        if other is not snapshot and _trial(other, few).is_better_than(trial):
            return activation
    return ""


def with_activation(snapshot: Snapshot, activation: str) -> Snapshot:
    """Return the network with another activation in place of ReLU, and the same weights."""
    plan = find_plan(plan_name(snapshot.recipe.network))
    if plan is None:
        return snapshot
    recipe = replace(snapshot.recipe, network=plan.with_activation(activation).name)
    return replace(snapshot, recipe=recipe)


def _trial(snapshot: Snapshot, images: LabelledImages) -> _Trial:
    with np.errstate(all="ignore"):
        parts = [
            features_and_logits(snapshot, images.images[start : start + _AT_ONCE])[1]
            for start in range(0, len(images), _AT_ONCE)
        ]
        logits = np.concatenate(parts).astype(np.float64)
    if not np.isfinite(logits).all():
        return _Trial(np.full(len(images), _UNUSABLE), 0.0)
    is_right = logits.argmax(axis=1) == images.labels
    return _Trial(_losses(logits, images.labels), float(is_right.mean()))


def _losses(logits: NDArray[np.float64], labels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the loss of each image (n,) by the best of the temperatures."""
    behind = logits - logits.max(axis=1, keepdims=True)
    own = behind[np.arange(len(labels)), labels]
    losses = [np.log(np.exp(behind / each).sum(axis=1)) - own / each for each in _TEMPERATURES]
    return min(losses, key=lambda each: float(each.mean()))
