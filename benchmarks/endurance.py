"""Does the same thing very often in the real window, and looks at what is left over.

    python -m benchmarks.endurance [NAME ...] [--share 1.0] [--json]

500 starts and stops of a run, 200 openings and closings of the window, 1,000 loads of a network,
each read with, and one run of 200,000 steps of softmax regression; each in a process of its own,
and with `--share 0.1` a tenth of it. Memory is the process' resident memory once the garbage is
collected: the median of the last tenth of the measurements against that of the second one, after
the libraries have taken what they keep. Prints the medians of all tenths, the growth, by how many
threads the fewest of the second half are more than those of the first, and the exit status; its
own status is 1 where memory grew by more than 5 %, a thread is left or a process failed.
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QSettings
from PySide6.QtWidgets import QApplication

from mnist_gui.app import build_application, build_window
from mnist_gui.engine.events import RunState
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.gui.displayed import Displayed
from mnist_gui.gui.program import Program
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.paths import SHIPPED_NETWORK
from mnist_gui.screenshot import draw_three

MOST_GROWTH = 0.05
_LONGEST_WAIT_SECONDS = 300
_MEASUREMENTS = 40
_TIMES = {"starts": 500, "windows": 200, "loads": 1_000, "steps": 200_000}
_RECIPE = find_recipe("softmax-tutorial")


def main() -> int:
    """Measure and print; or, in a process of its own, do one thing often."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(_TIMES))
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    names = arguments.names or list(_TIMES)
    if arguments.inside:
        print(json.dumps(measure(names[0], times(names[0], arguments.share))))
        return 0
    results = {name: outcome(name, arguments.share) for name in names}
    if arguments.json:
        print(json.dumps(results))
    return 0 if all(result["is_good"] for result in results.values()) else 1


def times(name: str, share: float) -> int:
    """Return how often a thing is done."""
    return max(round(_TIMES[name] * share), 4)


def outcome(name: str, share: float) -> dict[str, Any]:
    """Do one thing often in a process of its own; print and return what came of it."""
    command = [sys.executable, "-m", "benchmarks.endurance", name, "--share", str(share)]
    with tempfile.TemporaryDirectory() as folder:
        homes = dict.fromkeys(("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"), folder)
        environment = {"QT_QPA_PLATFORM": "offscreen"} | os.environ | homes
        finished = subprocess.run(
            [*command, "--inside"], stdout=subprocess.PIPE, env=environment, check=False
        )
    result: dict[str, Any] = {"status": finished.returncode, "is_good": False}
    if not finished.returncode:
        result |= json.loads(finished.stdout.splitlines()[-1])
        result["is_good"] = result["growth"] <= MOST_GROWTH and result["threads_left"] <= 0
    print(f"{name:8} {result}", file=sys.stderr)
    return result


def measure(name: str, count: int) -> dict[str, Any]:
    """Do one thing so often, and return what it took and left."""
    application = build_application()
    native, user = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    QSettings.setPath(native, user, os.environ["XDG_CONFIG_HOME"])
    megabytes: list[float] = []
    threads: list[int] = []
    started = time.perf_counter()
    every = max(count // _MEASUREMENTS, 1)
    for done in _THINGS[name](count):
        if done % every == 0:
            gc.collect()
            megabytes.append(psutil.Process().memory_info().rss / 2**20)
            threads.append(threads_now())
    tenth = max(len(megabytes) // 10, 1)
    tenths = [median(megabytes[at : at + tenth]) for at in range(0, len(megabytes), tenth)]
    first, last = tenths[1], median(megabytes[-tenth:])
    # A record may still be on its way to the disk, on a thread that is about to end.
    half = len(threads) // 2
    application.quit()
    return {
        "times": count,
        "seconds": time.perf_counter() - started,
        "first_megabytes": first,
        "last_megabytes": last,
        "megabytes": [round(value) for value in tenths],
        "growth": last / first - 1,
        "threads_left": min(threads[half:]) - min(threads[tenth:half]),
    }


def threads_now() -> int:
    """Return how many threads there are, without those that Qt keeps for work on images.

    There are at most as many of the latter as processors, and they end after half a minute.
    """
    tasks = Path("/proc/self/task")
    if not tasks.exists():
        return psutil.Process().num_threads()
    names: list[str] = []
    for task in tasks.iterdir():
        # A thread may end while it is looked at.
        with suppress(OSError):
            names.append((task / "comm").read_text().strip())
    return sum(name != "Thread (pooled)" for name in names)


def starts_and_stops(count: int) -> Iterator[int]:
    """Start a run and stop it as soon as it trains."""
    endless = replace(_RECIPE, steps=1_000_000)
    window, program = opened()
    for done in range(1, count + 1):
        progress: list[object] = []
        program.runner.news.progress_changed.connect(progress.append)
        program.runner.start(endless)
        until(partial(bool, progress))
        program.runner.news.progress_changed.disconnect(progress.append)
        program.runner.stop()
        until(lambda: program.session.run_state.value is RunState.IDLE)
        yield done
    closed(window, program)


def openings_and_closings(count: int) -> Iterator[int]:
    """Open the window, let it load all it needs, and close it."""
    for done in range(1, count + 1):
        closed(*opened())
        yield done


def loads(count: int) -> Iterator[int]:
    """Open a network and read a drawing with it."""
    window, program = opened()
    read: list[object] = []

    def note(displayed: Displayed) -> None:
        if displayed.prediction is not None:
            read[:] = [displayed]

    program.session.displayed.changed.connect(note)
    window.canvas.set_drawing(draw_three())
    until(partial(bool, read))
    for done in range(1, count + 1):
        read.clear()
        program.network.open(str(SHIPPED_NETWORK))
        until(partial(bool, read))
        yield done
    closed(window, program)


def one_long_run(count: int) -> Iterator[int]:
    """Train softmax regression for so many steps."""
    window, program = opened()
    steps = [0]
    program.runner.news.progress_changed.connect(lambda progress: steps.append(progress.step))
    program.runner.start(replace(_RECIPE, steps=count))
    every = max(count // _MEASUREMENTS, 1)
    for step in range(every, count + 1, every):
        until(partial(_has_reached, steps, step))
        del steps[:-1]
        yield step
    until(lambda: program.session.run_state.value is RunState.IDLE)
    closed(window, program)


def _has_reached(steps: list[int], step: int) -> bool:
    return steps[-1] >= step


_THINGS: dict[str, Callable[[int], Iterator[int]]] = {
    "starts": starts_and_stops,
    "windows": openings_and_closings,
    "loads": loads,
    "steps": one_long_run,
}


def opened() -> tuple[MainWindow, Program]:
    """Return a window that has loaded all it needs."""
    window = build_window(kept_in=Path(os.environ["XDG_DATA_HOME"]))
    program = window.findChild(Program)
    assert isinstance(program, Program)
    window.show()
    session = program.session
    until(lambda: bool(window.device_label.text() and session.network.value))
    until(lambda: session.dataset.value is not None)
    return window, program


def closed(window: MainWindow, program: Program) -> None:
    """Close a window and let go of it; all its threads must have ended."""
    window.close()
    assert program.session.threads_have_ended
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


def until(fact: Callable[[], bool]) -> None:
    """Let the window live until something is a fact."""
    deadline = time.monotonic() + _LONGEST_WAIT_SECONDS
    while not fact():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {_LONGEST_WAIT_SECONDS} s")
        time.sleep(0.001)


if __name__ == "__main__":
    sys.exit(main())
