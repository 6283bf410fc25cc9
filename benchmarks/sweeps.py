"""Trains one sweep in several ways, and compares their bits and times.

    python -m benchmarks.sweeps [--recipe cnn-fast] [--steps 100] [--combinations 12] [--json]

One run after the other; two at a time in processes of their own (`--jobs 2`); on a Dask cluster of
two workers on this machine, one of which is killed once three runs are done; and with `--jobs 2`
again, where the first process is killed when it is seen. Each is the command `mnist-gui sweep` with
a folder of runs of its own. Printed are the seconds, and how many of the runs have the same
weights, curves and scores as one after the other. Needs the extra `cluster`.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import numpy as np
import psutil
from distributed import Client, LocalCluster

from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.runs.store import RunStore

Kill = Callable[[RunStore, int], bool]


@dataclass(frozen=True, slots=True)
class Way:
    """How a sweep was trained: its time, how it ended, and how many runs have the same bits."""

    name: str
    seconds: float
    status: int
    completed: int
    same: int
    said: str


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recipe", default="cnn-fast")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--combinations", type=int, default=12)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        ways = list(_ways(arguments, Path(scratch)))
    if arguments.json:
        print(json.dumps([asdict(way) for way in ways]))
        return 0
    print("| | seconds | exit status | completed | same bits |")
    print("|---|---|---|---|---|")
    for way in ways:
        print(
            f"| {way.name} | {way.seconds:.0f} | {way.status} | {way.completed} "
            f"| {way.same} of {arguments.combinations} |"
        )
    for way in ways:
        print(f"\n{way.name} said: {way.said or 'nothing'}")
    return 0


def _ways(arguments: argparse.Namespace, scratch: Path) -> Iterator[Way]:
    def train(name: str, *options: str, kill: Kill = lambda *_: True) -> Way:
        folder = scratch / name
        started = perf_counter()
        status, said = _train(arguments, folder, options, kill)
        seconds, runs = perf_counter() - started, _bits(folder)
        same = sum(runs[key] == bits for key, bits in expected.items() if key in runs)
        return Way(name, seconds, status, len(runs), same or len(runs), said)

    expected: dict[Any, Any] = {}
    yield train("one after the other")
    expected = _bits(scratch / "one after the other")
    yield train("two processes", "--jobs", "2")
    yield train("two processes, one killed", "--jobs", "2", kill=_kill_child)
    with _cluster() as (address, pids):

        def kill_worker(store: RunStore, _pid: int) -> bool:
            done = [r for r in store.runs().runs if r.status is RunStatus.COMPLETED]
            if len(done) >= 3:
                os.kill(pids[0], signal.SIGKILL)
            return len(done) >= 3

        yield train("two Dask workers, one killed", "--dask", address, kill=kill_worker)


def _train(
    arguments: argparse.Namespace, folder: Path, options: tuple[str, ...], kill: Kill
) -> tuple[int, str]:
    """Run the command; call `kill` every half a second until it says that it has killed."""
    rates = ",".join(f"{rate:.6g}" for rate in np.geomspace(1e-3, 2e-2, arguments.combinations))
    command = [sys.executable, "-m", "mnist_gui", "sweep", "--recipe", arguments.recipe]
    command += ["--steps", str(arguments.steps), "--grid", f"learning_rate={rates}"]
    command += ["--runs", str(folder), "--json", *options]
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        is_killed = False
        while process.poll() is None:
            is_killed = is_killed or kill(RunStore(folder), process.pid)
            sleep(0.5)
        errors.seek(0)
        lines = [line for line in errors.read().splitlines() if line.startswith("mnist-gui:")]
    return process.returncode, " ".join(lines)


def _kill_child(store: RunStore, pid: int) -> bool:
    """Kill a process of the sweep that is training."""
    if not any(run.info.step for run in store.runs().runs):
        return False
    children = psutil.Process(pid).children()
    workers = [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    workers[0].kill()
    return True


@contextmanager
def _cluster() -> Iterator[tuple[str, list[int]]]:
    """Yield the address of a cluster of two workers, and their process IDs."""
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            worker_dashboard_address="127.0.0.1:0",
        ) as cluster,
        Client(cluster) as client,
    ):
        yield cluster.scheduler_address, [*client.run(os.getpid).values()]


def _bits(folder: Path) -> dict[Any, Any]:
    """Return the weights, curves and scores of the completed runs by their recipes."""
    store = RunStore(folder)
    runs = [run for run in store.runs().runs if run.status is RunStatus.COMPLETED]
    found = {}
    for run in runs:
        snapshot, history = store.snapshot(run.run_id), store.history(run.run_id).history
        weights = {name: array.tobytes() for name, array in snapshot.weights.items()}
        curves = (history.loss.values.tobytes(), history.validation_accuracy.values.tobytes())
        scores = (run.info.validation, run.info.best_validation, run.info.test)
        found[run.info.recipe] = (weights, snapshot.temperature, curves, scores)
    return found


if __name__ == "__main__":
    sys.exit(main())
