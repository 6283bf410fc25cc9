import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.cli.train import run_train
from mnist_gui.engine.models.model_file import load_snapshot, save_snapshot
from tests.cli.conftest import CtrlC

ONE = {"strokes": [[[0.5, 0.2], [0.5, 0.8]]], "label": 1, "writer": "me"}


def run(*arguments: object) -> int:
    return run_command(parse_arguments([str(argument) for argument in arguments]))


def last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return result


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A softmax regression, trained by the command line on all of MNIST."""
    path = tmp_path_factory.mktemp("models") / "softmax.mnistgui"
    assert run("train", "--recipe", "softmax-tutorial", "--out", path) == 0
    return path


@pytest.fixture
def drawings(tmp_path: Path) -> Path:
    path = tmp_path / "drawings.jsonl"
    path.write_text(json.dumps(ONE) + "\n" + json.dumps(ONE | {"label": 7}) + "\n")
    return path


def test_training_prints_its_result_as_the_last_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "net.mnistgui"
    assert run("train", "--recipe", "softmax-tutorial", "--seed", 3, "--out", out, "--json") == 0
    result = last_line(capsys)
    assert result["recipe"] == "softmax-tutorial"
    assert (result["seed"], result["steps"], result["parameters"]) == (3, 1_000, 7_850)
    assert 0.905 < result["test_accuracy"] < 0.93
    assert 0.905 < result["validation_accuracy"] < 0.935
    assert result["steps_per_second"] == pytest.approx(1_000 / result["train_seconds"])
    assert result["setup_seconds"] > 0
    assert result["test_seconds"] > 0
    assert result["device"].startswith(("CPU", "GPU"))
    assert load_snapshot(out).step == 1_000


def test_progress_goes_to_standard_error_only_and_a_run_need_not_be_kept(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    options = ("--steps", 20, "--json", "--no-record", "--runs", tmp_path / "runs")
    assert run("train", "--recipe", "softmax-tutorial", *options) == 0
    out, err = capfd.readouterr()
    assert json.loads(out)["run"] is None
    assert not (tmp_path / "runs").exists()
    assert len(out.splitlines()) == 1
    assert "testing" in err


def test_an_interrupt_keeps_what_was_learnt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "net.mnistgui"
    arguments = ("train", "--recipe", "softmax-tutorial", "--steps", "1000000", "--json")
    assert run_train(parse_arguments([*arguments, "--out", str(out)]), CtrlC(10)) == 130
    result = last_line(capsys)
    assert result["interrupted"]
    assert result["test_accuracy"] is None
    assert 0 < result["steps"] < 1_000_000
    assert load_snapshot(out).step == result["steps"]


def test_a_saved_network_is_evaluated_on_the_test_images(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("evaluate", "--model", model, "--json") == 0
    result = last_line(capsys)
    assert 0.905 < result["test_accuracy"] < 0.93
    off = result["expected_calibration_error"]
    assert 0 < off < 0.02
    assert run("evaluate", "--model", model) == 0
    assert f" {100 * off:.2f} points off " in capsys.readouterr().out


def test_raw_probabilities_are_those_without_the_temperature(
    model: Path, drawings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "bare.mnistgui"
    save_snapshot(bare, load_snapshot(model).uncalibrated)
    results = []
    for network in (("--model", model, "--raw"), ("--model", bare), ("--model", model)):
        assert run("classify", *network, drawings, "--json") == 0
        assert run("evaluate", *network, "--json") == 0
        results.append([json.loads(line) for line in capsys.readouterr().out.splitlines()])
    assert results[0] == results[1]
    for raw, calibrated in zip(results[0], results[2], strict=True):
        assert raw != calibrated
        assert raw.get("digit") == calibrated.get("digit")
        assert raw.get("test_accuracy") == calibrated.get("test_accuracy")


def test_a_saved_network_is_evaluated_on_drawings(
    model: Path, drawings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("evaluate", "--model", model, "--drawings", drawings, "--json") == 0
    result = last_line(capsys)
    assert result["drawings"] == 2
    assert result["drawing_accuracy"] == 0.5


def test_broken_drawings_are_named_and_the_good_ones_count(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "some.jsonl"
    lines = [ONE, {"strokes": []}, ONE | {"label": 10}, ONE | {"label": 7}]
    path.write_text("hello\n" + "".join(json.dumps(line) + "\n" for line in lines))
    assert run("evaluate", "--model", model, "--drawings", path, "--json") == 0
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert result["drawings"] == 2
    assert [fault["line"] for fault in result["drawings_left_out"]] == [1, 3, 4]
    assert [fault["line"] for fault in result["drawings_repeated"]] == [5]
    named = err.splitlines()
    assert len(named) == 4
    for line, words in zip(
        named, ("1: This is not JSON", "3: The drawing has no", "4: The", "5: "), strict=True
    ):
        assert f"{path}, line {words}" in line
    assert named[3].endswith("as in line 2, but its label is 7 here and 1 there.")


def test_of_many_broken_drawings_some_are_named(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("broken\n" * 1_000 + json.dumps(ONE))
    assert run("evaluate", "--model", model, "--drawings", path) == 0
    named = capsys.readouterr().err.splitlines()
    assert len(named) == 21
    assert "1,000 drawings are left out" in named[-1]


def test_drawings_are_classified_one_a_line(
    model: Path, drawings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("classify", "--model", model, drawings, "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["digit"] for line in lines] == [1, 1]
    assert [line["drawing"] for line in lines] == [1, 2]
    assert sum(lines[0]["probabilities"]) == pytest.approx(1)
    assert lines[0]["probability"] == max(lines[0]["probabilities"])
    assert lines[0]["number"] == "1"
    assert lines[0]["certainty"] == "sure"
    assert lines[0]["candidates"][0] == 1


def test_drawings_of_other_programs_are_classified_and_evaluated(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    svg, ndjson = tmp_path / "one.svg", tmp_path / "ones.ndjson"
    svg.write_text('<svg><line x1="50" y1="10" x2="50" y2="90"/></svg>')
    ndjson.write_text('{"word": "1", "drawing": [[[50, 50], [10, 90]]]}\n' * 2, "utf-16")
    assert run("classify", "--model", model, svg, ndjson, "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["digit"] for line in lines] == [1, 1, 1]
    assert run("evaluate", "--model", model, "--drawings", ndjson, "--json") == 0
    assert last_line(capsys)["drawing_accuracy"] == 1
    svg.write_text("<svg><text>1</text></svg>")
    assert run("classify", "--model", model, svg) == 2
    assert "it has no lines: draw with pen" in capsys.readouterr().err


def test_a_number_and_a_scribble_are_told_as_such(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    eleven = [[[x, 0.2], [x, 0.8]] for x in (0.3, 0.7)]
    zigzag = [[[x % 2, x / 9] for x in range(10)]]
    path = tmp_path / "some.jsonl"
    path.write_text("".join(json.dumps({"strokes": each}) + "\n" for each in (eleven, zigzag)))
    assert run("classify", "--model", model, path, "--json") == 0
    number, scribble = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert number["number"] == "11"
    assert [digit["digit"] for digit in number["digits"]] == [1, 1]
    assert (scribble["number"], scribble["certainty"]) == ("?", "no digit")
    assert run("classify", "--model", model, path) == 0
    number_line, scribble_line = capsys.readouterr().out.splitlines()
    assert number_line.startswith(f"{path}:1  1  (0: ")
    assert scribble_line.startswith(f"{path}:2  no digit  (0: ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("train", "--recipe", "bogus"), "no recipe 'bogus'"),
        (("train", "--recipe", "cnn-tutorial", "--steps", "0"), "steps is 0"),
        (("train", "--recipe", "cnn-tutorial", "--learning-rate", "nan"), "learning rate is nan"),
        (("train", "--recipe", "cnn-tutorial", "--data", "/no/where"), "/no/where"),
        (("train", "--recipe", "cnn-tutorial", "--out", "/no/where/x"), "/no/where/x"),
        (("train", "--recipe", "cnn-tutorial", "--out", "/"), "cannot be saved to /"),
        (("evaluate", "--model", "/no/model"), "/no/model"),
        (("classify", "--model", "/no/model", "x.jsonl"), "/no/model"),
    ],
)
def test_bad_input_gives_one_sentence_and_status_2(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    assert not out
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_unlabelled_drawings_cannot_be_scored(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "unlabelled.jsonl"
    path.write_text(json.dumps({"strokes": ONE["strokes"]}))
    assert run("evaluate", "--model", model, "--drawings", path) == 2
    assert "no labelled drawing" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("bogus",), ("train",), ("train", "--steps", "many")])
def test_a_command_line_that_makes_no_sense_gives_one_line_and_status_2(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        parse_arguments(list(arguments))
    assert stop.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_command_line_never_loads_qt(model: Path) -> None:
    code = (
        "import sys; from mnist_gui.__main__ import main; status = main(); "
        "sys.exit(status or any(name.startswith('PySide6') for name in sys.modules))"
    )
    command = [sys.executable, "-c", code, "evaluate", "--model", str(model)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
