import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mnist_gui.cli.classify import run_evaluate
from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.cli.train import run_train
from mnist_gui.engine.data.correction import DatasetChoice
from mnist_gui.engine.dataset import Dataset, load_choice, load_dataset
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.words.language import use_language
from tests.cli.conftest import CtrlC
from tests.engine.conftest import write_dataset
from tests.refusals import not_told

SOFTMAX = ("--recipe", "softmax-tutorial", "--steps", 20)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "digits"
    write_dataset(folder, train=240, test=100)
    return folder


@pytest.fixture(scope="module")
def swept(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two runs, which a sweep has trained."""
    folder = tmp_path_factory.mktemp("swept")
    sweep = ("sweep", *SOFTMAX, "--data", data, "--runs", folder, "--grid", "learning_rate=0.1,0.2")
    assert run(*sweep) == 0
    return folder


@pytest.fixture
def runs(swept: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    return Path(shutil.copytree(swept, tmp_path / "runs"))


def run(*arguments: object) -> int:
    return run_command(parse_arguments([str(argument) for argument in arguments]))


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    """Run a command that has to succeed, and return its JSON."""
    capsys.readouterr()
    assert run(*arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_runs_are_listed_shown_and_compared(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = answer(capsys, "runs", "list", "--runs", runs)
    assert {each["status"] for each in listed} == {"completed"}
    second, first = (each["run"] for each in listed)
    shown = answer(capsys, "runs", "show", "last", "--runs", runs)
    assert (shown["recipe"]["learning_rate"], shown["test_reads"]) == (0.2, 1)
    compared = answer(capsys, "runs", "compare", first, second, "--runs", runs)
    assert compared["differences"] == {"learning_rate": [0.1, 0.2]}
    (comparison,) = compared["comparisons"]
    assert comparison["images"] == 100
    assert "McNemar's test" in comparison["verdict"]
    for command in (("list",), ("show", first), ("compare", first, second)):
        assert run("runs", *command, "--runs", runs) == 0
        assert first in capsys.readouterr().out


def test_in_chinese_tables_are_translated_and_json_is_not(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show = ("runs", "show", "last", "--runs", runs, "--language", "zh_CN")
    try:
        assert run(*show) == 0
        table = capsys.readouterr().out
        assert re.search(r"^状态 +已完成 *$", table, re.MULTILINE)
        assert re.search(r"^学习率 +0.2 *$", table, re.MULTILINE)
        assert answer(capsys, *show)["status"] == "completed"
    finally:
        use_language("en")


def test_testing_a_run_again_is_counted(
    data: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = answer(capsys, "runs", "show", "last", "--runs", runs)
    tested = answer(capsys, "evaluate", "--run", "last", "--data", data, "--runs", runs)
    assert tested["test_accuracy"] == known["test"]["accuracy"]
    assert answer(capsys, "runs", "show", "last", "--runs", runs)["test_reads"] == 2


def test_a_run_is_found_once_so_that_no_later_one_is_counted_in_its_place(
    data: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second, first = (each["run"] for each in answer(capsys, "runs", "list", "--runs", runs))
    assert run("runs", "label", first, "--name", "mine", "--runs", runs) == 0

    def load_and_rename(choice: DatasetChoice) -> Dataset:
        assert run("runs", "label", first, "--name", "", "--runs", runs) == 0
        assert run("runs", "label", second, "--name", "mine", "--runs", runs) == 0
        capsys.readouterr()
        return load_choice(choice)

    options = ("--run", "mine", "--data", str(data), "--runs", str(runs))
    assert run_evaluate(parse_arguments(["evaluate", *options]), load_and_rename) == 0
    reads = {
        each["run"]: each["test_reads"] for each in answer(capsys, "runs", "list", "--runs", runs)
    }
    assert reads == {first: 2, second: 1}


def test_runs_are_labelled_deleted_restored_and_exported(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_id = answer(capsys, "runs", "show", "last", "--runs", runs)["run"]
    labels = ("--name", "mine", "--pin", "--colour", "green", "--note", "why", "--runs", runs)
    (labelled,) = answer(capsys, "runs", "label", "last", *labels)
    assert (labelled["name"], labelled["is_pinned"], labelled["note"]) == ("mine", True, "why")
    for form, name in (("folder", "run"), ("csv", "c.csv"), ("network", "n.mnistgui")):
        options = ("--format", form, "--out", tmp_path / name, "--runs", runs)
        answer(capsys, "runs", "export", "mine", *options)
    assert (tmp_path / "run" / "run.json").is_file()
    assert len((tmp_path / "c.csv").read_text().splitlines()) == 22
    assert run("classify", "--model", tmp_path / "n.mnistgui", "/no/drawing") == 2
    answer(capsys, "runs", "delete", "mine", "--runs", runs)
    assert len(answer(capsys, "runs", "list", "--runs", runs)) == 1
    assert answer(capsys, "runs", "restore", "--runs", runs) == {"deleted": [run_id]}
    (restored,) = answer(capsys, "runs", "restore", run_id, "--runs", runs)
    assert restored["name"] == "mine"


def test_a_run_that_was_interrupted_goes_on_with_more_steps_and_another_rate(
    data: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = ("train", "--recipe", "softmax-tutorial", "--steps", "100000")
    arguments = parse_arguments([*long, "--data", str(data), "--runs", str(runs)])
    assert run_train(arguments, CtrlC(10)) == 130
    assert "Go on with: mnist-gui resume " in capsys.readouterr().out
    stopped = answer(capsys, "runs", "show", "last", "--runs", runs)
    assert (stopped["status"], stopped["can_go_on"]) == ("stopped", True)
    resume = ("resume", "last", "--data", data, "--runs", runs)
    assert run(*resume, "--steps", 1) == 2
    changes = ("--steps", stopped["step"] + 30, "--learning-rate", 0.1)
    assert answer(capsys, *resume, *changes)["steps"] == stopped["step"] + 30
    ended = answer(capsys, "runs", "show", "last", "--runs", runs)
    assert (ended["status"], ended["step"]) == ("completed", stopped["step"] + 30)
    history = (runs / ended["run"] / "history.jsonl").read_text()
    for mark in ("resumed", "steps-added", "learning-rate-changed"):
        assert f'"event":"{mark}"' in history


def test_a_completed_run_is_trained_further(
    data: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resume = ("resume", "last", "--data", data, "--runs", runs)
    assert run(*resume) == 2
    sentence = "was completed after 20 steps; say with --steps how many it is to have in all."
    assert sentence in capsys.readouterr().err
    assert run(*resume, "--steps", 20) == 2
    assert answer(capsys, "runs", "show", "last", "--runs", runs)["continuation"] == "train further"
    assert answer(capsys, *resume, "--steps", 30)["steps"] == 30
    shown = answer(capsys, "runs", "show", "last", "--runs", runs)
    assert (shown["status"], shown["step"], shown["test_reads"]) == ("completed", 30, 2)


def test_a_run_that_ended_before_its_first_checkpoint_starts_again_and_says_so(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = tmp_path / "runs"
    recipe = replace(RECIPES["softmax-tutorial"], steps=20, seed=5)
    assert RunStore(runs).start(recipe, load_dataset(data), not_told).close(10)
    assert answer(capsys, "runs", "show", "last", "--runs", runs)["continuation"] == "start again"
    assert run("resume", "last", "--data", data, "--runs", runs) == 0
    said = capsys.readouterr().err
    assert "it starts again from the beginning, with the same settings and seed." in said
    (ended,) = answer(capsys, "runs", "list", "--runs", runs)
    assert (ended["status"], ended["step"], ended["recipe"]["seed"]) == ("completed", 20, 5)


def test_a_run_ends_early_for_want_of_patience_and_says_why(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = ("train", "--recipe", "softmax-tutorial", "--data", data, "--runs", tmp_path / "runs")
    result = answer(capsys, *train, "--steps", 5_000, "--patience", 1)
    best = result["best_restored"]
    assert best["is_early"]
    assert best["step"] == result["steps"] < 5_000
    assert best["best_accuracy"] == result["validation_accuracy"]
    shown = answer(capsys, "runs", "show", "last", "--runs", tmp_path / "runs")
    assert shown["reason"].startswith(f"Stopped at step {result['steps']:,}: validation had not")
    assert shown["test"]["step"] == shown["validation"]["step"] == best["best_step"]
    assert (shown["status"], shown["steps"]) == ("completed", 5_000)


def test_a_sweep_does_what_is_not_done_yet(
    data: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = answer(capsys, "runs", "list", "--runs", runs)
    sweep = ("sweep", *SOFTMAX, "--data", data, "--runs", runs)
    swept = answer(capsys, *sweep, "--grid", "learning_rate=0.1,0.2,0.3")
    assert swept["combinations"] == 3
    assert [each["recipe"]["learning_rate"] for each in swept["runs"]] == [0.1, 0.2, 0.3]
    assert swept["runs"][:2] == before[::-1]
    assert run(*sweep, "--grid", "learning_rate=0.1,0.2,0.3") == 0
    assert "3 of 3 combinations have ended" in capsys.readouterr().out
    assert len(answer(capsys, "runs", "list", "--runs", runs)) == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("runs", "show", "bogus"), "no run 'bogus'"),
        (("runs", "delete", "../x"), "no run '../x'"),
        (("runs", "restore", "20260101-000000-x-s1"), "is no longer in"),
        (("runs", "label", "last"), "nothing to change"),
        (("evaluate", "--model", "x"), "--runs goes with --run"),
        (("runs", "compare", "last"), "no run 'last'"),
        (("resume", "last"), "no run 'last'"),
        (("train", "--recipe", "softmax-tutorial", "--patience", "-1"), "from 0 to 1,000"),
        (("sweep", *SOFTMAX, "--grid", "x=1"), "does not say what to try"),
        (("sweep", *SOFTMAX, "--grid", "steps=1,2"), "--steps is also in --grid"),
        (("sweep", *SOFTMAX, "--grid", "learning_rate=0.1..1"), "draw from it with --random"),
    ],
)
def test_what_cannot_be_done_gives_one_sentence_and_status_2(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments, "--runs", tmp_path / "none") == 2
    out, err = capsys.readouterr()
    assert not out
    assert sentence in err
    assert len(err.splitlines()) == 1
