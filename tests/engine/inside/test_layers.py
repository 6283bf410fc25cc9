from math import prod
from typing import Any

import pytest
from keras.activations import relu

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.layers import LayerKind, network_layers
from mnist_gui.engine.models.networks import build_network
from mnist_gui.engine.recipe import usual_recipe
from tests.engine.inside.test_forward import OTHERS

KERAS_NAMES = {
    "Conv2D": LayerKind.CONVOLUTION,
    "MaxPooling2D": LayerKind.POOLING,
    "AveragePooling2D": LayerKind.AVERAGE_POOLING,
    "LeakyReLU": LayerKind.LEAKY_RELU,
    "tanh": LayerKind.TANH,
    "sigmoid": LayerKind.SIGMOID,
    "elu": LayerKind.ELU,
    "silu": LayerKind.SILU,
    "gelu": LayerKind.GELU,
    "relu6": LayerKind.RELU6,
    "selu": LayerKind.SELU,
    "softplus": LayerKind.SOFTPLUS,
    "BatchNormalization": LayerKind.NORMALIZATION,
    "ReLU": LayerKind.RELU,
    "Flatten": LayerKind.FLATTEN,
    "Dropout": LayerKind.DROPOUT,
}


def multiplications(layer: Any) -> int:
    """Count a Keras layer's multiply-adds for one image by its own shapes."""
    shape = layer.output.shape[1:]
    match type(layer).__name__:
        case "Conv2D":
            return int(prod(shape[:2]) * layer.kernel.shape.num_elements())
        case "Dense":
            return int(layer.kernel.shape.num_elements())
        case "BatchNormalization":
            return prod(shape)
    return 0


def keras_name(layer: Any) -> str:
    """Return the class of a Keras layer, or of one that is an activation its name."""
    name = type(layer).__name__
    return layer.activation.__name__ if name == "Activation" else name


@pytest.mark.parametrize("name", [*ARCHITECTURES, *OTHERS])
def test_the_layers_are_those_of_keras_with_its_shapes_and_counts(name: str) -> None:
    *layers, last = build_network(name).layers
    assert type(last).__name__ == "Activation", "it changes nothing in float32 and is not drawn"
    ours = network_layers(name)[1:]
    assert [layer.shape for layer in ours] == [layer.output.shape[1:] for layer in layers]
    assert [layer.inputs for layer in ours] == [layer.input.shape[1:] for layer in layers]
    assert [layer.multiplications for layer in ours] == list(map(multiplications, layers))
    counts = [layer.parameters + layer.statistics for layer in ours]
    assert counts == [layer.count_params() for layer in layers]
    kinds = [KERAS_NAMES.get(keras_name(layer)) for layer in layers]
    dense = (LayerKind.HIDDEN, LayerKind.OUTPUT)
    for layer, kind, keras in zip(ours, kinds, layers, strict=True):
        assert layer.kind is kind or (kind is None and layer.kind in dense)
        assert layer.is_padded == (getattr(keras, "padding", "") == "same")
        side: Any = getattr(keras, "kernel_size", None) or getattr(keras, "pool_size", (0,))
        assert layer.kernel == side[0]
        assert layer.stride == getattr(keras, "strides", (1,))[0]
        assert layer.is_rectified == (getattr(keras, "activation", None) is relu)


@pytest.mark.parametrize("name", [*ARCHITECTURES, *OTHERS])
def test_the_parameters_add_up_to_those_of_the_architecture(name: str) -> None:
    total = sum(layer.parameters for layer in network_layers(name))
    assert total == usual_recipe(name).architecture.parameters
