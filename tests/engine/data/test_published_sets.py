"""Data sets as they are published: under their own names, with what is peculiar to each."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.errors import DatasetError
from tests.engine.conftest import idx_bytes, write_dataset
from tests.engine.data.conftest import (
    KAGGLE_NAMES,
    Images,
    halves,
    is_as,
    table,
    told,
    write_files,
    write_zip,
)
from tests.refusals import refused

TRAIN, TRAIN_LABELS, TEST, TEST_LABELS = halves()


def emnist(name: str, classes: int = 10, first: int = 0) -> dict[str, bytes | str]:
    """Return the files of one of EMNIST's sets, with images that lie on their sides."""
    files: dict[str, bytes | str] = {}
    for half, images, labels in (("train", TRAIN, TRAIN_LABELS), ("test", TEST, TEST_LABELS)):
        found = labels if classes == 10 else np.arange(len(labels), dtype=np.uint8) % classes
        named = f"emnist-{name}-{half}"
        lying = images.transpose(0, 2, 1)
        files[f"{named}-images-idx3-ubyte.gz"] = gzip.compress(idx_bytes(lying))
        files[f"{named}-labels-idx1-ubyte.gz"] = gzip.compress(idx_bytes(found + np.uint8(first)))
    return files


def qmnist_labels(labels: Images) -> bytes:
    """Return a file of labels with seven numbers more for each, which take four bytes."""
    rows: NDArray[np.int32] = np.full((len(labels), 8), 70_000, ">i4")
    rows[:, 0] = labels
    header = b"\0\0\x0c\2" + np.array(rows.shape, ">u4").tobytes()
    return gzip.compress(header + rows.tobytes())


def qmnist() -> dict[str, bytes | str]:
    return {
        "qmnist-train-images-idx3-ubyte.gz": gzip.compress(idx_bytes(TRAIN)),
        "qmnist-train-labels-idx2-int.gz": qmnist_labels(TRAIN_LABELS),
        "qmnist-test-images-idx3-ubyte.gz": gzip.compress(idx_bytes(TEST)),
        "qmnist-test-labels-idx2-int.gz": qmnist_labels(TEST_LABELS),
    }


def test_one_set_of_emnists_archive_is_opened_by_one_of_its_files(tmp_path: Path) -> None:
    files = emnist("digits") | emnist("letters", 26, first=1)
    path = write_zip(tmp_path / "gzip.zip", {f"gzip/{name}": files[name] for name in files})
    with refused(DatasetError, match="emnist-letters-train.*open one of these files by itself"):
        load_dataset(path)
    folder = write_files(tmp_path / "gzip", files)
    loaded = load_dataset(folder / "emnist-digits-test-images-idx3-ubyte.gz")
    assert is_as(loaded, halves())
    assert told(loaded).count("turned upright") == 1


@pytest.mark.parametrize(("name", "classes", "first"), [("letters", 26, 1), ("balanced", 47, 0)])
def test_more_than_ten_classes_are_counted(
    tmp_path: Path, name: str, classes: int, first: int
) -> None:
    write_files(tmp_path, emnist(name, classes, first))
    count = min(classes, len(TRAIN))
    with refused(DatasetError, match=f"has {count} different labels .* tells ten apart"):
        load_dataset(tmp_path)


def test_qmnists_labels_are_the_first_of_eight_numbers(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "qmnist", qmnist())
    loaded = load_dataset(folder / "qmnist-train-labels-idx2-int.gz")
    assert is_as(loaded, halves())
    assert not loaded.notes
    write_dataset(tmp_path / "idx", train=40, test=12)
    assert loaded.fingerprint == load_dataset(tmp_path / "idx").fingerprint


def test_qmnists_labels_that_end_early_are_named(tmp_path: Path) -> None:
    cut = gzip.compress(gzip.decompress(qmnist_labels(TRAIN_LABELS))[:-20])
    write_files(tmp_path, qmnist() | {"qmnist-train-labels-idx2-int.gz": cut})
    with refused(DatasetError, match="train-labels-idx2-int.gz cannot be used: it is truncated"):
        load_dataset(tmp_path)


@pytest.mark.parametrize("name", ["emnist-digits.mat", ""])
def test_of_a_matlab_file_it_is_said_what_to_take_instead(tmp_path: Path, name: str) -> None:
    write_files(tmp_path, {"emnist-digits.mat": b"MATLAB 5.0 MAT-file", "readme.txt": b"a"})
    with refused(DatasetError, match=r"MATLAB's own format, .* EMNIST is the download gzip\.zip"):
        load_dataset(tmp_path / name)


def test_kaggles_test_images_by_themselves_teach_nothing(tmp_path: Path) -> None:
    write_files(tmp_path, {"test.csv": table(TEST, names=KAGGLE_NAMES.partition(",")[2])})
    with refused(DatasetError, match=r"only images without labels; put .* train\.csv, beside it"):
        load_dataset(tmp_path / "test.csv")


def test_kaggles_fashion_tables_are_read_though_idx_files_lie_beside_them(tmp_path: Path) -> None:
    write_dataset(tmp_path, train=24, test=10)
    tables: dict[str, bytes | str] = {
        "fashion-mnist_train.csv": table(TRAIN, TRAIN_LABELS, names=KAGGLE_NAMES),
        "fashion-mnist_test.csv": table(TEST, TEST_LABELS, names=KAGGLE_NAMES),
    }
    loaded = load_dataset(write_files(tmp_path, tables) / "fashion-mnist_train.csv")
    assert (loaded.name, is_as(loaded, halves())) == ("fashion-mnist", True)
