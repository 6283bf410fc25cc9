"""Turn and invert the images of a data set that are not as MNIST's."""

from dataclasses import dataclass, replace
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from mnist_gui.engine.dataset import Dataset, LabelledImages


class Turn(Enum):
    """How images are turned to be upright; the value is what numpy does: transpose, then rot90."""

    NONE = (False, 0)
    TRANSPOSE = (True, 0)
    LEFT = (False, 1)
    AROUND = (False, 2)
    RIGHT = (False, 3)
    FLIP = (True, 1)
    ANTITRANSPOSE = (True, 2)
    MIRROR = (True, 3)


@dataclass(frozen=True, slots=True)
class Correction:
    """What is done to all images of a data set: they are brightened, inverted and turned.

    Brightened images, whose values were 0 and 1, say, have all the range up to 255.
    """

    turn: Turn = Turn.NONE
    inverts: bool = False
    brightens: bool = False

    def __bool__(self) -> bool:
        return self != Correction()

    def apply(self, images: NDArray[np.uint8], most: int = 255) -> NDArray[np.uint8]:
        """Return the images (n, 28, 28), corrected; `most` is the largest value in their set."""
        transposes, quarters = self.turn.value
        seen = images.transpose(0, 2, 1) if transposes else images
        if self.brightens and 0 < most < 128:
            seen = seen * np.uint8(255 // most)
        turned = np.rot90(seen, quarters, (1, 2))
        return np.ascontiguousarray(255 - turned if self.inverts else turned)


def corrected(dataset: "Dataset", correction: Correction) -> "Dataset":
    """Return a data set with corrected images, which has another fingerprint."""
    if not correction:
        return dataset
    said = f"{dataset.fingerprint} {correction}"
    parts = (dataset.train, dataset.validation, dataset.test)
    most = max(int(part.images.max(initial=0)) for part in parts)

    def of(part: "LabelledImages") -> "LabelledImages":
        images = correction.apply(part.images, most)
        images.setflags(write=False)
        return replace(part, images=images)

    return replace(
        dataset,
        train=of(dataset.train),
        validation=of(dataset.validation),
        test=of(dataset.test),
        fingerprint=sha256(said.encode()).hexdigest(),
    )
