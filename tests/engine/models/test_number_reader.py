import numpy as np
import pytest

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.prediction import DigitPrediction, NumberPrediction, Prediction
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.paths import resource
from mnist_gui.screenshot import draw_three


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return load_snapshot(resource("models/softmax-best.mnistgui"))


@pytest.fixture(scope="module")
def reader() -> Classifier:
    return Classifier()


def moved(drawing: Drawing, x: float, scale: float = 0.4) -> tuple[Stroke, ...]:
    return tuple(Stroke(stroke.points * scale + (x, 0.3)) for stroke in drawing.strokes)


def digit(probabilities: list[float], digit_score: float = 1.0) -> DigitPrediction:
    shares = np.array(probabilities + [0.0] * (10 - len(probabilities)), np.float32)
    return DigitPrediction(Drawing(), np.zeros((28, 28), np.uint8), Prediction(shares, digit_score))


def test_digits_side_by_side_are_a_number(reader: Classifier, snapshot: Snapshot) -> None:
    one = Drawing((Stroke([(0.5, 0.2), (0.48, 0.8)]),))
    drawing = Drawing((*moved(draw_three(), 0.0), *moved(one, 0.25), *moved(draw_three(), 0.5)))
    reading = reader.predict_number(snapshot, drawing)
    assert reading.text == "313"
    assert [len(digit.drawing.strokes) for digit in reading.digits] == [1, 1, 1]


def test_one_digit_is_read_as_the_classifier_reads_it(
    reader: Classifier, snapshot: Snapshot
) -> None:
    (read,) = reader.predict_number(snapshot, draw_three()).digits
    alone = Classifier().predict(snapshot, preprocess(draw_three()))
    assert np.array_equal(read.image, preprocess(draw_three()))
    assert read.prediction.probabilities == pytest.approx(alone.probabilities, abs=1e-6)
    assert read.prediction.digit_score == pytest.approx(alone.digit_score, abs=1e-5)


def test_what_looks_like_no_digit_is_a_question_mark_in_the_number() -> None:
    assert NumberPrediction((digit([0, 1]), digit([1], digit_score=0.0))).text == "1?"


def test_the_least_sure_digit_is_one_that_is_none_or_has_the_smallest_lead() -> None:
    close, clear = digit([0.45, 0.55]), digit([0.1, 0.9])
    assert NumberPrediction((clear, close, clear)).least_sure == 1
    assert NumberPrediction((clear, close, digit([0, 1], digit_score=0.0))).least_sure == 2
