"""What is known of a run before it begins."""

import platform
import re
from datetime import UTC, datetime
from functools import cache

from mnist_gui import __version__
from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs.facts import RunData, RunFacts, RunVersions
from mnist_gui.engine.runs.following import one_line

_MOST_NAME = 40


def first_facts(recipe: Recipe, dataset: Dataset) -> RunFacts:
    """Return what is known of a run that starts now."""
    return RunFacts(
        recipe=recipe,
        data=RunData(
            one_line(dataset.name),
            dataset.fingerprint,
            len(dataset.train),
            len(dataset.validation),
            len(dataset.test),
        ),
        versions=versions(),
        started=now(),
        steps=recipe.steps,
    )


@cache
def versions() -> RunVersions:
    """Return the versions of what computes runs in this program; looked up once, on the disk."""
    return RunVersions(
        __version__,
        platform.python_version(),
        *(_version(package) for package in ("tensorflow", "keras", "numpy")),
    )


def identity_of(facts: RunFacts) -> str:
    """Return a name for a run's folder: when it was started, which recipe, which seed."""
    moment = facts.started.astimezone().strftime("%Y%m%d-%H%M%S")
    name = re.sub(r"[^a-z0-9]+", "-", facts.recipe.name.lower())[:_MOST_NAME].strip("-")
    return "-".join(filter(None, (moment, name, f"s{facts.recipe.seed}")))


def now() -> datetime:
    """Return the time as it is kept, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def _version(package: str) -> str:
    # Imported with the first run: it takes a hundredth of a second to load.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""
