"""What is typed: understood, or refused in one sentence; and the help that says what can be."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from mnist_gui import __version__
from mnist_gui.cli.main import parse_arguments
from mnist_gui.cli.parser import dataset_choice
from mnist_gui.engine.data.correction import Correction, DatasetChoice, Turn

COMMANDS = (
    "train",
    "resume",
    "personalize",
    "evaluate",
    "classify",
    "export",
    "import",
    "data",
    "runs",
    "sweep",
    "doctor",
)
PERSONALIZE = ("personalize", "--from", "x", "--drawings", "y")
ACTIONS = ("list", "show", "compare", "label", "delete", "restore", "export")
HELP = [(), *((name,) for name in COMMANDS), *(("runs", name) for name in ACTIONS)]


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the one line that says why this cannot be typed."""
    with pytest.raises(SystemExit) as stop:
        parse_arguments(list(arguments))
    assert stop.value.code == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("mnist-gui: ")
    assert err.endswith("--help'.\n")
    (line,) = err.splitlines()
    return line


def test_options_without_a_command_are_the_windows() -> None:
    found = parse_arguments(["--data", "x", "--runs", "y", "--recipe", "z"])
    assert (found.command, found.data, found.runs) == (None, Path("x"), Path("y"))
    assert (found.recipe, found.screenshot, found.page) == ("z", None, None)


def test_the_window_opens_a_data_set_by_the_options_of_the_commands() -> None:
    options = ["--data", "x", "--resize", "--transpose", "--invert", "--brighten"]
    correction = Correction(Turn.TRANSPOSE, inverts=True, brightens=True)
    for command in ([], ["evaluate"]):
        chosen = dataset_choice(parse_arguments([*command, *options]))
        assert chosen == DatasetChoice(Path("x"), resizes=True, corrections=(correction,))
    assert dataset_choice(parse_arguments([])) == DatasetChoice()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--data", "x", "train", "--recipe", "cnn-fast"),
        ("--runs", "x", "runs", "delete", "last"),
        ("--recipe", "cnn-fast", "sweep", "--recipe", "cnn-best", "--grid", "seed=1,2"),
        ("--screenshot", "x.png", "runs", "list"),
        ("--screenshot", "x.png", "--page", "2", "evaluate", "--model", "y"),
        ("--page", "2", "runs", "list"),
    ],
)
def test_options_before_a_command_are_refused_rather_than_dropped(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"{arguments[0]} before" in refusal(capsys, *arguments)


def test_options_behind_a_command_are_the_commands() -> None:
    found = parse_arguments(["runs", "list", "--runs", "x"])
    assert (found.command, found.action, found.runs) == ("runs", "list", Path("x"))
    assert parse_arguments(["train", "--recipe", "a", "--data", "x"]).data == Path("x")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("bogus",), "'bogus'"),
        (("--page", "2"), "--page goes with --screenshot"),
        (("train",), "required: --recipe"),
        (("train", "--resume", "last"), "required: --recipe"),
        (("train", "--recipe", "a", "--resume", "b"), "unrecognized arguments: --resume b"),
        (("train", "--recipe", "personal", "--from", "x"), "unrecognized arguments: --from x"),
        (("resume",), "required: run"),
        (("resume", "last", "--seed", "3"), "unrecognized arguments: --seed 3"),
        (("resume", "last", "--no-record"), "unrecognized arguments: --no-record"),
        (("personalize",), "required: --from, --drawings"),
        (("personalize", "--from", "x"), "required: --drawings"),
        ((*PERSONALIZE, "--steps", "5"), "unrecognized arguments: --steps 5"),
        ((*PERSONALIZE, "--learning-rate", "1"), "unrecognized arguments: --learning-rate 1"),
        ((*PERSONALIZE, "--no-record"), "unrecognized arguments: --no-record"),
        ((*PERSONALIZE, "--runs", "y"), "unrecognized arguments: --runs y"),
        (("train", "--recipe", "a", "--steps", "many"), "--steps: 'many' is not a whole number"),
        (("train", "--recipe", "a", "--learning-rate", "x"), "'x' is not a number"),
        (("train", "--recipe", "a", "--learn", "1"), "--learn"),
        (("runs",), "action"),
        (("runs", "label", "last", "--colour", "pink"), "pink"),
        (("export", "--model", "x"), "--out"),
        (("classify", "--model", "x", "one\ntwo", "--bogus\nline"), "unrecognized arguments"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert words in refusal(capsys, *arguments).lower()


@pytest.mark.parametrize("command", HELP, ids=" ".join)
def test_each_help_says_what_everything_is_with_an_example_that_can_be_typed(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as stop:
        parse_arguments([*command, "--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert "%%" not in text
    assert "  2    something has to be put right" in text
    example = text.split("example:\n  mnist-gui ")[1].splitlines()[0]
    if command:
        assert example.split()[: len(command)] == list(command)
    assert parse_arguments(shlex.split(example)).command
    assert max(map(len, text.splitlines())) <= 80


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(["--version"])
    assert capsys.readouterr().out == f"mnist-gui {__version__}\n"


@pytest.mark.parametrize("command", [(), ("train",), ("personalize",)], ids=" ".join)
def test_help_loads_nothing_heavy(command: tuple[str, ...]) -> None:
    code = (
        "import atexit, sys\n"
        "heavy = {'tensorflow', 'keras', 'scipy', 'h5py', 'PIL', 'PySide6', 'pyqtgraph', 'rich'}\n"
        "atexit.register(lambda: print(sorted(heavy & set(sys.modules)), file=sys.stderr))\n"
        "from mnist_gui.__main__ import main\n"
        "main()"
    )
    words = [sys.executable, "-c", code, *command, "--help"]
    done = subprocess.run(words, capture_output=True, check=True, text=True)
    assert done.stdout.startswith("usage: mnist-gui")
    assert done.stderr == "[]\n"
