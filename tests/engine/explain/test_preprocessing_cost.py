from dataclasses import replace
from itertools import product

import pytest

from mnist_gui.engine.explain.explanation import cost_of_leaving_out, share_read_right
from mnist_gui.engine.preprocessing import ALL_STEPS, PreprocessingSteps


@pytest.mark.parametrize("network", ["softmax", "cnn-deep", "cnn-lean"])
def test_every_combination_of_stages_was_measured_and_none_reads_clearly_better_than_all(
    network: str,
) -> None:
    # Two digits more of the 7,494 are chance.
    most = share_read_right(ALL_STEPS, network) + 0.001
    for switches in product([True, False], repeat=4):
        assert 0.1 < share_read_right(PreprocessingSteps(*switches), network) < most


def test_fitting_is_worth_the_most_and_more_to_softmax_regression() -> None:
    costs = {
        stage: cost_of_leaving_out(replace(ALL_STEPS, **{stage: False}), "cnn-deep")
        for stage in ("redraw", "fit", "stretch", "centre")
    }
    assert max(costs, key=costs.__getitem__) == "fit"
    assert cost_of_leaving_out(PreprocessingSteps(fit=False), "softmax") > 2 * costs["fit"]
