"""Measures what it is worth to read several renderings of the same strokes and take their mean.

    python -m benchmarks.renderings STROKES [MODEL] [--digits N]

STROKES is UNIPEN text (such as pendigits-orig.tra.gz) or drawings as JSON Lines, of which N are
taken at even distances; MODEL a file saved by mnist-gui, by default `cnn-best` as it ships. Prints
the accuracy of the mean of the probabilities over strokes drawn thinner and thicker, turned, and
images moved by a pixel, and the milliseconds that one drawing takes so.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawn_digits import read_records
from benchmarks.invariance import turned
from mnist_gui.engine.drawing import Drawing, parse_drawing
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.prediction import wilson_interval
from mnist_gui.engine.preprocessing import PEN_WIDTH, preprocess_all
from mnist_gui.paths import SHIPPED_NETWORK

_Images: TypeAlias = NDArray[np.uint8]


def _wide(width: float, drawing: Drawing) -> _Images:
    return preprocess_all([drawing], [width])


def _turned(degrees: float, drawing: Drawing) -> _Images:
    return preprocess_all([turned(degrees, drawing)])


def _moved(rows: int, columns: int, drawing: Drawing) -> _Images:
    return np.roll(preprocess_all([drawing]), (rows, columns), axis=(1, 2))


_PLAIN = partial(_wide, PEN_WIDTH)
_WIDTHS = [partial(_wide, 1.8), partial(_wide, 2.6)]
_TURNS = [partial(_turned, -6), partial(_turned, 6)]
_MOVES = [partial(_moved, *move) for move in ((0, -1), (0, 1), (-1, 0), (1, 0))]
RENDERINGS: Mapping[str, Sequence[Callable[[Drawing], _Images]]] = {
    "as it is": [_PLAIN],
    "1.8, 2.2 and 2.6 pixels wide": [_PLAIN, *_WIDTHS],
    "turned by -6, 0 and 6 degrees": [_PLAIN, *_TURNS],
    "moved by a pixel to four sides": [_PLAIN, *_MOVES],
    "all of these": [_PLAIN, *_WIDTHS, *_TURNS, *_MOVES],
}


def measure(
    drawings: Sequence[Drawing], labels: NDArray[np.int64], model: Path
) -> dict[str, tuple[int, float]]:
    """Return, for each set of renderings, how many are read right and the median seconds of one."""
    classifier, snapshot = Classifier(), load_snapshot(model)
    classifier.probabilities(snapshot, _PLAIN(drawings[0]))
    results = {}
    for name, ways in RENDERINGS.items():
        right, seconds = 0, []
        for drawing, label in zip(drawings, labels.tolist(), strict=True):
            started = perf_counter()
            images = np.concatenate([way(drawing) for way in ways])
            mean = classifier.probabilities(snapshot, images).mean(axis=0)
            seconds.append(perf_counter() - started)
            right += int(mean.argmax() == label)
        results[name] = (right, float(np.median(seconds)))
    return results


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("strokes", type=Path)
    parser.add_argument("model", nargs="?", type=Path, default=SHIPPED_NETWORK)
    parser.add_argument("--digits", type=int, metavar="N", help="as many as there are by default")
    arguments = parser.parse_args()
    records = read_records(arguments.strokes)
    step = max(1, len(records) // (arguments.digits or len(records)))
    pens = [parse_drawing(record) for record in records[::step]]
    labels = np.array([pen.label for pen in pens])
    results = measure([pen.drawing for pen in pens], labels, arguments.model)
    print("| renderings | read right | 95 % interval | ms a drawing |\n|---|---|---|---|")
    for name, (right, seconds) in results.items():
        low, high = wilson_interval(right, len(pens))
        print(
            f"| {name} | {right / len(pens):.2%} | {low:.2%} to {high:.2%} | {1000 * seconds:.1f} |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
