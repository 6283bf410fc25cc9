"""Measures the window with many digits of the user's own.

    python -m benchmarks.own_digits [--digits 5000] [--seconds 20] [--json]

Keeps digits in our own pen styles in a folder of their own, opens the real window with the page
"My digits" in front, and records the gaps between the turns of its event loop: while the digits
are loaded and painted, while they are read with a digit being drawn, while one after another is
kept, and while a run trains and is tried on them. Besides, the time from a change of the drawing to
its prediction while the digits are read, and from the key to the empty canvas.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.responsiveness import Gaps, Hand, spread  # sets what Qt needs without a display

from PySide6.QtCore import QEventLoop, QSettings, QTimer  # isort: skip

from mnist_gui.app import build_application, build_window
from mnist_gui.engine.digits.model import UserDigits
from mnist_gui.engine.digits.store import UserDigitStore
from mnist_gui.engine.drawing import LabelledDrawing
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.synthetic.generate import STYLE_SHARES, draw
from mnist_gui.gui.digits.page import MyDigitsPage
from mnist_gui.gui.pages import Page
from mnist_gui.gui.program import Program
from mnist_gui.gui.session import Displayed, Session
from mnist_gui.screenshot import draw_three

_KEPT = 20


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--digits", type=int, default=5_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        _keep(Path(folder), arguments.digits)
        result = _Session(Path(folder)).measure(arguments.seconds)
    if arguments.json:
        print(json.dumps(result))
        return 0
    print(f"{'milliseconds':44} {'p50':>8} {'p95':>8} {'p99':>8} {'longest':>8}")
    for name, row in result.items():
        print(f"{name:44} " + " ".join(f"{figure:8.1f}" for figure in row.values()))
    return 0


def _keep(folder: Path, digits: int) -> None:
    random = np.random.default_rng(1)
    styles = [list(STYLE_SHARES)[i] for i in random.integers(0, len(STYLE_SHARES), digits)]
    pairs = zip(draw(styles, random), styles, strict=True)
    UserDigitStore(folder).keep_all([LabelledDrawing(each, style.digit) for each, style in pairs])


class _Session:
    """The window and what is measured of it."""

    def __init__(self, folder: Path) -> None:
        self._application = build_application()
        QSettings().clear()
        self._gaps = Gaps()
        self._window = build_window(kept_in=folder)
        program, page = self._window.findChild(Program), self._window.findChild(MyDigitsPage)
        assert isinstance(program, Program)
        assert isinstance(page, MyDigitsPage)
        self._program, self._page = program, page

    def measure(self, seconds: float) -> dict[str, dict[str, float]]:
        """Go through all the phases; return what was measured, in milliseconds."""
        self._window.pages.bring_to_front(Page.MY_DIGITS)
        self._window.show()
        # The gaps count from the moment it is seen.
        self._window.grab()
        self._run_for(0)
        self._gaps.phase = "loading and painting digits"
        self._wait_until(lambda: bool((self._session.digits.value or UserDigits()).digits))
        self._gaps.phase = "loading TensorFlow, making images, reading"
        self._wait_until(lambda: self._session.network.value is not None)
        self._wait_until(lambda: self._session.digit_predictions.value is not None)
        reading = self._read_again()
        self._gaps.phase = "keeping digits"
        keeping = [self._keep_one() for _ in range(_KEPT)]
        self._gaps.phase = "training, tried on the digits"
        self._program.runner.start(find_recipe("cnn-fast"))
        self._run_for(seconds)
        self._gaps.phase = "closing"
        self._window.close()
        gaps = {f"gaps, {phase}": spread(times) for phase, times in self._gaps.seconds.items()}
        return gaps | {
            "drawing to prediction while digits are read": spread(reading),
            "key to empty canvas": spread(keeping),
        }

    def _read_again(self) -> list[float]:
        """Have all digits read with another network while a digit is drawn."""
        times: list[float] = []
        drawn: list[float] = []

        def note_drawing(_drawing: object) -> None:
            drawn.append(time.perf_counter())

        def note_prediction(displayed: Displayed) -> None:
            if drawn and displayed.prediction is not None:
                times.append(time.perf_counter() - drawn[-1])

        self._gaps.phase = "reading digits and drawing"
        self._window.canvas.drawing_changed.connect(note_drawing)
        self._session.displayed.changed.connect(note_prediction)
        hand = Hand(self._window)
        snapshot = self._session.network.value
        assert snapshot is not None
        self._session.use_network(type(snapshot)(snapshot.recipe, 1, snapshot.weights))
        for is_drawing in (True, False) * 6:
            hand.set_drawing(is_drawing)
            self._run_for(0.7)
        self._window.canvas.drawing_changed.disconnect(note_drawing)
        self._session.displayed.changed.disconnect(note_prediction)
        return times

    def _keep_one(self) -> float:
        self._window.canvas.set_drawing(draw_three())
        self._run_for(0.3)
        started = time.perf_counter()
        self._window.drawing_column.save_row.save_requested.emit(3)
        self._wait_until(lambda: not self._window.canvas.drawing)
        return time.perf_counter() - started

    @property
    def _session(self) -> Session:
        return self._program.session

    def _run_for(self, seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    def _wait_until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self._run_for(0)


if __name__ == "__main__":
    sys.exit(main())
