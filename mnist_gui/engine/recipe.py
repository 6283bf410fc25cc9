"""Recipes: an architecture and the hyperparameters it is trained with."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType

from mnist_gui.engine.architectures import ARCHITECTURES, Architecture, find_architecture
from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.hyperparameter import QT_TRANSLATE_NOOP, Bounds, Group, Hyperparameter

_MOST_DRAWN_IMAGES = 24_000

AUTOMATIC = "automatic"
ALL_GPUS = "all GPUs"
"""The device that all GPUs are together, where there are several."""
PRECISIONS: Mapping[str, str] = MappingProxyType(
    {
        AUTOMATIC: QT_TRANSLATE_NOOP("hyperparameters", "Automatic"),
        "float32": "float32",
        "bfloat16": "bfloat16",
    }
)

IMPORTED = "imported"
"""The name of the recipe of a network whose weights were imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """An architecture and its hyperparameters, each explained by its `tip`.

    A hyperparameter is declared here only: validation, the form, the command line, tables and
    files follow from the fields, in their order. Raises RecipeError for a value out of bounds.
    """

    name: str
    network: str = Hyperparameter(
        allowed={name: name for name in ARCHITECTURES},
        title=QT_TRANSLATE_NOOP("hyperparameters", "Network"),
        tip=QT_TRANSLATE_NOOP("hyperparameters", "The network that is trained."),
    ).field()
    optimizer: str = Hyperparameter(
        allowed={
            "gradient-descent": QT_TRANSLATE_NOOP("hyperparameters", "Gradient descent"),
            "momentum": QT_TRANSLATE_NOOP("hyperparameters", "Momentum"),
            "adam": QT_TRANSLATE_NOOP("hyperparameters", "Adam"),
        },
        title=QT_TRANSLATE_NOOP("hyperparameters", "Optimizer"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "How each step changes the weights. Adam suits most networks.",
        ),
        group=Group.BASIC,
    ).field()
    learning_rate: float = Hyperparameter(
        allowed=Bounds(1e-6, 100.0),
        title=QT_TRANSLATE_NOOP("hyperparameters", "Learning rate"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "How far each step moves the weights: too small is slow, too large fails.",
        ),
        group=Group.BASIC,
        option=QT_TRANSLATE_NOOP("hyperparameters", "how far each batch moves the weights"),
        decimals=8,
        by_factors=True,
    ).field()
    batch_size: int = Hyperparameter(
        allowed=Bounds(1, 5_000, is_whole=True),
        title=QT_TRANSLATE_NOOP("hyperparameters", "Batch size"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "How many images the network sees before each change of its weights.",
        ),
        group=Group.BASIC,
        option=QT_TRANSLATE_NOOP("hyperparameters", "images in a batch"),
    ).field()
    steps: int = Hyperparameter(
        allowed=Bounds(1, 1_000_000, is_whole=True),
        title=QT_TRANSLATE_NOOP("hyperparameters", "Steps"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "How many batches it trains on before the final test.",
        ),
        group=Group.BASIC,
        option=QT_TRANSLATE_NOOP("hyperparameters", "batches to train on"),
    ).field()
    dropout: float = Hyperparameter(
        allowed=Bounds(0.0, 0.95),
        title=QT_TRANSLATE_NOOP("hyperparameters", "Dropout"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "Share of hidden units switched off at random in each step, against learning by heart.",
        ),
        group=Group.BASIC,
    ).field(default=0.0)
    schedule: str = Hyperparameter(
        allowed={
            "constant": QT_TRANSLATE_NOOP("hyperparameters", "Constant"),
            "one-cycle": QT_TRANSLATE_NOOP("hyperparameters", "One cycle"),
        },
        title=QT_TRANSLATE_NOOP("hyperparameters", "Schedule"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "How the learning rate changes. One cycle: it rises, then falls to almost nothing.",
        ),
        group=Group.ADVANCED,
    ).field(default="constant")
    distortion: float = Hyperparameter(
        allowed=Bounds(0.0, 5.0),
        title=QT_TRANSLATE_NOOP("hyperparameters", "Distortion"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "How strongly training images are turned, shifted and bent at random. 1 is "
            "about natural variation. Above 0, a few images also get noise, fog or stripes.",
        ),
        group=Group.ADVANCED,
    ).field(default=0.0)
    drawn_share: float = Hyperparameter(
        allowed=Bounds(0.0, 0.9),
        title=QT_TRANSLATE_NOOP("hyperparameters", "Extra examples"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "Share of each batch that the program draws itself, in other styles of writing.",
        ),
        group=Group.ADVANCED,
    ).field(default=0.0)
    label_smoothing: float = Hyperparameter(
        allowed=Bounds(0.0, 0.9),
        title=QT_TRANSLATE_NOOP("hyperparameters", "Label smoothing"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "Share of the right answer that is spread over all digits, against being too sure.",
        ),
        group=Group.ADVANCED,
    ).field(default=0.0)
    averaged_share: float = Hyperparameter(
        allowed=Bounds(0.0, 1.0),
        title=QT_TRANSLATE_NOOP("hyperparameters", "Weight averaging"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "The last part of the run whose weights are averaged into the final network.",
        ),
        group=Group.ADVANCED,
    ).field(default=0.0)
    beta_2: float = Hyperparameter(
        allowed=Bounds(0.5, 0.99999),
        title=QT_TRANSLATE_NOOP("hyperparameters", "Adam's beta 2"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "How long Adam remembers slopes: 0.999 is about 1,000 steps, 0.99 about 100.",
        ),
        group=Group.ADVANCED,
        decimals=5,
    ).field(default=0.999)
    measure_every: int = Hyperparameter(
        allowed=Bounds(1, 1_000_000, is_whole=True),
        title=QT_TRANSLATE_NOOP("hyperparameters", "Measured every"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "After how many steps the accuracy on the current batch is measured.",
        ),
    ).field(default=100)
    validate_every: int = Hyperparameter(
        allowed=Bounds(1, 1_000_000, is_whole=True),
        title=QT_TRANSLATE_NOOP("hyperparameters", "Validated every"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "How often it is checked on images that it does not train on.",
        ),
        group=Group.ADVANCED,
        unit=QT_TRANSLATE_NOOP("hyperparameters", "steps"),
    ).field(default=1_000)
    patience: int = Hyperparameter(
        allowed=Bounds(0, 1_000, is_whole=True),
        title=QT_TRANSLATE_NOOP("hyperparameters", "Patience"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "Ends the run after so many checks without improvement, with the best weights.",
        ),
        group=Group.ADVANCED,
        option=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "stop after N validations without a better one, with the best weights; 0: never",
        ),
        unit=QT_TRANSLATE_NOOP("hyperparameters", "validations"),
        zero=QT_TRANSLATE_NOOP("hyperparameters", "Off"),
    ).field(default=0)
    seed: int = Hyperparameter(
        allowed=Bounds(0, 2**31 - 1, is_whole=True),
        title=QT_TRANSLATE_NOOP("hyperparameters", "Seed"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "The number that chance starts from: the same seed repeats the same run.",
        ),
        group=Group.ADVANCED,
        option=QT_TRANSLATE_NOOP("hyperparameters", "random seed; the same seed repeats a run"),
        is_grouped=False,
    ).field(default=1)
    precision: str = Hyperparameter(
        allowed=PRECISIONS,
        title=QT_TRANSLATE_NOOP("hyperparameters", "Precision"),
        tip=QT_TRANSLATE_NOOP(
            "hyperparameters",
            "How exactly it calculates. bfloat16 is faster on processors that support it.",
        ),
        group=Group.ADVANCED,
        option=QT_TRANSLATE_NOOP("hyperparameters", "number format"),
    ).field(default=AUTOMATIC)

    def __post_init__(self) -> None:
        """Check every value; raises RecipeError."""
        for name, hyperparameter in HYPERPARAMETERS.items():
            # That of an imported network is none of the choices.
            if name != "network" or _architecture(self.network) is None:
                hyperparameter.check(name, getattr(self, name))

    def uses(self, name: str) -> bool:
        """Return whether a hyperparameter has an effect, given the others."""
        if name == "dropout":
            return self.architecture.has_dropout
        return name != "beta_2" or self.optimizer == "adam"

    @property
    def architecture(self) -> Architecture:
        """The architecture of the network it trains."""
        found = _architecture(self.network)
        assert found is not None
        return found

    @property
    def trains_as_it_predicts(self) -> bool:
        """Whether training sees only unchanged data-set images, without dropout or the like."""
        is_altered = self.dropout or self.distortion or self.synthetic_per_batch
        return not is_altered and not self.architecture.is_normalized

    @property
    def synthetic_per_batch(self) -> int:
        """How many images of each batch are synthetic digits."""
        return round(self.batch_size * self.drawn_share)

    @property
    def dataset_per_batch(self) -> int:
        """How many images of each batch come from the data set."""
        return max(1, self.batch_size - self.synthetic_per_batch)

    @property
    def averaged_steps(self) -> int:
        """The number of last steps whose weights are averaged."""
        return round(self.steps * self.averaged_share)

    @property
    def synthetic_images(self) -> int:
        """The number of different synthetic digits: each is seen at least four times."""
        return min(-(-self.steps * self.synthetic_per_batch // 4), _MOST_DRAWN_IMAGES)


def _architecture(network: object) -> Architecture | None:
    return find_architecture(network) if isinstance(network, str) else None


HYPERPARAMETERS: Mapping[str, Hyperparameter] = MappingProxyType(
    {each.name: each.metadata["hyperparameter"] for each in fields(Recipe) if each.name != "name"}
)
"""The declarations of all fields of a recipe but its name, in their order."""

BOUNDS: Mapping[str, Bounds] = MappingProxyType(
    {name: h.allowed for name, h in HYPERPARAMETERS.items() if isinstance(h.allowed, Bounds)}
)
"""The bounds of the hyperparameters that are numbers."""

_CNN_FAST = Recipe(
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
    drawn_share=0.12,
    measure_every=20,
    validate_every=200,
)
_ALL = (
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
    _CNN_FAST,
    replace(
        _CNN_FAST,
        name="cnn-best",
        network="cnn-deep",
        steps=11_000,
        distortion=1.5,
        drawn_share=0.18,
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
RECIPES: Mapping[str, Recipe] = MappingProxyType({recipe.name: recipe for recipe in _ALL})

DEFAULT_RECIPE = "cnn-fast"
"""The recipe that the window shows first."""


def usual_recipe(network: str) -> Recipe:
    """Return the first recipe that trains this architecture, or the one it is a variant of."""
    found = find_architecture(network)
    trained = found.variant_of if found and found.variant_of else network
    usual = next(each for each in RECIPES.values() if each.network == trained)
    return replace(usual, network=network)


def find_recipe(name: str) -> Recipe:
    """Return the named recipe; raises RecipeError, listing the names there are."""
    if name not in RECIPES:
        raise RecipeError("no-recipe", name=name, names=[*RECIPES])
    return RECIPES[name]
