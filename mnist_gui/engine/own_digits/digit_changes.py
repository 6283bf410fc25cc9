"""What can happen to the user's digits, and what came of it: values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mnist_gui.engine.own_digits.kept_digit import Fault, KeptDigit


@dataclass(frozen=True, slots=True)
class DigitsChange:
    """Some digits before and after a change; those in one of both alone come or go with it."""

    before: tuple[KeptDigit, ...] = ()
    after: tuple[KeptDigit, ...] = ()

    @property
    def undone(self) -> "DigitsChange":
        """The change that takes this one back."""
        return DigitsChange(self.after, self.before)

    @property
    def added(self) -> tuple[KeptDigit, ...]:
        """The digits that are kept from then on."""
        return _missing(self.after, self.before)

    @property
    def deleted(self) -> tuple[KeptDigit, ...]:
        """The digits that are no longer kept."""
        return _missing(self.before, self.after)

    @property
    def relabelled(self) -> Mapping[int, tuple[str, ...]]:
        """The identities of digits that have a new label, by that label."""
        labels = {digit.identity: digit.label for digit in self.before}
        names: dict[int, tuple[str, ...]] = {}
        for digit in self.after:
            if labels.get(digit.identity, digit.label) != digit.label:
                names[digit.label] = (*names.get(digit.label, ()), digit.identity)
        return names


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of importing a file.

    `digits` are kept now. `already_there` counts drawings with the points of one that was kept
    before, which are left out, `unlabelled` those without a label, and `faults` names what cannot
    be used at all.
    """

    path: Path
    digits: tuple[KeptDigit, ...]
    already_there: int
    unlabelled: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Tidied:
    """What tidying has moved out of the way: the faults of the lines, and the file they are in."""

    faults: tuple[Fault, ...]
    unreadable: Path


def _missing(digits: tuple[KeptDigit, ...], others: tuple[KeptDigit, ...]) -> tuple[KeptDigit, ...]:
    known = {digit.identity for digit in others}
    return tuple(digit for digit in digits if digit.identity not in known)
