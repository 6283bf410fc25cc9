"""Let Optuna choose the values of a sweep: each follows from the results of those before.

The sampler is TPE (J. Bergstra et al., Algorithms for hyper-parameter optimization, 2011), seeded
by the recipe. A run is ended early where its validation accuracy lies below the median of the runs
before it at the same step. Nothing is decided by test images.

Every trial is a run of the store, and nothing else is kept: typed again, a sweep of the same values
asks for the same trials, learns from the runs that are there, and trains what is missing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mnist_gui.engine.errors import SweepError
from mnist_gui.engine.events import Validated
from mnist_gui.engine.recipe import BOUNDS, HYPERPARAMETERS, Recipe
from mnist_gui.engine.runs.run import RunRecord, RunStatus
from mnist_gui.engine.sweep.choices import Choices, Range, ended_run, open_run
from mnist_gui.engine.sweep.combinations import (
    Ended,
    IsStopped,
    News,
    Reporter,
    Sweep,
    Warn,
    expected_problem,
    trained_events,
)

if TYPE_CHECKING:
    from optuna import Study, Trial

MOST_TRIALS = 10_000
# Before so much of a run, slow starters would be ended that come out ahead.
_UNPRUNED_SHARE = 1 / 3


def tune(
    sweep: Sweep,
    choices: Mapping[str, Choices],
    trials: int,
    is_stopped: IsStopped,
    warn: Warn,
) -> Iterator[News]:
    """Train `trials` runs of a sweep's one recipe, with values that Optuna takes from `choices`.

    Raise SweepError without Optuna, RecipeError for values that training cannot use, RunStoreError,
    and what is neither a known problem nor a lack of memory.
    """
    (recipe,) = sweep.recipes
    if not 1 <= trials <= MOST_TRIALS:
        raise SweepError("sweep-trials", count=trials, most=MOST_TRIALS)
    for name, each in choices.items():
        for value in [] if isinstance(each, Range) else each:
            replace(recipe, **{name: value})
    study = _study(recipe)
    for _ in range(trials):
        if is_stopped():
            return
        trial = study.ask()
        values = {name: _suggested(trial, name, choices[name]) for name in choices}
        tried = _Trial(sweep, replace(recipe, **values), trial)
        yield from tried.news(is_stopped, warn)
        if tried.is_left:
            return
        tried.tell(study)


def _study(recipe: Recipe) -> "Study":
    try:
        import optuna
    except ImportError as error:
        raise SweepError("no-optuna") from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna.create_study(
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=recipe.seed),
        pruner=optuna.pruners.MedianPruner(n_warmup_steps=int(recipe.steps * _UNPRUNED_SHARE)),
    )


def _suggested(trial: "Trial", name: str, choices: Choices) -> Any:
    if not isinstance(choices, Range):
        return trial.suggest_categorical(name, [*choices])
    is_log = HYPERPARAMETERS[name].by_factors
    if BOUNDS[name].is_whole:
        return trial.suggest_int(name, int(choices.low), int(choices.high), log=is_log)
    return trial.suggest_float(name, choices.low, choices.high, log=is_log)


class _Trial:
    """One trial and its run. Accuracies are counts of images, the same from memory and disk."""

    def __init__(self, sweep: Sweep, recipe: Recipe, trial: "Trial") -> None:
        self._sweep = sweep
        self._recipe = recipe
        self._trial = trial
        self._reported = -1
        self._is_pruned = False
        self.is_left = False

    def news(self, is_stopped: IsStopped, warn: Warn) -> Iterator[News]:
        """Learn from the run that is there, and train what is missing of it.

        `is_left` says then whether it was stopped before its end.
        """
        runs, fingerprint = self._sweep.store.runs().runs, self._sweep.dataset.fingerprint
        known = ended_run(self._recipe, fingerprint, runs)
        begun = known or open_run(self._recipe, fingerprint, runs)
        if begun is not None:
            self._recall(begun)
        if known is not None:
            # It has gone to its end before, in another sweep.
            self._is_pruned = False
        elif not self._is_pruned:
            yield from self._train(is_stopped, warn)
            return
        yield Ended(self._recipe, is_pruned=self._is_pruned)

    def tell(self, study: "Study") -> None:
        """Tell Optuna how the trial ended."""
        from optuna.trial import TrialState

        run = ended_run(
            self._recipe, self._sweep.dataset.fingerprint, self._sweep.store.runs().runs
        )
        if self._is_pruned:
            study.tell(self._trial, state=TrialState.PRUNED)
        elif run is None or run.info.validation is None or run.status is RunStatus.FAILED:
            study.tell(self._trial, state=TrialState.FAIL)
        else:
            study.tell(self._trial, run.info.validation.correct)

    def _recall(self, run: RunRecord) -> None:
        """Report the validations of a run that is there, as they were reported at the time."""
        curve = self._sweep.store.history(run.run_id).history.validation_accuracy
        for step, accuracy in zip(curve.steps.tolist(), curve.values.tolist(), strict=True):
            self._report(int(step), accuracy)

    def _train(self, is_stopped: IsStopped, warn: Warn) -> Iterator[News]:
        reporter = Reporter(self._recipe)
        was_stopped = False

        def is_over() -> bool:
            nonlocal was_stopped
            was_stopped = was_stopped or is_stopped()
            return was_stopped or self._is_pruned

        try:
            for event in trained_events(self._sweep, self._recipe, is_over, warn):
                if isinstance(event, Validated):
                    self._report(event.step, event.accuracy)
                yield from reporter.news(event)
        except Exception as error:
            problem = expected_problem(error)
            if problem is None:
                raise
            yield Ended(self._recipe, problem)
            return
        self.is_left = was_stopped and not self._is_pruned
        yield Ended(self._recipe, is_pruned=self._is_pruned)

    def _report(self, step: int, accuracy: float) -> None:
        """Report a validation once; at the last one there is nothing left to end early."""
        if step <= self._reported or step >= self._recipe.steps:
            return
        self._reported = step
        self._trial.report(round(accuracy * len(self._sweep.dataset.validation)), step)
        self._is_pruned |= self._trial.should_prune()
