"""What is said of a hyperparameter, once, where `recipe` declares it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from mnist_gui.engine.errors import RecipeError


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Return a text that the window translates: by this name Qt's tools find it without Qt."""
    return text


@dataclass(frozen=True, slots=True)
class Bounds:
    """The smallest and the largest value that training can use, both included."""

    minimum: float
    maximum: float

    is_whole: bool = False

    def holds(self, value: object) -> bool:
        """Return whether a value lies within, and is a whole number where it must be."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if self.is_whole and not isinstance(value, int):
            return False
        return self.minimum <= value <= self.maximum


class Group(Enum):
    """Where a form shows a hyperparameter: always, or among those that are seldom changed."""

    BASIC = "basic"
    ADVANCED = "advanced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hyperparameter:
    """How a hyperparameter is called, explained, bounded and written, wherever it is used.

    `allowed` are a number's bounds, or the choices, by name, with what people call them. `tip`
    says what it does. Without a `group` a form does not show it; without an `option`, the help of
    its option, the command line does not take it. `unit` is what a number counts and `zero` what a
    0 is called, where that is to be shown; `decimals` how many digits a form takes behind the
    point. Numbers that are `is_grouped` have separators of thousands; of those that are
    `by_factors`, a random search draws the logarithm uniformly.

    Title, tip, unit, `zero` and the names of choices are marked for translation.
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

    def check(self, name: str, value: object) -> None:
        """Raise RecipeError, which says what can be chosen, for a value that cannot be used."""
        if isinstance(self.allowed, Bounds):
            if not self.allowed.holds(value):
                raise RecipeError(
                    f"The recipe's {name.replace('_', ' ')} is {value}; "
                    f"choose a {'whole number' if self.allowed.is_whole else 'value'} "
                    f"from {self.allowed.minimum:,.7g} to {self.allowed.maximum:,.10g}."
                )
        elif value not in tuple(self.allowed):
            raise RecipeError(
                f"The recipe's {name} is {value!r}; choose one of {', '.join(self.allowed)}."
            )
