"""Weights of ours as PyTorch has them in a module's `state_dict`."""

from typing import Any

import numpy as np

from mnist_gui.engine.inside.layers import LayerKind, network_layers
from mnist_gui.engine.snapshot import Snapshot

Arrays = dict[str, np.ndarray[Any, Any]]


def torch_arrays(snapshot: Snapshot, names: dict[str, str]) -> Arrays:
    """Return the network's weights as a PyTorch module has them in its `state_dict`."""
    arrays: Arrays = {}
    side, maps = 28, 1
    for layer in network_layers(snapshot.recipe.network):
        if layer.kind is LayerKind.FLATTEN:
            side, _, maps = layer.inputs
        for full, array in snapshot.weights.items():
            own, part = full.split("/")
            if own == layer.weights:
                arrays |= torch_array(f"{names.get(own, own)}.", part, array, (side, maps))
    return arrays


def torch_array(
    prefix: str, part: str, array: np.ndarray[Any, Any], flat: tuple[int, int]
) -> Arrays:
    side, maps = flat
    if part == "kernel" and array.ndim == 4:
        return {f"{prefix}weight": np.einsum("hwio->oihw", array).copy()}
    if part == "kernel":
        if len(array) == side * side * maps:
            places = array.reshape(side, side, maps, -1)
            array = np.einsum("hwco->chwo", places).reshape(array.shape)
        return {f"{prefix}weight": array.T.copy()}
    if part == "moving_mean":
        counted = {f"{prefix}num_batches_tracked": np.array(7, np.int64)}
        return counted | {f"{prefix}running_mean": array}
    if part == "moving_variance":
        # PyTorch adds 0.00001 to it, where Keras adds 0.001.
        return {f"{prefix}running_var": array + np.float32(1e-3 - 1e-5)}
    return {f"{prefix}{'weight' if part == 'gamma' else 'bias'}": array}
