from dataclasses import replace

import pytest

from mnist_gui.engine.errors import RecipeError, SweepError
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.sweep.choices import parse_choices
from mnist_gui.engine.sweep.combinations import Ended, News, Sweep
from mnist_gui.engine.sweep.tuning import tune
from tests.engine.sweep.conftest import MakeSweep, never
from tests.refusals import not_told, refused

pytest.importorskip("optuna", reason='the extra "optuna" is not installed')

# Of these rates, the smallest learn next to nothing.
BASE = replace(RECIPES["softmax-tutorial"], steps=30, validate_every=10)
CHOICES = parse_choices(
    ["learning_rate=0.000001..1", "batch_size=20..60", "optimizer=adam,momentum"]
)
TRIALS = 12


def ends(news: list[News]) -> list[Ended]:
    return [each for each in news if isinstance(each, Ended)]


def tuned(sweep: Sweep, trials: int = TRIALS) -> list[Ended]:
    return ends(list(tune(sweep, CHOICES, trials, never, not_told)))


def tuning(sweep_of: MakeSweep, name: str = "runs") -> Sweep:
    return sweep_of(BASE.learning_rate, recipe=BASE, name=name)


@pytest.mark.slow
def test_values_are_chosen_by_the_seed_and_the_bad_ones_are_ended_early(
    sweep_of: MakeSweep,
) -> None:
    sweep = tuning(sweep_of)
    found = tuned(sweep)
    assert len(found) == TRIALS
    pruned = [each.recipe for each in found if each.is_pruned]
    assert pruned
    runs = {run.info.recipe: run for run in sweep.store.runs().runs}
    for each in found:
        status = RunStatus.STOPPED if each.is_pruned else RunStatus.COMPLETED
        assert runs[each.recipe].status is status
        assert (runs[each.recipe].info.test is None) == each.is_pruned
    # The same values again, with the same ones ended early.
    assert tuned(tuning(sweep_of, "again")) == found


@pytest.mark.slow
def test_a_tuning_that_was_stopped_goes_on_to_the_same_trials(sweep_of: MakeSweep) -> None:
    whole, sweep = tuned(tuning(sweep_of, "whole")), tuning(sweep_of)
    seen: list[News] = []
    for each in tune(sweep, CHOICES, TRIALS, lambda: len(ends(seen)) > 6, not_told):
        seen.append(each)  # noqa: PERF402 - what is seen decides how it goes on
    begun = len(sweep.store.runs().runs)
    assert begun < TRIALS
    assert tuned(sweep) == whole
    assert len(sweep.store.runs().runs) == TRIALS
    # Nothing is left to train; more trials go on where these ended.
    assert tuned(sweep, TRIALS + 1)[:-1] == whole


def test_a_run_that_fails_is_a_trial_without_a_result(sweep_of: MakeSweep) -> None:
    sweep = sweep_of(1e-3)
    found = ends(list(tune(sweep, {"learning_rate": [100.0]}, 2, never, not_told)))
    assert [each.recipe.learning_rate for each in found] == [100.0] * 2
    assert found[0].problem is not None
    assert [run.status for run in sweep.store.runs().runs] == [RunStatus.FAILED]


def test_what_cannot_be_tried_is_refused_before_anything_is_trained(sweep_of: MakeSweep) -> None:
    sweep = tuning(sweep_of)
    with refused(SweepError, "1 to 10,000 for --optuna"):
        tuned(sweep, 0)
    with refused(RecipeError, "optimizer is .bogus."):
        list(tune(sweep, {"optimizer": ["bogus"]}, 2, never, not_told))
    assert not sweep.store.folder.exists()
