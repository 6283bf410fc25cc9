"""Writes ONNX files byte by byte, by the format's rules."""

import struct
from typing import Any

import numpy as np

from mnist_gui.engine.inside.layers import Layer, LayerKind, network_layers
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.exchange.torch_writer import torch_array

Array = np.ndarray[Any, Any]


# --- the wire format -----------------------------------------------------------------------------


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def part(number: int, value: bytes | str | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(content)) + content


def attribute(name: str, value: Any) -> bytes:
    content = part(1, name)
    if isinstance(value, float):
        content += varint(2 << 3 | 5) + struct.pack("<f", value)
    elif isinstance(value, int):
        content += part(3, value)
    elif isinstance(value, str):
        content += part(4, value)
    else:
        content += b"".join(part(8, each) for each in value)
    return content


def node(kind: str, inputs: list[str], output: str, **attributes: Any) -> bytes:
    content = b"".join(part(1, each) for each in inputs) + part(2, output) + part(4, kind)
    return content + b"".join(part(5, attribute(*each)) for each in attributes.items())


def tensor(name: str, array: Array, *, raw: bool = True, **forged: bytes) -> bytes:
    shape = forged.get("shape", b"".join(map(varint, array.shape)))
    kind = {"f4": 1, "f2": 10, "f8": 11, "i8": 7}[array.dtype.str[1:]]
    content = part(1, shape) + part(2, kind) + part(8, name)
    return content + part(9 if raw else 4, array.tobytes()) + forged.get("more", b"")


def model(nodes: list[bytes], tensors: list[bytes]) -> bytes:
    graph = b"".join(part(1, each) for each in nodes) + b"".join(part(5, each) for each in tensors)
    return part(1, 10) + part(2, "test") + part(7, graph) + part(8, part(2, 20))


# --- networks ------------------------------------------------------------------------------------


ACTIVATION_NAMES = {
    LayerKind.RELU: "Relu",
    LayerKind.TANH: "Tanh",
    LayerKind.SIGMOID: "Sigmoid",
    LayerKind.ELU: "Elu",
    LayerKind.GELU: "Gelu",
    LayerKind.SILU: "Swish",
    LayerKind.SELU: "Selu",
    LayerKind.SOFTPLUS: "Softplus",
}


def _sizes(layer: Layer) -> dict[str, Any]:
    return {"kernel_shape": [layer.kernel] * 2, "strides": [layer.stride] * 2}


class Writer:
    """Writes a network of ours as PyTorch's exporter does, operation by operation."""

    def __init__(self, snapshot: Snapshot, *, as_products: bool = False) -> None:
        self._weights, self._as_products = snapshot.weights, as_products
        self.nodes: list[bytes] = []
        self.tensors: list[bytes] = []
        self._flat = (28, 1)
        for layer in network_layers(snapshot.recipe.network)[1:]:
            self._layer(layer)

    def add(self, kind: str, *arrays: Array, **attributes: Any) -> None:
        place = len(self.nodes)
        names = [f"{place}.{number}" for number, _ in enumerate(arrays)]
        self.tensors += map(tensor, names, arrays)
        inputs = [f"value{place}", *names]
        self.nodes.append(node(kind, inputs, f"value{place + 1}", **attributes))

    def _layer(self, layer: Layer) -> None:
        parts = {
            name: array
            for full, own in self._weights.items()
            if full.split("/")[0] == layer.weights
            for name, array in torch_array("", full.split("/")[1], own, self._flat).items()
        }
        match layer.kind:
            case LayerKind.CONVOLUTION:
                before, after = layer.margins
                pads = [before, before, after, after]
                self.add("Conv", *parts.values(), pads=pads, **_sizes(layer))
            case LayerKind.POOLING:
                self.add("MaxPool", **_sizes(layer))
            case LayerKind.AVERAGE_POOLING:
                whole = layer.kernel == layer.inputs[0]
                self.add("GlobalAveragePool") if whole else self.add("AveragePool", **_sizes(layer))
            case LayerKind.NORMALIZATION:
                names = ("weight", "bias", "running_mean", "running_var")
                self.add("BatchNormalization", *(parts[name] for name in names))
            case LayerKind.FLATTEN:
                self._flat = (layer.inputs[0], layer.inputs[2])
                self.add("Flatten", axis=1)
            case LayerKind.LEAKY_RELU:
                self.add("LeakyRelu", alpha=layer.slope)
            case LayerKind.HIDDEN | LayerKind.OUTPUT:
                self._dense(parts, is_rectified=layer.is_rectified)
            case LayerKind.RELU6:
                self.add("Clip", np.zeros((), "<f4"), np.full((), 6, "<f4"))
            case kind if kind in ACTIVATION_NAMES:
                self.add(ACTIVATION_NAMES[kind])

    def _dense(self, parts: dict[str, Array], *, is_rectified: bool) -> None:
        if self._as_products:
            self.add("MatMul", parts["weight"].T.copy())
            if "bias" in parts:
                self.add("Add", parts["bias"])
        else:
            self.add("Gemm", *parts.values(), alpha=1.0, beta=1.0, transB=1)
        if is_rectified:
            self.add("Relu")

    def content(self) -> bytes:
        return model(self.nodes, self.tensors)
