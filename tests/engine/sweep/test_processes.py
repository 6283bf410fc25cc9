import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import pytest

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.errors import SweepError
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.sweep.combinations import Ended, News, Told, Trained, sweep_here
from mnist_gui.engine.sweep.processes import sweep_in_processes
from mnist_gui.words.errors import sentence
from tests.engine.conftest import write_dataset
from tests.engine.sweep.conftest import MakeSweep, bits, never, trained_here
from tests.refusals import not_told, refused

# So many that a process cannot be done with them before it is killed.
MANY_STEPS = replace(RECIPES["softmax-tutorial"], steps=6_000, validate_every=2_000)
SOFTMAX = replace(RECIPES["softmax-tutorial"], steps=40, validate_every=20)


def test_a_process_gives_the_bits_of_runs_trained_here(sweep_of: MakeSweep) -> None:
    sweep = sweep_of(1e-3, 2e-3)
    news = list(sweep_in_processes(sweep, 1, never))
    assert [each for each in news if isinstance(each, Ended)] == [*map(Ended, sweep.recipes)]
    assert {each.step for each in news if isinstance(each, Trained)} >= {8, 16, 24}
    assert bits(sweep) == trained_here(sweep_of(1e-3, 2e-3, name="here"))
    assert not active_children()
    assert not list(sweep_in_processes(sweep, 2, never))


@pytest.mark.slow
def test_two_processes_give_the_bits_of_one_run_after_the_other(sweep_of: MakeSweep) -> None:
    sweep = sweep_of(1e-3, 2e-3, 3e-3, 4e-3)
    news = list(sweep_in_processes(sweep, 2, never))
    ended = [each for each in news if isinstance(each, Ended)]
    assert {each.recipe for each in ended} == {*sweep.recipes}
    assert not any(each.problem for each in ended)
    assert bits(sweep) == trained_here(sweep_of(1e-3, 2e-3, 3e-3, 4e-3, name="here"))


def killing(news: Iterator[News], times: int) -> Iterator[News]:
    """Kill the process of a sweep so often, each time when it is seen to train."""
    for each in news:
        if isinstance(each, Trained) and times:
            times -= 1
            for child in active_children():
                child.kill()
                child.join()
        yield each


def collect(news: Iterator[News], seen: list[News]) -> None:
    for each in news:
        seen.append(each)  # noqa: PERF402 - what is seen decides how it goes on


@pytest.mark.slow
def test_a_process_that_is_killed_is_replaced_once_for_each_combination(
    sweep_of: MakeSweep,
) -> None:
    sweep = sweep_of(0.1, 0.2, recipe=MANY_STEPS)
    news = [
        n for n in killing(sweep_in_processes(sweep, 1, never), 2) if not isinstance(n, Trained)
    ]
    told, given_up, done = news
    assert isinstance(told, Told)
    assert "learning_rate=0.1" in sentence(told.problem)
    assert given_up == Ended(sweep.recipes[0], given_up.problem, is_given_up=True)
    assert done == Ended(sweep.recipes[1])
    (left,) = (r for r in sweep.store.runs().runs if r.info.recipe == sweep.recipes[0])
    assert left.status is RunStatus.INTERRUPTED
    # The same sweep goes on with it, to the bits that it would have had.
    assert list(sweep_in_processes(sweep, 1, never))[-1] == Ended(sweep.recipes[0])
    assert bits(sweep) == trained_here(sweep_of(0.1, 0.2, name="never killed", recipe=MANY_STEPS))


@pytest.mark.slow
def test_a_sweep_that_is_stopped_leaves_runs_that_go_on_to_the_same_bits(
    sweep_of: MakeSweep,
) -> None:
    sweep = sweep_of(0.1, 0.2, 0.3, recipe=MANY_STEPS)
    seen: list[News] = []
    collect(sweep_in_processes(sweep, 2, lambda: len(seen) > 1), seen)
    statuses = [run.status for run in sweep.store.runs().runs]
    assert statuses
    assert {*statuses} == {RunStatus.STOPPED}
    assert not sweep.ended_runs()
    collect(sweep_in_processes(sweep, 3, never), seen)
    assert len(sweep.store.runs().runs) == 3
    stopless = sweep_of(0.1, 0.2, 0.3, name="never stopped", recipe=MANY_STEPS)
    assert bits(sweep) == trained_here(stopless)


@pytest.mark.parametrize("jobs", [0, -1, 65])
def test_a_number_of_jobs_that_makes_no_sense_is_refused(sweep_of: MakeSweep, jobs: int) -> None:
    with refused(SweepError, "1 to 64 for --jobs"):
        list(sweep_in_processes(sweep_of(0.1), jobs, never))


# --- two sweeps of one grid in one folder at once -----------------------------------------------


def ended(news: Iterator[News]) -> list[Ended]:
    return [each for each in news if isinstance(each, Ended)]


def test_what_another_sweep_trains_is_left_to_it(sweep_of: MakeSweep) -> None:
    first, second = (sweep_of(0.1, 0.2, 0.3, recipe=SOFTMAX) for _ in range(2))
    begun = sweep_here(first, never, not_told)
    assert isinstance(next(begun), Trained)
    left, *trained = ended(sweep_here(second, never, not_told))
    assert left.recipe == second.recipes[0]
    assert left.problem is not None
    assert sentence(left.problem).startswith("learning_rate=0.1 is being trained by another sweep")
    assert trained == [*map(Ended, second.recipes[1:])]
    # The first one goes on with its own, and takes the others as they are.
    assert ended(begun) == [*map(Ended, first.recipes)]
    assert len(first.store.runs().runs) == 3
    assert bits(first) == trained_here(sweep_of(0.1, 0.2, 0.3, name="alone", recipe=SOFTMAX))
    assert not [path for path in first.store.folder.iterdir() if path.is_file()]


@pytest.mark.slow
def test_two_commands_at_once_train_each_combination_once(
    sweep_of: MakeSweep, tmp_path: Path
) -> None:
    write_dataset(tmp_path / "digits", train=240, test=100)
    rates = (0.1, 0.2, 0.3, 0.4)
    grid = [f"learning_rate={','.join(map(str, rates))}", "validate_every=20"]
    options = ["--steps", "40", "--device", "CPU"]
    where = ["--data", str(tmp_path / "digits"), "--runs", str(tmp_path / "both")]
    command = ["sweep", "--recipe", "softmax-tutorial", "--grid", *grid, *options, *where]
    programs = [
        subprocess.Popen(
            [sys.executable, "-m", "mnist_gui", *command], stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for program in programs:
        _, errors = program.communicate()
        assert program.returncode == 0, errors
    alone = replace(sweep_of(*rates, recipe=SOFTMAX), dataset=load_dataset(tmp_path / "digits"))
    both = replace(alone, store=RunStore(tmp_path / "both"))
    listed = both.store.runs()
    assert not listed.unreadable
    assert [run.status for run in listed.runs] == [RunStatus.COMPLETED] * 4
    assert bits(both) == trained_here(alone)
