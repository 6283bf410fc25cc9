"""`mnist-gui classify`: reads drawings with a saved network."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from mnist_gui.engine.classifier import Classifier
from mnist_gui.engine.drawings_file import read_drawings
from mnist_gui.engine.model_file import load_snapshot
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.preprocessing import image_of
from mnist_gui.engine.strokes import LabelledDrawing


def run_classify(arguments: argparse.Namespace) -> int:
    """Read the drawings that the arguments name; return the exit status."""
    snapshot = load_snapshot(arguments.model)
    drawings = [(path, read_drawings(path)) for path in arguments.inputs]
    classifier = Classifier()
    for path, place, labelled in _numbered(drawings):
        prediction = classifier.predict(snapshot, image_of(labelled.drawing))
        print(
            _as_json(path, place, prediction)
            if arguments.json
            else _as_text(path, place, prediction)
        )
    return 0


def _numbered(
    files: list[tuple[Path, list[LabelledDrawing]]],
) -> Iterator[tuple[Path, int, LabelledDrawing]]:
    for path, drawings in files:
        for place, labelled in enumerate(drawings, start=1):
            yield path, place, labelled


def _as_json(path: Path, place: int, prediction: Prediction) -> str:
    return json.dumps(
        {
            "file": str(path),
            "drawing": place,
            "digit": prediction.digit,
            "probability": prediction.probability,
            "probabilities": [float(share) for share in prediction.probabilities],
        }
    )


def _as_text(path: Path, place: int, prediction: Prediction) -> str:
    shares = "  ".join(
        f"{digit}: {share:.1%}" for digit, share in enumerate(prediction.probabilities)
    )
    return f"{path}:{place}  {prediction.digit}  ({shares})"
