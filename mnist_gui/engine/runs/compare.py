"""Compare runs: what differs in their recipes and in what they read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.engine.runs.run_folder import TestPredictions

_SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of `images`, `only_first` and `only_second` were read right by one of two networks only."""

    only_first: int
    only_second: int
    images: int

    @property
    def difference(self) -> float:
        """By how much the first's accuracy is above the second's, -1..1."""
        return (self.only_first - self.only_second) / self.images

    @property
    def p_value(self) -> float:
        """How probable so large a difference, or a larger one, is between two equally good ones.

        Q. McNemar, Note on the sampling error of the difference between correlated proportions,
        1947; exact, that is by the binomial distribution of the images on which they differ.
        """
        differing = self.only_first + self.only_second
        cases = case = 1  # in which none, then one, two ... of them are read right by one only
        for number in range(min(self.only_first, self.only_second)):
            case = case * (differing - number) // (number + 1)
            cases += case
        return min(1.0, 2 * cases / (1 << differing))

    @property
    def is_distinguishable(self) -> bool:
        """Whether chance alone seldom makes such a difference, that is in under 5 % of cases."""
        return self.p_value < _SIGNIFICANT

    @property
    def verdict(self) -> str:
        """The result for the first, as a clause: "0.12 points better; not distinguishable ..."."""
        points = f"{abs(self.difference) * 100:.2f} points"
        if self.difference == 0:
            what = "exactly as good"
        else:
            what = f"{points} {'better' if self.difference > 0 else 'worse'}"
        if self.is_distinguishable:
            return f"{what}; distinguishable on {self.images:,} images (p = {self.p_value:.2g})"
        return f"{what}; not distinguishable on {self.images:,} images (p = {self.p_value:.2g})"


def compare(first: TestPredictions, second: TestPredictions) -> Comparison:
    """Compare what two networks read in the same images; raises RunStoreError for others."""
    is_same = first.fingerprint == second.fingerprint
    if not (is_same and np.array_equal(first.labels, second.labels)):
        raise RunStoreError(
            "The two runs were tested on different images, so their accuracies cannot be compared; "
            "choose two runs on the same data set."
        )
    rights, others = first.is_right, second.is_right
    return Comparison(
        int(np.count_nonzero(rights & ~others)),
        int(np.count_nonzero(others & ~rights)),
        len(first.labels),
    )


def settings(run: RunRecord) -> Mapping[str, Any]:
    """Return what a run was started with: its recipe, data, device and versions, by name."""
    info = run.info
    recipe = asdict(info.recipe)
    recipe["recipe"] = recipe.pop("name")
    return {
        **recipe,
        "steps": info.steps,
        "precision": info.precision or info.recipe.precision,
        "data": info.data.name,
        "data_fingerprint": info.data.fingerprint,
        "device": info.device,
        **{f"{name}_version": version for name, version in asdict(info.versions).items()},
    }


def changed_settings(recipe: Recipe) -> dict[str, Any]:
    """Return the settings, but for the steps, that the recipe of this name has not by itself."""
    original = asdict(RECIPES.get(recipe.name, recipe))
    return {
        name: value
        for name, value in asdict(recipe).items()
        if name != "steps" and value != original[name]
    }


def settings_diff(runs: Sequence[RunRecord]) -> dict[str, tuple[Any, ...]]:
    """Return the settings that are not the same in all the runs: by name, the value of each run."""
    columns = [settings(run) for run in runs]
    rows = {name: tuple(column[name] for column in columns) for name in columns[0]}
    return {name: values for name, values in rows.items() if len(set(values)) > 1}
