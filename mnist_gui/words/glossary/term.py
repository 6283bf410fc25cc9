"""What the glossary says of a term."""

from dataclasses import dataclass
from enum import Enum


class Place(Enum):
    """Where in the window a term can be met."""

    PAD = "pad"
    READING = "reading"
    RECIPE = "recipe"
    CURVES = "curves"
    INSIDE = "inside"
    TEST = "test"
    RUNS = "runs"
    OWN_DIGITS = "own digits"


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its key, its title and explanation, marked for translation, and where it leads.

    `related` has the keys of other terms.
    """

    key: str
    title: str
    text: str
    place: Place
    related: tuple[str, ...]
