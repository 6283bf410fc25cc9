"""The layers in the configuration of a Keras model, read as data; nothing of it is built.

Its arrays are in groups: in an `.h5` file by the layers' own names, below "model_weights" and the
name of the layer of the outermost model; in a `.keras` file by their kinds, which are numbered.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.exchange.foreign_arrays import Arrays
from mnist_gui.engine.exchange.foreign_layers import (
    DENSE,
    NORMALIZATION,
    RESCALING,
    ForeignLayer,
    convolution_name,
)
from mnist_gui.engine.plan import LINEAR, RELU, leaky_word

MOST_CONFIG_BYTES = 1 << 20
_MOST_LAYERS = 200
_DEEPEST = 4
_MODELS = ("Sequential", "Functional", "Model")
_INPUT = "InputLayer"
_WEIGHTS = "model_weights/"
# What Keras calls the groups of the layers that have arrays, and of models.
_GROUPS = {
    "BatchNormalization": "batch_normalization",
    "Conv2D": "conv2d",
    "Dense": "dense",
    "Functional": "functional",
    "Model": "functional",
    "Sequential": "sequential",
}
# Groups of versions of Keras that stand for no layer.
_NO_LAYERS = {"layers", "_layers", "_operations", "_layer_checkpoint_dependencies", "vars"}
_WITH_ACTIVATION = ("Activation", "Conv2D", "Dense")
# They change nothing when a network predicts, or no number.
_WITHOUT_EFFECT = {
    _INPUT,
    "ActivityRegularization",
    "AlphaDropout",
    "Dropout",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "RandomBrightness",
    "RandomContrast",
    "RandomFlip",
    "RandomRotation",
    "RandomTranslation",
    "RandomZoom",
    "Reshape",
    "SpatialDropout2D",
}


def keras_layers(content: bytes | str) -> tuple[ForeignLayer, ...] | None:
    """Return the layers of a model's JSON, in their order; None where it describes no model.

    Raises FileFormatError for a model whose layers are not one row.
    """
    try:
        config = json.loads(content)
    except (ValueError, RecursionError):
        return None
    layers = [layer for entry in _entries(config, ForeignLayer("")) for layer in _layers(*entry)]
    return tuple(layers) or None


def arrays_in_row(arrays: Arrays, layers: tuple[ForeignLayer, ...]) -> Arrays:
    """Return the arrays named after the place of their layer in the row: "3/kernel".

    Their names stay where the layers do not tell what their arrays are called. Raises
    FileFormatError if it is not found out then which of two layers of one shape is the first.
    """
    if not any(layer.path for layer in layers):
        return arrays
    named: Arrays = {}
    for name, array in arrays.items():
        owners = [place for place, layer in enumerate(layers) if _has(layer, name)]
        if len(owners) == 1:
            named[f"{owners[0]}/{name.rpartition('/')[2]}"] = array
    if len(named) == len(arrays):
        return named
    shapes: dict[str, tuple[tuple[int, ...], ...]] = {}
    for name, array in arrays.items():
        group = name.rpartition("/")[0]
        shapes[group] = (*shapes.get(group, ()), array.shape)
    if len(set(shapes.values())) < len(shapes):
        raise FileFormatError("layers-order")
    return arrays


def _has(layer: ForeignLayer, array: str) -> bool:
    """Return whether an array of this name in a file is one of the layer's."""
    if not layer.path:
        return False
    if not array.startswith(_WEIGHTS):
        groups = array.replace("\\", "/").split("/")[:-1]
        return tuple(group for group in groups if group not in _NO_LAYERS) == layer.numbered
    first, *inner = layer.path
    group = f"{array.removeprefix(_WEIGHTS).rpartition('/')[0]}/"
    if not group.startswith(f"{first}/"):
        return False
    return not inner or (group.endswith(f"/{inner[-1]}/") and all(f"/{n}/" in group for n in inner))


def _entries(
    model: Any, around: ForeignLayer
) -> Iterator[tuple[str, dict[str, Any], ForeignLayer]]:
    """Yield the class and the configuration of each layer, also of models within the model.

    The third is a layer that only has its path, `around` is that of the model.
    """
    listed = _part(_part(model, "config"), "layers")
    if not isinstance(listed, list) or len(listed) > _MOST_LAYERS:
        return
    if len(around.path) > _DEEPEST:
        return
    if _part(model, "class_name") != "Sequential":
        _check_row(listed)
    seen: Counter[str] = Counter()
    for layer in listed:
        kind, config = _part(layer, "class_name"), _part(layer, "config")
        if not isinstance(kind, str) or not isinstance(config, dict):
            continue
        group = _GROUPS.get(kind, "")
        number = f"_{seen[group]}" if seen[group] else ""
        seen[group] += 1
        own = str(config.get("name") or _part(layer, "name"))
        place = replace(
            around, path=(*around.path, own), numbered=(*around.numbered, f"{group}{number}")
        )
        if kind in _MODELS:
            yield from _entries(layer, place)
        else:
            yield kind, config, place


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _check_row(layers: list[Any]) -> None:
    """Raise FileFormatError unless each layer gets what the one before it gives."""
    before = None
    for layer in layers:
        name = _part(_part(layer, "config"), "name") or _part(layer, "name")
        sources = list(_sources(_part(layer, "inbound_nodes"), 0))
        is_first = before is None and not sources
        if not is_first and sources != [before]:
            raise FileFormatError("layers-branch")
        before = name


def _sources(nodes: Any, depth: int) -> Iterator[Any]:
    """Yield the names of the layers that another one gets its numbers from."""
    if depth > 8:
        return
    if isinstance(nodes, dict):
        history = _part(nodes, "keras_history")
        if isinstance(history, list) and history:
            yield history[0]
        else:
            for value in nodes.values():
                yield from _sources(value, depth + 1)
    elif isinstance(nodes, list):
        # As Keras 2 writes it: ["flatten", 0, 0, {}].
        if len(nodes) >= 3 and isinstance(nodes[0], str):
            yield nodes[0]
        else:
            for value in nodes:
                yield from _sources(value, depth + 1)


def _layers(kind: str, config: dict[str, Any], place: ForeignLayer) -> Iterator[ForeignLayer]:
    """Yield what a layer of Keras is, with its activation as another one."""
    if kind in _WITHOUT_EFFECT:
        return
    if kind != "Activation":
        yield replace(_layer(kind, config), path=place.path, numbered=place.numbered)
    if kind in _WITH_ACTIVATION:
        name = _activation(config.get("activation"))
        if name != LINEAR:
            yield ForeignLayer(name)


def _layer(kind: str, config: dict[str, Any]) -> ForeignLayer:
    if kind == "BatchNormalization":
        return ForeignLayer(NORMALIZATION, epsilon=_number(config, "epsilon", 1e-3))
    if kind == "Rescaling":
        scale, offset = _number(config, "scale", 1), _number(config, "offset", 0)
        return ForeignLayer(RESCALING, scale=scale, offset=offset)
    if kind in ("Conv2D", DENSE):
        size = config.get("filters", config.get("units"))
        name = _convolution(config) if kind == "Conv2D" else DENSE
        return ForeignLayer(name, size if isinstance(size, int) else 0)
    if kind in ("AveragePooling2D", "MaxPooling2D"):
        return ForeignLayer(_pooling(kind, config))
    return ForeignLayer(_activation_layer(kind, config))


_ACTIVATIONS = {
    None: LINEAR,
    "swish": "silu",
    # Of the function; the layer has its own.
    "leaky_relu": leaky_word(0.2),
}


def _activation(given: Any) -> str:
    """Return an activation's word, or the name of one that has none."""
    if isinstance(given, dict):
        kind, config = given.get("class_name"), given.get("config")
        if isinstance(config, dict) and isinstance(kind, str):
            return _activation_layer(kind, config)
        given = kind
    if given is None or isinstance(given, str):
        given = _ACTIVATIONS.get(given, given)
    return given if isinstance(given, str) and given.isprintable() else "?"


def _activation_layer(kind: str, config: dict[str, Any]) -> str:
    """Return the word of a layer that only is an activation, or the name of another one."""
    if kind == "LeakyReLU":
        slope = _number(config, "negative_slope", _number(config, "alpha", 0.3))
        return _leaky(slope)
    if kind == "ReLU":
        slope = _number(config, "negative_slope", 0.0)
        if config.get("max_value") is None and not config.get("threshold"):
            return _leaky(slope)
        is_relu6 = config["max_value"] == 6 and not config.get("threshold") and not slope
        return "relu6" if is_relu6 else "ReLU(bounded)"
    if kind == "ELU":
        return "elu" if _number(config, "alpha", 1.0) == 1 else "ELU(another alpha)"
    return "softmax" if kind == "Softmax" else kind


def _leaky(slope: float) -> str:
    """Return the word of a ReLU with this slope below 0, to six decimals."""
    if not round(slope, 6):
        return RELU
    return leaky_word(slope) if 0 < slope < 1 else f"LeakyReLU({slope:g})"


def _number(config: dict[str, Any], name: str, usual: float) -> float:
    given = config.get(name, usual)
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or not math.isfinite(given) or abs(given) > 1e6:
        raise FileFormatError("layer-value", name=name)
    if name in ("scale", "epsilon") and not given:
        raise FileFormatError("layer-value", name=name)
    return float(given)


def _convolution(config: dict[str, Any]) -> str:
    rows, columns = _pair(config.get("kernel_size"))
    differences = [_strides(config, (1, 1))] + [
        f"{name}={config[name]!r:.20}"
        for name in ("dilation_rate", "groups")
        if config.get(name, 1) not in (1, [1, 1])
    ]
    if config.get("data_format") == "channels_first":
        differences.append("channels_first")
    padding = f"{config.get('padding')!s:.10}"
    return convolution_name(rows, columns, padding, *filter(None, differences))


def _pooling(kind: str, config: dict[str, Any]) -> str:
    rows, columns = size = _pair(config.get("pool_size"))
    parts = [f"{rows}x{columns}", _strides(config, size)]
    if config.get("padding", "valid") != "valid":
        parts.append(f"{config['padding']!s:.10}")
    if config.get("data_format") == "channels_first":
        parts.append("channels_first")
    return f"{kind}({', '.join(filter(None, parts))})"


def _strides(config: dict[str, Any], usual: tuple[int, int]) -> str:
    """Return how far windows are from each other, as text; "" where it is as usual."""
    steps = config.get("strides")
    if steps is None or _pair(steps) == usual:
        return ""
    down, across = _pair(steps)
    return f"strides={down}" if down == across else f"strides={steps!r:.20}"


def _pair(value: Any) -> tuple[int, int]:
    """Return a size as rows and columns; 0 for what is none."""
    values = value if isinstance(value, list) else [value, value]
    sides = [side if isinstance(side, int) and 0 < side < 1_000 else 0 for side in values]
    return (sides[0], sides[1]) if len(sides) == 2 else (0, 0)
