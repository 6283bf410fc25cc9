"""What the layers of a network are called."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from mnist_gui.engine.inside.layers import LayerKind
from mnist_gui.gui.common.labels import count

# Alike in all languages.
ACTIVATION_NAMES: Mapping[LayerKind, str] = MappingProxyType(
    {
        LayerKind.LEAKY_RELU: "Leaky ReLU",
        LayerKind.TANH: "Tanh",
        LayerKind.SIGMOID: "Sigmoid",
        LayerKind.ELU: "ELU",
        LayerKind.SILU: "SiLU",
        LayerKind.GELU: "GELU",
        LayerKind.RELU6: "ReLU6",
        LayerKind.SELU: "SELU",
        LayerKind.SOFTPLUS: "Softplus",
    }
)


def kind_name(kind: LayerKind) -> str:
    """Return what a layer of this kind is called."""
    names = {
        LayerKind.INPUT: QCoreApplication.translate("layers", "Image"),
        LayerKind.CONVOLUTION: QCoreApplication.translate("layers", "Convolution"),
        LayerKind.POOLING: QCoreApplication.translate("layers", "Max pooling"),
        LayerKind.AVERAGE_POOLING: QCoreApplication.translate("layers", "Average pooling"),
        LayerKind.NORMALIZATION: QCoreApplication.translate("layers", "Normalization"),
        LayerKind.RELU: QCoreApplication.translate("layers", "ReLU"),
        LayerKind.FLATTEN: QCoreApplication.translate("layers", "Flatten"),
        LayerKind.HIDDEN: QCoreApplication.translate("layers", "Dense layer"),
        LayerKind.DROPOUT: QCoreApplication.translate("layers", "Dropout"),
        LayerKind.OUTPUT: QCoreApplication.translate("layers", "Output layer"),
        LayerKind.TEMPERATURE: QCoreApplication.translate("layers", "Temperature"),
        LayerKind.SOFTMAX: QCoreApplication.translate("layers", "Softmax"),
        LayerKind.LOSS: QCoreApplication.translate("layers", "Loss"),
        **ACTIVATION_NAMES,
    }
    return names[kind]


def numbered_name(kind: LayerKind, place: int) -> str:
    """Return what a layer is called that is one of several; `place` counts them from 1."""
    text = QCoreApplication.translate("layers", "{layer} {number}")
    return text.format(layer=kind_name(kind), number=count(place))


def layer_name(weights: str) -> str:
    """Return what the layer with these weights is called, such as "convolution_1"."""
    kind, _, place = weights.partition("_")
    of_kind = LayerKind[kind.upper()]
    return numbered_name(of_kind, int(place)) if place else kind_name(of_kind)
