"""Learning a hand: gains are counted on digits that were not learnt, and what is lost is said."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke
from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.events import TestEvaluated
from mnist_gui.engine.finetune.finetune import finetune
from mnist_gui.engine.finetune.result import (
    FineTuningEvent,
    FineTuningPhase,
    FineTuningProblem,
    FineTuningProgress,
    FineTuningResult,
)
from mnist_gui.engine.models.classifier import evaluate_network
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.paths import resource
from tests.engine.conftest import softmax_snapshot
from tests.refusals import refused


# A hand with habits of its own: each digit is a dash in a direction of its own.
def dash(angle: float, label: int) -> LabelledDrawing:
    end = [0.5 + np.cos(angle) / 3, 0.5 + np.sin(angle) / 3]
    return LabelledDrawing(Drawing((Stroke([[0.5, 0.5], end]),)), label)


DASHES = [
    dash(angle + 0.02 * place, label)
    for place in range(5)
    for label, angle in enumerate((0.0, 1.57, 0.8, 2.4))
]


def small_dataset() -> Dataset:
    """Return MNIST with a few of its images."""
    whole = load_dataset()

    def head(images: LabelledImages, count: int) -> LabelledImages:
        return LabelledImages(images.images[:count], images.labels[:count])

    parts = head(whole.train, 2_000), head(whole.validation, 100), head(whole.test, 1_000)
    return Dataset("few", *parts, "few")


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return small_dataset()


@pytest.fixture(scope="module")
def base() -> Snapshot:
    return load_snapshot(resource("models/softmax-best.mnistgui"))


@pytest.fixture(scope="module")
def events(dataset: Dataset, base: Snapshot) -> list[FineTuningEvent]:
    return list(finetune(dataset, base, DASHES))


def result_of(events: Sequence[FineTuningEvent]) -> FineTuningResult:
    result = events[-1]
    assert isinstance(result, FineTuningResult)
    return result


def test_a_hand_is_learnt_from_other_digits_of_it(events: list[FineTuningEvent]) -> None:
    result = result_of(events)
    np.testing.assert_array_equal(result.held_out, np.arange(20))
    np.testing.assert_array_equal(result.user_after.labels, [each.label for each in DASHES])
    assert result.user_before.accuracy <= 0.5
    assert result.user_after.accuracy > result.user_before.accuracy + 0.2
    assert result.user_gain == result.user_after.correct - result.user_before.correct


def test_what_is_forgotten_is_seen(events: list[FineTuningEvent]) -> None:
    result = result_of(events)
    assert 0.9 < result.test_before.accuracy < 0.95
    assert -0.01 < result.test_before.accuracy - result.test_after.accuracy < 0.1


def test_the_network_that_learnt_a_hand_is_calibrated_anew(
    events: list[FineTuningEvent], dataset: Dataset, base: Snapshot
) -> None:
    learnt = result_of(events).snapshot
    *_, read = evaluate_network(replace(learnt, temperature=1.0), dataset.validation)
    assert isinstance(read, TestEvaluated)
    assert learnt.temperature == pytest.approx(read.evaluation.temperature, rel=1e-3)
    assert learnt.temperature != base.temperature


def test_progress_grows_to_the_end(events: list[FineTuningEvent]) -> None:
    *progress, _ = events
    shares = [event.share for event in progress if isinstance(event, FineTuningProgress)]
    assert len(shares) == len(progress)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert {e.phase for e in progress if isinstance(e, FineTuningProgress)} == set(FineTuningPhase)


def test_the_same_seed_gives_the_same_weights(
    dataset: Dataset, base: Snapshot, events: list[FineTuningEvent]
) -> None:
    again = result_of(list(finetune(dataset, base, DASHES)))
    first = result_of(events)
    for name, weights in first.snapshot.weights.items():
        np.testing.assert_array_equal(weights, again.snapshot.weights[name])
    np.testing.assert_array_equal(first.user_after.probabilities, again.user_after.probabilities)


def test_the_network_it_came_from_is_left_alone(
    base: Snapshot, events: list[FineTuningEvent]
) -> None:
    result = result_of(events)
    assert result.base is base
    assert result.snapshot.recipe.name == "softmax-best-personal"
    fresh = load_snapshot(resource("models/softmax-best.mnistgui"))
    for name, weights in fresh.weights.items():
        np.testing.assert_array_equal(weights, base.weights[name])


def test_of_equal_drawings_the_last_counts(dataset: Dataset, base: Snapshot) -> None:
    with refused(DrawingError, match="there are 4; draw 6 more"):
        finetune(dataset, base, DASHES[:4] * 5)


@pytest.mark.parametrize(
    ("drawings", "sentence"),
    [
        (DASHES[:9], "there are 9; draw 1 more"),
        ([*DASHES, LabelledDrawing(DASHES[0].drawing, None)], "labels from 0 to 9"),
        ([*DASHES, LabelledDrawing(Drawing(), 1)], "with strokes"),
    ],
)
def test_what_cannot_be_learnt_from_is_said_at_once(
    dataset: Dataset, base: Snapshot, drawings: list[LabelledDrawing], sentence: str
) -> None:
    with refused(DrawingError, match=sentence):
        finetune(dataset, base, drawings)


def judged(*, own: tuple[int, int], test: tuple[int, int]) -> FineTuningResult:
    """Return a result with so many of 20 own and of 1,000 test images right, before and after."""
    snapshot = softmax_snapshot()
    user_before, user_after = (evaluation(right, 20) for right in own)
    test_before, test_after = (evaluation(right, 1_000) for right in test)
    return FineTuningResult(
        base=snapshot,
        snapshot=snapshot,
        held_out=np.arange(20),
        user_before=user_before,
        user_after=user_after,
        test_before=test_before,
        test_after=test_after,
        rounds=3,
        seconds=1.0,
    )


def evaluation(right: int, total: int) -> Evaluation:
    """Return the evaluation of so many images, all a 0, of which so many are read right."""
    read = np.where(np.arange(total) < right, 0, 1)
    return Evaluation(np.zeros(total, np.uint8), np.eye(10, dtype=np.float32)[read])


@pytest.mark.parametrize(
    ("own", "test", "objections"),
    [
        ((15, 18), (990, 989), ()),
        ((15, 15), (990, 995), ()),
        ((15, 14), (990, 990), (FineTuningProblem.WORSE_ON_USER_DIGITS,)),
        ((15, 18), (990, 988), (FineTuningProblem.FORGETTING,)),
        (
            (15, 14),
            (990, 980),
            (FineTuningProblem.WORSE_ON_USER_DIGITS, FineTuningProblem.FORGETTING),
        ),
    ],
)
def test_a_network_that_got_worse_is_not_recommended(
    own: tuple[int, int], test: tuple[int, int], objections: tuple[FineTuningProblem, ...]
) -> None:
    assert judged(own=own, test=test).objections == objections
