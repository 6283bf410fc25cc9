"""One plot of a run's curves, with the previous run's behind them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPen

from mnist_gui.engine.history import Curve
from mnist_gui.widgets.axis_ticks import Tick
from mnist_gui.widgets.curve_data import RunCurves, Values
from mnist_gui.widgets.shades import PlotColours

_AXIS_WIDTH = 52
_STEPS_WITHOUT_RUN = 1_000
_PALE = 90
_PALER = 130


def curve_pens(colours: PlotColours) -> dict[str, QPen]:
    """Return the pen of each curve; dashes tell them apart without their colours.

    Width 1 throughout: wider antialiased lines take many times as long to paint.
    """
    line = Qt.PenStyle
    return {
        "earlier_training": _pen(colours.training, _PALER, line.DotLine),
        "earlier_validation": _pen(colours.validation, _PALER, line.DashDotDotLine),
        "batch": _pen(colours.training, _PALE, line.SolidLine),
        "training": _pen(colours.training, 255, line.SolidLine),
        "validation": _pen(colours.validation, 255, line.DashLine),
    }


class PlotPane(QObject):
    """Draws curves in a plot widget it holds; `hovered` tells the step under the pointer."""

    hovered = Signal(float)
    left = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.widget: Any = pg.PlotWidget(useOpenGL=False)
        self._item: Any = self.widget.getPlotItem()
        self._crosshair: Any = pg.InfiniteLine(angle=90, movable=False)
        self._lines: dict[str, Any] = {}
        self._set_up_plot()

    def show_curves(
        self, now: RunCurves, earlier: RunCurves, place: Callable[[Values], Values]
    ) -> None:
        """Draw both runs' curves, their values put through `place`."""
        shown = {
            "earlier_training": earlier.training,
            "earlier_validation": earlier.validation,
            "batch": now.batch,
            "training": now.training,
            "validation": now.validation,
        }
        for name, curve in shown.items():
            self._lines[name].setData(curve.steps, place(curve.values))

    def points(self, name: str) -> Curve:
        """Return the points of a curve as drawn, for tests and for reading out."""
        steps, values = self._lines[name].getOriginalDataset()
        empty = np.empty(0)
        return Curve(empty if steps is None else steps, empty if values is None else values)

    def show_range(self, last_step: float, low: float, high: float) -> None:
        """Let the axes reach from step 0 to the last one and from low to high."""
        self._item.setXRange(0, last_step or _STEPS_WITHOUT_RUN, padding=0.01)
        self._item.setYRange(low, high, padding=0.0)

    def upright_range(self) -> tuple[float, float]:
        """Return from where to where the upright axis reaches."""
        low, high = self._item.getViewBox().viewRange()[1]
        return float(low), float(high)

    def name_axis(self, text: str, ticks: list[Tick] | None = None) -> None:
        """Name the upright axis; ticks None leaves marking it to the plot."""
        self._item.setLabel("left", text)
        self._item.getAxis("left").setTicks(None if ticks is None else [ticks])

    def name_steps(self, text: str) -> None:
        """Name the level axis."""
        self._item.setLabel("bottom", text)

    def show_crosshair(self, step: float | None) -> None:
        """Mark a step, or none."""
        self._crosshair.setVisible(step is not None)
        if step is not None:
            self._crosshair.setValue(step)

    def apply_theme(self, colours: PlotColours) -> None:
        """Take on the theme's colours."""
        self.widget.setBackground(colours.background)
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.setPen(_pen(colours.text, 110, Qt.PenStyle.SolidLine))
            axis.setTextPen(colours.text)
        self._crosshair.setPen(_pen(colours.text, 160, Qt.PenStyle.SolidLine))
        for name, pen in curve_pens(colours).items():
            self._lines[name].setPen(pen)
        marks = self._lines["validation"]
        marks.setSymbolBrush(colours.validation)
        marks.setSymbolPen(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice the pointer leaving the plot."""
        if event.type() == QEvent.Type.Leave:
            self.left.emit()
        return super().eventFilter(watched, event)

    def _set_up_plot(self) -> None:
        self._item.setMenuEnabled(False)
        # The plot never destroys its menu, which has no parent.
        self._item.ctrlMenu.setParent(self.widget, Qt.WindowType.Popup)
        self._item.hideButtons()
        self._item.setMouseEnabled(x=False, y=False)
        self._item.showGrid(x=True, y=True, alpha=0.12)
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.enableAutoSIPrefix(False)
            # Finer grid lines would take half the time of a redraw.
            axis.setStyle(maxTickLevel=0)
        self._item.layout.setContentsMargins(2, 10, 22, 4)
        self._item.getAxis("left").setWidth(_AXIS_WIDTH)
        for name in ("earlier_training", "earlier_validation", "batch", "training"):
            self._lines[name] = self._item.plot([], [], antialias=True)
        # Without a mark, the first measured point would not be seen: a line needs two.
        self._lines["validation"] = self._item.plot(
            [], [], antialias=True, symbol="o", symbolSize=4
        )
        self._crosshair.hide()
        self._item.addItem(self._crosshair, ignoreBounds=True)
        self.widget.scene().sigMouseMoved.connect(self._follow_pointer)
        self.widget.installEventFilter(self)

    @Slot(object)
    def _follow_pointer(self, place: QPointF) -> None:
        box = self._item.getViewBox()
        if box.sceneBoundingRect().contains(place):
            self.hovered.emit(float(box.mapSceneToView(place).x()))
        else:
            self.left.emit()


def _pen(colour: str, alpha: int, style: Qt.PenStyle) -> QPen:
    shade = QColor(colour)
    shade.setAlpha(alpha)
    pen = QPen(shade, 1, style)
    pen.setCosmetic(True)
    return pen
