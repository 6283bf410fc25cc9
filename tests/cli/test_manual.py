import shutil
import subprocess
from pathlib import Path

import pytest

from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.words.usage import COMMANDS


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run_command(parse_arguments(list(words))) == 0
    return capsys.readouterr().out


def test_help_describes_every_command_and_action(capsys: pytest.CaptureFixture[str]) -> None:
    page = printed(capsys, "help")
    assert all(f"usage: mnist-gui {command}" in page for command in COMMANDS)
    assert "usage: mnist-gui runs label" in page
    assert page.count("exit status:") == page.count("usage: ")


@pytest.fixture
def bash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A script for bash that prints what a typed line can go on with."""
    if not shutil.which("bash"):
        pytest.skip("There is no bash.")
    script = tmp_path / "complete.bash"
    script.write_text(
        printed(capsys, "completion", "bash")
        + 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))\n'
        + '_shtab_mnist_gui; printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    return script


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (("tr",), {"train"}),
        (("train", "--recipe", ""), set(RECIPES)),
        (("runs", "la"), {"label"}),
        (("completion", "z"), {"zsh"}),
    ],
)
def test_bash_completes_commands_recipes_and_actions(
    bash: Path, typed: tuple[str, ...], offered: set[str]
) -> None:
    line = ["bash", str(bash), "mnist-gui", *typed]
    answer = subprocess.run(line, capture_output=True, text=True, check=True, timeout=60)
    assert set(answer.stdout.split()) == offered


def test_bash_completes_files_where_one_is_asked_for(bash: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").touch()
    line = ["bash", str(bash), "mnist-gui", "evaluate", "--drawings", f"{tmp_path}/mi"]
    answer = subprocess.run(line, capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.split() == [f"{tmp_path}/mine.jsonl"]


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells_have_scripts_too(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    script = printed(capsys, "completion", shell)
    assert "mnist-gui" in script
    assert "personalize" in script
