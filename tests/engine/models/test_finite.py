"""Networks that could not compute are refused when they are read."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.errors import ExchangeError, FileFormatError, ModelFileError
from mnist_gui.engine.exchange.import_weights import import_network
from mnist_gui.engine.inside.forward import layer_outputs
from mnist_gui.engine.models.finite import check_computes
from mnist_gui.engine.models.model_file import load_snapshot, save_snapshot
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.exchange.conftest import random_snapshot
from tests.engine.inside.test_forward import random_network
from tests.refusals import refused

SHOWN = np.stack([np.zeros((28, 28), np.uint8), np.full((28, 28), 255, np.uint8)])


def scaled(snapshot: Snapshot, part: str, factor: float) -> Snapshot:
    """The network with all weights of one kind larger by a factor, as far as float32 goes."""
    most = np.finfo(np.float32).max
    weights = {
        name: np.clip(array.astype(float) * factor, -most, most).astype(np.float32)
        if name.endswith(part)
        else array
        for name, array in snapshot.weights.items()
    }
    return replace(snapshot, weights=weights)


def is_accepted(snapshot: Snapshot) -> bool:
    try:
        check_computes(snapshot.weights)
    except FileFormatError:
        return False
    return True


@pytest.mark.parametrize("name", ARCHITECTURES)
@pytest.mark.parametrize("part", ["kernel", "bias", "gamma"])
def test_what_is_accepted_computes_and_what_is_refused_is_absurd(name: str, part: str) -> None:
    snapshot = random_snapshot(name)
    for power in range(0, 40, 6):
        larger = scaled(snapshot, part, 10.0**power)
        if is_accepted(larger):
            with np.errstate(over="ignore"):
                assert np.isfinite(layer_outputs(larger, SHOWN)[-1]).all(), power
        else:
            assert power >= 6, power


@pytest.mark.parametrize("name", ["cnn-lean", "cnn-deep"])
def test_a_variance_that_has_no_root_is_refused(name: str) -> None:
    snapshot = scaled(random_snapshot(name), "moving_variance", -1.0)
    with refused(FileFormatError, match="weights of its layer normalization_1 are so large, or so"):
        check_computes(snapshot.weights)


def test_what_a_sigmoid_makes_of_zeros_counts_in_a_normalization() -> None:
    weights = random_network("conv1x2-sigmoid-norm").weights
    zeros = {name: np.zeros_like(array) for name, array in weights.items() if "_1/" in name}
    gamma = np.full(2, 3e38, np.float32)
    changed = {**weights, **zeros, "normalization_1/gamma": gamma}
    with refused(FileFormatError, match="weights of its layer normalization_1 are so large"):
        check_computes(changed)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_it_is_refused_in_files_of_this_program_and_of_others(name: str, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "net.mnistgui", tmp_path / "net.npz"
    absurd = scaled(random_snapshot(name), "kernel", 1e38)
    save_snapshot(ours, absurd)
    with refused(ModelFileError, match="nothing can be computed with them; choose an intact file"):
        load_snapshot(ours)
    np.savez(theirs, *absurd.weights.values())
    with refused(ExchangeError, match="nothing can be computed with them"):
        import_network(theirs)


def test_the_command_line_prints_no_nan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, drawing = tmp_path / "net.mnistgui", tmp_path / "one.json"
    drawing.write_text(json.dumps({"strokes": [[[0.5, 0.2], [0.5, 0.8]]]}))
    save_snapshot(path, scaled(random_snapshot("softmax"), "kernel", 3e38))
    command = ["classify", "--model", str(path), str(drawing), "--json"]
    assert run_command(parse_arguments(command)) == 2
    out, err = capsys.readouterr()
    assert not out
    assert "nothing can be computed" in err
