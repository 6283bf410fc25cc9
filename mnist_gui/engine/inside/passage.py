"""What a network makes of one image, number by number: from its pixels to ten probabilities."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.inside.files import table_csv
from mnist_gui.engine.inside.forward import layer_outputs, softmax
from mnist_gui.engine.inside.layers import Layer, LayerKind, network_layers
from mnist_gui.engine.snapshot import Snapshot

Numbers = NDArray[np.floating]
Unit = tuple[int, ...]
"""Where a number is in a layer: (row, column, map) in maps, (place,) in a row of numbers."""

_DIGITS = (CLASSES,)


@dataclass(frozen=True, eq=False)
class Passage:
    """The layers that one image (28, 28) uint8 passes, and the numbers that each gives.

    They are the `network_layers`, then the temperature unless it is 1, softmax and the loss for
    each label. `outputs` have the shapes of the layers, `scales` are the largest sizes in them.
    """

    snapshot: Snapshot
    image: NDArray[np.uint8]
    layers: tuple[Layer, ...]
    outputs: tuple[Numbers, ...]
    scales: tuple[float, ...]

    @cached_property
    def probabilities(self) -> Numbers:
        """The probability of each digit (10,)."""
        return self.outputs[-2]

    @property
    def digit(self) -> int:
        """The most probable digit."""
        return int(np.argmax(self.probabilities))

    def value(self, place: int, unit: Unit) -> float:
        """Return the number of a unit of the layer at a place."""
        return float(self.outputs[place][unit])


def passage_layers(snapshot: Snapshot) -> tuple[Layer, ...]:
    """Return the layers that an image passes, with those after the network's own."""
    kinds = [LayerKind.SOFTMAX, LayerKind.LOSS]
    if snapshot.temperature != 1:
        kinds.insert(0, LayerKind.TEMPERATURE)
    own = network_layers(snapshot.recipe.network)
    return own + tuple(Layer(kind, _DIGITS, _DIGITS) for kind in kinds)


def pass_image(snapshot: Snapshot, image: NDArray[np.uint8]) -> Passage:
    """Let an image (28, 28) uint8 pass through a network."""
    outputs: list[Numbers] = [each[0] for each in layer_outputs(snapshot, image[np.newaxis])]
    if snapshot.temperature != 1:
        outputs.append(outputs[-1] / np.float32(snapshot.temperature))
    # The last two are computed with more digits: probabilities can be tiny.
    scores = outputs[-1].astype(np.float64)
    above = scores - scores.max()
    outputs.append(softmax(scores))
    outputs.append(np.log(np.exp(above).sum()) - above)
    scales = tuple(map(scale_of, outputs))
    return Passage(snapshot, image, passage_layers(snapshot), tuple(outputs), scales)


def scale_of(numbers: Numbers) -> float:
    """Return the largest size of the numbers that are finite, 0 if there is none."""
    sizes = np.abs(numbers)
    largest = float(sizes.max())
    if np.isfinite(largest):
        return largest
    finite = sizes[np.isfinite(sizes)]
    return float(finite.max()) if finite.size else 0.0


def layer_csv(layer: Layer, output: Numbers) -> bytes:
    """Return a layer's numbers as a table: map from 1, row and column from 0; or unit from 1."""
    if len(layer.shape) == 1:
        first = 0 if layer.is_of_digits else 1
        rows = [(place, float(value)) for place, value in enumerate(output, first)]
        return table_csv(("digit" if not first else "unit", "value"), rows)
    maps = np.moveaxis(output, 2, 0)
    return table_csv(
        ("map", "row", "column", "value"),
        ((k + 1, row, column, float(value)) for (k, row, column), value in np.ndenumerate(maps)),
    )
