"""What the engine's tests share: small data sets, networks, forged files, meters of cost."""

import gzip
import json
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import mnist_gui
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot

_PROGRAM = str(Path(mnist_gui.__file__).parent)
IDX_NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def idx_bytes(array: NDArray[np.uint8]) -> bytes:
    """Return an IDX file's content."""
    sizes = np.array(array.shape, ">u4").tobytes()
    return bytes((0, 0, 8, array.ndim)) + sizes + array.tobytes()


def small_arrays(train: int = 24, test: int = 10) -> list[NDArray[np.uint8]]:
    """Return the arrays of the four files, in the order of IDX_NAMES."""
    random = np.random.default_rng(1)
    arrays: list[NDArray[np.uint8]] = []
    for count in (train, test):
        arrays.append(random.integers(0, 256, (count, 28, 28), np.uint8))
        arrays.append((np.arange(count) % 10).astype(np.uint8))
    return arrays


def write_dataset(
    folder: Path, *, names: tuple[str, ...] = IDX_NAMES, train: int = 24, test: int = 10
) -> list[NDArray[np.uint8]]:
    """Write a small data set, gzipped where a name says so; returns its four arrays."""
    folder.mkdir(exist_ok=True)
    arrays = small_arrays(train, test)
    for name, array in zip(names, arrays, strict=True):
        content = idx_bytes(array)
        (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return arrays


def softmax_snapshot(step: int = 7) -> Snapshot:
    """Return a softmax regression with random weights."""
    recipe = RECIPES["softmax-tutorial"]
    random = np.random.default_rng(step)
    shapes = recipe.architecture.weight_shapes
    weights = {name: random.normal(size=shape).astype("f4") for name, shape in shapes.items()}
    return Snapshot(recipe, step, weights)


@dataclass
class ArchiveParts:
    """A file of arrays taken apart, to be forged: its header and its arrays' bytes."""

    header: dict[str, Any]
    data: bytes

    @classmethod
    def of(cls, path: Path) -> "ArchiveParts":
        content = path.read_bytes()
        end = 8 + int.from_bytes(content[:8], "little")
        return cls(json.loads(content[8:end]), content[end:])

    @property
    def kind(self) -> str:
        """The name of the facts."""
        (kind,) = set(self.header["__metadata__"]) - {"crc32"}
        return str(kind)

    @property
    def facts(self) -> Any:
        return json.loads(self.header["__metadata__"][self.kind])

    def change_facts(self, **changes: Any) -> None:
        self.set_facts(json.dumps(self.facts | changes))

    def set_facts(self, text: str) -> None:
        self.header["__metadata__"][self.kind] = text

    def write(self, path: Path) -> None:
        """Write it with the checksum in order."""
        metadata = self.header.get("__metadata__")
        if metadata and "crc32" in metadata:
            checksum = zlib.crc32(self.data, zlib.crc32(metadata[self.kind].encode()))
            metadata["crc32"] = f"{checksum:08x}"
        write_raw_archive(path, json.dumps(self.header).encode(), self.data)


def write_raw_archive(path: Path, header: bytes, data: bytes) -> None:
    """Write a file of arrays from its two parts."""
    path.write_bytes(len(header).to_bytes(8, "little") + header + data)


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """A folder with a small, valid data set."""
    folder = tmp_path / "digits"
    write_dataset(folder)
    return folder


@pytest.fixture
def snapshot() -> Snapshot:
    """A softmax regression with random weights."""
    return softmax_snapshot()


def lines_run(call: Callable[[], object]) -> int:
    """Return how many lines of the program `call` ran: work, on any machine the same."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace if frame.f_code.co_filename.startswith(_PROGRAM) else None

    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(previous)
    return count


def peak_megabytes(call: Callable[[], object]) -> float:
    """Return the most memory that Python's allocators held while `call` ran."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()
