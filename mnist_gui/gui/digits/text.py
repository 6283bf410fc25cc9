"""Sentences about the user's digits."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from mnist_gui.engine.digits.model import (
    UNKNOWN_TIME,
    DigitsChange,
    Imported,
    LineError,
    UserDigit,
    UserDigitPredictions,
)
from mnist_gui.engine.finetune.recipe import PERSONAL_SUFFIX
from mnist_gui.engine.finetune.result import FineTuningProblem, FineTuningResult
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.gui.common.labels import count, moment, number, percent
from mnist_gui.gui.common.values import recipe_title

_MOST_FAULTS = 5


def digit_words(digit: UserDigit, reading: UserDigitPredictions | None) -> str:
    """Say what a digit is and what it is read as: "7, read as 1"."""
    prediction = reading.prediction(digit) if reading else None
    if prediction is None:
        return QCoreApplication.translate("digits", "{label}, not read yet").format(
            label=digit.label
        )
    return QCoreApplication.translate("digits", "{label}, read as {digit}").format(
        label=digit.label, digit=prediction.digit
    )


def digit_details(digit: UserDigit, reading: UserDigitPredictions | None) -> str:
    """Say all that is known of a digit, line by line."""
    prediction = reading.prediction(digit) if reading else None
    lines = [digit_words(digit, reading)]
    if prediction is not None:
        lines[0] += f" ({percent(prediction.probability)})"
    if digit.time != UNKNOWN_TIME:
        lines.append(
            QCoreApplication.translate("digits", "Drawn {time}").format(time=moment(digit.time))
        )
    if digit.read_as is not None:
        then = QCoreApplication.translate(
            "digits", "When it was drawn, {network} read {digit} ({share})"
        )
        lines.append(
            then.format(
                network=recipe_title(digit.read_as.network),
                digit=digit.read_as.digit,
                share=percent(digit.read_as.probability),
            )
        )
    return "\n".join(lines)


def accuracy_words(evaluation: Evaluation, network: str) -> str:
    """Say how many of the digits the network of this recipe reads right, and how sure that is."""
    correct, total = count(evaluation.correct), count(len(evaluation.labels))
    if network.endswith(PERSONAL_SUFFIX):
        # An interval would be of digits that it has not learnt from.
        learnt = QCoreApplication.translate(
            "digits", "{correct} of {total} of your digits; it may have learnt from them"
        )
        return learnt.format(correct=correct, total=total)
    low, high = (number(100 * bound, 1) for bound in evaluation.interval)
    return QCoreApplication.translate(
        "digits", "{correct} of {total} of your digits; 95 % interval {low} to {high} %"
    ).format(correct=correct, total=total, low=low, high=high)


def network_words(network: str, step: int) -> str:
    """Name a network by its recipe and how long it has learnt."""
    return QCoreApplication.translate("digits", "{recipe}, after {steps} steps").format(
        recipe=recipe_title(network), steps=count(step)
    )


def digits_counted(number_of: int) -> str:
    """Write "1 digit" or "12 digits"."""
    if number_of == 1:
        return QCoreApplication.translate("digits", "1 digit")
    return QCoreApplication.translate("digits", "{count} digits").format(count=count(number_of))


def change_words(change: DigitsChange) -> str:
    """Say what a change has done."""
    if change.deleted:
        return QCoreApplication.translate("digits", "Deleted {digits}").format(
            digits=digits_counted(len(change.deleted))
        )
    if change.added:
        return QCoreApplication.translate("digits", "Brought back {digits}").format(
            digits=digits_counted(len(change.added))
        )
    digits = digits_counted(sum(map(len, change.relabelled.values())))
    if len(change.relabelled) == 1:
        (label,) = change.relabelled
        return QCoreApplication.translate("digits", "Labelled {digits} as {label}").format(
            digits=digits, label=label
        )
    return QCoreApplication.translate("digits", "Labelled {digits} as before").format(digits=digits)


def import_words(imported: Imported) -> str:
    """Say in one line what came of an import."""
    parts = [
        QCoreApplication.translate("digits", "Imported {digits}").format(
            digits=digits_counted(len(imported.digits))
        )
    ]
    if imported.already_there:
        known = QCoreApplication.translate("digits", "{count} skipped, already kept")
        parts.append(known.format(count=count(imported.already_there)))
    if imported.unlabelled:
        parts.append(
            QCoreApplication.translate("digits", "{count} without a label").format(
                count=count(imported.unlabelled)
            )
        )
    if imported.faults:
        broken = len(imported.faults)
        parts.append(
            QCoreApplication.translate("digits", "1 line cannot be used")
            if broken == 1
            else QCoreApplication.translate("digits", "{count} lines cannot be used").format(
                count=count(broken)
            )
        )
    return "; ".join(parts)


def import_report(imported: Imported) -> str:
    """Say what came of an import with lines that cannot be used: which, and why."""
    return f"{import_words(imported)}.\n\n{fault_lines(imported.faults)}"


def fault_lines(faults: tuple[LineError, ...]) -> str:
    """Name some faults, a line each, and count the others."""
    line = QCoreApplication.translate("digits", "Line {line}: {reason}")
    named = [line.format(line=fault.line, reason=fault.reason) for fault in faults[:_MOST_FAULTS]]
    hidden = len(faults) - _MOST_FAULTS
    if hidden > 0:
        named.append(
            QCoreApplication.translate("digits", "{count} more").format(count=count(hidden))
        )
    return "\n".join(named)


class Outcome(Enum):
    """How the network reads a digit."""

    ANY = "any"
    WRONG = "wrong"
    RIGHT = "right"


class Order(Enum):
    """By what the digits are sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LABEL = "label"
    HARDEST = "hardest"


@dataclass(frozen=True, slots=True)
class DigitChoice:
    """A label, or any; right or wrong, or both; an order. Hardest first: by the label's share."""

    label: int | None = None
    outcome: Outcome = Outcome.ANY
    order: Order = Order.NEWEST

    def of(
        self, digits: Sequence[UserDigit], reading: UserDigitPredictions | None
    ) -> list[UserDigit]:
        """Return the digits chosen; while nothing was read, none is right or wrong."""
        chosen = [digit for digit in digits if self._has(digit, reading)]
        match self.order:
            case Order.NEWEST:
                # The last lines first, of the same time as well.
                chosen.reverse()
                chosen.sort(key=lambda digit: digit.time, reverse=True)
            case Order.OLDEST:
                chosen.sort(key=lambda digit: digit.time)
            case Order.LABEL:
                chosen.sort(key=lambda digit: digit.label)
            case Order.HARDEST:
                chosen.sort(key=lambda digit: _own_share(digit, reading))
        return chosen

    def _has(self, digit: UserDigit, reading: UserDigitPredictions | None) -> bool:
        if self.label not in (None, digit.label):
            return False
        if self.outcome is Outcome.ANY:
            return True
        is_right = is_read_right(digit, reading)
        return is_right is not None and is_right is (self.outcome is Outcome.RIGHT)


def is_read_right(digit: UserDigit, reading: UserDigitPredictions | None) -> bool | None:
    """Whether the network reads the digit as what it is; None if it has not read it."""
    prediction = reading.prediction(digit) if reading else None
    return None if prediction is None else prediction.digit == digit.label


def _own_share(digit: UserDigit, reading: UserDigitPredictions | None) -> float:
    shares = reading.probabilities.get(digit.identity) if reading else None
    return 1.0 if shares is None else float(shares[digit.label])


def difference(before: Evaluation, after: Evaluation, decimals: int) -> str:
    """Write how many more, or fewer, are read right, and how many of a hundred that is."""
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
            "It forgets too much: {lost} more of the {total} test images are misread, where "
            "{allowed} would not matter. Better go back, or keep more digits and learn again.",
        )
        return text.format(
            lost=count(result.test_images_lost),
            total=count(len(result.test_before.labels)),
            allowed=count(result.most_lost),
        )
    if FineTuningProblem.WORSE_ON_USER_DIGITS in result.objections:
        return QCoreApplication.translate(
            "hand", "It reads your own digits worse: better go back, or keep more digits."
        )
    if not result.user_gain:
        return QCoreApplication.translate(
            "hand", "It reads as many of your digits right as before."
        )
    if result.user_gain == 1:
        return QCoreApplication.translate(
            "hand", "It reads 1 more of your digits right, and forgets next to nothing."
        )
    text = QCoreApplication.translate(
        "hand", "It reads {gain} more of your digits right, and forgets next to nothing."
    )
    return text.format(gain=count(result.user_gain))
