"""What learning the hand has brought, in plain sentences."""

from PySide6.QtCore import QCoreApplication

from mnist_gui.engine.finetune.result import Objection, PersonalResult
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.widgets.number_text import count, number


def difference(before: Evaluation, after: Evaluation, decimals: int) -> str:
    """Write how many more, or fewer, are read right, and how many of a hundred that is."""
    gain = after.correct - before.correct
    sign = "+" if gain > 0 else "\u2212" if gain < 0 else "\u00b1"
    points = number(100 * abs(after.accuracy - before.accuracy), decimals)
    text = QCoreApplication.translate("hand", "{sign}{count} ({sign}{points})")
    return text.format(sign=sign, count=count(abs(gain)), points=points)


def verdict(result: PersonalResult) -> str:
    """Say whether to keep the network."""
    if Objection.FORGETS in result.objections:
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
    if Objection.READS_OWN_WORSE in result.objections:
        return QCoreApplication.translate(
            "hand", "It reads your own digits worse: better go back, or keep more digits."
        )
    if not result.own_gain:
        return QCoreApplication.translate(
            "hand", "It reads as many of your digits right as before."
        )
    if result.own_gain == 1:
        return QCoreApplication.translate(
            "hand", "It reads 1 more of your digits right, and forgets next to nothing."
        )
    text = QCoreApplication.translate(
        "hand", "It reads {gain} more of your digits right, and forgets next to nothing."
    )
    return text.format(gain=count(result.own_gain))
