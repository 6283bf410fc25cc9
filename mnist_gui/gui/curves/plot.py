"""One plot of curves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView

from mnist_gui.engine.history import Curve
from mnist_gui.gui.common.theme import PlotColours, blend
from mnist_gui.gui.curves.data import NO_CURVE, RunCurves, Tick, by_line, linear_ticks

SIDES = ("left", "bottom")
# The last label of an axis may extend past its end by so many pixels.
_ROOM_FOR_LABELS = 40
_AXIS_WIDTH = 52
_PALE = 0.36
_PALER = 0.75
_GRID = 0.13
_AXIS = 0.45
_CROSSHAIR = 0.65
_ANNOTATION = 0.5
_FROM_THE_BACK = ("batch", "earlier_training", "earlier_validation", "training", "validation")


def plain_plot(*, axis_width: int) -> Any:
    """Return a plot widget without menu and buttons, whose ranges are set by code alone.

    Its y axis has a fixed width, in pixels.
    """
    # Building menus takes a tenth of the time of a plot.
    widget = pg.PlotWidget(useOpenGL=False, enableMenu=False)
    item = widget.getPlotItem()
    # The plot never deletes its other menu, which has no parent.
    item.ctrlMenu.setParent(widget, Qt.WindowType.Popup)
    item.hideButtons()
    item.setMouseEnabled(x=False, y=False)
    item.disableAutoRange()
    for side in SIDES:
        axis = item.getAxis(side)
        axis.enableAutoSIPrefix(False)
        labels = {"hideOverlappingLabels": _ROOM_FOR_LABELS, "autoExpandTextSpace": False}
        axis.setStyle(tickLength=0, **labels)
    item.getAxis("left").setWidth(axis_width)
    return widget


def curve_pens(colours: PlotColours) -> dict[str, QPen]:
    """Return the pen of each curve; they differ by dashes too, for readers without colours.

    Width 1 and opaque throughout: wider or translucent antialiased lines take ten or a hundred
    times as long to paint.
    """
    line = Qt.PenStyle
    ground = colours.background
    return {
        "earlier_training": _pen(colours.training, ground, _PALER, line.DashDotLine),
        "earlier_validation": _pen(colours.validation, ground, _PALER, line.DashDotDotLine),
        "batch": _pen(colours.training, ground, _PALE),
        "training": _pen(colours.training, ground),
        "validation": _pen(colours.validation, ground, 1.0, line.DashLine),
    }


class PlotPane(QObject):
    """Draws curves in a plot widget; `hovered` carries the step under the pointer."""

    hovered = Signal(float)
    left = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.widget: Any = plain_plot(axis_width=_AXIS_WIDTH)
        self._item: Any = self.widget.getPlotItem()
        self._crosshair: Any = pg.InfiniteLine(angle=90, movable=False)
        self._lines: dict[str, Any] = {}
        self._pens: dict[str, QPen] = {}
        self._shown: dict[str, Curve] = {}
        self._annotations: dict[tuple[float, str], Any] = {}
        self._annotation_pen = QPen()
        self._annotation_text = ""
        self._title = ""
        self._ticks: tuple[list[Tick], list[Tick]] = ([], [])
        self._ranges = (0.0, 1.0, 0.0, 1.0)
        self._set_up_plot()

    def show_curves(self, now: RunCurves, earlier: RunCurves) -> None:
        """Draw the curves of both runs, their values as positions on the y axis."""
        for name, curve in by_line(now, earlier).items():
            # Setting data takes long even if nothing changes, and few curves change in a frame.
            if not _are_equal(curve, self._shown.get(name, NO_CURVE)):
                self._shown[name] = curve
                self._line(name).setData(curve.steps, curve.values)

    def points(self, name: str) -> Curve:
        """Return the points of a curve as drawn."""
        if name not in self._lines:
            return NO_CURVE
        steps, values = self._lines[name].getOriginalDataset()
        return NO_CURVE if steps is None else Curve(steps, values)

    def show_axes(self, title: str, end: float, low: float, high: float, ticks: list[Tick]) -> None:
        """Let the x axis end at this step, and the y axis of this title reach from low to high."""
        if title != self._title:
            self._title = title
            self._item.setLabel("left", title)
        ranges, both_ticks = (0.0, end, low, high), (linear_ticks(0, end), ticks)
        if (ranges, both_ticks) != (self._ranges, self._ticks):
            self._ranges, self._ticks = ranges, both_ticks
            self._item.setXRange(0, end, padding=0.01)
            self._item.setYRange(low, high, padding=0.0)
            for side, shown in zip(("bottom", "left"), both_ticks, strict=True):
                self._item.getAxis(side).setTicks([shown])
            self._draw_grid()

    def show_annotations(self, annotations: list[tuple[float, str]]) -> None:
        """Draw vertical lines at these steps, with these texts beside them."""
        for gone in self._annotations.keys() - set(annotations):
            self._item.removeItem(self._annotations.pop(gone))
        for step, text in annotations:
            if (step, text) not in self._annotations:
                line = pg.InfiniteLine(
                    step,
                    label=text or None,
                    labelOpts={"position": 0.08, "rotateAxis": (1, 0), "anchors": [(0, 0), (0, 1)]},
                )
                self._colour_annotation(line)
                self._annotations[step, text] = line
                self._item.addItem(line, ignoreBounds=True)

    def annotations(self) -> list[tuple[float, str]]:
        """Return the annotations that are drawn, sorted by step."""
        return sorted(self._annotations)

    def x_labels(self) -> list[str]:
        """Return the texts along the x axis."""
        return [text for _, text in self._ticks[0]]

    def show_crosshair(self, step: float | None) -> None:
        """Mark a step with a vertical line, or none."""
        self._crosshair.setVisible(step is not None)
        if step is not None:
            self._crosshair.setValue(step)

    def apply_theme(self, colours: PlotColours) -> None:
        """Use the colours of the theme."""
        text, ground = colours.text, colours.background
        self.widget.setBackground(ground)
        for side in SIDES:
            axis = self._item.getAxis(side)
            axis.setPen(_pen(text, ground, _AXIS))
            axis.setTextPen(text)
        self._grid.setPen(_pen(text, ground, _GRID))
        self._crosshair.setPen(_pen(text, ground, _CROSSHAIR))
        self._annotation_text = text
        self._annotation_pen = _pen(text, ground, _ANNOTATION, Qt.PenStyle.DashLine)
        for line in self._annotations.values():
            self._colour_annotation(line)
        self._pens = curve_pens(colours)
        for name, line in self._lines.items():
            self._colour_line(name, line)

    @contextmanager
    def painted_as_lines(self) -> Iterator[None]:
        """Paint everything as lines meanwhile, nothing from cached pixmaps."""
        self._keep_pictures(kept=False)
        try:
            yield
        finally:
            self._keep_pictures(kept=True)

    def _keep_pictures(self, *, kept: bool) -> None:
        background, item = QGraphicsView.CacheModeFlag, QGraphicsItem.CacheMode
        self.widget.setCacheMode(background.CacheBackground if kept else background.CacheNone)
        for side in SIDES:
            axis = self._item.getAxis(side)
            axis.setCacheMode(item.DeviceCoordinateCache if kept else item.NoCache)
        for line in self._lines.values():
            line.scatter.setExportMode(not kept, {})

    def _line(self, name: str) -> Any:
        """Return the line of a curve; it is made with the curve's first points."""
        if name not in self._lines:
            # Without a symbol the first point would not be seen: a line needs two.
            mark = {"symbol": "o", "symbolSize": 4} if name == "validation" else {}
            line = self._item.plot([], [], antialias=True, skipFiniteCheck=True, **mark)
            line.setZValue(_FROM_THE_BACK.index(name))
            self._colour_line(name, line)
            self._lines[name] = line
        return self._lines[name]

    def _colour_line(self, name: str, line: Any) -> None:
        pen = self._pens[name]
        line.setPen(pen)
        line.setSymbolBrush(pen.color())
        line.setSymbolPen(None)

    def _colour_annotation(self, line: Any) -> None:
        line.setPen(self._annotation_pen)
        if hasattr(line, "label"):
            line.label.setColor(self._annotation_text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice the pointer leaving the plot."""
        if event.type() == QEvent.Type.Leave:
            self.left.emit()
        return super().eventFilter(watched, event)

    def _set_up_plot(self) -> None:
        self._item.layout.setContentsMargins(2, 10, 26, 4)
        # pyqtgraph's grid is translucent, which takes longer to paint than all curves.
        self._grid: Any = pg.PlotCurveItem(connect="pairs", antialias=False)
        self._item.addItem(self._grid, ignoreBounds=True)
        self._grid.setZValue(-1)
        # The text of the axes is painted when it changes, not with each change of the curves.
        self._keep_pictures(kept=True)
        self._crosshair.hide()
        self._crosshair.setZValue(len(_FROM_THE_BACK))
        self._item.addItem(self._crosshair, ignoreBounds=True)
        self.widget.scene().sigMouseMoved.connect(self._follow_pointer)
        self.widget.installEventFilter(self)

    def _draw_grid(self) -> None:
        steps, values = ([place for place, _ in ticks] for ticks in self._ticks)
        start, end, low, high = self._ranges
        along = [x for step in steps for x in (step, step)] + [start, end] * len(values)
        upright = [low, high] * len(steps) + [y for value in values for y in (value, value)]
        self._grid.setData(np.array(along), np.array(upright))

    @Slot(object)
    def _follow_pointer(self, place: QPointF) -> None:
        box = self._item.getViewBox()
        if box.sceneBoundingRect().contains(place):
            self.hovered.emit(float(box.mapSceneToView(place).x()))
        else:
            self.left.emit()


def _are_equal(one: Curve, other: Curve) -> bool:
    return np.array_equal(one.steps, other.steps) and np.array_equal(one.values, other.values)


def _pen(
    colour: str, ground: str, share: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> QPen:
    """Return an opaque pen with this share (0..1) of the colour on its ground."""
    pen = QPen(blend(QColor(ground), QColor(colour), share), 1, style)
    pen.setCosmetic(True)
    return pen
