"""The learning-rate range test: the loss of batch after batch while the learning rate grows."""

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

import numpy as np

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.events import StepsTrained, SyntheticDigitsProgress
from mnist_gui.engine.rate_test import FIRST_RATE, RateTest, growing_rates
from mnist_gui.engine.recipe import AUTOMATIC, BOUNDS, Recipe
from mnist_gui.engine.training.policies import Timing
from mnist_gui.engine.training.trainer import Trainer

STEPS = 280
"""Forty batches for each factor of ten."""

_SECONDS_BETWEEN = 0.05
# One batch a chunk: each has a rate of its own.
_TIMING = Timing(chunk=0.0)
_NEVER = int(BOUNDS["validate_every"].maximum)


def run_rate_test(
    dataset: Dataset, recipe: Recipe, device: str = AUTOMATIC, *, steps: int = STEPS
) -> Iterator[SyntheticDigitsProgress | RateTest]:
    """Train a new network of the recipe, each batch at a higher rate, until its loss explodes.

    Yield SyntheticDigitsProgress, then what is known every 50 ms, and last the whole test. The
    schedule does not count, nor does weight averaging. The same seed gives the same losses.
    """
    rates, losses = growing_rates(steps), list[float]()
    trainer = Trainer(dataset, recipe_to_test(recipe, steps), device, timing=_TIMING)
    shown = perf_counter()
    try:
        for event in trainer.events():
            if isinstance(event, SyntheticDigitsProgress):
                yield event
            if not isinstance(event, StepsTrained):
                continue
            losses += event.losses
            known = RateTest(rates[: len(losses)], np.array(losses), steps)
            if len(losses) == steps or known.has_exploded:
                break
            trainer.learning_rate = float(rates[len(losses)])
            if perf_counter() - shown > _SECONDS_BETWEEN:
                shown = perf_counter()
                yield known
    except TrainingError:
        # The loss is not finite any more.
        pass
    yield RateTest(rates[: len(losses)], np.array(losses), steps, is_over=True)


def recipe_to_test(recipe: Recipe, steps: int = STEPS) -> Recipe:
    """Return what is trained: nothing in it changes the rate, or takes time between steps."""
    return replace(
        recipe,
        learning_rate=FIRST_RATE,
        steps=steps,
        schedule="constant",
        averaged_share=0.0,
        validate_every=_NEVER,
        measure_every=_NEVER,
        patience=0,
    )
