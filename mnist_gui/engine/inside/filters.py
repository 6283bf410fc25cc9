"""The first layer's weights as images, and what each of them looks for."""

from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from math import atan2, degrees

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.inside.layers import network_layers
from mnist_gui.engine.snapshot import Snapshot

# A few weights are so large that beside them all others would look alike.
_IN_SCALE = 0.99
# From this share of a filter's energy on, a pattern names the filter.
_MOSTLY = 0.4
# From this share on, stripes do; of 100 filters of chance alone, 10 have so much.
_IN_STRIPES = 0.6
# A second bend of less than this part of the first is a line's, a greater one a spot's.
_AS_ROUND = 0.5


@dataclass(frozen=True)
class FirstLayer:
    """The weights of a network's first layer as images (n, side, side) float32, and its biases.

    Those of softmax regression are one for each digit, those of a convolution its filters.
    `biases` (n,) is None where the layer has none. What is not finite counts as 0.
    """

    name: str
    images: NDArray[np.float32]
    biases: NDArray[np.float32] | None

    @property
    def is_per_digit(self) -> bool:
        """Whether there is one image for each digit."""
        return self.name == "output"

    @cached_property
    def scale(self) -> float:
        """The size that only one weight of 100 exceeds; 0 for an untrained softmax regression."""
        # NumPy's quantile would import its masked arrays, which takes 20 ms.
        sizes = np.sort(np.abs(self.images), axis=None)
        return float(sizes[int(_IN_SCALE * (len(sizes) - 1))])


def first_layer(snapshot: Snapshot) -> FirstLayer:
    """Return the weights of the first layer that has a kernel."""
    layers = network_layers(snapshot.recipe.network)
    layer = next(layer for layer in layers if f"{layer.weights}/kernel" in snapshot.weights)
    kernel = np.nan_to_num(snapshot.weights[f"{layer.weights}/kernel"], posinf=0, neginf=0)
    side = layer.kernel or IMAGE_SIDE
    images = np.moveaxis(kernel.reshape(side, side, -1), -1, 0)
    return FirstLayer(layer.weights, images, snapshot.weights.get(f"{layer.weights}/bias"))


class Pattern(Enum):
    """What a filter's weights look like."""

    NOTHING = auto()
    """All are 0."""
    INK = auto()
    """Nearly all are positive."""
    PAPER = auto()
    """Nearly all are negative."""
    EDGE = auto()
    """Positive on one side, negative on the other."""
    LINE = auto()
    """A positive stripe between negative ones."""
    GAP = auto()
    """A negative stripe between positive ones."""
    SPOT = auto()
    """Positive in the middle, negative around."""
    HOLE = auto()
    """Negative in the middle, positive around."""
    STRIPES = auto()
    """Alike along one direction, but neither an edge nor a single line."""
    MIXED = auto()
    """None of these."""


class Direction(Enum):
    """How an edge or a line runs."""

    LEVEL = 0
    RISING = 45
    """From the lower left to the upper right."""
    UPRIGHT = 90
    FALLING = 135
    """From the upper left to the lower right."""


def find_pattern(image: NDArray[np.float32]) -> tuple[Pattern, Direction | None]:
    """Return what an image of weights (n, n) mostly looks like, and how its edge or line runs.

    The weights are taken apart into a constant, a slope and a bend (polynomials of degree 0, 1
    and 2, orthonormal on the grid); the part with the most energy says what it is, if that is
    enough. Finer stripes are none of these.
    """
    energy = float(np.square(image, dtype=np.float64).sum())
    if not energy:
        return Pattern.NOTHING, None
    level, right, down, wide, high, skew = _parts(image)
    parts = {
        Pattern.INK: level**2,
        Pattern.EDGE: right**2 + down**2,
        Pattern.LINE: wide**2 + high**2 + skew**2,
    }
    pattern = max(parts, key=lambda pattern: parts[pattern])
    if parts[pattern] < _MOSTLY * energy:
        return _stripes(image, energy)
    if pattern is Pattern.INK:
        return (Pattern.INK if level > 0 else Pattern.PAPER), None
    if pattern is Pattern.EDGE:
        return Pattern.EDGE, _across(right, down)
    return _bend(wide, high, skew * _twist(len(image)))


def _bend(wide: float, high: float, twist: float) -> tuple[Pattern, Direction | None]:
    """Tell lines from spots by the two main curvatures."""
    curvatures, ways = np.linalg.eigh(np.array([[wide, twist], [twist, high]]))
    strongest = int(np.abs(curvatures).argmax())
    first, second = float(curvatures[strongest]), float(curvatures[1 - strongest])
    if second / first > _AS_ROUND:
        return (Pattern.SPOT if first < 0 else Pattern.HOLE), None
    return (Pattern.LINE if first < 0 else Pattern.GAP), _across(*ways[:, strongest].tolist())


def _stripes(image: NDArray[np.float32], energy: float) -> tuple[Pattern, Direction | None]:
    """Tell stripes from what has no direction, by the energy of the means along each direction."""
    row, column = np.indices(image.shape)
    lines = {
        Direction.LEVEL: row,
        Direction.UPRIGHT: column,
        Direction.RISING: row + column,
        Direction.FALLING: row - column + len(image) - 1,
    }
    shares = {}
    for direction, line in lines.items():
        sums = np.bincount(line.ravel(), image.ravel())
        shares[direction] = float((sums**2 / np.bincount(line.ravel())).sum()) / energy
    best = max(shares, key=lambda direction: shares[direction])
    return (Pattern.STRIPES, best) if shares[best] >= _IN_STRIPES else (Pattern.MIXED, None)


def _across(x: float, y: float) -> Direction:
    """Return how what lies across a vector runs; y points down."""
    return Direction(round(degrees(atan2(-x, -y)) / 45) % 4 * 45)


def _basis(side: int) -> list[NDArray[np.float64]]:
    """Return polynomials of degree 0, 1 and 2, orthogonal on a row of pixels, not normalized."""
    x = np.arange(side) - (side - 1) / 2
    return [np.ones(side), x, x**2 - np.square(x).mean()]


def _parts(image: NDArray[np.float32]) -> list[float]:
    """Return how much there is of a constant, of both slopes and of the three bends."""
    constant, slope, bend = (part / np.linalg.norm(part) for part in _basis(len(image)))
    pairs = (
        (constant, constant),
        (constant, slope),
        (slope, constant),
        (constant, bend),
        (bend, constant),
        (slope, slope),
    )
    return [float(down @ image @ across) for down, across in pairs]


def _twist(side: int) -> float:
    """Return the mixed curvature of a normalized slope times slope, that of a bend being 1."""
    constant, slope, bend = (float(np.linalg.norm(part)) for part in _basis(side))
    return constant * bend / (2 * slope**2)
