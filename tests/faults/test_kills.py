"""Twenty kills at random moments: each run goes on, and ends with the bits of one left in peace."""

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import IO

import pytest

from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.runs.store import RunStore
from tests.faults.training_program import TRAINED

KILLS = 5


@contextmanager
def training(runs: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    command = [sys.executable, "-m", "tests.faults.training_program", str(runs), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        yield program, program.stdout


def train_to_the_end(runs: Path, *words: str) -> None:
    with training(runs, *words) as (_, output):
        assert output.read().split()[-1:] == ["ended"]


def kill_once(runs: Path, moment: float, *words: str) -> bool:
    """Kill a program so many seconds after it began to train; return whether it still trained."""
    with training(runs, *words) as (program, output):
        assert output.readline() == "training\n"
        sleep(moment)
        program.send_signal(signal.SIGKILL)
        return output.read() == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", TRAINED)
def test_a_run_survives_being_killed_five_times(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    train_to_the_end(tmp_path / "peace", name)
    killed, kills = RunStore(tmp_path / "killed"), 0
    moments = random.Random(name)
    words = [name]
    steps: list[int] = []
    while kills < KILLS:
        kills += kill_once(killed.folder, moments.uniform(0.0, 0.3), *words)
        (run,) = killed.runs().runs
        assert run.status is RunStatus.INTERRUPTED, run.status
        steps.append(killed.checkpoint(run.run_id).step)
        assert killed.history(run.run_id).damaged_lines == 0
        words = [name, run.run_id]
    train_to_the_end(killed.folder, *words)
    assert_alike(RunStore(tmp_path / "peace"), killed)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{name}: {kills} kills, at steps {steps}, each gone on from; same bits at the end\n"
        )


def assert_alike(peace: RunStore, killed: RunStore) -> None:
    runs = [store.runs().runs[0] for store in (peace, killed)]
    assert [run.status for run in runs] == [RunStatus.COMPLETED] * 2
    one, other = (
        store.snapshot(run.run_id).weights for store, run in zip((peace, killed), runs, strict=True)
    )
    assert {n: a.tobytes() for n, a in one.items()} == {n: a.tobytes() for n, a in other.items()}
    curves = [
        store.history(run.run_id).history.loss
        for store, run in zip((peace, killed), runs, strict=True)
    ]
    assert curves[0].steps.tolist() == curves[1].steps.tolist()
    assert curves[0].values.tobytes() == curves[1].values.tobytes()
