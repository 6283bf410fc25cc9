"""Sentences of explanations."""

from math import exp, log

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from mnist_gui.engine.explain.explanation import Explanation, Height, Side, main_region
from mnist_gui.gui.common.labels import count, number
from mnist_gui.words.language import in_sequence

_MOST_TIMES = 1_000
_HARDLY = log(1.05)
# Ink against a digit is mentioned from this fraction of the ink for it.
_NOTEWORTHY = 0.25
# Weights below this, odds that double, are never shown in full colour.
_LEAST_SCALE = log(2)


class ExplanationText(QObject):
    """Writes what the numbers of an explanation say."""

    def factor(self, weight: float) -> str:
        """Write by what factor a weight in nats changes odds."""
        factor = exp(min(abs(weight), 50))
        if factor > _MOST_TIMES:
            return self.tr("more than {factor}").format(factor=count(_MOST_TIMES))
        return number(factor, 0 if factor >= 10 else 1)

    def pixel(self, weight: float, odds: str) -> str:
        """Say what the ink at one pixel does to the odds named."""
        if abs(weight) < _HARDLY:
            return self.tr("without this ink {odds} would hardly change").format(odds=odds)
        lower = self.tr("without this ink {odds} would be {factor} times lower")
        higher = self.tr("without this ink {odds} would be {factor} times higher")
        return (lower if weight > 0 else higher).format(odds=odds, factor=self.factor(weight))

    def odds(self, digit: int, other: int | None) -> str:
        """Name the odds that the map is of: of a digit against another one, or against all."""
        if other is None:
            return self.tr("the odds of {digit}").format(digit=digit)
        return self.tr("the odds of {digit} against {other}").format(digit=digit, other=other)

    def evidence(self, weights: NDArray[np.float64], digit: int, other: int | None) -> str:
        """Say where the ink is that speaks for a digit, and where it speaks against it.

        The weights (28, 28) compare the digit with another one, or with all others.
        """
        if not weights.any():
            return self.tr("No ink matters: the network says the same without it.")
        sentences = [self._for(weights, digit)]
        if -weights.clip(max=0).sum() > _NOTEWORTHY * weights.clip(min=0).sum():
            sentences.append(self._against(weights, digit, other))
        return in_sequence(sentences)

    def strokes(self, explanation: Explanation) -> str:
        """Say which digits are predicted without each stroke, as far as they differ."""
        digit = explanation.prediction.digit
        without = enumerate(explanation.stroke_ablations)
        changes = [(stroke, read.digit) for stroke, read in without if read.digit != digit]
        if explanation.stroke_ablations and not changes:
            if len(explanation.stroke_ablations) == len(explanation.strip.drawing.strokes):
                return self.tr("Removing any one stroke does not change the answer.")
            return self.tr("Removing any one of these strokes does not change the answer.")
        text = self.tr("Without the {ordinal} stroke it would be read as {digit}.")
        ordinals = self._ordinals()
        return in_sequence(text.format(ordinal=ordinals[at], digit=other) for at, other in changes)

    def full_colour(self, weights: NDArray[np.float64], digit: int, other: int | None) -> str:
        """Say what the strongest colour of a map of these weights stands for."""
        text = self.tr(
            "Strongest colour: without this part the odds of {digit} are {factor} times lower "
            "(orange: higher)."
        )
        if other is not None:
            text = self.tr(
                "Strongest colour: without this part the odds of {digit} against {other} are "
                "{factor} times lower (orange: higher)."
            )
        factor = self.factor(full_colour_weight(weights))
        return text.format(digit=digit, other=other, factor=factor)

    def _for(self, weights: NDArray[np.float64], digit: int) -> str:
        where = self._places().get(main_region(weights))
        if where is None:
            text = self.tr("The reasons for {digit} are spread over the drawing.")
            return text.format(digit=digit)
        text = self.tr("{where} is the strongest reason for {digit}.")
        return text.format(where=where, digit=digit)

    def _against(self, weights: NDArray[np.float64], digit: int, other: int | None) -> str:
        where = self._places().get(main_region(-weights))
        if where is None:
            return ""
        if other is None:
            text = self.tr("{where} speaks against {digit}.")
            return text.format(where=where, digit=digit)
        return self.tr("{where} speaks for {digit} instead.").format(where=where, digit=other)

    def _ordinals(self) -> tuple[str, ...]:
        """Return an ordinal for each stroke that is left out in turn."""
        return (
            self.tr("first"),
            self.tr("second"),
            self.tr("third"),
            self.tr("fourth"),
            self.tr("fifth"),
            self.tr("sixth"),
            self.tr("seventh"),
            self.tr("eighth"),
        )

    def _places(self) -> dict[tuple[Height, Side], str]:
        return {
            (Height.UPPER, Side.ANY): self.tr("The top"),
            (Height.UPPER, Side.LEFT): self.tr("The upper left"),
            (Height.UPPER, Side.RIGHT): self.tr("The upper right"),
            (Height.MIDDLE, Side.ANY): self.tr("The middle"),
            (Height.MIDDLE, Side.LEFT): self.tr("The middle left"),
            (Height.MIDDLE, Side.RIGHT): self.tr("The middle right"),
            (Height.LOWER, Side.ANY): self.tr("The bottom"),
            (Height.LOWER, Side.LEFT): self.tr("The lower left"),
            (Height.LOWER, Side.RIGHT): self.tr("The lower right"),
            (Height.ANY, Side.LEFT): self.tr("The left side"),
            (Height.ANY, Side.RIGHT): self.tr("The right side"),
        }


def full_colour_weight(weights: NDArray[np.float64]) -> float:
    """Return the weight that is shown in full colour: the strongest, unless all are weak."""
    return max(float(np.abs(weights).max()), _LEAST_SCALE)
