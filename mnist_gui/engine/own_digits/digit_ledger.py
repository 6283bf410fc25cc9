"""What is kept once the lines of a file of kept digits have been followed in their order."""

from mnist_gui.engine.own_digits.digit_log import Deleted, Entry, Kept, Relabelled
from mnist_gui.engine.own_digits.kept_digit import Fault, same_points
from mnist_gui.engine.strokes import LabelledDrawing


class DigitLedger:
    """Follows entries; `kept` maps each identity to what its line keeps, in the lines' order.

    An entry without an identity gets one of its content, the same in every reading. Entries that
    change an identity that is not kept change nothing: another window may have deleted it.
    """

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}
        self._lines: dict[str, int] = {}

    def follow(self, line: int, entry: Entry) -> None:
        """Take note of the entry in this line."""
        match entry:
            case Kept():
                identity = entry.identity or self._identity(entry)
                self.kept[identity] = entry
                self._lines[identity] = line
            case Relabelled() if entry.identity in self.kept:
                old = self.kept[entry.identity]
                labelled = LabelledDrawing(old.labelled.drawing, entry.label)
                self.kept[entry.identity] = Kept(labelled, old.identity, old.time, old.read_as)
            case Deleted():
                self.kept.pop(entry.identity, None)

    def repeats(self) -> tuple[Fault, ...]:
        """Name the lines whose drawing an earlier line has as well."""
        first: dict[bytes, str] = {}
        found = []
        for identity, entry in self.kept.items():
            earlier = first.setdefault(same_points(entry.labelled.drawing), identity)
            if earlier != identity:
                found.append(self._repeat(identity, earlier))
        return tuple(found)

    def _repeat(self, identity: str, earlier: str) -> Fault:
        label, other = (self.kept[each].labelled.label for each in (identity, earlier))
        line = self._lines[earlier]
        contrast = "" if label == other else f", but its label is {label} here and {other} there"
        return Fault(
            self._lines[identity], f"This is the same drawing as in line {line}{contrast}."
        )

    def _identity(self, entry: Kept) -> str:
        name = f"{entry.labelled.label}-{same_points(entry.labelled.drawing).hex()[:30]}"
        number = 1
        while f"{name}-{number}" in self.kept:
            number += 1
        return f"{name}-{number}"
