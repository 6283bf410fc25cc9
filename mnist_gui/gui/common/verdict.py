"""What is said of a prediction that is not sure, wherever it is shown."""

from PySide6.QtCore import QCoreApplication

from mnist_gui.engine.prediction import Certainty, Prediction


def doubt(prediction: Prediction) -> str:
    """Return the question that a prediction leaves open; "" if it is sure."""
    match prediction.certainty:
        case Certainty.SURE:
            return ""
        case Certainty.UNDECIDED:
            text = QCoreApplication.translate("verdict", "{first} or {second}?")
        case Certainty.NOT_A_DIGIT:
            text = QCoreApplication.translate(
                "verdict", "Not a digit? (closest: {first}, then {second})"
            )
    first, second = prediction.candidates
    return text.format(first=first, second=second)
