"""The kinds of files that a data set may be in: one list for dialogs, drops and the command line.

This module is imported by widgets, so it imports nothing that takes time.
"""

import re
import zipfile
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path, PurePosixPath


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
    """Tell whether a file may be a data set, by its name; of an .npz file, by its arrays' names.

    A network's weights are in .npz files as well, several of them in each.
    """
    lower = path.name.lower()
    if lower.endswith(ARRAY_SUFFIXES):
        return _holds_images(path)
    return lower.endswith(OPENED_SUFFIXES)


def _holds_images(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.removesuffix(".npy") for name in archive.namelist()[:100]]
    except (OSError, ValueError, zipfile.BadZipFile):
        return False
    return names == ["arr_0"] or any(half_of(name) for name in names)


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
