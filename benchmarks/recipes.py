"""Measures what the recipes reach, and in what time.

    python benchmarks/recipes.py [--recipes NAME ...] [--seeds 5] [--drawings FILE.jsonl]
                                 [--keep FOLDER] [--json]

Trains each recipe in full, once for each seed and each time in a process of its own, and prints a
table: test accuracy (mean, standard deviation over the seeds, 95 % interval of the mean), the
share of the drawings read right, seconds, and how many times that goes into the time that
cnn-tutorial takes. The latter is measured in the same run: the median speed of a few hundred of
its steps, before each seed, times its 20,000 steps.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Any

from mnist_gui.engine.recipe import RECIPES

_TUTORIAL = "cnn-tutorial"
_SAMPLE_STEPS = 300
# Student's t for a 95 % interval, by the number of seeds.
_STUDENT_T = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365}


@dataclass
class Row:
    """What one recipe gave, an entry for each seed."""

    recipe: str
    test: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    setup: list[float] = field(default_factory=list)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recipes", nargs="+", default=list(RECIPES), choices=RECIPES)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--drawings", type=Path)
    parser.add_argument("--keep", type=Path, help="keep the networks in this folder")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        rows, tutorial = _measure(arguments.recipes, arguments.seeds, arguments.drawings, folder)
    if arguments.json:
        print(json.dumps({"tutorial_seconds": tutorial, "rows": [vars(row) for row in rows]}))
    else:
        _print_table(rows, tutorial)
    return 0


def _measure(
    recipes: list[str], seeds: int, drawings: Path | None, folder: Path
) -> tuple[list[Row], float]:
    rows = [Row(recipe) for recipe in recipes]
    speeds = []
    for seed in range(1, seeds + 1):
        speeds.append(_run("train", "--recipe", _TUTORIAL, "--steps", _SAMPLE_STEPS))
        for row in rows:
            _measure_one(row, seed, drawings, folder / f"{row.recipe}-{seed}.mnistgui")
    speed = median(result["steps_per_second"] for result in speeds)
    return rows, RECIPES[_TUTORIAL].steps / speed


def _measure_one(row: Row, seed: int, drawings: Path | None, path: Path) -> None:
    result = _run("train", "--recipe", row.recipe, "--seed", seed, "--out", path)
    row.test.append(result["test_accuracy"])
    row.validation.append(result["validation_accuracy"])
    row.seconds.append(result["train_seconds"])
    row.setup.append(result["setup_seconds"])
    if drawings:
        read = _run("evaluate", "--model", path, "--drawings", drawings)
        row.drawn.append(read["drawing_accuracy"])
    print(f"{row.recipe} seed {seed}: {result['test_accuracy']:.2%}", file=sys.stderr)


def _run(*arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "mnist_gui", *map(str, arguments), "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _print_table(rows: list[Row], tutorial: float) -> None:
    print(f"cnn-tutorial's 20,000 steps take {tutorial:.0f} s here.\n")
    print("| recipe | seeds | test accuracy | sd | 95 % interval of the mean | validation | drawn "
          "| training, s | with set-up, s | tutorial's time / training |")  # fmt: skip
    print("|---" * 10 + "|")
    for row in rows:
        mean, spread, (low, high) = _summary(row.test)
        drawn = f"{fmean(row.drawn):.2%}" if row.drawn else "-"
        seconds, setup = median(row.seconds), median(row.setup)
        print(
            f"| `{row.recipe}` | {len(row.test)} | {mean:.3%} | {spread:.3%} "
            f"| {low:.2%} to {high:.2%} | {fmean(row.validation):.2%} | {drawn} "
            f"| {seconds:.1f} | {seconds + setup:.1f} | {tutorial / seconds:.1f} |"
        )


def _summary(shares: list[float]) -> tuple[float, float, tuple[float, float]]:
    """Return mean, standard deviation and 95 % interval of the mean, by Student's t."""
    mean = fmean(shares)
    if len(shares) < 2:
        return mean, float("nan"), (float("nan"), float("nan"))
    spread = stdev(shares)
    reach = _STUDENT_T.get(len(shares), 2.0) * spread / len(shares) ** 0.5
    return mean, spread, (mean - reach, mean + reach)


if __name__ == "__main__":
    sys.exit(main())
