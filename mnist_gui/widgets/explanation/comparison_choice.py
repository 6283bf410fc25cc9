"""Which digit the one that is read is compared with."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.prediction import Prediction

_ANY, _RUNNER_UP = -1, -2


class ComparisonChoice(QWidget):
    """Asks "Why 9 and not ...": any other digit, the runner-up, or a digit of one's choice."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._prediction: Prediction | None = None
        self.question = QLabel()
        self.box = QComboBox()
        self._items = QStandardItemModel(self)
        self.box.setModel(self._items)
        self.box.setObjectName("comparison_box")
        self.box.setAccessibleName(self.tr("Digit to compare with"))
        self.box.setToolTip(
            self.tr("Show the ink that speaks for the digit that is read rather than for this one.")
        )
        self.question.setBuddy(self.box)
        self.box.addItem(self.tr("another digit"), _ANY)
        self.box.addItem(self.tr("the runner-up"), _RUNNER_UP)
        for digit in range(CLASSES):
            self.box.addItem(str(digit), digit)
        self.box.currentIndexChanged.connect(self._tell)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.question)
        layout.addWidget(self.box, stretch=1)

    def show_prediction(self, prediction: Prediction) -> None:
        """Ask about the digit that is read; it cannot be compared with itself."""
        self._prediction = prediction
        self.question.setText(self.tr("Why {digit} and not").format(digit=prediction.digit))
        runner_up = self.tr("{digit}, the runner-up").format(digit=prediction.runner_up)
        self.box.setItemText(self.box.findData(_RUNNER_UP), runner_up)
        for digit in range(CLASSES):
            item = self._items.item(self.box.findData(digit))
            item.setEnabled(digit != prediction.digit)

    @property
    def other(self) -> int | None:
        """The digit to compare with; None for all the others, also where it is the one read."""
        if self._prediction is None:
            return None
        chosen = int(self.box.currentData())
        if chosen == _RUNNER_UP:
            return self._prediction.runner_up
        return None if chosen in (_ANY, self._prediction.digit) else chosen

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()
