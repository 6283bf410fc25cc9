"""Prints how much memory and time it takes to read a data set of each kind.

    python -m benchmarks.data_memory [--images 1000000] [--kinds idx npz csv ...] [--mend WHEN]

MNIST's images are repeated until there are so many, and written as each kind of file. Each is read
in a process of its own. "peak" is what reading took at most beyond what the program takes anyway,
as a multiple of the images' own size; "helper" what the process took that decodes Parquet. With
`--mend opening` the images are turned and inverted as the options of the commands do, with
`--mend opened` as the window's button does. A million files in a folder take 4 GB of disk for a
while, and long to be deleted. Linux only: the peak is what its kernel says of a process.
"""

import argparse
import json
import re
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_gui.engine.data.correction import Correction, Turn
from mnist_gui.engine.dataset import LabelledImages, corrected, load_dataset

_SMALL = 600
_MENDING = Correction(Turn.TRANSPOSE, inverts=True, brightens=True)
_READ = "import sys; from benchmarks.data_memory import read; read(*sys.argv[1:])"


def read(small: str, large: str, mend: str) -> None:
    """Read a data set, once a small one has loaded all that reading needs, and print figures."""
    ways = (_MENDING,) if mend == "opening" else ()
    load_dataset(Path(small), corrections=ways)
    helper = _Helper()
    before, start = _memory("VmRSS"), perf_counter()
    data = load_dataset(Path(large), corrections=ways)
    if mend == "opened":
        data = corrected(data, _MENDING)
    seconds = perf_counter() - start
    count = len(data.train) + len(data.validation) + len(data.test)
    print(count, _memory("VmHWM") - before, seconds, helper.finish())


def _memory(name: str, process: str = "self") -> int:
    """Return bytes of memory of a process; not by getrusage, which counts its parent's as well."""
    found = re.search(rf"{name}:\s*(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) << 10 if found else 0


class _Helper:
    """Looks what the processes take that this one starts."""

    def __init__(self) -> None:
        self._most = 0
        self._has_ended = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._has_ended.wait(0.05):
            for listed in Path("/proc/self/task").glob("*/children"):
                with suppress(OSError):
                    for process in listed.read_text().split():
                        self._most = max(self._most, _memory("VmHWM", process))

    def finish(self) -> int:
        """Return the most bytes of one of them."""
        self._has_ended.set()
        self._thread.join()
        return self._most


class Repeated:
    """MNIST's training images, repeated until there are so many."""

    def __init__(self, count: int) -> None:
        data = load_dataset()
        self._parts = LabelledImages(data.train.images[:50_000], data.train.labels[:50_000])
        self.count = count

    def blocks(self) -> Iterator[LabelledImages]:
        """Yield them in blocks."""
        for start in range(0, self.count, len(self._parts)):
            yield self._parts.first(min(len(self._parts), self.count - start))

    @property
    def labels(self) -> NDArray[np.uint8]:
        """All labels."""
        return np.concatenate([block.labels for block in self.blocks()])

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield PNG files by their paths, a folder for each label."""
        made = [_png(image) for image in self._parts.first(self.count).images]
        number = 0
        for block in self.blocks():
            for content, label in zip(made, block.labels.tolist(), strict=False):
                yield f"digits/{label}/{number}.png", content
                number += 1


def _png(image: NDArray[np.uint8]) -> bytes:
    content = BytesIO()
    Image.fromarray(image).save(content, "PNG", compress_level=1)
    return content.getvalue()


def _write_idx(folder: Path, images: Repeated) -> Path:
    folder.mkdir()
    for name, count in (("train", images.count), ("t10k", 10)):
        sizes = np.array([count, 28, 28], ">u4").tobytes()
        with (folder / f"{name}-images-idx3-ubyte").open("wb") as file:
            file.write(b"\0\0\x08\3" + sizes)
            for block in images.blocks() if name == "train" else [images._parts.first(10)]:
                file.write(block.images.tobytes())
        labels = images.labels[:count]
        content = b"\0\0\x08\1" + sizes[:4] + labels.tobytes()
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(content)
    return folder


def _write_npz(folder: Path, images: Repeated) -> Path:
    path = folder.with_suffix(".npz")
    with zipfile.ZipFile(path, "w") as archive:
        with archive.open("images.npy", "w", force_zip64=True) as file:
            header = {"descr": "|u1", "fortran_order": False, "shape": (images.count, 28, 28)}
            np.lib.format.write_array_header_1_0(file, header)
            for block in images.blocks():
                file.write(block.images.tobytes())
        with archive.open("labels.npy", "w") as file:
            np.lib.format.write_array(file, images.labels)
    return path


def _lines(images: Repeated) -> Iterator[bytes]:
    for block in images.blocks():
        for image, label in zip(block.images.reshape(-1, 784), block.labels, strict=True):
            yield f"{label},{','.join(map(str, image.tolist()))}\n".encode()


def _write_csv(folder: Path, images: Repeated) -> Path:
    path = folder.with_suffix(".csv")
    first = list(_lines(Repeated(min(images.count, 50_000))))
    with path.open("wb") as file:
        for block in images.blocks():
            file.writelines(first[: len(block)])
    return path


def _write_zipped_csv(folder: Path, images: Repeated) -> Path:
    table = _write_csv(folder.with_name("train"), images)
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.write(table, "train.csv")
    table.unlink()
    return path


def _write_zipped_idx(folder: Path, images: Repeated) -> Path:
    files = _write_idx(folder, images)
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in files.iterdir():
            archive.write(file, file.name)
            file.unlink()
    return path


def _write_folder(folder: Path, images: Repeated) -> Path:
    for label in range(10):
        (folder / "digits" / str(label)).mkdir(parents=True)
    for name, content in images.files():
        (folder / name).write_bytes(content)
    return folder


def _write_zip(folder: Path, images: Repeated) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in images.files():
            archive.writestr(name, content)
    return path


def _write_tar(folder: Path, images: Repeated) -> Path:
    path = folder.with_suffix(".tar.gz")
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, content in images.files():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, BytesIO(content))
            archive.members = []  # type: ignore[attr-defined]
    return path


def _write_parquet(folder: Path, images: Repeated) -> Path:
    import pyarrow as pa
    from pyarrow import parquet

    path = folder.with_suffix(".parquet")
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    schema = pa.schema([("image", kind), ("label", pa.int64())])
    rows: list[dict[str, object]] = []
    with parquet.ParquetWriter(path, schema) as writer:
        for name, content in images.files():
            label = int(name.split("/")[1])
            rows.append({"image": {"bytes": content, "path": name}, "label": label})
            if len(rows) == 50_000:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows.clear()
        if rows:
            writer.write_table(pa.Table.from_pylist(rows, schema))
    return path


_WRITERS: dict[str, Callable[[Path, Repeated], Path]] = {
    "idx": _write_idx,
    "npz": _write_npz,
    "csv": _write_csv,
    "idx in zip": _write_zipped_idx,
    "csv in zip": _write_zipped_csv,
    "folder of PNG": _write_folder,
    "zip of PNG": _write_zip,
    "tar.gz of PNG": _write_tar,
    "parquet": _write_parquet,
}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--images", type=int, default=1_000_000)
    parser.add_argument("--kinds", nargs="+", choices=_WRITERS, default=list(_WRITERS))
    parser.add_argument("--mend", choices=("opening", "opened"), default="")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    results = {}
    for kind in arguments.kinds:
        with TemporaryDirectory(prefix="data-memory-") as folder:
            small = _WRITERS[kind](Path(folder) / "small", Repeated(_SMALL))
            large = _WRITERS[kind](Path(folder) / "large", Repeated(arguments.images))
            command = [sys.executable, "-c", _READ, str(small), str(large), arguments.mend]
            output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            images, peak, seconds, helper = map(float, output.split())
            share = peak / (images * 784)
            results[kind] = {"peak": share, "seconds": seconds, "images": images, "helper": helper}
            # Before the files are deleted, which takes long.
            if not arguments.json:
                beside = f"  helper {helper / 2**20:4.0f} MiB" if helper else ""
                print(
                    f"{kind:15} {images:11,.0f} images  {peak / 2**20:6.0f} MiB  "
                    f"{share:5.2f} times the images  {seconds:6.1f} s{beside}",
                    flush=True,
                )
    if arguments.json:
        print(json.dumps(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
