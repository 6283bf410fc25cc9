"""The arrays and layers of an ONNX file, read as data; nothing of its graph is executed.

The fields and operators are those of https://onnx.ai/onnx/; `wire` reads the format beneath.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.exchange.foreign_arrays import Arrays, as_float32, check_shape
from mnist_gui.engine.exchange.foreign_layers import (
    DENSE,
    NORMALIZATION,
    RESCALING,
    ForeignLayer,
    convolution_name,
    with_epsilon,
)
from mnist_gui.engine.exchange.hdf5_process import MOST_ARRAY_BYTES, MOST_ARRAYS
from mnist_gui.engine.exchange.wire import Message
from mnist_gui.engine.plan import RELU, leaky_word

_MOST_NODES = 500
_MOST_NUMBERS = 64
_FLOAT, _FLOAT16, _DOUBLE = 1, 10, 11
_TYPES = {_FLOAT: "<f4", _FLOAT16: "<f2", _DOUBLE: "<f8"}
_WITHOUT_EFFECT = {"Cast", "Dropout", "Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze"}
# They compute shapes, of which the layers here know their own.
_OF_SHAPES = {"Cast", "Concat", "Constant", "Gather", "Shape", "Slice", "Squeeze", "Unsqueeze"}
_OPERATIONS = {
    "Relu": RELU,
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
    "Softmax": "softmax",
    "Softplus": "softplus",
    "LogSoftmax": "log_softmax",
    "GlobalAveragePool": "GlobalAveragePooling2D",
    "GlobalMaxPool": "GlobalMaxPooling2D",
}
_SELU_ALPHA, _SELU_SCALE = 1.67326, 1.0507
_MAPS_LAST = [0, 2, 3, 1]


@dataclass(slots=True)
class OnnxFile:
    """What was found: arrays by layer and part as Keras has them, and the layers in their row."""

    arrays: Arrays = field(default_factory=dict)
    layers: tuple[ForeignLayer, ...] = ()
    is_channels_first: bool = True


@dataclass(frozen=True, slots=True)
class _Node:
    """One operation: its kind, the names of what it takes and gives, its attributes."""

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    message: Message

    def attribute(self, name: str) -> Message | None:
        """Return an attribute; None where it is left out."""
        found = (each for each in self.message.messages(5, _MOST_NUMBERS) if each.text(1) == name)
        return next(found, None)

    def number(self, name: str, usual: float) -> float:
        """Return an attribute that is a number."""
        found = self.attribute(name)
        if found is None:
            return usual
        whole = found.number(3, 0)
        return whole or found.float(2, 0.0)

    def numbers(self, name: str, usual: list[int]) -> list[int]:
        """Return an attribute that is some whole numbers."""
        found = self.attribute(name)
        return usual if found is None else found.numbers(8, _MOST_NUMBERS)

    def text(self, name: str) -> str:
        """Return an attribute that is a text."""
        found = self.attribute(name)
        return "" if found is None else found.text(4)


def read_onnx(content: bytes) -> OnnxFile:
    """Read a file; raises FileFormatError."""
    graph = next(Message(content).messages(7, 1), None)
    if graph is None:
        raise FileFormatError("file-damaged")
    return _Graph(graph).read()


class _Graph:
    """Follows the one row of operations from the image to the ten numbers."""

    def __init__(self, graph: Message) -> None:
        self._found = OnnxFile()
        self._layers: list[ForeignLayer] = []
        self._nodes = [_node(each) for each in graph.messages(1, _MOST_NODES)]
        # What the operation before has made a sigmoid of, if it was one.
        self._under_sigmoid = ""
        self._left = MOST_ARRAY_BYTES
        self._constants: dict[str, NDArray[np.float32]] = {}
        for tensor in graph.messages(5, MOST_ARRAYS):
            self._keep(tensor.text(8), tensor)

    def read(self) -> OnnxFile:
        """Return what the graph is made of; raises FileFormatError."""
        current = None
        for node in self._nodes:
            tensor = node.attribute("value") if node.kind == "Constant" else None
            if tensor is not None:
                for value in tensor.messages(5, 1):
                    self._keep(node.outputs[0] if node.outputs else "", value)
            if current is not None and current not in node.inputs:
                if node.kind in _OF_SHAPES:
                    continue
                raise FileFormatError("layers-branch")
            if node.kind == "Constant" or not node.outputs:
                continue
            if node.kind == "Shape":
                continue
            self._take(node)
            self._under_sigmoid = node.inputs[0] if node.kind == "Sigmoid" and node.inputs else ""
            current = node.outputs[0]
        self._found.layers = tuple(self._layers)
        return self._found

    def _keep(self, name: str, tensor: Message) -> None:
        """Keep a tensor if it is one of floats; others are shapes and the like."""
        kind = _TYPES.get(tensor.number(2, 0))
        if kind is None:
            return
        if tensor.number(14, 0):
            raise FileFormatError("onnx-elsewhere")
        shape = tuple(tensor.numbers(1, 8))
        check_shape(shape)
        size = prod(shape) * np.dtype(kind).itemsize
        if size > self._left:
            raise FileFormatError("arrays-too-large")
        self._left -= size
        packed = {_FLOAT: 4, _DOUBLE: 10}.get(tensor.number(2, 0), 9)
        data = tensor.data(9) or tensor.data(packed)
        if len(data) != size:
            raise FileFormatError("array-size", name="".join(filter(str.isprintable, name))[:60])
        self._constants[name] = as_float32("", np.frombuffer(data, kind).reshape(shape))

    def _take(self, node: _Node) -> None:
        if node.kind in _WITHOUT_EFFECT:
            return
        if node.kind in _OPERATIONS:
            self._add(_OPERATIONS[node.kind])
        elif node.kind in _TAKERS:
            _TAKERS[node.kind](self, node)
        else:
            self._add(node.kind)

    def _add(
        self,
        name: str,
        arrays: Mapping[str, NDArray[np.float32]] = MappingProxyType({}),
        *,
        scale: float = 1.0,
        offset: float = 0.0,
    ) -> None:
        """Add a layer and its arrays, which are named by its place."""
        place = len(self._layers)
        size = arrays["kernel"].shape[-1] if "kernel" in arrays else 0
        self._layers.append(ForeignLayer(name, size, scale=scale, offset=offset))
        self._found.arrays |= {f"{place}/{part}": array for part, array in arrays.items()}

    def _constant_inputs(self, node: _Node, least: int) -> list[NDArray[np.float32]]:
        """Return the arrays among what a node takes; raises FileFormatError if there are fewer."""
        found = [self._constants[name] for name in node.inputs if name in self._constants]
        if len(found) < least:
            raise FileFormatError("onnx-weights", kind=node.kind)
        return found

    def _convolution(self, node: _Node) -> None:
        kernel, *bias = self._constant_inputs(node, 1)
        if kernel.ndim != 4:
            raise FileFormatError("onnx-weights", kind=node.kind)
        rows, columns = kernel.shape[2:]
        padding = _padding(node, rows, columns)
        differences = _strides(node, [1, 1])
        if node.numbers("dilations", [1, 1]) != [1, 1]:
            differences.append("dilations")
        if node.number("group", 1) != 1:
            differences.append("groups")
        arrays = {"kernel": np.ascontiguousarray(kernel.transpose(2, 3, 1, 0))}
        if bias:
            arrays["bias"] = bias[0]
        self._add(convolution_name(rows, columns, padding, *differences), arrays)

    def _pooling(self, node: _Node) -> None:
        sizes = node.numbers("kernel_shape", [])
        parts = ["x".join(map(str, sizes)), *_strides(node, sizes)]
        pads = node.numbers("pads", [0] * 4)
        is_usual = node.text("auto_pad") in ("", "NOTSET", "VALID") and not any(pads)
        if not is_usual or node.number("ceil_mode", 0):
            parts.append("padded")
        if node.numbers("dilations", [1, 1]) != [1, 1]:
            parts.append("dilations")
        kind = "MaxPooling2D" if node.kind == "MaxPool" else "AveragePooling2D"
        self._add(f"{kind}({', '.join(parts)})")

    def _leaky_relu(self, node: _Node) -> None:
        slope = node.number("alpha", 0.01)
        is_usual = 0 < round(slope, 6) < 1
        self._add(leaky_word(slope) if is_usual else f"LeakyReLU({slope:g})")

    def _elu(self, node: _Node) -> None:
        self._add("elu" if node.number("alpha", 1.0) == 1 else "ELU(another alpha)")

    def _clip(self, node: _Node) -> None:
        """Take ReLU6; its bounds are inputs, before version 11 of the operators attributes."""
        given = [float(each.reshape(-1)[0]) for each in self._constant_inputs(node, 0) if each.size]
        bounds = given or [node.number("min", -1), node.number("max", -1)]
        self._add("relu6" if bounds == [0, 6] else "Clip")

    def _selu(self, node: _Node) -> None:
        is_usual = (
            abs(node.number("alpha", _SELU_ALPHA) - _SELU_ALPHA) < 1e-3
            and abs(node.number("gamma", _SELU_SCALE) - _SELU_SCALE) < 1e-3
        )
        self._add("selu" if is_usual else "Selu(another alpha)")

    def _swish(self, node: _Node) -> None:
        self._add("silu" if node.number("alpha", 1.0) == 1 else "Swish(another alpha)")

    def _gelu(self, node: _Node) -> None:
        self._add("gelu" if node.text("approximate") in ("", "none") else "Gelu(approximate)")

    def _dense(self, node: _Node) -> None:
        kernel, *bias = self._constant_inputs(node, 1)
        is_scaled = any(node.number(name, 1) != 1 for name in ("alpha", "beta"))
        if kernel.ndim != 2 or is_scaled or node.number("transA", 0):
            raise FileFormatError("onnx-weights", kind=node.kind)
        if node.number("transB", 0):
            kernel = np.ascontiguousarray(kernel.T)
        arrays = {"kernel": kernel}
        if bias:
            arrays["bias"] = bias[0].reshape(-1)
        self._add(DENSE, arrays)

    def _normalization(self, node: _Node) -> None:
        parts = self._constant_inputs(node, 4)[:4]
        names = ("gamma", "beta", "moving_mean", "moving_variance")
        arrays = dict(zip(names, parts, strict=True))
        if any(part.shape != parts[0].shape for part in parts):
            raise FileFormatError("onnx-weights", kind=node.kind)
        epsilon = node.number("epsilon", 1e-5)
        arrays["gamma"] = with_epsilon(parts[0], arrays["moving_variance"], epsilon)
        self._add(NORMALIZATION, arrays)

    def _transpose(self, node: _Node) -> None:
        if node.numbers("perm", []) == _MAPS_LAST:
            self._found.is_channels_first = False

    def _arithmetic(self, node: _Node) -> None:
        """Take a bias of the layer before, a change of the image's numbers, or half of a SiLU."""
        is_of_sigmoid = self._under_sigmoid and self._under_sigmoid in node.inputs
        if node.kind == "Mul" and is_of_sigmoid:
            self._layers[-1] = ForeignLayer("silu")
            return
        if not (values := self._constant_inputs(node, 0)):
            self._add(node.kind)
            return
        value, *_ = values
        place = len(self._layers) - 1
        has_bias = f"{place}/bias" in self._found.arrays
        if node.kind == "Add" and f"{place}/kernel" in self._found.arrays and not has_bias:
            self._found.arrays[f"{place}/bias"] = value.reshape(-1)
            return
        is_first = all(layer.name == RESCALING for layer in self._layers)
        if value.size != 1 or not is_first or node.inputs[1] not in self._constants:
            self._add(node.kind)
            return
        number = float(value.reshape(-1)[0])
        if node.kind in ("Mul", "Div") and not number:
            raise FileFormatError("layer-value", name=node.kind)
        match node.kind:
            case "Mul":
                self._add(RESCALING, scale=number)
            case "Div":
                self._add(RESCALING, scale=1 / number)
            case _:
                self._add(RESCALING, offset=-number if node.kind == "Sub" else number)


_TAKERS: Mapping[str, Callable[[_Graph, _Node], None]] = {
    "Add": _Graph._arithmetic,
    "AveragePool": _Graph._pooling,
    "BatchNormalization": _Graph._normalization,
    "Clip": _Graph._clip,
    "Conv": _Graph._convolution,
    "Div": _Graph._arithmetic,
    "Elu": _Graph._elu,
    "Gelu": _Graph._gelu,
    "Gemm": _Graph._dense,
    "LeakyRelu": _Graph._leaky_relu,
    "MatMul": _Graph._dense,
    "MaxPool": _Graph._pooling,
    "Mul": _Graph._arithmetic,
    "Selu": _Graph._selu,
    "Sub": _Graph._arithmetic,
    "Swish": _Graph._swish,
    "Transpose": _Graph._transpose,
}


def _node(message: Message) -> _Node:
    inputs, outputs = (tuple(message.texts(number, _MOST_NUMBERS)) for number in (1, 2))
    return _Node(message.text(4), inputs, outputs, message)


def _strides(node: _Node, usual: list[int]) -> list[str]:
    """Return how far windows are from each other, as text; nothing where it is as usual."""
    steps = node.numbers("strides", [1, 1])
    if steps == usual:
        return []
    is_square = len(steps) == 2 and steps[0] == steps[1]
    return [f"strides={steps[0] if is_square else steps}"]


def _padding(node: _Node, rows: int, columns: int) -> str:
    automatic = node.text("auto_pad")
    if automatic == "SAME_UPPER":
        return "same"
    if automatic == "SAME_LOWER":
        is_alike = rows % 2 and columns % 2 and node.numbers("strides", [1, 1]) == [1, 1]
        return "same" if is_alike else automatic
    pads = node.numbers("pads", [0] * 4)
    if automatic == "VALID" or not any(pads):
        return "valid"
    return f"pads={pads}"
