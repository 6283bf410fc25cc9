"""The process that reads the arrays in a foreign HDF5 file.

HDF5's library is large and written in C: a hostile file can only harm this process, which has
little memory and time and cannot write files. Only arrays are read, and nothing is executed.

Standard input is the file; standard output is a line of JSON, `{"arrays": [[name, shape], ...],
"model": "..."}` or `{"problem": "..."}`, followed by the arrays' float32 values. The model is the
JSON text in which Keras describes its layers, "" where there is none.
"""

import json
import sys
from math import prod
from typing import Any

from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.io.process import limit_resources

# The largest network has 13 MB of weights, and Adam stores twice as much.
MOST_FILE_BYTES = 64 << 20
MOST_ARRAY_BYTES = 32 << 20
MOST_ARRAYS = 200
_MOST_PARTS = 2_000
_MOST_DEPTH = 12
_MOST_SEED_NUMBERS = 64
_MEMORY_BYTES = 2 << 30
_PROCESSOR_SECONDS = 30
# Keras stores there what only training needs.
_OPTIMIZERS = {"optimizer", "optimizer_weights"}
_MODEL = "model_config"
_LONGEST_MODEL = 40_000


def main() -> None:
    """Read standard input, write standard output."""
    limit_resources(_MEMORY_BYTES, _PROCESSOR_SECONDS)
    content = sys.stdin.buffer.read(MOST_FILE_BYTES + 1)
    try:
        arrays, model = read_arrays(content), read_model(content)
    except FileFormatError as error:
        print(json.dumps(error.as_json()), flush=True)
        return
    shapes = [[name, array.shape] for name, array in arrays.items()]
    print(json.dumps({"arrays": shapes, "model": model}), flush=True)
    for array in arrays.values():
        sys.stdout.buffer.write(array.tobytes())
    sys.stdout.buffer.flush()


def read_arrays(content: bytes) -> dict[str, Any]:
    """Return a file's float32 arrays by their paths in it; raises FileFormatError.

    Links, virtual and external arrays and compression are refused, as weights do not need them.
    """
    import h5py

    reader = _Reader(h5py)
    try:
        with h5py.File(h5py.h5f.open_file_image(content)) as file:
            reader.walk(file)
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, MemoryError) as error:
        raise FileFormatError("file-damaged") from error
    return reader.arrays


def read_model(content: bytes) -> str:
    """Return the JSON with which Keras describes the model in a file that `read_arrays` has read.

    It is "" where there is none, or one longer than that of any network for such images.
    """
    import h5py

    try:
        with h5py.File(h5py.h5f.open_file_image(content)) as file:
            found = file.attrs.get(_MODEL, "")
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, MemoryError):
        return ""
    text = found.decode("utf-8", "replace") if isinstance(found, bytes) else found
    return text if isinstance(text, str) and len(text) <= _LONGEST_MODEL else ""


class _Reader:
    """Collects the arrays of a file, and counts its parts and bytes."""

    def __init__(self, h5py: Any) -> None:
        self._h5py = h5py
        self._parts = 0
        self._bytes = 0
        self.arrays: dict[str, Any] = {}

    def walk(self, group: Any, path: str = "", depth: int = 0) -> None:
        """Collect the arrays in the group and below it."""
        if depth > _MOST_DEPTH:
            raise FileFormatError("hdf5-too-deep")
        for name in group:
            self._parts += 1
            if self._parts > _MOST_PARTS:
                raise FileFormatError("hdf5-too-many-parts")
            if not isinstance(group.get(name, getlink=True), self._h5py.HardLink):
                raise FileFormatError("hdf5-link")
            if depth or name not in _OPTIMIZERS:
                self._take(group[name], f"{path}/{name}" if path else name, depth)

    def _take(self, item: Any, path: str, depth: int) -> None:
        if isinstance(item, self._h5py.Group):
            self.walk(item, path, depth + 1)
        elif isinstance(item, self._h5py.Dataset):
            self._read(item, path)
        else:
            raise FileFormatError("hdf5-other-part")

    def _read(self, dataset: Any, path: str) -> None:
        self._check_storage(dataset)
        size = prod(dataset.shape or ())
        if dataset.dtype.kind in "iu" and size <= _MOST_SEED_NUMBERS:
            return  # The state of a random generator.
        if dataset.dtype.kind != "f" or dataset.shape is None or dataset.dtype.itemsize > 8:
            raise FileFormatError("array-not-of-floats")
        self._bytes += size * max(4, dataset.dtype.itemsize)
        if self._bytes > MOST_ARRAY_BYTES or len(self.arrays) >= MOST_ARRAYS:
            raise FileFormatError("arrays-too-large")
        self.arrays[path] = dataset[()].astype("<f4")

    def _check_storage(self, dataset: Any) -> None:
        """Refuse arrays that are in other files, in pieces, or encoded by filters."""
        stored = dataset.id.get_create_plist()
        plain = (self._h5py.h5d.CONTIGUOUS, self._h5py.h5d.COMPACT)
        if dataset.is_virtual or dataset.external or stored.get_external_count():
            raise FileFormatError("hdf5-array-elsewhere")
        if stored.get_nfilters() or stored.get_layout() not in plain:
            raise FileFormatError("hdf5-array-encoded")


if __name__ == "__main__":
    main()
