"""Imports: networks come in whatever they are written as, and nothing else gets in."""

import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.errors import ExchangeError, ModelFileError
from mnist_gui.engine.exchange.import_weights import import_network
from mnist_gui.engine.models.model_file import load_snapshot, save_snapshot
from mnist_gui.engine.recipe import IMPORTED
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.words.errors import sentence
from tests.engine.conftest import peak_megabytes
from tests.engine.exchange.conftest import keras_names, random_snapshot, write_hdf5
from tests.refusals import refused

Parts = dict[str, bytes]


def write_parts(path: Path, parts: Parts, method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def npy(array: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def assert_same(imported: Snapshot, given: Snapshot) -> None:
    assert imported.recipe.network == given.recipe.network
    assert list(imported.weights) == list(given.recipe.architecture.weight_shapes)
    for name, array in imported.weights.items():
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, given.weights[name])


def refusal(path: Path) -> str:
    """Return the one sentence that an import of the file ends with."""
    with pytest.raises(ExchangeError) as caught:
        import_network(path)
    message = sentence(caught.value)
    assert str(path) in message
    assert message.endswith(".")
    assert message.isprintable()
    assert len(message) < 500 + len(str(path))
    return message


def test_our_own_files_keep_their_recipe(tmp_path: Path, softmax: Snapshot) -> None:
    save_snapshot(tmp_path / "net.mnistgui", softmax)
    imported = import_network(tmp_path / "net.mnistgui")
    assert_same(imported, softmax)
    assert (imported.recipe, imported.step) == (softmax.recipe, softmax.step)


@pytest.mark.parametrize("network", ARCHITECTURES)
def test_plain_weights_by_our_names_are_imported(tmp_path: Path, network: str) -> None:
    given = random_snapshot(network)
    np.savez(tmp_path / "net.npz", **given.weights)  # type: ignore[arg-type]
    imported = import_network(tmp_path / "net.npz")
    assert_same(imported, given)
    assert (imported.recipe.name, imported.step) == (IMPORTED, 0)


@pytest.mark.parametrize("network", ARCHITECTURES)
def test_weights_that_are_only_numbered_are_imported_in_their_order(
    tmp_path: Path, network: str
) -> None:
    given = random_snapshot(network)
    np.savez_compressed(tmp_path / "net.npz", *given.weights.values())
    assert_same(import_network(tmp_path / "net.npz"), given)


@pytest.mark.parametrize("dtype", [np.float16, np.float64, ">f4"])
def test_other_floats_become_single(tmp_path: Path, softmax: Snapshot, dtype: Any) -> None:
    arrays = {name: array.astype(dtype) for name, array in softmax.weights.items()}
    path = tmp_path / "net.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type]
    if dtype == ">f4":
        assert "declared as >f4" in refusal(path)
    else:
        imported = import_network(path)
        np.testing.assert_allclose(
            imported.weights["output/bias"], softmax.weights["output/bias"], rtol=1e-3
        )


def test_weights_in_fortran_order_are_imported(tmp_path: Path, softmax: Snapshot) -> None:
    arrays = {name: np.asfortranarray(array) for name, array in softmax.weights.items()}
    np.savez(tmp_path / "net.npz", **arrays)  # type: ignore[arg-type]
    assert_same(import_network(tmp_path / "net.npz"), softmax)


def test_a_keras_file_gives_its_arrays_and_nothing_of_it_is_executed(tmp_path: Path) -> None:
    given = random_snapshot("cnn-deep")
    write_hdf5(tmp_path / "weights", keras_names(given))
    code = {"class_name": "Lambda", "config": {"function": "__import__('os').abort()"}}
    parts = {
        "metadata.json": b"{}",
        "config.json": json.dumps({"module": "os", "layers": [code]}).encode(),
        "model.weights.h5": (tmp_path / "weights").read_bytes(),
    }
    assert_same(import_network(write_parts(tmp_path / "net.keras", parts)), given)


def test_an_older_h5_file_gives_its_arrays_without_the_optimizer(tmp_path: Path) -> None:
    given = random_snapshot("cnn-lean")
    arrays = {
        f"model_weights/{name.split('/')[0]}/sequential/{name}": array
        for name, array in given.weights.items()
    }
    training = {f"optimizer_weights/adam/{place}": np.zeros(3) for place in range(4)}
    seed = {"model_weights/dropout/seed_generator_state": np.array([1, 2])}
    write_hdf5(tmp_path / "net.h5", arrays | training | seed)
    assert_same(import_network(tmp_path / "net.h5"), given)


def test_what_a_file_is_is_told_by_its_content(tmp_path: Path, softmax: Snapshot) -> None:
    np.savez(tmp_path / "net.npz", **softmax.weights)  # type: ignore[arg-type]
    (tmp_path / "net.npz").rename(tmp_path / "net.keras")
    assert_same(import_network(tmp_path / "net.keras"), softmax)


def test_a_link_to_a_file_is_followed(tmp_path: Path, softmax: Snapshot) -> None:
    np.savez(tmp_path / "net.npz", **softmax.weights)  # type: ignore[arg-type]
    (tmp_path / "link.npz").symlink_to(tmp_path / "net.npz")
    assert_same(import_network(tmp_path / "link.npz"), softmax)


def test_what_is_neither_is_told_of_as_a_file_of_ours(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8 not a network")
    with refused(ModelFileError, match=r"photo\.jpg cannot be used"):
        import_network(tmp_path / "photo.jpg")


BIAS = "output/bias.npy"
KERNEL = "output/kernel.npy"
GOOD: Parts = {
    KERNEL: npy(np.zeros((784, 10), np.float32)),
    BIAS: npy(np.zeros(10, np.float32)),
}


def declaring(shape: str, descr: str = "<f4") -> bytes:
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


class _Trap:
    """Unpickled, it would write a file."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("touch was-executed",)


PICKLE = np.array([_Trap()], object)
HOSTILE: dict[str, tuple[Parts, str]] = {
    "a pickle": (GOOD | {BIAS: npy(PICKLE)}, "declared as |O"),
    "a bare pickle": (GOOD | {BIAS: pickle.dumps(_Trap())}, "in an unknown format"),
    "code for a header": (GOOD | {BIAS: declaring("__import__('os').abort()")}, "unknown format"),
    "terabytes": (GOOD | {KERNEL: declaring("(1000000, 1000000)")}, "far too many"),
    "endless nothing": (GOOD | {KERNEL: declaring(f"(0, {10**30})")}, "not floats"),
    "a negative shape": (GOOD | {KERNEL: declaring("(-1, 10)")}, "not floats"),
    "less than declared": (GOOD | {BIAS: declaring("(10,)") + bytes(8)}, "another size"),
    "more than declared": (GOOD | {BIAS: declaring("(10,)") + bytes(80)}, "another size"),
    "a type that cannot be shown": (GOOD | {BIAS: declaring("(10,)", "\x1bf4")}, "unknown format"),
    "whole numbers": (GOOD | {BIAS: npy(np.zeros(10, int))}, "not floats"),
    "not a number": (GOOD | {BIAS: npy(np.full(10, np.nan, "f4"))}, "not finite"),
    "beyond single floats": (GOOD | {BIAS: npy(np.full(10, 1e300))}, "not finite"),
    "other shapes": ({"a.npy": npy(np.zeros(3))}, "fit none of the networks here"),
    "one array too many": (GOOD | {"output/more.npy": npy(np.zeros(3))}, "fit none"),
    "a path out of the file": ({"../../evil.npy": npy(np.zeros(3))}, "fit none"),
    "a name over two lines": (GOOD | {"a\nb.npy": npy(np.zeros(3))}, "without a proper name"),
    "an endless name": (GOOD | {"a" * 9_999 + ".npy": npy(np.zeros(3))}, "without a proper name"),
    "a huge number in a name": ({"9" * 190 + ".npy": npy(np.zeros(3))}, "fit none"),
    "no HDF5 in a .keras": ({"model.weights.h5": b"hello"}, "damaged"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_its_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.chdir(tmp_path)
    parts, fault = HOSTILE[case]
    path = write_parts(tmp_path / "net.npz", parts)
    assert fault in refusal(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_zip_bomb_takes_no_memory(tmp_path: Path) -> None:
    bomb = declaring("(5000000,)") + bytes(20_000_000)
    parts = {f"{place}.npy": bomb for place in range(3)}
    path = write_parts(tmp_path / "net.npz", parts, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 200_000
    assert peak_megabytes(lambda: refusal(path)) < 80


def test_a_bomb_within_a_keras_file_takes_no_memory(tmp_path: Path) -> None:
    parts = {"model.weights.h5": bytes(65 << 20)}
    write_parts(tmp_path / "net.keras", parts, zipfile.ZIP_DEFLATED)
    assert peak_megabytes(lambda: refusal(tmp_path / "net.keras")) < 5


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.99])
def test_truncated_files_are_refused(tmp_path: Path, share: float) -> None:
    content = write_parts(tmp_path / "net.npz", GOOD).read_bytes()
    (tmp_path / "cut.npz").write_bytes(content[: int(share * len(content))])
    with refused((ExchangeError, ModelFileError), match=r"cut\.npz"):
        import_network(tmp_path / "cut.npz")


def test_a_file_with_thousands_of_parts_is_refused_unread(tmp_path: Path) -> None:
    parts = {f"{place}.npy": b"" for place in range(3_000)}
    assert "more parts than a network" in refusal(write_parts(tmp_path / "net.npz", parts))


def test_missing_files_folders_and_pipes_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.npz")
    assert "not an ordinary file" in refusal(tmp_path / "pipe.npz")
    assert "it is a folder" in refusal(tmp_path)
    assert "no such file" in refusal(tmp_path / "missing.keras")


def test_a_zip_file_of_other_things_is_named(tmp_path: Path) -> None:
    path = write_parts(tmp_path / "net.mnistgui", GOOD | {"network.json": b"{}"})
    assert "cannot be used: it is a zip file with neither arrays" in refusal(path)


def torch_zip() -> bytes:
    """Return a file as PyTorch writes it, which would execute something."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("model/data.pkl", pickle.dumps(_Trap(), protocol=2))
        archive.writestr("model/data/0", bytes(40))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (torch_zip(), r"a pickle by PyTorch, .* safetensors\.torch\.save_file\(model\.state_dict"),
        # As before version 1.6: a number, and then what was saved.
        (pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(_Trap(), 2), "by PyTorch, "),
        (pickle.dumps(_Trap()), r"a pickle, as pickle and joblib .* numpy\.savez \(\.npz\)"),
        (b"\x1c\0\0\0TFL3" + bytes(90), "TensorFlow Lite, .* the network that it was made from"),
    ],
)
def test_of_formats_that_are_not_read_it_is_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.pt").write_bytes(content)
    for read in (import_network, load_snapshot):
        with refused(ModelFileError, match=rf"The network file .*model\.pt is .*{words}"):
            read(tmp_path / "model.pt")
    assert [path.name for path in tmp_path.iterdir()] == ["model.pt"]


def test_a_network_of_ours_may_begin_like_a_pickle(tmp_path: Path, softmax: Snapshot) -> None:
    """Its first number is the length of its header."""
    length = 0
    for letters in range(1, 200):
        recipe = replace(softmax.recipe, name="x" * letters)
        save_snapshot(tmp_path / "net.mnistgui", replace(softmax, recipe=recipe))
        length = int.from_bytes((tmp_path / "net.mnistgui").read_bytes()[:2], "little")
        if length & 0xFF == 0x80:
            break
    assert length & 0xFF == 0x80
    assert_same(import_network(tmp_path / "net.mnistgui"), softmax)
