"""Measure how long each layer of a network takes on this computer."""

from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.inside.times import LayerTimes
from mnist_gui.engine.models.devices import load_tensorflow
from mnist_gui.engine.models.networks import build_network

MEASURED_IMAGES = (1, 100)
"""How many images are computed at once: a digit that is drawn, a batch."""

_ROUNDS = 15
# The first calls also choose how to compute.
_UNCOUNTED = 2


def measure_layers(architecture: str) -> Iterator[ViewProgress | tuple[LayerTimes, ...]]:
    """Measure the layers of Keras' network, each by itself, for one image and for a batch.

    A layer's time is the least of several rounds through all layers, as whatever else the computer
    does only adds to it (the median varies threefold while others compute). What a call takes in
    which nothing is computed is taken off. Yields ViewProgress often, and at last the times, with 0
    for the image. For one thread only. Raises TensorFlowError.
    """
    load_tensorflow()
    layers = build_network(architecture).layers[:-1]
    total = len(MEASURED_IMAGES) * _ROUNDS
    yield ViewProgress(0, total)
    functions = []
    for layer in layers:
        functions.append(_traced(partial(layer, training=False), layer.input.shape))
        yield ViewProgress(0, total)
    functions.append(_traced(_same, None))
    times: list[LayerTimes] = []
    for images in MEASURED_IMAGES:
        inputs = _inputs(functions, images)
        rounds = []
        for done in range(_ROUNDS + _UNCOUNTED):
            rounds.append(_round(functions, inputs))
            yield ViewProgress(len(times) * _ROUNDS + max(0, done - _UNCOUNTED), total)
        *least, nothing = map(min, zip(*rounds[_UNCOUNTED:], strict=True))
        seconds = [max(0.0, each - nothing) for each in least]
        times.append(LayerTimes(images, (0.0, *seconds)))
    yield tuple(times)


def _traced(function: Callable[[Any], Any], shape: tuple[int | None, ...] | None) -> Any:
    """Trace a function of float32 of this shape; it also gives the first number of its outputs.

    Who reads that number waits until a GPU has computed them all.
    """
    import tensorflow as tf

    signature = [tf.TensorSpec(shape, tf.float32)]

    @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
    def compute(inputs: Any) -> Any:
        outputs = function(inputs)
        return outputs, tf.reshape(outputs, [-1])[:1]

    return compute.get_concrete_function()


def _inputs(functions: list[Callable[[Any], Any]], images: int) -> list[Any]:
    """Return what each function gets for so many random images."""
    import tensorflow as tf

    shape = (images, IMAGE_SIDE, IMAGE_SIDE, 1)
    inputs = [tf.constant(np.random.default_rng(0).random(shape, np.float32))]
    for function in functions[:-1]:
        inputs.append(function(inputs[-1])[0])
    return inputs


def _round(functions: list[Callable[[Any], Any]], inputs: list[Any]) -> list[float]:
    """Return the seconds that each function takes."""
    return [_seconds(function, given) for function, given in zip(functions, inputs, strict=True)]


def _seconds(function: Callable[[Any], Any], given: Any) -> float:
    started = perf_counter()
    _, first = function(given)
    first.numpy()
    return perf_counter() - started


def _same(inputs: Any) -> Any:
    return inputs
