"""What can happen in an export, as values."""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from mnist_gui.engine.exchange.formats import Format


class ExportStage(Enum):
    """What an export is about to do."""

    WRITING = auto()
    CHECKING = auto()


@dataclass(frozen=True, slots=True)
class Exported:
    """A network that another program has read as we do.

    `script` reads drawings with it. Over `drawings` of all digits no probability differed from
    the engine's by more than `largest_difference`.
    """

    path: Path
    script: Path
    format: Format
    size: int
    drawings: int
    largest_difference: float
