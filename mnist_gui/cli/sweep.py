"""`mnist-gui sweep`: train many values of a recipe, here, in processes or on a cluster."""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from rich.progress import TaskID

from mnist_gui.cli.console import INTERRUPTED
from mnist_gui.cli.inputs import open_dataset, open_store_to_record
from mnist_gui.cli.parser import DONE, FAILED, print_problem, typed_values
from mnist_gui.cli.runs import (
    accuracy,
    accuracy_and_interval,
    new_table,
    print_table,
    run_as_json,
    status_text,
)
from mnist_gui.cli.train import Interrupt, progress_bar
from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.engine.sweep.choices import Choices, grid_search, parse_choices, sample_random
from mnist_gui.engine.sweep.combinations import Ended, News, Sweep, Told, Trained, sweep_here
from mnist_gui.engine.sweep.processes import sweep_in_processes
from mnist_gui.words.language import tr
from mnist_gui.words.numbers import percent
from mnist_gui.words.recipes import hyperparameter_name


def run_sweep(arguments: argparse.Namespace, interrupt: Interrupt | None = None) -> int:
    """Run `mnist-gui sweep`; return the exit status."""
    choices = parse_choices(arguments.grid)
    recipes = _recipes(arguments, choices)
    dataset = open_dataset(arguments)
    store = open_store_to_record(arguments)
    sweep = Sweep(tuple(recipes), tuple(choices), store, dataset, arguments.device)
    interrupt = interrupt or Interrupt()
    with interrupt, _Bars(sweep, arguments.optuna, interrupt) as bars:
        for news in _news(arguments, sweep, choices, interrupt):
            bars.show(news)
    runs = bars.swept().ended_runs()
    if arguments.json:
        result = {"combinations": bars.total, "runs": [run_as_json(run) for run in runs]}
        print(json.dumps(result if arguments.optuna is None else result | {"pruned": bars.pruned}))
    else:
        _print_ranking(runs, choices, bars)
    if interrupt.is_requested:
        return INTERRUPTED
    return DONE if runs and not bars.has_given_up else FAILED


def _recipes(arguments: argparse.Namespace, choices: Mapping[str, Choices]) -> list[Recipe]:
    """Return the combinations; for Optuna only the recipe that it is to vary."""
    typed = typed_values(arguments)
    for name in typed:
        if name in choices:
            text = tr("--{name} is also in --grid; give it in one place.")
            raise RecipeError(text.format(name=name))
    recipe = replace(find_recipe(arguments.recipe), **typed)
    if arguments.optuna is not None:
        if arguments.random is not None or arguments.dask is not None or arguments.jobs != 1:
            text = tr(
                "With --optuna, each run's values follow from the results of those before, one "
                "after the other; leave out --random, --jobs and --dask."
            )
            raise RecipeError(text)
        return [recipe]
    if arguments.random is not None:
        return sample_random(recipe, choices, arguments.random)
    return grid_search(recipe, choices)


def _news(
    arguments: argparse.Namespace,
    sweep: Sweep,
    choices: Mapping[str, Choices],
    interrupt: Interrupt,
) -> Iterator[News]:
    def is_stopped() -> bool:
        return interrupt.is_requested

    if arguments.optuna is not None:
        from mnist_gui.engine.sweep.tuning import tune

        return tune(sweep, choices, arguments.optuna, is_stopped, print_problem)
    if arguments.dask is not None:
        from mnist_gui.engine.sweep.cluster import sweep_on_cluster

        return sweep_on_cluster(sweep, arguments.dask, is_stopped, print_problem)
    if arguments.jobs == 1:
        return sweep_here(sweep, is_stopped, print_problem)
    return sweep_in_processes(sweep, arguments.jobs, is_stopped)


class _Bars:
    """A bar for all combinations, and below it one for each that is being trained."""

    def __init__(self, sweep: Sweep, trials: int | None, interrupt: Interrupt) -> None:
        """`trials` is how many runs Optuna makes of the sweep's one recipe."""
        self._interrupt = interrupt
        self.total = len(sweep.recipes) if trials is None else trials
        self.has_given_up = False
        self.pruned = 0
        self._sweep = sweep
        self._trials = trials
        self._tried: dict[Recipe, None] = {}
        self._progress = progress_bar()
        self._all = self._add(tr("all"), self.total)
        self._ended = 0
        if trials is None:
            left = {*sweep.remaining()}
            self._ended = sum(recipe not in left for recipe in sweep.recipes)
        # The bar of each run that is being trained, and how much of it is done, 0..1.
        self._tasks: dict[Recipe, TaskID] = {}
        self._done: dict[Recipe, float] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()

    def swept(self) -> Sweep:
        """Return the sweep with the combinations that were tried."""
        if self._trials is None:
            return self._sweep
        return replace(self._sweep, recipes=tuple(self._tried))

    def show(self, news: News) -> None:
        """Show what happened."""
        match news:
            case Trained():
                self._show_step(news)
            case Ended():
                self._show_end(news)
            case Told():
                print_problem(news.problem)
        done = self._ended + sum(self._done.values())
        self._progress.update(self._all, completed=done)

    def _add(self, title: str, total: int) -> TaskID:
        return self._progress.add_task(title, total=total, loss="", accuracy="")

    def _show_step(self, news: Trained) -> None:
        recipe = news.recipe
        if recipe not in self._tasks:
            self._tasks[recipe] = self._add(" ".join(self._sweep.values(recipe)), recipe.steps)
        self._done[recipe] = min(1.0, news.step / recipe.steps)
        self._progress.update(
            self._tasks[recipe],
            completed=news.step,
            loss="" if news.loss is None else tr("loss {loss:.3f}").format(loss=news.loss),
            accuracy=_validation(news.accuracy),
        )

    def _show_end(self, news: Ended) -> None:
        self.has_given_up |= news.is_given_up
        self.pruned += news.is_pruned
        if news.problem is not None:
            print_problem(news.problem)
        elif self._interrupt.is_requested:
            # It was stopped, and can be resumed.
            return
        self._ended += self._sweep.recipes.count(news.recipe) if self._trials is None else 1
        self._tried[news.recipe] = None
        self._done.pop(news.recipe, None)
        if news.recipe in self._tasks:
            self._progress.remove_task(self._tasks.pop(news.recipe))


def _validation(accuracy: float | None) -> str:
    if accuracy is None:
        return ""
    return tr("validation {accuracy}").format(accuracy=percent(accuracy))


def _print_ranking(runs: Sequence[RunRecord], choices: Mapping[str, Choices], bars: _Bars) -> None:
    """Print the runs, the most accurate on the validation images first."""
    ranked = sorted(
        runs, key=lambda run: -run.info.validation.accuracy if run.info.validation else 0.0
    )
    table = new_table(tr("run"), *map(hyperparameter_name, choices), tr("status"), tr("validation"))
    for run in ranked:
        values = (_value(getattr(run.info.recipe, name)) for name in choices)
        table.add_row(run.run_id, *values, status_text(run.status), accuracy(run.info.validation))
    if ranked:
        print_table(table)
    text = tr("{count} of {combinations} combinations have ended.")
    print(text.format(count=len(runs), combinations=bars.total))
    if bars.pruned:
        text = tr("Ended early, as others were better by then: {count:,}.")
        print(text.format(count=bars.pruned))
    if ranked and ranked[0].info.test:
        text = tr("Best on the validation images: {run}; on the test images {accuracy}.")
        reached = accuracy_and_interval(ranked[0].info.test)
        print(text.format(run=ranked[0].run_id, accuracy=reached))


def _value(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
