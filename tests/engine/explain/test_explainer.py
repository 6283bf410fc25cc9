"""What a reading rests on, found out by leaving things out."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.explain.explainer import attribute_ink, explain, occluded_images
from mnist_gui.engine.explain.explanation import MOST_STROKES
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.preprocessing import (
    ALL_STEPS,
    PreprocessingSteps,
    preprocess,
    trace_preprocessing,
)
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.paths import SHIPPED_NETWORK
from mnist_gui.screenshot import draw_three

SEVEN_WITH_BAR = Drawing(
    (
        Stroke([[0.25, 0.2], [0.75, 0.2], [0.4, 0.85]]),
        Stroke([[0.35, 0.5], [0.7, 0.5]]),
    )
)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


@pytest.fixture(scope="module")
def cnn() -> Snapshot:
    return load_snapshot(SHIPPED_NETWORK)


def test_ink_is_left_out_around_each_of_its_pixels() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[0, 0] = image[0, 1] = image[5, 5:12] = 200
    images = occluded_images(image)
    assert len(images) == np.count_nonzero(image)
    assert not images[0][0].any()
    np.testing.assert_array_equal(images[0][1:], image[1:])
    assert np.flatnonzero(images[-1][5]).tolist() == [5, 6, 7, 8, 9]
    assert len(occluded_images(np.zeros((28, 28), np.uint8))) == 0


def test_the_evidence_of_a_linear_network_is_its_weights_times_the_ink(
    classifier: Classifier, snapshot: Snapshot
) -> None:
    weights = {name: array * 0.1 for name, array in snapshot.weights.items()}
    snapshot = Snapshot(snapshot.recipe, 0, weights)
    image = preprocess(draw_three())
    evidence = attribute_ink(classifier, snapshot, image)
    kernel = weights["output/kernel"].reshape(28, 28, 10)
    share = image / 255 * (kernel[..., 3] - kernel[..., 8])
    around = np.pad(share, 1)
    expected = sum(around[y : y + 28, x : x + 28] for y in range(3) for x in range(3))
    found = evidence.toward_over(3, 8)
    np.testing.assert_allclose(found[image > 0], np.asarray(expected)[image > 0], atol=1e-3)
    assert not found[image == 0].any()
    np.testing.assert_allclose(found, -evidence.toward_over(8, 3), atol=1e-6)


def test_evidence_is_finite_where_a_network_is_absolutely_sure(
    classifier: Classifier, snapshot: Snapshot
) -> None:
    weights = {name: array * 1_000 for name, array in snapshot.weights.items()}
    sure = Snapshot(snapshot.recipe, 0, weights)
    evidence = attribute_ink(classifier, sure, preprocess(draw_three()))
    assert evidence.probabilities.max() == 1
    for digit in range(10):
        assert np.isfinite(evidence.toward(digit)).all()
        assert np.isfinite(evidence.toward_over(digit, (digit + 1) % 10)).all()


def mean_probability_while_deleted(
    classifier: Classifier, cnn: Snapshot, image: NDArray[np.uint8], order: NDArray[np.int64]
) -> float:
    """Return the predicted digit's mean probability while ink goes away in this order."""
    images = np.repeat(image.reshape(1, -1), 21, axis=0)
    for gone, row in enumerate(images):
        row[order[: len(order) * gone // 20]] = 0
    probabilities = classifier.probabilities(cnn, images.reshape(-1, 28, 28))
    return float(probabilities[:, probabilities[0].argmax()].mean())


def test_without_the_ink_that_speaks_for_a_digit_it_is_soon_not_read_any_more(
    classifier: Classifier, cnn: Snapshot
) -> None:
    random = np.random.default_rng(0)
    most, least, any_order = [], [], []
    for image in load_dataset().test.images[:8]:
        evidence = attribute_ink(classifier, cnn, image)
        weight = evidence.toward(int(evidence.probabilities.argmax())).reshape(-1)
        ink = np.flatnonzero(image)
        order = ink[np.argsort(-weight[ink])]
        most.append(mean_probability_while_deleted(classifier, cnn, image, order))
        least.append(mean_probability_while_deleted(classifier, cnn, image, order[::-1]))
        shuffled = random.permutation(ink)
        any_order.append(mean_probability_while_deleted(classifier, cnn, image, shuffled))
    assert np.mean(most) < np.mean(any_order) - 0.1
    assert np.mean(least) > np.mean(any_order) + 0.05


def test_an_explanation_reads_with_the_stages_and_with_all_of_them(
    classifier: Classifier, cnn: Snapshot
) -> None:
    steps = PreprocessingSteps(fit=False, centre=False)
    drawing = Drawing((Stroke(draw_three().strokes[0].points * 0.4),))
    explanation = explain(classifier, cnn, drawing, steps)
    np.testing.assert_array_equal(
        explanation.strip.image, trace_preprocessing(drawing, steps).image
    )
    alone = classifier.predict(cnn, explanation.strip.image).probabilities
    assert explanation.prediction.probabilities == pytest.approx(alone, abs=1e-5)
    assert explanation.prediction_with_all.digit == 3
    assert explanation.prediction.probability < explanation.prediction_with_all.probability
    np.testing.assert_array_equal(explanation.evidence.image, explanation.strip.image)
    assert explanation.stroke_ablations == ()


def test_an_explanation_tells_what_is_read_without_each_stroke(
    classifier: Classifier, cnn: Snapshot
) -> None:
    explanation = explain(classifier, cnn, SEVEN_WITH_BAR, ALL_STEPS)
    first, second = explanation.stroke_ablations
    bar_alone = classifier.predict(cnn, preprocess(Drawing(SEVEN_WITH_BAR.strokes[1:])))
    assert first.probabilities == pytest.approx(bar_alone.probabilities, abs=1e-5)
    assert (explanation.prediction.digit, second.digit) == (7, 7)
    small = PreprocessingSteps(fit=False)
    first, _ = explain(classifier, cnn, SEVEN_WITH_BAR, small).stroke_ablations
    alone = trace_preprocessing(Drawing(SEVEN_WITH_BAR.strokes[1:]), small).image
    assert first.probabilities == pytest.approx(
        classifier.predict(cnn, alone).probabilities, abs=1e-5
    )
    scribble = Drawing(SEVEN_WITH_BAR.strokes * 10)
    assert len(explain(classifier, cnn, scribble, ALL_STEPS).stroke_ablations) == MOST_STROKES


def test_ink_that_is_all_off_the_image_is_explained_too(
    classifier: Classifier, cnn: Snapshot
) -> None:
    outside = Drawing((Stroke([[-0.8, -0.8], [-0.5, -0.5]]),))
    explanation = explain(classifier, cnn, outside, PreprocessingSteps(fit=False))
    assert not explanation.strip.image.any()
    assert not explanation.evidence.toward(1).any()
