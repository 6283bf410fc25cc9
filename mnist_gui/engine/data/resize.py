"""Images of other sizes, made to images of 28x28 as MNIST was made: fitted, stretched, centred."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_gui.engine.preprocessing import BOX_SIDE, centre, stretch

# Paler than this share of the darkest ink is paper.
_PALEST = 0.15
# What each colour gives to a grey (ITU-R BT.601).
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def resized(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the image (28, 28) of greys (h, w) or colours (h, w, 3 or 4) of one digit.

    Paper is what most of the margin is, ink what differs from it. The ink's longer side becomes 20
    pixels, its strongest pixel 255, and its centre of mass goes to the middle.
    """
    greys = (image if image.ndim == 2 else as_grey(image)).astype(np.float32)
    margin = np.concatenate([greys[0], greys[-1], greys[:, 0], greys[:, -1]])
    paper = float(np.sort(margin)[len(margin) // 2])
    # On grey paper, ink is either all darker or all lighter.
    darker, lighter = np.clip(paper - greys, 0, None), np.clip(greys - paper, 0, None)
    ink = darker if darker.sum() > lighter.sum() else lighter
    seen = ink > _PALEST * ink.max(initial=0)
    if not seen.any():
        return centre(np.zeros((BOX_SIDE, BOX_SIDE), np.uint8))
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = BOX_SIDE / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    # Where it makes smaller, it averages over the area of each pixel.
    box = Image.fromarray(ink).resize((width, height), Image.Resampling.BILINEAR)
    return centre(stretch(np.clip(np.asarray(box, np.float32), 0, None)))


def as_grey(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return greys (h, w) of colours (h, w, 3) or, with opacity, (h, w, 4) on white."""
    opaque: NDArray[np.floating] = colours[..., :3].astype(np.float32)
    if colours.shape[-1] == 4:
        share = colours[..., 3:] / np.float32(255)
        opaque = opaque * share + 255 * (1 - share)
    greys: NDArray[np.uint8] = np.rint(opaque @ _LUMA).astype(np.uint8)
    return greys
