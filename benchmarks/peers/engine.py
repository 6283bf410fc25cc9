"""The program's own engine, through the generator of events that the window iterates, too."""

from collections.abc import Callable
from dataclasses import replace

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.events import StepsTrained
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.training.trainer import Trainer

_ENDLESS = 1_000_000


def train(dataset: Dataset, recipe: Recipe, note: Callable[[int], bool], precision: str) -> None:
    """Train, telling `note` of the steps done, until it returns False."""
    recipe = replace(recipe, steps=_ENDLESS, validate_every=_ENDLESS, precision=precision)
    for event in Trainer(dataset, recipe).events():
        if isinstance(event, StepsTrained) and not note(len(event.losses)):
            return
