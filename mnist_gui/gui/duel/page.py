"""The page of a duel."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QProgressBar, QPushButton

from mnist_gui.engine.history import History
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.runs.run import Comparison
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.labels import caption, count, duration, paragraph, percent
from mnist_gui.gui.common.qt import Announcer, FoldButton, column, explain, named, row, widget_with
from mnist_gui.gui.common.theme import PlotColours
from mnist_gui.gui.duel.chart import DuelChart
from mnist_gui.gui.duel.disputes import DisputeList
from mnist_gui.gui.duel.runner import DuelState
from mnist_gui.gui.duel.setup import DuelSetup
from mnist_gui.gui.duel.side import SidePanel
from mnist_gui.gui.duel.text import DuelText
from mnist_gui.gui.views.page import ViewPage

_LEAST_TARGET = 24


class DuelPage(ViewPage):
    """Asks for a duel, shows it as it goes on, and what came of it."""

    start_requested = Signal()
    pause_requested = Signal()
    stop_requested = Signal()
    differences_requested = Signal()

    def __init__(self, setup: DuelSetup) -> None:
        """`setup` asks for the two recipes; it takes as long to build as all else."""
        super().__init__("duel")
        self._words = DuelText(self)
        self.setup = setup
        self.fold = FoldButton(self.tr("Recipes"), self.setup)
        self.start_button = QPushButton(self.tr("Start the duel"))
        self.pause_button = QPushButton(self.tr("Pause"))
        self.stop_button = QPushButton(self.tr("Stop and test"))
        self.bar = QProgressBar(textVisible=False)
        self.left = named(caption(), "duel_left", self.tr("Time left"))
        self.state = named(paragraph(), "duel_state")
        self.chart = DuelChart()
        self.key = named(caption(), "duel_key", self.tr("What is drawn"))
        self.sides = (SidePanel(0), SidePanel(1))
        self.verdict = named(paragraph(), "duel_verdict")
        self.chance = named(paragraph(), "duel_chance")
        self.differences_button = QPushButton(self.tr("Save what they differ on \u2026"))
        self.disputes = DisputeList()
        self._speaker = Announcer(self)
        self._shown_state: DuelState | None = None
        self._name_parts()
        self._lay_out_parts()
        self.show_state(DuelState.NONE, may_start=False)
        self.show_result(None)

    def show_state(self, state: DuelState, *, may_start: bool, sentence: str = "") -> None:
        """Offer what can be done in this state, and say where the duel stands."""
        is_active = state.is_active
        if state is not self._shown_state:
            # What was chosen makes room for what came of it.
            self._shown_state = state
            self.fold.setChecked(state is DuelState.NONE)
        self.setup.setVisible(self.fold.isChecked() and not is_active)
        self.setup.setEnabled(may_start)
        self._start_row.setVisible(not is_active)
        self.start_button.setEnabled(may_start)
        self._progress_parts.setVisible(is_active)
        is_held = state in (DuelState.PAUSED, DuelState.WAITING)
        self.pause_button.setText(self.tr("Resume") if is_held else self.tr("Pause"))
        self.pause_button.setAccessibleName(self.pause_button.text())
        can_pause = state in (DuelState.PREPARING, DuelState.TRAINING, DuelState.PAUSED)
        self.pause_button.setEnabled(can_pause)
        self.stop_button.setEnabled(state in (DuelState.TRAINING, DuelState.PAUSED))
        if state is DuelState.PREPARING:
            self.bar.setRange(0, 0)
        self.state.setText(sentence)
        self.state.setVisible(bool(sentence))
        self._speaker.say(sentence)
        for side in self.sides:
            side.use_button.setVisible(state is DuelState.OVER)

    def show_sides(
        self, titles: tuple[str, str], sides: tuple[History, History], images: int
    ) -> None:
        """Show how both sides have learnt so far, of so many images each."""
        self.chart.show_sides(sides, images)
        spoken = []
        for panel, title, history, shade in zip(
            self.sides, titles, sides, self.chart.shades(), strict=True
        ):
            panel.show_title(title, shade)
            if history.evaluation is not None:
                panel.accuracy.setText(self._words.accuracy(history.evaluation))
            elif len(history.validation_accuracy):
                share = percent(float(history.validation_accuracy.values[-1]), 2)
                panel.accuracy.setText(self.tr("Validation: {accuracy}").format(accuracy=share))
            else:
                panel.accuracy.setText("")
            spoken.append(f"{title}, {panel.accuracy.text()}")
        self.chart.widget.setAccessibleDescription("; ".join(spoken))

    def show_training(self, sides: tuple[History, History], images: int) -> None:
        """Show how far both are, and how long the rest takes."""
        seen = [side.step * side.recipe.dataset_per_batch for side in sides]
        self.bar.setRange(0, 2 * images)
        self.bar.setValue(min(sum(seen), 2 * images))
        text = self.tr("{done} of {total} images").format(
            done=count(min(seen)), total=count(images)
        )
        self.bar.setAccessibleDescription(text)
        remaining = [side.progress.remaining for side in sides]
        if None not in remaining:
            left = duration(max(1, round(sum(each or 0 for each in remaining))))
            text = self.tr("{images}, {time} left").format(images=text, time=left)
        self.left.setText(text)

    def show_testing(self, done: int, total: int) -> None:
        """Show how many test images are read."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.left.clear()

    def show_result(self, comparison: Comparison | None) -> None:
        """Show which side is better, or nothing."""
        verdict = self._words.verdict(comparison) if comparison else ""
        self.verdict.setText(verdict)
        self.chance.setText(self._words.chance(comparison) if comparison else "")
        self.verdict.setVisible(bool(verdict))
        self.chance.setVisible(bool(self.chance.text()))
        self.differences_button.setVisible(comparison is not None)
        if comparison is not None:
            self._speaker.say(f"{verdict} {self.chance.text()}")

    def show_predictions(self, predictions: tuple[Prediction | None, Prediction | None]) -> None:
        """Show what both read on the pad."""
        for panel, prediction in zip(self.sides, predictions, strict=True):
            panel.show_prediction(prediction)

    def offer_use(self, *, offered: bool, tip: str) -> None:
        """Let the networks be used or not; the tip says what it does, or when it can be."""
        for panel in self.sides:
            panel.use_button.setEnabled(offered)
            explain(panel.use_button, tip)

    @Slot(object)
    def apply_theme(self, colours: PlotColours) -> None:
        """Use the theme's colours."""
        self.chart.apply_theme(colours)
        for panel, shade in zip(self.sides, self.chart.shades(), strict=True):
            panel.show_title(panel.title.text(), shade)

    def _name_parts(self) -> None:
        self.title.setWordWrap(True)
        named(self.start_button, "duel_start")
        tip = self.tr("Show what is chosen for the next duel, or hide it")
        named(self.fold, "duel_fold", tip=tip)
        self.fold.setMinimumHeight(_LEAST_TARGET)
        tip = self.tr("Hold the duel, or let it go on")
        named(self.pause_button, "duel_pause", tip=tip)
        tip = self.tr("End the training, and test both networks as far as they are")
        named(self.stop_button, "duel_stop", tip=tip)
        named(self.bar, "duel_bar", self.tr("Progress of the duel"))
        tip = self.tr("Save a table of the test images that A and B read differently")
        named(self.differences_button, "duel_differences", tip=tip)
        self.key.setWordWrap(True)
        self.key.setText(
            self.tr(
                "Thick lines with marks: errors on validation images, which neither trains on. "
                "Thin pale lines: errors on the batches just trained on. Lower is better."
            )
        )
        self.start_button.clicked.connect(self.start_requested)
        self.pause_button.clicked.connect(self.pause_requested)
        self.stop_button.clicked.connect(self.stop_requested)
        self.differences_button.clicked.connect(self.differences_requested)

    def _lay_out_parts(self) -> None:
        self._start_row = widget_with(row(self.start_button, self.fold, 0, spacing=8))
        bar = Columns((self.bar, self.left), stretches=(1, 0))
        buttons = row(self.pause_button, self.stop_button, 0, spacing=8)
        self._progress_parts = widget_with(column(bar, buttons, spacing=6))
        parts = (self._start_row, self.setup, self._progress_parts, self.state)
        column(*parts, parent=self.controls, spacing=8)
        result = (self.verdict, self.chance, widget_with(row(self.differences_button, 0)))
        both = Columns(self.sides, stretches=(1, 1), spacing=18)
        body = ((self.chart, 1), self.key, *result, both, self.disputes)
        column(*body, parent=self.body, spacing=8)
