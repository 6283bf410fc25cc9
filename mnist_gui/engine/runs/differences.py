"""In which settings runs differ."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs.facts import RunFacts

SettingValue = str | int | float


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting that is not the same in all the runs, and its value in each, in their order.

    `setting` is the name of a recipe's field, or "data", "precision", "device" or "versions".
    """

    setting: str
    values: tuple[SettingValue, ...]


def differences(runs: Sequence[RunFacts]) -> tuple[Difference, ...]:
    """Return what differs between the runs, first their recipes' settings, then all else."""
    settings = [_settings(facts) for facts in runs]
    if not settings:
        return ()
    rows = (Difference(name, tuple(each[name] for each in settings)) for name in settings[0])
    return tuple(row for row in rows if len(set(row.values)) > 1)


def _settings(facts: RunFacts) -> dict[str, SettingValue]:
    recipe = {field.name: getattr(facts.recipe, field.name) for field in fields(Recipe)}
    # What was picked says more than what was wanted; steps may have been added.
    del recipe["precision"]
    return recipe | {
        "steps": facts.steps,
        "data": facts.data.name,
        "precision": facts.precision,
        "device": facts.device,
        "versions": f"{facts.versions.program}, TensorFlow {facts.versions.tensorflow}",
    }
