"""The page that shows how the network came to read as it does."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QBoxLayout, QComboBox, QGridLayout, QLabel, QWidget

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.inside.kept_steps import StepReading, read_right, told_apart
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.labels import caption, count, paragraph, percent
from mnist_gui.gui.common.qt import FittedWidget, column, named, row, widget_with
from mnist_gui.gui.drawing.prediction_panel import ProbabilityBars
from mnist_gui.gui.time_machine.pictures import ConfusionPicture, WeightsPicture
from mnist_gui.gui.time_machine.timeline import Timeline, line_mark
from mnist_gui.gui.views.page import ViewPage

_NARROW = 560
_ANSWER, _EACH_DIGIT, _TWO_DIGITS = range(3)
_SHOWN_FROM = 0.02


class TimePage(ViewPage):
    """What the network makes of images at the step that is shown, and curves over all its steps.

    `step_chosen` carries a step that the user chose in the curves; `animation_asked` asks for a
    file that plays them all.
    """

    step_chosen = Signal(int)
    animation_asked = Signal()

    def __init__(self) -> None:
        super().__init__("time")
        self._readings: tuple[StepReading, ...] = ()
        self._digit: int | None = None
        self._total = 0
        self.measure_box = named(QComboBox(), "time_measure_box", self.tr("What the curves show"))
        self.measure_box.addItems(
            [
                self.tr("Your digit: probabilities"),
                self.tr("Each digit: rightly read"),
                self.tr("Two digits: mixed up"),
            ]
        )
        self.digit_boxes = [self._digit_box(number) for number in range(2)]
        self.digit_boxes[0].setCurrentIndex(4)
        self.digit_boxes[1].setCurrentIndex(9)
        self.weights, self.confusion = WeightsPicture(), ConfusionPicture()
        self.bars = named(ProbabilityBars(), "time_bars", self.tr("Probabilities at this step"))
        self.timeline = Timeline(self)
        self.key = caption()
        self.key.setTextFormat(Qt.TextFormat.RichText)
        self.sentence = named(paragraph(), "time_sentence")
        animation = QAction(self.tr("Save &animation as \u2026"), self.menu)
        animation.triggered.connect(self.animation_asked)
        self.menu.addAction(animation)
        self._lay_out_parts()
        self.show_purpose(
            self.tr(
                "What the network was at the chosen step: its first weights, its answer for your "
                "digit and its mistakes. Move the step above, or click a place in the curves, and "
                "watch them change."
            )
        )
        self.measure_box.currentIndexChanged.connect(self._draw)
        for box in self.digit_boxes:
            box.currentIndexChanged.connect(self._draw)
        self.timeline.step_chosen.connect(self.step_chosen)

    def show_readings(self, readings: Sequence[StepReading], digit: int | None, total: int) -> None:
        """Show what is known so far of `total` kept steps; `digit` is what the last one reads."""
        self._readings, self._digit, self._total = tuple(readings), digit, total
        self._draw()
        self.show_body(is_complete=len(readings) == total)

    def show_step(self, step: int) -> None:
        """Show what the network was at this step, or at the last kept one before it."""
        if not self._readings:
            return
        steps = [reading.step for reading in self._readings]
        place = max(int(np.searchsorted(steps, step, side="right")) - 1, 0)
        reading = self._readings[place]
        self.timeline.show_step(reading.step)
        self.weights.show_layer(reading.layer)
        self.confusion.show_counts(reading.confusion)
        shares = reading.probabilities
        known = None if shares is None else Prediction(shares.astype(np.float32))
        self.bars.show_prediction(known)
        self._describe(reading)

    def _describe(self, reading: StepReading) -> None:
        total = int(reading.confusion.sum())
        right = int(np.trace(reading.confusion))
        text = self.tr("Step {step}: {right} of {total} validation images are read rightly.")
        words = text.format(step=count(reading.step), right=count(right), total=count(total))
        self.confusion.setAccessibleDescription(words)
        self.timeline.widget.setAccessibleDescription(words)
        self.now.setText(words)

    # --- the curves -----------------------------------------------------------------------------

    @Slot()
    def _draw(self) -> None:
        measure = self.measure_box.currentIndex()
        self._pair.setVisible(measure == _TWO_DIGITS)
        readings = self._readings
        curves = self._curves(measure)
        self.timeline.show_shares([reading.step for reading in readings], curves)
        self.key.setText(self._key_of(measure, curves))
        self.sentence.setText(self._sentence(measure) if readings else "")

    def _curves(self, measure: int) -> Mapping[int, NDArray[np.float64]]:
        """Return the curves (n,) that are drawn over n steps, each by its digit."""
        readings = self._readings
        if measure == _TWO_DIGITS:
            one, other = self._two
            return {one: np.array([reading.mixed_up(one, other) for reading in readings])}
        if measure == _EACH_DIGIT:
            each = [reading.accuracy_per_digit for reading in readings]
        else:
            unknown = np.full(CLASSES, np.nan)
            each = [unknown if r.probabilities is None else r.probabilities for r in readings]
        table = np.array(each).reshape(-1, CLASSES)
        seen = [d for d in range(CLASSES) if np.nanmax(table[:, d], initial=0) >= _SHOWN_FROM]
        return {digit: table[:, digit] for digit in seen}

    @property
    def _two(self) -> tuple[int, int]:
        one, other = (box.currentIndex() for box in self.digit_boxes)
        return one, other

    def _key_of(self, measure: int, curves: Mapping[int, object]) -> str:
        if measure == _TWO_DIGITS:
            return ""
        text = '<span style="color: {shade}">{line}</span>&nbsp;{digit}'
        marks = [
            text.format(shade=self.timeline.shade(digit), line=line_mark(digit), digit=digit)
            for digit in curves
        ]
        return "\u2002".join(marks)

    def _sentence(self, measure: int) -> str:
        if len(self._readings) < self._total:
            text = self.tr("Reading the kept steps: {done} of {total} \u2026")
            return text.format(done=count(len(self._readings)), total=count(self._total))
        if measure == _TWO_DIGITS:
            return self._about_two(*self._two)
        if measure == _EACH_DIGIT:
            return self._about_each()
        if self._digit is None:
            return self.tr("Draw a digit to see how the network came to read it.")
        step = read_right(self._readings, self._digit)
        if step is None:
            return self.tr("The network has not settled on a digit.")
        text = self.tr("It has read this digit as {digit} since step {step}.")
        return text.format(digit=self._digit, step=count(step))

    def _about_two(self, one: int, other: int) -> str:
        if one == other:
            return self.tr("Choose two different digits.")
        if np.isnan(self._readings[-1].mixed_up(one, other)):
            return self.tr("There are no images of these digits.")
        last = percent(self._readings[-1].mixed_up(one, other))
        place = told_apart(self._readings, one, other)
        if place is None:
            text = self.tr(
                "It has not learnt to tell {one} from {other} yet: at the end it mixes up {share} "
                "of their images."
            )
            return text.format(one=one, other=other, share=last)
        text = self.tr(
            "It has told {one} from {other} since step {step}: from there on it mixes up fewer "
            "than 5 of 100, at the end {share}. At step {before}, the one kept before, it had not."
        )
        if not place:
            text = self.tr(
                "It tells {one} from {other} at every kept step, from step {step} on: it mixes up "
                "fewer than 5 of 100, at the end {share}."
            )
        steps = [count(reading.step) for reading in self._readings]
        words = {"step": steps[place], "before": steps[place - 1]}
        return text.format(one=one, other=other, share=last, **words)

    def _about_each(self) -> str:
        shares = self._readings[-1].accuracy_per_digit
        if np.isnan(shares).all():
            return ""
        worst, best = int(np.nanargmin(shares)), int(np.nanargmax(shares))
        text = self.tr(
            "At the end it reads {best} best, {best_share} of them, and {worst} worst, "
            "{worst_share}."
        )
        return text.format(
            best=best,
            best_share=percent(float(shares[best])),
            worst=worst,
            worst_share=percent(float(shares[worst])),
        )

    # --- putting together -----------------------------------------------------------------------

    def _digit_box(self, number: int) -> QComboBox:
        spoken = (self.tr("First digit"), self.tr("Second digit"))[number]
        box = named(QComboBox(), f"time_digit_box_{number + 1}", spoken)
        box.addItems([str(digit) for digit in range(CLASSES)])
        return box

    def _lay_out_parts(self) -> None:
        self.now = named(caption(), "time_now")
        self.now.setWordWrap(True)
        self.key.setWordWrap(True)
        digits = QLabel(self.tr("Digits"))
        digits.setBuddy(self.digit_boxes[0])
        self._pair = widget_with(row(digits, *self.digit_boxes, spacing=8))
        self._pair.hide()
        label = QLabel(self.tr("C&urves"))
        label.setBuddy(self.measure_box)
        choice = row(label, self.measure_box, 0, spacing=8)
        column(choice, row(self._pair, 0), parent=self.controls, spacing=4)
        pictures = _Pictures(
            (self.tr("First weights"), self.weights),
            (self.tr("Answer for your digit"), self.bars),
            (self.tr("Mistakes: label down, read as across"), self.confusion),
        )
        body = QBoxLayout(QBoxLayout.Direction.TopToBottom, self.body)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self.now)
        body.addWidget(pictures, 3)
        body.addWidget(self.sentence)
        body.addWidget(self.key)
        body.addWidget(self.timeline.widget, 2)


class _Pictures(FittedWidget):
    """Pictures under their titles, side by side or, where that is too narrow, two in a row."""

    def __init__(self, *parts: tuple[str, QWidget]) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._parts = []
        for title, picture in parts:
            label = caption(title)
            label.setWordWrap(True)
            self._parts.append((label, picture))
        self._columns = 0
        self.fit()

    def fit(self) -> None:
        """Put the pictures into as many columns as have room."""
        columns = 2 if 0 < self.width() < _NARROW else len(self._parts)
        if columns == self._columns:
            return
        self._columns = columns
        for place, (label, picture) in enumerate(self._parts):
            line, column = divmod(place, columns)
            self._grid.addWidget(label, 2 * line, column)
            self._grid.addWidget(picture, 2 * line + 1, column)
        for line in range(4):
            self._grid.setRowStretch(
                line, line % 2 if line < 2 * -(-len(self._parts) // columns) else 0
            )
        for column in range(len(self._parts)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)


def no_run() -> str:
    """Return what is said where the network is of no run."""
    return QCoreApplication.translate(
        "TimePage",
        "This network is of no run that was kept step by step. Train one, or choose one of your "
        "runs above; then you see here how it learnt.",
    )


def no_steps() -> str:
    """Return what is said where a run keeps no steps."""
    return QCoreApplication.translate(
        "TimePage",
        "Of this run no steps are kept, only its network: new runs have taken the room of its "
        "steps. Train it again, or pin a run so that it keeps them.",
    )
