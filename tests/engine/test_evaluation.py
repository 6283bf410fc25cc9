import numpy as np
import pytest

from mnist_gui.engine.prediction import Evaluation, wilson_interval


def evaluation_of(labels: list[int], read: list[int], share: float = 0.91) -> Evaluation:
    probabilities = np.full((len(labels), 10), (1 - share) / 9, np.float32)
    probabilities[np.arange(len(labels)), read] = share
    return Evaluation(np.array(labels, np.uint8), probabilities)


def test_accuracy_is_the_share_read_right() -> None:
    assert evaluation_of([1, 2, 3, 4], [1, 2, 3, 9]).accuracy == 0.75


def test_confusion_counts_labels_in_rows_and_readings_in_columns() -> None:
    confusion = evaluation_of([4, 4, 9], [9, 9, 9]).confusion
    assert confusion[4, 9] == 2
    assert confusion[9, 9] == 1
    assert confusion.sum() == 3


def test_accuracy_per_digit_is_unknown_for_digits_that_do_not_occur() -> None:
    shares = evaluation_of([4, 4, 9], [4, 9, 9]).accuracy_per_digit
    assert shares[4] == 0.5
    assert shares[9] == 1.0
    assert np.isnan(shares[0])


def test_the_hardest_image_is_the_one_whose_digit_got_the_least_probability() -> None:
    evaluation = evaluation_of([1, 2, 3], [1, 7, 3])
    assert evaluation.hardest(1).tolist() == [1]


def test_a_cell_lists_its_images_surest_first() -> None:
    evaluation = evaluation_of([4, 4, 4], [9, 9, 4])
    evaluation.probabilities[1, 9] = 0.99
    assert evaluation.cell(4, 9).tolist() == [1, 0]


def test_the_wilson_interval_is_the_textbooks() -> None:
    # R. G. Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson_interval(20, 20)[1] == 1.0


def test_nothing_is_known_of_an_empty_set() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_each_digit_has_its_accuracy_and_its_precision_with_their_intervals() -> None:
    four, nine, zero = (evaluation_of([4, 4, 4, 9], [4, 4, 9, 9]).digits[d] for d in (4, 9, 0))
    assert (four.images, four.right, four.answers) == (3, 2, 2)
    assert (four.accuracy, four.precision) == (2 / 3, 1.0)
    assert (nine.accuracy, nine.precision) == (1.0, 0.5)
    assert four.interval == wilson_interval(2, 3)
    assert nine.precision_interval == wilson_interval(1, 2)
    assert (zero.accuracy, zero.precision) == (None, None)
