import csv
from collections.abc import Callable
from math import log

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.inside.image_lists import (
    LearningOrder,
    ReadImages,
    Split,
    likely_wrong_labels,
    list_csv,
)


def shares(count: int, seed: int = 1, sharpness: float = 3.0) -> NDArray[np.float64]:
    """Return probabilities (count, 10) of which many are large."""
    powers = np.exp(sharpness * np.random.default_rng(seed).normal(size=(count, 10)))
    each: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return each


def read_images(
    count: int = 200, *, second: bool = False, learning: LearningOrder | None = None
) -> ReadImages:
    random = np.random.default_rng(2)
    return ReadImages(
        Split.TEST,
        random.integers(0, 256, (count, 28, 28), np.uint8),
        (np.arange(count) % 10).astype(np.uint8) if learning is None else learning.labels,
        np.arange(count) + 5_000,
        shares(count),
        random.normal(size=(count, 6)).astype(np.float16),
        shares(count, seed=7) if second else None,
        learning,
    )


def test_the_hardest_images_are_those_with_the_largest_cross_entropy() -> None:
    read = read_images()
    losses = [-log(read.probabilities[i, read.labels[i]]) for i in range(len(read))]
    assert np.allclose(read.losses, losses)
    assert read.hardest().tolist() == sorted(range(len(read)), key=lambda i: -losses[i])


def test_a_label_without_any_probability_has_a_large_loss_and_not_an_infinite_one() -> None:
    one = np.eye(10)[[3, 3]]
    labels = np.array([3, 4], np.uint8)
    read = ReadImages(Split.TEST, np.zeros((2, 28, 28), np.uint8), labels, np.arange(2), one)
    assert read.losses[0] == 0
    assert 700 < read.losses[1] < 710


def test_contradicted_labels_are_sorted_by_their_own_probability() -> None:
    read = read_images()
    wrong = [i for i in range(len(read)) if max(read.probabilities[i]) > read.of_label[i]]
    expected = sorted(wrong, key=lambda i: read.probabilities[i, read.labels[i]])
    assert read.contradicted().tolist() == expected


def test_confident_learning_counts_what_its_definition_says() -> None:
    labels, each = (np.arange(300) % 9).astype(np.uint8), shares(300, seed=5)
    average = [
        sum(each[i, d] for i in range(300) if labels[i] == d) / sum(labels == d) for d in range(9)
    ]
    counted = 0
    for i in range(300):
        above = [d for d in range(9) if each[i, d] >= average[d]]
        if above and max(above, key=lambda d: each[i, d]) != labels[i]:
            counted += 1
    assert 0 < counted < 300
    assert likely_wrong_labels(labels, each) == counted


def test_of_one_class_only_no_label_is_likely_wrong() -> None:
    labels = np.full(5, 7, np.uint8)
    assert likely_wrong_labels(labels, np.eye(10)[[7, 7, 7, 1, 7]]) == 0


def test_two_networks_disagree_most_where_both_are_sure() -> None:
    read = read_images(second=True)
    assert read.second is not None
    one, other = read.probabilities.tolist(), read.second.tolist()
    differ = [
        i for i in range(len(read)) if one[i].index(max(one[i])) != other[i].index(max(other[i]))
    ]
    expected = sorted(differ, key=lambda i: -min(max(one[i]), max(other[i])))
    assert 0 < len(differ) < len(read)
    assert read.disagreements().tolist() == expected


# --- the order of learning -----------------------------------------------------------------------

STEPS = (0, 1, 10, 100, 1_000)
# Image by image: what was read at each of the kept steps; all labels are 5.
HISTORIES = {
    "at once, and kept": "35555",
    "late": "33335",
    "forgotten once, and learnt again": "35355",
    "forgotten twice": "35353",
    "never": "33333",
    "by chance before training only": "53333",
    "known before training, and kept": "55555",
}


def order() -> LearningOrder:
    read = np.array([[int(digit) for digit in each] for each in HISTORIES.values()], np.uint8)
    return LearningOrder(STEPS, read.T, np.full(len(HISTORIES), 5, np.uint8))


def test_when_an_image_was_first_right_and_how_often_it_was_forgotten() -> None:
    assert order().first.tolist() == [1, 1_000, 1, 1, -1, -1, 1]
    assert order().forgotten.tolist() == [0, 0, 1, 2, 0, 0, 0]


def test_it_agrees_with_a_walk_through_each_history() -> None:
    random = np.random.default_rng(3)
    steps = tuple(range(0, 400, 10))
    labels = random.integers(0, 10, 500).astype(np.uint8)
    read = np.where(random.random((40, 500)) < 0.6, labels, 3).astype(np.uint8)
    found = LearningOrder(steps, read, labels)
    for image in range(500):
        first, times, was_right = -1, 0, False
        for step, digits in zip(steps, read, strict=True):
            if not step:
                continue
            is_right = digits[image] == labels[image]
            first = step if is_right and first < 0 else first
            times += was_right and not is_right
            was_right = is_right
        assert (found.first[image], found.forgotten[image]) == (first, times)


def test_the_lists_of_the_order_of_learning() -> None:
    read = read_images(len(HISTORIES), learning=order())
    names = list(HISTORIES)

    def listed(places: NDArray[np.int64]) -> list[str]:
        return [names[place] for place in places]

    assert set(listed(read.never_learnt())) == {"never", "by chance before training only"}
    assert listed(read.last_learnt())[0] == "late"
    assert len(read.last_learnt()) == 5
    assert listed(read.most_forgotten()) == ["forgotten twice", "forgotten once, and learnt again"]


@pytest.mark.parametrize(
    ("order", "history"),
    [
        (ReadImages.never_learnt, "000"),
        (ReadImages.last_learnt, "004"),
        (ReadImages.most_forgotten, "040"),
    ],
)
def test_alike_images_are_sorted_by_their_loss(
    order: Callable[[ReadImages], NDArray[np.int64]], history: str
) -> None:
    labels = np.full(50, 4, np.uint8)
    read = np.repeat(np.array([[int(digit)] for digit in history], np.uint8), 50, axis=1)
    images = read_images(50, learning=LearningOrder((1, 2, 3), read, labels))
    losses = images.losses[order(images)]
    assert len(losses) == 50
    assert (np.diff(losses) <= 0).all()


# --- looking closer, and the table ---------------------------------------------------------------


def test_the_most_alike_image_is_one_of_the_digit_that_is_read_right() -> None:
    read = read_images(400)
    assert read.features is not None
    for place in (0, 17, 300):
        fits = [i for i in range(400) if read.read[i] == read.labels[i] == 6 and i != place]
        apart = [
            np.linalg.norm(read.features[i].astype(float) - read.features[place]) for i in fits
        ]
        assert read.most_alike(place, 6) == fits[int(np.argmin(apart))]


def test_without_features_pixels_are_compared_and_without_candidates_there_is_none() -> None:
    images = np.zeros((3, 28, 28), np.uint8)
    images[0], images[1], images[2] = 10, 200, 20
    labels = np.array([2, 2, 2], np.uint8)
    read = ReadImages(Split.TEST, images, labels, np.arange(3), np.eye(10)[[2, 2, 2]])
    assert read.most_alike(0, 2) == 2
    assert read.most_alike(0, 3) is None


def test_the_table_has_the_images_numbers_in_the_order_of_the_list() -> None:
    learning = LearningOrder((1, 2), np.array([[1, 4], [3, 4]], np.uint8), np.array([1, 4], "u1"))
    read = read_images(2, second=True, learning=learning)
    rows = list(csv.DictReader(list_csv(read, np.array([1, 0])).decode().splitlines()))
    assert [row["test"] for row in rows] == ["5001", "5000"]
    assert [row["place"] for row in rows] == ["1", "2"]
    assert [row["first_right_step"] for row in rows] == ["1", "1"]
    assert [row["times_forgotten"] for row in rows] == ["0", "1"]
    assert read.second is not None
    for row, at in zip(rows, (1, 0), strict=True):
        assert int(row["label"]) == read.labels[at]
        assert float(row["probability"]) == pytest.approx(read.probabilities[at].max())
        assert float(row["loss"]) == pytest.approx(-log(float(row["of_label"])))
        assert float(row["second_probability"]) == pytest.approx(read.second[at].max())
