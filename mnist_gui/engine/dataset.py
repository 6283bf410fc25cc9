"""Data sets: labelled images in three splits, read from whatever they are stored in."""

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.data.correction import MNIST, Correction, DatasetChoice, largest
from mnist_gui.engine.data.kinds import TEST, TRAIN, VALIDATION
from mnist_gui.engine.data.parts import Labels, Part, Reading
from mnist_gui.engine.data.read import name_of, read_parts
from mnist_gui.engine.errors import DatasetError
from mnist_gui.engine.idx import idx_sha256
from mnist_gui.paths import MNIST_FOLDER

MOST_TRAIN, MOST_TEST = 60_000, 10_000
"""How many images a view looks at: as many as MNIST has, of training, and of validation or test."""

# SHA-256 of the decompressed files as LeCun, Cortes and Burges published them.
_MNIST_SHA256 = (
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
)
MNIST_FINGERPRINT = sha256("".join(_MNIST_SHA256).encode()).hexdigest()
"""What identifies MNIST, wherever it was read from."""


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
    """The three splits of a data set; `fingerprint` identifies the files they came from.

    `notes` say what is to be known of how it was read, such as which images are test images.
    `choice` opens it again.
    """

    name: str
    train: LabelledImages
    validation: LabelledImages
    test: LabelledImages
    fingerprint: str
    notes: tuple[DatasetError, ...] = ()
    choice: DatasetChoice = MNIST

    @property
    def sample(self) -> "Dataset":
        """The first images of each split, no more than views can show; the very same if it fits."""
        train, validation = self.train.first(MOST_TRAIN), self.validation.first(MOST_TEST)
        test = self.test.first(MOST_TEST)
        if (train, validation, test) == (self.train, self.validation, self.test):
            return self
        return replace(self, train=train, validation=validation, test=test)

    def in_training_file(self, number: int) -> tuple[LabelledImages, int]:
        """Return where a training image is: in which split, and its index there.

        Those for validation are counted first, as in MNIST's training file.
        """
        before = len(self.validation)
        return (self.validation, number) if number < before else (self.train, number - before)


def load_dataset(
    path: Path | None = None,
    *,
    resizes: bool = False,
    corrections: tuple[Correction, ...] = (),
    shipped: Path = MNIST_FOLDER,
) -> Dataset:
    """Read the data set in a folder, a file or an archive, or the MNIST that ships.

    Which kinds there are says `engine.data.kinds`. The first 5,000 training images (a twelfth of
    fewer than 60,000) become the validation split, unless the set has one of its own; images that
    are sorted by their labels are mixed before. With `resizes`, images of other sizes and colours
    are made to images of 28x28 greys; then all are corrected, by one correction after the other.
    Raises DatasetError.
    """
    labels = Labels(path or shipped)
    reading = read_parts(path or shipped, labels, resizes=resizes)
    digits, note = labels.digits()
    if note:
        reading.notes.append(note)
    hashes = _hashes(reading, digits)
    is_mnist = hashes == _MNIST_SHA256
    if path is None and not is_mnist:
        raise DatasetError("data-altered", path=shipped)
    fingerprint = sha256("".join(hashes).encode()).hexdigest()
    for correction in corrections:
        _correct(reading, correction)
        fingerprint = correction.fingerprint(fingerprint)
    splits = {half: _labelled(part, digits) for half, part in reading.parts.items()}
    if VALIDATION not in splits:
        splits |= _with_validation(splits[TRAIN], reading.parts[TRAIN].path)
    return Dataset(
        "MNIST" if is_mnist else name_of(path or shipped),
        splits[TRAIN],
        splits[VALIDATION],
        splits[TEST],
        fingerprint,
        tuple(reading.notes),
        DatasetChoice(path, resizes, corrections),
    )


def load_choice(choice: DatasetChoice) -> Dataset:
    """Read the data set that was chosen, in the way that was. Raises DatasetError."""
    return load_dataset(choice.path, resizes=choice.resizes, corrections=choice.corrections)


def corrected(dataset: Dataset, correction: Correction) -> Dataset:
    """Return a data set with corrected images, which has another fingerprint.

    The images are there twice until the other data set is let go: nothing may change them in place,
    as views and tests read the same arrays on threads of their own meanwhile.
    """
    if not correction:
        return dataset
    parts = dataset.train, dataset.validation, dataset.test
    most = largest(part.images for part in parts)

    def of(part: LabelledImages) -> LabelledImages:
        images = np.empty_like(part.images)
        correction.write(part.images, images, most)
        images.setflags(write=False)
        return replace(part, images=images)

    choice = dataset.choice
    return replace(
        dataset,
        train=of(dataset.train),
        validation=of(dataset.validation),
        test=of(dataset.test),
        fingerprint=correction.fingerprint(dataset.fingerprint),
        choice=replace(choice, corrections=(*choice.corrections, correction)),
    )


def _correct(reading: Reading, correction: Correction) -> None:
    """Correct images in place, which nobody has seen yet."""
    most = largest(part.images for part in reading.parts.values())
    for part in reading.parts.values():
        correction.write(part.images, part.images, most)


def _labelled(part: Part, digits: NDArray[np.uint8]) -> LabelledImages:
    labels = digits[part.codes]
    for array in (part.images, labels):
        array.setflags(write=False)
    return LabelledImages(part.images, labels)


def _hashes(reading: Reading, digits: NDArray[np.uint8]) -> tuple[str, ...]:
    """Return the SHA-256 of the IDX files that have these images and labels."""
    hashes: list[str] = []
    for half in (TRAIN, TEST, VALIDATION):
        if half in reading.parts:
            part = reading.parts[half]
            hashes += part.sha256 or (idx_sha256(part.images), idx_sha256(digits[part.codes]))
    return tuple(hashes)


def _with_validation(images: LabelledImages, path: str) -> dict[str, LabelledImages]:
    if len(images) < 2:
        raise DatasetError("data-one-image", path=path)
    size = max(1, min(5_000, len(images) // 12))
    head = LabelledImages(images.images[:size], images.labels[:size])
    tail = LabelledImages(images.images[size:], images.labels[size:])
    return {VALIDATION: head, TRAIN: tail}
