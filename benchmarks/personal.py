"""Measures what learning a hand gains on digits of that hand which were not learnt.

    python -m benchmarks.personal PEN_FILE --from MODEL [--own 30] [--seeds 1] [--writers all]
                                  [--json]

PEN_FILE is UNIPEN text with writers (such as pendigits-orig.tra.gz). For each writer and seed,
so many of the writer's digits are chosen at random and learnt by the very code of the window and
the command line; then all the others are read. Prints errors before and after for each writer, the
ratio of all errors and the mean of the writers' ratios (of those with errors before), with 95 %
intervals by resampling writers; what is forgotten of the MNIST test images; seconds. The networks
that are trained here are measured and thrown away.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawn_digits import read_records
from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.drawing import LabelledDrawing, parse_drawing
from mnist_gui.engine.finetune.finetune import finetune
from mnist_gui.engine.finetune.result import FineTuningResult
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.preprocessing import preprocess_all
from mnist_gui.engine.snapshot import Snapshot

_RESAMPLES = 10_000
_Hands: TypeAlias = dict[int, list[LabelledDrawing]]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What one writer's hand gave: errors on the `rest` of its digits, and on others.

    `own` are the held-out ones of the learnt digits, as the program itself reports them.
    """

    writer: int
    seed: int
    rest: int
    before: int
    after: int
    own_before: int
    own_after: int
    test_before: float
    test_after: float
    is_recommended: bool
    seconds: float


def read_hands(path: Path, which: str) -> _Hands:
    """Return the digits of the writers with even numbers, odd ones, or all."""
    hands: _Hands = {}
    for record in read_records(path):
        writer = record["writer"]
        if which == "all" or which == ("odd" if writer % 2 else "even"):
            hands.setdefault(writer, []).append(parse_drawing(record))
    return dict(sorted(hands.items()))


class Bench:
    """Learns hands with one base network."""

    def __init__(self, base: Snapshot, dataset: Dataset, own: int) -> None:
        self._base = base
        self._dataset = dataset
        self._own = own
        self._classifier = Classifier()

    def learn(self, writer: int, hand: list[LabelledDrawing], seed: int) -> Learnt:
        """Learn some of a writer's digits, and read the rest."""
        order = np.random.default_rng((seed, writer)).permutation(len(hand))
        own = [hand[place] for place in order[: self._own]]
        rest = [hand[place] for place in order[self._own :]]
        result = self._result(own, seed)
        return Learnt(
            writer=writer,
            seed=seed,
            rest=len(rest),
            before=self._errors(self._base, rest),
            after=self._errors(result.snapshot, rest),
            own_before=len(result.held_out) - result.user_before.correct,
            own_after=len(result.held_out) - result.user_after.correct,
            test_before=result.test_before.accuracy,
            test_after=result.test_after.accuracy,
            is_recommended=not result.objections,
            seconds=result.seconds,
        )

    def _result(self, own: list[LabelledDrawing], seed: int) -> FineTuningResult:
        events = finetune(self._dataset, self._base, own, seed=seed, classifier=self._classifier)
        *_, result = events
        assert isinstance(result, FineTuningResult)
        return result

    def _errors(self, snapshot: Snapshot, digits: list[LabelledDrawing]) -> int:
        images = preprocess_all([each.drawing for each in digits])
        read = np.argmax(self._classifier.probabilities(snapshot, images), axis=1)
        return int(np.count_nonzero(read != [each.label for each in digits]))


def ratio_of_totals(before: NDArray[np.int64], after: NDArray[np.int64]) -> float:
    """Return all errors after (n,) to all errors before (n,)."""
    return float(after.sum() / max(before.sum(), 1))


def mean_ratio(before: NDArray[np.int64], after: NDArray[np.int64]) -> float:
    """Return the mean of the writers' ratios, of those with errors before."""
    had = before > 0
    return float((after[had] / before[had]).mean()) if had.any() else float("nan")


def interval(
    statistic: Callable[[NDArray[np.int64], NDArray[np.int64]], float], rows: list[Learnt]
) -> tuple[float, float]:
    """Return the 95 % interval of a statistic of errors before and after, resampling writers."""
    writers = sorted({row.writer for row in rows})
    errors = [[(r.before, r.after) for r in rows if r.writer == writer] for writer in writers]
    random = np.random.default_rng(0)
    values = []
    for _ in range(_RESAMPLES):
        chosen = [errors[place] for place in random.integers(0, len(writers), len(writers))]
        before, after = np.array([pair for pairs in chosen for pair in pairs]).T
        values.append(statistic(before, after))
    low, high = np.nanquantile(values, [0.025, 0.975])
    return float(low), float(high)


def summary(rows: list[Learnt]) -> dict[str, Any]:
    """Return what the rows say together."""
    before = np.array([row.before for row in rows])
    after = np.array([row.after for row in rows])
    forgotten = np.array([row.test_before - row.test_after for row in rows])
    return {
        "hands": len(rows),
        "errors_before": int(before.sum()),
        "errors_after": int(after.sum()),
        "ratio": ratio_of_totals(before, after),
        "ratio_interval": interval(ratio_of_totals, rows),
        "mean_ratio": mean_ratio(before, after),
        "mean_ratio_interval": interval(mean_ratio, rows),
        "own_errors_before": sum(row.own_before for row in rows),
        "own_errors_after": sum(row.own_after for row in rows),
        "test_before": rows[0].test_before,
        "forgotten": float(forgotten.mean()),
        "most_forgotten": float(forgotten.max()),
        "recommended": sum(row.is_recommended for row in rows),
        "seconds": median(row.seconds for row in rows),
        "most_seconds": max(row.seconds for row in rows),
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("strokes", type=Path)
    parser.add_argument("--from", dest="model", type=Path, required=True)
    parser.add_argument("--own", type=int, default=30, help="digits of a writer that are learnt")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--writers", choices=("all", "even", "odd"), default="all")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    bench = Bench(load_snapshot(arguments.model), load_dataset(), arguments.own)
    hands = read_hands(arguments.strokes, arguments.writers)
    rows = list(_learn_all(bench, hands, arguments.seeds))
    if arguments.json:
        print(json.dumps({"summary": summary(rows), "hands": [asdict(row) for row in rows]}))
    else:
        _print_summary(arguments.model, summary(rows))
    return 0


def _learn_all(bench: Bench, hands: _Hands, seeds: int) -> Iterator[Learnt]:
    for seed in range(1, seeds + 1):
        for writer, hand in hands.items():
            row = bench.learn(writer, hand, seed)
            print(
                f"writer {writer:2}, seed {seed}: {row.before:2} -> {row.after:2} errors of "
                f"{row.rest}, MNIST {row.test_before:.2%} -> {row.test_after:.2%}, "
                f"{row.seconds:.1f} s",
                file=sys.stderr,
            )
            yield row


def _print_summary(model: Path, total: dict[str, Any]) -> None:
    low, high = total["ratio_interval"]
    mean_low, mean_high = total["mean_ratio_interval"]
    print(
        f"{model.name}, {total['hands']} hands: {total['errors_before']} -> "
        f"{total['errors_after']} errors, ratio {total['ratio']:.2f} ({low:.2f} to {high:.2f}), "
        f"mean of the writers' {total['mean_ratio']:.2f} ({mean_low:.2f} to {mean_high:.2f}); "
        f"held-out own digits {total['own_errors_before']} -> {total['own_errors_after']}\n"
        f"MNIST test {total['test_before']:.2%}, {total['forgotten'] * 100:+.3f} points forgotten "
        f"on average, {total['most_forgotten'] * 100:+.2f} at most; "
        f"{total['recommended']} recommended; "
        f"{total['seconds']:.1f} s a hand, {total['most_seconds']:.1f} at most"
    )


if __name__ == "__main__":
    sys.exit(main())
