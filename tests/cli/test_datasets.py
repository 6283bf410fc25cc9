"""`--data` with the files that people have: trained on, gone on with, tested on."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_gui.cli.main import parse_arguments, run_command
from tests.engine.data.conftest import (
    KAGGLE_NAMES,
    halves,
    picture,
    table,
    write_files,
    write_zip,
)

TRAIN, TRAIN_LABELS, TEST, _ = halves(210)


def run(*arguments: object) -> int:
    return run_command(parse_arguments(list(map(str, arguments))))


def answer(capsys: pytest.CaptureFixture[str]) -> tuple[Any, str]:
    output = capsys.readouterr()
    return json.loads(output.out.splitlines()[-1]), output.err


def test_a_kaggle_archive_is_trained_on_continued_and_tested(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "train.csv": table(TRAIN, TRAIN_LABELS, names=KAGGLE_NAMES),
        "test.csv": table(TEST, names=KAGGLE_NAMES.partition(",")[2]),
    }
    data = write_zip(tmp_path / "digit-recognizer.zip", files)
    network = tmp_path / "net.mnistgui"
    where = ("--data", data, "--runs", tmp_path / "runs", "--json")
    train = ("train", "--recipe", "softmax-tutorial", "--steps", 20, "--out", network)
    assert run(*train, *where) == 0
    _, told = answer(capsys)
    assert "test.csv has no labels, and is left out." in told
    assert "30 of its images, drawn at random with an equal share of each label" in told
    assert run("resume", "last", "--steps", 40, *where) == 0
    assert answer(capsys)[0]["steps"] == 40
    assert run("evaluate", "--model", network, "--data", data, "--json") == 0
    assert 0 <= answer(capsys)[0]["test_accuracy"] <= 1


def test_larger_coloured_pictures_are_trained_on_with_resize_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    large = np.kron(TRAIN, np.ones((1, 2, 2), np.uint8))[..., np.newaxis] // [1, 1, 2]
    files = {
        f"{label}/{i}.png": picture(image.astype(np.uint8))
        for i, (image, label) in enumerate(zip(large, TRAIN_LABELS.tolist(), strict=True))
    }
    data = write_files(tmp_path / "photos", files)
    train = ("train", "--recipe", "softmax-tutorial", "--steps", 5, "--no-record", "--json")
    assert run(*train, "--data", data) == 2
    refusal = capsys.readouterr().err
    assert "are 56x56 pixels instead of grey ones of 28x28" in refusal
    assert "--resize" in refusal
    assert run(*train, "--data", data, "--resize") == 0
    assert answer(capsys)[0]["steps"] == 5
