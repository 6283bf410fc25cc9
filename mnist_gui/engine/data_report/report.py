"""Describe a data set, and name what may be wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.data.correction import Correction, Turn
from mnist_gui.engine.data.parts import LABEL_NOTES
from mnist_gui.engine.data_report.duplicates import Duplicates, find_duplicates
from mnist_gui.engine.data_report.orientation import Orientation, find_orientation
from mnist_gui.engine.data_report.sheet import sample_sheet
from mnist_gui.engine.errors import DatasetError
from mnist_gui.engine.snapshot import Snapshot

if TYPE_CHECKING:
    from mnist_gui.engine.dataset import Dataset, LabelledImages

# MNIST's largest class is 1.25 times its smallest.
_VERY_UNEQUAL = 5
_DIM = 64
_FEW_READ = 0.5
_CHUNK = 8_192


@dataclass(frozen=True, slots=True, eq=False)
class DataReport:
    """What is known of a data set.

    `training`, `validation` and `test` are the numbers of images of each class (10,); `least` and
    `most` are the smallest and the largest value of a pixel, `mean` is that of all, 0 to 255.
    `notes` say how it was read, `warnings` what may be wrong, `correction` what would mend that.
    `sheet` (h, w) has samples of the training images.
    """

    name: str
    training: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]
    least: int
    most: int
    mean: float
    duplicates: Duplicates
    orientation: Orientation
    notes: tuple[DatasetError, ...]
    warnings: tuple[DatasetError, ...]
    sheet: NDArray[np.uint8]

    @property
    def seems_right(self) -> bool:
        """Whether nothing may be wrong, and the labels are the digits that they say."""
        return not self.warnings and not any(note.problem in LABEL_NOTES for note in self.notes)

    @property
    def correction(self) -> Correction:
        """What is to be done to the images, to have them as they should be."""
        return replace(self.orientation.correction, brightens=0 < self.most < _DIM)


def describe(dataset: "Dataset", reader: Snapshot) -> DataReport:
    """Describe a data set; the network `reader` says how well digits are read in it.

    Takes a second for MNIST, some seconds for a million images.
    """
    training, validation, test = map(_counts, (dataset.train, dataset.validation, dataset.test))
    least, most, mean = _values(dataset)
    duplicates = find_duplicates(dataset)
    orientation = find_orientation(dataset.train, reader)
    found = chain(
        _orientation_warnings(orientation),
        _value_warnings(most),
        _class_warnings(training, test),
        _duplicate_warnings(duplicates, sum(test)),
    )
    return DataReport(
        dataset.name,
        training,
        validation,
        test,
        least=least,
        most=most,
        mean=mean,
        duplicates=duplicates,
        orientation=orientation,
        notes=dataset.notes,
        warnings=tuple(found),
        sheet=sample_sheet(dataset.train),
    )


def _counts(part: "LabelledImages") -> tuple[int, ...]:
    counts: list[int] = np.bincount(part.labels, minlength=CLASSES).tolist()
    return tuple(counts)


def _values(dataset: "Dataset") -> tuple[int, int, float]:
    least, most, total, count = 255, 0, 0, 0
    for part in (dataset.train, dataset.validation, dataset.test):
        for start in range(0, len(part), _CHUNK):
            chunk = part.images[start : start + _CHUNK]
            least, most = min(least, int(chunk.min())), max(most, int(chunk.max()))
            total, count = total + int(chunk.sum(dtype=np.uint64)), count + chunk.size
    return least, most, total / max(1, count)


def _orientation_warnings(found: Orientation) -> Iterator[DatasetError]:
    if found.correction.inverts:
        yield DatasetError("set-inverted")
    if found.as_they_are is None or found.corrected is None:
        return
    match found.correction.turn:
        case Turn.TRANSPOSE:
            yield DatasetError("set-transposed")
        case Turn.NONE:
            pass
        case _:
            yield DatasetError("set-turned")
    if found.meanings:
        label = next(label for label, digit in found.meanings.items() if label != digit)
        yield DatasetError("set-other-digits", label=label, digit=found.meanings[label])
    elif found.correction.turn is Turn.NONE and found.corrected < _FEW_READ:
        yield DatasetError("set-no-digits", share=100 * found.corrected)


def _value_warnings(most: int) -> Iterator[DatasetError]:
    if most < _DIM:
        yield DatasetError("set-dim", most=most)


def _class_warnings(training: tuple[int, ...], test: tuple[int, ...]) -> Iterator[DatasetError]:
    missing = [label for label, count in enumerate(training) if not count]
    if missing:
        yield DatasetError("set-class-missing", labels=missing)
    untested = [label for label, count in enumerate(test) if not count and training[label]]
    if untested:
        yield DatasetError("set-class-untested", labels=untested)
    there = [count for count in training if count]
    if there and max(there) > _VERY_UNEQUAL * min(there):
        fewest, most = training.index(min(there)), training.index(max(there))
        yield DatasetError(
            "set-classes-unequal",
            most=max(there),
            most_label=most,
            fewest=min(there),
            fewest_label=fewest,
        )


def _duplicate_warnings(found: Duplicates, tested: int) -> Iterator[DatasetError]:
    if found.in_both:
        yield DatasetError("set-test-in-training", count=found.in_both, all=tested)
    if found.in_training:
        yield DatasetError("set-repeated-training", count=found.in_training)
    if found.in_test:
        yield DatasetError("set-repeated-test", count=found.in_test)
    if found.contradicting:
        yield DatasetError("set-contradicting", count=found.contradicting)
