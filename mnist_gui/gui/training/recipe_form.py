"""The form of hyperparameters."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from mnist_gui.engine.events import RunState
from mnist_gui.engine.hyperparameter import Group
from mnist_gui.engine.recipe import AUTOMATIC, HYPERPARAMETERS, Recipe
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.fields import (
    ChoiceField,
    CountField,
    Field,
    FractionField,
    hyperparameter_field,
    put_value,
)
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.common.qt import Announcer, FoldButton, column, explain, named, widget_with
from mnist_gui.gui.common.values import (
    hyperparameter_tip,
    hyperparameter_title,
)


class HelpLine(QLabel):
    """A plain line of help, in place of which it can be said what is wrong."""

    def __init__(self, text: str) -> None:
        super().__init__(text, wordWrap=True)
        self._help = text
        self._announcer = Announcer(self)
        self.show_help()

    @Slot()
    def show_help(self) -> None:
        """Show the help again."""
        self.setText(self._help)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)

    def show_problem(self, sentence: str) -> None:
        """Show and speak what is wrong."""
        self.setText(sentence)
        self.setForegroundRole(QPalette.ColorRole.BrightText)
        self._announcer.say(sentence)


class ValueForm(QWidget):
    """A row for each field, its name and the field, with a line of help below.

    `edited` follows every change.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._fields: dict[Field, HelpLine] = {}
        self._rows: dict[Field, QWidget] = {}
        self._labels: list[QLabel] = []
        self._layout = column(parent=self, spacing=10)

    def add(self, field: Field, name: str, help_text: str) -> None:
        """Add a row at the bottom."""
        field.setAccessibleName(name)
        field.setAccessibleDescription(help_text)
        explain(field, help_text)
        label = QLabel(name)
        label.setBuddy(field)
        line = HelpLine(help_text)
        self._labels.append(label)
        self._fields[field] = line
        self._rows[field] = widget_with(
            column(Columns((label, field), stretches=(0, 1)), line, spacing=2)
        )
        self._layout.addWidget(self._rows[field])
        if isinstance(field, ChoiceField):
            field.currentIndexChanged.connect(self.edited)
            return
        # Nobody must follow the first digits of what is being typed, nor go back to them.
        field.setKeyboardTracking(False)
        field.valueChanged.connect(self.edited)
        field.valueChanged.connect(line.show_help)
        field.lineEdit().textEdited.connect(line.show_help)
        field.refused.connect(partial(self._refuse, field))

    def help_line(self, field: Field) -> HelpLine:
        """Return the line of help below a field."""
        return self._fields[field]

    def show_row(self, field: Field, *, shown: bool) -> None:
        """Show the row of a field, or hide it."""
        self._rows[field].setVisible(shown)

    def _refuse(self, field: CountField | FractionField) -> None:
        values = (field.minimum(), field.maximum(), field.value())
        if isinstance(field, CountField):
            low, high, value = (count(int(each)) for each in values)
        else:
            low, high, value = (field.textFromValue(each) for each in values)
        sentence = self.tr("Only {low} to {high} can be used here; it is {value} again.")
        self._fields[field].show_problem(sentence.format(low=low, high=high, value=value))

    @property
    def name_width(self) -> int:
        """How wide the longest name is, in logical pixels."""
        return max(label.sizeHint().width() for label in self._labels)

    def widen_names(self, width: int) -> None:
        """Give the names this much room, so that the fields of several forms are in line."""
        for label in self._labels:
            label.setMinimumWidth(width)

    def commit(self) -> None:
        """Take in what is typed but not finished by Enter yet."""
        for field in self._fields:
            if not isinstance(field, ChoiceField):
                field.interpretText()

    def enable(self, *, enabled: bool) -> None:
        """Let the fields be edited, or only read."""
        for field in self._fields:
            field.setEnabled(enabled)


class RecipeForm(QWidget):
    """Shows a recipe's values and lets them be edited; `edited` follows every change.

    It has a field for each hyperparameter that is declared with a group, in their order. While a
    run trains or is paused, only the learning rate can be edited, and `learning_rate_changed`
    tells its new value once it is typed to its end.
    """

    edited = Signal()
    learning_rate_changed = Signal(float)
    device_chosen = Signal(str)

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self._recipe = recipe
        self._state = RunState.IDLE
        self._basic = ValueForm()
        self._advanced = ValueForm()
        self._fields = {
            name: self._added(name) for name, each in HYPERPARAMETERS.items() if each.group
        }
        self.device = ChoiceField()
        self._add_device()
        self.more_button = FoldButton(self.tr("Advanced settings"), self._advanced)
        self._lay_out()
        self._connect()
        self.show_recipe(recipe)

    def show_recipe(self, recipe: Recipe) -> None:
        """Fill the fields with a recipe's values."""
        self._recipe = recipe
        # Rows are shown and hidden once, not for each value.
        with QSignalBlocker(self._basic), QSignalBlocker(self._advanced):
            for name in self._fields:
                self.edit(name, getattr(recipe, name))
        self._follow()

    def edit(self, name: str, value: str | float) -> None:
        """Put a value into the field of a hyperparameter, as a user would."""
        put_value(self._fields[name], value)

    def take_over(self, before: "RecipeForm") -> None:
        """Show the values that are in the fields of another form."""
        before._basic.commit()
        before._advanced.commit()
        for name in self._fields:
            self.edit(name, before.field(name).value())
        self.more_button.setChecked(before.more_button.isChecked())

    @property
    def names(self) -> list[str]:
        """The names of the hyperparameters that it shows, in their order."""
        return list(self._fields)

    def field(self, name: str) -> Field:
        """Return the field of a hyperparameter."""
        return self._fields[name]

    def help_line(self, name: str) -> HelpLine:
        """Return the line of help of a hyperparameter."""
        return self._form_of(name).help_line(self._fields[name])

    def recipe(self) -> Recipe:
        """Return the recipe with the values in the fields; raises RecipeError."""
        self._basic.commit()
        self._advanced.commit()
        return self._recipe_in_fields()

    def is_edited(self) -> bool:
        """Whether a value differs from the recipe's own."""
        return self._recipe_in_fields() != self._recipe

    def offer_devices(self, devices: Mapping[str, str]) -> None:
        """Offer these devices, by the keys they are chosen by, besides the automatic choice."""
        for key, title in devices.items():
            if self.device.findData(key) < 0:
                self.device.addItem(title, key)

    def set_state(self, state: RunState) -> None:
        """Let be edited what has an effect in this state of the run."""
        self._state = state
        idle = not state.is_active
        self._basic.enable(enabled=idle)
        self._advanced.enable(enabled=idle)
        self._fields["learning_rate"].setEnabled(idle or self._is_live)

    @property
    def _is_live(self) -> bool:
        return self._state in (RunState.TRAINING, RunState.PAUSED)

    def _recipe_in_fields(self) -> Recipe:
        values: dict[str, Any] = {name: field.value() for name, field in self._fields.items()}
        return replace(self._recipe, **values)

    def _added(self, name: str) -> Field:
        """Add a row for a hyperparameter to its group; return its field."""
        field = hyperparameter_field(name)
        self._form_of(name).add(field, hyperparameter_title(name), hyperparameter_tip(name))
        return field

    def _form_of(self, name: str) -> ValueForm:
        is_basic = HYPERPARAMETERS[name].group is Group.BASIC
        return self._basic if is_basic else self._advanced

    def _add_device(self) -> None:
        self.device.addItem(self.tr("Automatic"), AUTOMATIC)
        tip = self.tr(
            "Where the next run is computed. Automatic: the first GPU, or else the processor."
        )
        self._advanced.add(named(self.device, "device_box"), self.tr("Device"), tip)

    def _lay_out(self) -> None:
        tip = self.tr("Show the values that are seldom changed, or hide them.")
        named(self.more_button, "more_values_button", tip=tip)
        names = max(self._basic.name_width, self._advanced.name_width)
        self._basic.widen_names(names)
        self._advanced.widen_names(names)
        column(self._basic, self.more_button, self._advanced, parent=self, spacing=6)

    def _connect(self) -> None:
        self.device.currentIndexChanged.connect(self._tell_device)
        self._basic.edited.connect(self._follow)
        self._advanced.edited.connect(self._follow)
        rate = self._fields["learning_rate"]
        assert isinstance(rate, FractionField)
        rate.valueChanged.connect(self._tell_learning_rate)

    @Slot()
    def _follow(self) -> None:
        recipe = self._recipe_in_fields()
        for name, field in self._fields.items():
            self._form_of(name).show_row(field, shown=recipe.uses(name))
        self.edited.emit()

    @Slot()
    def _tell_device(self) -> None:
        self.device_chosen.emit(self.device.currentData())

    @Slot(float)
    def _tell_learning_rate(self, rate: float) -> None:
        if self._is_live:
            self.learning_rate_changed.emit(rate)
