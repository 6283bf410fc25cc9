"""What is fuzzed: one file of one kind at a time, while the others stay good."""

from dataclasses import dataclass
from pathlib import Path

from tests.faults.readers import KINDS, Kind

# Of kinds of several files; what is left out is read as another of them is.
_PARTS = {
    "drawings": ("drawings.jsonl", "drawings.json"),
    "foreign drawings": ("raw.ndjson", "pad.json", "traces.inkml", "lines.svg"),
    "data sets": (
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte.gz",
    ),
    "run folders": (
        "run.json",
        "labels.json",
        "history.jsonl",
        "checkpoint.safetensors",
        "test.safetensors",
    ),
}


@dataclass(frozen=True, slots=True)
class Target:
    """The file of a kind whose name ends with `part`."""

    kind: Kind
    part: str

    def make(self, folder: Path) -> Path:
        """Put good files into the folder, and return the path of the one that is fuzzed."""
        (path,) = (folder / name for name in self.kind.make(folder) if name.endswith(self.part))
        return path


TARGETS = {
    f"{name}, {part}" if part else name: Target(kind, part)
    for name, kind in KINDS.items()
    for part in _PARTS.get(name, ("",))
}
