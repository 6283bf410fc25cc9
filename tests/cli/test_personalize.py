"""Learning a hand from the command line: what is printed, saved and refused."""

import json
from math import cos, sin
from pathlib import Path
from typing import Any

import pytest

from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.cli.personalize import run_personalize
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.paths import resource
from tests.cli.conftest import CtrlC
from tests.engine.conftest import write_dataset

BASE = resource("models/softmax-best.mnistgui")


def run(*arguments: object) -> int:
    return run_command(parse_arguments([str(argument) for argument in arguments]))


def dash(angle: float, label: int) -> dict[str, Any]:
    end = [0.5 + cos(angle) / 3, 0.5 + sin(angle) / 3]
    return {"strokes": [[[0.5, 0.5], end]], "label": label}


@pytest.fixture
def drawings(tmp_path: Path) -> Path:
    """Twelve dashes: level ones are a 0, upright ones a 1."""
    path = tmp_path / "mine.jsonl"
    lines = [dash(1.57 * label + 0.02 * place, label) for place in range(6) for label in (0, 1)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "digits"
    write_dataset(folder)
    return folder


def test_a_hand_is_learnt_saved_and_told(
    tmp_path: Path, drawings: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with drawings.open("a") as file:
        file.write("broken\n" + json.dumps(dash(0.0, 0)) + "\n")
    out = tmp_path / "mine.mnistgui"
    options = ("--from", BASE, "--drawings", drawings, "--data", data, "--out", out)
    assert run("personalize", *options, "--seed", 5, "--json") == 0
    text, err = capsys.readouterr()
    result = json.loads(text.splitlines()[-1])
    assert (result["recipe"], result["base"]) == ("softmax-best-personal", "softmax-best")
    assert result["own_before"]["total"] == result["own_after"]["total"] == 12
    low, high = result["own_after"]["interval"]
    assert 0 <= low <= result["own_after"]["accuracy"] <= high <= 1
    assert result["test_before"]["total"] == result["test_after"]["total"] == 10
    assert result["recommended"] == (not result["objections"])
    assert [fault["line"] for fault in result["drawings_left_out"]] == [13]
    assert [fault["line"] for fault in result["drawings_repeated"]] == [14]
    assert f"{drawings}, line 13: This is not JSON" in err
    saved = load_snapshot(out)
    assert (saved.recipe.name, saved.recipe.seed) == ("softmax-best-personal", 5)
    assert saved.step == saved.recipe.steps == result["steps"]


def test_the_gain_and_what_is_forgotten_are_told_in_words(
    drawings: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("personalize", "--from", BASE, "--drawings", drawings, "--data", data) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("softmax-best-personal, learnt in")
    assert "own digits, held out:" in lines[1]
    assert "of 12 read correctly" in lines[1]
    assert "test images:" in lines[2]


def test_an_interrupt_saves_nothing(
    tmp_path: Path,
    drawings: Path,
    data: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "mine.mnistgui"
    options = ("--from", BASE, "--drawings", drawings, "--data", data, "--out", out)
    arguments = parse_arguments(["personalize", *map(str, options)])
    assert run_personalize(arguments, CtrlC(2)) == 130
    assert "nothing is saved" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--from", "/no/model", "--drawings", "x.jsonl"), "/no/model"),
        (("--from", BASE, "--drawings", "/no/drawings"), "/no/drawings"),
        (("--from", BASE, "--drawings", "x.jsonl", "--out", "/no/where/x"), "/no/where/x"),
    ],
)
def test_a_file_that_is_not_there_is_named_in_a_sentence(
    arguments: tuple[object, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("personalize", *arguments) == 2
    out, err = capsys.readouterr()
    assert not out
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_too_few_drawings_are_counted(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "few.jsonl"
    path.write_text("".join(json.dumps(dash(0.1 * place, 0)) + "\n" for place in range(4)))
    assert run("personalize", "--from", BASE, "--drawings", path, "--data", data) == 2
    assert "there are 4; draw 6 more" in capsys.readouterr().err
