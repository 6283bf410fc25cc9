"""The conventions in which programs give images to networks."""

from dataclasses import dataclass
from enum import Enum


class Numbers(Enum):
    """The numbers in which a network wants its images; the value is the name that is typed."""

    AS_IS = "as-is"
    """0 is paper and 1 is ink, as here."""
    INVERTED = "inverted"
    """1 is paper and 0 is ink."""
    STANDARDISED = "standardised"
    """By MNIST's mean and deviation."""
    SIGNED = "signed"
    """-1 is paper and 1 is ink."""
    BYTES = "bytes"
    """0 is paper and 255 is ink."""


@dataclass(frozen=True, slots=True)
class Convention:
    """How a network wants its images: in which numbers, and whether column by column."""

    numbers: Numbers = Numbers.AS_IS
    is_transposed: bool = False

    @property
    def name(self) -> str:
        """What is typed for it, such as "inverted", "transposed" or "inverted-transposed"."""
        if not self.is_transposed:
            return self.numbers.value
        return "transposed" if self.numbers is Numbers.AS_IS else f"{self.numbers.value}-transposed"


OURS = Convention()
CONVENTIONS = tuple(Convention(numbers, turned) for turned in (False, True) for numbers in Numbers)
"""All there are, ours first."""
