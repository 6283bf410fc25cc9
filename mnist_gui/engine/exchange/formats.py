"""The kinds of files that networks are exchanged in, and what happens in an export."""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from mnist_gui.engine.errors import ExchangeError


class Format(Enum):
    """A kind of file that other programs read; the value is how its names end."""

    KERAS = ".keras"
    """A Keras model of Keras' own layers; it gives ten probabilities."""

    TFLITE = ".tflite"
    """A LiteRT (TensorFlow Lite) model in float32, of any number of images at once."""

    WEIGHTS = ".npz"
    """Plain weights for NumPy: one float32 array for each of the architecture's names.

    The names are those of `architecture.ARCHITECTURES`, such as `convolution_1/kernel` (height,
    width, channels in, channels out), `normalization_1/gamma`, `hidden/kernel` (in, out) and
    `output/bias`.
    """


def format_of(path: Path) -> Format:
    """Return the format that a file's name asks for; raises ExchangeError."""
    try:
        return Format(path.suffix.lower())
    except ValueError as error:
        endings = ", ".join(kind.value for kind in Format)
        raise ExchangeError(
            f"The network cannot be exported to {path}: its name ends in none of {endings}; "
            "choose a name that does."
        ) from error


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
