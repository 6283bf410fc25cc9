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


def window(layer: Layer, row: int, column: int) -> Field:
    """Return which rows and columns of its input a layer of maps computes a number from.

    Where a convolution is padded they may lie outside.
    """
    margin, _ = layer.margins
    side = layer.kernel or 1
    top, left = row * layer.stride - margin, column * layer.stride - margin
    return Field(top, left, top + side, left + side)


def window_with(layer: Layer, row: int, column: int) -> tuple[int, int]:
    """Return of which number of a layer of maps a place of its input is in the middle.

    As far as there is one: at the edges of what is not padded it is not in the middle.
    """
    margin, _ = layer.margins
    middle = max((layer.kernel - layer.stride + 1) // 2, 0)
    at = (
        min(max((each + margin - middle) // layer.stride, 0), size - 1)
        for each, size in zip((row, column), layer.shape[:2], strict=True)
    )
    return next(at), next(at)


def receptive_field(layers: Sequence[Layer], place: int, unit: Unit) -> Field:
    """Return the pixels that a number of the layer at a place can depend on."""
    if len(layers[place].shape) == 1:
        flat = next(i for i, layer in enumerate(layers) if layer.kind is LayerKind.FLATTEN)
        # A number of a dense layer depends on all of the maps.
        rows, columns, _ = layers[flat].inputs
        field = Field(0, 0, rows, columns)
        if place == flat:
            row, column, _ = unflattened(layers[flat], unit[0])
            field = Field(row, column, row + 1, column + 1)
        place = flat - 1
    else:
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
