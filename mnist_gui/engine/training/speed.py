"""How fast a device trains the tutorial's networks: a test of a few seconds."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import numpy as np

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.models.devices import Device, pick_precision
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.training.policies import BatchSampler, ChunkSize
from mnist_gui.engine.training.replicas import prepare_training
from mnist_gui.engine.training.train_step import TrainStep

_SECONDS = 3.0
_PARTS = {"cnn-tutorial": 0.7, "softmax-tutorial": 0.3}
"""The recipes that are tested, and the part of the time that each gets."""

# As many as MNIST has for training.
_IMAGES = 55_000
_CHUNK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Speed:
    """How many steps of a recipe a device trains in a second."""

    recipe: str
    device: str
    precision: str
    steps_per_second: float

    @property
    def training_seconds(self) -> float:
        """How long the whole recipe would train, without its validations."""
        return RECIPES[self.recipe].steps / self.steps_per_second


@dataclass(frozen=True, slots=True)
class SpeedProgress:
    """The part, 0..1, of the speed test that is done."""

    done: float


def measure_speed(device: Device, seconds: float = _SECONDS) -> Iterator[SpeedProgress | Speed]:
    """Train each recipe of the tutorial for a part of this time; TensorFlow must be loaded.

    The images are random: a step takes as long with them as with MNIST.
    """
    images, begun = _random_images(), 0.0
    for name, part in _PARTS.items():
        yield SpeedProgress(begun)
        precision, train_step = _prepare(name, images, device)
        done = partial(_progress, begun, part)
        steps_per_second = yield from _train(name, train_step, part * seconds, done)
        begun += part
        yield Speed(name, str(device), precision, steps_per_second)


def _prepare(name: str, images: LabelledImages, device: Device) -> tuple[str, TrainStep]:
    recipe = RECIPES[name]
    precision = pick_precision(recipe.precision, recipe.network, device)
    _, train_step = prepare_training(device, recipe, precision, images)
    return precision, train_step


def _progress(begun: float, part: float, done_of_part: float) -> SpeedProgress:
    return SpeedProgress(begun + part * min(done_of_part, 1.0))


def _train(
    name: str, train_step: TrainStep, seconds: float, progress: Callable[[float], SpeedProgress]
) -> Generator[SpeedProgress, None, float]:
    """Train for this time; return the steps per second."""
    batch_size = RECIPES[name].batch_size
    batches = BatchSampler(images=_IMAGES, batch_size=batch_size, seed=0)
    # The first step is slower than the others.
    train_step.run(batches.indices(0, 1), 0)
    chunk, step, spent = ChunkSize(_CHUNK_SECONDS), 1, 0.0
    while spent < seconds:
        steps = chunk.steps
        indices = batches.indices(step, steps)
        started = perf_counter()
        train_step.run(indices, step)
        took = perf_counter() - started
        chunk.adjust(steps, took)
        step, spent = step + steps, spent + took
        yield progress(spent / seconds)
    return (step - 1) / spent


def _random_images() -> LabelledImages:
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (_IMAGES, IMAGE_SIDE, IMAGE_SIDE), np.uint8)
    return LabelledImages(images, random.integers(0, 10, _IMAGES, np.uint8))
