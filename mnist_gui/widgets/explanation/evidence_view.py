"""Why a drawing is read as it is: a map of its ink, in words, and stroke by stroke."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mnist_gui.engine.explain.explanation import Explanation, ImageExplanation
from mnist_gui.widgets.explanation.comparison_choice import ComparisonChoice
from mnist_gui.widgets.explanation.diverging import scale_of
from mnist_gui.widgets.explanation.evidence_legend import EvidenceLegend
from mnist_gui.widgets.explanation.evidence_map import EvidenceMap
from mnist_gui.widgets.explanation.explanation_words import ExplanationWords
from mnist_gui.widgets.explanation.stroke_parts import StrokeParts
from mnist_gui.widgets.labels import caption, paragraph

_GAP = 18
_LEGEND_GAP = 6
_NARROWEST_WORDS = 230


class EvidenceView(QWidget):
    """Shows which ink speaks for the digit that is read, rather than for a digit of choice."""

    def __init__(self) -> None:
        super().__init__()
        self._explanation: ImageExplanation | None = None
        self._words = ExplanationWords(self)
        self.map = EvidenceMap()
        self.legend = EvidenceLegend()
        self.choice = ComparisonChoice()
        self.evidence_words = paragraph()
        self.scale_words = paragraph()
        self.scale_words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.strokes_words = paragraph()
        self.strokes_title = caption(self.tr("Read without the bright stroke"))
        self.strokes = StrokeParts()
        self._picture = QWidget()
        self._lay_out()
        self.choice.changed.connect(self._show_evidence)

    def show_explanation(self, explanation: Explanation) -> None:
        """Show why a drawing is read as it is."""
        self._show(explanation)
        self.strokes.show()
        self.strokes_title.setVisible(bool(explanation.without_stroke))
        self.strokes.show_explanation(explanation)
        self.strokes_words.setText(self._words.strokes(explanation))

    def show_image_explanation(self, explanation: ImageExplanation) -> None:
        """Show why an image is read as it is, of whose strokes nothing is known."""
        self._show(explanation)
        self.strokes.hide()
        self.strokes_title.hide()
        self.strokes_words.clear()

    def _show(self, explanation: ImageExplanation) -> None:
        self._explanation = explanation
        self.choice.show_prediction(explanation.prediction)
        self._show_evidence()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the map a square, and the legend as wide."""
        super().resizeEvent(event)
        height = self.height() - self.legend.sizeHint().height() - _LEGEND_GAP
        side = min(height, self.width() - _NARROWEST_WORDS - _GAP, self.map.maximumWidth())
        side = max(side, self.map.minimumSizeHint().width())
        self._picture.setMaximumWidth(side)
        self.map.setMaximumHeight(side)

    @Slot()
    def _show_evidence(self) -> None:
        if self._explanation is None:
            return
        evidence, digit = self._explanation.evidence, self._explanation.prediction.digit
        other = self.choice.other
        weights = evidence.for_digit(digit) if other is None else evidence.rather_than(digit, other)
        odds, words = self._words.odds(digit, other), self._words.evidence(weights, digit, other)
        self.map.show_evidence(evidence.image, weights, odds=odds, words=words)
        self.evidence_words.setText(words)
        scale = self.tr("Full colour: without that ink {odds} change by a factor of {factor}.")
        self.scale_words.setText(
            scale.format(odds=odds, factor=self._words.factor(scale_of(weights)))
        )
        against = self.tr("against {digit}").format(digit=digit)
        speaks_for = self.tr("for {digit}")
        self.legend.show_ends(
            against if other is None else speaks_for.format(digit=other),
            speaks_for.format(digit=digit),
        )

    def _lay_out(self) -> None:
        picture = QVBoxLayout(self._picture)
        picture.setContentsMargins(0, 0, 0, 0)
        picture.setSpacing(_LEGEND_GAP)
        picture.addWidget(self.map, stretch=1_000)
        picture.addWidget(self.legend)
        picture.addStretch()
        column = QWidget()
        column.setMinimumWidth(_NARROWEST_WORDS)
        words = QVBoxLayout(column)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(8)
        words.addWidget(self.choice)
        words.addWidget(self.evidence_words)
        words.addWidget(self.scale_words)
        words.addSpacing(6)
        words.addWidget(self.strokes_words)
        words.addWidget(self.strokes_title)
        words.addWidget(self.strokes)
        words.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        # The map takes what its square can use, the words all the rest.
        layout.addWidget(self._picture, stretch=1_000)
        layout.addWidget(column, stretch=1)
