"""Read data sets in MNIST's format: four IDX files of training and test images."""

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES, IMAGE_SIDE
from mnist_gui.engine.errors import DatasetError
from mnist_gui.engine.idx import IdxFile, read_idx
from mnist_gui.paths import MNIST_FOLDER

MOST_TRAIN, MOST_TEST = 60_000, 10_000
"""How many images a view looks at: as many as MNIST has, of training, and of validation or test."""

_PARTS = ("train-images", "train-labels", "test-images", "test-labels")
_USUAL_NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
_FILE_NAME = re.compile(
    r"(?P<set>(?:.*-)?)(?P<half>train|t10k|test)-(?P<kind>images|labels)"
    r"[-.]idx[13]-ubyte(?:\.gz)?"
)
# SHA-256 of the decompressed files as LeCun, Cortes and Burges published them.
_MNIST_SHA256 = (
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
)


@dataclass(frozen=True, slots=True, eq=False)
class LabelledImages:
    """Images (n, 28, 28) uint8, 0 background and 255 ink, and their labels (n,) uint8."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.labels)

    def first(self, most: int) -> "LabelledImages":
        """Return at most the first `most` images; the very same if there are no more."""
        if len(self) <= most:
            return self
        return LabelledImages(self.images[:most], self.labels[:most])

    def has(self, index: int, image: NDArray[np.uint8]) -> bool:
        """Return whether the image at this index equals that one (28, 28)."""
        return 0 <= index < len(self) and np.array_equal(self.images[index], image)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """The three splits of a data set; `fingerprint` identifies the files they came from."""

    name: str
    train: LabelledImages
    validation: LabelledImages
    test: LabelledImages
    fingerprint: str

    @property
    def sample(self) -> "Dataset":
        """The first images of each split, no more than views can show; the very same if it fits."""
        train, validation = self.train.first(MOST_TRAIN), self.validation.first(MOST_TEST)
        test = self.test.first(MOST_TEST)
        if (train, validation, test) == (self.train, self.validation, self.test):
            return self
        return replace(self, train=train, validation=validation, test=test)

    def in_training_file(self, number: int) -> tuple[LabelledImages, int]:
        """Return where an image of the training file is: in which split, and its index there."""
        before = len(self.validation)
        return (self.validation, number) if number < before else (self.train, number - before)


def load_dataset(folder: Path | None = None, shipped: Path = MNIST_FOLDER) -> Dataset:
    """Read the data set in a folder, or the MNIST that ships with the program.

    The first 5,000 training images (a twelfth of fewer than 60,000) become the validation split.
    Raises DatasetError.
    """
    paths = _find_files(folder or shipped)
    train, train_hashes = _read_half(paths[0], paths[1])
    test, test_hashes = _read_half(paths[2], paths[3])
    hashes = (*train_hashes, *test_hashes)
    is_mnist = hashes == _MNIST_SHA256
    if folder is None and not is_mnist:
        raise _altered(paths, hashes)
    name = "MNIST" if is_mnist else paths[0].parent.resolve().name
    validation, train = _split(train, paths[0])
    return Dataset(name, train, validation, test, sha256("".join(hashes).encode()).hexdigest())


def _split(images: LabelledImages, path: Path) -> tuple[LabelledImages, LabelledImages]:
    if len(images) < 2:
        raise DatasetError("data-one-image", path=path)
    size = max(1, min(5_000, len(images) // 12))
    head = LabelledImages(images.images[:size], images.labels[:size])
    return head, LabelledImages(images.images[size:], images.labels[size:])


def _read_half(images_path: Path, labels_path: Path) -> tuple[LabelledImages, tuple[str, str]]:
    labels = read_idx(labels_path, ())
    images = read_idx(images_path, (IMAGE_SIDE, IMAGE_SIDE))
    if len(images.array) != len(labels.array):
        raise DatasetError(
            "data-counts-differ",
            images_path=images_path,
            images=len(images.array),
            labels_path=labels_path,
            labels=len(labels.array),
        )
    if labels.array.max() >= CLASSES:
        raise DatasetError("data-label", path=labels_path, label=labels.array.max())
    pixels = _upright(images, images_path)
    return LabelledImages(pixels, labels.array), (images.sha256, labels.sha256)


def _upright(images: IdxFile, path: Path) -> NDArray[np.uint8]:
    if not path.name.startswith("emnist"):
        return images.array
    # EMNIST stores its images column by column.
    pixels = np.ascontiguousarray(images.array.transpose(0, 2, 1))
    pixels.setflags(write=False)
    return pixels


def _find_files(folder: Path) -> tuple[Path, Path, Path, Path]:
    """Return the files of one set: training images and labels, test images and labels."""
    sets: dict[str, dict[str, Path]] = {}
    for path in _listed(folder):
        if match := _FILE_NAME.fullmatch(path.name):
            half = "train" if match["half"] == "train" else "test"
            sets.setdefault(match["set"], {}).setdefault(f"{half}-{match['kind']}", path)
    complete = [files for files in sets.values() if len(files) == len(_PARTS)]
    if not complete:
        raise _incomplete(folder, sets)
    if len(complete) > 1:
        names = sorted(files["train-images"].name for files in complete)
        raise DatasetError("data-several-sets", folder=folder, names=names)
    images, labels, test_images, test_labels = (complete[0][part] for part in _PARTS)
    return images, labels, test_images, test_labels


def _listed(folder: Path) -> list[Path]:
    try:
        # Sorted, as a plain file then comes before its gzipped copy, which reads more slowly.
        return sorted(folder.iterdir())
    except NotADirectoryError as error:
        raise DatasetError("data-no-folder", folder=folder) from error
    except OSError as error:
        raise DatasetError("data-folder-unreadable", folder=folder, reason=error) from error


def _incomplete(folder: Path, sets: dict[str, dict[str, Path]]) -> DatasetError:
    found = max(sets.values(), key=len, default={})
    missing = [name for part, name in zip(_PARTS, _USUAL_NAMES, strict=True) if part not in found]
    return DatasetError("data-incomplete", folder=folder, missing=missing, names=_USUAL_NAMES)


def _altered(paths: tuple[Path, ...], hashes: tuple[str, ...]) -> DatasetError:
    triples = zip(paths, hashes, _MNIST_SHA256, strict=True)
    changed = [path for path, found, known in triples if found != known]
    return DatasetError("data-altered", paths=changed)
