"""Predict images, drawings and numbers with a network."""

from collections.abc import Iterator
from itertools import repeat
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.events import EvaluationProgress, TestEvaluated
from mnist_gui.engine.grouping import group_strokes
from mnist_gui.engine.models.devices import load_tensorflow
from mnist_gui.engine.models.digit_detector import DigitDetector
from mnist_gui.engine.models.networks import build_network, set_network_weights, to_network_input
from mnist_gui.engine.prediction import DigitPrediction, Evaluation, NumberPrediction, Prediction
from mnist_gui.engine.preprocessing import preprocess_all
from mnist_gui.engine.snapshot import Snapshot

if TYPE_CHECKING:
    import keras


class Classifier:
    """Predicts with snapshots, in float32; for one thread only.

    Networks are built at their first use and stay in memory, so that changing snapshots is quick.
    """

    def __init__(self) -> None:
        self._networks: dict[str, tuple[keras.Model, Any]] = {}
        self._snapshots: dict[str, Snapshot] = {}
        self._detector = DigitDetector()

    def predict(self, snapshot: Snapshot, image: NDArray[np.uint8]) -> Prediction:
        """Predict one image (28, 28) uint8, with its digit score."""
        return self.predictions(snapshot, image[np.newaxis])[0]

    def predict_known(self, snapshot: Snapshot, image: NDArray[np.uint8]) -> Prediction:
        """Predict an image (28, 28) uint8 of a data set, without a digit score."""
        shares = self.probabilities(snapshot, image[np.newaxis])[0]
        return Prediction(shares, min_margin=snapshot.min_margin)

    def predictions(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> list[Prediction]:
        """Predict images (n, 28, 28) uint8, with their digit scores."""
        digit_scores = self._detector.digit_scores(images).tolist()
        shares = self.probabilities(snapshot, images)
        return list(map(Prediction, shares, digit_scores, repeat(snapshot.min_margin)))

    def predict_number(self, snapshot: Snapshot, drawing: Drawing) -> NumberPrediction:
        """Predict the digits, from left to right, of a drawing that is not empty."""
        drawings = group_strokes(
            drawing, lambda each: self._detector.digit_scores(preprocess_all(each))
        )
        images = preprocess_all(drawings)
        # One by one, as TensorFlow takes time to prepare for each new batch size.
        predictions = [self.predict(snapshot, image) for image in images]
        return NumberPrediction(tuple(map(DigitPrediction, drawings, images, predictions)))

    def probabilities(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the probabilities (n, 10) of images (n, 28, 28) uint8."""
        reader = self._reader(snapshot)
        return reader(images, np.float32(snapshot.temperature)).numpy()  # type: ignore[no-any-return]

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

    signature = [tf.TensorSpec((None, 28, 28), tf.uint8), tf.TensorSpec((), tf.float32)]

    @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
    def read(images: Any, temperature: Any) -> Any:
        logits = network(to_network_input(images), training=False)
        return tf.nn.softmax(logits / temperature)

    return read


def evaluate_network(
    snapshot: Snapshot, images: LabelledImages, classifier: Classifier | None = None
) -> Iterator[EvaluationProgress | TestEvaluated]:
    """Predict all the images with the snapshot, in batches.

    Yields EvaluationProgress after each batch and TestEvaluated at the end.
    """
    started = perf_counter()
    classifier = classifier or Classifier()
    batch = snapshot.recipe.architecture.evaluation_batch
    probabilities = np.empty((len(images), 10), np.float32)
    for start in range(0, len(images), batch):
        end = min(start + batch, len(images))
        probabilities[start:end] = classifier.probabilities(snapshot, images.images[start:end])
        yield EvaluationProgress("test", end, len(images))
    evaluation = Evaluation(images.labels, probabilities)
    yield TestEvaluated(snapshot.recipe, snapshot.step, evaluation, perf_counter() - started)
