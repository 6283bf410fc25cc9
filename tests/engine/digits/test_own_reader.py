"""How well a network reads the user's own digits."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_gui.engine.digits.model import UserDigit, UserDigitPredictions
from mnist_gui.engine.digits.store import UserDigitClassifier
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.preprocessing import MADE_AT_ONCE, preprocess
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.synthetic.generate import STYLE_SHARES, draw


@pytest.fixture(scope="module")
def digits() -> list[UserDigit]:
    styles = list(STYLE_SHARES) * 4
    drawings = draw(styles[: MADE_AT_ONCE + 6], np.random.default_rng(1))
    return [
        UserDigit(f"digit {place}", drawing, style.digit)
        for place, (drawing, style) in enumerate(zip(drawings, styles, strict=False))
    ]


def evaluation(reading: UserDigitPredictions, digits: list[UserDigit]) -> Evaluation:
    evaluation = reading.evaluation(digits)
    assert evaluation is not None
    return evaluation


def test_own_digits_are_read_as_the_canvas_reads_them(
    snapshot: Snapshot, digits: list[UserDigit]
) -> None:
    *_, reading = UserDigitClassifier().read(snapshot, digits)
    classifier = Classifier()
    for digit in digits[:: MADE_AT_ONCE // 4]:
        alone = classifier.predict(snapshot, preprocess(digit.drawing))
        together = reading.prediction(digit)
        assert together is not None
        np.testing.assert_allclose(together.probabilities, alone.probabilities, atol=1e-5)


def test_readings_grow_part_by_part(snapshot: Snapshot, digits: list[UserDigit]) -> None:
    first, last = UserDigitClassifier().read(snapshot, digits)
    assert len(evaluation(first, digits).labels) == MADE_AT_ONCE
    assert len(evaluation(last, digits).labels) == len(digits)
    assert first.prediction(digits[-1]) is None
    assert (last.network, last.step) == (snapshot.recipe.name, snapshot.step)


def test_a_relabelled_digit_counts_otherwise_without_being_read_again(
    snapshot: Snapshot, digits: list[UserDigit]
) -> None:
    *_, reading = UserDigitClassifier().read(snapshot, digits)
    before = evaluation(reading, digits)
    wrong = int(np.flatnonzero(before.predicted != before.labels)[0])
    mended = list(digits)
    mended[wrong] = replace(digits[wrong], label=int(before.predicted[wrong]))
    assert evaluation(reading, mended).correct == before.correct + 1


def test_of_digits_that_were_not_read_there_is_no_evaluation(digits: list[UserDigit]) -> None:
    assert UserDigitPredictions("cnn-best", 3, {}).evaluation(digits) is None


def test_images_are_made_once(digits: list[UserDigit], monkeypatch: pytest.MonkeyPatch) -> None:
    reader = UserDigitClassifier()
    images = reader.images(digits)
    monkeypatch.setattr("mnist_gui.engine.digits.store.preprocess_all", None)
    np.testing.assert_array_equal(reader.images(digits[5:]), images[5:])
