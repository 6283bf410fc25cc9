"""How a network's time is shared between its layers, and its layers as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from mnist_gui.engine.inside.files import table_csv
from mnist_gui.engine.inside.layers import Layer


@dataclass(frozen=True, slots=True)
class LayerTimes:
    """The seconds that each layer takes, from the image to the ten numbers, for so many images."""

    images: int
    seconds: tuple[float, ...]

    @property
    def total(self) -> float:
        """The seconds that all layers take together."""
        return sum(self.seconds)

    @property
    def shares(self) -> tuple[float, ...]:
        """The part of the time that each layer takes, 0..1; 0 where nothing took any."""
        return tuple(each / (self.total or 1.0) for each in self.seconds)


def layers_csv(layers: Sequence[Layer], times: Sequence[LayerTimes]) -> bytes:
    """Return the layers as a table; with a share of the time for each measurement there is."""
    heads = ("number", "layer", "shape", "kernel", "parameters", "multiplications")
    shares = [f"time_share_{each.images}" for each in times]
    rows = (
        (
            place,
            layer.kind.name.lower(),
            "x".join(map(str, layer.shape)),
            layer.kernel or "",
            layer.parameters,
            layer.multiplications,
            *(each.shares[place] for each in times),
        )
        for place, layer in enumerate(layers)
    )
    return table_csv((*heads, *shares), rows)
