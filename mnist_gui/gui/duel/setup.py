"""What is chosen before a duel: two recipes, one value that differs, and how many images."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from mnist_gui.engine.hyperparameter import Bounds
from mnist_gui.engine.recipe import HYPERPARAMETERS, RECIPES, Recipe
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.fields import (
    ChoiceField,
    CountField,
    Field,
    hyperparameter_field,
    put_value,
)
from mnist_gui.gui.common.labels import caption
from mnist_gui.gui.common.qt import column, named, widget_with
from mnist_gui.gui.common.values import hyperparameter_title, recipe_title

_IN_FORM = ""
_NONE = ""
_IMAGES = 55_000
_IMAGE_BOUNDS = Bounds(1_000, 10_000_000, is_whole=True)
# They are the same on both sides.
_SHARED = ("steps", "seed", "validate_every", "patience")


class DuelSetup(QWidget):
    """Asks which recipes are trained, and on how many images."""

    def __init__(self) -> None:
        super().__init__()
        self._in_form = RECIPES["cnn-fast"]
        self._value: Field | None = None
        self.sides = (self._recipe_box("softmax-tutorial"), self._recipe_box("cnn-fast"))
        self.change = ChoiceField()
        for box in (*self.sides, self.change):
            # Also in type that grows later.
            box.setSizeAdjustPolicy(ChoiceField.SizeAdjustPolicy.AdjustToContents)
        self.images = CountField(_IMAGE_BOUNDS)
        self.images.setValue(_IMAGES)
        self._place = column(spacing=0)
        self._name_parts()
        self._lay_out()
        self.sides[1].currentIndexChanged.connect(self._offer_changes)
        self.change.currentIndexChanged.connect(self._show_value)
        self._offer_changes()

    @property
    def changed(self) -> str:
        """The hyperparameter of the second side that gets another value, "" for none."""
        return self.change.value()

    @property
    def value(self) -> Field | None:
        """The field with the other value, if there is to be one."""
        return self._value

    @Slot(object)
    def use_recipe(self, recipe: Recipe) -> None:
        """Offer this recipe as the one in the form."""
        self._in_form = recipe
        self._offer_changes()

    def recipes(self) -> tuple[Recipe, Recipe]:
        """Return both recipes; raises RecipeError."""
        first, second = (self._recipe(box) for box in self.sides)
        if self.changed and self._value is not None:
            if not isinstance(self._value, ChoiceField):
                self._value.interpretText()
            changes: dict[str, Any] = {self.changed: self._value.value()}
            second = replace(second, **changes)
        return first, second

    def _recipe(self, box: ChoiceField) -> Recipe:
        return RECIPES.get(box.value(), self._in_form)

    def _recipe_box(self, chosen: str) -> ChoiceField:
        box = ChoiceField()
        box.addItem(self.tr("As in Curves"), _IN_FORM)
        for name in RECIPES:
            box.addItem(recipe_title(name), name)
        box.choose(chosen)
        return box

    @Slot()
    def _offer_changes(self) -> None:
        """Offer the hyperparameters that the second recipe has."""
        before, recipe = self.changed, self._recipe(self.sides[1])
        self.change.blockSignals(True)
        self.change.clear()
        self.change.addItem(self.tr("Nothing"), _NONE)
        for name, each in HYPERPARAMETERS.items():
            if each.group and name not in _SHARED and recipe.uses(name):
                self.change.addItem(hyperparameter_title(name), name)
        self.change.setCurrentIndex(max(0, self.change.findData(before)))
        self.change.blockSignals(False)
        self._show_value()

    @Slot()
    def _show_value(self) -> None:
        if self._value is not None:
            self._place.removeWidget(self._value)
            self._value.hide()
            self._value.deleteLater()
            self._value = None
        self._value_part.setVisible(bool(self.changed))
        if self.changed:
            self._value = field = hyperparameter_field(self.changed)
            tip = self.tr("The value of this hyperparameter on side B")
            named(field, "duel_value", hyperparameter_title(self.changed), tip)
            put_value(field, getattr(self._recipe(self.sides[1]), self.changed))
            self._place.addWidget(field)

    def _name_parts(self) -> None:
        tip = self.tr("The recipe of the first network")
        named(self.sides[0], "duel_first", self.tr("Side A"), tip)
        tip = self.tr("The recipe of the second network; it may be the same as the first")
        named(self.sides[1], "duel_second", self.tr("Side B"), tip)
        tip = self.tr("One value of side B's recipe that is to be another one")
        named(self.change, "duel_change", self.tr("Changed on side B"), tip)
        tip = self.tr("How many images each side trains on; those of the data set come again")
        named(self.images, "duel_images", self.tr("Training images"), tip)

    def _lay_out(self) -> None:
        self._value_part = self._part(self.tr("To"), widget_with(self._place))
        parts = (
            self._part(self.tr("Side A"), self.sides[0]),
            self._part(self.tr("Side B"), self.sides[1]),
            self._part(self.tr("Training images"), self.images),
            self._part(self.tr("Changed on side B"), self.change),
            self._value_part,
        )
        column(Columns(parts, stretches=(3, 3, 2)), parent=self)

    def _part(self, title: str, field: QWidget) -> QWidget:
        label = caption(title)
        label.setBuddy(field)
        return widget_with(column(label, field, spacing=2))
