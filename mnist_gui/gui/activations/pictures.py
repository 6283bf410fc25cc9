"""Numbers of layers as pictures."""

from dataclasses import dataclass
from functools import cache
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPalette

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.inside.layers import LayerKind
from mnist_gui.engine.inside.passage import Numbers, Passage
from mnist_gui.engine.inside.unit import evidence
from mnist_gui.gui.common.diverging import DivergingColormap, diverging_colormap
from mnist_gui.gui.common.images import as_qimage

# Of each of the two colours.
_LEVELS = 100
# Of what adds anything at all, a share has less than the full colour.
_IN_SCALE = 0.98


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Pictures of the same size, one below the other; blue is `scale`, orange minus that."""

    picture: QImage
    rows: int
    columns: int
    scale: float


def coloured(numbers: Numbers, scale: float, colours: QPalette) -> QImage:
    """Return numbers (rows, columns) in blue where positive, orange where negative.

    Blue is `scale`, orange minus that. What is no number counts as 0.
    """
    levels = numbers * np.float32(_LEVELS / (scale or 1.0))
    if not np.isfinite(levels).all():
        levels = np.nan_to_num(levels, posinf=_LEVELS, neginf=-_LEVELS)
    levels = (levels.clip(-_LEVELS, _LEVELS) + np.float32(_LEVELS + 0.5)).astype(np.uint8)
    pixels = _table(diverging_colormap(colours))[levels]
    rows, columns = pixels.shape
    # The buffer belongs to the array, which may go before the picture does.
    kind = QImage.Format.Format_RGB32
    return QImage(pixels.data, columns, rows, 4 * columns, kind).copy()


@cache
def _table(colormap: DivergingColormap) -> NDArray[np.uint32]:
    """Return the colours from full orange to full blue, as Qt holds them."""
    levels = range(-_LEVELS, _LEVELS + 1)
    return np.array([colormap.colour(level / _LEVELS).rgb() for level in levels], np.uint32)


def _inked(numbers: Numbers, scale: float, ink: NDArray[np.uint8], colours: QPalette) -> QImage:
    """Return numbers as `coloured` does, but where there is no ink the ground."""
    finite = np.nan_to_num(numbers.astype(np.float64), posinf=scale, neginf=-scale)
    return diverging_colormap(colours).picture(finite, ink, scale or 1.0)


def layer_strip(passage: Passage, place: int, colours: QPalette) -> Strip:
    """Return a picture of each map or unit of a layer.

    Of the ten digits, where their inputs come from maps, it is what each place adds.
    """
    layer, output = passage.layers[place], passage.outputs[place]
    if layer.kind is LayerKind.INPUT:
        return Strip(as_qimage(passage.image), layer.shape[0], layer.shape[1], 1.0)
    shares = evidence(passage, place) if layer.is_of_digits else None
    if shares is not None:
        return _evidence_strip(passage, shares, colours)
    scale = passage.scales[place]
    if len(layer.shape) == 1:
        return Strip(coloured(output[:, np.newaxis], scale, colours), 1, 1, scale)
    rows, columns, _ = layer.shape
    stacked = np.moveaxis(output, 2, 0).reshape(-1, columns)
    return Strip(coloured(stacked, scale, colours), rows, columns, scale)


def _evidence_strip(passage: Passage, shares: Numbers, colours: QPalette) -> Strip:
    rows, columns, units = shares.shape
    scale = _common_scale(shares)
    stacked = np.moveaxis(shares, 2, 0).reshape(-1, columns)
    picture = coloured(stacked, scale, colours)
    if passage.image.shape == (rows, columns):
        picture = _inked(stacked, scale, np.tile(passage.image, (units, 1)), colours)
    return Strip(picture, rows, columns, scale)


def _common_scale(shares: Numbers) -> float:
    """Return the size that few of the shares exceed, beside which others would look alike."""
    sizes = np.sort(np.abs(shares[(shares != 0) & np.isfinite(shares)]))
    return float(sizes[int(_IN_SCALE * (len(sizes) - 1))]) if len(sizes) else 0.0


def unit_evidence(
    passage: Passage, place: int, unit: int, colours: QPalette
) -> tuple[QImage, Numbers] | None:
    """Return what each place of the maps adds to a dense unit, as a picture and as numbers."""
    shares = evidence(passage, place)
    if shares is None:
        return None
    numbers = shares[..., unit]
    # All ten digits are on one scale.
    scale = _common_scale(shares if shares.shape[2] == CLASSES else numbers)
    if passage.image.shape == numbers.shape:
        return _inked(numbers, scale, passage.image, colours), numbers
    return coloured(numbers, scale, colours), numbers


def thumbnail(passage: Passage, place: int, number: int, colours: QPalette) -> QImage:
    """Return a picture of one map of a layer; of a row of numbers, all of them as a square."""
    layer, output = passage.layers[place], passage.outputs[place]
    if layer.kind is LayerKind.INPUT:
        return as_qimage(passage.image)
    scale = passage.scales[place]
    if len(layer.shape) == 3:
        return coloured(output[..., number], scale, colours)
    rows, columns = square_of(len(output))
    square = np.zeros(rows * columns, output.dtype)
    square[: len(output)] = output
    return coloured(square.reshape(rows, columns), scale, colours)


def square_of(count: int) -> tuple[int, int]:
    """Return in how many rows and columns a row of numbers is shown; ten digits in a column."""
    columns = 1 if count == CLASSES else ceil(sqrt(count))
    return ceil(count / columns), columns
