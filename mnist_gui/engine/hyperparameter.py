"""How a hyperparameter is declared: its bounds, title, tip, group and command-line option."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field
from enum import Enum
from typing import Any

from mnist_gui.engine.errors import RecipeError


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Return the text; its name lets Qt's tools find a text to translate, without importing Qt."""
    return text


@dataclass(frozen=True, slots=True)
class Bounds:
    """The smallest and largest value that training can use, both included."""

    minimum: float
    maximum: float
    is_whole: bool = False

    def holds(self, value: object) -> bool:
        """Return whether a value lies within, and is a whole number where it must be."""
        if isinstance(value, bool) or not isinstance(value, int if self.is_whole else int | float):
            return False
        return self.minimum <= value <= self.maximum


class Group(Enum):
    """Where a form shows a hyperparameter: always, or with those that are seldom changed."""

    BASIC = "basic"
    ADVANCED = "advanced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hyperparameter:
    """The declaration of one hyperparameter.

    `allowed` are a number's bounds, or the choices by name with their titles. A form shows it
    only with a `group`; the command line takes it only with an `option`, which is its help text.
    `unit` is what a number counts, `zero` how 0 is shown, `decimals` how many a form takes. With
    `is_grouped` a number is shown with separators of thousands; with `by_factors` a random search
    samples its logarithm. All texts are marked for translation.
    """

    allowed: Bounds | Mapping[str, str]
    title: str
    tip: str
    group: Group | None = None
    option: str = ""
    unit: str = ""
    zero: str = ""
    decimals: int = 3
    is_grouped: bool = True
    by_factors: bool = False

    def field(self, default: object = MISSING) -> Any:
        """Return the dataclass field that this hyperparameter is."""
        return field(default=default, metadata={"hyperparameter": self})

    def check(self, name: str, value: object) -> None:
        """Raise RecipeError, which says what can be chosen, for a value that cannot be used."""
        if not isinstance(self.allowed, Bounds):
            if value not in tuple(self.allowed):
                raise RecipeError(
                    "recipe-choice", hyperparameter=name, value=value, names=[*self.allowed]
                )
            return
        low, high = self.allowed.minimum, self.allowed.maximum
        if self.allowed.holds(value):
            return
        if self.allowed.is_whole:
            raise RecipeError(
                "recipe-whole-number", hyperparameter=name, value=value, low=low, high=high
            )
        raise RecipeError("recipe-number", hyperparameter=name, value=value, low=low, high=high)
