"""Model files: what is saved comes back, and nothing else gets in."""

import contextlib
import errno
import json
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file

from mnist_gui.engine.errors import FileFormatError, ModelFileError, NewerVersionError
from mnist_gui.engine.models import model_file
from mnist_gui.engine.models.model_file import (
    format_header,
    load_snapshot,
    parse_header,
    save_snapshot,
)
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.words.errors import sentence
from tests.engine.conftest import ArchiveParts, peak_megabytes, softmax_snapshot
from tests.refusals import refused


@pytest.fixture
def path(tmp_path: Path, snapshot: Snapshot) -> Path:
    """A valid model file."""
    target = tmp_path / "net.mnistgui"
    save_snapshot(target, snapshot)
    return target


def change_recipe(parts: ArchiveParts, **changes: Any) -> None:
    parts.change_facts(recipe=parts.facts["recipe"] | changes)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_what_is_saved_comes_back(tmp_path: Path, recipe: Any) -> None:
    shapes = recipe.architecture.weight_shapes
    weights = {name: np.full(shape, 0.5, np.float32) for name, shape in shapes.items()}
    save_snapshot(tmp_path / "net.mnistgui", Snapshot(recipe, 12, weights, 0.45))
    loaded = load_snapshot(tmp_path / "net.mnistgui")
    assert (loaded.recipe, loaded.step, loaded.temperature) == (recipe, 12, 0.45)
    assert list(loaded.weights) == list(shapes)
    for name, array in loaded.weights.items():
        np.testing.assert_array_equal(array, weights[name])
        assert array.dtype == np.float32


def test_the_name_need_not_end_in_mnistgui(path: Path, snapshot: Snapshot) -> None:
    path.rename(path.with_name("net.zip"))
    assert load_snapshot(path.with_name("net.zip")).step == snapshot.step


def test_other_programs_can_read_the_weights(path: Path, snapshot: Snapshot) -> None:
    arrays = load_file(path)
    assert set(arrays) == set(snapshot.weights)
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, snapshot.weights[name], strict=True)


@pytest.mark.parametrize("temperature", [0, -1, 1e9])
def test_a_temperature_that_cannot_be_is_refused(path: Path, temperature: float) -> None:
    parts = ArchiveParts.of(path)
    parts.change_facts(temperature=temperature)
    parts.write(path)
    with refused(ModelFileError, match="temperature"):
        load_snapshot(path)


def test_recipe_fields_with_defaults_may_be_missing(path: Path, snapshot: Snapshot) -> None:
    parts = ArchiveParts.of(path)
    recipe = parts.facts["recipe"]
    del recipe["precision"], recipe["seed"]
    parts.change_facts(recipe=recipe)
    parts.write(path)
    assert load_snapshot(path).recipe == snapshot.recipe


def test_saving_replaces_an_older_file_and_leaves_nothing_beside_it(path: Path) -> None:
    save_snapshot(path, softmax_snapshot(step=8))
    assert load_snapshot(path).step == 8
    assert list(path.parent.iterdir()) == [path]


BIAS = "output/bias"
FORGERIES: dict[str, tuple[Callable[[ArchiveParts], object], str]] = {
    "no facts": (lambda p: p.header.pop("__metadata__"), "is of another program; convert"),
    "facts of another kind": (
        lambda p: p.header.update(__metadata__={"checkpoint": "{}", "crc32": "0"}),
        "it is no network file",
    ),
    "no checksum": (lambda p: p.header["__metadata__"].pop("crc32"), "its checksum is not"),
    "fewer arrays": (lambda p: p.header.pop(BIAS), "it lacks the array output/bias"),
    "more arrays": (lambda p: p.header.update(x=p.header[BIAS]), "should not have, 'x'"),
    "not a number": (
        lambda p: setattr(p, "data", np.float32(np.nan).tobytes() + p.data[4:]),
        "its array output/bias has values that are not finite",
    ),
    "broken JSON": (lambda p: p.set_facts("{"), "its description is wrong: Input"),
    "nested JSON": (lambda p: p.set_facts("[" * 60_000), "its description is wrong: Expected"),
    "NaN": (lambda p: p.set_facts('{"format": NaN}'), "JSON is malformed"),
    "a list": (lambda p: p.set_facts("[1]"), "Expected `object`, got `array`"),
    "newer version": (lambda p: p.change_facts(format=2), "newer version of the program; update"),
    "format 0": (lambda p: p.change_facts(format=0), "Expected `int` >= 1 in `format`"),
    "format true": (lambda p: p.change_facts(format=True), "got `bool` in `format`"),
    "unknown key": (lambda p: p.change_facts(more=1), "unknown field `more`"),
    "other network": (lambda p: p.change_facts(architecture="cnn"), "another network"),
    "negative step": (lambda p: p.change_facts(step=-1), "Expected `int` >= 0 in `step`"),
    "half a step": (lambda p: p.change_facts(step=1.5), "got `float` in `step`"),
    "no date": (lambda p: p.change_facts(created="yesterday"), "datetime in `created`"),
    "no program": (lambda p: p.change_facts(program=["1"]), "got `array` in `program`"),
    "no recipe": (lambda p: p.change_facts(recipe=None), "got `null` in `recipe`"),
    "empty recipe": (lambda p: p.change_facts(recipe={}), "its recipe is wrong: Object missing"),
    "later field": (lambda p: change_recipe(p, warmup=3), "newer version of the program; update"),
    "later network": (lambda p: change_recipe(p, network="vit"), "newer version of the program"),
    "out of range": (lambda p: change_recipe(p, steps=0), "The recipe's steps is 0; choose"),
    "text for a number": (
        lambda p: change_recipe(p, learning_rate="0.5"),
        "got `str` in `learning_rate`",
    ),
    "fraction": (lambda p: change_recipe(p, batch_size=2.5), "got `float` in `batch_size`"),
    "true for a number": (lambda p: change_recipe(p, seed=True), "got `bool` in `seed`"),
    "huge number": (
        lambda p: change_recipe(p, learning_rate=10**400),
        "out of range in `learning_rate`",
    ),
    "control characters": (lambda p: change_recipe(p, name="a\nb"), "its recipe's name"),
    "list for a name": (lambda p: change_recipe(p, network=["cnn"]), "got `array` in `network`"),
}


@pytest.mark.parametrize("case", FORGERIES)
def test_a_forged_file_is_refused_with_its_fault(path: Path, case: str) -> None:
    forge, problem = FORGERIES[case]
    parts = ArchiveParts.of(path)
    forge(parts)
    parts.write(path)
    assert_refused(path, problem)


def assert_refused(path: Path, problem: str) -> None:
    with pytest.raises(ModelFileError) as caught:
        load_snapshot(path)
    message = sentence(caught.value)
    assert problem in message
    assert str(path) in message
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "no network file"),
        (b"hello", "no network file"),
        (b"\x89HDF\r\n\x1a\n" + bytes(5000), "mnist-gui import FILE --out"),
        (b"PK\3\4" + bytes(5000), "mnist-gui import FILE --out"),
        (b"\x08\x0a\x12" + bytes(5000), "mnist-gui import FILE --out"),
        (pickle.dumps(np.zeros(3)), "a pickle, as pickle and joblib write it, which is never"),
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


def test_a_digit_changed_in_the_description_is_noticed(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(rb"\"step\":7", rb"\"step\":8"))
    assert path.read_bytes() != content
    assert_refused(path, "damaged")


def test_a_missing_file_and_a_folder_are_refused(path: Path) -> None:
    path.unlink()
    assert_refused(path, "there is no such file")
    path.mkdir()
    assert_refused(path, "it is a folder")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert_refused(tmp_path / "pipe", "not an ordinary file")


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
        dict(snapshot.weights) | {"output/bias": np.full(10, np.inf, np.float32)},
    ]
    for weights in wrong:
        with refused(ModelFileError, match=r"cannot be saved to .*net\.mnistgui: its array"):
            save_snapshot(path, replace(snapshot, weights=weights))
    assert path.read_bytes() == before


def test_a_full_disk_loses_nothing(
    path: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", fill)
    with refused(ModelFileError, match=r"net\.mnistgui: the disk is full; free some space"):
        save_snapshot(path, snapshot)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_target_in_no_folder_is_named(tmp_path: Path, snapshot: Snapshot) -> None:
    with refused(ModelFileError, match=r"nowhere/net: there is no such file or folder"):
        save_snapshot(tmp_path / "nowhere" / "net", snapshot)


def test_a_folder_is_not_replaced(tmp_path: Path, snapshot: Snapshot) -> None:
    with refused(ModelFileError, match="it is a folder; name a file"):
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
    with contextlib.suppress(FileFormatError, NewerVersionError):
        parse_header(json.dumps(header).encode())
