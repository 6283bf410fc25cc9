"""Measures how long a store of many runs takes to be listed.

    python -m benchmarks.run_store_size [--runs 1000] [--rounds 7]

"first" is a list by a program that has just started, "again" one by a program that has listed them
before, "a change" one after one of the runs was renamed. Each figure is the median of the rounds.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import RunPrepared, Validated
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.runs.store import RunStore


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    with TemporaryDirectory() as place:
        folder = Path(place)
        run_id = fill(folder, arguments.runs)
        known = RunStore(folder)
        show("first", arguments.rounds, lambda: RunStore(folder).runs())
        known.runs()
        show("again", arguments.rounds, known.runs)

        def rename_and_list() -> None:
            known.rename(run_id, "named")
            known.runs()

        show("a change", arguments.rounds, rename_and_list)


def fill(folder: Path, count: int) -> str:
    """Make so many completed runs, and return the ID of one."""
    store = RunStore(folder)
    recorder = store.start(RECIPES["softmax-tutorial"], load_dataset(), print)
    recorder.record(RunPrepared("CPU: one", "float32", 7_850, 1.0))
    recorder.record(Validated(1_000, 0.92, 0.3))
    recorder.end(RunStatus.COMPLETED)
    if not recorder.close() or recorder.run_id is None:
        raise SystemExit("The runs cannot be written.")
    store.rename(recorder.run_id, "a name")
    for number in range(count - 1):
        copytree(folder / recorder.run_id, folder / f"{recorder.run_id}-{number}")
    return recorder.run_id


def show(what: str, rounds: int, call: Callable[[], object]) -> None:
    """Time a call, and print the median."""
    seconds = []
    for _ in range(rounds):
        started = perf_counter()
        call()
        seconds.append(perf_counter() - started)
    print(f"{what:10} {median(seconds) * 1_000:8.1f} ms")


if __name__ == "__main__":
    main()
