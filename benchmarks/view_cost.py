"""Measures what each page costs while it is seen: a run's speed, and the window's longest gap.

    python -m benchmarks.view_cost [--rounds 3] [--seconds 6] [--pages MAP WEIGHTS ...] [--json]

Opens the real window (on the display there is, or offscreen) with a digit on the pad. First, with
nothing else to do, how long each page takes until it shows all it has of the shipped network, and
of the two tutorial networks once they were trained for a few steps: pages that wait for a button
have it pressed. Then cnn-tutorial trains, and each page is seen in turn with the page of all runs,
and three figures are printed, medians of the rounds. The share of the run's speed that is lost
while the page is seen (target: at most 2 %) differs by several percent from call to call on a
machine with two cores. What the threads of the window and of the views take of the processors
beyond the page of all runs does not: the run cannot lose more to them, but for memory and locks
that they share. The longest gap is that between two turns of the window's event loop (target: 33
ms).
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from time import perf_counter

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QObject, QSettings, QTimer

from benchmarks.thread_times import processor_seconds
from mnist_gui.app import build_application, build_window
from mnist_gui.engine.events import RunState
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.gui.pages import Page
from mnist_gui.gui.program import Program
from mnist_gui.gui.views.page import ViewPage
from mnist_gui.screenshot import draw_three

_ENDLESS = replace(find_recipe("cnn-tutorial"), steps=1_000_000, validate_every=1_000_000)
_SHORT = (
    replace(find_recipe("softmax-tutorial"), steps=1_000),
    replace(find_recipe("cnn-tutorial"), steps=100),
)
_TICK_MILLISECONDS = 2
_LONGEST_WAIT = 120.0
# The first seconds after a page comes into sight belong to the change itself.
_SETTLING = 1.0


class Gaps(QObject):
    """Notes the longest time between two ticks, which come every two milliseconds if they can."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = perf_counter()
        self._timer = QTimer(self, interval=_TICK_MILLISECONDS)
        self._timer.timeout.connect(self._note)
        self._timer.start()

    def begin(self) -> None:
        """Begin anew."""
        self.longest, self._last = 0.0, perf_counter()

    def _note(self) -> None:
        now = perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now


@dataclass(slots=True)
class Cost:
    """What one page costs; `seconds` until it was complete, by network, None if it never was.

    `lost` is the share of the run's speed, `taken` the share of the processors that the window's
    and the views' threads take beyond those of the page of all runs.
    """

    seconds: dict[str, float | None] = field(default_factory=dict)
    lost: float = 0.0
    taken: float = 0.0
    gap_milliseconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What was measured while a page was seen: `taken` is a share of all processors."""

    steps_per_second: float
    taken: float
    longest_gap: float


class Window:
    """The window, and what is measured of it."""

    def __init__(self) -> None:
        self.application = build_application()
        QSettings().clear()
        self._kept = tempfile.TemporaryDirectory()
        folder = Path(self._kept.name)
        self.window = build_window(remembers=False, kept_in=folder, runs=folder / "runs")
        program = self.window.findChild(Program)
        assert isinstance(program, Program)
        self.program, self.gaps = program, Gaps()
        self.window.resize(1280, 800)
        self.window.show()
        session = program.session
        self._wait_until(lambda: session.dataset.value is not None)
        self._wait_until(lambda: session.network.value is not None)
        self._wait_until(lambda: session.devices.value is not None)
        self.window.canvas.set_drawing(draw_three())
        self._run_for(1)

    def train(self, recipe: Recipe) -> None:
        """Train a recipe to its end."""
        ended: list[object] = []
        self.program.runner.run_ended.connect(lambda *_: ended.append(None))
        self.program.runner.start(recipe)
        self._wait_until(lambda: bool(ended))
        self._run_for(1)

    def seconds_until_complete(self, page: Page) -> float | None:
        """Bring a page into sight; return how long it takes until it shows all, None if never."""
        self.window.pages.bring_to_front(Page.RUNS)
        self._run_for(0.3)
        began = perf_counter()
        self.window.pages.bring_to_front(page)
        views = self.window.pages.place(page).findChildren(ViewPage)
        if not views:
            return None
        view = views[0]
        if view.compute_button.isVisible():
            view.compute_button.click()
        self._wait_until(lambda: not view.is_computing)
        return perf_counter() - began if view.body.isVisible() else None

    def start_endless_run(self) -> None:
        """Begin a run that goes on while pages are measured."""
        self.program.runner.start(_ENDLESS)
        state = self.program.session.run_state
        self._wait_until(lambda: state.value is RunState.TRAINING)
        self._run_for(3)

    def stop(self) -> None:
        """End the run and the window."""
        self.program.runner.stop()
        self._wait_until(lambda: not self.program.session.run_state.value.is_active)
        self.window.close()

    def see(self, page: Page, seconds: float) -> Seen:
        """Bring a page into sight for some seconds, and return what was measured meanwhile."""
        self.window.pages.bring_to_front(page)
        self._run_for(_SETTLING)
        news: list[tuple[float, int]] = []

        def note(history: History) -> None:
            news.append((perf_counter(), history.step))

        self.program.runner.news.history_changed.connect(note)
        self.gaps.begin()
        before = _window_seconds()
        self._run_for(seconds)
        longest = self.gaps.longest
        taken = (_window_seconds() - before) / seconds / (os.cpu_count() or 1)
        self.program.runner.news.history_changed.disconnect(note)
        (began, first), (ended, last) = news[0], news[-1]
        return Seen((last - first) / (ended - began), taken, longest)

    def _run_for(self, seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    def _wait_until(self, condition: Callable[[], bool]) -> None:
        until = perf_counter() + _LONGEST_WAIT
        while not condition() and perf_counter() < until:
            self._run_for(0.01)


def measure(pages: Sequence[Page], rounds: int, seconds: float) -> dict[str, Cost]:
    """Return the cost of each page."""
    window = Window()
    costs = {page: Cost() for page in pages}
    for recipe in (None, *_SHORT):
        if recipe is not None:
            window.train(recipe)
        for page, cost in costs.items():
            name = recipe.name if recipe else "shipped"
            cost.seconds[name] = window.seconds_until_complete(page)
    window.start_endless_run()
    for page, cost in costs.items():
        _measure(window, page, cost, rounds, seconds)
    window.stop()
    return {page.name: cost for page, cost in costs.items()}


def _measure(window: Window, page: Page, cost: Cost, rounds: int, seconds: float) -> None:
    lost, taken, gaps = [], [], []
    alone = window.see(Page.RUNS, seconds)
    for _ in range(rounds):
        seen, after = window.see(page, seconds), window.see(Page.RUNS, seconds)
        lost.append(
            1 - 2 * seen.steps_per_second / (alone.steps_per_second + after.steps_per_second)
        )
        taken.append(seen.taken - (alone.taken + after.taken) / 2)
        gaps.append(seen.longest_gap)
        alone = after
    cost.lost, cost.taken, cost.gap_milliseconds = median(lost), median(taken), 1000 * median(gaps)


def _window_seconds() -> float:
    """Return how much processor time the threads of the window and of the views took so far."""
    taken = processor_seconds(("main", "views"))
    return taken["main"] + taken["views"]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6)
    names = [page.name for page in Page if page is not Page.RUNS]
    parser.add_argument("--pages", nargs="+", choices=names, default=names)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    pages = [Page[name] for name in arguments.pages]
    costs = measure(pages, arguments.rounds, arguments.seconds)
    if arguments.json:
        print(json.dumps({name: asdict(cost) for name, cost in costs.items()}))
        return 0
    networks = list(next(iter(costs.values())).seconds)
    print(f"{'seconds until complete; then':18}" + " ".join(f"{name:>18}" for name in networks))
    for name, cost in costs.items():
        times = ["-" if t is None else f"{t:.2f}" for t in cost.seconds.values()]
        print(
            f"{name:18}"
            + " ".join(f"{time:>18}" for time in times)
            + f"   lost {cost.lost:6.1%}   takes {cost.taken:6.1%}"
            + f"   longest gap {cost.gap_milliseconds:6.1f} ms"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
