"""`mnist-gui evaluate`: how well a saved network reads test images and drawings."""

import argparse
import json
from pathlib import Path

import numpy as np

from mnist_gui.engine.classifier import Classifier, evaluate_network
from mnist_gui.engine.dataset import LabelledImages, load_dataset
from mnist_gui.engine.drawings_file import read_drawings
from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.evaluation import Evaluation
from mnist_gui.engine.events import Tested
from mnist_gui.engine.model_file import load_snapshot
from mnist_gui.engine.preprocessing import image_of
from mnist_gui.engine.snapshot import Snapshot


def run_evaluate(arguments: argparse.Namespace) -> int:
    """Evaluate as the arguments say; return the exit status."""
    snapshot = load_snapshot(arguments.model)
    drawings = read_labelled_images(arguments.drawings) if arguments.drawings else None
    dataset = load_dataset(arguments.data)
    classifier = Classifier()
    test = _evaluate(snapshot, dataset.test, classifier)
    drawn = _evaluate(snapshot, drawings, classifier) if drawings else None
    if arguments.json:
        print(json.dumps(_result(test, drawn)))
        return 0
    print(_sentence(f"{dataset.name} test images", test))
    if drawn:
        print(_sentence("drawings", drawn))
    return 0


def read_labelled_images(path: Path) -> LabelledImages:
    """Return the labelled drawings of a file as images (n, 28, 28); raises DrawingError."""
    drawings = [drawing for drawing in read_drawings(path) if drawing.label is not None]
    if not drawings:
        raise DrawingError(f'{path} has no labelled drawing; give each a "label" from 0 to 9.')
    images = np.stack([image_of(labelled.drawing) for labelled in drawings])
    labels = np.array([labelled.label for labelled in drawings], np.uint8)
    return LabelledImages(images, labels)


def _evaluate(snapshot: Snapshot, images: LabelledImages, classifier: Classifier) -> Evaluation:
    *_, tested = evaluate_network(snapshot, images, classifier)
    assert isinstance(tested, Tested)
    return tested.evaluation


def _result(test: Evaluation, drawn: Evaluation | None) -> dict[str, object]:
    result: dict[str, object] = {
        "test_accuracy": test.accuracy,
        "test_interval": test.interval,
    }
    if drawn:
        result |= {
            "drawing_accuracy": drawn.accuracy,
            "drawing_interval": drawn.interval,
            "drawings": len(drawn.labels),
            "drawing_confusion": drawn.confusion.tolist(),
        }
    return result


def _sentence(what: str, evaluation: Evaluation) -> str:
    low, high = evaluation.interval
    return (
        f"{evaluation.accuracy:.2%} of {len(evaluation.labels):,} {what} read right "
        f"(95 % interval {low:.2%} to {high:.2%})."
    )
