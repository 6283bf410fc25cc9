"""Pictures in folders named after their labels, and archives of them."""

import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.errors import DatasetError
from tests.engine.data.conftest import (
    as_set,
    halves,
    picture,
    pictures_by_label,
    table,
    told,
    training,
    write_files,
    write_tar,
    write_zip,
)
from tests.refusals import refused

TRAIN, TRAIN_LABELS, TEST, TEST_LABELS = halves(60)
Write = Callable[[Path, Mapping[str, bytes]], Path]


def in_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    return write_files(path / "mnist_png", files)


def in_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    return write_zip(path / "mnist_png.zip", files)


def in_tar(path: Path, files: Mapping[str, bytes]) -> Path:
    return write_tar(path / "mnist_png.tar.gz", files)


def in_plain_tar(path: Path, files: Mapping[str, bytes]) -> Path:
    return write_tar(path / "mnist_png.tar", files, "w")


WRITERS = (in_folder, in_zip, in_tar, in_plain_tar)
JUNK = {"__MACOSX/training/0/._1.png": b"x", ".DS_Store": b"x", "training/0/.x.png": b"x"}


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    "folders",
    [
        ("training/", "testing/"),
        ("./a/train/", "./a/test/"),
        ("M - JPG - training/", "M - testing/"),
    ],
)
def test_pictures_by_part_and_label_are_read_wherever_they_are(
    tmp_path: Path, write: Write, folders: tuple[str, str]
) -> None:
    files = JUNK | pictures_by_label(TRAIN, TRAIN_LABELS, folders[0])
    path = write(tmp_path, files | pictures_by_label(TEST, TEST_LABELS, folders[1]))
    loaded = load_dataset(path)
    assert loaded.name == "mnist_png"
    assert as_set(*training(loaded)) == as_set(TRAIN, TRAIN_LABELS)
    assert as_set(loaded.test.images, loaded.test.labels) == as_set(TEST, TEST_LABELS)
    assert len(set(loaded.validation.labels.tolist())) == 5
    assert load_dataset(path).fingerprint == loaded.fingerprint


@pytest.mark.parametrize("write", WRITERS)
def test_pictures_by_label_only_are_split(tmp_path: Path, write: Write) -> None:
    loaded = load_dataset(write(tmp_path, pictures_by_label(TRAIN, TRAIN_LABELS)))
    assert [len(s) for s in (loaded.train, loaded.validation, loaded.test)] == [48, 4, 8]
    found = as_set(*training(loaded)) | as_set(loaded.test.images, loaded.test.labels)
    assert found == as_set(TRAIN, TRAIN_LABELS)
    assert "8 of its images, drawn at random with an equal share of each label" in told(loaded)
    assert told(loaded).count("sorted by their labels") == (write is in_folder)


def test_pictures_without_a_label_are_left_out_and_counted(tmp_path: Path) -> None:
    files = pictures_by_label(TRAIN, TRAIN_LABELS, "trainingSet/")
    files |= {f"testSet/img_{i}.png": picture(image) for i, image in enumerate(TEST)}
    loaded = load_dataset(in_folder(tmp_path, files))
    assert len(loaded.test) == 8
    assert "left out: 12, such as" in told(loaded)


def test_letters_are_numbered_and_that_is_said(tmp_path: Path) -> None:
    files = {
        f"{letter}/{i}.png": picture(TRAIN[10 * i + n])
        for n, letter in enumerate("JIHGFEDCBA")
        for i in range(3)
    }
    loaded = load_dataset(in_folder(tmp_path, files))
    assert "0 = A, 1 = B, 2 = C" in told(loaded)
    (place,) = (
        np.flatnonzero((training(loaded)[0] == TRAIN[9]).all(axis=(1, 2)))
        if ((training(loaded)[0] == TRAIN[9]).all(axis=(1, 2)).any())
        else (None,)
    )
    assert place is None or training(loaded)[1][place] == 0


def test_ten_is_zero_where_labels_are_one_to_ten(tmp_path: Path) -> None:
    files = {
        f"{n}/{i}.png": picture(TRAIN[10 * i + n % 10]) for n in range(1, 11) for i in range(3)
    }
    loaded = load_dataset(in_folder(tmp_path, files))
    assert "ten is taken for the digit 0" in told(loaded)
    assert set(training(loaded)[1].tolist()) == set(range(10))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "LA"])
def test_a_grey_picture_is_grey_however_it_is_stored(tmp_path: Path, mode: str) -> None:
    files = pictures_by_label(TRAIN, TRAIN_LABELS) | {"3/x.png": picture(TEST[0], mode=mode)}
    loaded = load_dataset(in_folder(tmp_path, files))
    found = as_set(*training(loaded)) | as_set(loaded.test.images, loaded.test.labels)
    assert (TEST[0].tobytes(), 3) in found


def test_one_bit_and_sixteen_bits_a_pixel_are_read(tmp_path: Path) -> None:
    ink = (TEST[0] > 127).astype(np.uint8) * 255
    deep = io.BytesIO()
    Image.fromarray(TEST[1].astype(np.uint16) * 257).save(deep, "PNG")
    files = {"3/1.png": picture(ink, mode="1"), "4/2.png": deep.getvalue()}
    loaded = load_dataset(in_folder(tmp_path, pictures_by_label(TRAIN, TRAIN_LABELS) | files))
    found = as_set(*training(loaded)) | as_set(loaded.test.images, loaded.test.labels)
    assert {(ink.tobytes(), 3), (TEST[1].tobytes(), 4)} <= found


def large(digit: int, *, ink: int = 30, paper: int = 220) -> NDArray[np.uint8]:
    """Return a bar of ink, 90x30 pixels, on paper of 200x120, coloured."""
    greys = np.full((200, 120), paper, np.uint8)
    greys[50:140, 40 + digit : 70 + digit] = ink
    return np.stack([greys, greys, greys // 2], axis=-1)


def test_larger_and_coloured_pictures_are_refused_unless_they_are_to_be_resized(
    tmp_path: Path,
) -> None:
    files = {f"{n}/{i}.png": picture(large(n)) for n in range(3) for i in range(3)}
    path = in_folder(tmp_path, files)
    with refused(DatasetError, match="are 120x200 pixels instead of grey ones of 28x28.*--resize"):
        load_dataset(path)
    loaded = load_dataset(path, resizes=True)
    image = loaded.train.images[0]
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    assert (len(rows), len(columns)) == (20, 7)
    assert image.max() == 255
    assert (rows[0], columns[0]) == (4, 11)


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0), (200, 90)])
def test_resizing_makes_ink_light_on_dark_whatever_it_was(
    tmp_path: Path, ink: int, paper: int
) -> None:
    made = large(0, ink=ink, paper=paper)[..., 0]
    files = {f"{n}/{i}.png": picture(made) for n in range(2) for i in range(3)}
    loaded = load_dataset(in_folder(tmp_path, files), resizes=True)
    assert loaded.train.images[0][14, 14] == 255
    assert loaded.train.images[0][0, 0] == 0


def test_images_of_28x28_are_not_touched_by_resizing(tmp_path: Path) -> None:
    path = in_folder(tmp_path, pictures_by_label(TRAIN, TRAIN_LABELS))
    assert load_dataset(path).fingerprint == load_dataset(path, resizes=True).fingerprint


def png_of(width: int, height: int) -> bytes:
    """Return a PNG file that declares a size and has nothing of it."""
    content = picture(TRAIN[0])
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + content[24:29]
    return content[:12] + header + zlib.crc32(header).to_bytes(4, "big") + content[33:]


DAMAGE = {
    "cut": (picture(TRAIN[0])[:-40], "7/x.png is damaged"),
    "empty": (b"", "7/x.png is damaged"),
    "no picture": (b"x" * 99, "7/x.png is damaged"),
    "larger": (picture(np.zeros((30, 28), np.uint8)), "7/x.png are 28x30 pixels"),
    "coloured": (picture(large(0)[60:88, 30:58]), "7/x.png are 28x28x3 pixels"),
    "huge": (png_of(60_000, 60_000), "7/x.png is longer than 4,096 pixels"),
    "JPEG of many scans": (picture(TRAIN[0], "JPEG") + b"\xff\xda" * 200, "7/x.png is damaged"),
    "too many bytes": (picture(TRAIN[0]) + bytes(9 << 20), "7/x.png is larger than 8 MiB"),
}


@pytest.mark.parametrize("write", [in_folder, in_zip, in_tar])
@pytest.mark.parametrize("case", DAMAGE)
def test_a_picture_that_cannot_be_used_is_named(tmp_path: Path, case: str, write: Write) -> None:
    content, words = DAMAGE[case]
    files = pictures_by_label(TRAIN, TRAIN_LABELS) | {"7/x.png": content}
    with refused(DatasetError, match=words):
        load_dataset(write(tmp_path, files))


def test_a_picture_too_large_to_be_resized_is_named(tmp_path: Path) -> None:
    files = {"7/x.png": png_of(60_000, 60_000)}
    with refused(DatasetError, match="x.png is longer than 4,096 pixels"):
        load_dataset(in_folder(tmp_path, files), resizes=True)


def test_more_than_ten_labels_are_refused_and_named(tmp_path: Path) -> None:
    files = {f"{letter}/1.png": picture(TRAIN[0]) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    with refused(DatasetError, match="26 different labels .A, B, C.*at most ten labels"):
        load_dataset(in_folder(tmp_path, files))


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("folder", ["", "scans/"])
def test_of_pictures_in_no_folder_or_all_in_one_it_is_said_what_to_do(
    tmp_path: Path, write: Write, folder: str
) -> None:
    files = {f"{folder}{number}.png": picture(TRAIN[number]) for number in range(3)}
    with refused(DatasetError, match="no labelled .*make a folder for each label, 0 to 9"):
        load_dataset(write(tmp_path, files))


def test_a_zip_file_that_parts_folders_by_backslashes_is_read(tmp_path: Path) -> None:
    files = pictures_by_label(TRAIN, TRAIN_LABELS, "training/")
    files |= pictures_by_label(TEST, TEST_LABELS, "testing/")
    usual = write_zip(tmp_path / "usual.zip", files)
    old = {name.replace("/", "\\"): content for name, content in files.items()}
    path = write_zip(tmp_path / "old.zip", {"training\\": b"", **old})
    assert load_dataset(path).fingerprint == load_dataset(usual).fingerprint
    table_in_folder = {"a\\train.csv": table(TRAIN, TRAIN_LABELS)}
    assert load_dataset(write_zip(tmp_path / "table.zip", table_in_folder)).train.images.any()


def test_a_link_that_leads_round_in_a_circle_is_named(tmp_path: Path) -> None:
    (tmp_path / "3.png").symlink_to("3.png")
    with refused(DatasetError, match=r"3\.png cannot be read"):
        load_dataset(tmp_path)


def test_two_images_are_too_few(tmp_path: Path) -> None:
    files = {f"{n}/1.png": picture(TRAIN[n]) for n in range(2)}
    with refused(DatasetError, match="has 2 images; training needs at least three"):
        load_dataset(in_folder(tmp_path, files))


# --- archives of strangers -----------------------------------------------------------------------

FILES = pictures_by_label(TRAIN[:12], TRAIN_LABELS[:12])


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar_file_are_refused(tmp_path: Path, kind: bytes) -> None:
    path = write_tar(tmp_path / "a.tar", FILES, "w")
    with tarfile.open(path, "a") as archive:
        info = tarfile.TarInfo("3/link.png")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
    with refused(DatasetError, match="has a link or a device, 3/link.png"):
        load_dataset(path)


@pytest.mark.parametrize("write", [write_zip, write_tar])
def test_nothing_of_an_archive_is_written_anywhere(tmp_path: Path, write: Write) -> None:
    ending = ".zip" if write is write_zip else ".tar.gz"
    path = tmp_path / "inside" / f"a{ending}"
    path.parent.mkdir()
    write(path, FILES | {"../3/evil.png": picture(TEST[0]), "/tmp/3/evil.png": picture(TEST[1])})
    load_dataset(path)
    assert [each.name for each in tmp_path.rglob("*")] == ["inside", path.name]


def test_an_encrypted_zip_file_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", FILES)
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\1\2")
    content[directory + 8] |= 1
    path.write_bytes(content)
    with refused(DatasetError, match="locked by a password"):
        load_dataset(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compression_which_may_grow_without_bounds_is_refused(
    tmp_path: Path, method: int
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("3/a.png", bytes(1_000))
    with refused(DatasetError, match="packed in a way that is not read here"):
        load_dataset(tmp_path / "a.zip")


def test_an_archive_that_declares_gigabytes_is_refused_at_once(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {f"{n}/a.png": bytes(99) for n in range(3)})
    content = bytearray(path.read_bytes())
    at = 0
    while (at := content.find(b"PK\1\2", at + 1)) >= 0:
        content[at + 24 : at + 28] = (2**32 - 2).to_bytes(4, "little")
    path.write_bytes(content)
    with refused(DatasetError, match="unpacks to more than 8 GiB"):
        load_dataset(path)
    info = tarfile.TarInfo("3/a.png")
    info.size = 9 << 30
    (tmp_path / "a.tar").write_bytes(info.tobuf() + bytes(1024))
    with refused(DatasetError, match="unpacks to more than 8 GiB"):
        load_dataset(tmp_path / "a.tar")


@pytest.mark.parametrize("write", [in_zip, in_tar, in_plain_tar])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.75])
def test_a_truncated_archive_is_refused(tmp_path: Path, write: Write, share: float) -> None:
    path = write(tmp_path, pictures_by_label(TRAIN, TRAIN_LABELS))
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with refused(DatasetError, match="damaged|no data set"):
        load_dataset(path)
