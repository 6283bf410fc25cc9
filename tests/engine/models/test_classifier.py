from dataclasses import replace

import numpy as np
import pytest

from mnist_gui.engine.dataset import LabelledImages, load_dataset
from mnist_gui.engine.events import EvaluationProgress, TestEvaluated
from mnist_gui.engine.models.classifier import Classifier, evaluate_network
from mnist_gui.engine.models.networks import build_network, network_weights
from mnist_gui.engine.recipe import IMPORTED, find_recipe
from mnist_gui.engine.snapshot import Snapshot


def snapshot_of(recipe: str, seed: int = 1) -> Snapshot:
    network = build_network(find_recipe(recipe).network, seed=seed)
    return Snapshot(find_recipe(recipe), 0, network_weights(network))


@pytest.fixture(scope="module")
def images() -> LabelledImages:
    test = load_dataset().test
    return LabelledImages(test.images[:600], test.labels[:600])


def test_a_network_of_zeros_finds_all_digits_equally_likely(images: LabelledImages) -> None:
    prediction = Classifier().predict(snapshot_of("softmax-tutorial"), images.images[0])
    assert prediction.probabilities == pytest.approx(0.1)


def test_nothing_that_an_untrained_network_says_is_sure(images: LabelledImages) -> None:
    classifier, untrained = Classifier(), snapshot_of("cnn-tutorial")
    # Nor that one says which has hardly begun.
    for new in (untrained, replace(untrained, step=1)):
        read = classifier.predictions(new, images.images[:50])
        assert max(each.margin for each in read) > 0.5
        assert not any(each.is_sure for each in read)
    for trained in (
        replace(untrained, step=100),
        replace(untrained, recipe=replace(untrained.recipe, name=IMPORTED)),
    ):
        assert any(each.is_sure for each in classifier.predictions(trained, images.images[:50]))


def test_of_a_known_image_too_an_untrained_network_is_not_sure(images: LabelledImages) -> None:
    classifier, untrained = Classifier(), snapshot_of("cnn-tutorial")
    image = images.images[0]
    assert not classifier.predict_known(untrained, image).is_sure
    assert classifier.predict_known(replace(untrained, step=100), image).is_sure


def test_a_batch_gives_what_single_images_give(images: LabelledImages) -> None:
    classifier, snapshot = Classifier(), snapshot_of("cnn-tutorial")
    batch = classifier.probabilities(snapshot, images.images[:20])
    single = [classifier.predict(snapshot, image).probabilities for image in images.images[:20]]
    assert batch == pytest.approx(np.stack(single), abs=1e-5)
    assert batch.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_a_temperature_divides_the_logits(images: LabelledImages) -> None:
    classifier, snapshot = Classifier(), snapshot_of("cnn-tutorial")
    plain = np.log(classifier.probabilities(snapshot, images.images[:20]))
    warm = np.log(classifier.probabilities(replace(snapshot, temperature=4), images.images[:20]))
    # Logarithms of probabilities are logits but for a number that each image's share.
    assert warm - warm[:, :1] == pytest.approx((plain - plain[:, :1]) / 4, abs=1e-3)
    assert (warm.argmax(axis=1) == plain.argmax(axis=1)).all()


def test_weights_with_the_temperature_in_them_need_none(images: LabelledImages) -> None:
    classifier, snapshot = Classifier(), replace(snapshot_of("cnn-fast"), temperature=0.5)
    whole = replace(snapshot, weights=snapshot.calibrated_weights, temperature=1.0)
    some = images.images[:20]
    expected = classifier.probabilities(snapshot, some)
    assert classifier.probabilities(whole, some) == pytest.approx(expected, abs=1e-5)


def test_it_answers_for_the_snapshot_it_is_asked_with(images: LabelledImages) -> None:
    classifier = Classifier()
    one, other = snapshot_of("cnn-tutorial", seed=1), snapshot_of("cnn-tutorial", seed=2)
    first = classifier.predict(one, images.images[0]).probabilities
    assert not np.allclose(classifier.predict(other, images.images[0]).probabilities, first)
    assert np.array_equal(classifier.predict(one, images.images[0]).probabilities, first)


def test_an_evaluation_reads_every_image_in_bounded_batches(images: LabelledImages) -> None:
    *parts, tested = evaluate_network(snapshot_of("cnn-tutorial"), images)
    assert parts == [EvaluationProgress("test", done, 600) for done in (250, 500, 600)]
    assert isinstance(tested, TestEvaluated)
    expected = Classifier().probabilities(snapshot_of("cnn-tutorial"), images.images)
    assert tested.evaluation.probabilities == pytest.approx(expected, abs=1e-5)


def test_the_step_of_the_snapshot_is_passed_on(images: LabelledImages) -> None:
    *_, tested = evaluate_network(replace(snapshot_of("softmax-tutorial"), step=7), images)
    assert isinstance(tested, TestEvaluated)
    assert tested.step == 7
