"""Data sets: the split, the names, and what is said of damaged ones."""

import contextlib
import gzip
import os
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.errors import DatasetError
from mnist_gui.engine.idx import LABELS, read_idx
from mnist_gui.words.errors import sentence
from tests.engine.conftest import IDX_NAMES, idx_bytes, peak_megabytes, write_dataset
from tests.refusals import refused

TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = IDX_NAMES


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return load_dataset()


def test_mnist_is_split_as_in_the_tutorial(mnist: Dataset) -> None:
    assert mnist.name == "MNIST"
    assert [len(part) for part in (mnist.train, mnist.validation, mnist.test)] == [
        55_000,
        5_000,
        10_000,
    ]
    assert mnist.train.images.shape == (55_000, 28, 28)
    assert mnist.train.images.dtype == mnist.train.labels.dtype == np.uint8


def test_mnist_has_its_published_statistics(mnist: Dataset) -> None:
    images = np.concatenate([mnist.validation.images, mnist.train.images])
    labels = np.concatenate([mnist.validation.labels, mnist.train.labels])
    per_class = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(labels).tolist() == per_class
    assert images.mean() / 255 == pytest.approx(0.13066, abs=1e-5)
    assert images.std() / 255 == pytest.approx(0.30811, abs=1e-5)


def test_images_cannot_be_changed_by_accident(mnist: Dataset) -> None:
    with pytest.raises(ValueError, match="read-only"):
        mnist.test.images[0, 0, 0] = 1


def test_validation_is_the_head_of_the_training_file_and_test_the_other_file(
    data_folder: Path,
) -> None:
    arrays = write_dataset(data_folder)
    loaded = load_dataset(data_folder)
    assert loaded.name == "digits"
    np.testing.assert_array_equal(loaded.validation.images, arrays[0][:2])
    np.testing.assert_array_equal(loaded.train.images, arrays[0][2:])
    np.testing.assert_array_equal(loaded.train.labels, arrays[1][2:])
    np.testing.assert_array_equal(loaded.test.images, arrays[2])
    np.testing.assert_array_equal(loaded.test.labels, arrays[3])


def test_two_training_images_are_enough(data_folder: Path) -> None:
    write_dataset(data_folder, train=2)
    loaded = load_dataset(data_folder)
    assert (len(loaded.train), len(loaded.validation)) == (1, 1)


def test_one_training_image_is_not(data_folder: Path) -> None:
    write_dataset(data_folder, train=1)
    with refused(DatasetError, match="holds one image"):
        load_dataset(data_folder)


@pytest.mark.parametrize(
    "names",
    [
        tuple(f"{name}.gz" for name in IDX_NAMES),
        tuple(name.replace("-idx", ".idx") for name in IDX_NAMES),
        tuple(name.replace("t10k", "test") for name in IDX_NAMES),
        tuple(name.upper() for name in IDX_NAMES),
        (f"{TRAIN_IMAGES}.gz", TRAIN_LABELS, TEST_IMAGES, f"{TEST_LABELS}.gz"),
    ],
)
def test_other_spellings_of_the_names_are_read(tmp_path: Path, names: tuple[str, ...]) -> None:
    arrays = write_dataset(tmp_path, names=names)
    np.testing.assert_array_equal(load_dataset(tmp_path).test.images, arrays[2])


def test_emnist_is_turned_upright(tmp_path: Path) -> None:
    names = tuple(f"emnist-digits-{name.replace('t10k', 'test')}.gz" for name in IDX_NAMES)
    for folder, named in (("a", names), ("b", tuple(name.upper()[:-3] for name in names))):
        images = write_dataset(tmp_path / folder, names=named)[2]
        loaded = load_dataset(tmp_path / folder)
        np.testing.assert_array_equal(loaded.test.images, images.transpose(0, 2, 1))


def test_the_fingerprint_tells_sets_apart(tmp_path: Path, mnist: Dataset) -> None:
    write_dataset(tmp_path / "a")
    write_dataset(tmp_path / "b", names=tuple(f"{name}.gz" for name in IDX_NAMES))
    write_dataset(tmp_path / "c", test=11)
    a, b, c = (load_dataset(tmp_path / name).fingerprint for name in "abc")
    assert a == b
    assert len({a, c, mnist.fingerprint}) == 3


def test_altered_shipped_files_are_noticed(data_folder: Path) -> None:
    with refused(DatasetError, match=r"not the published ones: .*install the program again"):
        load_dataset(shipped=data_folder)


def test_idx_files_are_hashed_decompressed(data_folder: Path) -> None:
    content = (data_folder / TRAIN_LABELS).read_bytes()
    zipped = data_folder / "labels.gz"
    zipped.write_bytes(gzip.compress(content))
    with zipped.open("rb") as file:
        assert (
            read_idx(file, "labels.gz", len(content), LABELS).sha256 == sha256(content).hexdigest()
        )


def _with_declared(content: bytes, index: int, size: int) -> bytes:
    at = 4 + 4 * index
    return content[:at] + size.to_bytes(4, "big") + content[at + 4 :]


def _images() -> bytes:
    return idx_bytes(np.ones((24, 28, 28), np.uint8))


DAMAGE = {
    "truncated": (TRAIN_IMAGES, _images()[:-1], "truncated"),
    "empty file": (TRAIN_IMAGES, b"", "ends within its header"),
    "short header": (TRAIN_IMAGES, _images()[:9], "ends within its header"),
    "too long": (TRAIN_IMAGES, _images() + b"\0", "goes on after the 24 items"),
    "truncated gzip": (TRAIN_IMAGES, gzip.compress(_images())[:-20], "ends too early"),
    "gzip magic only": (TRAIN_IMAGES, b"\x1f\x8b", "ends too early"),
    "corrupt gzip": (TRAIN_IMAGES, gzip.compress(_images())[:12] + b"\xff" * 99, "corrupt"),
    "wrong checksum": (TRAIN_IMAGES, gzip.compress(_images())[:-8] + bytes(8), "corrupt"),
    "wrong magic": (TRAIN_IMAGES, b"PK\3\4" + _images()[4:], "50 4b 03 04 instead of 00 00 08 03"),
    "floats": (TRAIN_IMAGES, b"\0\0\x0d\3" + _images()[4:], "instead of 00 00 08 03"),
    "labels for images": (TRAIN_IMAGES, idx_bytes(np.ones(24, np.uint8)), "00 00 08 01 instead"),
    "wrong size": (TRAIN_IMAGES, idx_bytes(np.ones((24, 32, 30), np.uint8)), "32x30 pixels"),
    "no images": (TRAIN_IMAGES, idx_bytes(np.ones((0, 28, 28), np.uint8)), "empty"),
    "fewer images": (TRAIN_IMAGES, idx_bytes(np.ones((23, 28, 28), np.uint8)), "24 labels"),
    "gigabytes": (TRAIN_IMAGES, _with_declared(_images(), 0, 900_000), "too short for the 900000"),
    "more than allowed": (TRAIN_IMAGES, _with_declared(_images(), 0, 2**32 - 1), "4294967295"),
    "test labels": (TEST_LABELS, idx_bytes(np.ones(9, np.uint8)), "9 labels"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_file_is_named_with_its_damage(data_folder: Path, case: str) -> None:
    name, content, problem = DAMAGE[case]
    (data_folder / name).write_bytes(content)
    with pytest.raises(DatasetError) as caught:
        load_dataset(data_folder)
    message = sentence(caught.value)
    assert problem in message
    assert str(data_folder / name) in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with refused(DatasetError, match=r"nowhere cannot be read: there is no such"):
        load_dataset(tmp_path / "nowhere")


def test_one_file_of_a_set_opens_the_set(data_folder: Path) -> None:
    whole = load_dataset(data_folder)
    loaded = load_dataset(data_folder / TEST_LABELS)
    assert (loaded.fingerprint, loaded.name) == (whole.fingerprint, "digits")


def test_missing_files_are_listed_and_all_four_named(data_folder: Path) -> None:
    (data_folder / TEST_LABELS).unlink()
    with refused(DatasetError, match=f"lacks {TEST_LABELS}; ") as caught:
        load_dataset(data_folder)
    assert all(name in sentence(caught.value) for name in IDX_NAMES)


def test_an_empty_folder_says_what_can_be_opened(tmp_path: Path) -> None:
    with refused(DatasetError, match=r"no data set in .*IDX.*\.npz.*\.csv.*\.zip"):
        load_dataset(tmp_path)


def test_two_sets_in_one_folder_are_not_mixed(data_folder: Path) -> None:
    write_dataset(data_folder, names=tuple(f"emnist-digits-{name}" for name in IDX_NAMES))
    with refused(DatasetError, match="several data sets"):
        load_dataset(data_folder)


def test_halves_of_two_sets_are_not_mixed(tmp_path: Path) -> None:
    names = (TRAIN_IMAGES, TRAIN_LABELS, f"emnist-{TEST_IMAGES}", f"emnist-{TEST_LABELS}")
    write_dataset(tmp_path, names=names)
    with refused(DatasetError, match="several data sets"):
        load_dataset(tmp_path)


def test_an_unreadable_file_is_named(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with refused(DatasetError, match=f"{TRAIN_LABELS} cannot be read: permission is denied"):
        load_dataset(data_folder)


@pytest.mark.parametrize("is_inside", [False, True])
def test_a_folder_with_the_name_of_a_file_does_no_harm(data_folder: Path, is_inside: bool) -> None:
    whole = load_dataset(data_folder)
    beside = data_folder / TRAIN_LABELS.replace("-idx1", ".idx1")
    (data_folder / TRAIN_LABELS).rename(beside)
    (data_folder / TRAIN_LABELS).mkdir()
    if is_inside:
        beside.rename(data_folder / TRAIN_LABELS / TRAIN_LABELS)
    assert load_dataset(data_folder).fingerprint == whole.fingerprint


def test_a_gzip_bomb_eats_no_memory(data_folder: Path) -> None:
    bomb = gzip.compress(_images() + bytes(100 << 20), 1)
    (data_folder / TRAIN_IMAGES).write_bytes(bomb)

    def load() -> None:
        with refused(DatasetError, match="goes on after"):
            load_dataset(data_folder)

    assert peak_megabytes(load) < 4


def test_more_images_than_a_data_set_has_are_refused(data_folder: Path) -> None:
    content = gzip.compress(_with_declared(_images(), 0, 1_000_001))
    (data_folder / TRAIN_IMAGES).write_bytes(content)
    with refused(DatasetError, match="1000001 items, more than the 1000000 read here"):
        load_dataset(data_folder)


def test_declared_gigabytes_are_not_allocated(data_folder: Path) -> None:
    content = gzip.compress(_with_declared(_images(), 0, 999_999))
    (data_folder / TRAIN_IMAGES).write_bytes(content)

    def load() -> None:
        with refused(DatasetError, match="truncated"):
            load_dataset(data_folder)

    assert peak_megabytes(load) < 4


@settings(max_examples=150, deadline=None)
@given(
    zipped=st.booleans(),
    changes=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 255)), max_size=4),
    end=st.none() | st.integers(0, 60),
)
def test_mutated_files_raise_nothing_but_dataset_errors(
    tmp_path_factory: pytest.TempPathFactory,
    zipped: bool,
    changes: list[tuple[int, int]],
    end: int | None,
) -> None:
    plain = idx_bytes(np.arange(40, dtype=np.uint8))
    content = bytearray(gzip.compress(plain) if zipped else plain)
    for at, value in changes:
        content[at % len(content)] = value
    path = tmp_path_factory.getbasetemp() / "mutated-idx"
    path.write_bytes(content[:end])
    with contextlib.suppress(DatasetError), path.open("rb") as file:
        assert read_idx(file, "mutated", path.stat().st_size, LABELS).array.shape == (40,)


def test_an_unreadable_folder_is_named(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with refused(DatasetError, match="digits cannot be read: permission is denied"):
        load_dataset(data_folder)


def test_of_a_file_and_its_gzipped_copy_the_plain_one_is_read(data_folder: Path) -> None:
    (data_folder / f"{TRAIN_IMAGES}.gz").write_bytes(b"\x1f\x8bbroken")
    assert len(load_dataset(data_folder).train) == 22


def test_training_files_alone_are_enough_and_test_images_are_drawn(data_folder: Path) -> None:
    for name in (TEST_IMAGES, TEST_LABELS):
        (data_folder / name).unlink()
    loaded = load_dataset(data_folder)
    assert [len(s) for s in (loaded.train, loaded.validation, loaded.test)] == [20, 1, 3]
    assert [note.problem for note in loaded.notes] == ["data-test-drawn"]
    assert load_dataset(data_folder / TRAIN_LABELS).fingerprint == loaded.fingerprint


def test_test_files_alone_teach_nothing(data_folder: Path) -> None:
    for name in (TRAIN_IMAGES, TRAIN_LABELS):
        (data_folder / name).unlink()
    with refused(DatasetError, match="no labelled training images"):
        load_dataset(data_folder)


def test_of_a_pair_only_its_missing_half_is_named(data_folder: Path) -> None:
    for name in (TRAIN_LABELS, TEST_IMAGES, TEST_LABELS):
        (data_folder / name).unlink()
    with refused(DatasetError, match=f"lacks {TRAIN_LABELS}; "):
        load_dataset(data_folder)


@pytest.mark.parametrize("opened", [TRAIN_IMAGES, f"{TEST_LABELS}/{TEST_LABELS}"])
def test_one_of_the_folders_that_kaggle_packs_opens_the_set(data_folder: Path, opened: str) -> None:
    whole = load_dataset(data_folder)
    for name in IDX_NAMES:
        (data_folder / name).rename(data_folder / "file")
        (data_folder / name).mkdir()
        (data_folder / "file").rename(data_folder / name / name)
    write_dataset(data_folder, names=tuple(f"emnist-digits-{name}" for name in IDX_NAMES))
    loaded = load_dataset(data_folder / opened)
    assert (loaded.fingerprint, loaded.name) == (whole.fingerprint, "digits")
