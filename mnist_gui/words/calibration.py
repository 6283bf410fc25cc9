"""What is said of how honest a network's percentages are."""

from mnist_gui.engine.calibration import Bias, Verdict
from mnist_gui.words.language import tr


def verdict_sentence(verdict: Verdict) -> str:
    """Say how often a network is right where it gives a percentage, and what follows from that."""
    texts = {
        Bias.HONEST: tr(
            "Where it says {said} %, it is right in {right} of {all}: its percentages are honest."
        ),
        Bias.MODEST: tr("Where it says {said} %, it is right in {right} of {all}: too modest."),
        Bias.SURE: tr("Where it says {said} %, it is right in {right} of {all}: too sure."),
    }
    # In hundreds, unless these would hide the difference.
    shares = verdict.probability, verdict.accuracy
    said, right = (round(100 * share) for share in shares)
    if (said == right or 100 in (said, right)) and verdict.probability != verdict.accuracy:
        said, right = (round(1_000 * share) for share in shares)
        return texts[verdict.bias].format(said=f"{said / 10:.1f}", right=f"{right:,}", all="1,000")
    return texts[verdict.bias].format(said=said, right=right, all=100)
