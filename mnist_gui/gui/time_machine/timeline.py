"""Curves of digits over the steps that a run kept."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt

from mnist_gui.engine.history import Curve
from mnist_gui.gui.common.qt import named
from mnist_gui.gui.curves.data import Values, linear_ticks
from mnist_gui.gui.curves.step_plot import StepPlot, ValueAxis

_AXIS_WIDTH, _LEAST_HEIGHT = 48, 120
# In percent.
_TOPS = (10, 20, 50, 100)


class Timeline(StepPlot):
    """Draws shares 0..1 in percent over the kept steps; each digit has a look of its own."""

    # Okabe and Ito's colours, and three of Paul Tol's.
    SHADES: ClassVar[tuple[str, ...]] = (
        *StepPlot.SHADES,
        "#882255",
        "#999933",
        "#332288",
        "#7a7a7a",
    )
    DASHES: ClassVar[tuple[Qt.PenStyle, ...]] = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent, axis_width=_AXIS_WIDTH, least_height=_LEAST_HEIGHT)
        named(self.widget, "timeline", self.tr("Curves over the steps"))
        self._shares: Mapping[int, NDArray[np.float64]] = {}

    def show_shares(self, steps: Sequence[int], shares: Mapping[int, NDArray[np.float64]]) -> None:
        """Draw shares (n,) over n steps, by the digits; what is nan is left out."""
        self._steps, self._shares = tuple(steps), shares
        self.draw()

    def curves(self) -> Sequence[tuple[int, Curve]]:
        """Return the known shares in percent."""
        steps = np.array(self._steps, np.float64)
        is_known = {digit: np.isfinite(shares) for digit, shares in self._shares.items()}
        return [
            (digit, Curve(steps[is_known[digit]], 100 * shares[is_known[digit]]))
            for digit, shares in self._shares.items()
        ]

    def value_axis(self, values: Values) -> ValueAxis:
        """Return an axis from 0 to a round percentage."""
        top = next(end for end in _TOPS if end >= min(float(values.max()), 100))
        return ValueAxis(0, top, linear_ticks(0, top, most=6), "%")


def line_mark(digit: int) -> str:
    """Return how a digit's curve looks: a line, or a dashed one."""
    return ("\u2501\u2501", "\u254d\u254d")[digit % len(Timeline.DASHES)]
