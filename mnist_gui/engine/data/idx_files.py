"""Data sets in MNIST's own format: four IDX files or two, also each in a folder of its own."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TypeAlias

from mnist_gui.engine.data.correction import Correction, Turn
from mnist_gui.engine.data.kinds import IDX_NAME, TEST, TRAIN
from mnist_gui.engine.data.parts import Labels, Part, Reading
from mnist_gui.engine.data.source import Source
from mnist_gui.engine.errors import DatasetError
from mnist_gui.engine.idx import IMAGES, LABEL_COLUMNS, LABELS, IdxFile, Items, read_idx

IDX_FILES = ("train-images", "train-labels", "test-images", "test-labels")
_PARTNERS = ("train-labels", "train-images", "test-labels", "test-images")
USUAL_NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
# EMNIST stores its images column by column.
_COLUMN_BY_COLUMN = "emnist"
# QMNIST's labels are the first of eight numbers.
_LABEL_COLUMNS = re.compile(r"idx2-int(\.gz)?$", re.IGNORECASE)
# Names of images and of labels, by the part of the set.
_Files: TypeAlias = dict[str, tuple[str, str]]


def read_idx_files(source: Source, names: list[str], labels: Labels, *, resizes: bool) -> Reading:
    """Return training images, test images or both, of the one set among these files.

    Their images are of 28x28, so that there is nothing that it `resizes`.
    """
    del resizes
    reading, turned = Reading(), list[str]()
    for half, (images, digits) in _find_files(source, names).items():
        reading.parts[half] = _read_half(source, images, digits, labels)
        if turn_upright(reading.parts[half], PurePosixPath(images).name):
            turned.append(half)
    reading.notes += [DatasetError("data-turned")] if turned else []
    return reading


def turn_upright(part: Part, name: str) -> bool:
    """Turn the images of EMNIST, told by the file's name, in place; return whether it is one."""
    is_emnist = name.lower().startswith(_COLUMN_BY_COLUMN)
    if is_emnist:
        Correction(Turn.TRANSPOSE).write(part.images, part.images)
    return is_emnist


def _read_half(source: Source, images_name: str, labels_name: str, labels: Labels) -> Part:
    has_columns = bool(_LABEL_COLUMNS.search(labels_name))
    digits = _read(source, labels_name, LABEL_COLUMNS if has_columns else LABELS)
    images = _read(source, images_name, IMAGES)
    places = source.place(images_name), source.place(labels_name)
    check_counts(places[0], len(images.array), places[1], len(digits.array))
    if has_columns:
        # The rest is who wrote it, where and when. No other file has the same digest.
        return Part(places[0], images.array, labels.codes(digits.array[:, 0]))
    hashes = images.sha256, digits.sha256
    return Part(places[0], images.array, labels.codes(digits.array), hashes)


def _read(source: Source, name: str, items: Items) -> IdxFile:
    place = source.place(name)
    with source.opened(name) as stream:
        return read_idx(stream, place, source.most_bytes(name), items)


def check_counts(images_path: str, images: int, labels_path: str, labels: int) -> None:
    """Raise DatasetError unless there are as many labels as images."""
    if images != labels:
        raise DatasetError(
            "data-counts-differ",
            images_path=images_path,
            images=images,
            labels_path=labels_path,
            labels=labels,
        )


def _find_files(source: Source, names: list[str]) -> _Files:
    """Return the files of one set: images and labels of each part that it has.

    A set of four files counts before those that only have training or test images.
    """
    sets: dict[str, dict[str, str]] = {}
    # Those that are not in a folder of their own come first, and a plain file before its gzipped
    # copy, which reads more slowly.
    for name in sorted(names, key=lambda name: (name.count("/"), name)):
        if match := IDX_NAME.fullmatch(PurePosixPath(name).name):
            named = {key: text.lower() for key, text in match.groupdict().items()}
            half = TRAIN if named["half"] == TRAIN else TEST
            sets.setdefault(named["set"], {}).setdefault(f"{half}-{named['kind']}", name)
    whole = [files for files in sets.values() if len(files) == len(IDX_FILES)]
    usable = whole or [files for files in sets.values() if not _missing(files)]
    if not usable:
        raise _incomplete(source, sets)
    if len(usable) > 1:
        found = sorted(files.get("train-images") or files["test-images"] for files in usable)
        raise DatasetError("data-several-sets", path=source.path, names=found)
    files = usable[0]
    return {
        half: (files[f"{half}-images"], files[f"{half}-labels"])
        for half in (TRAIN, TEST)
        if f"{half}-images" in files
    }


def _missing(files: Mapping[str, str]) -> list[str]:
    """Return the usual names of what is missing: labels whose images are there, or images."""
    partners = dict(zip(IDX_FILES, _PARTNERS, strict=True))
    return [
        name
        for part, name in zip(IDX_FILES, USUAL_NAMES, strict=True)
        if part not in files and partners[part] in files
    ]


def _incomplete(source: Source, sets: Mapping[str, Mapping[str, str]]) -> DatasetError:
    missing = _missing(max(sets.values(), key=len, default={}))
    return DatasetError("data-incomplete", folder=source.path, missing=missing, names=USUAL_NAMES)
