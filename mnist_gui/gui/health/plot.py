"""Curves of one quantity over the kept steps, one for each layer."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto

import numpy as np
from PySide6.QtCore import QObject

from mnist_gui.engine.history import Curve
from mnist_gui.gui.common.qt import named
from mnist_gui.gui.curves.data import Values, linear_ticks, log_ticks
from mnist_gui.gui.curves.step_plot import StepPlot, ValueAxis

_AXIS_WIDTH, _LEAST_HEIGHT = 62, 150
_LEAST_ROOM = 0.1


class Scale(Enum):
    """How values are placed on the y axis."""

    LOGARITHMIC = auto()
    PERCENT = auto()
    LOGARITHMIC_PERCENT = auto()


class HealthPlot(StepPlot):
    """Draws curves over the steps, their values on one of a `Scale`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent, axis_width=_AXIS_WIDTH, least_height=_LEAST_HEIGHT)
        named(self.widget, "health_plot", self.tr("Curves over the steps"))
        self._curves: Mapping[str, Curve] = {}
        self._scale = Scale.LOGARITHMIC

    def show_curves(self, steps: Sequence[int], curves: Mapping[str, Curve], scale: Scale) -> None:
        """Draw curves by their names; `steps` are the kept ones, which can be chosen."""
        self._steps, self._curves, self._scale = tuple(steps), curves, scale
        self.draw()

    def curves(self) -> Sequence[tuple[int, Curve]]:
        """Return the curves in their order; what is 0 has no place on a logarithmic axis."""
        return list(enumerate(map(self._placed, self._curves.values())))

    def _placed(self, curve: Curve) -> Curve:
        values = curve.values if self._scale is Scale.LOGARITHMIC else 100 * curve.values
        if self._scale is Scale.PERCENT:
            return Curve(curve.steps, values)
        is_placed = values > 0
        return Curve(curve.steps[is_placed], np.log10(values[is_placed]))

    def value_axis(self, values: Values) -> ValueAxis:
        """Return an axis on which all values are seen."""
        low, high = float(values.min()), float(values.max())
        room = max(0.05 * (high - low), _LEAST_ROOM)
        is_linear = self._scale is Scale.PERCENT
        low, high = (0.0, max(high, 5.0)) if is_linear else (low - room, high + room)
        ticks = linear_ticks(low, high, most=6) if is_linear else log_ticks(low, high, most=6)
        unit = "" if self._scale is Scale.LOGARITHMIC else "%"
        return ValueAxis(low, high, [(place, _plain(text)) for place, text in ticks], unit)


def _plain(text: str) -> str:
    """Return the text of a tick without a power of ten that begins with a zero: 1e-5."""
    return text.replace("e-0", "e-")
