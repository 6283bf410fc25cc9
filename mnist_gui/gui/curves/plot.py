"""One plot of curves."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QColor, QFontMetrics, QPalette, QPen
from PySide6.QtWidgets import QFrame, QGraphicsItem, QGraphicsSceneResizeEvent, QGraphicsView

from mnist_gui.engine.history import Curve
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.theme import PlotColours, blend, keep_own_colours, pale
from mnist_gui.gui.curves.data import NO_CURVE, Tick
from mnist_gui.gui.curves.lines import CurveLine, diamond, dot

# The last label of an axis may extend past its end by so many pixels.
_ROOM_FOR_LABELS = 40
_AXIS_WIDTH = 52
_LEAST_TEXT_HEIGHT = 18
# WCAG asks for 3:1 of graphics.
_LEAST_CONTRAST = 3.1
LINE_WIDTH = 2.0
WIDE_LINE_WIDTH = 3.0
_RING = 2
_FEWEST_TICKS, _MOST_TICKS = 2, 7
_LEAST_HEIGHT = 84
# A view may not be narrower than this share of the whole axis.
_CLOSEST = 1 / 500
_MARGIN = 0.01
_GRID = 0.13
_AXIS = 0.45
_CROSSHAIR = 0.65
_ANNOTATION = 0.5
_FROM_THE_BACK = (
    "batch",
    "earlier_training",
    "earlier_validation",
    "training",
    "validation",
    "test",
)
# Without a mark a single point would not be seen: a line needs two.
MARKS = {"validation": dot(6), "earlier_validation": dot(4), "test": diamond(12)}


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis that is kept as a picture, and painted anew where its size changes."""

    def resizeEvent(self, event: QGraphicsSceneResizeEvent | None = None) -> None:
        """Forget the picture: Qt would enlarge it and paint the new part only."""
        super().resizeEvent(event)
        kept = self.cacheMode()
        self.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        self.setCacheMode(kept)


class Plot:
    """A view with an axis at its left and one at its bottom, whose ranges are set by code alone.

    pyqtgraph's own plot takes twice the time and has 44 widgets more, for menus.
    """

    def __init__(self, *, axis_width: int) -> None:
        """The y axis has a width, in pixels for type of the usual size."""
        self._axis_width = axis_width
        self.widget: Any = pg.GraphicsView(useOpenGL=False)
        keep_own_colours(self.widget)
        self.layout: Any = self.widget.centralLayout
        self.layout.setSpacing(0)
        # Steps go from left to right in all languages.
        self.widget.centralWidget.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.box: Any = pg.ViewBox(enableMenu=False)
        self.box.setMouseEnabled(x=False, y=False)
        self.box.disableAutoRange()
        self.layout.addItem(self.box, 0, 1)
        self.axes = {"left": self._add_axis("left", 0, 0), "bottom": self._add_axis("bottom", 1, 1)}
        self.axes["left"].setWidth(axis_width)

    def apply_theme(self, colours: PlotColours) -> None:
        """Use the theme's colours for the ground and the axes."""
        self.widget.setBackground(colours.background)
        faint = QColor(colours.text)
        faint.setAlphaF(_AXIS)
        for axis in self.axes.values():
            axis.setPen(QPen(faint))
            axis.setTextPen(colours.text)

    @property
    def most_ticks(self) -> int:
        """How many texts there is room for along the y axis."""
        lines = int(self.widget.height()) // (2 * int(self.widget.fontMetrics().height()))
        return min(max(lines, _FEWEST_TICKS), _MOST_TICKS)

    def use_font(self) -> None:
        """Write the axes in the widget's type, which may have another size now."""
        font = self.widget.font()
        for axis in self.axes.values():
            axis.setTickFont(font)
            axis.label.setFont(font)
        height = QFontMetrics(font).height()
        self.axes["left"].setWidth(self._axis_width * max(1, height / 16))
        self.axes["bottom"].setStyle(tickTextHeight=max(_LEAST_TEXT_HEIGHT, height))

    def _add_axis(self, side: str, row: int, column: int) -> Any:
        axis = _Axis(side)
        axis.linkToView(self.box)
        axis.enableAutoSIPrefix(False)
        labels = {"hideOverlappingLabels": _ROOM_FOR_LABELS, "autoExpandTextSpace": False}
        axis.setStyle(tickLength=0, **labels)
        self.layout.addItem(axis, row, column)
        return axis


@cache
def curve_pens(colours: PlotColours) -> Mapping[str, QPen]:
    """Return the pen of each curve; dashes and `MARKS` tell them apart without colours too.

    All are opaque: translucent antialiased lines take ten times as long to paint.
    """
    ground = QColor(colours.background)
    training, validation = QColor(colours.training), QColor(colours.validation)
    pale_training = pale(ground, training, _LEAST_CONTRAST)
    pale_validation = pale(ground, validation, _LEAST_CONTRAST)
    return {
        "earlier_training": QPen(pale_training, LINE_WIDTH, Qt.PenStyle.DashLine),
        "earlier_validation": QPen(pale_validation, LINE_WIDTH),
        "batch": QPen(pale_training, LINE_WIDTH),
        "training": QPen(training, LINE_WIDTH),
        "validation": QPen(validation, LINE_WIDTH),
        "test": QPen(QColor(colours.test), LINE_WIDTH),
    }


class PlotPane(QObject):
    """Draws curves in a plot widget; `hovered` carries the place on the x axis under the pointer.

    The wheel and the pointer change the part of the x axis that is seen: `zoomed` carries its
    ends, `reset_asked` asks for the whole axis. The y axis is set by code alone; `room_changed`
    says that it has room for more ticks or fewer.
    """

    hovered = Signal(float)
    left = Signal()
    zoomed = Signal(float, float)
    reset_asked = Signal()
    room_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._plot = Plot(axis_width=_AXIS_WIDTH)
        self.widget: Any = self._plot.widget
        is_to_be(self.widget, QAccessible.Role.Chart)
        self._box, self._axes = self._plot.box, self._plot.axes
        self._crosshair: Any = pg.InfiniteLine(angle=90, movable=False)
        self._lines: dict[str, CurveLine] = {}
        self._pens: Mapping[str, QPen] = {}
        self._annotations: dict[tuple[float, str], Any] = {}
        self._annotation_pen = QPen()
        self._annotation_text = ""
        self._title = self._x_title = ""
        self._ticks: tuple[list[Tick], list[Tick]] = ([], [])
        self._ranges = (0.0, 1.0, 0.0, 1.0)
        self._limit = 0.0
        self.most_ticks = _MOST_TICKS
        self._line_width = LINE_WIDTH
        self._ring = QColor()
        self._set_up_plot()

    def show_curves(self, curves: Mapping[str, Curve]) -> None:
        """Draw curves, their values as positions on the y axis."""
        for name, curve in curves.items():
            # Few curves change in a frame.
            if not _are_equal(curve, self.points(name)):
                self._line(name).set_curve(curve)

    def points(self, name: str) -> Curve:
        """Return the points of a curve as drawn."""
        return self._lines[name].curve if name in self._lines else NO_CURVE

    def show_axes(
        self, title: str, ends: tuple[float, float, float, float], ticks: tuple[list[Tick], ...]
    ) -> None:
        """Let the x axis and the y axis of this title have these ends and ticks."""
        if title != self._title:
            self._title = title
            self._axes["left"].setLabel(title)
        if (ends, ticks) != (self._ranges, self._ticks):
            self._ranges, self._ticks = ends, (ticks[0], ticks[1])
            self._box.setXRange(*ends[:2], padding=0.0)
            self._box.setYRange(*ends[2:], padding=0.0)
            for side, shown in zip(("bottom", "left"), ticks, strict=True):
                self._axes[side].setTicks([shown])
            self._draw_grid()

    def show_x_title(self, title: str) -> None:
        """Show what the x axis counts, or nothing."""
        if title != self._x_title:
            self._x_title = title
            self._axes["bottom"].setLabel(title)
            self._axes["bottom"].showLabel(bool(title))

    def limit(self, end: float) -> None:
        """Let nobody move the view beyond 0 and this place."""
        if end != self._limit:
            self._limit = end
            margin = _MARGIN * end
            self._box.setLimits(xMin=-margin, xMax=end + margin, minXRange=end * _CLOSEST)

    def set_wide(self, *, wide: bool) -> None:
        """Draw wider lines, to be seen from the last row, or those for the desk."""
        self._line_width = WIDE_LINE_WIDTH if wide else LINE_WIDTH
        self._colour_lines()

    def show_annotations(self, annotations: list[tuple[float, str]]) -> None:
        """Draw vertical lines at these steps, with these texts beside them."""
        for gone in self._annotations.keys() - set(annotations):
            self._box.removeItem(self._annotations.pop(gone))
        for step, text in annotations:
            if (step, text) not in self._annotations:
                line = pg.InfiniteLine(
                    step,
                    label=text or None,
                    labelOpts={"position": 0.08, "rotateAxis": (1, 0), "anchors": [(0, 0), (0, 1)]},
                )
                self._colour_annotation(line)
                self._annotations[step, text] = line
                self._box.addItem(line, ignoreBounds=True)

    def annotations(self) -> list[tuple[float, str]]:
        """Return the annotations that are drawn, sorted by step."""
        return sorted(self._annotations)

    def ranges(self) -> list[list[float]]:
        """Return the ends of the x axis and of the y axis."""
        ranges: list[list[float]] = self._box.viewRange()
        return ranges

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
        for axis in self._axes.values():
            axis.setPen(_pen(text, ground, _AXIS))
            axis.setTextPen(text)
        self._grid.setPen(_pen(text, ground, _GRID))
        self._crosshair.setPen(_pen(text, ground, _CROSSHAIR))
        self._annotation_text = text
        self._annotation_pen = _pen(text, ground, _ANNOTATION, Qt.PenStyle.DashLine)
        for line in self._annotations.values():
            self._colour_annotation(line)
        self._ring = QColor(colours.training)
        self._show_ring()
        self._pens = curve_pens(colours)
        self._colour_lines()

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
        for axis in self._axes.values():
            axis.setCacheMode(item.DeviceCoordinateCache if kept else item.NoCache)

    def _line(self, name: str) -> CurveLine:
        """Return the line of a curve; it is made with the curve's first points."""
        if name not in self._lines:
            # Of noise nobody sees the steps of its lines, and they take a third of the time.
            line = CurveLine(MARKS.get(name), antialiased=name != "batch")
            line.setZValue(_FROM_THE_BACK.index(name))
            line.set_range(self._box.viewRect())
            self._box.addItem(line, ignoreBounds=True)
            self._lines[name] = line
            self._colour_line(name, line)
        return self._lines[name]

    def _colour_lines(self) -> None:
        for name, line in self._lines.items():
            self._colour_line(name, line)

    def _colour_line(self, name: str, line: CurveLine) -> None:
        pen = QPen(self._pens[name])
        pen.setWidthF(self._line_width)
        line.set_pen(pen)

    def _colour_annotation(self, line: Any) -> None:
        line.setPen(self._annotation_pen)
        if hasattr(line, "label"):
            line.label.setColor(self._annotation_text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pointer, the focus and the type."""
        kind = event.type()
        if kind == QEvent.Type.Leave:
            self.left.emit()
        elif kind == QEvent.Type.MouseButtonDblClick:
            self.reset_asked.emit()
        elif kind in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._show_ring()
        elif kind == QEvent.Type.Resize:
            self._use_room()
        elif kind == QEvent.Type.FontChange:
            self._plot.use_font()
            self._use_room()
        return super().eventFilter(watched, event)

    def _use_room(self) -> None:
        most = self._plot.most_ticks
        if most != self.most_ticks:
            self.most_ticks = most
            self.room_changed.emit()

    def _show_ring(self) -> None:
        """Frame the plot while it has the focus."""
        frame = self.widget.palette()
        shown = self._ring if self.widget.hasFocus() else self.widget.backgroundBrush().color()
        frame.setColor(QPalette.ColorRole.WindowText, shown)
        self.widget.setPalette(frame)

    def _set_up_plot(self) -> None:
        self._plot.layout.setContentsMargins(2, 10, 26, 4)
        # pyqtgraph's grid is translucent, which takes longer to paint than all curves.
        self._grid: Any = pg.PlotCurveItem(connect="pairs", antialias=False)
        self._box.addItem(self._grid, ignoreBounds=True)
        self._grid.setZValue(-1)
        # The text of the axes is painted when it changes, not with each change of the curves.
        self._keep_pictures(kept=True)
        self._crosshair.hide()
        self._crosshair.setZValue(len(_FROM_THE_BACK))
        self._box.addItem(self._crosshair, ignoreBounds=True)
        self._box.setMouseEnabled(x=True, y=False)
        self._box.sigRangeChanged.connect(self._show_range)
        self._box.sigRangeChangedManually.connect(self._follow_range)
        self.widget.scene().sigMouseMoved.connect(self._follow_pointer)
        self.widget.setFrameStyle(QFrame.Shape.Box.value | QFrame.Shadow.Plain.value)
        self.widget.setLineWidth(_RING)
        self.widget.setMinimumHeight(_LEAST_HEIGHT)
        self.widget.installEventFilter(self)
        self.widget.viewport().installEventFilter(self)

    def _draw_grid(self) -> None:
        steps, values = ([place for place, _ in ticks] for ticks in self._ticks)
        start, end, low, high = self._ranges
        margin = _MARGIN * self._limit
        across = [start - margin, end + margin] * len(values)
        along = [x for step in steps for x in (step, step)] + across
        upright = [low, high] * len(steps) + [y for value in values for y in (value, value)]
        self._grid.setData(np.array(along), np.array(upright))

    @Slot()
    def _show_range(self) -> None:
        seen = self._box.viewRect()
        for line in self._lines.values():
            line.set_range(seen)

    @Slot()
    def _follow_range(self) -> None:
        start, end = self._box.viewRange()[0]
        # The view is elsewhere now than code has set it.
        self._ranges = (start, end, 0.0, 0.0)
        self.zoomed.emit(start, end)

    @Slot(object)
    def _follow_pointer(self, place: QPointF) -> None:
        if self._box.sceneBoundingRect().contains(place):
            self.hovered.emit(float(self._box.mapSceneToView(place).x()))
        else:
            self.left.emit()


def _are_equal(one: Curve, other: Curve) -> bool:
    return np.array_equal(one.steps, other.steps) and np.array_equal(one.values, other.values)


def _pen(
    colour: str, ground: str, share: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> QPen:
    """Return an opaque pen, a pixel wide, with this share (0..1) of the colour on its ground."""
    pen = QPen(blend(QColor(ground), QColor(colour), share), 1, style)
    pen.setCosmetic(True)
    return pen
