"""A network operated on: parts switched off, noise in its weights, other biases; on a copy."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mnist_gui.engine.inside.forward import Numbers
from mnist_gui.engine.inside.layers import (
    WITH_KERNEL,
    Layer,
    LayerKind,
    following,
    network_layers,
    normalization_after,
)
from mnist_gui.engine.snapshot import Snapshot

# They make 0 of nothing but of so small a number.
_ALWAYS_POSITIVE = (LayerKind.SIGMOID, LayerKind.SOFTPLUS)
_OFF_BEFORE_POSITIVE = np.float32(-200)


@dataclass(frozen=True, slots=True)
class Surgery:
    """What is changed of a network; the layers are named by their weights.

    `off` are the maps or units that give 0, whatever they are given. `noise` is how strong a
    layer's noise is beside the standard deviation of its weights; `seed` chooses which noise.
    `biases` are what is added to single biases, by layer and place.
    """

    off: Mapping[str, frozenset[int]] = field(default_factory=dict)
    noise: Mapping[str, float] = field(default_factory=dict)
    biases: Mapping[tuple[str, int], float] = field(default_factory=dict)
    seed: int = 0

    @property
    def is_none(self) -> bool:
        """Whether nothing is changed."""
        return not (self.off or self.noise or self.biases)

    def switched(self, layer: str, places: frozenset[int]) -> "Surgery":
        """Return the same with exactly these parts of a layer off."""
        return replace(self, off=_with(self.off, layer, places))

    def with_noise(self, layer: str, strength: float) -> "Surgery":
        """Return the same with noise of this strength in a layer."""
        return replace(self, noise=_with(self.noise, layer, strength))

    def with_bias(self, layer: str, place: int, added: float) -> "Surgery":
        """Return the same with this much added to a bias."""
        return replace(self, biases=_with(self.biases, (layer, place), added))

    def with_seed(self, seed: int) -> "Surgery":
        """Return the same with other noise."""
        return replace(self, seed=seed)


def _with(mapping: Mapping, key: object, value: object) -> Mapping:  # type: ignore[type-arg]
    """Return a mapping with this value, and without the key where the value is nothing."""
    changed = {**mapping, key: value}
    if not value:
        del changed[key]
    return changed


def operable_layers(architecture: str) -> tuple[Layer, ...]:
    """Return the layers of an architecture that have maps or units to be operated on."""
    return tuple(each for each in network_layers(architecture) if each.kind in WITH_KERNEL)


def parts_of(layer: Layer) -> int:
    """Return how many maps or units a layer has."""
    return layer.shape[-1]


def fits(surgery: Surgery, architecture: str) -> bool:
    """Return whether networks of this architecture have all the parts that are changed."""
    parts = {layer.weights: parts_of(layer) for layer in operable_layers(architecture)}
    changed = [*surgery.biases, *((layer, 0) for layer in surgery.noise)]
    changed += [(layer, max(places)) for layer, places in surgery.off.items()]
    return all(place < parts.get(layer, 0) for layer, place in changed)


def bias_name(snapshot: Snapshot, layer: str) -> str:
    """Return the name of a layer's biases: where it is normalized, of what is added after that."""
    own = f"{layer}/bias"
    if own in snapshot.weights:
        return own
    return f"{normalization_after(network_layers(snapshot.recipe.network), layer)}/beta"


def operate(snapshot: Snapshot, surgery: Surgery) -> Snapshot:
    """Return a copy of a network that is changed so; the network itself stays as it is.

    Noise comes first, then biases; what is off is off whatever else is changed.
    """
    weights = dict(snapshot.weights)
    layers = [each.weights for each in operable_layers(snapshot.recipe.network)]
    for place, layer in enumerate(layers):
        if strength := surgery.noise.get(layer):
            name = f"{layer}/kernel"
            weights[name] = _noisy(weights[name], strength, (surgery.seed, place))
    for (layer, place), added in surgery.biases.items():
        name = bias_name(snapshot, layer)
        weights[name] = weights[name].copy()
        weights[name][place] += np.float32(added)
    for layer, places in surgery.off.items():
        _switch_off(snapshot.recipe.network, weights, layer, sorted(places))
    return replace(snapshot, weights=weights)


def _noisy(kernel: Numbers, strength: float, seed: tuple[int, int]) -> Numbers:
    noise = np.random.default_rng(seed).standard_normal(kernel.shape, np.float32)
    noisy: Numbers = kernel + np.float32(strength) * kernel.std() * noise
    return noisy


def _switch_off(
    architecture: str, weights: dict[str, Numbers], layer: str, places: list[int]
) -> None:
    """Set to 0 what the maps or units are made with: the kernel, and all that is added later.

    Every activation but sigmoid and softplus makes 0 of 0.
    """
    layers = network_layers(architecture)
    after = normalization_after(layers, layer)
    names = (f"{layer}/kernel", f"{layer}/bias", f"{after}/gamma", f"{after}/beta")
    for name in names:
        if name in weights:
            weights[name] = weights[name].copy()
            weights[name][..., places] = 0
    kinds = [each.kind for each in following(layers, layer)]
    changing = [k for k in kinds if k is LayerKind.NORMALIZATION or k in _ALWAYS_POSITIVE]
    if changing and changing[-1] in _ALWAYS_POSITIVE:
        added = f"{layer}/bias" if f"{layer}/bias" in weights else f"{after}/beta"
        weights[added][..., places] = _OFF_BEFORE_POSITIVE


class SurgeryHistory:
    """What is changed at present, with all that was before and what was undone."""

    def __init__(self) -> None:
        self._past: list[Surgery] = []
        self._future: list[Surgery] = []
        self._key: object = None
        self.surgery = Surgery()

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone that can be done again."""
        return bool(self._future)

    def change(self, surgery: Surgery, key: object = None) -> None:
        """Do a change; changes in a row with the same key, as of one slider, are undone at once."""
        if surgery == self.surgery:
            return
        if key is None or key != self._key:
            self._past.append(self.surgery)
        self._future.clear()
        self.surgery, self._key = surgery, key

    def undo(self) -> None:
        """Take back the last change."""
        if self._past:
            self._future.append(self.surgery)
            self.surgery, self._key = self._past.pop(), None

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._future:
            self._past.append(self.surgery)
            self.surgery, self._key = self._future.pop(), None
