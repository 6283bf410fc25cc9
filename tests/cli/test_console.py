"""The program as a shell starts it: whatever its streams can show, however it is interrupted."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.active_run import start_run
from mnist_gui.engine.runs.store import RunStore
from tests.engine.conftest import write_dataset
from tests.refusals import not_told

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="these are the ways of Unix")

# Starts the program as `python -m` does, and presses Ctrl-C when a module is imported, or when a
# function of this name is called or has returned; each time as often as it is said.
PRESSING = """
import runpy, signal, sys
# As in a terminal; who starts the tests may have it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
module, function, presses = sys.argv[1], sys.argv[2], int(sys.argv[3])
def press():
    global presses
    while presses:
        presses -= 1
        signal.raise_signal(signal.SIGINT)
sys.addaudithook(lambda event, facts: press() if event == "import" and facts[0] == module else None)
def profile(frame, event, _argument):
    if event == "call" and frame.f_code.co_name == function:
        press()
sys.setprofile(profile)
sys.argv = ["mnist-gui", *sys.argv[4:]]
runpy.run_module("mnist_gui", run_name="__main__", alter_sys=True)
"""


def started(
    *arguments: object, variables: Mapping[str, str] | None = None, shell: str = ""
) -> subprocess.CompletedProcess[bytes]:
    """Run a command, with what a shell puts behind it."""
    line = f'"$@" {shell}'
    command = [sys.executable, "-m", "mnist_gui", *map(str, arguments)]
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line, "bash", *command],
        env=os.environ | (variables or {}),
        capture_output=True,
        check=False,
    )


def interrupted(
    *arguments: str, module: str = "-", function: str = "-", presses: int = 1
) -> subprocess.CompletedProcess[bytes]:
    """Run a command and press Ctrl-C."""
    command = [sys.executable, "-c", PRESSING, module, function, str(presses), *arguments]
    return subprocess.run(command, capture_output=True, check=False)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run that has a Chinese name."""
    folder = tmp_path_factory.mktemp("runs")
    write_dataset(folder / "digits", train=24, test=10)
    store = RunStore(folder / "runs")
    recipe = replace(RECIPES["softmax-tutorial"], steps=1)
    run = start_run(store, load_dataset(folder / "digits"), recipe, warn=not_told)
    assert run.close(10)
    assert run.run_id
    store.rename(run.run_id, "数字 one")
    return folder / "runs"


@pytest.mark.parametrize("encoding", ["ascii:strict", "cp1252"])
def test_what_an_encoding_cannot_show_is_replaced_and_all_else_is_there(
    runs: Path, encoding: str
) -> None:
    result = started("runs", "list", "--runs", runs, variables={"PYTHONIOENCODING": encoding})
    assert (result.returncode, result.stderr) == (0, b"")
    assert b" ?? one " in result.stdout
    (run,) = [line for line in result.stdout.splitlines() if b"?? one" in line]
    assert run.startswith(b"20")


def test_help_is_english_where_chinese_cannot_be_shown() -> None:
    result = started("--help", "--language", "zh_CN", variables={"PYTHONIOENCODING": "cp1252"})
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.startswith(b"usage: mnist-gui")
    result = started("--help", "--language", "zh_CN", variables={"PYTHONIOENCODING": "gbk"})
    assert result.stdout.decode("gbk").startswith("用法：mnist-gui")


def test_a_path_that_cannot_be_shown_is_named_with_marks_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "数字.jsonl"
    path.write_text('{"strokes": [[[0.5, 0.1], [0.5, 0.9]]]}\n{}\n')
    result = started("classify", path, variables={"PYTHONIOENCODING": "ascii"})
    assert result.returncode == 2
    assert f"{tmp_path}/??.jsonl:1  1  (0: ".encode() in result.stdout
    assert rb"\u6570\u5b57.jsonl, line 2: A drawing must be" in result.stderr


@pytest.mark.parametrize("words", ["--help", "--version", "runs list"])
def test_a_full_output_is_told_in_one_sentence(words: str, runs: Path) -> None:
    result = started(*words.split(), variables={"XDG_DATA_HOME": str(runs)}, shell="> /dev/full")
    assert result.returncode == 2
    said = b"mnist-gui: What is printed cannot be written: the disk is full; "
    assert result.stderr.startswith(said)
    assert result.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    "shell",
    ["| true", "| head -c 1 > /dev/null", ">&-", "> /dev/full 2> /dev/full", "<&- >&- 2>&-"],
)
def test_an_output_that_nobody_reads_is_no_error_and_said_nothing_of(shell: str) -> None:
    result = started("--help", shell=shell)
    assert (result.stdout, result.stderr) == (b"", b"")
    assert result.returncode == (2 if "full" in shell else 0)


def test_complaints_that_nobody_reads_do_not_end_a_command(runs: Path) -> None:
    for shell in ("2> /dev/full", "2>&-"):
        result = started("runs", "show", "nowhere", "--runs", runs, shell=shell)
        assert (result.returncode, result.stdout, result.stderr) == (2, b"", b"")


def test_what_is_opened_never_takes_the_place_of_a_closed_output(tmp_path: Path) -> None:
    program = (
        "from mnist_gui.cli.console import prepare_streams\n"
        "prepare_streams()\n"
        f"file = open({str(tmp_path / 'kept')!r}, 'w')\n"
        "import os, sys\n"
        "sys.exit(0 if file.fileno() > 2 else 1)"
    )
    command = f'"{sys.executable}" -c "{program}" >&- 2>&-'
    assert subprocess.run(["bash", "-c", command], check=False).returncode == 0


@pytest.mark.parametrize("module", ["mnist_gui.cli.console", "mnist_gui.cli"])
def test_ctrl_c_before_it_is_taken_care_of_ends_the_program_silently(module: str) -> None:
    result = interrupted("runs", "list", module=module)
    # A shell calls the end by this signal 130 too.
    assert (result.returncode, result.stdout, result.stderr) == (-signal.SIGINT, b"", b"")


@pytest.mark.parametrize(
    ("module", "presses"), [("mnist_gui.cli.main", 1), ("msgspec", 2), ("mnist_gui.cli.runs", 2)]
)
def test_ctrl_c_while_the_program_starts_ends_it_silently(module: str, presses: int) -> None:
    result = interrupted("runs", "list", module=module, presses=presses)
    assert (result.returncode, result.stdout, result.stderr) == (130, b"", b"")


@pytest.mark.parametrize(
    ("function", "presses"), [("parse_arguments", 1), ("_list", 1), ("_list", 2)]
)
def test_ctrl_c_in_a_command_ends_it_silently(function: str, presses: int, runs: Path) -> None:
    words = ("runs", "list", "--runs", str(runs))
    result = interrupted(*words, function=function, presses=presses)
    assert (result.returncode, result.stdout, result.stderr) == (130, b"", b"")


def test_ctrl_c_before_the_window_is_there_ends_the_program_silently() -> None:
    result = interrupted(module="PySide6", presses=2)
    assert (result.returncode, result.stdout, result.stderr) == (130, b"", b"")


@pytest.mark.parametrize("option", ["--out", "--report"])
@pytest.mark.parametrize("name", ["loop", "loop/in", "a" * 300])
def test_a_circle_of_links_and_an_endless_name_are_refused_in_one_sentence(
    tmp_path: Path, option: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    command = ["evaluate"] if option == "--report" else ["train", "--recipe", "softmax-tutorial"]
    assert run_command(parse_arguments([*command, option, str(tmp_path / name)])) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert re.search(rf"cannot be (saved|written) to {re.escape(str(tmp_path / name))}\b", said)
