"""With what hyperparameters each network learns the user's hand, and from how much of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from mnist_gui.engine.recipe import Recipe

PERSONAL_SUFFIX = "-personal"
"""What the name of such a recipe ends with."""

_MOST_COPIES = 40
# To make more of them would take longer than to learn from them.
_MOST_VARIATIONS = 4_000


@dataclass(frozen=True, slots=True)
class _Settings:
    """`own_share` is the part of each batch that are variations of own digits."""

    steps: int
    own_share: float = 0.5
    learning_rate: float = 1e-3
    batch_size: int = 128
    distortion: float = 0.0


# Chosen on pen digits of the fifteen writers with even numbers; see benchmarks/personal.py.
_SETTINGS: Mapping[str, _Settings] = MappingProxyType(
    {
        "softmax": _Settings(steps=300),
        "cnn": _Settings(steps=60, own_share=0.2, learning_rate=1e-4, batch_size=64),
        "cnn-lean": _Settings(steps=100),
        "cnn-deep": _Settings(steps=80, own_share=0.6, distortion=1.0),
    }
)


def finetuning_recipe(base: Recipe, seed: int) -> Recipe:
    """Return the recipe by which a network that was trained by `base` learns a hand.

    It is fixed how much is learnt, not how long that may take, so that a seed gives one result.
    """
    settings = _SETTINGS[base.network]
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


def own_batch(recipe: Recipe) -> int:
    """Return how many images of each batch of a personal recipe are variations of own digits."""
    return round(recipe.batch_size * _SETTINGS[recipe.network].own_share)


def copies_of(digits: int) -> int:
    """Return how many variations to make of each of so many own digits, itself included."""
    return min(max(_MOST_VARIATIONS // digits, 1), _MOST_COPIES)
