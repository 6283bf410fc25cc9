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

# Each convention is tried on the first of them, all of them are for those that may be the best.
_FIRST_IMAGES = 100
_IMAGES_OF_OTHERS = 500
_AT_ONCE = 50
_LEAST_ACCURACY = 0.5
# In standard errors: ten conventions are tried, so that one may be a little better by chance.
_BEYOND_CHANCE = 3.0
# Softer or harder probabilities are no sign of another convention, but a hundredfold scale is. Of
# 0..255 networks grow far too sure, which is not to make another scale better. Of a single layer,
# which reads as much in any scale, 0..255 is therefore mostly not found: the loss does not tell, as
# it is less for 0..1, and one trained shortly on 0..1 is as unsure as one trained on 0..255.
_TEMPERATURES = np.geomspace(0.25, 16, 25)
_MOST_CONTENDERS = 3
# ReLU networks with small biases read nearly as well in another scale, or a little better by luck.
_MUCH_LESS = 0.9
_DOUBTFUL = 0.9
# With another activation than its own a network may still read this share, and hardly more.
_WITH_ITS_OWN = 0.97
# The loss where a network's numbers are not finite.
_UNUSABLE = 1e6
# With any other a network reads nearly what it does with ReLU.
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
    """What a network answered: the loss of each image (n,), in nats, and whether it is right."""

    losses: NDArray[np.float64]
    is_right: NDArray[np.bool_]

    @property
    def accuracy(self) -> float:
        """The share of images that are read right."""
        return float(self.is_right.mean())

    @property
    def loss(self) -> float:
        """The loss of an image on average, in nats."""
        return float(self.losses.mean())

    def has_surely_less_loss_than(self, other: "_Trial") -> bool:
        """Whether its loss is less on the same images, and not by chance."""
        gained = other.losses - self.losses
        error = gained.std() / np.sqrt(len(gained))
        return bool(gained.mean() > _BEYOND_CHANCE * error)

    def is_better_than(self, other: "_Trial") -> bool:
        """Whether it is surely better on the same images, not by chance."""
        more = (self.is_right & ~other.is_right).sum()
        fewer = (other.is_right & ~self.is_right).sum()
        # In two scales a network may read as much, an image more or less.
        is_as_good = bool(fewer <= more + np.sqrt(fewer + more))
        is_good = is_as_good and self.accuracy >= _LEAST_ACCURACY
        return is_good and self.has_surely_less_loss_than(other)


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
    reading = _read(snapshot, images, convention)
    activation, with_relu = "", reading.trial.accuracy
    if reading.trial.accuracy < _WITH_ITS_OWN and not activations_are_known:
        activation, known = _other_activation(snapshot, images.first(_IMAGES_OF_OTHERS), convention)
        if activation:
            reading = _read(with_activation(snapshot, activation), images, known)
    found, shares = reading.convention, (reading.trial.accuracy, reading.as_read.accuracy)
    changed = reading.snapshot
    return Recognized(changed, found, data, len(images), *shares, activation, with_relu)


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """A network rid of its convention, what it then answered, and what it did as it was."""

    snapshot: Snapshot
    convention: Convention
    trial: _Trial
    as_read: _Trial


def _read(snapshot: Snapshot, images: LabelledImages, convention: Convention | None) -> _Reading:
    """Try a network in a convention, or in the one that is found."""
    as_read = _trial(snapshot, images)
    found = convention or _found(snapshot, images, as_read)
    if found == OURS:
        return _Reading(snapshot, found, as_read, as_read)
    changed = without(found, snapshot)
    return _Reading(changed, found, _trial(changed, images), as_read)


def _found(snapshot: Snapshot, images: LabelledImages, as_read: _Trial) -> Convention:
    few = images.first(_FIRST_IMAGES)
    trials = {each: _trial(without(each, snapshot), few) for each in CONVENTIONS}
    first, *others = sorted(CONVENTIONS, key=lambda each: trials[each].loss)[:_MOST_CONTENDERS]
    contenders = [
        each for each in others if not trials[first].has_surely_less_loss_than(trials[each])
    ]
    tried = {OURS: as_read} | {
        each: _trial(without(each, snapshot), images)
        for each in (first, *contenders)
        if each != OURS
    }
    # The first of equals is ours.
    best = min(tried, key=lambda each: tried[each].loss)
    is_far_better = tried[best].loss < _MUCH_LESS * as_read.loss
    return best if is_far_better and tried[best].is_better_than(as_read) else OURS


def _other_activation(
    snapshot: Snapshot, images: LabelledImages, convention: Convention | None
) -> tuple[str, Convention]:
    """Return the activation with which the network is surely better than with ReLU, or "".

    Its convention is found with it, as it may not show with a wrong activation.
    """
    best, activation = _read(snapshot, images, convention), ""
    for each in _OTHERS:
        other = with_activation(snapshot, each)
        reading = best if other is snapshot else _read(other, images, convention)
        if reading.trial.is_better_than(best.trial):
            best, activation = reading, each
    return activation, best.convention


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
        return _Trial(np.full(len(images), _UNUSABLE), np.zeros(len(images), bool))
    is_right = logits.argmax(axis=1) == images.labels
    return _Trial(_losses(logits, images.labels), is_right)


def _losses(logits: NDArray[np.float64], labels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the loss of each image (n,) by the best of the temperatures."""
    behind = logits - logits.max(axis=1, keepdims=True)
    own = behind[np.arange(len(labels)), labels]
    losses = [np.log(np.exp(behind / each).sum(axis=1)) - own / each for each in _TEMPERATURES]
    return min(losses, key=lambda each: float(each.mean()))
