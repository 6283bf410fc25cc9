"""The closed list of network architectures, as names and shapes; `networks` builds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from types import MappingProxyType

IMAGE_SIDE = 28
CLASSES = 10


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network's name and the shape of each of its weight arrays, in the order of its layers.

    `evaluation_batch` is how many images it reads in one call: memory stays bounded, and on two
    cores a call takes some 25 ms, so that an evaluation can be stopped. `least_margin` is by how
    much, in probability, a digit must lead the next to be read: where the networks that the named
    recipes train leave 0.3 % of digits undecided, as `benchmarks/calibration.py` finds it.
    """

    name: str
    weight_shapes: Mapping[str, tuple[int, ...]]
    has_dropout: bool
    evaluation_batch: int
    least_margin: float

    @property
    def parameters(self) -> int:
        """How many numbers training adjusts; moving statistics are not among them."""
        return sum(prod(self.weight_shapes[name]) for name in self.trained_names)

    @property
    def trained_names(self) -> tuple[str, ...]:
        """The names of the weights that training adjusts, in the order of the layers."""
        return tuple(name for name in self.weight_shapes if "/moving_" not in name)

    @property
    def is_normalized(self) -> bool:
        """Whether it has batch normalization, which reads otherwise in training."""
        return any("/moving_" in name for name in self.weight_shapes)


def _normalized(place: int, kernel: tuple[int, int, int, int]) -> dict[str, tuple[int, ...]]:
    """Return the weights of a convolution without bias and of the normalization behind it."""
    weights: dict[str, tuple[int, ...]] = {f"convolution_{place}/kernel": kernel}
    for name in ("gamma", "beta", "moving_mean", "moving_variance"):
        weights[f"normalization_{place}/{name}"] = kernel[-1:]
    return weights


ARCHITECTURES: Mapping[str, Architecture] = MappingProxyType(
    {
        "softmax": Architecture(
            "softmax",
            MappingProxyType({"output/kernel": (784, 10), "output/bias": (10,)}),
            has_dropout=False,
            evaluation_batch=5_000,
            least_margin=0.007,
        ),
        "cnn": Architecture(
            "cnn",
            MappingProxyType(
                {
                    "convolution_1/kernel": (5, 5, 1, 32),
                    "convolution_1/bias": (32,),
                    "convolution_2/kernel": (5, 5, 32, 64),
                    "convolution_2/bias": (64,),
                    "hidden/kernel": (7 * 7 * 64, 1024),
                    "hidden/bias": (1024,),
                    "output/kernel": (1024, 10),
                    "output/bias": (10,),
                }
            ),
            has_dropout=True,
            evaluation_batch=250,
            least_margin=0.05,
        ),
        "cnn-lean": Architecture(
            "cnn-lean",
            MappingProxyType(
                _normalized(1, (5, 5, 1, 16))
                | _normalized(2, (3, 3, 16, 32))
                | {
                    "hidden/kernel": (5 * 5 * 32, 64),
                    "hidden/bias": (64,),
                    "output/kernel": (64, 10),
                    "output/bias": (10,),
                }
            ),
            has_dropout=False,
            evaluation_batch=500,
            least_margin=0.04,
        ),
        "cnn-deep": Architecture(
            "cnn-deep",
            MappingProxyType(
                _normalized(1, (5, 5, 1, 32))
                | _normalized(2, (3, 3, 32, 64))
                | _normalized(3, (3, 3, 64, 64))
                | _normalized(4, (3, 3, 64, 128))
                | {"output/kernel": (3 * 3 * 128, 10), "output/bias": (10,)}
            ),
            has_dropout=False,
            evaluation_batch=250,
            least_margin=0.09,
        ),
    }
)
