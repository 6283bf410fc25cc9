"""Small data sets in all the ways in which people have them."""

import tarfile
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_gui.engine.dataset import Dataset
from mnist_gui.words.errors import sentence
from tests.engine.conftest import small_arrays

Images = NDArray[np.uint8]


def halves(train: int = 40, test: int = 12) -> tuple[Images, Images, Images, Images]:
    """Return training images and labels, test images and labels, which are not sorted."""
    first, second, third, fourth = small_arrays(train, test)
    return first, second, third, fourth


def sorted_halves(train: int = 60) -> tuple[Images, Images]:
    """Return images and labels that are sorted."""
    images, labels, *_ = small_arrays(train, 1)
    return images, np.sort(labels)


def table(images: Images, labels: object = None, *, names: str = "", separator: str = ",") -> str:
    """Return a table: labels, if there are any, then pixels."""
    rows = images.reshape(len(images), -1).tolist()
    if labels is not None:
        rows = [[label, *row] for label, row in zip(list(labels), rows, strict=True)]  # type: ignore[call-overload]
    lines = [separator.join(map(str, row)) for row in rows]
    return "\n".join([names, *lines] if names else lines) + "\n"


KAGGLE_NAMES = ",".join(["label", *(f"pixel{number}" for number in range(784))])


def picture(image: NDArray[np.uint8], form: str = "PNG", mode: str = "") -> bytes:
    """Return a picture's file."""
    content = BytesIO()
    made = Image.fromarray(image)
    (made.convert(mode) if mode else made).save(content, form)
    return content.getvalue()


def pictures_by_label(images: Images, labels: Images, folder: str = "") -> dict[str, bytes]:
    """Return pictures by their paths, in a folder for each label."""
    return {
        f"{folder}{label}/{number}.png": picture(image)
        for number, (image, label) in enumerate(zip(images, labels.tolist(), strict=True))
    }


def write_files(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write files by their paths in a folder, which is returned."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def write_zip(path: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write a zip file, which is returned."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_tar(path: Path, files: Mapping[str, bytes], mode: str = "w:gz") -> Path:
    """Write a tar file, which is returned."""
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, BytesIO(content))
    return path


def npz(**arrays: NDArray[np.generic]) -> bytes:
    """Return an .npz file."""
    content = BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    return content.getvalue()


def training(dataset: Dataset) -> tuple[Images, Images]:
    """Return all training images and labels in their order, those for validation first."""
    parts = dataset.validation, dataset.train
    return (
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )


def is_as(dataset: Dataset, arrays: tuple[Images, Images, Images, Images]) -> bool:
    """Whether a data set has these training and test images, in this order."""
    found = (*training(dataset), dataset.test.images, dataset.test.labels)
    return all(np.array_equal(a, b) for a, b in zip(found, arrays, strict=True))


def as_set(images: Images, labels: Images) -> set[tuple[bytes, int]]:
    """Return images with their labels in no order."""
    return {(i.tobytes(), label) for i, label in zip(images, labels.tolist(), strict=True)}


def told(dataset: Dataset) -> str:
    """Return what is said of how a data set was read."""
    return " ".join(map(sentence, dataset.notes))
