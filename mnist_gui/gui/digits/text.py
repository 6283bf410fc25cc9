"""Sentences about the user's digits."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from mnist_gui.engine.digits.model import (
    UNKNOWN_TIME,
    DigitsChange,
    Imported,
    UserDigit,
    UserDigitPredictions,
)
from mnist_gui.engine.finetune.recipe import PERSONAL_SUFFIX
from mnist_gui.engine.finetune.result import FineTuningProblem, FineTuningResult
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.gui.common.labels import count, moment, number, percent
from mnist_gui.gui.common.values import recipe_title
from mnist_gui.words.errors import sentence

_MAX_ERRORS = 5


def digit_text(digit: UserDigit, predictions: UserDigitPredictions | None) -> str:
    """Return a digit's label and prediction: "7, read as 1"."""
    prediction = predictions.prediction(digit) if predictions else None
    if prediction is None:
        text = QCoreApplication.translate("digits", "{label}, not read yet")
        return text.format(label=digit.label)
    text = QCoreApplication.translate("digits", "{label}, read as {digit}")
    return text.format(label=digit.label, digit=prediction.digit)


def digit_details(digit: UserDigit, predictions: UserDigitPredictions | None) -> str:
    """Return what is known of a digit, in lines."""
    prediction = predictions.prediction(digit) if predictions else None
    lines = [digit_text(digit, predictions)]
    if prediction is not None:
        lines[0] += f" ({percent(prediction.probability)})"
    if digit.time != UNKNOWN_TIME:
        drawn = QCoreApplication.translate("digits", "Drawn {time}")
        lines.append(drawn.format(time=moment(digit.time)))
    if then := digit.read_as:
        text = QCoreApplication.translate(
            "digits", "When it was drawn, {network} read {digit} ({share})"
        )
        network, share = recipe_title(then.network), percent(then.probability)
        lines.append(text.format(network=network, digit=then.digit, share=share))
    return "\n".join(lines)


def accuracy_text(evaluation: Evaluation, network: str) -> str:
    """Return how many digits the network of this recipe predicts right, with a 95 % interval."""
    correct, total = count(evaluation.correct), count(len(evaluation.labels))
    if network.endswith(PERSONAL_SUFFIX):
        # An interval holds only for digits that the network was not trained on.
        learnt = QCoreApplication.translate(
            "digits", "{correct} of {total} of your digits; it may have learnt from them"
        )
        return learnt.format(correct=correct, total=total)
    low, high = (number(100 * bound, 1) for bound in evaluation.interval)
    return QCoreApplication.translate(
        "digits", "{correct} of {total} of your digits; 95 % interval {low} to {high} %"
    ).format(correct=correct, total=total, low=low, high=high)


def digit_count(number_of: int) -> str:
    """Write "1 digit" or "12 digits"."""
    if number_of == 1:
        return QCoreApplication.translate("digits", "1 digit")
    return QCoreApplication.translate("digits", "{count} digits").format(count=count(number_of))


def change_text(change: DigitsChange) -> str:
    """Say what a change has done."""
    if change.deleted:
        text = QCoreApplication.translate("digits", "Deleted {digits}")
        return text.format(digits=digit_count(len(change.deleted)))
    if change.added:
        text = QCoreApplication.translate("digits", "Brought back {digits}")
        return text.format(digits=digit_count(len(change.added)))
    number_of, labels = sum(map(len, change.relabelled.values())), list(change.relabelled)
    if len(labels) == 1:
        text = QCoreApplication.translate("digits", "Labelled {digits} as {label}")
        return text.format(digits=digit_count(number_of), label=labels[0])
    text = QCoreApplication.translate("digits", "Labelled {digits} as before")
    return text.format(digits=digit_count(number_of))


def added_text(digit: UserDigit) -> str:
    """Say that a digit of a picture was saved."""
    text = QCoreApplication.translate("digits", "Saved a digit of a picture as {label}")
    return text.format(label=digit.label)


def import_text(imported: Imported) -> str:
    """Say in one line what came of an import."""
    text = QCoreApplication.translate("digits", "Imported {digits}")
    parts = [text.format(digits=digit_count(len(imported.digits)))]
    if imported.already_there:
        text = QCoreApplication.translate("digits", "{count} skipped, already kept")
        parts.append(text.format(count=count(imported.already_there)))
    if imported.unlabelled:
        text = QCoreApplication.translate("digits", "{count} without a label")
        parts.append(text.format(count=count(imported.unlabelled)))
    if len(imported.faults) == 1:
        parts.append(QCoreApplication.translate("digits", "1 line cannot be used"))
    elif imported.faults:
        text = QCoreApplication.translate("digits", "{count} lines cannot be used")
        parts.append(text.format(count=count(len(imported.faults))))
    return "; ".join(parts)


def import_report(imported: Imported) -> str:
    """Return what came of an import, with the first lines that cannot be used, and why."""
    line = QCoreApplication.translate("digits", "Line {line}: {reason}")
    faults = imported.faults
    named = [
        line.format(line=fault.line, reason=sentence(fault.error)) for fault in faults[:_MAX_ERRORS]
    ]
    if len(faults) > _MAX_ERRORS:
        more = QCoreApplication.translate("digits", "{count} more")
        named.append(more.format(count=count(len(faults) - _MAX_ERRORS)))
    return "\n".join([f"{import_text(imported)}.", "", *named])


class Outcome(Enum):
    """Whether the network predicts a digit right."""

    ANY = "any"
    WRONG = "wrong"
    RIGHT = "right"


class Order(Enum):
    """How the digits are sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LABEL = "label"
    HARDEST = "hardest"


@dataclass(frozen=True, slots=True)
class DigitChoice:
    """Which digits to show: of one label or any, right or wrong or both; and in which order.

    The hardest digits are those whose label has the smallest probability.
    """

    label: int | None = None
    outcome: Outcome = Outcome.ANY
    order: Order = Order.NEWEST

    def of(
        self, digits: Sequence[UserDigit], predictions: UserDigitPredictions | None
    ) -> list[UserDigit]:
        """Return the chosen digits; without a prediction a digit is neither right nor wrong."""
        chosen = [digit for digit in digits if self._has(digit, predictions)]
        match self.order:
            case Order.NEWEST:
                # Of digits of the same time, the one saved last comes first.
                chosen.reverse()
                chosen.sort(key=lambda digit: digit.time, reverse=True)
            case Order.OLDEST:
                chosen.sort(key=lambda digit: digit.time)
            case Order.LABEL:
                chosen.sort(key=lambda digit: digit.label)
            case Order.HARDEST:
                chosen.sort(key=lambda digit: _label_probability(digit, predictions))
        return chosen

    def _has(self, digit: UserDigit, predictions: UserDigitPredictions | None) -> bool:
        if self.label not in (None, digit.label):
            return False
        prediction = predictions.prediction(digit) if predictions else None
        if self.outcome is Outcome.ANY or prediction is None:
            return self.outcome is Outcome.ANY
        return (prediction.digit == digit.label) is (self.outcome is Outcome.RIGHT)


def _label_probability(digit: UserDigit, predictions: UserDigitPredictions | None) -> float:
    probabilities = predictions.probabilities.get(digit.digit_id) if predictions else None
    return 1.0 if probabilities is None else float(probabilities[digit.label])


def difference(before: Evaluation, after: Evaluation, decimals: int) -> str:
    """Return how many more or fewer images are predicted right, and in percentage points."""
    gain = after.correct - before.correct
    sign = "+" if gain > 0 else "\u2212" if gain < 0 else "\u00b1"
    points = number(100 * abs(after.accuracy - before.accuracy), decimals)
    text = QCoreApplication.translate("hand", "{sign}{count} ({sign}{points})")
    return text.format(sign=sign, count=count(abs(gain)), points=points)


def verdict(result: FineTuningResult) -> str:
    """Say whether to keep the network."""
    if FineTuningProblem.FORGETTING in result.objections:
        text = QCoreApplication.translate(
            "hand",
            "MNIST got worse: {lost} more errors ({allowed} is acceptable). Discard it, or save "
            "more digits and try again.",
        )
        lost, allowed = count(result.test_images_lost), count(result.most_lost)
        return text.format(lost=lost, allowed=allowed)
    if FineTuningProblem.WORSE_ON_USER_DIGITS in result.objections:
        return QCoreApplication.translate(
            "hand",
            "Your digits got worse. Discard it, or save more digits and try again.",
        )
    if not result.user_gain:
        return QCoreApplication.translate("hand", "No change on your digits.")
    if result.user_gain == 1:
        return QCoreApplication.translate(
            "hand", "It reads 1 more of your digits right, and forgets next to nothing."
        )
    text = QCoreApplication.translate(
        "hand", "It reads {gain} more of your digits right, and forgets next to nothing."
    )
    return text.format(gain=count(result.user_gain))
