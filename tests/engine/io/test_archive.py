"""Files of arrays: they are safetensors, what is written comes back, and nothing else gets in."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import load, load_file, save

from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.io.archive import ArchiveReader, ArrayType, write_archive
from mnist_gui.words.errors import sentence
from tests.engine.conftest import ArchiveParts, peak_megabytes, write_raw_archive
from tests.refusals import refused

ARRAYS: dict[str, NDArray[Any]] = {
    "b/kernel": np.arange(6, dtype=np.float32).reshape(2, 3),
    "a": np.array([1, 2, 3], np.uint8),
    "half": np.ones((1, 3), np.float16),
    "random": np.array([-1, 2**40]),
    "scalar": np.array(0.5, np.float32),
    "turned": np.arange(6, dtype=np.float32).reshape(2, 3).T,
}
TYPES = {name: ArrayType(array.shape, array.dtype.str) for name, array in ARRAYS.items()}
FACTS = '{"format":1,"name":"né\\n"}'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A valid file."""
    path = tmp_path / "file"
    with path.open("wb") as file:
        write_archive(file, "checkpoint", FACTS.encode(), ARRAYS)
    return path


def read(path: Path, types: dict[str, ArrayType] = TYPES) -> dict[str, NDArray[Any]]:
    with path.open("rb") as file:
        return ArchiveReader(file, "checkpoint").arrays(types)


def refusal(path: Path) -> str:
    with pytest.raises(FileFormatError) as caught:
        read(path)
    return sentence(caught.value)


def test_what_is_written_comes_back_read_only(path: Path) -> None:
    with path.open("rb") as file:
        assert ArchiveReader(file, "checkpoint").facts == FACTS.encode()
    arrays = read(path)
    assert list(arrays) == list(ARRAYS)
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, ARRAYS[name], strict=True)
        assert not array.flags.writeable


def test_safetensors_reads_what_is_written(path: Path) -> None:
    arrays = load_file(path)
    assert arrays.keys() == ARRAYS.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, ARRAYS[name], strict=True)
    with safe_open(path, "np") as file:
        assert file.metadata()["checkpoint"] == FACTS


def test_safetensors_lays_the_arrays_out_in_the_same_way(path: Path, tmp_path: Path) -> None:
    whole = {name: np.array(array, order="C") for name, array in ARRAYS.items()}
    (tmp_path / "theirs").write_bytes(save(whole, {"checkpoint": FACTS}))
    ours, theirs = ArchiveParts.of(path), ArchiveParts.of(tmp_path / "theirs")
    assert ours.header["__metadata__"].pop("crc32")
    assert ours == theirs
    assert list(ours.header) == list(theirs.header)


def test_the_same_content_gives_the_same_bytes(path: Path) -> None:
    again = BytesIO()
    backwards = dict(reversed(ARRAYS.items()))
    write_archive(again, "checkpoint", FACTS.encode(), backwards)
    assert again.getvalue() == path.read_bytes()


def change(name: str, key: str, value: object) -> Callable[[ArchiveParts], object]:
    return lambda parts: parts.header[name].update({key: value})


FORGERIES: dict[str, tuple[Callable[[ArchiveParts], object], str]] = {
    "other shape": (change("a", "shape", [1, 3]), "its array a is {'dtype': 'U8', 'shape': [1, 3]"),
    "other type": (change("a", "dtype", "I8"), "its array a is {'dtype': 'I8'"),
    "endless type": (change("a", "dtype", "x" * 9_999), "its array a is {'dtype': 'xxx"),
    "control characters": (change("a", "dtype", "\x1b\n"), "its array a is {'dtype': '\\x1b\\n'"),
    "gigabytes": (change("a", "shape", [10**9]), "'shape': [1000000000]"),
    "more than there is": (change("a", "data_offsets", [77, 2**40]), "'data_offsets': [77, 10995"),
    "overlap": (change("a", "data_offsets", [0, 3]), "'data_offsets': [0, 3]"),
    "backwards": (change("a", "data_offsets", [80, 77]), "'data_offsets': [80, 77]"),
    "negative": (change("a", "data_offsets", [-1, 2]), "'data_offsets': [-1, 2]"),
    "more than one says": (change("a", "more", "x"), "'more': 'x'"),
    "a number for a shape": (
        change("a", "shape", 3),
        "its header is wrong: Expected `str | array`",
    ),
    "huge number": (change("a", "shape", [10**400]), "its array a is {'dtype': 'U8', 'shape': [10"),
    "fraction": (change("a", "shape", [3.0]), "its header is wrong: Expected `int`, got `float`"),
    "true": (change("a", "shape", [True]), "its header is wrong: Expected `int`, got `bool`"),
    "facts that are no text": (change("__metadata__", "checkpoint", [1]), "no checkpoint file"),
    "path traversal": (lambda p: p.header.update({"../x": p.header["a"]}), "not have, '../x'"),
    "too little data": (lambda p: setattr(p, "data", p.data[:-1]), "it is truncated, or larger"),
    "too much data": (lambda p: setattr(p, "data", p.data + b"x"), "it is truncated, or larger"),
    "no header": (lambda p: p.header.clear(), "no checkpoint file"),
    "not finite": (lambda p: setattr(p, "data", b"\xff" * len(p.data)), "are not finite"),
}


@pytest.mark.parametrize("case", FORGERIES)
def test_a_forged_file_is_refused_with_its_fault(path: Path, case: str) -> None:
    forge, problem = FORGERIES[case]
    parts = ArchiveParts.of(path)
    if case == "facts that are no text":
        parts.header["__metadata__"].pop("crc32")
    forge(parts)
    parts.write(path)
    words = refusal(path)
    assert problem in words
    assert words.isprintable()
    assert len(words) < 400


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (b"", "its header is wrong"),
        (b"{", "its header is wrong"),
        (b"[]", "its header is wrong: Expected `object`, got `array`"),
        (b'{"a":' * 40_000, "its header is wrong"),
        (b'{"\xff": {}}', "its header is wrong"),
        ('{"a": {}}'.encode("utf-16"), "its header is wrong"),
    ],
)
def test_a_header_that_is_none_is_refused(path: Path, header: bytes, problem: str) -> None:
    write_raw_archive(path, header, bytes(99))
    assert problem in refusal(path)


def test_a_file_cut_anywhere_is_refused(path: Path) -> None:
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        assert refusal(path)


def test_a_flipped_bit_anywhere_that_matters_is_noticed(path: Path) -> None:
    content = path.read_bytes()
    start = content.index(b"crc32")
    for place in (*range(start), *range(len(content) - 78, len(content))):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert refusal(path)


@pytest.mark.parametrize("length", [256 << 10 | 1, 99_999_999, 2**63, 2**64 - 1])
def test_the_length_of_a_huge_header_eats_no_memory(path: Path, length: int) -> None:
    with path.open("wb") as file:
        file.write(length.to_bytes(8, "little"))
        file.truncate(1 << 30)  # Takes no room on the disk.
    assert peak_megabytes(lambda: refusal(path)) < 1


def test_a_header_full_of_arrays_eats_little_memory(path: Path) -> None:
    entry = {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}
    header = json.dumps(
        {"__metadata__": {"checkpoint": "{}"}} | dict.fromkeys(map(str, range(4_000)), entry)
    )
    write_raw_archive(path, header.encode(), b"")
    assert peak_megabytes(lambda: refusal(path)) < 10


def test_arrays_that_the_file_is_too_small_for_are_not_made_room_for(path: Path) -> None:
    large = {"a": ArrayType((10**9,), "|u1")}
    header = {
        "__metadata__": {"checkpoint": "{}"},
        "a": {"dtype": "U8", "shape": [10**9], "data_offsets": [0, 10**9]},
    }
    write_raw_archive(path, json.dumps(header).encode(), bytes(9))

    def refuse() -> None:
        with refused(FileFormatError, match="it is truncated"):
            read(path, large)

    assert peak_megabytes(refuse) < 1


def test_what_safetensors_refuses_is_refused(path: Path) -> None:
    """Their reader is the judge of the format; ours may only be stricter."""
    content = path.read_bytes()
    end = 8 + int.from_bytes(content[:8], "little")
    accepted = 0
    # Spaces are let in between the header's words, letters are not.
    for place, letter in ((place, letter) for place in range(8, end) for letter in b" x"):
        changed = bytearray(content)
        changed[place] = letter
        path.write_bytes(changed)
        try:
            read(path)
        except FileFormatError:
            continue
        accepted += 1
        load(bytes(changed))
    assert accepted > 1
