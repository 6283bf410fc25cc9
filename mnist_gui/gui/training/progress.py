"""How far a run is, how fast, and how it ended."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from mnist_gui.engine.events import Progress, RunState
from mnist_gui.engine.runs.run import Score
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.labels import (
    caption,
    count,
    duration,
    figure,
    heading,
    number,
    paragraph,
    percent,
    rate,
    tabular,
)
from mnist_gui.gui.common.qt import Announcer, SteadyScrollArea, column, named, widget_with
from mnist_gui.gui.common.values import network_title

_NOTHING = "\u2013"
# About 28 points where text has 9.
_MORE_POINTS = 19
# That are seen in the smallest window; the others scroll.
_FEWEST_LINES = 6


class TestResult(QWidget):
    """Shows a test accuracy large, and offers what can be done next."""

    mistakes_requested = Signal()
    draw_requested = Signal()
    compare_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.network = caption()
        self.network.setWordWrap(True)
        self.accuracy = named(QLabel(), "outcome_label")
        self.images = paragraph()
        self.interval = caption()
        self.interval.setWordWrap(True)
        self.ending = paragraph()
        self.spoken = ""
        self.mistakes_button = QPushButton(self.tr("See its mistakes"))
        self.draw_button = QPushButton(self.tr("Draw"))
        self.compare_button = QPushButton(self.tr("Compare"))
        # What it does is an action's.
        self.keep_training_button = QPushButton(self.tr("Keep training"))
        self._name_buttons()
        self._lay_out()
        self._enlarge()

    def show_test(self, recipe: str, score: Score, ending: str) -> None:
        """Show what came of a test; `ending` says why the run ended early, if it did."""
        accuracy = percent(score.accuracy, 2)
        low, high = (percent(bound, 2) for bound in score.interval)
        images = count(score.total)
        self.network.setText(network_title(recipe, score.step))
        self.accuracy.setText(accuracy)
        self.images.setText(self.tr("of {images} test images").format(images=images))
        interval = self.tr("95 % interval: {low} to {high}")
        self.interval.setText(interval.format(low=low, high=high))
        spoken = self.tr("Test accuracy {accuracy} of {images} test images")
        self.spoken = spoken.format(accuracy=accuracy, images=images)
        self.accuracy.setAccessibleName(self.spoken)
        self.ending.setText(ending)
        self.ending.setVisible(bool(ending))

    def changeEvent(self, event: QEvent) -> None:
        """Keep the accuracy larger than the other text in any type size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._enlarge()

    def _enlarge(self) -> None:
        self.accuracy.setFont(tabular(self.font(), self.font().pointSizeF() + _MORE_POINTS))

    def _name_buttons(self) -> None:
        tip = self.tr("Show the test images that it read wrong")
        named(self.mistakes_button, "mistakes_button", tip=tip)
        tip = self.tr("Draw a digit, and see how it is read")
        named(self.draw_button, "draw_button", tip=tip)
        tip = self.tr("Compare this run with the others")
        named(self.compare_button, "compare_button", tip=tip)
        tip = self.tr("Train the same network for more steps")
        named(self.keep_training_button, "keep_training_button", tip=tip)
        tip = self.tr(
            "Of 100 such intervals, each from other images like these, about 95 contain the true "
            "accuracy."
        )
        self.interval.setToolTip(tip)
        self.mistakes_button.clicked.connect(self.mistakes_requested)
        self.draw_button.clicked.connect(self.draw_requested)
        self.compare_button.clicked.connect(self.compare_requested)

    def _lay_out(self) -> None:
        figures = (self.network, self.accuracy, self.images, self.interval, self.ending)
        buttons = (self.mistakes_button, self.draw_button, self.compare_button)
        following = Columns((*buttons, self.keep_training_button), stretches=(1, 1), spacing=6)
        top = column(*figures, spacing=0)
        column(top, following, parent=self, spacing=8)


class _Details(SteadyScrollArea):
    """Scrolls what does not fit; some lines can always be seen."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(content)
        # Its parts are walked through by keys, and it follows them.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def minimumSizeHint(self) -> QSize:
        """Return room for a few lines."""
        lines = self.fontMetrics().lineSpacing() * _FEWEST_LINES
        return QSize(super().minimumSizeHint().width(), min(self.sizeHint().height(), lines))


class ProgressPanel(QWidget):
    """Shows a run's progress bar, a message, its figures and its result.

    `test_requested` asks for the test of a run that was stopped.
    """

    test_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RunState.IDLE
        self._progress: Progress | None = None
        # The step that the run came to, and how many it was to have.
        self._reached: tuple[int, int] | None = None
        self._was_stopped = False
        self.bar = QProgressBar()
        self.step = figure(_NOTHING)
        self.epoch = figure(_NOTHING)
        self.elapsed = figure(_NOTHING)
        self.remaining = figure(_NOTHING)
        self.speed = figure(_NOTHING)
        self.message = paragraph()
        self._announcer = Announcer(self.message)
        self.test_button = QPushButton(self.tr("Test it now"))
        self.result = TestResult()
        self._figures = QWidget()
        self._fill_figures()
        self._name_parts()
        self._lay_out()
        self._show_share(0, 1)
        self.test_button.clicked.connect(self.test_requested)
        self.test_button.hide()
        self.result.hide()
        self._figures.hide()

    @Slot(object)
    def show_progress(self, progress: Progress) -> None:
        """Show how far the training is."""
        self._progress, self._reached = progress, (progress.step, progress.steps)
        self._figures.show()
        self._show_share(*self._reached)
        step, steps = count(progress.step), count(progress.steps)
        self.step.setText(self.tr("{step} of {steps}").format(step=step, steps=steps))
        self.epoch.setText(number(progress.epoch, 2))
        self.elapsed.setText(duration(progress.elapsed))
        known = progress.remaining is not None
        self.remaining.setText(duration(progress.remaining or 0.0) if known else _NOTHING)
        speed = progress.steps_per_second
        self.speed.setText(_NOTHING if speed is None else rate(speed))

    def show_preparing(self, text: str) -> None:
        """Show what is prepared; how far that is, is not known."""
        self.bar.setRange(0, 0)
        self.message.setText(text)

    @Slot(int, int)
    def show_drawn(self, done: int, total: int) -> None:
        """Show how many of the images that the program draws for the run are drawn."""
        if done == total:
            self.show_preparing(self.tr("Preparing: building the network \u2026"))
        else:
            text = self.tr("Preparing extra handwritten examples: {done} of {total}")
            self._show_done(text, done, total)

    @Slot(int, int)
    def show_testing(self, done: int, total: int) -> None:
        """Show how many of the test images are read."""
        self._show_done(self.tr("Testing: {done} of {total} images"), done, total)

    def show_test(self, recipe: str, score: Score, ending: str) -> None:
        """Show what came of a test, until the next run or test."""
        self.result.show_test(recipe, score, ending)
        self.result.show()
        self._details.verticalScrollBar().setValue(0)

    def show_past_run(self, step: int, steps: int, *, was_stopped: bool) -> None:
        """Show how a run ended whose figures are not known any more."""
        self._figures.hide()
        self._progress, self._reached = None, (step, steps)
        self._was_stopped = was_stopped
        self._show_end()

    def take_over(self, before: "ProgressPanel") -> None:
        """Show how far the run is that another panel shows, and whether it can be tested."""
        self._reached, self._was_stopped = before._reached, before._was_stopped
        if before._progress is not None:
            self.show_progress(before._progress)
        if self._state is RunState.IDLE:
            self._show_end()

    @Slot(object)
    def set_state(self, state: RunState) -> None:
        """Say in words where the run stands."""
        before, self._state = self._state, state
        self.test_button.hide()
        self.message.setText(self._words(state))
        if state in (RunState.PREPARING, RunState.TESTING) and before is not RunState.PAUSED:
            self.result.hide()
        if state in (RunState.PREPARING, RunState.TRAINING):
            self._was_stopped = False
        if state is RunState.PREPARING:
            self._progress = self._reached = None
            self._figures.hide()
            self.bar.setRange(0, 0)
        elif state is RunState.IDLE:
            self._was_stopped = self._was_stopped or before is RunState.STOPPING
            self._show_end()
        elif self.bar.maximum() == 0:
            self._show_share(0, 1)
        if state is not before:
            self._announce()

    def _announce(self) -> None:
        """Speak where the run stands, and what came of it."""
        came = self.result.spoken if self.result.isVisibleTo(self) else ""
        self._announcer.say(". ".join(filter(None, (self.message.text(), came))))

    def withdraw_test(self) -> None:
        """Do not offer to test what was stopped any more; the next test is of another network."""
        self._was_stopped = False
        self.test_button.hide()

    def _show_end(self) -> None:
        """Leave the bar where the training came to, whatever was tested since."""
        self.remaining.setText(_NOTHING)
        self.message.setText(self._words(RunState.IDLE))
        step, steps = self._reached or (0, 1)
        self._show_share(step, steps)
        if self._was_stopped and self._reached is not None and step < steps:
            text = self.tr("Stopped after {step} of {steps} steps.")
            self.message.setText(text.format(step=count(step), steps=count(steps)))
            self.test_button.setVisible(self.result.isHidden())

    def _words(self, state: RunState) -> str:
        idle = self.tr("Done") if self.result.isVisibleTo(self) else self.tr("Ready")
        return {
            RunState.IDLE: idle,
            RunState.PREPARING: self.tr("Preparing \u2026"),
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
        tip = self.tr("Read the test images with the network as far as it was trained")
        named(self.test_button, "test_now_button", tip=tip)

    def _lay_out(self) -> None:
        parts = column(self.message, self.test_button, self.result, self._figures, 0, spacing=10)
        self._details = _Details(widget_with(parts))
        policy = QSizePolicy.Policy
        self.test_button.setSizePolicy(policy.Maximum, policy.Fixed)
        title = heading(self.tr("Progress"))
        # In line with what scrolls below.
        top = column(title, self.bar, spacing=8, margins=(0, 0, self._details.bar_width, 0))
        column(top, self._details, parent=self, spacing=8)

    def _fill_figures(self) -> None:
        grid = QGridLayout(self._figures)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        rows = (
            (self.tr("Step"), self.step, self.tr("One step trains on one batch.")),
            (self.tr("Epoch"), self.epoch, self.tr("How often each training image was seen.")),
            (self.tr("Elapsed"), self.elapsed, self.tr("Time spent in training steps.")),
            (self.tr("Remaining"), self.remaining, self.tr("At the speed of the last seconds.")),
            (self.tr("Steps/s"), self.speed, self.tr("Over the last few seconds.")),
        )
        for row, (name, label, tip) in enumerate(rows):
            grid.addWidget(caption(name), row, 0)
            grid.addWidget(named(label, "", name, tip), row, 1)
        # In large type it is too wide for a narrow column.
        self.step.setWordWrap(True)
