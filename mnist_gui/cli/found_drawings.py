"""Files of drawings as the command line takes them: what cannot be used is named and left out."""

from collections.abc import Sequence
from pathlib import Path

from mnist_gui.cli.messages import tell
from mnist_gui.engine.digits.files import DrawingsFound, find_drawings, name_fault
from mnist_gui.engine.digits.model import Fault

_MOST_NAMED = 20


def find_and_name(path: Path) -> DrawingsFound:
    """Read a file of drawings, and name on standard error what is wrong with it.

    Raises DrawingError for a file that cannot be read at all.
    """
    found = find_drawings(path)
    _name(path, found.faults, "are left out")
    _name(path, found.repeats, "are there more than once")
    return found


def _name(path: Path, faults: Sequence[Fault], what: str) -> None:
    for fault in faults[:_MOST_NAMED]:
        tell(name_fault(path, fault))
    if len(faults) > _MOST_NAMED:
        tell(f"{path}: {len(faults):,} drawings {what}.")
