"""What is read in a picture, in words."""

from PySide6.QtCore import QCoreApplication

from mnist_gui.engine.pictures.result import PictureReading
from mnist_gui.engine.prediction import Prediction
from mnist_gui.widgets.number_text import count, percent


def describe_digit(reading: PictureReading, index: int) -> str:
    """Return where a digit is and what it is read as."""
    text = QCoreApplication.translate("pictures", "Digit {place} of {count}, row {row}: {words}")
    return text.format(
        place=index + 1,
        count=len(reading.digits),
        row=reading.digits[index].row + 1,
        words=_in_words(reading.predictions[index]),
    )


def _in_words(prediction: Prediction) -> str:
    match prediction.possible:
        case ():
            return QCoreApplication.translate("pictures", "hardly looks like a digit")
        case (digit,):
            text = QCoreApplication.translate("pictures", "read as {digit}, {probability}")
            return text.format(digit=digit, probability=percent(prediction.probability))
        case (first, second):
            text = QCoreApplication.translate("pictures", "not sure, {first} or {second}")
            return text.format(first=first, second=second)


def summarize(reading: PictureReading) -> str:
    """Return how many digits there are, in how many rows, and how many are unsure."""
    words = [_found(len(reading.digits), len(reading.rows))]
    if reading.unsure:
        text = QCoreApplication.translate("pictures", "{digits} not sure")
        words.append(text.format(digits=count(reading.unsure)))
    return " \u00b7 ".join(words)


def _found(digits: int, rows: int) -> str:
    if digits == 1:
        return QCoreApplication.translate("pictures", "1 digit")
    if rows == 1:
        text = QCoreApplication.translate("pictures", "{digits} digits")
        return text.format(digits=count(digits))
    text = QCoreApplication.translate("pictures", "{digits} digits in {rows} rows")
    return text.format(digits=count(digits), rows=count(rows))
