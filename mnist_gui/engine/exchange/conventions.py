"""How a network is rid of the convention in which another program gave images to it.

Our images are 0..1, ink bright, row by row. A network that wants others is changed so that it
computes from ours what it did from its own, to the rounding of float32.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import normalized_variant
from mnist_gui.engine.exchange.images import Convention, Numbers
from mnist_gui.engine.inside.forward import NORMALIZATION_EPSILON
from mnist_gui.engine.inside.layers import LayerKind, network_layers, normalization_after
from mnist_gui.engine.snapshot import Snapshot

Weights = dict[str, NDArray[np.float64]]
# Of MNIST's training images, as the examples of PyTorch have it.
_MEAN, _DEVIATION = 0.1307, 0.3081


_SCALES: Mapping[Numbers, tuple[float, float]] = {
    Numbers.AS_IS: (1.0, 0.0),
    Numbers.INVERTED: (-1.0, 1.0),
    Numbers.STANDARDISED: (1 / _DEVIATION, -_MEAN / _DEVIATION),
    Numbers.SIGNED: (2.0, -1.0),
    Numbers.BYTES: (255.0, 0.0),
}


def applied(convention: Convention, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return images (n, 28, 28) uint8 as a network of this convention wants them: float32."""
    scale, offset = _SCALES[convention.numbers]
    turned = images.transpose(0, 2, 1) if convention.is_transposed else images
    return (turned / 255 * scale + offset).astype(np.float32)


def without(convention: Convention, snapshot: Snapshot) -> Snapshot:
    """Return a network that computes from our images what this one does from such images."""
    turned = transposed(snapshot) if convention.is_transposed else snapshot
    return rescaled(turned, *_SCALES[convention.numbers])


def transposed(snapshot: Snapshot) -> Snapshot:
    """Return a network that computes from images what this one does from transposed ones.

    Convolutions, pooling and padding are the same in both directions.
    """
    weights = dict(snapshot.weights)
    layers = network_layers(snapshot.recipe.network)
    for layer in layers:
        if layer.kind is LayerKind.CONVOLUTION:
            name = f"{layer.weights}/kernel"
            weights[name] = np.ascontiguousarray(weights[name].transpose(1, 0, 2, 3))
    place = next(i for i, layer in enumerate(layers) if layer.kind is LayerKind.FLATTEN)
    name = f"{layers[place + 1].weights}/kernel"
    rows = weights[name].reshape(*layers[place].inputs, -1).transpose(1, 0, 2, 3)
    weights[name] = np.ascontiguousarray(rows).reshape(weights[name].shape)
    return replace(snapshot, weights=weights)


def rescaled(snapshot: Snapshot, scale: float, offset: float) -> Snapshot:
    """Return a network that computes from x what this one does from scale * x + offset.

    The scale goes into the first kernel, the offset into the first bias or mean. Where the first
    convolution pads with zeros, which are no paper to such a network, it gets a normalization
    before it.
    """
    if (scale, offset) == (1, 0):
        return snapshot
    layers = network_layers(snapshot.recipe.network)
    first, *after = layers[1:]
    wide = {name: array.astype(np.float64) for name, array in snapshot.weights.items()}
    network = snapshot.recipe.network
    if first.kind is LayerKind.NORMALIZATION:
        changed = _in_normalization(first.weights, wide, scale, offset)
    elif first.kind is LayerKind.FLATTEN:
        name = after[0].weights
        changed = _in_dense(name, normalization_after(layers, name), wide, scale, offset)
    elif not offset or not first.is_padded:
        normalization = normalization_after(layers, first.weights)
        changed = _in_convolution(first.weights, normalization, wide, scale, offset)
    else:
        network = normalized_variant(network)
        changed = _before_all(scale, offset)
    with np.errstate(over="ignore"):
        given = dict(snapshot.weights) | {n: a.astype(np.float32) for n, a in changed.items()}
    recipe = replace(snapshot.recipe, network=network)
    weights = {name: given[name] for name in recipe.architecture.weight_shapes}
    return replace(snapshot, recipe=recipe, weights=weights)


def _in_dense(
    name: str, normalization: str, weights: Weights, scale: float, offset: float
) -> Weights:
    kernel = weights[f"{name}/kernel"]
    return {f"{name}/kernel": kernel * scale} | _added(
        name, normalization, weights, offset * kernel.sum(axis=0)
    )


def _in_convolution(
    name: str, normalization: str, weights: Weights, scale: float, offset: float
) -> Weights:
    """What the offset adds to a map is the same at each place, so pooling leaves it as it is."""
    kernel = weights[f"{name}/kernel"]
    changed = {f"{name}/kernel": kernel * scale}
    if not offset:
        return changed
    return changed | _added(name, normalization, weights, offset * kernel.sum(axis=(0, 1, 2)))


def _added(name: str, normalization: str, weights: Weights, added: NDArray[np.float64]) -> Weights:
    """Add to each map or unit of a layer: in its bias, or else in the normalization's mean."""
    if f"{name}/bias" in weights:
        return {f"{name}/bias": weights[f"{name}/bias"] + added}
    mean = f"{normalization}/moving_mean"
    return {mean: weights[mean] - added}


def _in_normalization(name: str, weights: Weights, scale: float, offset: float) -> Weights:
    return {
        f"{name}/gamma": weights[f"{name}/gamma"] * scale,
        f"{name}/moving_mean": (weights[f"{name}/moving_mean"] - offset) / scale,
    }


def _before_all(scale: float, offset: float) -> Weights:
    values = {
        "gamma": scale * np.sqrt(1 + float(NORMALIZATION_EPSILON)),
        "beta": 0.0,
        "moving_mean": -offset / scale,
        "moving_variance": 1.0,
    }
    return {f"normalization_0/{name}": np.full(1, value) for name, value in values.items()}
