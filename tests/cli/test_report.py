"""`mnist-gui evaluate --report`."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.active_run import start_run
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.words.language import use_language
from tests.engine.conftest import softmax_snapshot, write_dataset
from tests.refusals import not_told


def run(*arguments: object) -> int:
    return run_command(parse_arguments([str(argument) for argument in arguments]))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_dataset(tmp_path / "digits & more", train=24, test=10)
    return tmp_path / "digits & more"


def test_a_report_is_saved_beside_what_is_printed(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, out = tmp_path / "<mine>.mnistgui", tmp_path / "out.html"
    save_snapshot(model, replace(softmax_snapshot(), temperature=2.0))
    assert run("evaluate", "--model", model, "--data", data, "--report", out, "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert result["report"] == str(out)
    html = out.read_text("utf-8")
    assert f"{100 * result['test_accuracy']:.2f} %" in html
    assert f"{100 * result['expected_calibration_error']:.2f} points" in html
    assert "<h1>Test report: &lt;mine&gt;.mnistgui</h1>" in html
    assert "digits &amp; more, 10 test images" in html
    assert "Calibrated, by the temperature 2.00" in html


def test_the_report_on_a_run_has_its_curves_and_drawings_are_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs, out = tmp_path / "runs", tmp_path / "out.html"
    recipe = replace(RECIPES["softmax-tutorial"], steps=5)
    trained = start_run(RunStore(runs), load_dataset(data), recipe, warn=not_told)
    for event in trained.events():
        trained.handle(event)
    assert trained.close(10)
    drawings = tmp_path / "drawings.jsonl"
    drawings.write_text(json.dumps({"strokes": [[[0.5, 0.2], [0.5, 0.8]]], "label": 1}))
    network = ("--run", "last", "--runs", runs)
    tested_on = ("--data", data, "--drawings", drawings)
    assert run("evaluate", *network, *tested_on, "--report", out, "--raw") == 0
    assert f"The report is saved to {out}." in capsys.readouterr().out
    html = out.read_text("utf-8")
    assert "<h2>Curves</h2>" in html
    assert str(trained.run_id) in html
    assert " of 1 drawings read correctly " in html
    assert "Calibrated, by the temperature" not in html


def test_where_no_report_can_be_saved_that_is_told_before_any_work(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "none" / "out.html"
    assert run("evaluate", "--model", "/no/model", "--report", out) == 2
    told = capsys.readouterr().err
    assert told.startswith("mnist-gui: The report cannot be written to ")
    assert len(told.splitlines()) == 1


def test_the_report_speaks_the_language_of_the_command(data: Path, tmp_path: Path) -> None:
    model, out = tmp_path / "net.mnistgui", tmp_path / "out.html"
    save_snapshot(model, softmax_snapshot())
    arguments = ("--model", model, "--data", data, "--report", out, "--language", "zh_CN")
    try:
        assert run("evaluate", *arguments) == 0
    finally:
        use_language("en")
    assert '<html lang="zh-CN">' in out.read_text("utf-8")
