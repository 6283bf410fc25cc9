"""Looks for wrong labels among MNIST's training images, and counts the known ones it finds.

    python -m benchmarks.label_errors [--folder FOLDER] [--first N]

Each image is read by a network that has not learnt from it, as the page Images does it, and those
whose label is the least probable come first. The known ones are the 17 indices that `cleanlab`
marks as the blatant label errors of the training set: github.com/cleanlab/cleanlab, the file
examples/mnist/label_errors_mnist_train_cnn.py at commit 357e2ad259263571d3e14158781ce329452f3b71.
The reading is kept in the folder, if there is one, and taken from there the next time.
"""

import argparse
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.inside.image_lists import ReadImages, Split, likely_wrong_labels
from mnist_gui.engine.training.label_errors import (
    FOLDS,
    RECIPE,
    ROUNDS,
    OutOfFoldReader,
    training_file,
)

# In the order of that file. It leaves out as less clear 59701, 42566, 26940 and 47759.
KNOWN = (
    *(21601, 40466, 29922, 40144, 51248, 43454, 59915, 57662, 25678),
    *(2676, 24798, 31727, 7080, 26560, 10994, 53396, 54264),
)
_BEST_KNOWN = 15


def main() -> None:
    """Print where the known ones are in the list."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, help="where the reading is kept")
    parser.add_argument("--first", type=int, default=100, help="how many of the list count")
    options = parser.parse_args()
    dataset = load_dataset()
    images = training_file(dataset)
    with tempfile.TemporaryDirectory() as temporary:
        reading = OutOfFoldReader(options.folder or Path(temporary)).read(dataset)
        started = perf_counter()
        while True:
            try:
                next(reading)
            except StopIteration as ended:
                shares = ended.value
                break
    seconds = perf_counter() - started
    print(f"{ROUNDS} rounds of {FOLDS} folds, {RECIPE.steps} steps each: {seconds:.0f} s")
    numbers = np.arange(len(images))
    read = ReadImages(Split.TRAINING, images.images, images.labels, numbers, shares)
    print(f"read as their label: {1 - np.mean(read.read != read.labels):.2%}")
    print(f"likely wrong by confident learning: {likely_wrong_labels(images.labels, shares)}")
    order = read.contradicted().tolist()
    print("index  label  read as  place in the list")
    for index in KNOWN:
        place = order.index(index) + 1 if index in order else "-"
        print(f"{index:5}  {images.labels[index]:5}  {read.read[index]:7}  {place:>17}")
    found = set(order[: options.first])
    for most in (_BEST_KNOWN, len(KNOWN)):
        hits = len(found.intersection(KNOWN[:most]))
        print(f"of the first {most} known ones among the first {options.first}: {hits}")
    print("the first 20:", *order[:20])


if __name__ == "__main__":
    main()
