"""`mnist-gui export` and `import`, as typed."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.engine.exchange.images import Numbers
from mnist_gui.engine.models.model_file import load_snapshot, save_snapshot
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.conftest import softmax_snapshot


def run(*arguments: object) -> int:
    return run_command(parse_arguments([str(argument) for argument in arguments]))


@pytest.fixture
def network() -> Snapshot:
    return softmax_snapshot()


def test_weights_are_imported_and_saved_as_a_network(
    tmp_path: Path, network: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    np.savez(tmp_path / "net.npz", *network.weights.values())
    out = tmp_path / "net.mnistgui"
    assert run("import", tmp_path / "net.npz", "--out", out, "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["file"], result["network"], result["step"]) == (str(out), "softmax", 0)
    assert (result["images"], result["data"], result["validated"]) == ("as-is", "MNIST", 1_000)
    assert 0 <= result["accuracy"] == result["as_read"] < 0.5
    assert result["warning"].startswith("That is few: ")
    saved = load_snapshot(out)
    for name, array in network.weights.items():
        np.testing.assert_array_equal(saved.weights[name], array)


def test_of_an_imported_network_it_is_said_what_it_reads_and_what_was_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    best = load_snapshot(SHIPPED_NETWORKS[1].path).weights
    # Such a network computes from inverted images what the one that ships does from ours.
    kernel, bias = -best["output/kernel"], best["output/bias"] + best["output/kernel"].sum(axis=0)
    np.savez(tmp_path / "net.npz", kernel, bias)
    out = tmp_path / "net.mnistgui"
    assert run("import", tmp_path / "net.npz", "--out", out) == 0
    said = capsys.readouterr().out
    assert f"Saved to {out}: a network softmax. It reads 9" in said
    assert "It was trained on inverted images (dark ink on white); its weights were changed" in said
    np.testing.assert_allclose(
        load_snapshot(out).weights["output/bias"], best["output/bias"], atol=1e-3
    )


def test_the_images_it_was_trained_on_can_be_told(
    tmp_path: Path, network: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    np.savez(tmp_path / "net.npz", *network.weights.values())
    arguments = ("--out", tmp_path / "net.mnistgui", "--images", "bytes", "--json")
    assert run("import", tmp_path / "net.npz", *arguments) == 0
    assert json.loads(capsys.readouterr().out)["images"] == "bytes"
    saved = load_snapshot(tmp_path / "net.mnistgui").weights["output/kernel"]
    np.testing.assert_allclose(saved, 255 * network.weights["output/kernel"], rtol=1e-6)


def test_every_way_to_give_images_has_a_name_that_the_help_explains(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        run("import", "--help")
    said = " ".join(capsys.readouterr().out.split())
    assert all(numbers.value in said for numbers in Numbers)
    with pytest.raises(SystemExit):
        run("import", "x", "--out", "y", "--images", "backwards")
    assert "'backwards' is none of as-is, inverted, " in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("classify", "drawings.jsonl", "--model"),
        ("evaluate", "--model"),
        ("personalize", "--drawings", "drawings.jsonl", "--from"),
    ],
)
def test_where_a_network_of_ours_is_wanted_one_of_another_program_is_named_as_such(
    tmp_path: Path,
    network: Snapshot,
    arguments: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    np.savez(tmp_path / "net.npz", *network.weights.values())
    save_file(dict(network.weights), tmp_path / "net.safetensors")
    for name in ("net.npz", "net.safetensors"):
        assert run(*arguments, tmp_path / name) == 2
        said = capsys.readouterr().err
        assert f'{name} is of another program; convert it first, by "' in said
        assert 'mnist-gui import FILE --out net.mnistgui".\n' in said


@pytest.mark.slow
def test_a_network_is_exported_with_its_script(
    tmp_path: Path, network: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    save_snapshot(tmp_path / "net.mnistgui", network)
    out = tmp_path / "net.npz"
    assert run("export", "--model", tmp_path / "net.mnistgui", "--out", out, "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert result["largest_difference"] < 1e-4
    assert result["bytes"] == out.stat().st_size
    assert result["drawings"] == 100
    assert Path(result["script"]).is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import", "{}/none.npz", "--out", "{}/x.mnistgui"), "there is no such file"),
        (("import", "{}/net.h5", "--out", "{}/x.mnistgui"), "damaged or truncated"),
        (("import", "{}/net.npz", "--out", "{}/none/x.mnistgui"), "cannot be saved to"),
        (("export", "--model", "{}/net.npz", "--out", "{}/x.onnx"), "ends in none of"),
        (("export", "--model", "{}/net.npz", "--out", "{}/none/x.keras"), "no such file"),
        (("export", "--model", "{}/none", "--out", "{}/x.keras"), "there is no such file"),
    ],
)
def test_bad_input_gives_one_sentence_and_status_2(
    tmp_path: Path,
    network: Snapshot,
    arguments: tuple[str, ...],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    np.savez(tmp_path / "net.npz", *network.weights.values())
    (tmp_path / "net.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(90))
    assert run(*(argument.format(tmp_path) for argument in arguments)) == 2
    out, err = capsys.readouterr()
    assert not out
    assert words in err
    assert err.endswith(".\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net.h5", "net.npz"]
