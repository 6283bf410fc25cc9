"""The panel that chooses a recipe and starts a run."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.recipe import BOUNDS, DEFAULT_RECIPE, RECIPES, Recipe
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.fields import ChoiceField, CountField
from mnist_gui.gui.common.labels import heading, paragraph
from mnist_gui.gui.common.qt import (
    ActionButton,
    FoldButton,
    SteadyScrollArea,
    column,
    named,
    row,
    widget_with,
)
from mnist_gui.gui.common.values import recipe_title
from mnist_gui.gui.shell import WindowActions
from mnist_gui.gui.training.recipe_cards import RecipeCards
from mnist_gui.gui.training.recipe_form import RecipeForm


class RecipePanel(QWidget):
    """Asks for runs: `start_requested` carries the recipe with the values as edited.

    The recipe is chosen by its card, or by a program in `recipe_box`, which is not shown.
    `learning_rate_changed` comes while a run trains or is paused, and before
    `more_steps_requested` where the recipe of the last run is still chosen.
    """

    start_requested = Signal(Recipe)
    more_steps_requested = Signal(int)
    learning_rate_changed = Signal(float)

    def __init__(self, actions: WindowActions) -> None:
        super().__init__()
        self.cards = RecipeCards()
        self.recipe_box = ChoiceField()
        self.recipe_box.setParent(self)
        self.recipe_box.hide()
        for name in RECIPES:
            self.recipe_box.addItem(recipe_title(name), name)
        self.recipe_box.choose(DEFAULT_RECIPE)
        self._name_of_last_run = ""
        self.form = RecipeForm(RECIPES[self.recipe_name])
        self.values_button = FoldButton(self.tr("Values"), self.form)
        self.reset_button = QToolButton(text=self.tr("Reset to recipe"), autoRaise=True)
        self.start_button = ActionButton(actions.start, "start_button", self.tr("Start training"))
        self.pause_button = ActionButton(actions.pause, "pause_button")
        self.stop_button = ActionButton(actions.stop, "stop_button", self.tr("Stop training"))
        self.train_on_button = ActionButton(actions.train_on, "train_on_button")
        self.more_steps = CountField(BOUNDS["steps"])
        self._error = paragraph()
        self._name_controls()
        self._lay_out()
        self._connect(actions)
        self._show_named_recipe()

    @property
    def recipe_name(self) -> str:
        """The name of the chosen recipe."""
        return str(self.recipe_box.currentData())

    def set_recipe_name(self, name: str) -> None:
        """Choose a recipe; a name that is not offered changes nothing."""
        if name in RECIPES:
            self.recipe_box.choose(name)

    @Slot(object)
    def show_recipe(self, recipe: Recipe) -> None:
        """Choose a recipe with these values, and let the last one that changed be seen."""
        if recipe == self.form.recipe():
            return
        self.set_recipe_name(recipe.name)
        before = self.form.recipe()
        self.values_button.setChecked(True)
        for name in self.form.names:
            if (value := getattr(recipe, name)) != getattr(before, name):
                self.form.edit(name, value)
                field = self.form.field(name)
                # Once the values that were folded have their places.
                QTimer.singleShot(0, field, partial(self.values.ensureWidgetVisible, field))

    def take_over(self, before: "RecipePanel") -> None:
        """Show what another panel shows."""
        self._name_of_last_run = before._name_of_last_run
        self.set_recipe_name(before.recipe_name)
        self.form.take_over(before.form)
        self.values_button.setChecked(before.values_button.isChecked())
        self.more_steps.setValue(before.more_steps.value())

    @Slot()
    def start(self) -> None:
        """Ask for a run, or show in a sentence what is wrong with the values."""
        try:
            recipe = self.form.recipe()
        except RecipeError as error:
            from mnist_gui.words.errors import sentence

            self._show_error(sentence(error))
            return
        self._show_error("")
        self._name_of_last_run = recipe.name
        self._propose_half(recipe.steps)
        self.start_requested.emit(recipe)

    def start_with_batches_of(self, images: int) -> None:
        """Ask for a run with the values as they are but for the batch size."""
        self.form.edit("batch_size", images)
        self.start()

    @Slot()
    def reset(self) -> None:
        """Give every field the recipe's own value again."""
        self.form.show_recipe(RECIPES[self.recipe_name])

    @Slot()
    def _ask_for_more_steps(self) -> None:
        self.more_steps.interpretText()
        if self.recipe_name == self._name_of_last_run:
            self.learning_rate_changed.emit(self.form.recipe().learning_rate)
        self.more_steps_requested.emit(self.more_steps.value())

    def _propose_half(self, steps: int) -> None:
        """Propose half as many more steps as a run of this length has."""
        self.more_steps.setValue(max(1, steps // 2))

    def _show_error(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    @Slot()
    def _show_named_recipe(self) -> None:
        recipe = RECIPES[self.recipe_name]
        self.form.show_recipe(recipe)
        self.cards.choose(recipe.name)
        if not self._name_of_last_run:
            self._propose_half(recipe.steps)

    @Slot(str)
    def _choose_card(self, name: str) -> None:
        self.recipe_box.choose(name)
        # Chosen by an arrow key, it may be out of sight.
        self.values.ensureWidgetVisible(self.cards.cards[name])

    @Slot()
    def _follow_edit(self) -> None:
        self._show_error("")
        self.reset_button.setVisible(self.form.is_edited())

    def _name_controls(self) -> None:
        tip = self.tr("A network and the values it is trained with.")
        named(self.recipe_box, "recipe_box", self.tr("Recipe"), tip)
        tip = self.tr("Show the values that the network is trained with, or hide them.")
        named(self.values_button, "values_button", tip=tip)
        tip = self.tr("Give every field the recipe's own value again.")
        named(self.reset_button, "reset_button", tip=tip)
        tip = self.tr("How many more steps the last run gets.")
        named(self.more_steps, "more_steps_field", self.tr("More steps"), tip)
        self.more_steps.setSuffix(self.tr(" more steps"))
        named(self._error, "recipe_error").setForegroundRole(QPalette.ColorRole.BrightText)
        self._error.hide()

    def _lay_out(self) -> None:
        keep_place = self.reset_button.sizePolicy()
        keep_place.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(keep_place)
        values = row(self.values_button, 0, self.reset_button)
        train_on = Columns((self.train_on_button, self.more_steps), stretches=(1, 1))
        parts = (heading(self.tr("Recipe")), self.cards, values, self.form, train_on)
        choosing = column(*parts, spacing=8)
        self.values = SteadyScrollArea(widget_with(choosing))
        self.values.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        buttons = Columns(
            (self.start_button, self.pause_button, self.stop_button), stretches=(1, 1, 1)
        )
        self._error.setAlignment(Qt.AlignmentFlag.AlignTop)
        running = column(buttons, self._error, spacing=8, margins=(0, 0, self.values.bar_width, 0))
        column((self.values, 1), running, parent=self, spacing=12)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _connect(self, actions: WindowActions) -> None:
        self.recipe_box.currentIndexChanged.connect(self._show_named_recipe)
        self.cards.chosen.connect(self._choose_card)
        self.form.edited.connect(self._follow_edit)
        self.form.learning_rate_changed.connect(self.learning_rate_changed)
        actions.train_on.triggered.connect(self._ask_for_more_steps)
        actions.train_on.enabledChanged.connect(self.more_steps.setEnabled)
        self.more_steps.setEnabled(actions.train_on.isEnabled())
        self.reset_button.clicked.connect(self.reset)
        actions.start.triggered.connect(self.start)
        # While no run can be started none can be chosen either.
        actions.start.enabledChanged.connect(self.recipe_box.setEnabled)
        actions.start.enabledChanged.connect(self.cards.setEnabled)
        actions.start.enabledChanged.connect(self.reset_button.setEnabled)
        self.reset_button.hide()
