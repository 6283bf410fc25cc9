import csv
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest

from mnist_gui.engine.inside.health import (
    LIMITS,
    Finding,
    Found,
    Health,
    LayerHealth,
    activation_places,
    densities,
    distribution_of,
    evenly_chosen,
    findings,
    health_csv,
    relative_update,
)
from mnist_gui.engine.inside.layers import LayerKind, network_layers

RANDOM = np.random.default_rng(5)


def test_a_distribution_is_numpys_histogram_without_the_zeros() -> None:
    array = RANDOM.normal(0.1, 0.5, (40, 250)).astype(np.float32)
    array[array < -0.3] = 0
    seen = distribution_of(array)
    assert seen.zeros == pytest.approx((array == 0).mean())
    counted = array[array != 0]
    counts, _ = np.histogram(counted, 512)
    assert np.array_equal(seen.counts, counts)
    assert (seen.low, seen.high) == (counted.min(), counted.max())
    for share in (0.05, 0.5, 0.95):
        assert seen.quantile(share) == pytest.approx(np.quantile(counted, share), abs=0.01)


def test_absurd_weights_have_a_distribution_of_those_that_are_finite() -> None:
    found = distribution_of(np.array([-3e38, 3e38, np.nan, np.inf], np.float32))
    assert found.counts.sum() == 2


def test_of_a_large_array_evenly_chosen_numbers_are_counted() -> None:
    array = np.arange(1, 1_000_001, dtype=np.float32)
    seen = distribution_of(array)
    assert 100_000 < seen.counts.sum() <= 200_000
    assert seen.quantile(0.25) == pytest.approx(250_000, rel=0.01)


def test_of_each_unit_about_equally_many_numbers_are_chosen() -> None:
    units = np.broadcast_to(np.arange(64), (3_000, 64)).astype(np.float32)
    chosen = np.bincount(evenly_chosen(units, 10_000).astype(int), minlength=64)
    assert chosen.max() - chosen.min() <= 1


def test_zeros_alone_and_one_number_alone_have_a_distribution_too() -> None:
    nothing = distribution_of(np.zeros(9, np.float32))
    assert (nothing.zeros, nothing.counts.sum(), nothing.quantile(0.5)) == (1, 0, 0)
    same = distribution_of(np.full(9, -3, np.float32))
    assert same.counts.sum() == 9
    assert same.quantile(0.5) == pytest.approx(-3, abs=0.1)
    (low, high), heights = densities([nothing, same], 10)
    assert low < high
    assert not heights[0].any()
    assert heights[1].max() == 1


def test_densities_share_an_axis_and_are_those_of_the_numbers_themselves() -> None:
    arrays = [RANDOM.normal(0, width, 50_000).astype(np.float32) for width in (0.2, 1)]
    (low, high), heights = densities([distribution_of(array) for array in arrays], 40)
    ends = np.quantile(arrays[1], (0.002, 0.998))
    assert (low, high) == pytest.approx(tuple(ends), rel=0.05)
    for array, row in zip(arrays, heights, strict=True):
        counts, _ = np.histogram(array, 40, (low, high))
        assert np.allclose(row, counts / counts.max(), atol=0.03)


def test_a_layer_passes_on_what_comes_after_its_relu() -> None:
    for network in ("softmax", "cnn", "cnn-lean", "cnn-deep"):
        layers = network_layers(network)
        places = activation_places(network)
        kinds = {name: layers[place].kind for name, place in places.items()}
        assert kinds.pop("output") is LayerKind.OUTPUT
        if "hidden" in kinds:
            assert kinds.pop("hidden") is LayerKind.HIDDEN
        assert set(kinds.values()) <= {LayerKind.RELU}
        assert list(places.values()) == sorted(places.values())
        assert len(kinds) == {"softmax": 0, "cnn": 2, "cnn-lean": 2, "cnn-deep": 4}[network]


def test_the_update_is_the_change_of_a_step_as_a_share_of_the_weights() -> None:
    before = np.array([3, 4], np.float32)
    assert relative_update(before, before * 1.1, 10) == pytest.approx(0.01)
    assert relative_update(np.zeros(2, np.float32), before, 1) is None


SOME = distribution_of(RANDOM.normal(size=100).astype(np.float32))


def layer(name: str, **changes: object) -> LayerHealth:
    healthy = LayerHealth(name, SOME, SOME, SOME, 10.0, 1.0, 0.05, 1e-3)
    return replace(healthy, **changes)  # type: ignore[arg-type]


def health(step: int = 100, loss: float = 0.2, **changes: object) -> Health:
    return Health(step, loss, 1.5, (layer("hidden", **changes), layer("output", dead=None)))


@pytest.mark.parametrize(
    ("last", "found"),
    [
        (health(), Found(Finding.WELL)),
        (health(loss=5.0), Found(Finding.LOST, "", 5.0)),
        (health(weights_norm=400.0), Found(Finding.EXPLODED, "hidden", 40.0)),
        (health(dead=0.38), Found(Finding.DEAD, "hidden", 0.38)),
        (health(loss=1.5, gradient_norm=1e-4), Found(Finding.VANISHING, "hidden", 1e-4)),
        (health(update=0.05), Found(Finding.TOO_FAST, "hidden", 0.05)),
        # Of a network that has learnt, gradients may be small; first steps may be large.
        (health(gradient_norm=1e-4), Found(Finding.WELL)),
        (health(step=5, update=0.05), Found(Finding.WELL)),
    ],
)
def test_each_rule_finds_what_it_is_for(last: Health, found: Found) -> None:
    assert findings([health(0), last]) == (found,)


def test_weights_that_hardly_move_are_found_while_there_is_much_to_learn() -> None:
    slow = health(loss=2.0, update=1e-8)
    slow = replace(slow, layers=tuple(replace(each, update=1e-8) for each in slow.layers))
    assert findings([health(0), slow]) == (Found(Finding.TOO_SLOW, "", 1e-8),)
    assert findings([health(0), replace(slow, loss=0.1)]) == (Found(Finding.WELL),)


def test_the_worst_comes_first_and_one_network_alone_is_judged_too() -> None:
    bad = health(loss=9.0, dead=1.0, gradient_norm=0.0)
    kinds = [each.finding for each in findings([bad])]
    assert kinds == [Finding.LOST, Finding.DEAD, Finding.VANISHING]
    assert findings([health()], replace(LIMITS, dead=0.01))[0].finding is Finding.DEAD


def test_the_table_has_a_row_for_each_step_and_layer() -> None:
    rows = list(csv.DictReader(StringIO(health_csv([health(0), health()], {100: 0.5}).decode())))
    assert [(row["step"], row["layer"]) for row in rows] == [
        ("0", "hidden"),
        ("0", "output"),
        ("100", "hidden"),
        ("100", "output"),
    ]
    assert [row["learning rate"] for row in rows] == ["", "", "0.5", "0.5"]
    assert rows[2]["dead units"] == "0.05"
    assert rows[3]["dead units"] == ""
    assert float(rows[0]["weights 0.5"]) == pytest.approx(SOME.quantile(0.5))
