"""`mnist-gui classify`: reads drawings with a saved network."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mnist_gui.engine.classifier import Classifier
from mnist_gui.engine.drawings_file import read_drawings
from mnist_gui.engine.model_file import load_snapshot
from mnist_gui.engine.number_reader import NumberReader
from mnist_gui.engine.number_reading import NumberReading
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.strokes import LabelledDrawing


def run_classify(arguments: argparse.Namespace) -> int:
    """Read the drawings that the arguments name; return the exit status."""
    snapshot = load_snapshot(arguments.model)
    drawings = [(path, read_drawings(path)) for path in arguments.inputs]
    reader = NumberReader(Classifier())
    for path, place, labelled in _numbered(drawings):
        reading = reader.read(snapshot, labelled.drawing)
        print(_as_json(path, place, reading) if arguments.json else _as_text(path, place, reading))
    return 0


def _numbered(
    files: list[tuple[Path, list[LabelledDrawing]]],
) -> Iterator[tuple[Path, int, LabelledDrawing]]:
    for path, drawings in files:
        for place, labelled in enumerate(drawings, start=1):
            yield path, place, labelled


def _as_json(path: Path, place: int, reading: NumberReading) -> str:
    """Write one digit's values at the top level, several digits' as a list."""
    record: dict[str, Any] = {"file": str(path), "drawing": place, "number": reading.text}
    digits = [_values(digit.prediction) for digit in reading.digits]
    return json.dumps(record | (digits[0] if len(digits) == 1 else {"digits": digits}))


def _values(prediction: Prediction) -> dict[str, Any]:
    return {
        "digit": prediction.digit,
        "probability": prediction.probability,
        "probabilities": [float(share) for share in prediction.probabilities],
        "certainty": prediction.certainty.value,
        "candidates": prediction.candidates,
        "likeness": prediction.likeness,
    }


def _as_text(path: Path, place: int, reading: NumberReading) -> str:
    return f"{path}:{place}  " + "  ".join(_in_words(digit.prediction) for digit in reading.digits)


def _in_words(prediction: Prediction) -> str:
    shares = "  ".join(
        f"{digit}: {share:.1%}" for digit, share in enumerate(prediction.probabilities)
    )
    first, second = prediction.candidates
    read = first if prediction.is_sure else f"not sure: {first} or {second}"
    return f"{read}  ({shares})"
