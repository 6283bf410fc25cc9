"""A network on the device that trains it, with what trains it and what validates it."""

from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.devices import find_device, pick_precision
from mnist_gui.engine.events import DigitsDrawn, ImagesRead
from mnist_gui.engine.networks import build_network, network_weights
from mnist_gui.engine.pen_images import draw_pen_digits, join
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.tensorflow_loader import load_tensorflow
from mnist_gui.engine.training.train_state import TrainState
from mnist_gui.engine.training.train_step import TrainStep, ValidationStep


class TrainedNetwork:
    """Trains and validates the network of a recipe; to be used by one thread only.

    `device` says in words what it computes on, `precision` how exactly.
    """

    def __init__(
        self,
        dataset: Dataset,
        recipe: Recipe,
        *,
        device: str,
        precision: str,
        drawn: LabelledImages | None,
    ) -> None:
        """`drawn` are the images that the recipe wants drawn by the program."""
        self.device = device
        self.precision = precision
        self._network = build_network(
            recipe.network,
            dropout=recipe.dropout,
            seed=recipe.seed,
            precision=precision,
            for_training=True,
        )
        self._validation_images = len(dataset.validation)
        self._batch = recipe.architecture.evaluation_batch
        self._validation_step = ValidationStep(self._network, dataset.validation, self._batch)
        self.steps = TrainStep(self._network, dataset.train, recipe, drawn)

    @property
    def state(self) -> TrainState:
        """All that the next step depends on."""
        return self.steps.state

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Return copies of the weights."""
        return network_weights(self._network)

    def validate(self) -> Generator[ImagesRead, None, tuple[float, float]]:
        """Read the validation images; returns the accuracy 0..1 and the mean loss."""
        total, correct, loss = self._validation_images, 0, 0.0
        for start in range(0, total, self._batch):
            part_correct, part_loss = self._validation_step.run(start)
            correct += part_correct
            loss += part_loss
            yield ImagesRead("validation", min(start + self._batch, total), total)
        return correct / total, loss / total


def prepare_network(
    dataset: Dataset, recipe: Recipe, device_key: str, precision: str
) -> Generator[DigitsDrawn, None, TrainedNetwork]:
    """Load TensorFlow, draw what the recipe wants drawn, build and trace; raises DeviceError."""
    load_tensorflow()
    import tensorflow as tf

    device = find_device(device_key)
    picked = pick_precision(precision, recipe.network, device)
    drawn = yield from _drawn_digits(recipe)
    with tf.device(device.placement):
        return TrainedNetwork(dataset, recipe, device=str(device), precision=picked, drawn=drawn)


def _drawn_digits(recipe: Recipe) -> Generator[DigitsDrawn, Any, LabelledImages | None]:
    total = recipe.drawn_images
    if not total:
        return None
    parts: list[LabelledImages] = []
    done = 0
    for part in draw_pen_digits(total, recipe.seed):
        parts.append(part)
        done += len(part)
        yield DigitsDrawn(done, total)
    return join(parts)
