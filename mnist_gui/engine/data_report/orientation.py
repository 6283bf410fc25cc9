"""Whether images lie on their sides, are mirrored or inverted: by their margins and a network.

The network that ships reads some of the images in each way that they can be turned. Digits as they
should be are read nearly all, turned ones hardly; images of other things are read no better in any
way, and nothing is said of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.data.correction import Correction, Turn
from mnist_gui.engine.inside.forward import features_and_logits
from mnist_gui.engine.snapshot import Snapshot

if TYPE_CHECKING:
    from mnist_gui.engine.dataset import LabelledImages

# So many images are read as they are and as they should be, and so many of them in each way.
_SAMPLE, _EACH = 160, 60
_FEWEST = 20
_BATCH = 40
# Read so well, images are as they should be, or turned out of a wrong way.
_READ, _MORE = 0.6, 0.25
_WELL_READ = 0.9
# So many images of each label are the same digit, of so many labels at least.
_AGREEING, _FEWEST_LABELS = 0.85, 5
# Bright margins round what is darker: light paper. The mean of noise is 127.
_PAPER, _DARKER = 160, 8


@dataclass(frozen=True, slots=True)
class Orientation:
    """What corrects images, and the shares that the network reads as they are and corrected.

    The shares are None where it was not asked: there are too few images. `meanings` has the digit
    that each label seems to stand for, if that is not the label itself.
    """

    correction: Correction
    as_they_are: float | None = None
    corrected: float | None = None
    meanings: Mapping[int, int] = field(default_factory=dict)


def find_orientation(part: "LabelledImages", reader: Snapshot) -> Orientation:
    """Tell how the images of a part are to be corrected, if at all."""
    chosen = np.random.default_rng(0).permutation(len(part))[:_SAMPLE]
    images, labels = part.images[chosen], part.labels[chosen]
    images = Correction(brightens=True).apply(images, int(images.max(initial=0)))
    inverts = _is_inverted(images)
    if len(images) < _FEWEST:
        return Orientation(Correction(inverts=inverts))
    as_they_are = float((_read(reader, images) == labels).mean())
    if as_they_are >= _WELL_READ:
        return Orientation(Correction(), as_they_are, as_they_are)
    few, of_few = images[:_EACH], labels[:_EACH]
    read = {turn: _read(reader, Correction(turn, inverts).apply(few)) for turn in Turn}
    right = {turn: float((digits == of_few).mean()) for turn, digits in read.items()}
    best = _best(right, _READ)
    meanings: Mapping[int, int] = {}
    if right[best] < _READ:
        # The labels may stand for other digits than they are.
        meant = {turn: _meanings(digits, of_few) for turn, digits in read.items()}
        agreeing = {turn: share for turn, (share, _) in meant.items()}
        best = _best(agreeing, _AGREEING)
        meanings = meant[best][1] if agreeing[best] >= _AGREEING else {}
    correction = Correction(best, inverts)
    after = float((_read(reader, correction.apply(images)) == labels).mean())
    return Orientation(correction, as_they_are, after, meanings)


def _best(shares: Mapping[Turn, float], least: float) -> Turn:
    """Return the turn after which clearly more is read, and enough; else NONE."""
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= max(least, shares[Turn.NONE] + _MORE) else Turn.NONE


def _meanings(read: NDArray[np.intp], labels: NDArray[np.uint8]) -> tuple[float, Mapping[int, int]]:
    """Return the digit that most images of each label are read as, and the share that are.

    The share is 0 where two labels would stand for the same digit, or there are too few labels.
    """
    meanings: dict[int, int] = {}
    agreeing = 0
    for label in np.unique(labels).tolist():
        counts = np.bincount(read[labels == label], minlength=CLASSES)
        meanings[label] = int(counts.argmax())
        agreeing += int(counts.max())
    is_possible = len(set(meanings.values())) == len(meanings) >= _FEWEST_LABELS
    return agreeing / len(labels) if is_possible else 0.0, meanings


def _is_inverted(images: NDArray[np.uint8]) -> bool:
    margins = np.concatenate(
        [
            images[:, [0, -1]].reshape(len(images), -1),
            images[:, :, [0, -1]].reshape(len(images), -1),
        ],
        axis=1,
    )
    brightness = float(np.median(margins.mean(axis=1)))
    return brightness >= _PAPER and float(images.mean()) <= brightness - _DARKER


def _read(reader: Snapshot, images: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return the digits (n,) that a network reads in images (n, 28, 28)."""
    digits = np.empty(len(images), np.intp)
    for start in range(0, len(images), _BATCH):
        batch = slice(start, start + _BATCH)
        digits[batch] = features_and_logits(reader, images[batch])[1].argmax(axis=1)
    return digits
