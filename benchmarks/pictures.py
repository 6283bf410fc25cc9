"""Measures how well digits are found and read in pictures.

    python -m benchmarks.pictures [STROKES] [--model MODEL] [--digits N] [--only TEXT] [--json]
    python -m benchmarks.pictures STROKES --kinds everyday [--seeds 1 2] [--only TEXT] [--keep DIR]

MNIST's test images, and digits of STROKES (UNIPEN text or drawings as JSON Lines) drawn with a
pen, are put on paper, lit and photographed under one condition after the other; the pictures go
through the very code of the window. "Found" has a box where a digit is, "read" is found, in the
right row and place, and read right, with a 95 % interval; "whole" are the pictures of which every
row is right to the last digit. "Read directly" is the same digits without a picture.
`--kinds everyday` reads 200 pictures a seed such as people have on their disks; see `everyday.py`.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawn_digits import read_records
from benchmarks.everyday import print_everyday
from benchmarks.picture_scenes import (
    CONDITIONS,
    Condition,
    Scene,
    make_scene,
    mnist_cell,
    pen_cell,
)
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.drawing import Drawing, parse_drawing
from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.pictures.find import find_digits
from mnist_gui.engine.pictures.open import decode_picture
from mnist_gui.engine.pictures.result import FoundDigit
from mnist_gui.engine.prediction import wilson_interval
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.paths import SHIPPED_NETWORK

_SEED = 4
_OVERLAP = 0.5


@dataclass(frozen=True)
class Digits:
    """Digits to be photographed: images or drawings, and their labels."""

    name: str
    items: Sequence[NDArray[np.uint8] | Drawing]
    labels: NDArray[np.int64]

    def images(self, places: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return some of them as a network reads them (n, 28, 28)."""
        items = [self.items[place] for place in places]
        return np.stack([preprocess(i) if isinstance(i, Drawing) else i for i in items])

    def cell(self, place: int, side: int) -> NDArray[np.float32]:
        """Return one of them as ink (side, side)."""
        item = self.items[place]
        return pen_cell(item, side) if isinstance(item, Drawing) else mnist_cell(item, side)


@dataclass(frozen=True)
class Result:
    """What became of the digits under one condition."""

    digits: str
    condition: str
    total: int
    directly: int
    found: int
    read: int
    extra: int
    pictures: int
    whole: int
    refused: int


class Reader:
    """Reads pictures with one network."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._classifier = Classifier()

    def read(self, images: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Return what images (n, 28, 28) are read as."""
        probabilities = self._classifier.probabilities(self._snapshot, images)
        read: NDArray[np.int64] = probabilities.argmax(axis=1).astype(np.int64)
        return read

    def measure(self, digits: Digits, condition: Condition, count: int) -> Result:
        """Photograph so many digits, a few a picture, and read the pictures."""
        random = np.random.default_rng(_SEED)
        at_once = condition.rows * condition.columns
        pictures = max(1, count // at_once)
        places = random.permutation(len(digits.items))[: pictures * at_once]
        directly = self.read(digits.images(places)) == digits.labels[places]
        sums = np.zeros(5, np.int64)
        for some in places.reshape(pictures, at_once):
            cells = [digits.cell(place, condition.side) for place in some]
            scene = make_scene(cells, condition, random)
            labels = digits.labels[some].reshape(condition.rows, condition.columns)
            sums += self._measure_one(scene, labels)
        found, read, extra, whole, refused = sums.tolist()
        return Result(
            digits.name,
            condition.name,
            len(places),
            int(directly.sum()),
            found,
            read,
            extra,
            pictures,
            whole,
            refused,
        )

    def _measure_one(self, scene: Scene, labels: NDArray[np.int64]) -> NDArray[np.int64]:
        try:
            found = find_digits(decode_picture(scene.content, "a scene"))
        except PictureError:
            return np.array([0, 0, 0, 0, 1])
        read = self.read(np.stack([digit.image for digit in found]))
        matches = _match(found, scene)
        right = sum(
            1
            for (row, column), i in matches.items()
            if read[i] == labels[row, column] and found[i].row == row
        )
        rows = [[int(read[i]) for i, f in enumerate(found) if f.row == row] for row in _rows(found)]
        whole = rows == labels.tolist()
        return np.array([len(matches), right, len(found) - len(matches), whole, 0])


def _rows(found: Sequence[FoundDigit]) -> range:
    return range(max(digit.row for digit in found) + 1)


def _match(found: Sequence[FoundDigit], scene: Scene) -> dict[tuple[int, int], int]:
    """Return which found digit covers that of each row and column, by intersection over union."""
    matches = {}
    for place in np.ndindex(scene.boxes.shape[:2]):
        overlaps = [_overlap(np.array(digit.box), scene.boxes[place]) for digit in found]
        best = int(np.argmax(overlaps))
        if overlaps[best] > _OVERLAP:
            matches[place[0], place[1]] = best
    return matches


def _overlap(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    low, high = np.maximum(first[:2], second[:2]), np.minimum(first[2:], second[2:])
    shared = float(np.prod(np.maximum(high - low, 0)))
    areas = [float(np.prod(box[2:] - box[:2])) for box in (first, second)]
    return shared / (sum(areas) - shared)


def _mnist() -> Digits:
    test = load_dataset().test
    return Digits("MNIST test images", list(test.images), test.labels.astype(np.int64))


def _pens(path: Path) -> Digits:
    labelled = [parse_drawing(record) for record in read_records(path)]
    labels = np.array([each.label for each in labelled], np.int64)
    return Digits("drawn with a pen", [each.drawing for each in labelled], labels)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("strokes", nargs="?", type=Path)
    parser.add_argument("--model", type=Path, default=SHIPPED_NETWORK)
    parser.add_argument("--digits", type=int, default=1000, help="so many for each condition")
    parser.add_argument("--only", default="", help="conditions with this in their name")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--kinds", choices=("photographed", "everyday"), default="photographed")
    parser.add_argument("--seeds", type=int, nargs="+", default=[2], help="of everyday pictures")
    parser.add_argument("--keep", type=Path, help="a folder for everyday pictures read wrong")
    arguments = parser.parse_args()
    if arguments.kinds == "everyday":
        print_everyday(arguments)
        return 0
    reader = Reader(load_snapshot(arguments.model))
    sources = [_mnist()] + ([_pens(arguments.strokes)] if arguments.strokes else [])
    conditions = [each for each in CONDITIONS if arguments.only in each.name]
    for digits in sources:
        if not arguments.json:
            _print_head(digits)
        for condition in conditions:
            result = reader.measure(digits, condition, arguments.digits)
            print(json.dumps(asdict(result)) if arguments.json else _row(result), flush=True)
    return 0


def _print_head(digits: Digits) -> None:
    print(f"| {digits.name} | digits | read directly | found | read | 95 % | extra | whole |")
    print("|---|---|---|---|---|---|---|---|")


def _row(result: Result) -> str:
    low, high = wilson_interval(result.read, result.total)
    cells = [
        result.condition,
        f"{result.total:,}",
        f"{result.directly / result.total:.1%}",
        f"{result.found / result.total:.1%}",
        f"{result.read / result.total:.1%}",
        f"{low:.1%} to {high:.1%}",
        f"{result.extra}",
        f"{result.whole} of {result.pictures}",
    ]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
