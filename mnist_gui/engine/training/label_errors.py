"""Training images read by networks that never learnt from them, to find labels that are wrong."""

from collections.abc import Generator
from contextlib import suppress
from dataclasses import asdict, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.events import EvaluationProgress, Event, StepsTrained, TestEvaluated
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.io.archive import ArchiveReader, ArrayType, encode, write_archive
from mnist_gui.engine.io.files import open_regular_file, write_file_atomically
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.training.trainer import Trainer

FOLDS, ROUNDS = 2, 3
# Fast and no more: a network that has learnt for long is less often unsure where a label is wrong.
RECIPE = replace(
    RECIPES["cnn-fast"],
    steps=300,
    drawn_share=0.0,
    measure_every=300,
    validate_every=300,
)
FEWEST_IMAGES = 100
"""How many training images it takes."""

_KIND = "out-of-fold"
_FORMAT = 1
_ARRAY = "probabilities"
# For the temperature; out of those that a fold's network might have learnt from.
_VALIDATED_SHARE = 12
# Parts of a fold's work: in steps, and in images read.
_TRAINING, _READING = 80, 20
# Rounded, the sum of what a network gives may be a little more than 1.
_MOST_PROBABLE = 1.001


def training_file(dataset: Dataset) -> LabelledImages:
    """Return all images of the training file in their order there, those of validation first."""
    parts = dataset.validation, dataset.train
    return LabelledImages(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )


class OutOfFoldReader:
    """Reads each training image with a network that has learnt from other images; for one thread.

    In each round the images are dealt into folds at random, always in the same way. For each fold a
    network learns from all the others, and reads it. An image's probabilities are the average of
    the rounds. What was read is kept in a file; of a reading that was cancelled, the folds that
    were done stay in memory.
    """

    def __init__(
        self, folder: Path, recipe: Recipe = RECIPE, folds: int = FOLDS, rounds: int = ROUNDS
    ) -> None:
        """`folder` is where the files are kept."""
        self._folder, self._recipe = folder, recipe
        self._folds, self._rounds = folds, rounds
        self._fingerprint = ""
        self._done: dict[int, NDArray[np.float32]] = {}

    def file(self, dataset: Dataset) -> Path:
        """Return where the reading of a data set is kept: by its hash and that of the recipe."""
        return self._folder / f"{_KIND}-{sha256(self._facts(dataset)).hexdigest()[:16]}.safetensors"

    def kept(self, dataset: Dataset) -> NDArray[np.float32] | None:
        """Return the probabilities (n, 10) that were read before; None if there are none."""
        images = len(dataset.validation) + len(dataset.train)
        try:
            with open_regular_file(self.file(dataset)) as file:
                reader = ArchiveReader(file, _KIND)
                if reader.facts != self._facts(dataset):
                    return None
                found = reader.arrays({_ARRAY: ArrayType((images, CLASSES))})[_ARRAY]
        except (OSError, FileFormatError):
            # It is read anew, and the file replaced.
            return None
        is_possible = found.min() >= 0 and found.max() <= _MOST_PROBABLE
        return found if is_possible else None

    def keep(self, dataset: Dataset, probabilities: NDArray[np.float32]) -> None:
        """Keep probabilities (n, 10) that were read; without a place for them that does nothing."""
        content = BytesIO()
        write_archive(content, _KIND, self._facts(dataset), {_ARRAY: probabilities})
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_file_atomically(self.file(dataset), content.getbuffer())

    def read(self, dataset: Dataset) -> Generator[ViewProgress, None, NDArray[np.float32]]:
        """Read all images of the training file; yields progress, returns probabilities (n, 10).

        Raises DeviceError and TrainingError.
        """
        if (kept := self.kept(dataset)) is not None:
            return kept
        if dataset.fingerprint != self._fingerprint:
            self._fingerprint, self._done = dataset.fingerprint, {}
        images = training_file(dataset)
        probabilities = np.zeros((len(images), CLASSES), np.float32)
        for network in range(self._rounds * self._folds):
            turn, fold = divmod(network, self._folds)
            is_read = fold_of_each(len(images), self._folds, turn) == fold
            if network not in self._done:
                self._done[network] = yield from self._read_fold(images, is_read, network)
            probabilities[is_read] += self._done[network] / np.float32(self._rounds)
        self.keep(dataset, probabilities)
        return probabilities

    def _read_fold(
        self, images: LabelledImages, is_read: NDArray[np.bool_], network: int
    ) -> Generator[ViewProgress, None, NDArray[np.float32]]:
        whole, part = _TRAINING + _READING, 0
        total = self._rounds * self._folds * whole
        split = fold_split(images, is_read)
        for event in Trainer(split, replace(self._recipe, seed=network)).events():
            if isinstance(event, TestEvaluated):
                return event.evaluation.probabilities
            part = max(part, self._part(event))
            yield ViewProgress(network * whole + part, total)
        raise AssertionError("a run ends with its test")

    def _part(self, event: Event) -> int:
        """Return how far a fold is after an event."""
        match event:
            case StepsTrained():
                return _TRAINING * event.step // self._recipe.steps
            case EvaluationProgress(split="test"):
                return _TRAINING + _READING * event.done // event.total
        return 0

    def _facts(self, dataset: Dataset) -> bytes:
        """Return the JSON of what the reading depends on."""
        recipe = asdict(self._recipe)
        dealt = {"folds": self._folds, "rounds": self._rounds}
        return encode({"data": dataset.fingerprint, **dealt, "recipe": recipe}, _FORMAT)


def fold_of_each(images: int, folds: int, turn: int) -> NDArray[np.int64]:
    """Return in which fold each image is in a round, both from 0; folds differ by one at most."""
    return np.random.default_rng(turn).permutation(images) % folds


def fold_split(images: LabelledImages, is_read: NDArray[np.bool_]) -> Dataset:
    """Return the images that are read as test images, and the others to learn from.

    Every twelfth of the others is for validation, by which the temperature is found.
    """
    others = np.flatnonzero(~is_read)
    validation = others[::_VALIDATED_SHARE]
    parts = np.setdiff1d(others, validation), validation, np.flatnonzero(is_read)
    train, validated, read = (
        LabelledImages(images.images[part], images.labels[part]) for part in parts
    )
    return Dataset("fold", train, validated, read, fingerprint="")
