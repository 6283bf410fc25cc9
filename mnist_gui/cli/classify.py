"""`mnist-gui classify`: reads drawings and pictures with a saved network."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mnist_gui.cli.inputs import selected_network
from mnist_gui.cli.parser import DONE, FAILED, percent, tell
from mnist_gui.engine.digits.files import read_drawings
from mnist_gui.engine.drawing import LabelledDrawing
from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.models.classifier import Classifier, NumberClassifier
from mnist_gui.engine.pictures.find import find_digits, predict_digits
from mnist_gui.engine.pictures.open import is_picture, open_picture
from mnist_gui.engine.pictures.result import PicturePrediction
from mnist_gui.engine.prediction import NumberPrediction, Prediction
from mnist_gui.engine.snapshot import Snapshot


def run_classify(arguments: argparse.Namespace) -> int:
    """Read the drawings and pictures that the arguments name; return the exit status.

    A file of drawings that cannot be read ends the command before anything is read. A picture
    that cannot be read is named on standard error; the others are read all the same.
    """
    snapshot = selected_network(arguments).snapshot
    drawings = {path: read_drawings(path) for path in arguments.inputs if not is_picture(path)}
    classify = _Classify(snapshot, as_json=arguments.json)
    status = DONE
    for path in arguments.inputs:
        if path in drawings:
            classify.drawings(path, drawings[path])
        elif not classify.picture(path):
            status = FAILED
    return status


class _Classify:
    """Reads files with one network and prints what is read."""

    def __init__(self, snapshot: Snapshot, *, as_json: bool) -> None:
        self._snapshot = snapshot
        self._classifier = Classifier()
        self._number_reader = NumberClassifier(self._classifier)
        self._as_json = as_json

    def drawings(self, path: Path, drawings: list[LabelledDrawing]) -> None:
        """Print one line for each drawing."""
        for place, labelled in enumerate(drawings, start=1):
            reading = self._number_reader.read(self._snapshot, labelled.drawing)
            if self._as_json:
                print(json.dumps(_drawing_as_json(path, place, reading)))
            else:
                predictions = (digit.prediction for digit in reading.digits)
                print(f"{path}:{place}  {_in_words(predictions)}")

    def picture(self, path: Path) -> bool:
        """Print one line for each row of digits, or one object as JSON; True if it was read.

        What is wrong with it goes to standard error, under its name.
        """
        try:
            digits = find_digits(open_picture(path))
        except PictureError as error:
            text = str(error)
            place = "" if str(path) in text else f"{path}: "
            tell(f"{place}{text}")
            return False
        reading = predict_digits(digits, self._snapshot, self._classifier)
        if self._as_json:
            print(json.dumps(_picture_as_json(path, reading)))
        else:
            print(*_rows_as_text(path, reading), sep="\n")
        return True


def _drawing_as_json(path: Path, place: int, reading: NumberPrediction) -> dict[str, Any]:
    """Return one digit's values at the top level, several digits' as a list."""
    record: dict[str, Any] = {"file": str(path), "drawing": place, "number": reading.text}
    digits = [_values(digit.prediction) for digit in reading.digits]
    return record | (digits[0] if len(digits) == 1 else {"digits": digits})


def _picture_as_json(path: Path, reading: PicturePrediction) -> dict[str, Any]:
    """Return a picture's rows and digits; boxes are left, top, right, bottom as shares of it."""
    digits = [
        {"row": found.row + 1, "box": found.box, **_values(prediction)}
        for found, prediction in zip(reading.digits, reading.predictions, strict=True)
    ]
    return {"file": str(path), "rows": reading.rows, "digits": digits}


def _values(prediction: Prediction) -> dict[str, Any]:
    return {
        "digit": prediction.digit,
        "probability": prediction.probability,
        "probabilities": [float(share) for share in prediction.probabilities],
        "certainty": prediction.certainty.value,
        "candidates": prediction.candidates,
        "likeness": prediction.digit_score,
    }


def _rows_as_text(path: Path, reading: PicturePrediction) -> list[str]:
    """Return each row's number, and how sure the network is of each of its digits."""
    shares: list[list[str]] = [[] for _ in reading.rows]
    for found, prediction in zip(reading.digits, reading.predictions, strict=True):
        share = f" {percent(prediction.probability, 1)}" if prediction.plausible_digits else ""
        shares[found.row].append(_digit(prediction) + share)
    return [
        f"{path}:{number}  {row}  ({',  '.join(shares[number - 1])})"
        for number, row in enumerate(reading.rows, start=1)
    ]


def _in_words(predictions: Iterable[Prediction]) -> str:
    return "  ".join(f"{_digit(each)}  ({_all_shares(each)})" for each in predictions)


def _all_shares(prediction: Prediction) -> str:
    shares = enumerate(prediction.probabilities)
    return "  ".join(f"{digit}: {percent(share, 1)}" for digit, share in shares)


def _digit(prediction: Prediction) -> str:
    match prediction.plausible_digits:
        case ():
            return "no digit"
        case (digit,):
            return str(digit)
        case (first, second):
            return f"not sure: {first} or {second}"
