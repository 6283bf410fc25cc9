import sys
from multiprocessing import active_children
from pathlib import Path

import pytest

from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.cli.sweep import run_sweep
from mnist_gui.cli.train import Interrupt
from tests.engine.conftest import write_dataset


class Killer(Interrupt):
    """Kills the processes of a sweep whenever they are waited for."""

    @property
    def is_requested(self) -> bool:
        for child in active_children():
            child.kill()
        return super().is_requested


def test_a_combination_whose_processes_are_killed_is_named_and_gives_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_dataset(tmp_path / "digits")
    where = ["--data", str(tmp_path / "digits"), "--runs", str(tmp_path / "runs")]
    grid = ["--grid", "learning_rate=0.1", "--jobs", "2"]
    arguments = parse_arguments(["sweep", "--recipe", "softmax-tutorial", *where, *grid])
    assert run_sweep(arguments, Killer()) == 2
    out, err = capsys.readouterr()
    assert "learning_rate=0.1 was ended from outside; another one goes on" in err
    assert "learning_rate=0.1 was ended from outside a second time" in err
    assert "0 of 1 combinations have ended" in out


@pytest.mark.parametrize(
    ("package", "option", "extra"),
    [("distributed", "--dask tcp://127.0.0.1:1", "cluster"), ("optuna", "--optuna 2", "optuna")],
)
def test_without_its_extra_an_option_names_it(
    package: str,
    option: str,
    extra: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # So says Python that there is no such module.
    monkeypatch.setitem(sys.modules, package, None)
    words = ["sweep", "--recipe", "softmax-tutorial", "--grid", "seed=1,2", *option.split()]
    assert run_command(parse_arguments([*words, "--runs", str(tmp_path)])) == 2
    out, err = capsys.readouterr()
    assert not out
    assert f'its extra "{extra}"' in err


@pytest.mark.parametrize("other", [("--jobs", "2"), ("--dask", "tcp://127.0.0.1:1")])
def test_optuna_goes_one_after_the_other(
    other: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sweep", "--recipe", "softmax-tutorial", "--grid", "seed=1,2", "--optuna", "2", *other]
    assert run_command(parse_arguments([*words, "--runs", str(tmp_path)])) == 2
    assert "leave out --random, --jobs and --dask" in capsys.readouterr().err
