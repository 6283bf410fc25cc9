"""The page that shows what a few steps of learning change."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from mnist_gui.engine.inside.filters import FirstLayer
from mnist_gui.engine.inside.learnt import Learnt
from mnist_gui.engine.recipe import BOUNDS, HYPERPARAMETERS
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.diverging import DivergingLegend
from mnist_gui.gui.common.fields import ChoiceField, FractionField
from mnist_gui.gui.common.labels import caption, heading, paragraph, significant
from mnist_gui.gui.common.qt import column, named, row, widget_with
from mnist_gui.gui.one_step.bars import BarTable
from mnist_gui.gui.one_step.pictures import Pictures
from mnist_gui.gui.one_step.text import LearntText, answer_rows, layer_rows
from mnist_gui.gui.views.page import ViewPage

_AUTOMATIC = ""


class OneStepPage(ViewPage):
    """The answers before and after steps, what moves in each layer, and the first layer's images.

    `label_chosen` carries the label that the user wants, None for that which is proposed;
    `rate_chosen` a learning rate, None for the recipe's.
    """

    label_chosen = Signal(object)
    rate_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__("one_step")
        self._words = LearntText(self)
        self.label_box = named(ChoiceField(), "one_step_label_box", self.tr("Label"))
        self.label_box.setToolTip(self.tr("The digit that the copy is to learn to read here"))
        decimals = HYPERPARAMETERS["learning_rate"].decimals
        self.rate_field = FractionField(BOUNDS["learning_rate"], decimals=decimals)
        named(self.rate_field, "one_step_rate_field", self.tr("Learning rate"))
        self.rate_field.setKeyboardTracking(False)
        self.rate_button = named(QPushButton(), "one_step_rate_button")
        self.rate_button.setText(self.tr("Rate of the recipe"))
        self.verdict = named(paragraph(), "one_step_verdict")
        self.answers = BarTable("one_step_answers", self.tr("Answers before and after steps"))
        self.arithmetic = caption()
        self.optimizer = named(paragraph(), "one_step_optimizer")
        self.layers = BarTable("one_step_layers", self.tr("What moves in each layer"))
        self.images_title = heading("")
        self.images_text = paragraph()
        self.gradient = Pictures("one_step_gradient", self.tr("Gradient as images"))
        self.step = Pictures("one_step_step", self.tr("First step as images"))
        self.gradient_legend, self.step_legend = DivergingLegend("0"), DivergingLegend("0")
        self._fill_body()
        self.show_purpose(self._words.purpose())
        self.label_box.activated.connect(self._choose_label)
        self.rate_field.valueChanged.connect(self._choose_rate)
        self.rate_button.clicked.connect(self._reset_rate)

    def show_choices(self, proposed: str, label: int | None, rate: float, usual: float) -> None:
        """Show the label that is proposed in words, the one that the user wants, and the rate.

        `usual` is the rate of the recipe.
        """
        self.label_box.setItemText(0, proposed)
        self.label_box.choose(_AUTOMATIC if label is None else str(label))
        self.rate_field.blockSignals(True)
        self.rate_field.setValue(rate)
        self.rate_field.blockSignals(False)
        self.rate_button.setEnabled(rate != usual)
        text = self.tr("The recipe has {rate} at this step").format(rate=f"{usual:.3g}")
        self.rate_button.setToolTip(text)
        self.rate_button.setAccessibleDescription(text)

    def show_learnt(
        self, learnt: Learnt, label: int, optimizer: str, rate: float, *, is_calibrated: bool
    ) -> None:
        """Show what was learnt so far; `is_calibrated` says that the pad's percentages are."""
        words = self._words
        self.verdict.setText(words.verdict(learnt, label))
        self.answers.show_rows(words.answer_heads(), answer_rows(learnt, label))
        self.arithmetic.setText(words.arithmetic(is_calibrated=is_calibrated))
        self.optimizer.setText(words.optimizer(optimizer, rate))
        self.layers.show_rows(words.layer_heads(), layer_rows(learnt.layers))
        is_per_digit = learnt.gradient.is_per_digit
        self.images_title.setText(words.images_title(is_per_digit=is_per_digit))
        self.images_text.setText(words.images(is_per_digit=is_per_digit))
        self._show_images(self.gradient, self.gradient_legend, learnt.gradient)
        self._show_images(self.step, self.step_legend, learnt.step)
        self.show_body()

    def _show_images(self, pictures: Pictures, legend: DivergingLegend, layer: FirstLayer) -> None:
        pictures.show_layer(layer, self._words.largest(layer))
        end = significant(layer.scale)
        legend.show_ends(
            self.tr("\u2212{end} or less").format(end=end),
            self.tr("+{end} or more").format(end=end),
        )

    @Slot()
    def _choose_label(self) -> None:
        chosen = self.label_box.value()
        self.label_chosen.emit(None if chosen == _AUTOMATIC else int(chosen))

    @Slot(float)
    def _choose_rate(self, rate: float) -> None:
        self.rate_chosen.emit(rate)

    @Slot()
    def _reset_rate(self) -> None:
        self.rate_chosen.emit(None)

    def _fill_body(self) -> None:
        self.label_box.addItem("", _AUTOMATIC)
        for digit in range(10):
            self.label_box.addItem(str(digit), str(digit))
        self.arithmetic.setWordWrap(True)
        self.rate_field.setMinimumWidth(80)
        label, rate = QLabel(self.tr("&Label")), QLabel(self.tr("Learning &rate"))
        label.setBuddy(self.label_box)
        rate.setBuddy(self.rate_field)
        parts = (
            widget_with(row(label, self.label_box, 0, spacing=6)),
            widget_with(row(rate, self.rate_field, 0, spacing=6)),
            widget_with(row(self.rate_button, 0)),
        )
        column(Columns(parts, stretches=(0, 0, 1), spacing=10), parent=self.controls)
        answers = heading(self.tr("What the copy answers after so many steps"))
        moves = heading(self.tr("What moves in each layer"))
        for title in (answers, moves, self.images_title):
            title.setWordWrap(True)
        sides = Columns(
            (
                widget_with(column(answers, self.answers, self.arithmetic, 0, spacing=6)),
                widget_with(column(moves, self.layers, self.optimizer, 0, spacing=6)),
            ),
            stretches=(1, 1),
            spacing=24,
        )
        images = Columns(
            (
                self._side(self.tr("Gradient"), self.gradient, self.gradient_legend),
                self._side(self.tr("First step"), self.step, self.step_legend),
            ),
            stretches=(1, 1),
            spacing=24,
        )
        below = (self.images_title, self.images_text, images)
        column(self.verdict, sides, *below, 0, parent=self.body, spacing=10)

    def _side(self, title: str, pictures: Pictures, legend: DivergingLegend) -> QWidget:
        return widget_with(column(caption(title), pictures, legend, 0, spacing=4))
