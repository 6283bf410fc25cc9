"""The form of hyperparameters."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mnist_gui.engine.events import RunState
from mnist_gui.engine.recipe import AUTOMATIC, BOUNDS, OPTIMIZERS, PRECISIONS, SCHEDULES, Recipe
from mnist_gui.gui.common.fields import ChoiceField, CountField, FractionField
from mnist_gui.gui.common.labels import caption
from mnist_gui.gui.common.qt import FoldButton
from mnist_gui.gui.common.values import (
    optimizer_title,
    precision_title,
    schedule_title,
    value_tips,
    value_titles,
)

Field = ChoiceField | CountField | FractionField


class ValueForm(QWidget):
    """A row for each field: its name and the field; `edited` follows every change."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._fields: list[Field] = []
        self._labels: list[QLabel] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setVerticalSpacing(6)
        self._layout.setHorizontalSpacing(12)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def add(self, field: Field, name: str, tooltip: str) -> None:
        """Add a row at the bottom."""
        field.setAccessibleName(name)
        field.setToolTip(tooltip)
        label = caption(name)
        label.setToolTip(tooltip)
        label.setBuddy(field)
        # As high as its row, so that it stands at the middle of the field.
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._labels.append(label)
        self._layout.addRow(label, field)
        self._fields.append(field)
        if isinstance(field, ChoiceField):
            field.currentIndexChanged.connect(self._tell)
        else:
            field.valueChanged.connect(self._tell)

    @property
    def name_width(self) -> int:
        """How wide the longest name is, in logical pixels."""
        return max(label.sizeHint().width() for label in self._labels)

    def widen_names(self, width: int) -> None:
        """Give the names this much room, so that the fields of several forms are in line."""
        for label in self._labels:
            label.setMinimumWidth(width)

    def show_row(self, field: Field, *, shown: bool) -> None:
        """Show a field's row, or leave it out."""
        self._layout.setRowVisible(field, shown)

    def commit(self) -> None:
        """Take in what is typed but not finished by Enter yet."""
        for field in self._fields:
            if not isinstance(field, ChoiceField):
                field.interpretText()

    def enable(self, *, enabled: bool) -> None:
        """Let the fields be edited, or only read."""
        for field in self._fields:
            field.setEnabled(enabled)

    @Slot()
    def _tell(self) -> None:
        self.edited.emit()


class RecipeForm(QWidget):
    """Shows a recipe's values and lets them be edited; `edited` follows every change.

    While a run trains or is paused, only the learning rate can be edited, and
    `learning_rate_changed` tells its new value once it is typed to its end.
    """

    edited = Signal()
    learning_rate_changed = Signal(float)
    device_chosen = Signal(str)

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self._recipe = recipe
        self._state = RunState.IDLE
        self._make_fields()
        self._first = ValueForm()
        self._more = ValueForm()
        self.more_button = FoldButton(self.tr("Advanced settings"), self._more)
        self._fill_choices()
        self._add_values()
        self._lay_out()
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
        self.schedule.choose(recipe.schedule)
        self.distortion.setValue(recipe.distortion)
        self.drawn_share.setValue(recipe.drawn_share)
        self.label_smoothing.setValue(recipe.label_smoothing)
        self.averaged_share.setValue(recipe.averaged_share)
        self.beta_2.setValue(recipe.beta_2)
        self.validate_every.setValue(recipe.validate_every)
        self.patience.setValue(recipe.patience)
        self.seed.setValue(recipe.seed)
        self.precision.choose(recipe.precision)
        self._first.show_row(self.dropout, shown=recipe.architecture.has_dropout)
        self._follow()

    def recipe(self) -> Recipe:
        """Return the recipe with the values in the fields; raises RecipeError."""
        self._first.commit()
        self._more.commit()
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
        self._first.enable(enabled=idle)
        self._more.enable(enabled=idle)
        self.learning_rate.setEnabled(idle or self._is_live)

    @property
    def _is_live(self) -> bool:
        return self._state in (RunState.TRAINING, RunState.PAUSED)

    def _recipe_in_fields(self) -> Recipe:
        return replace(
            self._recipe,
            optimizer=self.optimizer.currentData(),
            learning_rate=self.learning_rate.value(),
            batch_size=self.batch_size.value(),
            steps=self.steps.value(),
            dropout=self.dropout.value(),
            schedule=self.schedule.currentData(),
            distortion=self.distortion.value(),
            drawn_share=self.drawn_share.value(),
            label_smoothing=self.label_smoothing.value(),
            averaged_share=self.averaged_share.value(),
            beta_2=self.beta_2.value(),
            validate_every=self.validate_every.value(),
            patience=self.patience.value(),
            seed=self.seed.value(),
            precision=self.precision.currentData(),
        )

    def _make_fields(self) -> None:
        self.optimizer = ChoiceField()
        self.learning_rate = FractionField(BOUNDS["learning_rate"], decimals=8)
        # A run must not follow the first digits of a rate that is being typed.
        self.learning_rate.setKeyboardTracking(False)
        self.batch_size = CountField(BOUNDS["batch_size"])
        self.steps = CountField(BOUNDS["steps"])
        self.dropout = FractionField(BOUNDS["dropout"], decimals=3)
        self.schedule = ChoiceField()
        self.distortion = FractionField(BOUNDS["distortion"], decimals=3)
        self.drawn_share = FractionField(BOUNDS["drawn_share"], decimals=3)
        self.label_smoothing = FractionField(BOUNDS["label_smoothing"], decimals=3)
        self.averaged_share = FractionField(BOUNDS["averaged_share"], decimals=3)
        self.beta_2 = FractionField(BOUNDS["beta_2"], decimals=5)
        self.validate_every = CountField(BOUNDS["validate_every"])
        self.validate_every.setSuffix(self.tr(" steps"))
        self.patience = CountField(BOUNDS["patience"])
        self.patience.setSuffix(self.tr(" validations"))
        self.patience.setSpecialValueText(self.tr("Off"))
        self.seed = CountField(BOUNDS["seed"], grouped=False)
        self.precision = ChoiceField()
        self.device = ChoiceField()
        self.device.setObjectName("device_box")

    def _fill_choices(self) -> None:
        for name in OPTIMIZERS:
            self.optimizer.addItem(optimizer_title(name), name)
        for name in SCHEDULES:
            self.schedule.addItem(schedule_title(name), name)
        for name in PRECISIONS:
            self.precision.addItem(precision_title(name), name)
        self.device.addItem(precision_title(AUTOMATIC), AUTOMATIC)

    def _lay_out(self) -> None:
        self.more_button.setObjectName("more_values_button")
        self.more_button.setToolTip(
            self.tr("Show the values that are seldom changed, or hide them.")
        )
        names = max(self._first.name_width, self._more.name_width)
        self._first.widen_names(names)
        self._more.widen_names(names)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part in (self._first, self.more_button, self._more):
            layout.addWidget(part)

    def _add_values(self) -> None:
        titles, tips = value_titles(), value_tips()
        for form, fields in (
            (self._first, self._first_fields()),
            (self._more, self._more_fields()),
        ):
            for name, field in fields.items():
                form.add(field, titles[name], tips[name])

    def _first_fields(self) -> dict[str, Field]:
        return {
            "optimizer": self.optimizer,
            "learning_rate": self.learning_rate,
            "batch_size": self.batch_size,
            "steps": self.steps,
            "dropout": self.dropout,
        }

    def _more_fields(self) -> dict[str, Field]:
        return {
            "schedule": self.schedule,
            "distortion": self.distortion,
            "drawn_share": self.drawn_share,
            "label_smoothing": self.label_smoothing,
            "averaged_share": self.averaged_share,
            "beta_2": self.beta_2,
            "validate_every": self.validate_every,
            "patience": self.patience,
            "seed": self.seed,
            "precision": self.precision,
            "device": self.device,
        }

    def _connect(self) -> None:
        self.device.currentIndexChanged.connect(self._tell_device)
        self._first.edited.connect(self._follow)
        self._more.edited.connect(self._follow)
        self.learning_rate.valueChanged.connect(self._tell_learning_rate)

    @Slot()
    def _follow(self) -> None:
        self._more.show_row(self.beta_2, shown=self.optimizer.currentData() == "adam")
        self.edited.emit()

    @Slot()
    def _tell_device(self) -> None:
        self.device_chosen.emit(self.device.currentData())

    @Slot(float)
    def _tell_learning_rate(self, rate: float) -> None:
        if self._is_live:
            self.learning_rate_changed.emit(rate)
