from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.data.correction import Correction, Turn
from mnist_gui.engine.data_report.report import DataReport, describe
from mnist_gui.engine.dataset import Dataset, LabelledImages, corrected
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.words.errors import sentence
from tests.engine.data_report.conftest import dataset_of

Images = NDArray[np.uint8]


@pytest.fixture(scope="module")
def digits(mnist: Dataset) -> LabelledImages:
    """Three hundred images."""
    return mnist.test.first(300)


def problems(report: DataReport) -> list[str]:
    return [warning.problem for warning in report.warnings]


def test_mnist_is_described_and_nothing_is_wrong_with_it(mnist: Dataset, reader: Snapshot) -> None:
    report = describe(mnist, reader)
    assert report.warnings == ()
    parts = (report.training, report.validation, report.test)
    assert [sum(part) for part in parts] == [55_000, 5_000, 10_000]
    assert [sum(pair) for pair in zip(*parts[:2], strict=True)] == [
        *(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949)
    ]
    assert (report.least, report.most) == (0, 255)
    assert report.mean == pytest.approx(33.4, abs=0.1)
    assert not report.correction


# A small network does too, and is quick.
@pytest.fixture(scope="module")
def quick_reader() -> Snapshot:
    return load_snapshot(SHIPPED_NETWORKS[1].path)


def test_turned_images_are_told_by_the_network_that_ships(
    digits: LabelledImages, reader: Snapshot
) -> None:
    wrong = dataset_of(digits.images, digits.labels, Correction(Turn.TRANSPOSE, True).apply)
    report = describe(wrong, reader)
    assert problems(report) == ["set-inverted", "set-transposed"]
    assert report.orientation.as_they_are is not None
    assert report.orientation.as_they_are < 0.3
    assert report.orientation.corrected == 1


@pytest.mark.parametrize("inverts", [False, True])
@pytest.mark.parametrize("turn", Turn)
def test_turned_and_inverted_images_are_told_with_what_mends_them(
    digits: LabelledImages, quick_reader: Snapshot, turn: Turn, inverts: bool
) -> None:
    wrong = dataset_of(digits.images, digits.labels, Correction(turn, inverts).apply)
    report = describe(wrong, quick_reader)
    expected = {Turn.NONE: [], Turn.TRANSPOSE: ["set-transposed"]}.get(turn, ["set-turned"])
    assert problems(report) == (["set-inverted"] if inverts else []) + expected
    mended = corrected(wrong, report.correction)
    right = dataset_of(digits.images, digits.labels)
    np.testing.assert_array_equal(mended.train.images, right.train.images)
    np.testing.assert_array_equal(mended.test.images, right.test.images)
    assert (mended.fingerprint == wrong.fingerprint) is not bool(report.correction)


@pytest.mark.parametrize("change", [lambda images: images // 128, lambda images: images // 17])
def test_images_that_are_nearly_black_are_told_also_when_they_are_turned(
    digits: LabelledImages, quick_reader: Snapshot, change: Callable[[Images], Images]
) -> None:
    faint = dataset_of(digits.images, digits.labels, lambda x: change(x).transpose(0, 2, 1))
    report = describe(faint, quick_reader)
    assert problems(report) == ["set-transposed", "set-dim"]
    assert f"at most {report.most} in place of 255" in sentence(report.warnings[1])
    assert report.correction == Correction(Turn.TRANSPOSE, brightens=True)
    mended = corrected(faint, report.correction)
    right = change(digits.images) * np.uint8(255 // report.most)
    np.testing.assert_array_equal(mended.test.images, dataset_of(right, digits.labels).test.images)


def noise(images: Images) -> Images:
    return np.random.default_rng(1).integers(0, 256, images.shape, np.uint8)


def blots(images: Images) -> Images:
    """Return light blots on black, as other sets of 28x28 images have them."""
    random = np.random.default_rng(2)
    places = random.uniform(4, 24, (len(images), 6, 1, 1, 2))
    rows, columns = np.indices((28, 28))
    grid = np.stack((rows, columns), axis=-1)
    distances = np.square(grid - places).sum(axis=-1).min(axis=1)
    light: Images = (255 * np.exp(-distances / 4)).astype(np.uint8)
    return light


@pytest.mark.parametrize("change", [noise, blots, lambda images: blots(images).transpose(0, 2, 1)])
def test_of_other_images_nobody_says_that_they_are_turned(
    digits: LabelledImages, reader: Snapshot, change: Callable[[Images], Images]
) -> None:
    report = describe(dataset_of(digits.images, digits.labels, change), reader)
    assert problems(report) == ["set-no-digits"]
    assert not report.correction


def test_other_images_that_are_dark_on_light_are_told(
    digits: LabelledImages, reader: Snapshot
) -> None:
    inverted = dataset_of(digits.images, digits.labels, lambda images: 255 - blots(images))
    report = describe(inverted, reader)
    assert problems(report) == ["set-inverted", "set-no-digits"]
    assert report.correction == Correction(inverts=True)


def test_of_a_few_images_nothing_is_said_that_takes_many(
    digits: LabelledImages, reader: Snapshot
) -> None:
    few = dataset_of(digits.images[:20], digits.labels[:20], lambda x: x.transpose(0, 2, 1))
    report = describe(few, reader)
    assert report.orientation.as_they_are is None
    assert not report.correction


def test_labels_that_stand_for_other_digits_are_told_also_of_turned_images(
    digits: LabelledImages, reader: Snapshot
) -> None:
    shifted = (digits.labels + 9) % 10
    report = describe(dataset_of(digits.images, shifted), reader)
    assert problems(report) == ["set-other-digits"]
    assert "images with the label 0 look like the digit 1" in sentence(report.warnings[0])
    turned = dataset_of(digits.images, shifted, lambda images: images.transpose(0, 2, 1))
    assert problems(describe(turned, reader)) == ["set-transposed", "set-other-digits"]


def test_missing_and_very_unequal_classes_are_told(
    mnist: Dataset, digits: LabelledImages, reader: Snapshot
) -> None:
    part = mnist.train.first(2_000)
    chosen = part.labels != 3
    chosen[np.flatnonzero(part.labels == 8)[20:]] = False
    some = LabelledImages(part.images[chosen], part.labels[chosen])
    untested = LabelledImages(digits.images[digits.labels > 1], digits.labels[digits.labels > 1])
    report = describe(replace(mnist, train=some, test=untested), reader)
    assert problems(report) == ["set-class-missing", "set-class-untested", "set-classes-unequal"]
    missing, unseen, unequal = map(sentence, report.warnings)
    assert "no training images of 3;" in missing
    assert "no test images of 0, 1;" in unseen
    assert "but 20 of 8;" in unequal


def test_copies_are_counted_within_and_between_the_parts_and_by_their_labels(
    mnist: Dataset, reader: Snapshot
) -> None:
    train, test = mnist.train.first(400), mnist.test.first(100)
    # Five test images are training images, of which two have another label; a training image is
    # there three times, once for validation.
    images, labels = test.images.copy(), test.labels.copy()
    images[:5], labels[:5] = train.images[:5], train.labels[:5]
    labels[:2] = (labels[:2] + 1) % 10
    again = train.images.copy()
    again[7] = again[6]
    validation = LabelledImages(train.images[6:7], train.labels[6:7])
    all_labels = train.labels.copy()
    all_labels[7] = all_labels[6]
    copied = Dataset(
        "copied",
        LabelledImages(again, all_labels),
        validation,
        LabelledImages(images, labels),
        "0" * 64,
    )
    report = describe(copied, reader)
    found = report.duplicates
    assert (found.in_training, found.in_test, found.in_both) == (2, 0, 5)
    assert found.contradicting == 4
    assert problems(report) == [
        "set-test-in-training",
        "set-repeated-training",
        "set-contradicting",
    ]
    assert "Of its 100 test images, 5 are among the training images" in sentence(report.warnings[0])


def test_the_sheet_has_a_row_of_samples_for_each_class(mnist: Dataset, reader: Snapshot) -> None:
    part = mnist.train.first(500)
    part = LabelledImages(part.images[part.labels != 4], part.labels[part.labels != 4])
    sheet = describe(replace(mnist, train=part), reader).sheet
    height = 2 * 28 + 2
    assert sheet.shape == (10 * height + 2, 16 * height + 2)
    rows = [sheet[2 + n * height : 58 + n * height, 2:58][::2, ::2] for n in range(10)]
    for label, image in enumerate(rows):
        of_class = part.images[part.labels == label]
        if label == 4:
            assert not len(of_class)
            assert len(np.unique(image)) == 1
        else:
            np.testing.assert_array_equal(image, of_class[0])
