"""Reads the user's own digits with any network, their images made once."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.classifier import Classifier
from mnist_gui.engine.own_digits.kept_digit import KeptDigit
from mnist_gui.engine.own_digits.own_reading import OwnReading
from mnist_gui.engine.preprocessing import MADE_AT_ONCE, images_of
from mnist_gui.engine.snapshot import Snapshot


class OwnReader:
    """Reads kept digits as the canvas' are read; to be used by one thread only.

    Images are kept by the digits' identities, whose strokes never change: 784 bytes each.
    """

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._classifier = classifier or Classifier()
        self._images: dict[str, NDArray[np.uint8]] = {}

    def read(self, snapshot: Snapshot, digits: Sequence[KeptDigit]) -> Iterator[OwnReading]:
        """Yield readings that cover ever more of the digits, MADE_AT_ONCE more each time."""
        known: dict[str, NDArray[np.float32]] = {}
        for at in range(0, len(digits), MADE_AT_ONCE):
            part = digits[at : at + MADE_AT_ONCE]
            known |= self.read_part(snapshot, part)
            yield OwnReading(snapshot.recipe.name, snapshot.step, dict(known))

    def read_part(
        self, snapshot: Snapshot, digits: Sequence[KeptDigit]
    ) -> dict[str, NDArray[np.float32]]:
        """Return the ten probabilities of each of some digits, at least one, by identity."""
        shares = self._classifier.probabilities(snapshot, self.images(digits))
        return dict(zip((digit.identity for digit in digits), shares, strict=True))

    def know(self, images: Mapping[str, NDArray[np.uint8]]) -> None:
        """Take over images that were made elsewhere, by their digits' identities."""
        self._images |= images

    def images(self, digits: Sequence[KeptDigit]) -> NDArray[np.uint8]:
        """Return the images (n, 28, 28) that a network sees of at least one digit."""
        missing = [digit for digit in digits if digit.identity not in self._images]
        if missing:
            made = images_of([digit.drawing for digit in missing])
            self._images |= zip((digit.identity for digit in missing), made, strict=True)
        return np.stack([self._images[digit.identity] for digit in digits])
