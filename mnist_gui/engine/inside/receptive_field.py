"""Which pixels a number of a layer can depend on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.inside.layers import Layer, LayerKind
from mnist_gui.engine.inside.passage import Unit


@dataclass(frozen=True, slots=True)
class Field:
    """Rows and columns of an image, from the first to the one after the last."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.bottom - self.top

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return self.right - self.left


_WHOLE = Field(0, 0, IMAGE_SIDE, IMAGE_SIDE)


def window(layer: Layer, row: int, column: int) -> Field:
    """Return which rows and columns of its input a layer of maps computes a number from.

    Where a convolution is padded they may lie outside.
    """
    if layer.kind is LayerKind.POOLING:
        top, left, side = 2 * row, 2 * column, 2
    elif layer.kind is LayerKind.CONVOLUTION:
        margin = layer.kernel // 2 if layer.is_padded else 0
        top, left, side = row - margin, column - margin, layer.kernel
    else:
        top, left, side = row, column, 1
    return Field(top, left, top + side, left + side)


def receptive_field(layers: Sequence[Layer], place: int, unit: Unit) -> Field:
    """Return the pixels that a number of the layer at a place can depend on."""
    while len(layers[place].shape) == 1:
        if layers[place].kind is not LayerKind.FLATTEN:
            return _WHOLE
        unit = unflattened(layers[place], unit[0])
        place -= 1
    field = Field(unit[0], unit[1], unit[0] + 1, unit[1] + 1)
    for layer in reversed(layers[1 : place + 1]):
        first = window(layer, field.top, field.left)
        last = window(layer, field.bottom - 1, field.right - 1)
        field = Field(first.top, first.left, last.bottom, last.right)
    return Field(
        max(field.top, 0),
        max(field.left, 0),
        min(field.bottom, IMAGE_SIDE),
        min(field.right, IMAGE_SIDE),
    )


def unflattened(layer: Layer, place: int) -> Unit:
    """Return where the number at a place of a flattened row was in the maps."""
    return tuple(int(each) for each in np.unravel_index(place, layer.inputs))
