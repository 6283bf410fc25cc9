"""What is said of a few steps of learning."""

from collections.abc import Sequence
from math import isfinite

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject

from mnist_gui.engine.inside.filters import FirstLayer
from mnist_gui.engine.inside.learnt import STEP_COUNTS, LayerStep, Learnt
from mnist_gui.gui.common.labels import count, percent, significant
from mnist_gui.gui.common.layer_names import layer_name
from mnist_gui.gui.one_step.bars import BarRow, Cell

# From this loss on, the label has 99 % and there is little to learn.
_LITTLE = 0.01
_NOT_YET = Cell("\u2026")


class LearntText(QObject):
    """Says plainly what happened, and how it was computed."""

    def purpose(self) -> str:
        """Say what is seen on the page, and what to look for."""
        return self.tr(
            "Steps of training on the digit on the pad, taken on a copy of the network that is "
            "thrown away: look how soon the answer changes, and which layer moves most."
        )

    def answer_heads(self) -> tuple[str, ...]:
        """Return the heads of the table of answers: after how many steps they are."""
        return (self.tr("Steps"), self.tr("now"), *map(count, STEP_COUNTS[1:]))

    def verdict(self, learnt: Learnt, label: int) -> str:
        """Say what became of the label."""
        shares = [share_text(shares[label]) for shares in learnt.probabilities.tolist()]
        if not learnt.is_complete:
            text = self.tr(
                "For the label {label} the network says {before} now, {after} after 1 step."
            )
            return text.format(label=label, before=shares[0], after=shares[1])
        if not isfinite(learnt.losses[-1]):
            return self.tr(
                "The steps were so large that the copy gives no numbers any more: the learning "
                "rate is much too high."
            )
        text = self.tr(
            "The label {label}: {before} now, {one} after 1 step, {last} after {count} steps."
        )
        said = text.format(
            label=label, before=shares[0], one=shares[1], last=shares[-1], count=STEP_COUNTS[-1]
        )
        return " ".join(filter(None, (said, self._hint(learnt))))

    def _hint(self, learnt: Learnt) -> str:
        if learnt.losses[-1] > learnt.losses[0]:
            return self.tr("It has become less probable: the learning rate is too high.")
        if learnt.losses[0] < _LITTLE:
            return self.tr(
                "The network was sure already, so there is little to learn. Choose another label "
                "to see it change its mind."
            )
        return ""

    def arithmetic(self, *, is_calibrated: bool) -> str:
        """Say what the loss is, and why percentages may differ from the pad's."""
        text = self.tr(
            "The loss is minus the logarithm of the label's share; steps make it smaller."
        )
        if is_calibrated:
            raw = self.tr(
                "Percentages here are raw, as in training; those on the pad are calibrated."
            )
            return f"{text} {raw}"
        return text

    def optimizer(self, optimizer: str, rate: float) -> str:
        """Say how the recipe's optimizer makes a step of a gradient."""
        texts = {
            "gradient-descent": self.tr(
                "Gradient descent: each weight moves against its gradient, by {rate} times its "
                "size."
            ),
            "momentum": self.tr(
                "Momentum: each weight moves against its gradient, and each step keeps nine "
                "tenths of the speed of the one before. The first step is 1.9 times {rate} times "
                "the gradient."
            ),
            "adam": self.tr(
                "Adam divides each gradient by the size it had in the last steps (the root of its "
                "mean square). In the first step that is its own size, so that each weight with a "
                "gradient moves by {rate}, however small the gradient is."
            ),
        }
        text = texts[optimizer].format(rate=f"{rate:.3g}")
        differs = self.tr(
            "In a run there is a batch of images instead of one digit, with dropout, and the "
            "optimizer remembers earlier steps."
        )
        return f"{text} {differs}"

    def layer_heads(self) -> tuple[str, ...]:
        """Return the heads of the table of layers."""
        return (
            self.tr("Layer (norms)"),
            self.tr("Weights"),
            self.tr("Gradient"),
            self.tr("Step"),
            self.tr("Step/weights"),
        )

    def images_title(self, *, is_per_digit: bool) -> str:
        """Return the title above the images of the first layer."""
        if is_per_digit:
            return self.tr("The ten weight images")
        return self.tr("The filters of the first layer")

    def images(self, *, is_per_digit: bool) -> str:
        """Say what to see in the images of the first layer."""
        if is_per_digit:
            return self.tr(
                "The gradient says where the loss rises with the weight (blue) and where it falls "
                "(orange); the step goes the other way. It adds the digit itself to the image of "
                "its label, in blue, and takes it from the images that wrongly answered."
            )
        return self.tr(
            "The gradient says where the loss rises with the weight (blue) and where it falls "
            "(orange); the step goes the other way: blue weights rise, orange ones fall."
        )

    def largest(self, layer: FirstLayer) -> str:
        """Say for a screen reader which image has the largest numbers."""
        place = int(np.square(layer.images).sum(axis=(1, 2)).argmax())
        text = self.tr("The largest numbers are in image {number}; they reach {size}.")
        number = place if layer.is_per_digit else place + 1
        return text.format(number=count(number), size=significant(layer.scale))


def share_text(share: float) -> str:
    """Write a probability; a dash where there is none."""
    return percent(share) if isfinite(share) else "\u2013"


def answer_rows(learnt: Learnt, label: int) -> list[BarRow]:
    """Return the rows of the ten digits, and of the loss."""
    missing = (_NOT_YET,) * (len(STEP_COUNTS) - len(learnt.losses))
    rows = []
    marked = QCoreApplication.translate("one_step", "{digit}, the label")
    for digit, shares in enumerate(learnt.probabilities.T.tolist()):
        spoken = marked.format(digit=digit) if digit == label else ""
        title = f"\u25b8 {digit}" if digit == label else str(digit)
        cells = tuple(Cell(share_text(each), each if isfinite(each) else 0.0) for each in shares)
        rows.append(BarRow(title, cells + missing, digit == label, spoken))
    losses = tuple(Cell(significant(loss)) for loss in learnt.losses)
    loss = QCoreApplication.translate("one_step", "Loss")
    return [*rows, BarRow(loss, losses + missing)]


def layer_rows(layers: Sequence[LayerStep]) -> list[BarRow]:
    """Return a row for each layer; bars compare the gradients and the relative steps."""
    gradients = max(layer.gradient for layer in layers) or 1.0
    relatives = max(layer.relative or 0.0 for layer in layers) or 1.0
    return [
        BarRow(
            layer_name(layer.layer),
            (
                Cell(significant(layer.weights)),
                Cell(significant(layer.gradient), layer.gradient / gradients),
                Cell(significant(layer.step)),
                _relative_cell(layer.relative, relatives),
            ),
        )
        for layer in layers
    ]


def _relative_cell(relative: float | None, largest: float) -> Cell:
    if relative is None:
        return Cell("\u2013", 0.0)
    text = QCoreApplication.translate("one_step", "{number} %")
    return Cell(text.format(number=significant(100 * relative)), relative / largest)
