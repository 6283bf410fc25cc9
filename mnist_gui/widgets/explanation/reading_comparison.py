"""What is read with the chosen stages, and with all of them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mnist_gui.engine.explain.explanation import PEN_DIGITS, Explanation, share_read_right
from mnist_gui.engine.prediction import Certainty, Prediction
from mnist_gui.engine.preprocessing import ALL_STAGES
from mnist_gui.widgets.labels import caption, paragraph, tabular
from mnist_gui.widgets.number_text import count, percent

_DIGIT_POINTS = 24
_EITHER_POINTS = 16


class ReadingComparison(QWidget):
    """Two readings side by side, and how well pen digits are read that way."""

    def __init__(self) -> None:
        super().__init__()
        self.chosen = _Reading(self.tr("with the chosen stages"))
        self.with_all = _Reading(self.tr("with all stages"))
        self.pens = paragraph()
        self._name_parts()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(18)
        layout.addWidget(self.chosen)
        layout.addWidget(self.with_all)
        layout.addWidget(self.pens, stretch=1)

    def show_explanation(self, explanation: Explanation) -> None:
        """Show the readings; only one of them where all stages are on."""
        stages = explanation.strip.stages
        self.with_all.show_prediction(explanation.prediction_with_all)
        self.chosen.show_prediction(explanation.prediction)
        self.chosen.setVisible(stages != ALL_STAGES)
        right = percent(share_read_right(stages, explanation.network))
        with_all = percent(share_read_right(ALL_STAGES, explanation.network))
        if stages == ALL_STAGES:
            text = self.tr(
                "The network of this kind that ships reads {right} of {count} digits drawn with a "
                "pen right like this."
            )
        else:
            text = self.tr(
                "The network of this kind that ships reads {right} of {count} digits drawn with a "
                "pen right like this, {all} with all stages."
            )
        self.pens.setText(text.format(right=right, count=count(PEN_DIGITS), all=with_all))

    def _name_parts(self) -> None:
        self.chosen.digit.setObjectName("chosen_stages_digit")
        self.with_all.digit.setObjectName("all_stages_digit")
        self.pens.setObjectName("pen_digits_note")
        self.pens.setToolTip(
            self.tr(
                "Measured with the networks that ship with the program, which have learnt from "
                "none of these digits."
            )
        )


class _Reading(QWidget):
    """A digit in large type, how likely it is, and how it came about."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.digit = QLabel()
        self.probability = QLabel()
        self.probability.setFont(tabular(self.probability.font()))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.probability, alignment=Qt.AlignmentFlag.AlignBottom)
        words.addWidget(caption(name), alignment=Qt.AlignmentFlag.AlignTop)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.digit)
        layout.addLayout(words)

    def show_prediction(self, prediction: Prediction) -> None:
        """Show the likeliest digit, or that it cannot be trusted."""
        first, second = prediction.candidates
        either = self.tr("{first} or {second}").format(first=first, second=second)
        match prediction.certainty:
            case Certainty.SURE:
                self._show(str(first), percent(prediction.probability), is_large=True)
            case Certainty.UNDECIDED:
                self._show(either, self.tr("Not sure"), is_large=False)
            case Certainty.NO_DIGIT:
                self._show("?", self.tr("Does not look like a digit"), is_large=True)

    def _show(self, digit: str, remark: str, *, is_large: bool) -> None:
        self.digit.setFont(tabular(self.font(), _DIGIT_POINTS if is_large else _EITHER_POINTS))
        self.digit.setText(digit)
        self.probability.setText(remark)
        words = self.tr("Read as {digit}, {remark}, {how}")
        self.digit.setAccessibleName(words.format(digit=digit, remark=remark, how=self._name))
