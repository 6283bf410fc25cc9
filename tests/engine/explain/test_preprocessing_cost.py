from dataclasses import replace
from itertools import product

import pytest

from mnist_gui.engine.explain.explanation import accuracy_cost, pen_digit_accuracy
from mnist_gui.engine.preprocessing import ALL_STEPS, PreprocessingSteps


@pytest.mark.parametrize("network", ["softmax", "cnn-deep", "cnn-lean"])
def test_every_combination_of_stages_was_measured_and_none_reads_clearly_better_than_all(
    network: str,
) -> None:
    # Two digits more of the 7,494 are chance.
    most = pen_digit_accuracy(ALL_STEPS, network) + 0.001
    for switches in product([True, False], repeat=4):
        assert 0.1 < pen_digit_accuracy(PreprocessingSteps(*switches), network) < most


def test_fitting_is_worth_the_most_and_more_to_softmax_regression() -> None:
    costs = {
        step: accuracy_cost(replace(ALL_STEPS, **{step: False}), "cnn-deep")
        for step in ("redraw", "fit", "stretch", "centre")
    }
    assert max(costs, key=costs.__getitem__) == "fit"
    assert accuracy_cost(PreprocessingSteps(fit=False), "softmax") > 2 * costs["fit"]
