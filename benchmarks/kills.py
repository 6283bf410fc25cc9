"""Kills the program, over and over, and looks whether what it goes on to has the same bits.

    python -m benchmarks.kills [NAME ...] [--kills 50] [--seed 1] [--json]

Each of these is killed (SIGKILL) so often, and begun again each time as a user would: a run at
random moments; a run where it flushes a file to the disk, so also within a checkpoint; a network
while it is personalized; a sweep of four runs. Printed are the kills, how many files were damaged
or runs lost by them, and whether the weights at the end have the bits of one left in peace. The
status is 1 where anything was lost or differs. Linux and macOS only.
"""

import argparse
import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from mnist_gui.engine.digits.files import write_drawings
from mnist_gui.engine.drawing import LabelledDrawing
from mnist_gui.engine.errors import MnistGuiError
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.synthetic.generate import draw
from mnist_gui.engine.synthetic.styles import DIGIT_STYLES
from mnist_gui.paths import SHIPPED_NETWORK

_LONGEST_SECONDS = 600
_MOST_FLUSHES = 60
_RATES = "learning_rate=0.1,0.2,0.3,0.4"
Digests = dict[str, str]
"""By what it is of, the weights' digest."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of killing one thing."""

    kills: int
    lost: int
    same_bits: bool


def main() -> int:
    """Kill and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(_THINGS))
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    outcomes = {}
    for name in arguments.names or _THINGS:
        with tempfile.TemporaryDirectory() as folder:
            moments = random.Random(f"{name} {arguments.seed}")
            outcomes[name] = outcome = _THINGS[name](Path(folder), arguments.kills, moments)
        if not arguments.json:
            print(f"{name:12} {outcome}", flush=True)
    if arguments.json:
        print(json.dumps({name: asdict(outcome) for name, outcome in outcomes.items()}))
    is_good = all(each.same_bits and not each.lost for each in outcomes.values())
    return 0 if is_good else 1


def _module(*words: object) -> list[str]:
    return [sys.executable, "-m", *map(str, words)]


def _is_killed(command: list[str], seconds: float) -> bool:
    """Kill a command after so many seconds; return whether it still ran."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            return True
    if status not in (0, -signal.SIGKILL):
        raise SystemExit(f"{' '.join(command)} ended with status {status}")
    return status != 0


def _in_peace(command: list[str]) -> float:
    """Run a command to its end; return the seconds it took."""
    started = time.perf_counter()
    if _is_killed(command, _LONGEST_SECONDS):
        raise SystemExit(f"{' '.join(command)} was killed or took too long")
    return time.perf_counter() - started


# --- a run -----------------------------------------------------------------------------------


def kill_run(folder: Path, kills: int, moments: random.Random, *, at_flush: bool) -> Outcome:
    """Kill a run, and go on with it, over and over; then train it to its end."""
    program = "tests.faults.training_program"
    seconds = _in_peace(_module(program, folder / "peace", "softmax"))
    store, done, lost = RunStore(folder / "killed"), 0, 0
    while done < kills:
        words = [program, store.folder, "softmax", *_run_to_resume(store)]
        if at_flush:
            flush = moments.randrange(1, _MOST_FLUSHES)
            words = ["tests.faults.killed_at_fsync", flush, *words]
        limit = _LONGEST_SECONDS if at_flush else moments.uniform(0, 1.2 * seconds)
        if not _is_killed(_module(*words), limit):
            # It came to its end; another one is killed.
            lost += _digests(store) != _digests(RunStore(folder / "peace"))
            store = RunStore(folder / f"killed {done}")
            continue
        done += 1
        lost += _is_damaged(store)
    _in_peace(_module(program, store.folder, "softmax", *_run_to_resume(store)))
    return Outcome(done, lost, _digests(store) == _digests(RunStore(folder / "peace")))


def _run_to_resume(store: RunStore) -> list[str]:
    """Return the run that has a checkpoint; one that was killed before it had is begun anew."""
    for run in store.runs().runs:
        if run.status is RunStatus.INTERRUPTED and run.has_checkpoint:
            return [run.run_id]
    return []


def _is_damaged(store: RunStore) -> bool:
    """Whether a run cannot be read, or a line of its history."""
    listed = store.runs()
    return bool(listed.unreadable) or any(
        store.history(run.run_id).damaged_lines for run in listed.runs
    )


def _digests(store: RunStore) -> Digests:
    """Return the digests of the runs that were completed, by their learning rates."""
    completed = (run for run in store.runs().runs if run.status is RunStatus.COMPLETED)
    return {
        str(run.info.recipe.learning_rate): digest(store.snapshot(run.run_id).weights)
        for run in completed
    }


def digest(weights: object) -> str:
    """Return a digest of all names and bits."""
    found = hashlib.sha256()
    for name, array in sorted(dict(weights).items()):  # type: ignore[call-overload]
        found.update(name.encode() + array.tobytes())
    return found.hexdigest()


# --- a network that is personalized, and a sweep -----------------------------------------------


def kill_personalizing(folder: Path, kills: int, moments: random.Random) -> Outcome:
    """Kill the command over and over; the file that it writes is whole or not there."""
    drawings = folder / "drawings.jsonl"
    write_drawings(drawings, some_drawings(60))
    given = ("mnist_gui", "personalize", "--from", SHIPPED_NETWORK, "--drawings", drawings)
    peace, killed = folder / "peace.mnistgui", folder / "killed.mnistgui"
    seconds = _in_peace(_module(*given, "--out", peace))
    done, lost = 0, 0
    while done < kills:
        done += _is_killed(_module(*given, "--out", killed), moments.uniform(0.3, 1.05) * seconds)
        lost += killed.exists() and _weights_in(killed) != _weights_in(peace)
        killed.unlink(missing_ok=True)
    _in_peace(_module(*given, "--out", killed))
    return Outcome(done, lost, _weights_in(killed) == _weights_in(peace))


def some_drawings(count: int) -> list[LabelledDrawing]:
    """Return drawings that the program makes itself."""
    styles = [DIGIT_STYLES[number % len(DIGIT_STYLES)] for number in range(count)]
    drawn = draw(styles, np.random.default_rng(1))
    return [LabelledDrawing(each, style.digit) for each, style in zip(drawn, styles, strict=True)]


def _weights_in(path: Path) -> str:
    try:
        return digest(load_snapshot(path).weights)
    except MnistGuiError as error:
        return str(error)


def kill_sweep(folder: Path, kills: int, moments: random.Random) -> Outcome:
    """Kill a sweep over and over; typed again, it goes on."""
    given = ("mnist_gui", "sweep", "--recipe", "softmax-tutorial", "--grid", _RATES)
    words = (*given, "--steps", 3_000, "--runs")
    seconds = _in_peace(_module(*words, folder / "peace"))
    store, done, lost = RunStore(folder / "killed"), 0, 0
    while done < kills:
        if _is_killed(_module(*words, store.folder), moments.uniform(0.3, 1) * seconds):
            done += 1
            lost += _is_damaged(store)
        else:
            lost += _digests(store) != _digests(RunStore(folder / "peace"))
            store = RunStore(folder / f"killed {done}")
    _in_peace(_module(*words, store.folder))
    return Outcome(done, lost, _digests(store) == _digests(RunStore(folder / "peace")))


_THINGS: dict[str, Callable[[Path, int, random.Random], Outcome]] = {
    "moments": partial(kill_run, at_flush=False),
    "flushes": partial(kill_run, at_flush=True),
    "personalize": kill_personalizing,
    "sweep": kill_sweep,
}


if __name__ == "__main__":
    sys.exit(main())
