"""How healthy a network is while it learns: distributions, gradients, dead units, and a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from math import gcd

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.files import table_csv
from mnist_gui.engine.inside.layers import (
    ACTIVATIONS,
    POOLINGS,
    WITH_KERNEL,
    LayerKind,
    following,
    network_layers,
)

_FINE_BINS = 512
# Of a layer with more weights, every so-manieth one is counted.
_MOST_COUNTED = 200_000
# What lies further out is left out of a picture of several distributions.
_OUTSIDE = 0.002

Numbers = NDArray[np.float32]
_COMPUTING = (*POOLINGS, LayerKind.NORMALIZATION)


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """How often numbers between `low` and `high` occur, in 512 equal parts.

    Exact zeros are not counted there; `zeros` is their share 0..1 of all numbers.
    """

    low: float
    high: float
    counts: NDArray[np.int64]
    zeros: float

    def quantile(self, share: float) -> float:
        """Return the number below which this share 0..1 of the counted ones lies; 0 for none."""
        total = int(self.counts.sum())
        if not total:
            return 0.0
        reached = np.append(0, np.cumsum(self.counts)) / total
        edges = np.linspace(self.low, self.high, _FINE_BINS + 1)
        return float(np.interp(share, reached, edges))


def evenly_chosen(array: Numbers, most: int) -> Numbers:
    """Return at most so many numbers of an array, as one row, with a number of each unit."""
    flat = array.ravel()
    stride = max(1, -(-len(flat) // most))
    # Otherwise it would meet some units more often than others, and some never.
    while gcd(stride, len(flat)) > 1:
        stride += 1
    return flat[::stride]


def distribution_of(array: Numbers) -> Distribution:
    """Count the finite numbers of an array, or evenly chosen ones of a large array."""
    flat = evenly_chosen(array, _MOST_COUNTED)
    # In float64, as the reach of absurd weights is more than a float32 can be.
    counted = flat[flat != 0].astype(np.float64)
    zeros = 1 - len(counted) / len(flat)
    counted = counted[np.isfinite(counted)]
    if not len(counted):
        return Distribution(0.0, 0.0, np.zeros(_FINE_BINS, np.int64), zeros)
    low, high = float(counted.min()), float(counted.max())
    if low == high:
        low, high = low - abs(low) / 2, high + abs(high) / 2
    counts, _ = np.histogram(counted, _FINE_BINS, (low, high))
    return Distribution(low, high, counts, zeros)


def densities(
    distributions: Sequence[Distribution], bins: int
) -> tuple[tuple[float, float], NDArray[np.float64]]:
    """Put distributions on one axis: return its ends and densities (n, bins), each at most 1.

    The axis reaches as far as the widest of them, without its outermost numbers.
    """
    ends = [(each.quantile(_OUTSIDE), each.quantile(1 - _OUTSIDE)) for each in distributions]
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    if low == high:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, bins + 1)
    heights = np.zeros((len(distributions), bins))
    for row, each in zip(heights, distributions, strict=True):
        if each.counts.any():
            # Spread evenly over its own narrow part, each count falls into the parts of the axis.
            reached = np.append(0, np.cumsum(each.counts))
            fine = np.linspace(each.low, each.high, _FINE_BINS + 1)
            row[:] = np.diff(np.interp(edges, fine, reached))
    heights /= np.maximum(heights.max(axis=1, keepdims=True), 1e-9)
    return (low, high), heights


@dataclass(frozen=True, slots=True, eq=False)
class LayerHealth:
    """A layer after a step, named after its weights: those of its kernel, without biases.

    `gradients` are those of the kernel, `activations` what the layer passes on: after its
    activation, of the last layer the logits. `weights_norm` and `gradient_norm` are roots of sums
    of squares. `dead` is the share 0..1 of units, or of maps, that are never positive on the
    sample; None without ReLU. `update` is by how much a step has changed the weights, as a share of
    them: on the whole since the kept step before, divided by the steps; None where that is not
    known.
    """

    layer: str
    weights: Distribution
    gradients: Distribution
    activations: Distribution
    weights_norm: float
    gradient_norm: float
    dead: float | None
    update: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Health:
    """A network after `step` steps: its loss on the sample, its whole gradient, and its layers."""

    step: int
    loss: float
    gradient_norm: float
    layers: tuple[LayerHealth, ...]


def activation_places(architecture: str) -> dict[str, int]:
    """Return for each layer with a kernel which of the `network_layers` has what it passes on.

    It is its activation; without one, the last of what is computed with its numbers.
    """
    places: dict[str, int] = {}
    layers = network_layers(architecture)
    for place, layer in enumerate(layers):
        if layer.kind in WITH_KERNEL:
            after = [] if layer.is_rectified else following(layers, layer.weights)
            ends = [i for i, each in enumerate(after, 1) if each.kind in ACTIVATIONS]
            others = [i for i, each in enumerate(after, 1) if each.kind in _COMPUTING]
            places[layer.weights] = place + (ends or others or [0])[-1]
    return places


def relative_update(before: Numbers, after: Numbers, steps: int) -> float | None:
    """Return by how much each of so many steps changed weights, as a share of them."""
    size = float(np.linalg.norm(before))
    return float(np.linalg.norm(after - before)) / size / steps if size and steps > 0 else None


class Finding(Enum):
    """What a rule finds; the worst first."""

    LOST = auto()
    """The loss is far above that of guessing."""
    EXPLODED = auto()
    """The weights of a layer are many times as large as at the start."""
    DEAD = auto()
    """Many units of a layer never fire."""
    VANISHING = auto()
    """Hardly any gradient reaches a layer, though there is much to learn."""
    TOO_FAST = auto()
    """Each step changes the weights of a layer by much."""
    TOO_SLOW = auto()
    """Steps hardly change any weight, though there is much to learn."""
    WELL = auto()


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a rule finds something.

    `lost` is a loss in nats, twice that of guessing; from `learning` on there is much to learn.
    Being lost and large steps are usual in the first `settling` steps.
    `exploded` is by how many times weights have grown since the first kept step, `dead` a share of
    units, `vanishing` a layer's share of the largest gradient of all layers. `too_fast` and
    `too_slow` are shares of the weights that a step changes.
    """

    lost: float = 4.6
    learning: float = 1.0
    exploded: float = 30.0
    dead: float = 0.3
    vanishing: float = 1e-3
    too_fast: float = 0.03
    too_slow: float = 1e-6
    settling: int = 50


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, the layer it is about ("" for the whole network), and its number."""

    finding: Finding
    layer: str = ""
    value: float = 0.0


def findings(healths: Sequence[Health], limits: Limits = LIMITS) -> tuple[Found, ...]:
    """Return what the rules find at the last of the kept steps, the worst first; never nothing."""
    first, last = healths[0], healths[-1]
    found: list[Found] = []
    if last.loss > limits.lost and last.step > limits.settling:
        found.append(Found(Finding.LOST, value=last.loss))
    found += _about_layers(first, last, limits)
    if last.loss > limits.learning:
        found += _about_learning(last, limits)
    return tuple(sorted(found, key=lambda each: each.finding.value)) or (Found(Finding.WELL),)


def _about_layers(first: Health, last: Health, limits: Limits) -> list[Found]:
    found = []
    grown = {
        after.layer: after.weights_norm / before.weights_norm
        for before, after in zip(first.layers, last.layers, strict=True)
        if before.weights_norm
    }
    dead = {each.layer: each.dead for each in last.layers if each.dead is not None}
    updates = {each.layer: each.update for each in last.layers if each.update is not None}
    for finding, values, limit in (
        (Finding.EXPLODED, grown, limits.exploded),
        (Finding.DEAD, dead, limits.dead),
        (Finding.TOO_FAST, updates if last.step > limits.settling else {}, limits.too_fast),
    ):
        worst = max(values, key=lambda layer: values[layer], default="")
        if worst and values[worst] >= limit:
            found.append(Found(finding, worst, values[worst]))
    return found


def _about_learning(last: Health, limits: Limits) -> list[Found]:
    found = []
    norms = {each.layer: each.gradient_norm for each in last.layers}
    weakest = min(norms, key=lambda layer: norms[layer])
    largest = max(norms.values())
    if norms[weakest] <= limits.vanishing * largest:
        share = norms[weakest] / largest if largest else 0.0
        found.append(Found(Finding.VANISHING, weakest, share))
    updates = [each.update for each in last.layers if each.update is not None]
    if updates and max(updates) < limits.too_slow:
        found.append(Found(Finding.TOO_SLOW, value=max(updates)))
    return found


def health_csv(healths: Sequence[Health], rates: Mapping[int, float]) -> bytes:
    """Return one row for each kept step and layer; `rates` are learning rates by step."""
    heads = (
        "step",
        "layer",
        "loss",
        "learning rate",
        "gradient norm of all",
        "norm of weights",
        "gradient norm",
        "dead units",
        "update per step",
        *(f"{what} {share:g}" for what in _QUANTITIES for share in _SHARES),
    )
    rows = (
        (
            health.step,
            layer.layer,
            health.loss,
            _or_empty(rates.get(health.step)),
            health.gradient_norm,
            layer.weights_norm,
            layer.gradient_norm,
            _or_empty(layer.dead),
            _or_empty(layer.update),
            *_quantiles(layer),
        )
        for health in healths
        for layer in health.layers
    )
    return table_csv(heads, rows)


_QUANTITIES = ("weights", "gradients", "activations")
_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def _quantiles(layer: LayerHealth) -> list[float]:
    distributions = (layer.weights, layer.gradients, layer.activations)
    return [each.quantile(share) for each in distributions for share in _SHARES]


def _or_empty(value: float | None) -> float | str:
    return "" if value is None else value
