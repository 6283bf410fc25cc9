"""JAX: a whole step, gathering of the batch to optimizer, as one jitted function.

Or so many steps at a time, as one `lax.scan`.
"""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import jax
import numpy as np
from jax import lax, nn, random
from jax import numpy as jnp

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.recipe import Recipe

_STEPS_PER_NOTE = 10
_SHAPES: dict[str, list[tuple[int, ...]]] = {
    "softmax": [(784, 10)],
    "cnn": [(5, 5, 1, 32), (5, 5, 32, 64), (7 * 7 * 64, 1024), (1024, 10)],
}


def train(
    dataset: Dataset, recipe: Recipe, note: Callable[[int], bool], steps_at_once: int = 1
) -> None:
    """Train, telling `note` of the steps done, until it returns False."""
    images = jnp.asarray(dataset.train.images[..., np.newaxis], jnp.float32) / 255
    labels = jnp.asarray(dataset.train.labels, jnp.int32)
    step = jax.jit(_steps(recipe, steps_at_once), donate_argnums=(0, 1))
    weights = _weights(_SHAPES[recipe.network])
    moments = jax.tree.map(lambda weight: (jnp.zeros_like(weight),) * 2, weights)
    moments = jax.tree.map(jnp.copy, moments)  # buffers of their own, to be given away
    batches = _batches(len(labels), recipe.batch_size)
    noted_every = max(_STEPS_PER_NOTE // steps_at_once, 1)
    for number in count():
        several = np.stack([next(batches) for _ in range(steps_at_once)])
        first = 1 + number * steps_at_once
        weights, moments, loss = step(weights, moments, first, images, labels, several)
        if (number + 1) % noted_every == 0:
            loss.block_until_ready()
            if not note(noted_every * steps_at_once):
                return


def _steps(recipe: Recipe, number: int) -> Callable[..., Any]:
    """Return a function that does the steps of several batches (number, batch size)."""
    one = _step(recipe)

    def steps(w: Any, m: Any, first: Any, images: Any, labels: Any, batches: Any) -> Any:
        def again(state: Any, number_and_batch: Any) -> Any:
            *state, loss = one(*state, number_and_batch[0], images, labels, number_and_batch[1])
            return tuple(state), loss

        (w, m), losses = lax.scan(again, (w, m), (first + jnp.arange(number), batches))
        return w, m, losses[-1]

    if number > 1:
        return steps
    return lambda w, m, first, images, labels, batch: one(w, m, first, images, labels, batch[0])


def _batches(images: int, size: int) -> Iterator[Any]:
    generator = np.random.default_rng(1)
    while True:
        order = generator.permutation(images).astype(np.int32)
        yield from order[: images // size * size].reshape(-1, size)


def _weights(shapes: list[tuple[int, ...]]) -> list[tuple[Any, Any]]:
    keys = random.split(random.key(1), len(shapes))
    return [
        (0.1 * random.truncated_normal(key, -2, 2, shape), jnp.full(shape[-1], 0.1))
        for key, shape in zip(keys, shapes, strict=True)
    ]


def _step(recipe: Recipe) -> Callable[..., Any]:
    logits = {"softmax": _softmax, "cnn": _cnn}[recipe.network]
    update = {"gradient-descent": _descend, "adam": _adam}[recipe.optimizer]

    def loss_of(weights: Any, number: Any, images: Any, labels: Any) -> Any:
        likelihoods = nn.log_softmax(logits(weights, images, random.key(number)))
        return -jnp.mean(jnp.take_along_axis(likelihoods, labels[:, None], axis=1))

    def step(weights: Any, moments: Any, number: Any, images: Any, labels: Any, batch: Any) -> Any:
        loss, gradients = jax.value_and_grad(loss_of)(weights, number, images[batch], labels[batch])
        weights, moments = update(weights, moments, gradients, number, recipe.learning_rate)
        return weights, moments, loss

    return step


def _softmax(weights: Any, images: Any, _key: Any) -> Any:
    ((kernel, bias),) = weights
    return images.reshape(len(images), -1) @ kernel + bias


def _cnn(weights: Any, images: Any, key: Any) -> Any:
    first, second, hidden, output = weights
    values = _convolution(second, _convolution(first, images))
    values = nn.relu(values.reshape(len(images), -1) @ hidden[0] + hidden[1])
    values = jnp.where(random.bernoulli(key, 0.5, values.shape), values / 0.5, 0)
    return values @ output[0] + output[1]


def _convolution(weights: Any, values: Any) -> Any:
    kernel, bias = weights
    layout = ("NHWC", "HWIO", "NHWC")
    values = lax.conv_general_dilated(values, kernel, (1, 1), "SAME", dimension_numbers=layout)
    window = (1, 2, 2, 1)
    return lax.reduce_window(nn.relu(values + bias), -jnp.inf, lax.max, window, window, "VALID")


def _descend(weights: Any, moments: Any, gradients: Any, _number: Any, rate: float) -> Any:
    return jax.tree.map(lambda weight, slope: weight - rate * slope, weights, gradients), moments


def _adam(weights: Any, moments: Any, gradients: Any, number: Any, rate: float) -> Any:
    def moved(slope: Any, moment: Any) -> Any:
        first, second = moment
        return 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope * slope

    def stepped(weight: Any, moment: Any) -> Any:
        first, second = moment
        scale = rate * jnp.sqrt(1 - 0.999**number) / (1 - 0.9**number)
        return weight - scale * first / (jnp.sqrt(second) + 1e-8)

    moments = jax.tree.map(moved, gradients, moments)
    return jax.tree.map(stepped, weights, moments), moments
