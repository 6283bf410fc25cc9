"""Measures how faithfully a map of an image's ink says what a network's reading rests on.

    python -m benchmarks.ink_evidence STROKES [MODEL ...] [--images N]

STROKES is UNIPEN text (such as pendigits-orig.tra.gz) or drawings as JSON Lines, of which N are
taken at even distances; MODEL a file saved by mnist-gui, by default those that ship with it. The
ink that a map calls most important is taken away a twentieth at a time, and the predicted digit's
mean probability is printed: the lower, the better the map. Taken away in the opposite order, the
higher the better. Also prints the time that a whole explanation takes.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawn_digits import read_records
from benchmarks.preprocessing_cost import SHIPPED
from mnist_gui.engine.drawing import Drawing, parse_drawing
from mnist_gui.engine.explain.explainer import attribute_ink, explain
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.models.networks import build_network, set_network_weights
from mnist_gui.engine.preprocessing import ALL_STEPS, preprocess
from mnist_gui.engine.snapshot import Snapshot

_Image: TypeAlias = NDArray[np.uint8]
_Map: TypeAlias = NDArray[np.float64]
_PARTS = 20


def maps_of(classifier: Classifier, snapshot: Snapshot) -> Mapping[str, Callable[[_Image], _Map]]:
    """Return the ways to weigh an image's ink for the digit that the network reads."""
    random = np.random.default_rng(0)

    def occlusion(image: _Image) -> _Map:
        evidence = attribute_ink(classifier, snapshot, image)
        return evidence.toward(int(evidence.probabilities.argmax()))

    return {
        "occlusion by 3x3 pixels (the window's)": occlusion,
        "gradient times ink": _gradient_times_ink(snapshot),
        "random order": lambda image: random.random(image.shape),
    }


def _gradient_times_ink(snapshot: Snapshot) -> Callable[[_Image], _Map]:
    import tensorflow as tf

    network = build_network(snapshot.recipe.network)
    set_network_weights(network, snapshot.weights)

    def weigh(image: _Image) -> _Map:
        ink = tf.constant(image[np.newaxis, :, :, np.newaxis] / np.float32(255))
        with tf.GradientTape() as tape:
            tape.watch(ink)
            logits = network(ink, training=False)[0]
            digit = int(tf.argmax(logits))
            others = tf.concat([logits[:digit], logits[digit + 1 :]], axis=0)
            log_odds = logits[digit] - tf.reduce_logsumexp(others)
        product = tape.gradient(log_odds, ink) * ink
        weights: _Map = product.numpy()[0, :, :, 0].astype(np.float64)
        return weights

    return weigh


def probability_left(
    classifier: Classifier, snapshot: Snapshot, image: _Image, order: NDArray[np.int64]
) -> float:
    """Return the predicted digit's mean probability while ink goes in this order of pixels."""
    images = np.repeat(image.reshape(1, -1), _PARTS + 1, axis=0)
    for gone, row in enumerate(images):
        row[order[: len(order) * gone // _PARTS]] = 0
    probabilities = classifier.probabilities(snapshot, images.reshape(-1, *image.shape))
    return float(probabilities[:, probabilities[0].argmax()].mean())


def compare(drawings: list[Drawing], model: Path) -> None:
    """Print a row of the table for each way, and the time of an explanation."""
    classifier, snapshot = Classifier(), load_snapshot(model)
    images = [preprocess(drawing) for drawing in drawings]
    for name, weigh in maps_of(classifier, snapshot).items():
        left = np.array([_both_orders(classifier, snapshot, image, weigh) for image in images])
        most, least = left.mean(axis=0)
        print(f"| {model.stem} | {name} | {most:.3f} | {least:.3f} |")
    times = []
    for drawing in drawings:
        started = perf_counter()
        explain(classifier, snapshot, drawing, ALL_STEPS)
        times.append(1e3 * (perf_counter() - started))
    p50, p95 = np.percentile(times, [50, 95])
    print(f"\nAn explanation by {model.stem} takes {p50:.0f} ms (p95 {p95:.0f}).\n")


def _both_orders(
    classifier: Classifier, snapshot: Snapshot, image: _Image, weigh: Callable[[_Image], _Map]
) -> tuple[float, float]:
    ink = np.flatnonzero(image)
    order = ink[np.argsort(-weigh(image).reshape(-1)[ink], kind="stable")]
    orders = (order, order[::-1])
    first, last = (probability_left(classifier, snapshot, image, each) for each in orders)
    return first, last


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("strokes", type=Path)
    parser.add_argument("models", nargs="*", type=Path, default=SHIPPED)
    parser.add_argument("--images", type=int, default=200)
    arguments = parser.parse_args()
    records = read_records(arguments.strokes)
    every = max(1, len(records) // arguments.images)
    drawings = [parse_drawing(record).drawing for record in records[::every]]
    print("| network | ink taken away by | most important first | least important first |")
    print("|---|---|---|---|")
    for model in arguments.models:
        compare(drawings, model)
    return 0


if __name__ == "__main__":
    sys.exit(main())
