from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.inside.image_lists import ReadImages, Split
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.training.label_errors import (
    RECIPE,
    OutOfFoldReader,
    fold_of_each,
    fold_split,
    training_file,
)

# Softmax regression, which learns in no time.
QUICK = replace(
    RECIPE, network="softmax", optimizer="adam", learning_rate=0.02, steps=60, batch_size=50
)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """Return some of MNIST's images, of which every fiftieth to learn from has a wrong label."""
    mnist = load_dataset()
    validation, train, test = (
        LabelledImages(split.images[:most], split.labels[:most].copy())
        for split, most in ((mnist.validation, 150), (mnist.train, 1_650), (mnist.test, 20))
    )
    train.labels[::50] = (train.labels[::50] + 3) % 10
    return Dataset("some", train, validation, test, "some")


Reading = tuple[list[ViewProgress], NDArray[np.float32]]


@dataclass(frozen=True)
class Whole:
    """A reading that was cancelled in its second fold, and then completed; where it is kept."""

    before: list[ViewProgress]
    after: list[ViewProgress]
    probabilities: NDArray[np.float32]
    folder: Path


@pytest.fixture(scope="module")
def reading(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("read")
    reader = OutOfFoldReader(folder, QUICK, folds=2, rounds=1)
    cancelled, before = reader.read(dataset), [ViewProgress(0, 200)]
    while before[-1].done <= 100:
        before.append(next(cancelled))
    cancelled.close()
    after, probabilities = run(reader.read(dataset))
    return Whole(before, after, probabilities, folder)


def run(reading: Generator[ViewProgress, None, NDArray[np.float32]]) -> Reading:
    told: list[ViewProgress] = []
    while True:
        try:
            told.append(next(reading))
        except StopIteration as ended:
            return told, ended.value


@pytest.mark.parametrize("turn", [0, 1])
def test_no_image_is_read_by_a_network_that_has_learnt_from_it(dataset: Dataset, turn: int) -> None:
    images = training_file(dataset)
    folds = fold_of_each(len(images), 4, turn)
    assert np.bincount(folds).tolist() == [450] * 4
    for fold in range(4):
        split = fold_split(images, folds == fold)
        assert np.array_equal(split.test.images, images.images[folds == fold])
        read = {image.tobytes() for image in split.test.images}
        learnt = {image.tobytes() for image in split.train.images}
        measured = {image.tobytes() for image in split.validation.images}
        assert not read & learnt
        assert not measured & (learnt | read)
        assert len(split.train) + len(split.validation) + len(split.test) == len(images)


def test_the_training_file_begins_with_the_validation_images(dataset: Dataset) -> None:
    images = training_file(dataset)
    assert np.array_equal(images.images[: len(dataset.validation)], dataset.validation.images)
    assert np.array_equal(images.labels[len(dataset.validation) :], dataset.train.labels)


def test_labels_that_were_changed_are_found(dataset: Dataset, reading: Whole) -> None:
    told, probabilities = reading.before, reading.probabilities
    done = [progress.done for progress in told]
    assert done == sorted(done)
    assert {progress.total for progress in told} == {200}
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-4)
    images = training_file(dataset)
    numbers = np.arange(len(images))
    shares = probabilities.astype(np.float64)
    read = ReadImages(Split.TRAINING, images.images, images.labels, numbers, shares)
    changed = range(len(dataset.validation), len(images), 50)
    first = read.contradicted()[: 2 * len(changed)].tolist()
    assert len({*first} & {*changed}) >= 0.7 * len(changed)


def test_a_reading_that_was_cancelled_goes_on_with_the_next_fold(reading: Whole) -> None:
    assert reading.after[0].done >= 100
    done = [progress.done for progress in reading.after]
    assert done == sorted(done)


def test_what_was_read_is_kept_and_not_read_again(dataset: Dataset, reading: Whole) -> None:
    told, kept = run(OutOfFoldReader(reading.folder, QUICK, folds=2, rounds=1).read(dataset))
    assert not told
    assert np.array_equal(kept, reading.probabilities)


def test_what_is_kept_is_of_this_data_set_and_this_recipe_only(
    dataset: Dataset, tmp_path: Path
) -> None:
    reader = OutOfFoldReader(tmp_path, QUICK)
    others = [
        reader.file(replace(dataset, fingerprint="another")),
        OutOfFoldReader(tmp_path, replace(QUICK, steps=61)).file(dataset),
        OutOfFoldReader(tmp_path, QUICK, folds=3).file(dataset),
        OutOfFoldReader(tmp_path, QUICK, rounds=1).file(dataset),
    ]
    assert len({reader.file(dataset), *others}) == 5


def test_the_rounds_are_dealt_differently_and_averaged(dataset: Dataset, tmp_path: Path) -> None:
    assert not np.array_equal(fold_of_each(100, 2, 0), fold_of_each(100, 2, 1))
    reader = OutOfFoldReader(tmp_path, QUICK, folds=2, rounds=2)
    images = len(training_file(dataset))
    read = [np.full((images // 2, 10), share, np.float32) for share in (0.1, 0.2, 0.3, 0.4)]
    # As if all networks had read their folds.
    reader._fingerprint, reader._done = dataset.fingerprint, dict(enumerate(read))
    told, probabilities = run(reader.read(dataset))
    assert not told
    first, second = (fold_of_each(images, 2, turn) for turn in (0, 1))
    expected = (np.where(first == 0, 0.1, 0.2) + np.where(second == 0, 0.3, 0.4)) / 2
    assert np.allclose(probabilities, expected[:, np.newaxis])


@pytest.mark.parametrize("damage", ["cut", "foreign", "another", "impossible"])
def test_a_file_that_is_not_what_was_kept_counts_for_nothing(
    dataset: Dataset, tmp_path: Path, damage: str
) -> None:
    reader = OutOfFoldReader(tmp_path, QUICK)
    images = len(training_file(dataset))
    fine = np.full((images, 10), 0.1, np.float32)
    reader.keep(dataset, fine)
    path = reader.file(dataset)
    assert reader.kept(dataset) is not None
    match damage:
        case "cut":
            path.write_bytes(path.read_bytes()[:-1])
        case "foreign":
            path.write_bytes(b"x" * 99)
        case "another":
            other = replace(dataset, fingerprint="another")
            reader.keep(other, fine)
            path.write_bytes(reader.file(other).read_bytes())
        case _:
            reader.keep(dataset, fine * 20)
    assert reader.kept(dataset) is None


def test_without_a_place_to_keep_it_there_is_no_error_and_no_file(
    dataset: Dataset, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("no folder")
    reader = OutOfFoldReader(tmp_path / "taken", QUICK)
    reader.keep(dataset, np.full((1_800, 10), 0.1, np.float32))
    assert reader.kept(dataset) is None
