import re
from dataclasses import replace
from pathlib import Path

import pytest

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.sweep.choices import (
    Range,
    ended_run,
    grid_search,
    open_run,
    parse_choices,
    sample_random,
)
from tests.engine.runs.conftest import RECIPE, record, whole_run
from tests.refusals import refused


def test_a_grid_is_every_combination_once() -> None:
    choices = parse_choices(["learning_rate=0.1,0.5", "batch-size=50,100", "optimizer=adam"])
    recipes = grid_search(RECIPE, choices)
    assert [(each.learning_rate, each.batch_size) for each in recipes] == [
        (0.1, 50),
        (0.1, 100),
        (0.5, 50),
        (0.5, 100),
    ]
    assert {each.optimizer for each in recipes} == {"adam"}


def test_what_is_drawn_is_the_same_again_and_within_its_range() -> None:
    choices = parse_choices(["learning_rate=0.001..1", "batch_size=50..60", "dropout=0,0.5"])
    assert choices["learning_rate"] == Range(0.001, 1.0)
    recipes = sample_random(RECIPE, choices, 200)
    assert sample_random(RECIPE, choices, 50) == recipes[:50]
    rates = sorted(each.learning_rate for each in recipes)
    assert rates[0] >= 0.001
    assert rates[-1] <= 1
    # Drawn by factors: half of them are below the middle of the logarithms.
    assert 0.01 < rates[100] < 0.1
    assert {each.batch_size for each in recipes} == set(range(50, 61))
    assert {each.dropout for each in recipes} == {0.0, 0.5}


@pytest.mark.parametrize(
    "text",
    [
        "learning_rate",
        "learning_rate=",
        "bogus=1",
        "name=x",
        "batch_size=1.5",
        "learning_rate=fast",
        "learning_rate=1..0.1",
        "learning_rate=0..1",
        "optimizer=adam..momentum",
    ],
)
def test_what_cannot_be_tried_is_refused_in_a_sentence(text: str) -> None:
    with refused(RecipeError, match=re.escape(text.split("=", maxsplit=1)[0])):
        parse_choices([text])


def test_values_that_training_cannot_use_are_refused() -> None:
    for texts in (["learning_rate=1000"], ["optimizer=bogus"], ["batch_size=50..60"]):
        with pytest.raises(RecipeError):
            grid_search(RECIPE, parse_choices(texts))
    with refused(RecipeError, match="far too many"):
        many = ",".join(map(str, range(1, 200)))
        grid_search(RECIPE, parse_choices([f"seed={many}", f"batch_size={many}"]))
    with pytest.raises(RecipeError):
        sample_random(RECIPE, parse_choices(["seed=1,2"]), 0)


def test_a_run_that_has_ended_is_found_by_its_recipe_and_data(
    digits: Dataset, tmp_path: Path
) -> None:
    store, dataset = RunStore(tmp_path), digits
    run_id = record(store, dataset, whole_run(dataset, wrong=0))
    runs = store.runs().runs
    found = ended_run(RECIPE, dataset.fingerprint, runs)
    assert found is not None
    assert found.run_id == run_id
    assert ended_run(replace(RECIPE, seed=2), dataset.fingerprint, runs) is None
    assert ended_run(RECIPE, "other", runs) is None
    assert open_run(RECIPE, dataset.fingerprint, runs) is None
