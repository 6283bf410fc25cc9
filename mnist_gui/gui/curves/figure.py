"""Accuracy, loss and learning rate, one above the other, with their legend."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from mnist_gui.engine.history import Curve
from mnist_gui.gui.common.labels import count, duration, number, percent
from mnist_gui.gui.common.qt import Announcer, column, named, row
from mnist_gui.gui.common.theme import LIGHT_PLOT, PlotColours
from mnist_gui.gui.curves.data import (
    NO_CURVE,
    Look,
    Placing,
    RunCurves,
    ShownRuns,
    Tick,
    Values,
    XAxis,
    by_line,
    error_range,
    in_percent,
    linear_ticks,
    log_error,
    log_loss,
    log_range,
    log_ticks,
    percent_range,
    value_at,
    values_to_see,
)
from mnist_gui.gui.curves.legend import CurveLegend
from mnist_gui.gui.curves.plot import PlotPane, curve_pens
from mnist_gui.words.language import in_sequence

_MARGIN = 0.01
_LEAST_TICK = 1e-4
# Time is counted in minutes from so many seconds on, in hours from so many more.
_MINUTE, _HOUR = 60.0, 3_600.0
_MANY = 3
# Keys that move the place that is read, in steps or in parts of what is seen.
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_PARTS = {Qt.Key.Key_PageUp: -0.05, Qt.Key.Key_PageDown: 0.05}
_ZOOMS = {Qt.Key.Key_Plus: 0.7, Qt.Key.Key_Equal: 0.7, Qt.Key.Key_Minus: 1 / 0.7}
_PAN = 0.2
_WHOLE = (Qt.Key.Key_0, Qt.Key.Key_Escape)
_Range = Callable[[Values], tuple[float, float]]
_Ticks = Callable[[float, float, int], list[Tick]]


class CurvesFigure(QWidget):
    """Draws accuracy, or error rate, above loss; the legend shows their values at a place.

    `zoom_asked` carries the part of the x axis that the user wants to see, None for all of it;
    `pane_added` a plot that was made later.
    """

    zoom_asked = Signal(object)
    pane_added = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, switches: bool = True) -> None:
        super().__init__(parent)
        self._runs = ShownRuns()
        self._placed = ShownRuns()
        self._look = Look()
        self._end = self._placed.axis_end
        self._bottom_ticks: list[Tick] = []
        self._place_read: float | None = None
        self._colours = LIGHT_PLOT
        self._is_wide = False
        self.accuracy_pane = PlotPane(self)
        self.loss_pane = PlotPane(self)
        # Few look at it, and a plot takes long to make.
        self.rate_pane: PlotPane | None = None
        self.legend = CurveLegend(switches=switches)
        self._name_parts()
        self._lay_out()
        self._announcer = Announcer(self.accuracy_pane.widget)
        for pane in self.panes:
            self._connect(pane)

    @property
    def panes(self) -> list[PlotPane]:
        """The plots that there are."""
        rate = [self.rate_pane] if self.rate_pane is not None else []
        return [self.accuracy_pane, self.loss_pane, *rate]

    def show_runs(self, runs: ShownRuns, look: Look) -> None:
        """Draw these runs with this look."""
        self._runs, self._placed = runs, runs.over(look.axis)
        self.show_look(look)

    def show_look(self, look: Look) -> None:
        """Draw the same runs with this look."""
        if look.axis is not self._look.axis:
            self._placed = self._runs.over(look.axis)
            self._place_read = None
        self._look = look
        self._end = self._placed.axis_end
        self._bottom_ticks = self._x_ticks()
        self._draw_accuracy()
        self._draw_loss()
        self._draw_rate()
        notes = self._placed.now.annotations
        self.accuracy_pane.show_annotations(list(notes))
        for pane in self.panes[1:]:
            pane.show_annotations([(place, "") for place, _ in notes])
        self._read_out()

    def add_controls(self, *halves: QWidget) -> None:
        """Put controls between legend and plots, side by side where there is room."""
        self._halves = halves
        for half in halves:
            self._controls.addWidget(half, alignment=Qt.AlignmentFlag.AlignLeading)
        self._controls.addStretch()

    def apply_theme(self, colours: PlotColours) -> None:
        """Use the colours of the theme."""
        self._colours = colours
        for pane in self.panes:
            pane.apply_theme(colours)
        # Fusion draws a box's frame in a darker shade of the window's colour: too dark.
        frame = QPalette()
        frame.setColor(QPalette.ColorRole.Window, QColor(colours.text))
        self.legend.show_pens(curve_pens(colours), frame)

    def set_wide(self, *, wide: bool) -> None:
        """Draw wider lines, to be seen from the last row, or those for the desk."""
        self._is_wide = wide
        for pane in self.panes:
            pane.set_wide(wide=wide)

    @contextmanager
    def painted_as_lines(self) -> Iterator[None]:
        """Paint everything as lines meanwhile, nothing from cached pixmaps."""
        with ExitStack() as stack:
            for pane in self.panes:
                stack.enter_context(pane.painted_as_lines())
            yield

    # --- room ----------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        """Return the size with the controls one below the other."""
        widths = (self.legend.minimumSizeHint().width(), *self._control_widths())
        return QSize(max(widths), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the controls one below the other where there is no room."""
        super().resizeEvent(event)
        needed = sum(self._control_widths()) + self._controls.spacing()
        ways = QBoxLayout.Direction
        self._controls.setDirection(ways.TopToBottom if needed > self.width() else ways.LeftToRight)

    def _control_widths(self) -> list[int]:
        shown = [half for half in self._halves if not half.isHidden()]
        return [max(half.minimumSizeHint().width(), half.minimumWidth()) for half in shown]

    # --- drawing -------------------------------------------------------------------------------

    def _draw_accuracy(self) -> None:
        now, earlier = self._placed.now.accuracy, self._placed.earlier.accuracy
        pane = self.accuracy_pane
        if self._look.error_rate:
            curves = self._curves(now, earlier, log_error)
            self._draw(pane, self.tr("Error rate (%)"), curves, error_range, log_ticks)
        else:
            curves = self._curves(now, earlier, in_percent)
            self._draw(pane, self.tr("Accuracy (%)"), curves, percent_range, _value_ticks)

    def _draw_loss(self) -> None:
        curves = self._curves(self._placed.now.loss, self._placed.earlier.loss, log_loss)
        self._draw(self.loss_pane, self.tr("Loss"), curves, _loss_range, log_ticks)

    def _draw_rate(self) -> None:
        shown = self._look.with_rate
        if shown and self.rate_pane is None:
            self._add_rate_pane()
        if self.rate_pane is not None:
            self.rate_pane.widget.setVisible(shown)
            curves = {"training": self._placed.now.rate.training}
            title = self.tr("Rate")
            self._draw(self.rate_pane, title, curves, _rate_range, _value_ticks)
        lowest = self.rate_pane if shown and self.rate_pane is not None else self.loss_pane
        for pane in self.panes:
            pane.show_x_title(self._x_title() if pane is lowest else "")

    def _curves(self, now: RunCurves, earlier: RunCurves, place: Placing) -> dict[str, Curve]:
        lines = by_line(now.placed(place), earlier.placed(place))
        hidden = self._look.hidden
        return {name: NO_CURVE if name in hidden else curve for name, curve in lines.items()}

    def _draw(
        self,
        pane: PlotPane,
        title: str,
        curves: Mapping[str, Curve],
        range_of: _Range,
        ticks: _Ticks,
    ) -> None:
        pane.show_curves(curves)
        start, end = self._seen()
        pane.limit(self._end)
        low, high = range_of(values_to_see(curves, start, end))
        both = (self._bottom_ticks, ticks(low, high, pane.most_ticks))
        pane.show_axes(title, (start, end, low, high), both)

    def _seen(self) -> tuple[float, float]:
        """Return the ends of what is seen of the x axis."""
        end = self._end
        return self._look.zoom or (-_MARGIN * end, end + _MARGIN * end)

    def _x_ticks(self) -> list[Tick]:
        start, end = self._seen()
        unit, least = self._time_unit(), 1.0 if self._look.axis is XAxis.STEP else _LEAST_TICK
        ticks = linear_ticks(max(start, 0.0) / unit, end / unit, least=least)
        return [(place * unit, text) for place, text in ticks]

    def _time_unit(self) -> float:
        """Return by how many seconds time is counted; 1 where it is not time."""
        if self._look.axis is not XAxis.TIME:
            return 1.0
        end = self._end
        if end > _MANY * _HOUR:
            return _HOUR
        return _MINUTE if end > _MANY * _MINUTE else 1.0

    def _x_title(self) -> str:
        if self._look.axis is XAxis.STEP:
            return self.tr("Step")
        if self._look.axis is XAxis.EPOCH:
            return self.tr("Epoch")
        times = {
            _HOUR: self.tr("Training time (hours)"),
            _MINUTE: self.tr("Training time (minutes)"),
            1.0: self.tr("Training time (seconds)"),
        }
        return times[self._time_unit()]

    # --- values at a place ---------------------------------------------------------------------

    def _newest(self) -> float:
        return self._placed.now.loss.last_step or self._placed.last_step

    def _read_out(self) -> None:
        now, earlier = self._placed.now, self._placed.earlier
        place = self._newest() if self._place_read is None else self._place_read
        self.legend.show_place(self._place_text(place) if self._placed.last_step else "")
        title = self.tr("Error rate") if self._look.error_rate else self.tr("Accuracy")
        self.legend.first_column.setText(title)
        losses = by_line(now.loss, earlier.loss)
        for name, accuracy in by_line(now.accuracy, earlier.accuracy).items():
            self._read_row(name, accuracy, losses[name], place)
        tested = bool(len(now.accuracy.test))
        self.legend.show_rows(test=tested, earlier=bool(earlier.accuracy.last_step))

    def _read_row(self, name: str, accuracy: Curve, loss: Curve, place: float) -> None:
        if self._look.error_rate:
            accuracy = replace(accuracy, values=1 - accuracy.values)
        share = self._value(accuracy, place, logarithmic=self._look.error_rate)
        # A mean of ones may fall short of 1 by what a float can hold.
        text = "" if share is None else percent(round(share, 6), 2)
        self.legend.show_values(name, text, self._value(loss, place, logarithmic=True))

    def _value(self, curve: Curve, place: float, *, logarithmic: bool) -> float | None:
        """Return the value at the place, or the newest one while no place is read."""
        if self._place_read is None:
            return float(curve.values[-1]) if len(curve) else None
        return value_at(curve, place, logarithmic=logarithmic)

    def _place_text(self, place: float) -> str:
        run = self._runs.now if self._runs.now.last_step else self._runs.earlier
        step = count(round(run.step_at(self._look.axis, place)))
        if self._look.axis is XAxis.EPOCH:
            text = self.tr("Epoch {epoch} (step {step})")
            return text.format(epoch=number(place, 2), step=step)
        if self._look.axis is XAxis.TIME:
            return self.tr("{time} (step {step})").format(time=duration(place), step=step)
        return self.tr("Step {step}").format(step=step)

    def spoken(self) -> str:
        """Return the values that are shown, to be spoken."""
        if not self._placed.last_step:
            return ""
        head = self.tr("{place}. {measure}:").format(
            place=self.legend.step.text(), measure=self.legend.first_column.text()
        )
        names = by_line(self._runs.now.accuracy, self._runs.earlier.accuracy)
        return in_sequence((head, *map(self._spoken_row, names)))

    def _spoken_row(self, name: str) -> str:
        accuracy, loss = self.legend.value(name)
        if not accuracy or name in self._look.hidden:
            return ""
        both, one = self.tr("{curve} {accuracy}, loss {loss}."), self.tr("{curve} {accuracy}.")
        text = both if loss else one
        return text.format(curve=self.legend.name(name), accuracy=accuracy, loss=loss)

    @Slot()
    @Slot(float)
    def read_at(self, place: float | None = None) -> None:
        """Show the values at the step nearest to this place, or else the newest ones."""
        last = self._placed.last_step
        self._place_read = None if place is None else self._step_beside(place, 0)
        for pane in self.panes:
            pane.show_crosshair(self._place_read if last else None)
        self._read_out()

    # --- keys ----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the place that is read, and what is seen, by keys; speak for what has the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._use_key(event)
        if event.type() == QEvent.Type.FocusIn:
            self._describe()
        return super().eventFilter(watched, event)

    def _use_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        ):
            return False
        if key in _STEPS and shifted:
            self._pan(_STEPS[key] * _PAN)
        elif key in _ZOOMS:
            self._magnify(_ZOOMS[key])
        elif key in _WHOLE and self._look.zoom is not None:
            self.zoom_asked.emit(None)
        elif (place := self._place_after(key)) is not None:
            self.read_at(place)
            self._keep_in_view(place)
            self._describe()
            self._announcer.say(self.spoken())
        else:
            return False
        return True

    def _place_after(self, key: Qt.Key) -> float | None:
        """Return which place a key moves to; None for other keys."""
        place = self._newest() if self._place_read is None else self._place_read
        start, end = self._seen()
        if key in _STEPS:
            return self._step_beside(place, _STEPS[key])
        if key in _PARTS:
            return place + _PARTS[key] * (end - start)
        return {Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: self._newest()}.get(key)

    def _step_beside(self, place: float, steps: int) -> float:
        """Return the place of the step that is nearest to a place, or so many steps further."""
        run = self._runs.now if self._runs.now.last_step else self._runs.earlier
        step = round(run.step_at(self._look.axis, place)) + steps
        step = min(max(step, 0), round(self._runs.last_step))
        return float(run.place(self._look.axis, np.array([float(step)]))[0])

    def _describe(self) -> None:
        for pane in self.panes:
            pane.widget.setAccessibleDescription(self.spoken())

    def _keep_in_view(self, place: float) -> None:
        start, end = self._seen()
        if self._look.zoom is not None and not start <= place <= end:
            self._see(place - (end - start) / 2, place + (end - start) / 2)

    def _pan(self, share: float) -> None:
        start, end = self._seen()
        if self._look.zoom is not None:
            self._see(start + share * (end - start), end + share * (end - start))

    def _magnify(self, factor: float) -> None:
        start, end = self._seen()
        middle = (start + end) / 2 if self._place_read is None else self._place_read
        self._see(middle - factor * (middle - start), middle + factor * (end - middle))

    @Slot(float, float)
    def _see(self, start: float, end: float) -> None:
        """Ask to see this part of the x axis, moved into it, or all of it if it is all."""
        whole = self._end
        margin = _MARGIN * whole
        width = max(end - start, whole / 500)
        start = max(min(start, whole + margin - width), -margin)
        is_all = width >= whole
        self.zoom_asked.emit(None if is_all else (start, start + width))

    # --- putting together ----------------------------------------------------------------------

    def _connect(self, pane: PlotPane) -> None:
        pane.hovered.connect(self.read_at)
        pane.left.connect(self.read_at)
        pane.zoomed.connect(self._see)
        pane.reset_asked.connect(self._see_all)
        pane.room_changed.connect(self._draw_again)
        pane.widget.installEventFilter(self)

    @Slot()
    def _draw_again(self) -> None:
        self.show_look(self._look)

    @Slot()
    def _see_all(self) -> None:
        self.zoom_asked.emit(None)

    def _add_rate_pane(self) -> None:
        self.rate_pane = pane = PlotPane(self)
        tip = self.tr("How far each step moves the weights.")
        named(pane.widget, "rate_plot", self.tr("Plot of the learning rate"), tip)
        pane.apply_theme(self._colours)
        pane.set_wide(wide=self._is_wide)
        self._column.addWidget(pane.widget, 1)
        self._connect(pane)
        self.pane_added.emit(pane.widget)

    def _name_parts(self) -> None:
        accuracy, loss = self.accuracy_pane.widget, self.loss_pane.widget
        tip = self.tr(
            "Point at the curves or press the arrow keys to read their values. Turn the wheel or "
            "press + and \u2212 to zoom, drag to move, double-click for the whole run."
        )
        named(accuracy, "accuracy_plot", self.tr("Plot of the accuracy"), tip)
        tip = self.tr("The loss is what training makes small: 0 would be perfect.")
        named(loss, "loss_plot", self.tr("Plot of the loss"), tip)

    def _lay_out(self) -> None:
        self._controls = row(spacing=14)
        self._halves = tuple[QWidget, ...]()
        panes = ((self.accuracy_pane.widget, 3), (self.loss_pane.widget, 2))
        self._column = column(self.legend, self._controls, *panes, parent=self, spacing=8)


def _value_ticks(low: float, high: float, most: int) -> list[Tick]:
    return linear_ticks(low, high, most, least=_LEAST_TICK)


def _loss_range(values: Values) -> tuple[float, float]:
    return log_range(values, -1.0, 0.5)


def _rate_range(values: Values) -> tuple[float, float]:
    return 0.0, 1.08 * float(values.max()) if len(values) else 1.0
