"""The kinds of files that a data set may be in: one list for dialogs, drops and the command line.

This module is imported by widgets, so it imports nothing that takes time.
"""

import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import permutations, starmap
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from mnist_gui.engine.errors import FileFormatError


class Kind(StrEnum):
    """How a data set is stored; the first kind that files belong to is the one they are read as."""

    IDX = "idx"
    ARRAYS = "arrays"
    PARQUET = "parquet"
    TABLE = "table"
    PICTURES = "pictures"


OTHER_SIZE = "data-other-size"
"""What is wrong with images that can be made to images of 28x28 greys."""
ARRAY_SUFFIXES = (".npz",)
PARQUET_SUFFIXES = (".parquet", ".pq")
TABLE_SUFFIXES = (".csv", ".csv.gz", ".tsv")
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
MATLAB_SUFFIX = ".mat"
ZIP_SUFFIXES = (".zip",)
TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz")
IDX_NAME = re.compile(
    r"(?P<set>(?:.*-)?)(?P<half>train|t10k|test)-(?P<kind>images|labels)"
    r"[-.](?:idx[13]-ubyte|idx2-int)(?:\.gz)?",
    re.IGNORECASE,
)
OPENED_SUFFIXES = (
    *ARRAY_SUFFIXES,
    *TABLE_SUFFIXES,
    *PARQUET_SUFFIXES,
    *ZIP_SUFFIXES,
    *TAR_SUFFIXES,
    "-ubyte",
    "-ubyte.gz",
    "idx2-int",
    "idx2-int.gz",
)
"""How the names of files end that may be, or be a part of, a data set."""

_MOST_ARRAYS = 100
_DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    FileFormatError,
)
_IMAGE_SHAPES = ((28, 28), (784,), (28, 28, 1), (1, 28, 28))
_SUFFIXES = {
    Kind.ARRAYS: ARRAY_SUFFIXES,
    Kind.PARQUET: PARQUET_SUFFIXES,
    Kind.TABLE: TABLE_SUFFIXES,
    Kind.PICTURES: PICTURE_SUFFIXES,
}


def kind_of(names: Iterable[str]) -> Kind | None:
    """Return the kind that files of these names are read as, None if none of them is of any."""
    found = {kind_of_name(name) for name in names}
    return next((kind for kind in Kind if kind in found), None)


def of_kind(names: Iterable[str], kind: Kind) -> list[str]:
    """Return those of the names that files of a kind have, in the same order."""
    return [name for name in names if kind_of_name(name) is kind]


def kind_of_name(name: str) -> Kind | None:
    """Return the kind that a file of this name is, in whichever folder."""
    base = name.rpartition("/")[2]
    if IDX_NAME.fullmatch(base):
        return Kind.IDX
    lower = base.lower()
    return next((kind for kind, ends in _SUFFIXES.items() if lower.endswith(ends)), None)


def may_be_dataset(path: Path) -> bool:
    """Tell whether a file may be a data set, by its name; of an .npz file, by its arrays.

    A network's weights are in .npz files as well, several of them in each.
    """
    lower = path.name.lower()
    if lower.endswith(ARRAY_SUFFIXES):
        return _holds_images(path)
    return lower.endswith(OPENED_SUFFIXES)


def are_one_dataset(names: Sequence[str]) -> bool:
    """Tell by the names of several files in one folder whether they are parts of one data set."""
    kinds, sets = {kind_of_name(name) for name in names}, {set_of_part(name) for name in names}
    return len(kinds) == len(sets) == 1 and not kinds & {None, Kind.PICTURES} and None not in sets


class _Array(NamedTuple):
    name: str
    dtype: str
    shape: tuple[int, ...]


def _holds_images(path: Path) -> bool:
    """Tell whether an .npz file has images, with their labels or for a part of a set."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:_MOST_ARRAYS]
            if names == ["arr_0.npy"] or any(map(half_of, names)):
                return True
            arrays = [_array(archive, name) for name in names]
    except _DAMAGE:
        return False
    return any(starmap(_fit, permutations(arrays, 2)))


def _array(archive: zipfile.ZipFile, member: str) -> _Array:
    # NumPy takes a while to load.
    from mnist_gui.engine.io.npy import read_npy_header

    with archive.open(member) as stream:
        dtype, _, shape = read_npy_header(stream, member)
    return _Array(member.removesuffix(".npy"), dtype, shape)


def _fit(images: _Array, labels: _Array) -> bool:
    """Tell whether arrays may be images and their labels, by their names, else by their shapes.

    The biases of a layer have the shape of labels, but are no whole numbers.
    """
    if len(images.shape) < 2 or images.shape[:1] != labels.shape[:1]:
        return False
    if IMAGE_WORDS & {*words_of(images.name)} and LABEL_WORDS & {*words_of(labels.name)}:
        return True
    is_whole = labels.dtype.lstrip("<>|=")[:1] in ("i", "u")
    return images.shape[1:] in _IMAGE_SHAPES and len(labels.shape) == 1 and is_whole


# --- which part of a data set a name stands for ---------------------------------------------------

TRAIN, VALIDATION, TEST = "train", "validation", "test"
_HALVES = {
    "train": TRAIN,
    "training": TRAIN,
    "trainset": TRAIN,
    "val": VALIDATION,
    "valid": VALIDATION,
    "validation": VALIDATION,
    "dev": VALIDATION,
    "test": TEST,
    "testing": TEST,
    "testset": TEST,
    "t10k": TEST,
    "eval": TEST,
}


def words_of(name: str) -> list[str]:
    """Return the words in a name, in small letters: of `X_trainImages` x, train and images."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[a-z]+(?:10k)?|[0-9]+", parted.lower())


def half_of(name: str) -> str:
    """Return the part of a data set that a name stands for: train, validation, test, or ""."""
    return next((_HALVES[word] for word in reversed(words_of(name)) if word in _HALVES), "")


IMAGE_WORDS = {"x", "image", "images", "imgs", "img", "data", "pixels", "features", "inputs"}
LABEL_WORDS = {"y", "label", "labels", "target", "targets", "class", "classes"}
ROW_NUMBER_WORDS = {"", "id", "index", "unnamed: 0", "imageid", "__index_level_0__"}
"""Names of columns that are neither pixels nor labels: the number of a row."""
_SHARD = re.compile(r"\d+-of-\d+")


def set_of_part(name: str) -> str | None:
    """Return what the files of one set have in common, for a file that is a part of one.

    None for a file that is a set of its own, by its name.
    """
    words = words_of(_SHARD.sub("", without_suffix(name)))
    common = [w for w in words if w not in _HALVES and w not in IMAGE_WORDS | LABEL_WORDS]
    return None if len(common) == len(words) else "-".join(common)


def without_suffix(name: str) -> str:
    """Return the name of a file without what tells its kind."""
    kinds = ("idx1-ubyte", "idx3-ubyte", "idx2-int")
    idx = [f"{sign}{kind}{end}" for sign in "-." for kind in kinds for end in ("", ".gz")]
    ends = (*OPENED_SUFFIXES, *PICTURE_SUFFIXES, *idx)
    fitting = [end for end in ends if name.lower().endswith(end)]
    return name[: len(name) - len(max(fitting, key=len, default=""))]


def half_of_path(name: str) -> str:
    """Return the part that a file's path stands for: its own name counts before its folders'."""
    parts = PurePosixPath(name).parts
    return next((half for part in reversed(parts) if (half := half_of(part))), "")
