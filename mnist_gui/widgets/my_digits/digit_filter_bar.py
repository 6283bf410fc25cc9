"""Choosing which of the user's digits are shown; tells how many there are of each."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.digits.model import KeptDigit
from mnist_gui.widgets.my_digits.digit_choice import DigitChoice, Order, Outcome
from mnist_gui.widgets.my_digits.digit_words import digits_counted
from mnist_gui.widgets.number_text import count
from mnist_gui.widgets.training.number_fields import ChoiceField

# A button group gives numbers of its own below zero.
_ALL = CLASSES


class DigitFilterBar(QWidget):
    """A button for each digit with its count, and what is read right or wrong, and the order."""

    choice_changed = Signal(DigitChoice)

    def __init__(self, *others: QWidget) -> None:
        """`others` stand in the same row as the fields."""
        super().__init__()
        self._labels = QButtonGroup(self)
        self.buttons = {label: QToolButton() for label in (_ALL, *range(CLASSES))}
        self.outcome = ChoiceField()
        self.order = ChoiceField()
        self._fill()
        self._name_parts()
        self._lay_out(others)
        self.show_counts(())
        self._labels.idClicked.connect(self._tell)
        self.outcome.currentIndexChanged.connect(self._tell)
        self.order.currentIndexChanged.connect(self._tell)

    @property
    def choice(self) -> DigitChoice:
        """What is chosen."""
        label = self._labels.checkedId()
        return DigitChoice(
            None if label == _ALL else label,
            Outcome(self.outcome.currentData()),
            Order(self.order.currentData()),
        )

    def show_counts(self, digits: Sequence[KeptDigit]) -> None:
        """Show how many digits there are of each label."""
        counts = np.bincount([digit.label for digit in digits], minlength=CLASSES).tolist()
        self._show_count(_ALL, self.tr("All"), len(digits))
        for label, number in enumerate(counts):
            self._show_count(label, str(label), number)

    def choose_all(self) -> None:
        """Show every digit."""
        self.buttons[_ALL].setChecked(True)
        self.outcome.choose(Outcome.ANY.value)

    def _show_count(self, label: int, title: str, number: int) -> None:
        button = self.buttons[label]
        button.setText(f"{title}\n{count(number)}")
        button.setAccessibleName(f"{title}: {digits_counted(number)}")

    @Slot()
    def _tell(self) -> None:
        self.choice_changed.emit(self.choice)

    def _fill(self) -> None:
        for label, button in self.buttons.items():
            button.setCheckable(True)
            button.setObjectName("label_filter")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setToolTip(
                self.tr("Show all your digits.")
                if label == _ALL
                else self.tr("Show your digits {label} only.").format(label=label)
            )
            self._labels.addButton(button, label)
        self.buttons[_ALL].setChecked(True)
        self.outcome.addItem(self.tr("Right and wrong"), Outcome.ANY.value)
        self.outcome.addItem(self.tr("Read wrong"), Outcome.WRONG.value)
        self.outcome.addItem(self.tr("Read right"), Outcome.RIGHT.value)
        self.order.addItem(self.tr("Newest first"), Order.NEWEST.value)
        self.order.addItem(self.tr("Oldest first"), Order.OLDEST.value)
        self.order.addItem(self.tr("By digit"), Order.LABEL.value)
        self.order.addItem(self.tr("Hardest first"), Order.HARDEST.value)

    def _name_parts(self) -> None:
        self.outcome.setObjectName("outcome_box")
        self.outcome.setAccessibleName(self.tr("Right or wrong"))
        self.outcome.setToolTip(self.tr("Show what the current network reads right, or wrong."))
        self.order.setObjectName("order_box")
        self.order.setAccessibleName(self.tr("Order"))
        self.order.setToolTip(
            self.tr("In what order: the hardest are those whose own digit is the least likely.")
        )

    def _lay_out(self, others: Sequence[QWidget]) -> None:
        labels = QHBoxLayout()
        labels.setSpacing(3)
        for button in self.buttons.values():
            labels.addWidget(button)
        fields = QHBoxLayout()
        fields.setSpacing(8)
        fields.addWidget(self.outcome)
        fields.addWidget(self.order)
        fields.addStretch()
        for other in others:
            fields.addWidget(other)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(labels)
        layout.addLayout(fields)
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)
