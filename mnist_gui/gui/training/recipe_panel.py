"""The panel that chooses a recipe and starts a run."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.events import RunState
from mnist_gui.engine.recipe import BOUNDS, DEFAULT_RECIPE, RECIPES, Recipe
from mnist_gui.gui.common.fields import ChoiceField, CountField
from mnist_gui.gui.common.labels import caption, count, heading, paragraph
from mnist_gui.gui.common.qt import SteadyScrollArea
from mnist_gui.gui.common.values import recipe_purpose, recipe_title
from mnist_gui.gui.training.recipe_form import RecipeForm


class ContinuePanel(QWidget):
    """Asks for more steps of the last run, while it is kept and no other is active."""

    more_steps_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._state = RunState.IDLE
        self._is_run_kept = False
        self._run = ""
        self.button = QPushButton(self.tr("Train on"))
        self.steps = CountField(BOUNDS["steps"])
        self.button.setObjectName("train_on_button")
        self.button.setAccessibleName(self.tr("Train on"))
        self.steps.setSuffix(self.tr(" more steps"))
        self.steps.setObjectName("more_steps_field")
        self.steps.setAccessibleName(self.tr("More steps"))
        self.steps.setToolTip(self.tr("How many more steps the last run gets."))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.button)
        layout.addWidget(self.steps, stretch=1)
        self.button.clicked.connect(self.ask)
        self._offer()

    def propose_half(self, steps: int) -> None:
        """Propose half as many steps as a run of this length has."""
        self.steps.setValue(max(1, steps // 2))

    def show_run(self, title: str) -> None:
        """Name the run that would go on."""
        self._run = title
        self._offer()

    def set_state(self, state: RunState) -> None:
        """Offer it in this state of the run, or not."""
        self._state = state
        self._offer()

    def set_run_kept(self, *, kept: bool) -> None:
        """Offer it with this last run, or not."""
        self._is_run_kept = kept
        self._offer()

    @Slot()
    def ask(self) -> None:
        """Ask for the steps in the field."""
        self.steps.interpretText()
        self.more_steps_requested.emit(self.steps.value())

    def _offer(self) -> None:
        idle = not self._state.is_active
        self.button.setEnabled(idle and self._is_run_kept)
        self.steps.setEnabled(idle and self._is_run_kept)
        self.button.setToolTip(self._explanation(idle=idle))

    def _explanation(self, *, idle: bool) -> str:
        if not idle:
            return self.tr("Not now: first the run must have ended.")
        if not self._is_run_kept:
            return self.tr("There is nothing to go on with: start a run. One that failed is over.")
        text = self.tr("Go on with the last run, {run}, from the weights it reached (Ctrl+Shift+R)")
        return text.format(run=self._run)


class RecipePanel(QWidget):
    """Asks for runs: `start_requested` carries the recipe with the values as edited.

    `learning_rate_changed` comes while a run trains or is paused, and before
    `more_steps_requested` where the recipe of the last run is still chosen.
    """

    start_requested = Signal(Recipe)
    more_steps_requested = Signal(int)
    learning_rate_changed = Signal(float)
    pause_requested = Signal()
    resume_requested = Signal()
    stop_requested = Signal()
    recipe_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RunState.IDLE
        self.recipe_box = ChoiceField()
        for name in RECIPES:
            self.recipe_box.addItem(recipe_title(name), name)
        self.recipe_box.choose(DEFAULT_RECIPE)
        self._name_of_last_run = ""
        self.form = RecipeForm(RECIPES[self.recipe_name])
        self.reset_button = QToolButton(text=self.tr("Reset to recipe"))
        self.start_button = QPushButton(self.tr("Start"))
        self.pause_button = QPushButton(self.tr("Pause"))
        self.stop_button = QPushButton(self.tr("Stop"))
        self.train_on = ContinuePanel()
        self._purpose = caption()
        self._size = caption()
        self._error = paragraph()
        self._name_controls()
        self.values = SteadyScrollArea(self._choosing())
        self._lay_out()
        self._connect()
        self.set_state(RunState.IDLE)
        self._show_named_recipe()

    @property
    def recipe_name(self) -> str:
        """The name of the chosen recipe."""
        return str(self.recipe_box.currentData())

    def set_recipe_name(self, name: str) -> None:
        """Choose a recipe; a name that is not offered changes nothing."""
        if name in RECIPES:
            self.recipe_box.choose(name)

    def recipe(self) -> Recipe:
        """Return the recipe with the values as edited; raises RecipeError."""
        return self.form.recipe()

    @Slot(object)
    def set_state(self, state: RunState) -> None:
        """Offer what can be done in this state of the run."""
        self._state = state
        idle = not state.is_active
        for control in (self.recipe_box, self.reset_button, self.start_button):
            control.setEnabled(idle)
        self.form.set_state(state)
        self.train_on.set_state(state)
        self.pause_button.setEnabled(state in (RunState.TRAINING, RunState.PAUSED))
        self.stop_button.setEnabled(state.is_active and state is not RunState.STOPPING)
        paused = state is RunState.PAUSED
        self.pause_button.setText(self.tr("Resume") if paused else self.tr("Pause"))
        self.pause_button.setAccessibleName(self.pause_button.text())

    @Slot(bool)
    def set_run_kept(self, kept: bool) -> None:
        """Offer to go on with the last run, or not."""
        self.train_on.set_run_kept(kept=kept)

    @Slot()
    def start(self) -> None:
        """Ask for a run, or show in a sentence what is wrong with the values."""
        try:
            recipe = self.recipe()
        except RecipeError as error:
            self._show_error(str(error))
            return
        self._show_error("")
        self._name_of_last_run = recipe.name
        self.train_on.propose_half(recipe.steps)
        self.start_requested.emit(recipe)

    def start_with_batches_of(self, images: int) -> None:
        """Ask for a run with the values as they are but for the batch size."""
        self.form.edit("batch_size", images)
        self.start()

    @Slot()
    def pause_or_resume(self) -> None:
        """Ask for what the pause button says."""
        if self._state is RunState.PAUSED:
            self.resume_requested.emit()
        else:
            self.pause_requested.emit()

    @Slot()
    def stop(self) -> None:
        """Ask for the run to end."""
        self.stop_requested.emit()

    @Slot()
    def reset(self) -> None:
        """Give every field the recipe's own value again."""
        self.form.show_recipe(RECIPES[self.recipe_name])

    @Slot(int)
    def _ask_for_more_steps(self, steps: int) -> None:
        if self.recipe_name == self._name_of_last_run:
            self.learning_rate_changed.emit(self.form.recipe().learning_rate)
        self.more_steps_requested.emit(steps)

    def _show_error(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    @Slot()
    def _show_named_recipe(self) -> None:
        recipe = RECIPES[self.recipe_name]
        self.form.show_recipe(recipe)
        parameters = count(recipe.architecture.parameters)
        if not self._name_of_last_run:
            self.train_on.propose_half(recipe.steps)
        self._purpose.setText(recipe_purpose(recipe.name))
        self._size.setText(self.tr("{count} parameters").format(count=parameters))
        self.recipe_changed.emit(recipe.name)

    @Slot()
    def _follow_edit(self) -> None:
        self._show_error("")
        self.reset_button.setVisible(self.form.is_edited())

    def _name_controls(self) -> None:
        self.recipe_box.setObjectName("recipe_box")
        self.recipe_box.setAccessibleName(self.tr("Recipe"))
        self.recipe_box.setToolTip(self.tr("A network and the values it is trained with."))
        self._purpose.setObjectName("recipe_purpose")
        self._purpose.setToolTip(self.tr("What the recipe is good for."))
        self._size.setToolTip(self.tr("How many numbers training adjusts in this network."))
        self.reset_button.setObjectName("reset_button")
        self.reset_button.setAccessibleName(self.tr("Reset to recipe"))
        self.reset_button.setToolTip(self.tr("Give every field the recipe's own value again."))
        self.reset_button.setAutoRaise(True)
        self._error.setObjectName("recipe_error")
        self._error.setForegroundRole(QPalette.ColorRole.BrightText)
        self._error.hide()
        self._name_buttons()

    def _name_buttons(self) -> None:
        self.start_button.setObjectName("start_button")
        self.start_button.setAccessibleName(self.tr("Start training"))
        self.start_button.setToolTip(self.tr("Train this network from the beginning (Ctrl+R, F5)"))
        self.pause_button.setObjectName("pause_button")
        self.pause_button.setToolTip(self.tr("Halt the run for a while, or go on (Ctrl+P)"))
        self.stop_button.setObjectName("stop_button")
        self.stop_button.setAccessibleName(self.tr("Stop training"))
        self.stop_button.setToolTip(self.tr("End the run and keep what was learnt (Ctrl+.)"))

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.values)
        layout.addLayout(self._running())
        self.values.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _choosing(self) -> QWidget:
        top = QHBoxLayout()
        top.addWidget(heading(self.tr("Recipe")))
        top.addStretch()
        top.addWidget(self.reset_button)
        keep_place = self.reset_button.sizePolicy()
        keep_place.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(keep_place)
        about = QVBoxLayout()
        about.setSpacing(2)
        about.addWidget(self._purpose)
        about.addWidget(self._size)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.recipe_box)
        layout.addLayout(about)
        layout.addWidget(self.form)
        return content

    def _running(self) -> QVBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.start_button, self.pause_button, self.stop_button):
            buttons.addWidget(button, stretch=1)
        layout = QVBoxLayout()
        layout.setContentsMargins(0, 0, self.values.bar_width, 0)
        layout.setSpacing(8)
        layout.addLayout(buttons)
        layout.addWidget(self.train_on)
        layout.addWidget(self._error)
        self._error.setAlignment(Qt.AlignmentFlag.AlignTop)
        return layout

    def _connect(self) -> None:
        self.recipe_box.currentIndexChanged.connect(self._show_named_recipe)
        self.form.edited.connect(self._follow_edit)
        self.form.learning_rate_changed.connect(self.learning_rate_changed)
        self.train_on.more_steps_requested.connect(self._ask_for_more_steps)
        self.reset_button.clicked.connect(self.reset)
        self.start_button.clicked.connect(self.start)
        self.pause_button.clicked.connect(self.pause_or_resume)
        self.stop_button.clicked.connect(self.stop)
        self.reset_button.hide()
