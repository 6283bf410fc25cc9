"""`mnist-gui classify` and `evaluate`: use a saved network."""

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mnist_gui.cli.inputs import (
    Load,
    SelectedNetwork,
    check_report,
    faults_as_json,
    files_named,
    open_dataset,
    print_faults,
    read_drawings_file,
    selected_network,
)
from mnist_gui.cli.parser import DONE, FAILED, print_message, print_problem, print_result
from mnist_gui.engine.dataset import Dataset, LabelledImages, load_choice
from mnist_gui.engine.digits.files import DrawingsFile, read_drawings_leniently
from mnist_gui.engine.drawing import LabelledDrawing
from mnist_gui.engine.errors import DrawingError, PictureError
from mnist_gui.engine.events import TestEvaluated
from mnist_gui.engine.models.classifier import Classifier, evaluate_network
from mnist_gui.engine.pictures.decoding import open_picture
from mnist_gui.engine.pictures.find import find_digits, predict_digits
from mnist_gui.engine.pictures.open import is_picture
from mnist_gui.engine.pictures.result import Picture, PicturePrediction
from mnist_gui.engine.pictures.turn import better_turn, digits_in_turns, is_poorly_read
from mnist_gui.engine.prediction import Evaluation, NumberPrediction, Prediction
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.synthetic.generate import labelled_images
from mnist_gui.words.errors import sentence
from mnist_gui.words.language import tr
from mnist_gui.words.numbers import percent

if TYPE_CHECKING:
    from mnist_gui.engine.report import Report


def run_classify(arguments: argparse.Namespace) -> int:
    """Run `mnist-gui classify`; return the exit status.

    What cannot be read is named on standard error, and all else is classified; the status then
    is 2.
    """
    snapshot = _reader(selected_network(arguments).snapshot, arguments)
    printer = _PredictionPrinter(snapshot, as_json=arguments.json)
    status = DONE
    for named in arguments.inputs:
        try:
            paths = files_named(named)
        except DrawingError as error:
            print_problem(error)
            status = FAILED
            continue
        for path in paths:
            is_read = printer.print_picture(path) if is_picture(path) else printer.print_file(path)
            status = status if is_read else FAILED
    return status


def _reader(network: Snapshot, arguments: argparse.Namespace) -> Snapshot:
    return network.uncalibrated if arguments.raw else network


class _PredictionPrinter:
    def __init__(self, snapshot: Snapshot, *, as_json: bool) -> None:
        self._snapshot = snapshot
        self._classifier = Classifier()
        self._as_json = as_json

    def print_file(self, path: Path) -> bool:
        """Print one line for each drawing in a file.

        Say on standard error which cannot be read, and return False if there are such.
        """
        try:
            found = read_drawings_leniently(path)
            if not found.entries and not found.faults:
                raise DrawingError("drawings-none", path=path)  # noqa: TRY301 - told below
        except DrawingError as error:
            print_problem(error)
            return False
        print_faults(path, found)
        # Those that cannot be read are counted too.
        lines = sorted([*found.entries, *(fault.line for fault in found.faults)])
        for position, line in enumerate(lines, start=1):
            if line in found.entries:
                self._print_drawing(path, position, found.entries[line].labelled)
        return not found.faults

    def _print_drawing(self, path: Path, position: int, labelled: LabelledDrawing) -> None:
        number = self._classifier.predict_number(self._snapshot, labelled.drawing)
        if self._as_json:
            print(json.dumps(_drawing_as_json(path, position, number)))
        else:
            texts = (_with_probabilities(digit.prediction) for digit in number.digits)
            print(f"{path}:{position}  {'  '.join(texts)}")

    def print_picture(self, path: Path) -> bool:
        """Print one line for each row of digits, or one JSON object.

        If the picture cannot be read, say why on standard error and return False.
        """
        try:
            picture = open_picture(path)
            digits = find_digits(picture)
        except PictureError as error:
            text = sentence(error)
            print_message(text if str(path) in text else f"{path}: {text}")
            return False
        result = predict_digits(digits, self._snapshot, self._classifier)
        self._print_remarks(path, picture, result)
        if self._as_json:
            print(json.dumps(_picture_as_json(path, result)))
        else:
            print(*_rows_as_text(path, result), sep="\n")
        return True

    def _print_remarks(self, path: Path, picture: Picture, result: PicturePrediction) -> None:
        """Say on standard error what is wrong with the picture."""
        if picture.flaw:
            print_message(sentence(picture.flaw))
        if is_poorly_read(result):
            in_turns = digits_in_turns(picture)
            if better_turn(result, in_turns, self._snapshot, self._classifier):
                text = tr("{path}: the digits read much better when the picture is turned.")
                print_message(text.format(path=path))


def _drawing_as_json(path: Path, position: int, number: NumberPrediction) -> dict[str, Any]:
    """Return a single digit's values at the top level, those of several digits as a list."""
    record: dict[str, Any] = {"file": str(path), "drawing": position, "number": number.text}
    digits = [_prediction_as_json(digit.prediction) for digit in number.digits]
    return record | (digits[0] if len(digits) == 1 else {"digits": digits})


def _picture_as_json(path: Path, result: PicturePrediction) -> dict[str, Any]:
    """Return the rows and digits; boxes are left, top, right, bottom, 0 to 1 of the picture."""
    digits = [
        {"row": found.row + 1, "box": found.box, **_prediction_as_json(prediction)}
        for found, prediction in zip(result.digits, result.predictions, strict=True)
    ]
    return {"file": str(path), "rows": result.rows, "digits": digits}


def _prediction_as_json(prediction: Prediction) -> dict[str, Any]:
    return {
        "digit": prediction.digit,
        "probability": prediction.probability,
        "probabilities": [float(probability) for probability in prediction.probabilities],
        "certainty": prediction.certainty.value,
        "candidates": prediction.candidates,
        "likeness": prediction.digit_score,
    }


def _rows_as_text(path: Path, result: PicturePrediction) -> list[str]:
    """Return each row's number, and the probability of each of its digits."""
    texts: list[list[str]] = [[] for _ in result.rows]
    for found, prediction in zip(result.digits, result.predictions, strict=True):
        probability = (
            f" {percent(prediction.probability, 1)}" if prediction.plausible_digits else ""
        )
        texts[found.row].append(_digit(prediction) + probability)
    return [
        f"{path}:{number}  {row}  ({',  '.join(texts[number - 1])})"
        for number, row in enumerate(result.rows, start=1)
    ]


def _with_probabilities(prediction: Prediction) -> str:
    probabilities = (
        f"{digit}: {percent(each, 1)}" for digit, each in enumerate(prediction.probabilities)
    )
    return f"{_digit(prediction)}  ({'  '.join(probabilities)})"


def _digit(prediction: Prediction) -> str:
    match prediction.plausible_digits:
        case ():
            return tr("no digit")
        case (digit,):
            return str(digit)
        case (first, second):
            return tr("not sure: {first} or {second}").format(first=first, second=second)


def run_evaluate(arguments: argparse.Namespace, load: Load = load_choice) -> int:
    """Run `mnist-gui evaluate`; return the exit status.

    Lines of a file of drawings that cannot be used are named on standard error and left out; they
    do not change the exit status.
    """
    check_report(arguments.report)
    network = selected_network(arguments)
    reader = _reader(network.snapshot, arguments)
    path = arguments.drawings
    found = read_drawings_file(path) if path else None
    images = _labelled_images(path, found) if found else None
    dataset = open_dataset(arguments, load)
    classifier = Classifier()
    test = _evaluate(reader, dataset.test, classifier)
    network.count_test_evaluation(dataset)
    drawings = _evaluate(reader, images, classifier) if images else None
    text = _evaluation_as_text(
        tr(
            "{share} of {count:,} {data} test images read correctly "
            "(95 % interval {low} to {high})."
        ),
        test,
        data=dataset.name,
    )
    if drawings:
        of_drawings = tr(
            "{share} of {count:,} drawings read correctly (95 % interval {low} to {high})."
        )
        text += "\n" + _evaluation_as_text(of_drawings, drawings)
    result = _evaluations_as_json(test, drawings, found)
    if arguments.report:
        _save_report(arguments.report, _report(arguments, network, dataset, (test, drawings)))
        result["report"] = str(arguments.report)
        text += "\n" + tr("The report is saved to {path}.").format(path=arguments.report)
    print_result(arguments, result, text)
    return DONE


def _report(
    arguments: argparse.Namespace,
    network: SelectedNetwork,
    dataset: Dataset,
    evaluations: tuple[Evaluation, Evaluation | None],
) -> "Report":
    """Return a report on the evaluation of the test images, and of drawings if there were any."""
    from mnist_gui.engine.report import Report

    run = network.store.run(network.run) if network.store else None
    history = network.store.history(network.run).history if network.store else None
    file = arguments.model.name if arguments.model else network.snapshot.recipe.name
    return Report(
        name=run.name if run else file,
        data=dataset.name,
        network=network.snapshot,
        reader=_reader(network.snapshot, arguments),
        evaluation=evaluations[0],
        images=dataset.test.images,
        made=datetime.now().astimezone(),
        drawings=evaluations[1],
        run=run,
        history=history,
    )


def _save_report(path: Path, report: "Report") -> None:
    from mnist_gui.engine.report import write_report
    from mnist_gui.words.report.page import report_html

    write_report(path, report_html(report))


def _labelled_images(path: Path, found: DrawingsFile) -> LabelledImages:
    if all(each.label is None for each in found.drawings):
        raise DrawingError("drawings-unlabelled", path=path)
    return labelled_images(found.drawings)


def _evaluate(snapshot: Snapshot, images: LabelledImages, classifier: Classifier) -> Evaluation:
    *_, tested = evaluate_network(snapshot, images, classifier)
    assert isinstance(tested, TestEvaluated)
    return tested.evaluation


def _evaluations_as_json(
    test: Evaluation, drawings: Evaluation | None, found: DrawingsFile | None
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "test_accuracy": test.accuracy,
        "test_interval": test.interval,
        "expected_calibration_error": test.calibration_error,
    }
    if drawings and found:
        result |= {
            "drawing_accuracy": drawings.accuracy,
            "drawing_interval": drawings.interval,
            "drawings": len(drawings.labels),
            "drawing_confusion": drawings.confusion.tolist(),
            "drawings_left_out": faults_as_json(found.faults),
            "drawings_repeated": faults_as_json(found.repeats),
        }
    return result


def _evaluation_as_text(text: str, evaluation: Evaluation, **facts: str) -> str:
    low, high = evaluation.interval
    accuracy = text.format(
        share=percent(evaluation.accuracy),
        count=len(evaluation.labels),
        low=percent(low),
        high=percent(high),
        **facts,
    )
    calibration = tr(
        "The probabilities shown are {points:.2f} points off on average (expected calibration "
        "error)."
    )
    return f"{accuracy} {calibration.format(points=100 * evaluation.calibration_error)}"
