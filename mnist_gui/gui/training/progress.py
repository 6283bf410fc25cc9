"""How far a run is, how fast, and how it ended."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

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

_NOTHING = "\u2013"


class ProgressPanel(QWidget):
    """Shows a run's progress bar, its figures, a message and its outcome."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RunState.IDLE
        self._progress: Progress | None = None
        self.bar = QProgressBar()
        self.step = figure()
        self.epoch = figure()
        self.elapsed = figure()
        self.remaining = figure()
        self.speed = figure()
        self.message = paragraph()
        self.outcome = paragraph()
        self._name_parts()
        self._lay_out()
        self.clear()

    def clear(self) -> None:
        """Show no run."""
        self._show_share(0, 1)
        for label in (self.step, self.epoch, self.elapsed, self.remaining, self.speed):
            label.setText(_NOTHING)
        self.show_message("")
        self.show_outcome("")

    @Slot(object)
    def show_progress(self, progress: Progress) -> None:
        """Show how far the training is."""
        self._progress = progress
        self._show_share(progress.step, progress.steps)
        self.step.setText(
            self.tr("{step} of {steps}").format(
                step=count(progress.step), steps=count(progress.steps)
            )
        )
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
            return
        self._show_share(done, total)
        self.show_message(
            self.tr("Drawing pen styles: {done} of {total}").format(
                done=count(done), total=count(total)
            )
        )

    @Slot(int, int)
    def show_testing(self, done: int, total: int) -> None:
        """Show how many of the test images are read."""
        self._show_share(done, total)
        self.show_message(
            self.tr("Testing: {done} of {total} images").format(
                done=count(done), total=count(total)
            )
        )

    @Slot(object)
    def set_state(self, state: RunState) -> None:
        """Say in words where the run stands."""
        was_stopped = self._state is RunState.STOPPING and state is RunState.IDLE
        self._state = state
        self.show_message(self._words(state))
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
            self.show_message(text.format(step=count(progress.step), steps=count(progress.steps)))

    @Slot(str)
    def show_message(self, text: str) -> None:
        """Show what is going on, in a few words."""
        self.message.setText(text)

    @Slot(str)
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

    def _show_share(self, done: int, total: int) -> None:
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)

    def _name_parts(self) -> None:
        self.bar.setObjectName("progress_bar")
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the run"))
        self.bar.setToolTip(self.tr("How much of the run is done."))
        self.message.setObjectName("progress_message")
        self.outcome.setObjectName("outcome_label")
        self.outcome.setToolTip(
            self.tr(
                "The share of test images read right, with the 95 % confidence interval for images "
                "like these."
            )
        )
        font = self.outcome.font()
        font.setBold(True)
        self.outcome.setFont(font)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(heading(self.tr("Progress")))
        layout.addWidget(self.bar)
        layout.addWidget(self.message)
        layout.addLayout(self._figures())
        layout.addWidget(self.outcome)

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
            _add_figure(grid, row, name, label)
            label.setToolTip(tip)
        return grid


def _add_figure(grid: QGridLayout, row: int, name: str, label: QLabel) -> None:
    label.setAccessibleName(name)
    grid.addWidget(caption(name), row, 0)
    grid.addWidget(label, row, 1)
