"""Reads images with the weights of a snapshot."""

from collections.abc import Iterator
from itertools import repeat
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.digit_detector import DigitDetector
from mnist_gui.engine.evaluation import Evaluation
from mnist_gui.engine.events import ImagesRead, Tested
from mnist_gui.engine.networks import build_network, scaled, set_network_weights
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.tensorflow_loader import load_tensorflow

if TYPE_CHECKING:
    import keras


class Classifier:
    """Answers for one snapshot at a time, in float32; to be used by one thread only.

    Networks are built at their first use and kept, so that changing snapshots is quick.
    """

    def __init__(self) -> None:
        self._networks: dict[str, tuple[keras.Model, Any]] = {}
        self._snapshots: dict[str, Snapshot] = {}
        self._detector = DigitDetector()

    def predict(self, snapshot: Snapshot, image: NDArray[np.uint8]) -> Prediction:
        """Read one image (28, 28) uint8, and tell whether it is a digit at all."""
        return self.predictions(snapshot, image[np.newaxis])[0]

    def predict_known(self, snapshot: Snapshot, image: NDArray[np.uint8]) -> Prediction:
        """Read an image (28, 28) uint8 of a data set: what it shows may be other than digits."""
        shares = self.probabilities(snapshot, image[np.newaxis])[0]
        return Prediction(shares, least_margin=snapshot.least_margin)

    def predictions(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> list[Prediction]:
        """Read images (n, 28, 28) uint8, and tell which of them are digits at all."""
        likenesses = self._detector.likenesses(images).tolist()
        shares = self.probabilities(snapshot, images)
        return list(map(Prediction, shares, likenesses, repeat(snapshot.least_margin)))

    def probabilities(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return ten probabilities for each of the images (n, 28, 28) uint8: (n, 10)."""
        return self._reader(snapshot)(images).numpy()  # type: ignore[no-any-return]

    def _reader(self, snapshot: Snapshot) -> Any:
        name = snapshot.recipe.network
        if name not in self._networks:
            load_tensorflow()
            network = build_network(name)
            self._networks[name] = (network, _traced(network))
        network, reader = self._networks[name]
        if self._snapshots.get(name) is not snapshot:
            set_network_weights(network, snapshot.weights)
            self._snapshots[name] = snapshot
        return reader


def _traced(network: "keras.Model") -> Any:
    import tensorflow as tf

    signature = [tf.TensorSpec((None, 28, 28), tf.uint8)]

    @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
    def read(images: Any) -> Any:
        return tf.nn.softmax(network(scaled(images), training=False))

    return read


def evaluate_network(
    snapshot: Snapshot, images: LabelledImages, classifier: Classifier | None = None
) -> Iterator[ImagesRead | Tested]:
    """Read all the images with the snapshot, in batches so that memory stays bounded.

    Yields ImagesRead after each batch and Tested at the end.
    """
    started = perf_counter()
    classifier = classifier or Classifier()
    batch = snapshot.recipe.architecture.evaluation_batch
    probabilities = np.empty((len(images), 10), np.float32)
    for start in range(0, len(images), batch):
        end = min(start + batch, len(images))
        probabilities[start:end] = classifier.probabilities(snapshot, images.images[start:end])
        yield ImagesRead("test", end, len(images))
    evaluation = Evaluation(images.labels, probabilities)
    yield Tested(snapshot.recipe, snapshot.step, evaluation, perf_counter() - started)
