import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.engine.data.correction import Correction, Turn
from mnist_gui.engine.dataset import Dataset, corrected, load_dataset
from tests.engine.conftest import IDX_NAMES, idx_bytes


def run(*words: object) -> int:
    return run_command(parse_arguments([str(word) for word in words]))


def described(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    assert run("data", "--json", *words) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 300 digits of MNIST, stored column by column and dark on light."""
    folder = tmp_path_factory.mktemp("data") / "columns"
    folder.mkdir()
    test = load_dataset().test
    images = Correction(Turn.TRANSPOSE, inverts=True).apply(test.images[:400])
    halves = (images[:300], test.labels[:300], images[300:], test.labels[300:400])
    for name, array in zip(IDX_NAMES, halves, strict=True):
        (folder / name).write_bytes(idx_bytes(array))
    return folder


def test_a_data_set_is_described_as_text(
    columns: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.png"
    assert run("data", columns, "--sheet", sheet) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("columns: 275 images for training, 25 for validation, 100 for the ")
    assert lines[3].split() == ["label", "training", "validation", "test"]
    assert [line.split()[0] for line in lines[4:14]] == list("0123456789")
    assert lines[15] == "What may be wrong:"
    assert lines[16].startswith("- Its images seem to be dark on light")
    assert lines[17].startswith("- Its images seem to be stored column by column")
    assert lines[18] == "What mends it, here and in other commands: --transpose --invert"
    assert lines[19:] == [f"Saved to {sheet}."]
    with Image.open(sheet) as image:
        assert image.size == (930, 582)


@pytest.mark.parametrize("zero", [0, 10])
def test_labels_that_are_no_digits_do_not_pass_for_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], zero: int
) -> None:
    test = load_dataset().test
    labels = np.where(test.labels[:400] == 0, np.uint8(zero), test.labels[:400])
    halves = (test.images[:300], labels[:300], test.images[300:400], labels[300:])
    for name, array in zip(IDX_NAMES, halves, strict=True):
        (tmp_path / name).write_bytes(idx_bytes(array))
    assert run("data", tmp_path) == 0
    lines = capsys.readouterr().out.splitlines()
    assert ("Its labels are 1 to 10; ten is taken for the digit 0." in lines) == (zero == 10)
    assert (lines[-1] == "Nothing seems to be wrong with it.") == (zero == 0)
    assert not any("wrong" in line for line in lines[:-1])


def test_what_is_wrong_is_named_in_json_and_gone_when_it_is_mended(
    columns: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = described(capsys, columns)
    assert [each["problem"] for each in wrong["warnings"]] == ["set-inverted", "set-transposed"]
    assert (wrong["turn"], wrong["inverts"]) == ("transpose", True)
    assert wrong["share_read"] < 0.3
    assert wrong["share_read_corrected"] > 0.95
    assert (sum(wrong["training"]), wrong["shape"]) == (275, [28, 28])
    right = described(capsys, columns, "--transpose", "--invert")
    assert right["warnings"] == []
    assert right["fingerprint"] != wrong["fingerprint"]


def test_commands_that_use_data_read_what_is_mended(
    columns: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("evaluate", "--data", columns, "--json") == 0
    assert run("evaluate", "--data", columns, "--transpose", "--invert", "--json") == 0
    before, after = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert before["test_accuracy"] < 0.5
    assert after["test_accuracy"] > 0.95


def test_a_sheet_that_cannot_be_written_is_told(
    columns: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("data", columns, "--sheet", columns) == 2
    assert f"The sheet of samples cannot be written to {columns}: it is a folder" in (
        capsys.readouterr().err
    )


def test_a_corrected_data_set_has_the_labels_and_another_fingerprint() -> None:
    mnist: Dataset = load_dataset().sample
    turned = corrected(mnist, Correction(Turn.TRANSPOSE))
    np.testing.assert_array_equal(turned.test.images[:9], mnist.test.images[:9].transpose(0, 2, 1))
    assert turned.test.labels is mnist.test.labels
    assert turned.fingerprint != mnist.fingerprint
    assert corrected(mnist, Correction()) is mnist
