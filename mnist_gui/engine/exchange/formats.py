"""The file formats of exported networks, and the events of an export."""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from mnist_gui.engine.errors import ExchangeError


class Format(Enum):
    """A file format that other programs read; the value is the ending of the file's name."""

    KERAS = ".keras"
    """A Keras model of Keras' own layers, with ten probabilities as output."""

    TFLITE = ".tflite"
    """A LiteRT (TensorFlow Lite) model in float32, for any number of images at once."""

    WEIGHTS = ".npz"
    """Weights for NumPy: one float32 array for each name in `architectures.ARCHITECTURES`.

    Such as `convolution_1/kernel` (height, width, channels in, channels out) and `output/bias`.
    """


def format_of(path: Path) -> Format:
    """Return the format of a file's name; raises ExchangeError."""
    try:
        return Format(path.suffix.lower())
    except ValueError as error:
        endings = [kind.value for kind in Format]
        raise ExchangeError("export-ending", path=path, endings=endings) from error


class ExportPhase(Enum):
    """What an export is doing."""

    WRITING = auto()
    CHECKING = auto()


@dataclass(frozen=True, slots=True)
class Exported:
    """An exported network, verified on `drawings` drawings of all digits.

    `script` predicts drawings with it; `largest_difference` is that of its probabilities from the
    engine's.
    """

    path: Path
    script: Path
    format: Format
    size: int
    drawings: int
    largest_difference: float
