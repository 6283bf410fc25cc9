"""`mnist-gui evaluate`: how well a saved network reads test images and drawings."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from mnist_gui.cli.inputs import find_and_name, selected_network
from mnist_gui.cli.parser import DONE, percent
from mnist_gui.engine.dataset import LabelledImages, load_dataset
from mnist_gui.engine.digits.files import DrawingsFile
from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.events import TestEvaluated
from mnist_gui.engine.models.classifier import Classifier, evaluate_network
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.synthetic.generate import labelled_images


def run_evaluate(arguments: argparse.Namespace) -> int:
    """Evaluate as the arguments say; return the exit status.

    What a file of drawings has that cannot be used is named on standard error and left out; that
    alone does not make the command fail.
    """
    network = selected_network(arguments)
    found = find_and_name(arguments.drawings) if arguments.drawings else None
    images = _images(arguments.drawings, found) if found else None
    dataset = load_dataset(arguments.data)
    classifier = Classifier()
    test = _evaluate(network.snapshot, dataset.test, classifier)
    network.count_test(dataset)
    drawn = _evaluate(network.snapshot, images, classifier) if images else None
    if arguments.json:
        print(json.dumps(_result(test, drawn, found)))
        return DONE
    print(_sentence(f"{dataset.name} test images", test))
    if drawn:
        print(_sentence("drawings", drawn))
    return DONE


def _images(path: Path, found: DrawingsFile) -> LabelledImages:
    if all(each.label is None for each in found.drawings):
        raise DrawingError(f'{path} has no labelled drawing; give each a "label" from 0 to 9.')
    return labelled_images(found.drawings)


def _evaluate(snapshot: Snapshot, images: LabelledImages, classifier: Classifier) -> Evaluation:
    *_, tested = evaluate_network(snapshot, images, classifier)
    assert isinstance(tested, TestEvaluated)
    return tested.evaluation


def _result(
    test: Evaluation, drawn: Evaluation | None, found: DrawingsFile | None
) -> dict[str, object]:
    result: dict[str, object] = {
        "test_accuracy": test.accuracy,
        "test_interval": test.interval,
    }
    if drawn and found:
        result |= {
            "drawing_accuracy": drawn.accuracy,
            "drawing_interval": drawn.interval,
            "drawings": len(drawn.labels),
            "drawing_confusion": drawn.confusion.tolist(),
            "drawings_left_out": [asdict(fault) for fault in found.faults],
            "drawings_repeated": [asdict(fault) for fault in found.repeats],
        }
    return result


def _sentence(what: str, evaluation: Evaluation) -> str:
    low, high = evaluation.interval
    return (
        f"{percent(evaluation.accuracy)} of {len(evaluation.labels):,} {what} read correctly "
        f"(95 % interval {percent(low)} to {percent(high)})."
    )
