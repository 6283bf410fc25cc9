"""How far a run is, how fast, and how it ended."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QProgressBar, QWidget

from mnist_gui.engine.events import Progress, RunState
from mnist_gui.gui.common.labels import (
    caption,
    count,
    duration,
    figure,
    heading,
    number,
    paragraph,
    rate,
)
from mnist_gui.gui.common.qt import column, named

_NOTHING = "\u2013"


class ProgressPanel(QWidget):
    """Shows a run's progress bar, its figures, a message and its outcome."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RunState.IDLE
        self._progress: Progress | None = None
        self.bar = QProgressBar()
        self.step = figure(_NOTHING)
        self.epoch = figure(_NOTHING)
        self.elapsed = figure(_NOTHING)
        self.remaining = figure(_NOTHING)
        self.speed = figure(_NOTHING)
        self.message = paragraph()
        self.outcome = paragraph()
        self._name_parts()
        self._lay_out()
        self._show_share(0, 1)
        self.show_outcome("")

    @Slot(object)
    def show_progress(self, progress: Progress) -> None:
        """Show how far the training is."""
        self._progress = progress
        self._show_share(progress.step, progress.steps)
        step, steps = count(progress.step), count(progress.steps)
        self.step.setText(self.tr("{step} of {steps}").format(step=step, steps=steps))
        self.epoch.setText(number(progress.epoch, 2))
        self.elapsed.setText(duration(progress.elapsed))
        known = progress.remaining is not None
        self.remaining.setText(duration(progress.remaining or 0.0) if known else _NOTHING)
        speed = progress.steps_per_second
        self.speed.setText(_NOTHING if speed is None else rate(speed))

    @Slot(int, int)
    def show_drawn(self, done: int, total: int) -> None:
        """Show how many of the images that the program draws for the run are drawn."""
        if done == total:
            self.set_state(RunState.PREPARING)
        else:
            self._show_done(self.tr("Drawing pen styles: {done} of {total}"), done, total)

    @Slot(int, int)
    def show_testing(self, done: int, total: int) -> None:
        """Show how many of the test images are read."""
        self._show_done(self.tr("Testing: {done} of {total} images"), done, total)

    @Slot(object)
    def set_state(self, state: RunState) -> None:
        """Say in words where the run stands."""
        was_stopped = self._state is RunState.STOPPING and state is RunState.IDLE
        self._state = state
        self.message.setText(self._words(state))
        if state is RunState.PREPARING:
            self._progress = None
            self.show_outcome("")
            self.bar.setRange(0, 0)
        elif state is RunState.IDLE:
            self._show_end(self._progress, was_stopped=was_stopped)
        elif self.bar.maximum() == 0:
            self._show_share(0, 1)

    def _show_end(self, progress: Progress | None, *, was_stopped: bool) -> None:
        """Leave the bar where the training came to, whatever was tested since."""
        self.remaining.setText(_NOTHING)
        if progress is None:
            self._show_share(0, 1)
            return
        self._show_share(progress.step, progress.steps)
        if was_stopped and progress.step < progress.steps:
            text = self.tr("Stopped at step {step} of {steps}, not tested: Ctrl+T tests it.")
            step, steps = count(progress.step), count(progress.steps)
            self.message.setText(text.format(step=step, steps=steps))

    def show_outcome(self, text: str) -> None:
        """Show how the run ended, such as its test accuracy."""
        self.outcome.setText(text)
        self.outcome.setVisible(bool(text))

    def _words(self, state: RunState) -> str:
        return {
            RunState.IDLE: self.tr("Ready"),
            RunState.PREPARING: self.tr("Building the network \u2026"),
            RunState.TRAINING: self.tr("Training"),
            RunState.PAUSED: self.tr("Paused"),
            RunState.TESTING: self.tr("Testing \u2026"),
            RunState.STOPPING: self.tr("Stopping \u2026"),
        }[state]

    def _show_done(self, text: str, done: int, total: int) -> None:
        self._show_share(done, total)
        self.message.setText(text.format(done=count(done), total=count(total)))

    def _show_share(self, done: int, total: int) -> None:
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)

    def _name_parts(self) -> None:
        tip = self.tr("How much of the run is done.")
        named(self.bar, "progress_bar", self.tr("Progress of the run"), tip)
        self.bar.setTextVisible(False)
        self.message.setObjectName("progress_message")
        tip = self.tr(
            "The share of test images read right, with the 95 % confidence interval for images "
            "like these."
        )
        named(self.outcome, "outcome_label", tip=tip)
        font = self.outcome.font()
        font.setBold(True)
        self.outcome.setFont(font)

    def _lay_out(self) -> None:
        title = heading(self.tr("Progress"))
        parts = (title, self.bar, self.message, self._figures(), self.outcome)
        column(*parts, parent=self, spacing=8)

    def _figures(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        rows = (
            (self.tr("Step"), self.step, self.tr("One step trains on one batch.")),
            (self.tr("Epoch"), self.epoch, self.tr("How often each training image was seen.")),
            (self.tr("Elapsed"), self.elapsed, self.tr("Time spent in training steps.")),
            (self.tr("Remaining"), self.remaining, self.tr("At the speed of the last seconds.")),
            (self.tr("Steps per second"), self.speed, self.tr("Over the last few seconds.")),
        )
        for row, (name, label, tip) in enumerate(rows):
            grid.addWidget(caption(name), row, 0)
            grid.addWidget(named(label, "", name, tip), row, 1)
        return grid
