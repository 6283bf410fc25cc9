"""The recipes for fine-tuning each network, and how many copies of the user digits they use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from mnist_gui.engine.recipe import Recipe

PERSONAL_SUFFIX = "-personal"
"""The ending of the name of a fine-tuning recipe."""

_MOST_COPIES = 40
# Making more of them would take longer than training on them.
_MOST_VARIATIONS = 4_000


@dataclass(frozen=True, slots=True)
class _Settings:
    """How to fine-tune a network; `user_share` is the fraction of user digits in each batch."""

    steps: int
    user_share: float = 0.5
    learning_rate: float = 1e-3
    batch_size: int = 128
    distortion: float = 0.0


_CNN = _Settings(steps=60, user_share=0.2, learning_rate=1e-4, batch_size=64)
# Chosen on pen digits of 15 of 30 writers; see benchmarks/personal.py.
_SETTINGS: Mapping[str, _Settings] = MappingProxyType(
    {
        "softmax": _Settings(steps=300),
        "cnn": _CNN,
        "cnn-normalized": _CNN,
        "cnn-lean": _Settings(steps=100),
        "cnn-deep": _Settings(steps=80, user_share=0.6, distortion=1.0),
    }
)


def _settings(network: str) -> _Settings:
    """Return how to fine-tune a network; one of other sizes as the one whose layers it has."""
    return _SETTINGS.get(network, _SETTINGS["cnn-lean"])


def finetuning_recipe(base: Recipe, seed: int) -> Recipe:
    """Return the recipe for fine-tuning a network that was trained by `base`.

    It fixes the number of steps, not the time, so that a seed gives one result.
    """
    settings = _settings(base.network)
    return replace(
        base,
        name=base.name.removesuffix(PERSONAL_SUFFIX) + PERSONAL_SUFFIX,
        optimizer="adam",
        learning_rate=settings.learning_rate,
        schedule="one-cycle",
        beta_2=0.99,
        batch_size=settings.batch_size,
        steps=settings.steps,
        averaged_share=0.3,
        distortion=settings.distortion,
        drawn_share=0.0,
        seed=seed,
        measure_every=settings.steps,
        validate_every=settings.steps,
        patience=0,
    )


def user_per_batch(recipe: Recipe) -> int:
    """Return how many images of each batch of a fine-tuning recipe are user digits."""
    return round(recipe.batch_size * _settings(recipe.network).user_share)


def augmented_copies(digits: int) -> int:
    """Return how many images to make of each of `digits` user digits, itself included."""
    return min(max(_MOST_VARIATIONS // digits, 1), _MOST_COPIES)
