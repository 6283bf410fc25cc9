"""The folder for runs: what is chosen in the window holds for the command line too."""

import json
from pathlib import Path

import pytest

from mnist_gui.cli.inputs import open_run_store
from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.runs.folder_choice import read_runs_choice, write_runs_choice
from mnist_gui.paths import data_folder
from tests.refusals import refused


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder, not there yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return data_folder()


def store_folder(*more: str) -> Path:
    return open_run_store(parse_arguments(["runs", "list", *more])).folder


def test_the_command_line_finds_the_runs_where_they_were_chosen_to_be(kept: Path) -> None:
    assert store_folder() == kept / "runs"
    write_runs_choice(kept, kept / "else where\u00a0\t")
    assert store_folder() == kept / "else where\u00a0\t"
    assert store_folder("--runs", "named") == Path("named")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        json.dumps({"format": 1, "runs": 7}),
        json.dumps({"format": 1, "runs": "not/absolute"}),
        json.dumps({"format": 1, "runs": "/\0"}),
        json.dumps({"format": 2, "runs": "/"}),
    ],
)
def test_a_choice_that_cannot_be_read_is_told_rather_than_forgotten(
    kept: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.mkdir()
    (kept / "choices.json").write_text(content)
    assert run_command(parse_arguments(["runs", "list"])) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(kept / "choices.json") in line
    assert "--runs" in line
    assert store_folder("--runs", "named") == Path("named")
    write_runs_choice(kept, kept)
    assert read_runs_choice(kept) == kept


def test_a_choice_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    with refused(RunStoreError, match="not text in UTF-8; choose another"):
        write_runs_choice(tmp_path, tmp_path / "\udcff")
    (tmp_path / "file").touch()
    with refused(RunStoreError, match="cannot be remembered"):
        write_runs_choice(tmp_path / "file" / "data", tmp_path)
    assert read_runs_choice(tmp_path / "file" / "data") is None
