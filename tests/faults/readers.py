"""All that reads files which others may have made, each with good files to begin with.

What is read is also put to its first uses, such as being shown: a value that is let in must be one
that the program can live with.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.digits.files import read_drawings
from mnist_gui.engine.digits.store import UserDigitStore
from mnist_gui.engine.errors import ExchangeError, FileFormatError, PictureError, RunStoreError
from mnist_gui.engine.exchange.import_weights import _parsed, import_network
from mnist_gui.engine.inside.image_lists import likely_wrong_labels
from mnist_gui.engine.io.files import read_file_bounded
from mnist_gui.engine.pictures.decoding import open_picture
from mnist_gui.engine.pictures.find import find_digits
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.training.label_errors import OutOfFoldReader
from mnist_gui.words.errors import sentence
from tests.faults import good_files
from tests.faults.first_uses import use_digit, use_drawing, use_history, use_network, use_run
from tests.faults.good_files import Files

Read = Callable[[Path], Iterable[str]]
"""Reads what lies in a folder; returns sentences of what it had to leave out, or raises one."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Files of one kind: how good ones are put into a folder, and how they are read.

    `most_megabytes` is what reading them may take besides; `others` are more contents that the
    only file of a kind may have.
    """

    make: Callable[[Path], Files]
    read: Read
    most_megabytes: float = 160.0
    others: Callable[[], Iterable[bytes]] = tuple


def read_network(folder: Path) -> list[str]:
    use_network(import_network(next(folder.iterdir())))
    return []


def read_answer(folder: Path) -> list[str]:
    """Read what the process has answered that reads HDF5 files, and may be in an attacker's hand"""
    path = folder / "answer"
    try:
        _parsed(read_file_bounded(path, 64 << 20))
    except (OSError, FileFormatError) as error:
        # As `import_network` says it.
        return [sentence(ExchangeError("network-file-unfit", path=path, reason=error))]
    return []


def read_lines(folder: Path) -> list[str]:
    for path in sorted(folder.iterdir()):
        for labelled in read_drawings(path)[:3]:
            use_drawing(labelled.drawing)
    return []


def read_my_digits(folder: Path) -> list[str]:
    for digit in UserDigitStore(folder).read().digits[:3]:
        use_digit(digit)
    return []


def read_data(folder: Path) -> list[str]:
    load_dataset(folder)
    return []


def read_data_file(folder: Path) -> list[str]:
    load_dataset(next(folder.iterdir()), resizes=True)
    return []


def read_picture(folder: Path) -> list[str]:
    path = next(folder.iterdir())
    picture = open_picture(path)
    try:
        find_digits(picture)
    except PictureError as error:
        return [f"{path}: {sentence(error)}"]
    return []


def read_reading(folder: Path) -> list[str]:
    """Read what is kept of training images; what is not as it was kept is read anew in the program.

    The window is not told, so the sentence is this test's own.
    """
    shares = OutOfFoldReader(folder).kept(good_files.data_of_a_reading())
    if shares is None:
        return [f"{folder} keeps no reading of this data set."]
    labels = np.arange(len(shares), dtype=np.uint8) % 10
    likely_wrong_labels(labels, shares.astype(np.float64))
    return []


def read_runs(folder: Path) -> list[str]:
    store = RunStore(folder)
    runs = store.runs()
    sentences = [sentence(run.problem) for run in runs.unreadable]
    for run in runs.runs:
        use_run(run)
        readers: list[Callable[[str], object]] = [
            lambda run_id: use_history(store.history(run_id).history),
            store.snapshot,
            lambda run_id: store.snapshot(run_id, best=True),
            store.checkpoint,
            store.reading,
        ]
        for reader in readers:
            try:
                reader(run.run_id)
            except RunStoreError as error:
                sentences.append(sentence(error))
    return sentences


# A picture may have 64 million pixels, whose decoding nothing but Pillow has in hand.
_PICTURES = 700.0

KINDS: dict[str, Kind] = {
    "own networks": Kind(good_files.own_network, read_network),
    "plain weights": Kind(good_files.plain_weights, read_network, others=good_files.named_weights),
    "HDF5 files": Kind(good_files.hdf5, read_network, others=good_files.small_hdf5),
    "Keras files": Kind(
        good_files.keras,
        read_network,
        others=good_files.other_keras,
    ),
    "PyTorch weights": Kind(good_files.torch_weights, read_network),
    "ONNX files": Kind(good_files.onnx, read_network, others=good_files.other_onnx),
    "HDF5 answers": Kind(good_files.answer, read_answer),
    "drawings": Kind(good_files.drawings, read_lines),
    "foreign drawings": Kind(good_files.foreign_drawings, read_lines),
    "kept digits": Kind(good_files.my_digits, read_my_digits),
    "data sets": Kind(good_files.data, read_data),
    "data arrays": Kind(good_files.data_arrays, read_data_file),
    "data tables": Kind(good_files.data_table, read_data_file),
    "data pictures": Kind(good_files.data_pictures, read_data_file),
    "data in tar": Kind(good_files.data_in_tar, read_data_file),
    "run folders": Kind(good_files.runs, read_runs),
    "kept readings": Kind(good_files.reading, read_reading),
} | {
    f"{form} pictures": Kind(
        partial(good_files.picture, form),
        read_picture,
        _PICTURES,
        partial(good_files.other_pictures, form),
    )
    for form in ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
}
