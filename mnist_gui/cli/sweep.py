"""`mnist-gui sweep`: one run after another with values of a recipe, into the run store."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rich.progress import Progress
from rich.table import Table

from mnist_gui.cli.inputs import open_run_store
from mnist_gui.cli.parser import DONE, INTERRUPTED, tell, typed_values
from mnist_gui.cli.runs import print_table, share, share_and_interval
from mnist_gui.cli.training import (
    Interrupt,
    closing,
    initial_columns,
    progress_bar,
    update_bar,
)
from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.errors import MnistGuiError, RecipeError, is_out_of_memory, sentence
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.engine.runs.active_run import Run, resume_run, start_run
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.engine.runs.run_folder import run_as_json
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.runs.sweep import Choices, draw, ended_run, grid, open_run, parse_choices


def run_sweep(arguments: argparse.Namespace) -> int:
    """Train what the arguments say and is not done yet; return the exit status."""
    choices = parse_choices(arguments.grid)
    recipes = _recipes(arguments, choices)
    sweep = _Sweep(arguments, recipes)
    with Interrupt() as interrupt:
        sweep.run(interrupt)
    runs = sweep.ended_runs()
    if arguments.json:
        print(json.dumps({"combinations": len(recipes), "runs": [run_as_json(r) for r in runs]}))
    else:
        _print_runs(runs, choices, len(recipes))
    return INTERRUPTED if interrupt.is_requested else DONE


def _recipes(arguments: argparse.Namespace, choices: Mapping[str, Choices]) -> list[Recipe]:
    typed = typed_values(arguments)
    for name in typed:
        if name in choices:
            raise RecipeError(f"--{name} is also in --grid; give it in one place.")
    recipe = replace(find_recipe(arguments.recipe), **typed)
    if arguments.random is not None:
        return draw(recipe, choices, arguments.random)
    return grid(recipe, choices)


class _Sweep:
    def __init__(self, arguments: argparse.Namespace, recipes: Sequence[Recipe]) -> None:
        self._store: RunStore = open_run_store(arguments)
        self._dataset: Dataset = load_dataset(arguments.data)
        self._device: str = arguments.device
        self._recipes = recipes

    def run(self, interrupt: Interrupt) -> None:
        """Train the combinations that have not ended, one after the other."""
        with progress_bar() as progress:
            for number, recipe in enumerate(self._recipes, start=1):
                runs = self._store.runs().runs
                if interrupt.is_requested or ended_run(recipe, self._dataset.fingerprint, runs):
                    continue
                self._train(f"{number} of {len(self._recipes)}", recipe, progress, interrupt)

    def ended_runs(self) -> list[RunRecord]:
        """Return the runs of the combinations that have ended, in the combinations' order."""
        runs = self._store.runs().runs
        found = (ended_run(each, self._dataset.fingerprint, runs) for each in self._recipes)
        return list(dict.fromkeys(filter(None, found)))

    def _train(self, place: str, recipe: Recipe, progress: Progress, interrupt: Interrupt) -> None:
        task = progress.add_task(place, total=recipe.steps, loss="", accuracy="")
        try:
            with closing(self._run(recipe), self._store) as run:
                progress.update(task, **initial_columns(run.history))
                for event in run.events_until(lambda: interrupt.is_requested):
                    update_bar(progress, task, event)
        except Exception as error:
            if not isinstance(error, MnistGuiError) and not is_out_of_memory(error):
                raise
            # It is recorded as failed; the others may do better.
            tell(sentence(error))
        progress.update(task, description=place)

    def _run(self, recipe: Recipe) -> Run:
        store, dataset, device = self._store, self._dataset, self._device
        last = open_run(recipe, dataset.fingerprint, store.runs().runs)
        if last is None:
            return start_run(store, dataset, recipe, device=device, warn=tell)
        return resume_run(store, last.identity, dataset, device=device, warn=tell)


def _print_runs(
    runs: Sequence[RunRecord], choices: Mapping[str, Choices], combinations: int
) -> None:
    """Print the runs, the best first, as told by the validation images only."""
    ranked = sorted(runs, key=_validation_accuracy, reverse=True)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in ("run", *(name.replace("_", " ") for name in choices), "status", "validation"):
        table.add_column(column)
    for run in ranked:
        values = (_value(getattr(run.facts.recipe, name)) for name in choices)
        table.add_row(run.identity, *values, run.status.value, share(run.facts.validation))
    if ranked:
        print_table(table)
    print(f"{len(runs)} of {combinations} combinations have ended.")
    if ranked and ranked[0].facts.test:
        best = ranked[0]
        print(f"Best on the validation images: {best.identity}; ", end="")
        print(f"on the test images {share_and_interval(best.facts.test)}.")


def _validation_accuracy(run: RunRecord) -> float:
    return run.facts.validation.accuracy if run.facts.validation else 0.0


def _value(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
