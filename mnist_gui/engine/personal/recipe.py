"""With what hyperparameters each network learns the user's hand, and from how much of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from mnist_gui.engine.recipe import Recipe

OWN_SHARE = 0.5
"""The part of each batch that are variations of own digits."""

COPIES = 40
"""How many variations of each own digit there are."""

PERSONAL_SUFFIX = "-personal"
"""What the name of such a recipe ends with."""


@dataclass(frozen=True, slots=True)
class _Settings:
    learning_rate: float
    steps: int
    batch_size: int = 128
    distortion: float = 0.0


# Chosen on pen digits of the fifteen writers with even numbers; see benchmarks/personal.py.
_SETTINGS: Mapping[str, _Settings] = MappingProxyType(
    {
        "softmax": _Settings(learning_rate=1e-3, steps=300),
        "cnn": _Settings(learning_rate=1e-4, steps=50),
        "cnn-lean": _Settings(learning_rate=1e-3, steps=100),
        "cnn-deep": _Settings(learning_rate=1e-3, steps=40, distortion=0.5),
    }
)


def personal_recipe(base: Recipe, seed: int) -> Recipe:
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
    )
