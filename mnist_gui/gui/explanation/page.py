"""The page that explains the prediction of a drawing."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QStackedLayout,
    QWidget,
)

from mnist_gui.engine.explain.explanation import (
    PEN_DIGITS,
    Explanation,
    ImageExplanation,
    pen_digit_accuracy,
    pen_digit_reader,
)
from mnist_gui.engine.prediction import Certainty, Prediction
from mnist_gui.engine.preprocessing import ALL_STEPS, PreprocessingTrace
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.labels import caption, count, heading, paragraph, percent, tabular
from mnist_gui.gui.common.qt import (
    ActionButton,
    SteadyScrollArea,
    VisibilityWatcher,
    column,
    explain,
    named,
    row,
    widget_with,
)
from mnist_gui.gui.common.values import recipe_title
from mnist_gui.gui.displayed import doubt
from mnist_gui.gui.explanation.evidence import EvidenceView
from mnist_gui.gui.explanation.preprocessing import PreprocessingView
from mnist_gui.gui.explanation.tensor import TensorDialog, TensorView

# More than other text has.
_DIGIT_POINTS = 15
_EITHER_POINTS = 7


class PredictionComparison(QWidget):
    """Two predictions side by side, and the accuracy on pen digits with these steps."""

    def __init__(self) -> None:
        super().__init__()
        self.chosen = _PredictionLabel(self.tr("with the chosen steps"))
        self.with_all = _PredictionLabel(self.tr("with all steps"))
        self.pens = named(paragraph(), "pen_digits_note")
        self.chosen.digit.setObjectName("chosen_stages_digit")
        self.with_all.digit.setObjectName("all_stages_digit")
        explain(
            self.pens,
            self.tr(
                "Measured with the built-in networks, which have learnt from none of these digits."
            ),
        )
        parts = (self.chosen, self.with_all, self.pens)
        column(Columns(parts, stretches=(0, 0, 1), spacing=14), parent=self)

    def show_explanation(self, explanation: Explanation) -> None:
        """Show both predictions; only one of them where all steps are on."""
        steps = explanation.strip.steps
        self.with_all.show_prediction(explanation.prediction_with_all)
        self.chosen.show_prediction(explanation.prediction)
        self.chosen.setVisible(steps != ALL_STEPS)
        right = percent(pen_digit_accuracy(steps, explanation.network))
        with_all = percent(pen_digit_accuracy(ALL_STEPS, explanation.network))
        text = self.tr(
            "With these steps the built-in network \u201c{network}\u201d reads {right} of {count} "
            "pen-drawn digits correctly."
        )
        if steps != ALL_STEPS:
            text = self.tr(
                "With these steps the built-in network \u201c{network}\u201d reads {right} of "
                "{count} pen-drawn digits correctly; with all steps, {all}."
            )
        network = recipe_title(pen_digit_reader(explanation.network))
        facts = {"right": right, "count": count(PEN_DIGITS), "all": with_all}
        self.pens.setText(text.format(network=network, **facts))


class _PredictionLabel(QWidget):
    """A digit in large type, its probability, and with which steps it was predicted."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.digit = QLabel()
        self.probability = QLabel()
        self.probability.setFont(tabular(self.probability.font()))
        self.probability.setWordWrap(True)
        steps = caption(name)
        steps.setWordWrap(True)
        words = column(
            (self.probability, Qt.AlignmentFlag.AlignBottom),
            (steps, Qt.AlignmentFlag.AlignTop),
            spacing=0,
        )
        row(self.digit, (words, 1), parent=self, spacing=8)

    def show_prediction(self, prediction: Prediction) -> None:
        """Show the digit that is read with its probability, or the question left open."""
        match prediction.certainty:
            case Certainty.SURE:
                share = percent(prediction.probability)
                self._show(str(prediction.digit), share, _DIGIT_POINTS)
            case Certainty.UNDECIDED:
                self._show(doubt(prediction), "", _EITHER_POINTS)
            case Certainty.NOT_A_DIGIT:
                self._show("", doubt(prediction), _EITHER_POINTS)
        spoken = self.tr("Read as {digit}, {probability}, {how}").format(
            digit=prediction.digit, probability=percent(prediction.probability), how=self._name
        )
        unsure = self.tr("{question} ({how})")
        unsure = unsure.format(question=doubt(prediction), how=self._name)
        self.digit.setAccessibleName(spoken if prediction.is_sure else unsure)

    def _show(self, digit: str, remark: str, points: float) -> None:
        self.digit.setFont(tabular(self.font(), self.font().pointSizeF() + points))
        for label, text in ((self.digit, digit), (self.probability, remark)):
            label.setText(text)
            label.setVisible(bool(text))


class ExplanationPage(QWidget):
    """Shows how a drawing becomes the network's image, and what decides the prediction.

    `watcher` tells whether the page or the numbers can be seen: nothing is computed while they
    cannot. The views can be made before, in turns of their own.
    """

    def __init__(
        self,
        steps_view: PreprocessingView | None = None,
        evidence: EvidenceView | None = None,
        numbers: TensorView | None = None,
    ) -> None:
        super().__init__()
        self._way = QWidget()
        self.steps_view = steps_view or PreprocessingView()
        self.comparison = PredictionComparison()
        self.evidence = evidence or EvidenceView()
        self.evidence_title = heading(self.tr("Which parts of the drawing decided"))
        self.evidence_title.setWordWrap(True)
        self.message = named(paragraph(), "explanation_message")
        self.invitation = paragraph(
            self.tr(
                "Draw a digit on the canvas. Here you see how it becomes the 28 by 28 numbers that "
                "the network reads, and which parts of it decided what is read."
            )
        )
        self.numbers_button = QPushButton(self.tr("Numbers \u2026"))
        self.copy_code = QAction(
            self.tr("Copy as &NumPy code"),
            self,
            toolTip=self.tr("Copy Python code that makes this very image"),
            shortcut=QKeySequence("Ctrl+Shift+C"),
            enabled=False,
        )
        self.copy_button = ActionButton(self.copy_code, "copy_code_button")
        copy_numbers = ActionButton(self.copy_code, "copy_numbers_button")
        self.numbers = TensorDialog(self, numbers or TensorView(), copy_numbers)
        self.watcher = VisibilityWatcher(self, self.numbers)
        self._name_parts()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.invitation)
        self._stack.addWidget(SteadyScrollArea(self._content()))
        self.numbers_button.clicked.connect(self.numbers.show)
        self._show_answer(is_there=False)

    def show_preprocessing(self, strip: PreprocessingTrace) -> None:
        """Show the image after each preprocessing step."""
        self._stack.setCurrentIndex(1)
        self._way.show()
        self.steps_view.show_preprocessing(strip)
        self.numbers.table.show_image(strip.image)

    def show_explanation(self, explanation: Explanation) -> None:
        """Show the prediction, and what decides it."""
        self.steps_view.show_costs(explanation.network)
        self.comparison.show_explanation(explanation)
        self.evidence.show_explanation(explanation)
        self._show_answer(is_there=True)

    def show_image_explanation(
        self, explanation: ImageExplanation, label: int | None = None
    ) -> None:
        """Show what decides the prediction of an image of the data set, which has no strokes."""
        self._stack.setCurrentIndex(1)
        self._way.hide()
        self.evidence.show_image_explanation(explanation, label)
        self.numbers.table.show_image(explanation.evidence.image)
        self._show_answer(is_there=True)
        self.comparison.hide()

    @Slot()
    def clear(self) -> None:
        """Show the invitation to draw."""
        self._stack.setCurrentIndex(0)
        self.message.clear()
        self._show_answer(is_there=False)

    @Slot(str)
    def show_message(self, text: str) -> None:
        """Show a sentence in place of the explanation."""
        self.message.setText(text)
        self._show_answer(is_there=False)

    def _show_answer(self, *, is_there: bool) -> None:
        self.comparison.setVisible(is_there)
        self.evidence_title.setVisible(is_there)
        self.evidence.setVisible(is_there)
        self.message.setVisible(not is_there)

    def _name_parts(self) -> None:
        self.setObjectName("explanation_page")
        self.invitation.setObjectName("explanation_invitation")
        self.invitation.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.invitation.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.invitation.setContentsMargins(20, 0, 20, 0)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        named(self.numbers_button, "numbers_button", self.tr("Show the image as numbers"))
        self.numbers_button.setToolTip(
            self.tr("Show the 28 by 28 numbers that the network is given.")
        )

    def _content(self) -> QWidget:
        note = paragraph(
            self.tr(
                "Numbers below the switches: how many more of 100 digits are misread if this step "
                "is skipped."
            )
        )
        note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        title = heading(self.tr("From your drawing to 28 \u00d7 28 numbers"))
        title.setWordWrap(True)
        buttons = Columns((self.numbers_button, self.copy_button), stretches=(0, 0))
        head = Columns((title, buttons), stretches=(1, 0))
        column(head, self.steps_view, note, parent=self._way, spacing=8)
        # On the right there is the room of the scroll bar.
        layout = column(
            self._way,
            self.comparison,
            self.evidence_title,
            (self.evidence, 1),
            (self.message, 1),
            spacing=8,
            margins=(12, 10, 0, 12),
        )
        layout.insertSpacing(2, 6)
        return widget_with(layout)
