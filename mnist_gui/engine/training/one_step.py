"""Steps of learning on one image, taken on a copy of a network that is thrown away."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.filters import FirstLayer, first_layer
from mnist_gui.engine.inside.forward import softmax
from mnist_gui.engine.inside.learnt import STEP_COUNTS, LayerStep, Learnt
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.models.network_copies import NetworkCopies, NetworkCopy
from mnist_gui.engine.schedule import learning_rate_factors
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.optimizers import Optimizer

Arrays = Mapping[str, NDArray[np.float32]]


def rate_at(snapshot: Snapshot) -> float:
    """Return the learning rate of the recipe's schedule for the step after this snapshot."""
    recipe = snapshot.recipe
    done = np.array([float(snapshot.step)])
    factors = learning_rate_factors(recipe.schedule, done, recipe.steps)
    return recipe.learning_rate * float(factors[0])


def learn(
    copies: NetworkCopies,
    snapshot: Snapshot,
    image: NDArray[np.uint8],
    label: int,
    learning_rate: float,
) -> Iterator[ViewProgress | Learnt]:
    """Train a copy of a network on one image (28, 28) and its label, by the recipe's optimizer.

    Each step makes the cross-entropy smaller, without label smoothing. The optimizer begins as in
    a new run, without a memory of steps before. Yield its progress and what is learnt so far each
    time that one of STEP_COUNTS is reached.
    """
    copy = copies.of(snapshot)
    import tensorflow as tf

    yield ViewProgress(0, STEP_COUNTS[-1])
    rate = tf.constant(learning_rate, tf.float32)
    optimizer = Optimizer(snapshot.recipe, copy.variables, lambda _step: rate)
    images, labels = image[np.newaxis], np.array([label])
    learnt = _first_step(copy, optimizer, snapshot, images, labels)
    yield learnt
    for done, target in pairwise(STEP_COUNTS[1:]):
        for step in range(done, target):
            gradients, _, _ = copy.gradients(images, labels)
            optimizer.apply(gradients, tf.constant(step, tf.int64))
            yield ViewProgress(step + 1, STEP_COUNTS[-1])
        learnt = _with_answer(learnt, copy, images, labels)
        yield learnt


def _first_step(
    copy: NetworkCopy,
    optimizer: Optimizer,
    snapshot: Snapshot,
    images: NDArray[np.uint8],
    labels: NDArray[np.int64],
) -> Learnt:
    import tensorflow as tf

    before = copy.trained_weights()
    tensors, logits, loss = copy.gradients(images, labels)
    gradients = {name: each.numpy() for name, each in zip(copy.names, tensors, strict=True)}
    optimizer.apply(tensors, tf.constant(0, tf.int64))
    steps = {name: after - before[name] for name, after in copy.trained_weights().items()}
    learnt = Learnt(
        softmax(logits),
        (loss,),
        layer_steps(before, gradients, steps),
        _as_first_layer(snapshot, gradients),
        _as_first_layer(snapshot, steps),
    )
    return _with_answer(learnt, copy, images, labels)


def _with_answer(
    learnt: Learnt, copy: NetworkCopy, images: NDArray[np.uint8], labels: NDArray[np.int64]
) -> Learnt:
    _, logits, loss = copy.gradients(images, labels)
    probabilities = np.concatenate([learnt.probabilities, softmax(logits)])
    return replace(learnt, probabilities=probabilities, losses=(*learnt.losses, loss))


def _as_first_layer(snapshot: Snapshot, arrays: Arrays) -> FirstLayer:
    return first_layer(replace(snapshot, weights=arrays))


def layer_steps(weights: Arrays, gradients: Arrays, steps: Arrays) -> tuple[LayerStep, ...]:
    """Return the norms of each layer's weights, gradient and step, in the order of the layers."""

    def norm(arrays: Arrays, names: list[str]) -> float:
        squares = (np.square(arrays[name], dtype=np.float64).sum() for name in names)
        return float(np.sqrt(sum(squares)))

    return tuple(
        LayerStep(layer, *(norm(arrays, names) for arrays in (weights, gradients, steps)))
        for layer, names in (
            (layer, list(group)) for layer, group in groupby(weights, lambda n: n.split("/")[0])
        )
    )
