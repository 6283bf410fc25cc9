"""The editable values of a recipe."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QWidget

from mnist_gui.engine.recipe import BOUNDS, OPTIMIZERS, PRECISIONS, Recipe
from mnist_gui.widgets.labels import caption
from mnist_gui.widgets.number_fields import ChoiceField, CountField, FractionField
from mnist_gui.widgets.recipe_names import optimizer_title, precision_title


class RecipeForm(QWidget):
    """Shows a recipe's values and lets them be edited; `edited` follows every change."""

    edited = Signal()

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self._recipe = recipe
        self.optimizer = ChoiceField()
        self.learning_rate = FractionField(BOUNDS["learning_rate"], decimals=8)
        self.batch_size = CountField(BOUNDS["batch_size"])
        self.steps = CountField(BOUNDS["steps"])
        self.dropout = FractionField(BOUNDS["dropout"], decimals=2)
        self.seed = CountField(BOUNDS["seed"], grouped=False)
        self.precision = ChoiceField()
        self._fill_choices()
        self._layout = QFormLayout(self)
        self._lay_out()
        self._explain()
        self._connect()
        self.show_recipe(recipe)

    def show_recipe(self, recipe: Recipe) -> None:
        """Fill the fields with a recipe's values."""
        self._recipe = recipe
        self.optimizer.choose(recipe.optimizer)
        self.learning_rate.setValue(recipe.learning_rate)
        self.batch_size.setValue(recipe.batch_size)
        self.steps.setValue(recipe.steps)
        self.dropout.setValue(recipe.dropout)
        self.seed.setValue(recipe.seed)
        self.precision.choose(recipe.precision)
        self._layout.setRowVisible(self.dropout, recipe.architecture.has_dropout)

    def recipe(self) -> Recipe:
        """Return the recipe with the values in the fields; raises RecipeError."""
        return replace(
            self._recipe,
            optimizer=self.optimizer.currentData(),
            learning_rate=self.learning_rate.value(),
            batch_size=self.batch_size.value(),
            steps=self.steps.value(),
            dropout=self.dropout.value(),
            seed=self.seed.value(),
            precision=self.precision.currentData(),
        )

    def _fill_choices(self) -> None:
        for name in OPTIMIZERS:
            self.optimizer.addItem(optimizer_title(name), name)
        for name in PRECISIONS:
            self.precision.addItem(precision_title(name), name)

    def _lay_out(self) -> None:
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setVerticalSpacing(6)
        self._layout.setHorizontalSpacing(12)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._add_row(self.optimizer, self.tr("Optimizer"))
        self._add_row(self.learning_rate, self.tr("Learning rate"))
        self._add_row(self.batch_size, self.tr("Batch size"))
        self._add_row(self.steps, self.tr("Steps"))
        self._add_row(self.dropout, self.tr("Dropout"))
        self._add_row(self.seed, self.tr("Seed"))
        self._add_row(self.precision, self.tr("Precision"))

    def _add_row(self, field: QWidget, name: str) -> None:
        field.setAccessibleName(name)
        label = caption(name)
        label.setBuddy(field)
        self._layout.addRow(label, field)

    def _explain(self) -> None:
        self.optimizer.setToolTip(
            self.tr(
                "How a step changes the weights. Gradient descent walks straight downhill; "
                "momentum keeps rolling; Adam finds a pace for each weight of its own."
            )
        )
        self.learning_rate.setToolTip(
            self.tr(
                "How far one step goes. Too small: it learns slowly. Too large: the loss jumps "
                "about or grows without end. Powers of ten such as 1e-3 can be typed."
            )
        )
        self.batch_size.setToolTip(
            self.tr(
                "How many images the network looks at before it changes its weights once. "
                "Larger batches give smoother but slower steps."
            )
        )
        self.steps.setToolTip(self.tr("How many batches to train on before the final test."))
        self.dropout.setToolTip(
            self.tr(
                "The share of hidden units switched off at random in each training step, so that "
                "the network does not learn the images by heart. 0 switches none off."
            )
        )
        self.seed.setToolTip(
            self.tr(
                "The number that chance starts from: initial weights, order of the images, "
                "dropout. The same seed gives the same run again."
            )
        )
        self.precision.setToolTip(
            self.tr(
                "How exactly the network calculates. bfloat16 is faster on processors that know "
                "it; automatic chooses for this machine."
            )
        )

    def _connect(self) -> None:
        for choice in (self.optimizer, self.precision):
            choice.currentIndexChanged.connect(self._tell)
        for count in (self.batch_size, self.steps, self.seed):
            count.valueChanged.connect(self._tell)
        for fraction in (self.learning_rate, self.dropout):
            fraction.valueChanged.connect(self._tell)

    @Slot()
    def _tell(self) -> None:
        self.edited.emit()
