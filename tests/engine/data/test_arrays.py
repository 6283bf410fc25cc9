"""NumPy's .npz files."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.lib import format as npy

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.errors import DatasetError
from tests.engine.conftest import peak_megabytes, write_dataset
from tests.engine.data.conftest import halves, is_as, npz, told, write_files, write_zip
from tests.refusals import refused


def keras(**changes: Any) -> dict[str, Any]:
    names = ("x_train", "y_train", "x_test", "y_test")
    return dict(zip(names, halves(), strict=True)) | changes


def test_keras_file_is_the_same_data_set_as_the_idx_files(tmp_path: Path) -> None:
    path = tmp_path / "mnist.npz"
    np.savez(path, **keras())
    loaded = load_dataset(path)
    write_dataset(tmp_path / "idx", train=40, test=12)
    assert loaded.fingerprint == load_dataset(tmp_path / "idx").fingerprint
    assert is_as(loaded, halves())
    assert loaded.name == "mnist"
    assert not loaded.notes


def test_kmnists_four_files_are_one_set_whichever_is_opened(tmp_path: Path) -> None:
    kinds = ("train-imgs", "train-labels", "test-imgs", "test-labels")
    files = {f"kmnist-{k}.npz": npz(arr_0=a) for k, a in zip(kinds, halves(), strict=True)}
    write_files(tmp_path, files | {"k49-train-imgs.npz": npz(arr_0=halves()[0])})
    for name in files:
        loaded = load_dataset(tmp_path / name)
        assert is_as(loaded, halves())
        assert loaded.name == "kmnist"


def test_files_of_arrays_are_read_in_a_zip_file_too(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"digits/mnist.npz": npz(**keras())})
    assert is_as(load_dataset(path), halves())


@pytest.mark.parametrize("names", [("x", "y"), ("images", "labels"), ("arr_0", "arr_1")])
def test_images_and_labels_without_a_word_for_their_part_are_split(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    write_files(tmp_path, {"data.npz": npz(**dict(zip(names, halves()[:2], strict=True)))})
    loaded = load_dataset(tmp_path / "data.npz")
    assert [len(s) for s in (loaded.train, loaded.validation, loaded.test)] == [33, 2, 5]


@pytest.mark.parametrize(
    "change",
    [
        {"x_train": halves()[0].reshape(40, 784)},
        {"x_train": halves()[0][..., np.newaxis]},
        {"x_train": halves()[0][:, np.newaxis].astype(np.int64)},
        {"x_train": (halves()[0] / 255).astype(np.float32)},
        {"x_train": halves()[0].astype(np.float64)},
        {"y_train": halves()[1][:, np.newaxis].astype(np.float32)},
        {"y_train": np.eye(10)[halves()[1]]},
        {"y_train": np.array(list("0123456789"))[halves()[1]]},
    ],
)
def test_other_shapes_and_types_of_the_same_numbers_are_the_same_set(
    tmp_path: Path, change: dict[str, object]
) -> None:
    write_files(tmp_path, {"a.npz": npz(**keras(**change))})
    assert is_as(load_dataset(tmp_path / "a.npz"), halves())


def test_validation_images_of_its_own_stay_what_they_are(tmp_path: Path) -> None:
    more = {"val_images": halves()[2][:5], "val_labels": halves()[3][:5]}
    write_files(tmp_path, {"a.npz": npz(**keras(**more)), "b.npz": npz(**keras())})
    loaded = load_dataset(tmp_path / "a.npz")
    np.testing.assert_array_equal(loaded.validation.images, halves()[2][:5])
    np.testing.assert_array_equal(loaded.train.images, halves()[0])
    assert loaded.fingerprint != load_dataset(tmp_path / "b.npz").fingerprint


def test_without_test_images_some_are_drawn_and_that_is_said(tmp_path: Path) -> None:
    images, labels, *_ = halves(70)
    write_files(tmp_path, {"a.npz": npz(images=images, labels=labels)})
    loaded = load_dataset(tmp_path / "a.npz")
    assert (len(loaded.train), len(loaded.validation), len(loaded.test)) == (55, 5, 10)
    assert np.bincount(loaded.test.labels).tolist() == [1] * 10
    assert "no test images of its own; 10 of its images" in told(loaded)


OBJECTS = np.array([{"a": 1}] * 40, object)
DAMAGE = {
    "objects": (npz(**keras(x_train=OBJECTS)), "type object, which is not read here"),
    "texts for images": (npz(**keras(x_train=np.array(["a"] * 40))), "has the type <U1"),
    "fewer labels": (npz(**keras(y_train=halves()[1][:9])), "40 images but .* 9 labels"),
    "a shape of five": (npz(**keras(x_train=np.zeros((4, 1, 1, 28, 28)))), "shape 4x1x1x28x28"),
    "no square": (npz(**keras(x_train=np.zeros((40, 785), np.uint8))), "has the shape 785"),
    "larger": (npz(**keras(x_train=np.zeros((40, 32, 32), np.uint8))), "are 32x32 pixels .*resize"),
    "coloured": (npz(**keras(x_train=np.zeros((40, 28, 28, 3), np.uint8))), "are 28x28x3 pixels"),
    "no images": (npz(**keras(x_train=np.zeros((0, 28, 28), np.uint8))), "shape 0x28x28"),
    "too bright": (npz(**keras(x_train=np.full((40, 28, 28), 256))), "not a number from 0 to 255"),
    "negative": (npz(**keras(x_train=np.full((40, 28, 28), -0.5))), "not a number from 0 to 255"),
    "not a number": (npz(**keras(x_train=np.full((40, 28, 28), np.nan))), "not a number from 0"),
    "half a label": (npz(**keras(y_train=np.full(40, 0.5))), "not one whole number"),
    "two hot": (npz(**keras(y_train=np.ones((40, 10)))), "not one whole number"),
    "column by column": (npz(**keras(x_train=np.asfortranarray(halves()[0]))), "ascontiguousarray"),
    "no zip file": (b"PK\3\4" + bytes(200), "is damaged"),
    "empty": (b"", "is damaged"),
    "cut": (npz(**keras())[:-30], "is damaged"),
    "no arrays": (npz(), "no labelled training images"),
    "images only": (npz(x_train=halves()[0]), "no labelled training images"),
    "two of each": (npz(**keras(train_images=halves()[0])), "holds several data sets"),
    "26 letters": (npz(**keras(y_train=np.arange(40) % 26 + 1)), "27 different labels .0, 1, 2"),
    "numbers": (npz(**keras(y_train=np.arange(40) * 1e9)), "49 different labels"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_what_is_wrong_with_a_file_is_said_in_a_sentence(tmp_path: Path, case: str) -> None:
    content, words = DAMAGE[case]
    write_files(tmp_path, {"a.npz": content})
    with refused(DatasetError, match=rf"{tmp_path}.*{words}|{words}.*{tmp_path}"):
        load_dataset(tmp_path / "a.npz")


def test_a_bit_that_fell_over_is_noticed(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", **keras())
    content = bytearray((tmp_path / "a.npz").read_bytes())
    content[5_000] ^= 1
    (tmp_path / "a.npz").write_bytes(content)
    with refused(DatasetError, match="x_train is damaged.*CRC"):
        load_dataset(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("count", "words"), [(900_000, "900000 images but"), (1_000_001, "more than 1,000,000 images")]
)
def test_a_header_that_lies_takes_no_memory(tmp_path: Path, count: int, words: str) -> None:
    header = BytesIO()
    declared = {"descr": "|u1", "fortran_order": False, "shape": (count, 28, 28)}
    npy.write_array_header_1_0(header, declared)
    write_files(tmp_path, {"good.npz": npz(**keras())})
    with zipfile.ZipFile(tmp_path / "good.npz") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    path = write_zip(tmp_path / "a.npz", files | {"x_train.npy": header.getvalue() + bytes(99)})

    def load() -> None:
        with refused(DatasetError, match=words):
            load_dataset(path)

    assert peak_megabytes(load) < 20
