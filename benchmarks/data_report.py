"""Measure how well turned and inverted data sets are told, and how fast copies are found.

    python -m benchmarks.data_report [--rounds 5] [--letters FILE] [--million]

Subsets of MNIST, turned and inverted in each way, are described as `mnist-gui data` does; so are
sets of other images, of which nobody should say that they are turned: noise, blots, and the ten
letters of a set (`--letters`: gzipped JSON Lines of labelled drawings). A right answer names
exactly what was done to the images. With `--million`, also the time for 1,000,000 images.
"""

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.data.correction import Correction, Turn
from mnist_gui.engine.data_report.duplicates import first_equals
from mnist_gui.engine.data_report.orientation import find_orientation
from mnist_gui.engine.dataset import LabelledImages, load_dataset
from mnist_gui.engine.drawing import parse_drawing
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.preprocessing import preprocess_all
from mnist_gui.paths import SHIPPED_NETWORK

_SIZES = (20, 50, 200, 1_000, 10_000, 55_000)
_WAYS = tuple(Correction(turn, inverts) for turn in Turn for inverts in (False, True))
_READER = load_snapshot(SHIPPED_NETWORK)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="subsets of each size")
    parser.add_argument("--letters", type=Path, help="labelled drawings of letters")
    parser.add_argument("--million", action="store_true", help="time 1,000,000 images too")
    arguments = parser.parse_args()
    random = np.random.default_rng(1)
    _print_digits(random, arguments.rounds)
    for name, part in _other_sets(random, arguments.letters):
        _print_others(name, part)
    if arguments.million:
        _print_million(random)


def _print_digits(random: np.random.Generator, rounds: int) -> None:
    train = load_dataset().train
    for size in _SIZES:
        right, seconds, count = 0, [], rounds if size < len(train) else 1
        for _ in range(count):
            chosen = random.permutation(len(train))[:size]
            images, labels = train.images[chosen], train.labels[chosen]
            for way in _WAYS:
                wrong = LabelledImages(way.apply(images), labels)
                begun = perf_counter()
                found = find_orientation(wrong, _READER).correction
                seconds.append(perf_counter() - begun)
                right += bool((found.apply(wrong.images[:9]) == images[:9]).all())
        share = f"{right} of {count * len(_WAYS)} told rightly"
        print(f"MNIST, {size:>6,} images: {share}, {np.median(seconds):.2f} s (median)")


def _other_sets(
    random: np.random.Generator, letters: Path | None
) -> Iterator[tuple[str, LabelledImages]]:
    labels = random.integers(0, 10, 1_000).astype(np.uint8)
    yield "noise", LabelledImages(random.integers(0, 256, (1_000, 28, 28), np.uint8), labels)
    yield "blots", LabelledImages(_blots(random, 1_000), labels)
    if letters is not None:
        yield from _letter_sets(random, letters)


def _blots(random: np.random.Generator, count: int) -> NDArray[np.uint8]:
    places = random.uniform(4, 24, (count, 6, 1, 1, 2))
    rows, columns = np.indices((28, 28))
    grid = np.stack((rows, columns), axis=-1)
    distances = np.square(grid - places).sum(axis=-1).min(axis=1)
    images: NDArray[np.uint8] = (255 * np.exp(-distances / 4)).astype(np.uint8)
    return images


def _letter_sets(random: np.random.Generator, path: Path) -> Iterator[tuple[str, LabelledImages]]:
    """Yield sets of ten letters each, capital or small, numbered by the alphabet."""
    with gzip.open(path, "rt") as file:
        records = [json.loads(line) for line in file]
    names = np.array([record.pop("label") for record in records])
    images = preprocess_all([parse_drawing(record).drawing for record in records])
    for alphabet in ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"):
        for _ in range(5):
            ten = sorted(random.permutation(list(alphabet))[:10])
            chosen = np.isin(names, ten)
            codes = np.searchsorted(ten, names[chosen]).astype(np.uint8)
            yield f"letters {''.join(ten)}", LabelledImages(images[chosen], codes)


def _print_others(name: str, part: LabelledImages) -> None:
    said = []
    for way in _WAYS:
        turned = LabelledImages(way.apply(part.images), part.labels)
        found = find_orientation(turned, _READER).correction
        said.append((found.turn is not Turn.NONE, found.inverts is way.inverts))
    turned_called, inversion_right = np.sum(said, axis=0)
    of_all = f"of {len(_WAYS)}"
    print(f"{name}: called turned {turned_called} {of_all}, inversion right {inversion_right}")


def _print_million(random: np.random.Generator) -> None:
    images = random.integers(0, 256, (1_000_000, 28, 28), np.uint8)
    images[-100:] = images[:100]
    begun = perf_counter()
    firsts = first_equals([images])
    copies = int((firsts != np.arange(len(firsts))).sum())
    print(f"1,000,000 images: {copies} copies found in {perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
