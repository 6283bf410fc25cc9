"""What learning the hand changed, before and after, in a small table."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from mnist_gui.engine.finetune.result import PersonalResult
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.widgets.labels import caption, figure
from mnist_gui.widgets.my_digits.hand_words import difference
from mnist_gui.widgets.number_text import count, percent


class HandTable(QFrame):
    """A row for the own digits that were held out, one for the test images."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hand_table")
        self.own = tuple(figure() for _ in range(3))
        self.test = tuple(figure() for _ in range(3))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 8, 12, 8)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(6)
        # In a wide window the figures stay near what they are of.
        self._grid.setColumnStretch(4, 1)
        for column, text in enumerate(
            (self.tr("Before"), self.tr("After"), self.tr("Change (points)"))
        ):
            head = caption(text)
            head.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(head, 0, column + 1)
        self.own_title = QLabel()
        self.own_title.setToolTip(
            self.tr("Each was read by a network that had not learnt from it.")
        )
        self.test_title = QLabel()
        self._add_row(1, self.own_title, self.own)
        self._add_row(2, self.test_title, self.test)

    def show_result(self, result: PersonalResult) -> None:
        """Show how both were read before and after."""
        own, test = len(result.own_before.labels), len(result.test_before.labels)
        self.own_title.setText(self.tr("Your digits, held out ({count})").format(count=count(own)))
        self.test_title.setText(self.tr("Test images ({count})").format(count=count(test)))
        for title, figures in ((self.own_title, self.own), (self.test_title, self.test)):
            for label in figures:
                label.setAccessibleName(title.text())
        _show(self.own, result.own_before, result.own_after, decimals=1)
        _show(self.test, result.test_before, result.test_after, decimals=2)

    def _add_row(self, row: int, title: QLabel, figures: tuple[QLabel, ...]) -> None:
        self._grid.addWidget(title, row, 0)
        for column, label in enumerate(figures):
            self._grid.addWidget(label, row, column + 1)


def _show(
    figures: tuple[QLabel, ...], before: Evaluation, after: Evaluation, *, decimals: int
) -> None:
    shares = (percent(each.accuracy, decimals) for each in (before, after))
    texts = (*shares, difference(before, after, decimals))
    for label, text in zip(figures, texts, strict=True):
        label.setText(text)
