"""Read a data set of any kind: recognize it, read its parts, order them."""

from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Protocol

from mnist_gui.engine.data.kinds import (
    IDX_NAME,
    MATLAB_SUFFIX,
    TAR_SUFFIXES,
    TEST,
    TRAIN,
    ZIP_SUFFIXES,
    Kind,
    kind_of,
    of_kind,
    set_of_part,
    without_suffix,
)
from mnist_gui.engine.data.order import cut_test, is_sorted, mix
from mnist_gui.engine.data.parts import Labels, Reading
from mnist_gui.engine.data.source import FolderSource, Source, open_source
from mnist_gui.engine.errors import DatasetError

_FEWEST = {TEST: 1, TRAIN: 2}


class _Reader(Protocol):
    def __call__(
        self, source: Source, names: list[str], labels: Labels, *, resizes: bool
    ) -> Reading: ...


def read_parts(path: Path, labels: Labels, *, resizes: bool) -> Reading:
    """Return the parts of the data set in a folder, a file or an archive, in their final order.

    There are always training and test images; validation images only where the set has its own.
    Raises DatasetError.
    """
    with closing(_source(path)) as source:
        kind = kind_of(source.names)
        if kind is None:
            raise _unknown(path, source.names)
        reading = _reader(kind)(source, of_kind(source.names, kind), labels, resizes=resizes)
    if TRAIN not in reading.parts:
        problems = {note.problem for note in reading.notes}
        if "data-no-labels" in problems:
            raise DatasetError("data-no-labels-at-all", path=path)
        if "data-no-folder" in problems:
            raise DatasetError("data-no-folders", path=path)
        raise DatasetError("data-no-training", path=path)
    _bring_into_order(path, reading)
    return reading


def name_of(path: Path) -> str:
    """Return what to call the data set of a folder or file."""
    resolved = path.resolve()
    if path.is_dir():
        return _above_idx_folder(resolved).name
    common = set_of_part(path.name)
    folder = _above_idx_folder(resolved.parent)
    return without_suffix(path.name) if common is None else common or folder.name


def _source(path: Path) -> Source:
    """Return the files of a data set; of a single file, those that belong to it too."""
    if path.is_dir():
        return _with_idx_folders(FolderSource(path), path)
    if path.name.lower().endswith(ZIP_SUFFIXES + TAR_SUFFIXES):
        return open_source(path)
    if not path.exists():
        raise DatasetError("data-file-unreadable", path=path, reason=_missing(path))
    kind = kind_of([path.name])
    if kind is None or kind is Kind.PICTURES:
        raise _unknown(path, [path.name])
    source = _with_idx_folders(FolderSource(path.parent, depth=0), path.parent)
    own = set_of_part(path.name)
    beside = of_kind(source.names, kind) if own is not None else []
    source.names = [name for name in beside if _set_of(name) == own] or [path.name]
    return source


def _with_idx_folders(source: FolderSource, folder: Path) -> FolderSource:
    """Return the files of a folder, or the whole set where each IDX file is in one of its own."""
    above = _above_idx_folder(folder)
    if above == folder or len(of_kind(source.names, Kind.IDX)) != 1:
        return source
    own = set_of_part(folder.resolve().name)
    source = FolderSource(above, depth=1, enters=_is_idx_name)
    source.names = [name for name in of_kind(source.names, Kind.IDX) if _set_of(name) == own]
    return source


def _set_of(name: str) -> str | None:
    return set_of_part(PurePosixPath(name).name)


def _above_idx_folder(folder: Path) -> Path:
    """Return the folder above one that is named like an IDX file, as Kaggle packs them."""
    resolved = folder.resolve()
    return resolved.parent if _is_idx_name(resolved.name) else folder


def _is_idx_name(name: str) -> bool:
    return IDX_NAME.fullmatch(name) is not None


def _unknown(path: Path, names: list[str]) -> DatasetError:
    if any(name.lower().endswith(MATLAB_SUFFIX) for name in names):
        return DatasetError("data-matlab", path=path)
    return DatasetError("data-unknown", path=path)


def _missing(path: Path) -> OSError:
    try:
        path.stat()
    except OSError as error:
        return error
    return FileNotFoundError(str(path))


def _reader(kind: Kind) -> _Reader:
    read: _Reader
    # Each kind loads only what it needs.
    match kind:
        case Kind.IDX:
            from mnist_gui.engine.data.idx_files import read_idx_files as read
        case Kind.ARRAYS:
            from mnist_gui.engine.data.arrays import read_arrays as read
        case Kind.TABLE:
            from mnist_gui.engine.data.tables import read_tables as read
        case Kind.PICTURES:
            from mnist_gui.engine.data.pictures import read_pictures as read
        case Kind.PARQUET:
            from mnist_gui.engine.data.parquet import read_parquet as read
    return read


def _bring_into_order(path: Path, reading: Reading) -> None:
    """Mix the parts in which the images of each label stand together, and draw a missing test."""
    train, draws_test = reading.parts[TRAIN], TEST not in reading.parts
    if draws_test and len(train) < sum(_FEWEST.values()):
        raise DatasetError("data-too-few", path=path, count=len(train))
    in_order = [part for part in reading.parts.values() if is_sorted(part.codes)]
    if in_order:
        reading.notes.append(DatasetError("data-mixed"))
    for part in reading.parts.values():
        if part in in_order or (draws_test and part is train):
            mix(part)
    if draws_test:
        reading.parts[TRAIN], reading.parts[TEST] = cut_test(train)
        reading.notes.append(DatasetError("data-test-drawn", count=len(reading.parts[TEST])))
