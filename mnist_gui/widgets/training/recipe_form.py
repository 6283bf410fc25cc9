"""The editable values of a recipe."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mnist_gui.engine.recipe import AUTOMATIC, BOUNDS, OPTIMIZERS, PRECISIONS, SCHEDULES, Recipe
from mnist_gui.engine.run_state import RunState
from mnist_gui.widgets.fold_button import FoldButton
from mnist_gui.widgets.training.number_fields import ChoiceField, CountField, FractionField
from mnist_gui.widgets.training.recipe_names import optimizer_title, precision_title, schedule_title
from mnist_gui.widgets.training.value_form import ValueForm


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
        self.more_button = FoldButton(self.tr("More values"), self._more)
        self._fill_choices()
        self._add_first_values()
        self._add_more_values()
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

    def _add_first_values(self) -> None:
        self._first.add(
            self.optimizer,
            self.tr("Optimizer"),
            self.tr(
                "How a step changes the weights. Gradient descent walks straight downhill; "
                "momentum keeps rolling; Adam finds a pace for each weight of its own."
            ),
        )
        self._first.add(
            self.learning_rate,
            self.tr("Learning rate"),
            self.tr(
                "How far one step goes. Too small: it learns slowly. Too large: the loss jumps "
                "about or grows without end. Powers of ten such as 1e-3 can be typed. It can be "
                "changed while the network trains."
            ),
        )
        self._first.add(
            self.batch_size,
            self.tr("Batch size"),
            self.tr(
                "How many images the network looks at before it changes its weights once. "
                "Larger batches give smoother but slower steps."
            ),
        )
        self._first.add(
            self.steps,
            self.tr("Steps"),
            self.tr("How many batches to train on before the final test."),
        )
        self._first.add(
            self.dropout,
            self.tr("Dropout"),
            self.tr(
                "The share of hidden units switched off at random in each training step, so that "
                "the network does not learn the images by heart. 0 switches none off."
            ),
        )

    def _add_more_values(self) -> None:
        self._more.add(
            self.schedule,
            self.tr("Schedule"),
            self.tr(
                "How the learning rate goes over the run. Constant: always the same. One cycle: "
                "it climbs in the first quarter and then falls almost to nothing, so that the "
                "network first learns boldly and at last settles."
            ),
        )
        self._more.add(
            self.distortion,
            self.tr("Distortion"),
            self.tr(
                "How strongly each training image is turned, shifted, stretched and bent at "
                "random, so that it never looks the same twice. 1 is about what hands differ by; "
                "0 leaves the images as they are."
            ),
        )
        self._more.add(
            self.drawn_share,
            self.tr("Pen styles"),
            self.tr(
                "The share of each batch that the program draws itself, in ways of writing that "
                "the training images seldom have, such as a 7 with a bar. It helps with digits "
                "that you draw."
            ),
        )
        self._more.add(
            self.label_smoothing,
            self.tr("Label smoothing"),
            self.tr(
                "How much of the right answer is shared out among all ten digits, so that the "
                "network does not become too sure of itself. 0 asks for full certainty."
            ),
        )
        self._more.add(
            self.averaged_share,
            self.tr("Averaged share"),
            self.tr(
                "The last part of the run whose weights are averaged into the final network. "
                "An average errs less than the weights of any one step. 0 takes the last step's."
            ),
        )
        self._more.add(
            self.beta_2,
            self.tr("Adam's memory"),
            self.tr(
                "How much Adam remembers of how steep each weight's slope was. 0.999 looks back "
                "over some thousand steps, 0.99 over some hundred, which suits short runs."
            ),
        )
        self._more.add(
            self.seed,
            self.tr("Seed"),
            self.tr(
                "The number that chance starts from: initial weights, order of the images, "
                "dropout, distortions. The same seed gives the same run again."
            ),
        )
        self._more.add(
            self.precision,
            self.tr("Precision"),
            self.tr(
                "How exactly the network calculates. bfloat16 is faster on processors that know "
                "it; automatic chooses for this machine."
            ),
        )

        self._more.add(
            self.device,
            self.tr("Computed on"),
            self.tr(
                "The processor or the GPU that the next run is computed on. Automatic takes the "
                "first GPU, or the processor where there is none."
            ),
        )

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
