"""Model files: what is saved comes back, and nothing else gets in."""

import contextlib
import errno
import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_gui.engine.errors import ModelFileError
from mnist_gui.engine.io.archive import NewerError, UnusableError
from mnist_gui.engine.models import model_file
from mnist_gui.engine.models.model_file import (
    format_header,
    load_snapshot,
    parse_header,
    save_snapshot,
)
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.conftest import peak_megabytes, softmax_snapshot

Parts = dict[str, bytes]


@pytest.fixture
def path(tmp_path: Path, snapshot: Snapshot) -> Path:
    """A valid model file."""
    target = tmp_path / "net.mnistgui"
    save_snapshot(target, snapshot)
    return target


def parts_of(path: Path) -> Parts:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_parts(path: Path, parts: Parts, method: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def npy_bytes(array: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def npy_declaring(declaration: str) -> bytes:
    header = declaration.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header


def with_header(parts: Parts, **changes: Any) -> Parts:
    header = json.loads(parts["network.json"]) | changes
    return parts | {"network.json": json.dumps(header).encode()}


def with_recipe(parts: Parts, **changes: Any) -> Parts:
    recipe = json.loads(parts["network.json"])["recipe"] | changes
    return with_header(parts, recipe=recipe)


def without(parts: Parts, name: str) -> Parts:
    return {key: content for key, content in parts.items() if key != name}


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_what_is_saved_comes_back(tmp_path: Path, recipe: Any) -> None:
    shapes = recipe.architecture.weight_shapes
    weights = {name: np.full(shape, 0.5, np.float32) for name, shape in shapes.items()}
    save_snapshot(tmp_path / "net.mnistgui", Snapshot(recipe, 12, weights))
    loaded = load_snapshot(tmp_path / "net.mnistgui")
    assert (loaded.recipe, loaded.step) == (recipe, 12)
    assert list(loaded.weights) == list(shapes)
    for name, array in loaded.weights.items():
        np.testing.assert_array_equal(array, weights[name])
        assert array.dtype == np.float32


def test_the_name_need_not_end_in_mnistgui(path: Path, snapshot: Snapshot) -> None:
    path.rename(path.with_name("net.zip"))
    assert load_snapshot(path.with_name("net.zip")).step == snapshot.step


def test_a_compressed_file_is_read(path: Path, snapshot: Snapshot) -> None:
    write_parts(path, parts_of(path), zipfile.ZIP_DEFLATED)
    np.testing.assert_array_equal(
        load_snapshot(path).weights["output/kernel"], snapshot.weights["output/kernel"]
    )


def test_recipe_fields_with_defaults_may_be_missing(path: Path, snapshot: Snapshot) -> None:
    parts = parts_of(path)
    recipe = json.loads(parts["network.json"])["recipe"]
    del recipe["precision"], recipe["seed"]
    write_parts(path, with_header(parts, recipe=recipe))
    assert load_snapshot(path).recipe == snapshot.recipe


def test_saving_replaces_an_older_file_and_leaves_nothing_beside_it(path: Path) -> None:
    save_snapshot(path, softmax_snapshot(step=8))
    assert load_snapshot(path).step == 8
    assert list(path.parent.iterdir()) == [path]


def _npy(shape: str, descr: str = "<f4", fortran: str = "False") -> bytes:
    return npy_declaring(f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}")


BIAS = "output/bias.npy"
ZEROS = np.zeros(10, np.float32)
FORGERIES: dict[str, tuple[Callable[[Parts], Parts], str]] = {
    "no header": (lambda p: without(p, "network.json"), "it has no network.json"),
    "fewer arrays": (lambda p: without(p, BIAS), "it lacks output/bias.npy"),
    "more arrays": (lambda p: p | {"x.npy": npy_bytes(ZEROS)}, "does not have, 'x.npy'"),
    "path traversal": (lambda p: p | {"../../evil": b""}, "does not have, '../../evil'"),
    "other shape": (lambda p: p | {BIAS: npy_bytes(np.zeros(9, np.float32))}, "<f4 (9,) instead"),
    "doubles": (lambda p: p | {BIAS: npy_bytes(np.zeros(10))}, "<f8 (10,) instead"),
    "big endian": (lambda p: p | {BIAS: npy_bytes(np.zeros(10, ">f4"))}, ">f4 (10,)"),
    "objects": (
        lambda p: p | {BIAS: npy_bytes(np.array([None] * 10))},
        "|O (10,) instead",
    ),
    "fortran order": (
        lambda p: p | {BIAS: _npy("(10,)", fortran="True") + ZEROS.tobytes()},
        "output/bias is declared",
    ),
    "gigabytes": (lambda p: p | {BIAS: _npy("(1000000000,)")}, "(1000000000,) instead"),
    "negative": (lambda p: p | {BIAS: _npy("(-10,)")}, "(-10,) instead"),
    "too little data": (lambda p: p | {BIAS: _npy("(10,)") + bytes(39)}, "another size"),
    "too much data": (lambda p: p | {BIAS: _npy("(10,)") + bytes(41)}, "another size"),
    "no array": (lambda p: p | {BIAS: b"hello"}, "unknown format"),
    "code for a header": (
        lambda p: p | {BIAS: npy_declaring("__import__('os')")},
        "unknown format",
    ),
    "nested header": (lambda p: p | {BIAS: npy_declaring("(" * 110)}, "unknown format"),
    "long header": (lambda p: p | {BIAS: _npy(f"(10,{' ' * 300})") + bytes(40)}, "unknown format"),
    "other order": (lambda p: p | {BIAS: npy_declaring("{'shape': (10,)}")}, "unknown format"),
    "newer array format": (
        lambda p: p | {BIAS: b"\x93NUMPY\x02\x00" + bytes(99)},
        "unknown format",
    ),
    "not a number": (lambda p: p | {BIAS: npy_bytes(ZEROS + np.float32(np.nan))}, "not finite"),
    "large part": (lambda p: p | {BIAS: bytes(1 << 20)}, "declares 1048576 bytes"),
    "large header": (lambda p: p | {"network.json": b" " * 99_999}, "declares 99999 bytes"),
    "broken JSON": (lambda p: p | {"network.json": b"{"}, "its network.json is wrong: Input"),
    "nested JSON": (
        lambda p: p | {"network.json": b"[" * 60_000},
        "its network.json is wrong: Expected",
    ),
    "NaN": (lambda p: p | {"network.json": b'{"format": NaN}'}, "JSON is malformed"),
    "a list": (lambda p: p | {"network.json": b"[1]"}, "Expected `object`, got `array`"),
    "newer version": (lambda p: with_header(p, format=2), "newer version of the program; update"),
    "format 0": (lambda p: with_header(p, format=0), "Expected `int` >= 1 in `format`"),
    "format true": (lambda p: with_header(p, format=True), "got `bool` in `format`"),
    "unknown key": (lambda p: with_header(p, more=1), "unknown field `more`"),
    "other network": (lambda p: with_header(p, architecture="cnn"), "another network"),
    "negative step": (lambda p: with_header(p, step=-1), "Expected `int` >= 0 in `step`"),
    "half a step": (lambda p: with_header(p, step=1.5), "got `float` in `step`"),
    "no date": (lambda p: with_header(p, created="yesterday"), "datetime in `created`"),
    "no program": (lambda p: with_header(p, program=["1"]), "got `array` in `program`"),
    "no recipe": (lambda p: with_header(p, recipe=None), "got `null` in `recipe`"),
    "empty recipe": (lambda p: with_header(p, recipe={}), "its recipe is wrong: Object missing"),
    "later field": (lambda p: with_recipe(p, warmup=3), "newer version of the program; update"),
    "later network": (lambda p: with_recipe(p, network="vit"), "newer version of the program"),
    "out of range": (lambda p: with_recipe(p, steps=0), "The recipe's steps is 0; choose"),
    "text for a number": (
        lambda p: with_recipe(p, learning_rate="0.5"),
        "got `str` in `learning_rate`",
    ),
    "fraction": (lambda p: with_recipe(p, batch_size=2.5), "got `float` in `batch_size`"),
    "true for a number": (lambda p: with_recipe(p, seed=True), "got `bool` in `seed`"),
    "huge number": (
        lambda p: with_recipe(p, learning_rate=10**400),
        "out of range in `learning_rate`",
    ),
    "control characters": (lambda p: with_recipe(p, name="a\nb"), "its recipe's name"),
    "list for a name": (lambda p: with_recipe(p, network=["cnn"]), "got `array` in `network`"),
}


@pytest.mark.parametrize("case", FORGERIES)
def test_a_forged_file_is_refused_with_its_fault(path: Path, case: str) -> None:
    forge, problem = FORGERIES[case]
    write_parts(path, forge(parts_of(path)))
    assert_refused(path, problem)


def assert_refused(path: Path, problem: str) -> None:
    with pytest.raises(ModelFileError) as caught:
        load_snapshot(path)
    message = str(caught.value)
    assert problem in message
    assert str(path) in message
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "too short"),
        (b"hello", "too short"),
        (b"\x89HDF\r\n\x1a\n" + bytes(5000), "no network file"),
    ],
)
def test_another_kind_of_file_is_refused(path: Path, content: bytes, problem: str) -> None:
    path.write_bytes(content)
    assert_refused(path, problem)


def test_a_truncated_file_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])
    assert_refused(path, "truncated")


@pytest.mark.parametrize("mistake", [KeyError, ValueError, RuntimeError])
def test_a_mistake_of_ours_is_not_told_as_damage_of_the_file(
    path: Path, monkeypatch: pytest.MonkeyPatch, mistake: type[Exception]
) -> None:
    def err(_content: bytes) -> None:
        raise mistake("ours")

    monkeypatch.setattr(model_file, "parse_header", err)
    with pytest.raises(mistake, match="ours"):
        load_snapshot(path)


def test_a_flipped_bit_in_the_weights_is_noticed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[5_000] ^= 1
    path.write_bytes(content)
    assert_refused(path, "damaged")


def test_two_parts_of_one_name_are_refused(path: Path) -> None:
    parts = parts_of(path)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(BIAS, parts[BIAS])
    assert_refused(path, "two parts of one name")


def test_an_unusual_compression_is_refused(path: Path) -> None:
    write_parts(path, parts_of(path), zipfile.ZIP_LZMA)
    assert_refused(path, "compressed in an unknown way")


def test_a_missing_file_and_a_folder_are_refused(path: Path) -> None:
    path.unlink()
    assert_refused(path, "there is no such file")
    path.mkdir()
    assert_refused(path, "it is a folder")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert_refused(tmp_path / "pipe", "not an ordinary file")


def _bomb(parts: Parts, name: str) -> Parts:
    return parts | {name: parts[name] + bytes(60 << 20)}


def _with_sizes_declared(path: Path, size: int) -> None:
    """Let the zip's directory declare `size` bytes for each part."""
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\1\2")
    while at >= 0:
        content[at + 24 : at + 28] = size.to_bytes(4, "little")
        at = content.find(b"PK\1\2", at + 4)
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["network.json", BIAS])
def test_a_zip_bomb_eats_no_memory(path: Path, name: str) -> None:
    write_parts(path, _bomb(parts_of(path), name), zipfile.ZIP_DEFLATED)
    assert peak_megabytes(lambda: assert_refused(path, "far too many")) < 2


@pytest.mark.parametrize("size", [0, 1, 168, 31_488, 2**32 - 2])
def test_a_lying_directory_eats_no_memory(path: Path, size: int) -> None:
    write_parts(path, _bomb(parts_of(path), BIAS), zipfile.ZIP_DEFLATED)
    _with_sizes_declared(path, size)
    assert peak_megabytes(lambda: assert_refused(path, "")) < 2


def test_a_huge_directory_eats_no_memory(path: Path) -> None:
    write_parts(path, {f"{number:060}": b"" for number in range(5_000)})
    assert peak_megabytes(lambda: assert_refused(path, "far more parts")) < 1


def test_loading_needs_little_more_than_the_network(path: Path) -> None:
    assert peak_megabytes(lambda: load_snapshot(path)) < 1


def test_weights_that_could_not_be_opened_again_are_not_saved(
    path: Path, snapshot: Snapshot
) -> None:
    before = path.read_bytes()
    wrong: list[dict[str, Any]] = [
        {},
        dict(snapshot.weights) | {"output/bias": np.zeros(9, np.float32)},
        dict(snapshot.weights) | {"output/bias": np.zeros(10)},
        dict(snapshot.weights) | {"output/bias": ZEROS + np.float32(np.inf)},
    ]
    for weights in wrong:
        with pytest.raises(ModelFileError, match=r"cannot be saved to .*net\.mnistgui: its array"):
            save_snapshot(path, replace(snapshot, weights=weights))
    assert path.read_bytes() == before


def test_a_full_disk_loses_nothing(
    path: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", fill)
    with pytest.raises(ModelFileError, match=r"net\.mnistgui: the disk is full; free some space"):
        save_snapshot(path, snapshot)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_target_in_no_folder_is_named(tmp_path: Path, snapshot: Snapshot) -> None:
    with pytest.raises(ModelFileError, match=r"nowhere/net: there is no such file or folder"):
        save_snapshot(tmp_path / "nowhere" / "net", snapshot)


def test_a_folder_is_not_replaced(tmp_path: Path, snapshot: Snapshot) -> None:
    with pytest.raises(ModelFileError, match="it is a folder; name a file"):
        save_snapshot(tmp_path, snapshot)
    assert not list(tmp_path.iterdir())


@settings(max_examples=200, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.integers(-700, 500), st.integers(0, 255)), min_size=1, max_size=3
    ),
    end=st.none() | st.integers(-400, -1),
)
def test_mutated_files_raise_nothing_but_model_file_errors(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], end: int | None
) -> None:
    path = tmp_path_factory.getbasetemp() / "mutated.mnistgui"
    save_snapshot(path, softmax_snapshot())
    content = bytearray(path.read_bytes())
    for at, value in changes:
        content[at] = value
    path.write_bytes(content[:end])
    with contextlib.suppress(ModelFileError):
        assert load_snapshot(path).recipe.network == "softmax"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), value=json_values)
def test_any_value_in_the_header_is_taken_or_refused(data: st.DataObject, value: Any) -> None:
    header = json.loads(format_header(softmax_snapshot()))
    part = data.draw(st.sampled_from([header, header["recipe"]]))
    part[data.draw(st.sampled_from(sorted(part)))] = value
    with contextlib.suppress(UnusableError, NewerError):
        parse_header(json.dumps(header).encode())
