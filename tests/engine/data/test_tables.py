"""CSV files."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.errors import DatasetError
from tests.engine.data.conftest import (
    KAGGLE_NAMES,
    as_set,
    halves,
    is_as,
    sorted_halves,
    table,
    told,
    training,
    write_files,
    write_zip,
)
from tests.refusals import refused

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TRAIN, TRAIN_LABELS, TEST, TEST_LABELS = halves()
TRAIN_TABLE = table(TRAIN, TRAIN_LABELS)
FILES: dict[str, bytes | str] = {
    "mnist_train.csv": TRAIN_TABLE,
    "mnist_test.csv": table(TEST, TEST_LABELS),
}


def test_tables_without_names_are_one_set_whichever_is_opened(tmp_path: Path) -> None:
    write_files(tmp_path / "digits", FILES | {"notes.csv": "a,b\n1,2\n"})
    for path in (tmp_path / "digits" / name for name in ("mnist_train.csv", "mnist_test.csv", "")):
        loaded = load_dataset(path)
        assert is_as(loaded, halves())
        assert not loaded.notes
    assert load_dataset(tmp_path / "digits").name == "digits"
    assert load_dataset(tmp_path / "digits" / "mnist_test.csv").name == "mnist"


def test_kaggles_test_images_have_no_labels_so_that_others_are_drawn(tmp_path: Path) -> None:
    names = KAGGLE_NAMES
    files = {
        "train.csv": table(*halves(70)[:2], names=names),
        "test.csv": table(TEST, names=names.partition(",")[2]),
        "sample_submission.csv": "ImageId,Label\n1,0\n",
    }
    path = write_zip(tmp_path / "digit-recognizer.zip", files)
    for loaded in (
        load_dataset(path),
        load_dataset(write_files(tmp_path / "folder", files)),
        load_dataset(tmp_path / "folder" / "train.csv"),
    ):
        assert [len(s) for s in (loaded.train, loaded.validation, loaded.test)] == [55, 5, 10]
        assert "test.csv has no labels, and is left out" in told(loaded)
        assert "10 of its images, drawn at random" in told(loaded)


@pytest.mark.parametrize(
    "content",
    [
        table(TRAIN, TRAIN_LABELS, names=KAGGLE_NAMES),
        TRAIN_TABLE.replace("\n", "\r\n"),
        TRAIN_TABLE.rstrip("\n"),
        f"\ufeff{TRAIN_TABLE}\n\n",
        table(TRAIN, TRAIN_LABELS, separator=";"),
        table(TRAIN, TRAIN_LABELS, separator="\t"),
        table(TRAIN, TRAIN_LABELS.astype(float)),
        table(TRAIN / 255, TRAIN_LABELS),  # type: ignore[arg-type]
        table(TRAIN, [f'"{label}"' for label in TRAIN_LABELS]),
        table(
            TRAIN,
            [WORDS[i] for i in TRAIN_LABELS],
        ),
        gzip.compress(TRAIN_TABLE.encode()),
    ],
)
def test_other_ways_to_write_a_table_are_the_same_set(tmp_path: Path, content: str | bytes) -> None:
    write_files(tmp_path, FILES | {"mnist_train.csv": content})
    assert is_as(load_dataset(tmp_path), halves())


def test_columns_are_found_by_their_names(tmp_path: Path) -> None:
    pixels = [",".join(map(str, row)) for row in TRAIN.reshape(40, 784).tolist()]
    rows = [f"{i},{p},{y}" for i, (p, y) in enumerate(zip(pixels, TRAIN_LABELS, strict=True))]
    names = ",".join(["id", *(f"pixel{n}" for n in range(1, 785)), "class"])
    write_files(tmp_path, FILES | {"mnist_train.csv": "\n".join([names, *rows])})
    assert is_as(load_dataset(tmp_path), halves())


@pytest.mark.parametrize("is_ordered", [True, False])
def test_without_names_the_label_may_be_the_last_value(tmp_path: Path, is_ordered: bool) -> None:
    images, labels = sorted_halves() if is_ordered else halves(60)[:2]
    # The corners are empty, as in MNIST.
    inner = images * np.pad(np.ones((26, 26), np.uint8), 1)
    first = table(inner, labels)
    last = "".join(f"{line.split(',', 1)[1]},{line[0]}\n" for line in first.splitlines())
    write_files(tmp_path, {"first.csv": first, "last.csv": last})
    found = [load_dataset(tmp_path / name).fingerprint for name in ("first.csv", "last.csv")]
    assert found[0] == found[1]


def test_emnist_is_turned_upright_and_that_is_said(tmp_path: Path) -> None:
    turned = table(TRAIN.transpose(0, 2, 1), TRAIN_LABELS)
    test = table(TEST.transpose(0, 2, 1), TEST_LABELS)
    write_files(tmp_path, {"emnist-digits-train.csv": turned, "emnist-digits-test.csv": test})
    loaded = load_dataset(tmp_path / "emnist-digits-train.csv")
    assert is_as(loaded, halves())
    assert "turned upright" in told(loaded)


def test_sorted_images_are_mixed_so_that_validation_has_every_label(tmp_path: Path) -> None:
    images, labels = sorted_halves()
    write_files(
        tmp_path, {"a_train.csv": table(images, labels), "a_test.csv": FILES["mnist_test.csv"]}
    )
    loaded = load_dataset(tmp_path)
    assert len(set(loaded.validation.labels.tolist())) == len(loaded.validation) == 5
    assert as_set(*training(loaded)) == as_set(images, labels)
    assert "sorted by their labels" in told(loaded)
    assert load_dataset(tmp_path).fingerprint == loaded.fingerprint


@pytest.mark.parametrize("is_ordered", [True, False])
def test_of_a_sorted_table_without_test_images_both_are_said(
    tmp_path: Path, is_ordered: bool
) -> None:
    images, labels = sorted_halves() if is_ordered else halves(60)[:2]
    write_files(tmp_path, {"a.csv": table(images, labels)})
    words = told(load_dataset(tmp_path))
    assert ("sorted by their labels" in words, "drawn at random" in words) == (is_ordered, True)


def in_line(number: int, change: str) -> str:
    """Return the table with the first field of a line changed, counted from 1."""
    lines = TRAIN_TABLE.splitlines()
    _, _, rest = lines[number - 1].partition(",")
    lines[number - 1] = f"{change},{rest}"
    return "\n".join(lines)


def with_pixel(text: str) -> str:
    """Return the table with another first pixel in line 7."""
    lines = TRAIN_TABLE.splitlines()
    label, _, *rest = lines[6].split(",")
    lines[6] = ",".join([label, text, *rest])
    return "\n".join(lines)


DAMAGE: dict[str, tuple[bytes | str, str]] = {
    "one too few": (
        TRAIN_TABLE.replace(TRAIN_TABLE.splitlines()[11], in_line(12, "").splitlines()[11][1:]),
        "Line 12 of .* has 784 values instead of 785",
    ),
    "one too many": (in_line(3, "1,2"), "Line 3 of .* has 786 values"),
    "cut": (TRAIN_TABLE[:-900], "Line 40 of .* instead of 785"),
    "a word": (with_pixel("x"), "A pixel in line 7 of"),
    "too bright": (with_pixel("256"), "A pixel in line 7 of"),
    "negative": (with_pixel("-1"), "A pixel in line 7 of"),
    "infinite": (with_pixel("1e999"), "A pixel in line 7 of"),
    "other size": (table(np.zeros((9, 32, 32), np.uint8), range(9)), "are 32x32 pixels"),
    "few columns": ("1,2,3\n4,5,6\n", "have 3 values; each must have the label"),
    "names only": (KAGGLE_NAMES, "no images"),
    "nothing": ("", "The lines of .* have 1 values"),
    "no text": (bytes(range(256)) * 40, "not a table"),
    "one long line": ("1," * 400_000, "not a table"),
    "damaged gzip": (gzip.compress(TRAIN_TABLE.encode())[:-90], "is damaged"),
    "too many classes": (table(TRAIN, range(40)), "40 different labels"),
    "no labels": (table(TRAIN), "no labelled training images"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_what_is_wrong_with_a_table_is_said_with_its_line(tmp_path: Path, case: str) -> None:
    content, words = DAMAGE[case]
    write_files(tmp_path, {"a.csv": content})
    with refused(DatasetError, match=words) as caught:
        load_dataset(tmp_path / "a.csv")
    assert str(tmp_path / "a.csv") in str(caught.value)


def test_the_line_is_right_far_down_in_a_large_table(tmp_path: Path) -> None:
    row = f"{','.join(['7'] * 785)}\n"
    short = row.replace("7,", "", 2)
    path = tmp_path / "mnist_train.csv"
    path.write_text(KAGGLE_NAMES + "\n" + row * 5_010 + short + row * 99)
    with refused(DatasetError, match="Line 5,012 of .* has 783 values instead of 785"):
        load_dataset(path)
