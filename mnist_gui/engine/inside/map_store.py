"""Maps that took long, kept in files: the last few of them."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.io.archive import ArchiveReader, ArrayType, write_archive
from mnist_gui.engine.io.files import open_regular_file, replacing

_KIND, _FACTS, _SUFFIX = "map", b"{}", ".map"
# t-SNE puts nothing farther out than some hundreds.
_FARTHEST = 1e6
MOST_MAPS = 32
"""At 80 kB each."""


class MapStore:
    """Keeps points in a folder, by what they are of; a map that cannot be kept or read is not."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when it is first needed."""
        self._folder = folder

    def read(self, key: str, count: int) -> NDArray[np.float32] | None:
        """Return the points (count, 2) that were kept under this key, None if there are none."""
        with suppress(OSError, FileFormatError), open_regular_file(self._path(key)) as file:
            types = {"points": ArrayType((count, 2))}
            points: NDArray[np.float32] = ArchiveReader(file, _KIND).arrays(types)["points"]
            return points if np.abs(points).max(initial=0) < _FARTHEST else None
        return None

    def keep(self, key: str, points: NDArray[np.float32]) -> None:
        """Keep points (n, 2), and of all maps those that were made last."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with replacing(self._path(key)) as file:
                write_archive(file, _KIND, _FACTS, {"points": points})
            kept = self._folder.glob(f"*{_SUFFIX}")
            newest_first = sorted(kept, key=lambda path: path.stat().st_mtime_ns, reverse=True)
            for path in newest_first[MOST_MAPS:]:
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{sha256(key.encode()).hexdigest()[:32]}{_SUFFIX}"
