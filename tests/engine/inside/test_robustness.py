from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.distortions import STRENGTHS, Distortion, distort, draw_chance
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.inside.robustness import (
    NOT_READ,
    SAMPLE,
    Robustness,
    RobustnessReader,
    Trial,
    spread_sample,
    trials,
)
from mnist_gui.engine.models.classifier import Classifier
from tests.engine.inside.test_forward import random_network


def labelled(count: int) -> LabelledImages:
    random = np.random.default_rng(8)
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 6:22, 6:22] = random.integers(0, 256, (count, 16, 16))
    return LabelledImages(images, random.integers(0, 10, count, np.uint8))


def digit() -> NDArray[np.uint8]:
    image: NDArray[np.uint8] = labelled(1).images[0]
    return image


def answers(events: Iterator[ViewProgress | Robustness]) -> list[Robustness]:
    return [event for event in events if isinstance(event, Robustness)]


def robustness(shares: list[float], distortion: Distortion = Distortion.ROTATION) -> Robustness:
    """What a network reads that gets these shares of 100 images right."""
    correct = np.array([[round(100 * share) for share in shares]])
    tried = trials(distortion)[: len(shares)]
    digits = np.zeros((len(tried), 28, 28), np.uint8)
    return Robustness(tried, 100, correct, digits, np.full((1, len(tried), 10), 0.1))


@pytest.mark.parametrize("distortion", [Distortion.SHIFT, Distortion.NOISE])
def test_what_is_counted_is_what_keras_reads(distortion: Distortion) -> None:
    images, networks = labelled(70), [random_network("cnn-lean"), random_network("softmax")]
    last = answers(RobustnessReader().answers(images, trials(distortion), networks, digit()))[-1]
    assert last.is_whole
    assert last.total == 70
    classifier, chance = Classifier(), draw_chance(70)
    for place, strength in enumerate(STRENGTHS[distortion]):
        changed = distort(images.images, distortion, strength, chance)
        for network, snapshot in enumerate(networks):
            read = classifier.probabilities(snapshot, changed).argmax(axis=1)
            assert last.correct[network, place] == np.count_nonzero(read == images.labels)


def test_the_digit_is_read_first_with_keras_probabilities() -> None:
    network = random_network("cnn-lean")
    tried = trials(Distortion.ROTATION)
    first = next(RobustnessReader().answers(labelled(3), tried, [network], digit()))
    assert isinstance(first, Robustness)
    assert (first.correct == NOT_READ).all()
    expected = Classifier().probabilities(network, first.digits)
    assert np.allclose(first.probabilities[0], expected, atol=1e-5)
    assert np.array_equal(first.digits[first.unchanged], digit())


def test_what_is_known_of_a_network_is_not_read_again() -> None:
    images, network, reader = labelled(20), random_network("softmax"), RobustnessReader()
    tried = trials(Distortion.BLUR)
    events = [*reader.answers(images, tried, [network], digit())]
    assert sum(isinstance(event, ViewProgress) for event in events) == len(tried)
    (again,) = reader.answers(images, tried, [network], 255 - digit())
    assert isinstance(again, Robustness)
    assert np.array_equal(again.correct, answers(iter(events))[-1].correct)
    other = [*reader.answers(labelled(20), tried, [network], digit())]
    assert len(other) > 1


def test_a_reader_that_was_stopped_goes_on_where_it_was() -> None:
    images, network, reader = labelled(20), random_network("softmax"), RobustnessReader()
    tried = trials(Distortion.BLUR)
    stopped = reader.answers(images, tried, [network], digit())
    for _ in range(6):
        next(stopped)
    left = [*reader.answers(images, tried, [network], digit())]
    assert sum(isinstance(event, ViewProgress) for event in left) == len(tried) - 2


def test_the_unchanged_images_and_the_strongest_changes_are_read_first() -> None:
    events = RobustnessReader().answers(
        labelled(5), trials(Distortion.SHIFT), [random_network("softmax")], digit()
    )
    known = [np.flatnonzero(each.correct[0] != NOT_READ).tolist() for each in answers(events)]
    assert known[:4] == [[], [6], [0, 6], [0, 6, 12]]
    assert known[-1] == [*range(13)]


def test_the_first_network_is_read_before_the_others() -> None:
    networks = [random_network("softmax"), random_network("softmax", seed=5)]
    events = RobustnessReader().answers(labelled(5), trials(Distortion.SHIFT), networks, digit())
    (half,) = [each for each in answers(events) if np.count_nonzero(each.correct != NOT_READ) == 13]
    assert (half.correct[0] != NOT_READ).all()
    assert (half.correct[1] == NOT_READ).all()


def test_mnist_c_is_the_images_as_they_are_and_fifteen_corruptions() -> None:
    images, network = labelled(6), random_network("softmax")
    last = answers(RobustnessReader().answers(images, trials(None), [network], digit()))[-1]
    assert last.is_whole
    assert len(last.trials) == 16
    assert last.trials[last.unchanged] == Trial()
    assert np.array_equal(last.digits[0], digit())
    assert not np.array_equal(last.digits[1], digit())


def test_of_many_images_a_thousand_are_read_spread_over_all() -> None:
    images = LabelledImages(
        np.zeros((10_000, 28, 28), np.uint8), (np.arange(10_000) // 1_000).astype(np.uint8)
    )
    sample = spread_sample(images)
    assert len(sample) == SAMPLE
    assert np.bincount(sample.labels).tolist() == [100] * 10
    assert len(spread_sample(labelled(7))) == 7


def test_the_breaking_point_is_the_least_change_that_spoils_more_than_half() -> None:
    shares = [0.1, 0.2, 0.3, 0.6, 0.8, 0.9, 1.0, 0.9, 0.7, 0.45, 0.6, 0.3, 0.2]
    assert robustness(shares).breaking_point(0) == 9
    assert robustness([max(share, 0.5) for share in shares]).breaking_point(0) is None


def test_the_interval_is_wilsons() -> None:
    answer = robustness([0.9] * 13)
    # Newcombe, Two-sided confidence intervals for the single proportion, 1998: the score method.
    share, z, n = 0.9, 1.959964, 100
    roots = np.roots([1 + z**2 / n, -(2 * share + z**2 / n), share**2])
    assert np.allclose(answer.intervals[0, 4], sorted(roots))


def test_the_table_has_a_line_for_each_network_and_change() -> None:
    answer = robustness([1.0] * 13)
    lines = answer.csv(["A, the first"]).decode().splitlines()
    assert len(lines) == 14
    assert lines[0].startswith("network,change,strength,images,right,low,high,digit read,")
    assert lines[1].startswith('"A, the first",rotation,-90,100,100,0.96')
