"""Labelled drawings as a data set is: images with their labels."""

from collections.abc import Sequence

import numpy as np

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.preprocessing import MADE_AT_ONCE, images_of
from mnist_gui.engine.strokes import LabelledDrawing


def labelled_images(drawings: Sequence[LabelledDrawing]) -> LabelledImages:
    """Return the images (n, 28, 28) and labels of those drawings, at least one, that have one."""
    labelled = [each for each in drawings if each.label is not None]
    parts = [
        images_of([each.drawing for each in labelled[at : at + MADE_AT_ONCE]])
        for at in range(0, len(labelled), MADE_AT_ONCE)
    ]
    return LabelledImages(
        np.concatenate(parts), np.array([each.label for each in labelled], np.uint8)
    )
