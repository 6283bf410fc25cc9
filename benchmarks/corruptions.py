"""Measures how well networks read spoiled images: the fifteen corruptions of MNIST-C.

    python -m benchmarks.corruptions MODEL ...

The images are MNIST's validation images; mnist_gui/engine/corruptions.py says what the corruptions
are. The mean is that of the fifteen.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.corruptions import CORRUPTIONS, corrupted_batches
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot


def _spoiled(images: NDArray[np.uint8]) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    yield "none", images
    for name in CORRUPTIONS:
        yield name, next(corrupted_batches(images, name, len(images)))


def main() -> int:
    """Print the share of spoiled images that each network reads right."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL")
    models = parser.parse_args().models
    images, classifier = load_dataset().validation, Classifier()
    snapshots = [load_snapshot(path) for path in models]
    print("|", *(f"| {path.stem}" for path in models), "|")
    print("|---" * (len(models) + 1), end="|\n")
    means = np.zeros(len(models))
    for name, spoiled in _spoiled(images.images):
        right = [
            float((classifier.probabilities(each, spoiled).argmax(axis=1) == images.labels).mean())
            for each in snapshots
        ]
        if name != "none":
            means += np.array(right) / len(CORRUPTIONS)
        print(f"| {name}", *(f"| {share:.1%}" for share in right), "|", flush=True)
    print("| mean", *(f"| {share:.1%}" for share in means), "|")
    return 0


if __name__ == "__main__":
    sys.exit(main())
