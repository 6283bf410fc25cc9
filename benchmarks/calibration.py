"""Finds by how much a digit must lead the next to be read: `min_margin` of each architecture.

    python -m benchmarks.calibration MODEL ... [--share 0.003] [--json]

MODEL is a file saved by mnist-gui. The margin is where that share of digits look like digits and
are left undecided; half of the digits are MNIST's validation images, half are drawn by the program
in our own pen styles, as none in training was. Prints the margins, their mean for each
architecture beside the one in use, and what is refused with that. Other people's strokes are not
looked at: what it comes to on those is measured by `benchmarks/rejection.py`.
"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.rejection import predictions_of
from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.digit_detector import DigitDetector
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.prediction import Certainty
from mnist_gui.engine.synthetic.generate import generate_digit_images, join

_SEED = 20261125
_SHARE = 0.003


@dataclass(frozen=True)
class Calibration:
    """What was found with one network.

    `no_digit` and `undecided` are the shares that it refuses with the margin that is in use.
    """

    model: str
    architecture: str
    margin: float
    no_digit: float
    undecided: float


def digits() -> NDArray[np.uint8]:
    """Return MNIST's validation images and as many in our own pen styles (n, 28, 28)."""
    validation = load_dataset().validation.images
    drawn = join(list(generate_digit_images(len(validation), _SEED)))
    return np.concatenate([validation, drawn.images])


def calibrate(
    images: NDArray[np.uint8], digit_scores: NDArray[np.float32], share: float, model: Path
) -> Calibration:
    """Return the margin that leaves a share of the images (n, 28, 28) undecided."""
    snapshot = load_snapshot(model)
    read = predictions_of(Classifier(), snapshot, images, digit_scores)
    certainties = [prediction.certainty for prediction in read]
    margins = [each.margin for each in read if each.certainty is not Certainty.NOT_A_DIGIT]
    return Calibration(
        model=model.stem,
        architecture=snapshot.recipe.network,
        margin=sorted(margins)[round(share * len(images))],
        no_digit=certainties.count(Certainty.NOT_A_DIGIT) / len(images),
        undecided=certainties.count(Certainty.UNDECIDED) / len(images),
    )


def _print(found: list[Calibration]) -> None:
    print("| network | architecture | margin | no digit | undecided | refused |")
    print("|---|---|---|---|---|---|")
    for each in found:
        print(
            f"| {each.model} | {each.architecture} | {each.margin:.3f} | {each.no_digit:.2%} "
            f"| {each.undecided:.2%} | {each.no_digit + each.undecided:.2%} |"
        )
    print("\n| architecture | networks | mean margin | min_margin in use |\n|---|---|---|---|")
    for name in dict.fromkeys(each.architecture for each in found):
        margins = [each.margin for each in found if each.architecture == name]
        in_use = ARCHITECTURES[name].min_margin
        print(f"| {name} | {len(margins)} | {np.mean(margins):.3f} | {in_use:g} |")


def main() -> int:
    """Calibrate and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--share", type=float, default=_SHARE)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    images = digits()
    digit_scores = DigitDetector().digit_scores(images)
    found = [calibrate(images, digit_scores, arguments.share, model) for model in arguments.models]
    if arguments.json:
        print(json.dumps([asdict(each) for each in found]))
    else:
        _print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
