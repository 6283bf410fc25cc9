"""Recipes: a network and the hyperparameters it is trained with, checked on construction."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mnist_gui.engine.architectures import ARCHITECTURES, Architecture
from mnist_gui.engine.errors import RecipeError

_MOST_DRAWN_IMAGES = 12_000

OPTIMIZERS = ("gradient-descent", "momentum", "adam")
SCHEDULES = ("constant", "one-cycle")
AUTOMATIC = "automatic"
PRECISIONS = (AUTOMATIC, "float32", "bfloat16")

IMPORTED = "imported"
"""What the recipe of a network is called of which only the weights are known."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The smallest and the largest value that training can use, both included."""

    minimum: float
    maximum: float

    is_whole: bool = False

    def holds(self, value: float) -> bool:
        """Whether the value lies within, and is a whole number where it must be."""
        if isinstance(value, bool) or (self.is_whole and not isinstance(value, int)):
            return False
        return self.minimum <= value <= self.maximum


BOUNDS: Mapping[str, Bounds] = MappingProxyType(
    {
        "learning_rate": Bounds(1e-6, 100.0),
        "batch_size": Bounds(1, 5_000, is_whole=True),
        "steps": Bounds(1, 1_000_000, is_whole=True),
        "dropout": Bounds(0.0, 0.95),
        "beta_2": Bounds(0.5, 0.99999),
        "label_smoothing": Bounds(0.0, 0.9),
        "averaged_share": Bounds(0.0, 1.0),
        "distortion": Bounds(0.0, 5.0),
        "drawn_share": Bounds(0.0, 0.9),
        "seed": Bounds(0, 2**31 - 1, is_whole=True),
        "measure_every": Bounds(1, 1_000_000, is_whole=True),
        "validate_every": Bounds(1, 1_000_000, is_whole=True),
        "patience": Bounds(0, 1_000, is_whole=True),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A network and its hyperparameters.

    `dropout` is the share of hidden units dropped in training; `beta_2` how much of its memory of
    squared gradients Adam keeps from step to step; `label_smoothing` the probability given to all
    digits alike in what is learnt; `averaged_share` the last part of the run whose weights are
    averaged for the end; `distortion` how strongly images are distorted at random, 1 being about
    what hands differ by; `drawn_share` the part of each batch that are pen styles drawn by the
    program in place of training images. Every `measure_every` steps the
    accuracy on the batch at hand is taken before the step, without dropout; about every
    `validate_every` steps the accuracy on the validation images. One `seed` gives the initial
    weights, the order of the images and the dropout. After `patience` validations in a row that
    were not better than the best one, the run ends before its steps are done; such a run ends with
    the weights that validated best, and its test accuracy is theirs. With a patience of 0 it ends
    with the last weights after all its steps.

    Raises RecipeError, naming the value and its bounds.
    """

    name: str
    network: str
    optimizer: str
    learning_rate: float
    batch_size: int
    steps: int
    schedule: str = "constant"
    beta_2: float = 0.999
    dropout: float = 0.0
    label_smoothing: float = 0.0
    averaged_share: float = 0.0
    distortion: float = 0.0
    drawn_share: float = 0.0
    seed: int = 1
    measure_every: int = 100
    validate_every: int = 1_000
    patience: int = 0
    precision: str = AUTOMATIC

    def __post_init__(self) -> None:
        """Let no value in that training cannot use."""
        self._check_choice("network", tuple(ARCHITECTURES))
        self._check_choice("optimizer", OPTIMIZERS)
        self._check_choice("schedule", SCHEDULES)
        self._check_choice("precision", PRECISIONS)
        for field, bounds in BOUNDS.items():
            value = getattr(self, field)
            if not bounds.holds(value):
                raise RecipeError(
                    f"The recipe's {field.replace('_', ' ')} is {value}; "
                    f"choose a {'whole number' if bounds.is_whole else 'value'} "
                    f"from {bounds.minimum:,.7g} to {bounds.maximum:,.10g}."
                )

    def _check_choice(self, field: str, choices: tuple[str, ...]) -> None:
        value = getattr(self, field)
        if value not in choices:
            raise RecipeError(
                f"The recipe's {field} is {value!r}; choose one of {', '.join(choices)}."
            )

    @property
    def architecture(self) -> Architecture:
        """The architecture of the network it trains."""
        return ARCHITECTURES[self.network]

    @property
    def learns_as_it_reads(self) -> bool:
        """Whether the network gives the same answers in training, to the data set's images only."""
        is_altered = self.dropout or self.distortion or self.drawn_batch
        return not is_altered and not self.architecture.is_normalized

    @property
    def drawn_batch(self) -> int:
        """How many images of each batch are drawn by the program."""
        return round(self.batch_size * self.drawn_share)

    @property
    def data_batch(self) -> int:
        """How many images of each batch come from the data set."""
        return max(1, self.batch_size - self.drawn_batch)

    @property
    def averaged_steps(self) -> int:
        """Over how many steps at the end the weights are averaged."""
        return round(self.steps * self.averaged_share)

    @property
    def drawn_images(self) -> int:
        """How many different images the program draws: each is seen four times or more often."""
        return min(-(-self.steps * self.drawn_batch // 4), _MOST_DRAWN_IMAGES)


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        recipe.name: recipe
        for recipe in (
            Recipe(
                name="softmax-tutorial",
                network="softmax",
                optimizer="gradient-descent",
                learning_rate=0.5,
                batch_size=100,
                steps=1_000,
                measure_every=10,
                validate_every=250,
            ),
            Recipe(
                name="cnn-tutorial",
                network="cnn",
                optimizer="adam",
                learning_rate=1e-4,
                batch_size=50,
                steps=20_000,
                dropout=0.5,
            ),
            Recipe(
                name="cnn-fast",
                network="cnn-lean",
                optimizer="adam",
                learning_rate=8e-3,
                beta_2=0.99,
                schedule="one-cycle",
                batch_size=128,
                steps=1_150,
                label_smoothing=0.1,
                averaged_share=0.3,
                drawn_share=0.08,
                measure_every=20,
                validate_every=200,
            ),
            Recipe(
                name="cnn-best",
                network="cnn-deep",
                optimizer="adam",
                learning_rate=8e-3,
                beta_2=0.99,
                schedule="one-cycle",
                batch_size=128,
                steps=8_600,
                label_smoothing=0.1,
                averaged_share=0.3,
                distortion=1.5,
                drawn_share=0.14,
                measure_every=50,
                validate_every=500,
            ),
            Recipe(
                name="softmax-best",
                network="softmax",
                optimizer="momentum",
                learning_rate=0.3,
                schedule="one-cycle",
                batch_size=500,
                steps=4_500,
                averaged_share=0.3,
                drawn_share=0.02,
                measure_every=50,
                validate_every=500,
            ),
        )
    }
)

# What the window offers first.
DEFAULT_RECIPE = "cnn-fast"


def find_recipe(name: str) -> Recipe:
    """Return the named recipe; raises RecipeError, listing the names there are."""
    if name not in RECIPES:
        raise RecipeError(f"There is no recipe {name!r}; choose one of {', '.join(RECIPES)}.")
    return RECIPES[name]
