"""Measures what the page "How it reads" costs the window while a digit is drawn.

    python -m benchmarks.explanation_cost [--seconds 10]

Opens the real window (on the display there is, or offscreen) with the network that ships, and
draws a digit over and over with the page hidden and shown, then with the page shown in a
cnn-tutorial run. Prints the gaps between the turns of the event loop, the time from a change of
the drawing to its prediction, and how many explanations came in a second. What an explanation
takes of its thread is printed by benchmarks/ink_evidence.py.
"""

import argparse
import sys
from dataclasses import replace

import numpy as np

from benchmarks.responsiveness import Session
from mnist_gui.engine.events import RunState
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.gui.explanation.page import ExplanationPage
from mnist_gui.gui.explanation.presenter import ExplanationPresenter
from mnist_gui.gui.pages import Page

_RECIPE = replace(find_recipe("cnn-tutorial"), steps=1_000_000)


class ExplanationSession(Session):
    """Draws with the page behind the others and in front of them."""

    def __init__(self) -> None:
        super().__init__()
        self._explained = 0
        self.program.find(ExplanationPresenter).explained.connect(self._count)

    def print_rows(self, seconds: float) -> None:
        """Go through the phases; print a row for each."""
        self.window.pages.bring_to_front(Page.CURVES)
        self.window.show()
        self._wait_for(self.program.session.devices.changed)
        self._run_for(2)
        self._print_row("page hidden", seconds)
        page = self.window.findChild(ExplanationPage)
        assert isinstance(page, ExplanationPage)
        self.window.pages.bring_to_front(Page.EXPLANATION)
        self._print_row("page shown", seconds)
        self.program.runner.start(_RECIPE)
        self._wait_until(lambda: self.program.session.run_state.value is RunState.TRAINING)
        self._print_row("page shown, training", seconds)
        self.window.close()

    def _print_row(self, phase: str, seconds: float) -> None:
        self._explained = 0
        self._phase(phase)
        self.hand.set_drawing(True)
        self._run_for(seconds)
        self.hand.set_drawing(False)
        rate = self._explained / seconds
        self._phase("readings")
        figures = _figures(self.gaps.seconds[phase]) + _figures(self._reading_times())
        print(f"| {phase} | {' | '.join(f'{figure:.1f}' for figure in figures)} | {rate:.1f} |")

    def _count(self, _explanation: object) -> None:
        self._explained += 1


def _figures(seconds: list[float]) -> list[float]:
    """Return the median, the 99th percentile and the longest, in milliseconds."""
    figures: list[float] = (1_000 * np.percentile(seconds, (50, 99, 100))).tolist()
    return figures


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10)
    arguments = parser.parse_args()
    spread = "p50 | p99 | longest"
    print(
        f"| milliseconds | gaps: {spread} | to the prediction: {spread} | explanations a second |"
    )
    print("|---" * 8 + "|")
    ExplanationSession().print_rows(arguments.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
