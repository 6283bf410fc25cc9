"""Parquet files, which an independent library writes: pyarrow."""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.errors import DatasetError
from tests.engine.data.conftest import halves, is_as, picture, told, write_files, write_zip
from tests.refusals import refused

TRAIN, TRAIN_LABELS, TEST, TEST_LABELS = halves()
NAMES = ("train-00000-of-00002.parquet", "train-00001-of-00002.parquet")
TEST_NAME = "test-00000-of-00001.parquet"


def rows(images: Any, labels: Any) -> dict[str, list[Any]]:
    """Return columns as public hubs have them."""
    files = [{"bytes": picture(image), "path": f"{i}.png"} for i, image in enumerate(images)]
    return {"image": files, "label": labels.tolist()}


def written(columns: dict[str, list[Any]]) -> bytes:
    """Return a Parquet file."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def files() -> dict[str, bytes | str]:
    return {
        f"mnist/{NAMES[0]}": written(rows(TRAIN[:25], TRAIN_LABELS[:25])),
        f"mnist/{NAMES[1]}": written(rows(TRAIN[25:], TRAIN_LABELS[25:])),
        f"mnist/{TEST_NAME}": written(rows(TEST, TEST_LABELS)),
    }


def test_files_as_hubs_serve_them_are_one_set(tmp_path: Path) -> None:
    write_files(tmp_path / "digits", files())
    path = write_zip(tmp_path / "digits.zip", files())
    loaded = load_dataset(path)
    assert is_as(loaded, halves())
    assert loaded.name == "digits"
    one_of_them = tmp_path / "digits" / "mnist" / NAMES[0]
    assert load_dataset(one_of_them).fingerprint == loaded.fingerprint


def test_numbers_in_place_of_pictures_are_read(tmp_path: Path) -> None:
    train = {"image": TRAIN.reshape(40, 784).tolist(), "label": TRAIN_LABELS.tolist()}
    test = {"image": TEST.tolist(), "label": TEST_LABELS.tolist()}
    write_files(tmp_path, {NAMES[0]: written(train), TEST_NAME: written(test)})
    assert is_as(load_dataset(tmp_path), halves())


def pixel_columns(images: Any, labels: Any) -> dict[str, list[Any]]:
    """Return a column for each pixel, as OpenML has them, and one of texts for the labels."""
    pixels = images.reshape(len(images), 784).T.tolist()
    columns = {f"pixel{number}": column for number, column in enumerate(pixels, start=1)}
    return {"id": list(range(len(images))), **columns, "class": list(map(str, labels.tolist()))}


def test_a_column_for_each_pixel_is_read_as_in_a_table(tmp_path: Path) -> None:
    train, test = pixel_columns(TRAIN, TRAIN_LABELS), pixel_columns(TEST, TEST_LABELS)
    write_files(tmp_path, {"train.pq": written(train), "test.pq": written(test)})
    assert is_as(load_dataset(tmp_path / "train.pq"), halves())


@pytest.mark.parametrize("image", ["png", "jpg"])
def test_the_columns_of_web_datasets_are_known(tmp_path: Path, image: str) -> None:
    def columns(images: Any, labels: Any) -> bytes:
        files = [picture(each) for each in images]
        return written({"__key__": files, f"{image}": files, "cls": labels.tolist()})

    parts = {NAMES[0]: columns(TRAIN, TRAIN_LABELS), TEST_NAME: columns(TEST, TEST_LABELS)}
    write_files(tmp_path, parts)
    assert is_as(load_dataset(tmp_path), halves())


def test_test_images_without_labels_are_left_out(tmp_path: Path) -> None:
    unlabelled = written({"image": rows(TEST, TEST_LABELS)["image"]})
    write_files(tmp_path, files() | {f"mnist/{TEST_NAME}": unlabelled})
    loaded = load_dataset(tmp_path)
    assert f"{TEST_NAME} has no labels, and is left out" in told(loaded)
    assert len(loaded.test) == 5


def test_other_columns_are_named(tmp_path: Path) -> None:
    write_files(tmp_path, {"train.parquet": written({"text": ["a"], "score": [1.0]})})
    with refused(DatasetError, match="has no column of images, but the columns text, score"):
        load_dataset(tmp_path)


def damaged() -> dict[str, bytes]:
    good = written(rows(TRAIN, TRAIN_LABELS))
    cut_picture = rows(TRAIN, TRAIN_LABELS)
    cut_picture["image"][7]["bytes"] = cut_picture["image"][7]["bytes"][:-30]
    return {
        "cut": good[:-9],
        "empty": b"",
        "changed": good[:200] + b"\xff" * 90 + good[290:],
        "a damaged picture": written(cut_picture),
        "ragged numbers": written({"image": [[1, 2], [3]], "label": [1, 2]}),
    }


@pytest.mark.parametrize("case", ["cut", "empty", "changed", "a damaged picture", "ragged numbers"])
def test_a_damaged_file_is_named(tmp_path: Path, case: str) -> None:
    write_files(tmp_path, {"train.parquet": damaged()[case]})
    with refused(DatasetError, match=r"train\.parquet(: \d+)? (is damaged|has the shape 2,)"):
        load_dataset(tmp_path)


def test_without_pyarrow_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    write_files(tmp_path, {"train.parquet": b"PAR1"})
    with refused(DatasetError, match='need pyarrow, .* extra "parquet"'):
        load_dataset(tmp_path)


def test_images_of_another_size_are_resized_if_asked(tmp_path: Path) -> None:
    large = np.kron(TRAIN, np.ones((1, 2, 2), np.uint8))
    write_files(tmp_path, {"train.parquet": written(rows(large, TRAIN_LABELS))})
    with refused(DatasetError, match="are 56x56 pixels"):
        load_dataset(tmp_path)
    assert load_dataset(tmp_path, resizes=True).train.images.any()
