"""Exports: a file is called exported once another program has read it as we do."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_gui.engine.digits.files import read_drawings, write_drawings
from mnist_gui.engine.errors import ExchangeError
from mnist_gui.engine.exchange import export
from mnist_gui.engine.exchange.export import (
    check,
    check_drawings,
    export_network,
    place_script,
)
from mnist_gui.engine.exchange.export_process import write_network
from mnist_gui.engine.exchange.formats import Exported, ExportPhase, Format
from mnist_gui.engine.exchange.import_weights import import_network
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.words.errors import sentence
from tests.engine.exchange.conftest import random_snapshot
from tests.refusals import refused

SCRIPT = Path(export.__file__).with_name("predict.py").read_bytes()


def endings(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("kind", Format)
def test_a_network_is_exported_with_its_script(tmp_path: Path, kind: Format) -> None:
    path = tmp_path / f"net{kind.value}"
    given = replace(random_snapshot("cnn-deep"), temperature=0.5)
    *steps, exported = export_network(given, path)
    assert list(dict.fromkeys(steps)) == [ExportPhase.WRITING, ExportPhase.CHECKING]
    assert isinstance(exported, Exported)
    assert (exported.path, exported.script) == (path, tmp_path / "predict.py")
    assert (exported.format, exported.size) == (kind, path.stat().st_size)
    assert exported.largest_difference < 1e-4
    assert endings(tmp_path) == [path.name, "predict.py"]
    assert exported.script.read_bytes() == SCRIPT


@pytest.mark.slow
# Keras hands its variables to h5py, which asks them for more than they know of NumPy 2.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("kind", [Format.KERAS, Format.TFLITE])
@pytest.mark.parametrize("network", ["softmax", "cnn", "cnn-lean"])
def test_every_network_can_be_written_and_is_read_alike(
    tmp_path: Path, network: str, kind: Format
) -> None:
    given = replace(random_snapshot(network), temperature=0.5)
    write_network(tmp_path / f"net{kind.value}", given)
    write_drawings(tmp_path / "drawings.jsonl", check_drawings())
    # A file of drawings rounds their points a little.
    drawings = read_drawings(tmp_path / "drawings.jsonl")
    images = np.stack([preprocess(labelled.drawing) for labelled in drawings])
    wanted = Classifier().probabilities(given, images)
    checking = check(tmp_path / f"net{kind.value}", wanted, tmp_path / "target")
    with pytest.raises(StopIteration) as end:
        while True:
            next(checking)
    assert end.value.value < 1e-4


@pytest.mark.slow
def test_what_is_read_otherwise_is_not_exported_and_the_old_file_stays(
    tmp_path: Path, softmax: Snapshot
) -> None:
    path = tmp_path / "net.npz"
    path.write_bytes(b"old")
    with refused(ExchangeError, match=r"net\.npz: read back, its answers differ by .*\.$"):
        list(export_network(softmax, path, tolerance=-1.0))
    assert path.read_bytes() == b"old"
    assert endings(tmp_path) == ["net.npz"]


def test_an_export_that_is_given_up_leaves_the_old_file(tmp_path: Path, softmax: Snapshot) -> None:
    path = tmp_path / "net.keras"
    path.write_bytes(b"old")
    steps = export_network(softmax, path)
    assert [next(steps) for _ in range(3)] == [ExportPhase.WRITING] * 3
    steps.close()  # type: ignore[attr-defined]
    assert path.read_bytes() == b"old"
    assert endings(tmp_path) == ["net.keras"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("net.onnx", "ends in none of .keras, .tflite, .npz"),
        ("missing/net.keras", "no such file or folder"),
        ("folder.keras", "it is a folder"),
    ],
)
def test_a_target_that_cannot_be_is_refused_before_the_work(
    tmp_path: Path, softmax: Snapshot, name: str, words: str
) -> None:
    (tmp_path / "folder.keras").mkdir()
    with refused(ExchangeError, match=words) as caught:
        next(iter(export_network(softmax, tmp_path / name)))
    assert str(tmp_path / name) in sentence(caught.value)


def test_weights_that_are_not_finite_are_not_exported(tmp_path: Path, softmax: Snapshot) -> None:
    bias = np.full(10, np.nan, np.float32)
    broken = Snapshot(softmax.recipe, 1, dict(softmax.weights) | {"output/bias": bias})
    with refused(ExchangeError, match="not finite"):
        list(export_network(broken, tmp_path / "net.npz"))
    assert not endings(tmp_path)


@pytest.fixture
def draft(tmp_path: Path, softmax: Snapshot) -> Path:
    """Plain weights, written but not checked, with the drawings to check them."""
    write_network(tmp_path / "net.npz", softmax)
    write_drawings(tmp_path / "drawings.jsonl", check_drawings()[:3])
    return tmp_path / "net.npz"


def refusal(draft: Path, wanted: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> str:
    with pytest.raises(ExchangeError) as caught:
        list(check(draft, wanted, Path("target.npz")))
    return sentence(caught.value)


def test_other_answers_are_found_out(draft: Path) -> None:
    assert "differ by" in refusal(draft, np.full((3, 10), 0.1, np.float32))


def test_too_few_answers_are_found_out(draft: Path) -> None:
    assert "ten probabilities for each" in refusal(draft, np.full((4, 10), 0.1, np.float32))


def test_a_file_that_cannot_be_read_back_is_found_out(draft: Path) -> None:
    draft.write_bytes(draft.read_bytes()[:1_000])
    assert "could not be read back (predict.py: File is not" in refusal(
        draft, np.zeros((3, 10), np.float32)
    )


def test_exported_weights_are_imported_again(draft: Path, softmax: Snapshot) -> None:
    imported = import_network(draft)
    for name, array in softmax.weights.items():
        np.testing.assert_array_equal(imported.weights[name], array)


def test_another_file_named_predict_py_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "predict.py").write_text("print('mine')")
    assert place_script(tmp_path).name == "predict-2.py"
    assert place_script(tmp_path).name == "predict-2.py"
    assert (tmp_path / "predict.py").read_text() == "print('mine')"
