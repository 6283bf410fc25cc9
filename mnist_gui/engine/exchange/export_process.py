"""The process that writes an exported network.

In the program's own process TensorFlow Lite's converter would block the window and print.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mnist_gui.engine.architectures import ARCHITECTURES, IMAGE_SIDE
from mnist_gui.engine.digits.files import read_drawings
from mnist_gui.engine.exchange.formats import Format, format_of
from mnist_gui.engine.io.npy import write_npy
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.devices import load_tensorflow
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.models.networks import build_network, set_network_weights
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.snapshot import Snapshot

if TYPE_CHECKING:
    import keras


def write_network(path: Path, snapshot: Snapshot) -> None:
    """Write the network in the format of the file's name; TensorFlow must be loaded.

    Its input is images (n, 28, 28, 1), float32 0..1; its output probabilities (n, 10). They are as
    honest as the program's: the temperature is in the weights of the last layer.
    """
    match format_of(path):
        case Format.KERAS:
            reading_network(snapshot).save(path)
        case Format.TFLITE:
            path.write_bytes(_tflite(reading_network(snapshot)))
        case Format.WEIGHTS:
            shapes = snapshot.recipe.architecture.weight_shapes
            calibrated = snapshot.calibrated_weights
            weights: dict[str, Any] = {name: calibrated[name] for name in shapes}
            if snapshot.recipe.network not in ARCHITECTURES:
                # The others are known by their weights.
                weights["network"] = np.array(snapshot.recipe.network)
            with path.open("wb") as file:
                np.savez(file, **weights)


def reading_network(snapshot: Snapshot) -> "keras.Model":
    """Return the network with a softmax layer, named by its architecture."""
    from keras import Input, Sequential, layers

    network = build_network(snapshot.recipe.network, dropout=snapshot.recipe.dropout)
    set_network_weights(network, snapshot.calibrated_weights)
    return Sequential(
        [
            Input((IMAGE_SIDE, IMAGE_SIDE, 1), name="images"),
            *network.layers,
            layers.Softmax(dtype="float32", name="probabilities"),
        ],
        name=snapshot.recipe.network.replace("-", "_").replace(" ", "_"),
    )


def _tflite(network: "keras.Model") -> bytes:
    """Convert the network; its weights become constants, as the converter loses variables."""
    import tensorflow as tf

    trainable = [tf.constant(weight) for weight in network.trainable_variables]
    others = [tf.constant(weight) for weight in network.non_trainable_variables]

    @tf.function(autograph=False)  # type: ignore[untyped-decorator, unused-ignore]
    def read(images: Any) -> dict[str, Any]:
        answer, _ = network.stateless_call(trainable, others, images, training=False)
        return {"probabilities": answer}

    signature = tf.TensorSpec((None, IMAGE_SIDE, IMAGE_SIDE, 1), tf.float32, name="images")
    module = tf.Module()
    module.read = read
    module.weights = (trainable, others)
    concrete = read.get_concrete_function(signature)
    content: bytes = tf.lite.TFLiteConverter.from_concrete_functions([concrete], module).convert()
    return content


def main(network: str, target: str, drawings: str, answers: str) -> None:
    """Write the network to `target`, and the engine's probabilities of drawings to `answers`."""
    load_tensorflow()
    snapshot = load_snapshot(Path(network))
    write_network(Path(target), snapshot)
    images = np.stack([preprocess(labelled.drawing) for labelled in read_drawings(Path(drawings))])
    write_npy(Path(answers), Classifier().probabilities(snapshot, images))


if __name__ == "__main__":
    main(*sys.argv[1:])
