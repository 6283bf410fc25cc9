"""Trains the network that tells digits from what is none: models/digit-detector.safetensors.

    python -m benchmarks.detector OUT.safetensors [--without KIND ...] [--epochs N] [--seed N]

It learns from MNIST's training images and digits in our own pen styles on one side; on the other
from the drawings of benchmarks/scribbles.py and from our own digits' strokes in disorder. Of other
people's strokes it learns nothing. `--without` leaves kinds out, so that `benchmarks/rejection.py
--detector` can tell how well it knows what it has never seen.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.scribbles import LETTERS, SCRIBBLES, letters, overlaid, shuffled
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.io.archive import write_archive
from mnist_gui.engine.models.devices import load_tensorflow
from mnist_gui.engine.models.digit_detector import KIND
from mnist_gui.engine.models.networks import weight_name
from mnist_gui.engine.preprocessing import preprocess_all
from mnist_gui.engine.synthetic.generate import STYLE_SHARES, draw, generate_digit_images, join
from mnist_gui.engine.training.augment import augment

_Images = NDArray[np.uint8]

_PEN_WIDTHS = (1.6, 3.2)
_OF_EACH_SCRIBBLE = 5_000
_OF_EACH_DISORDER = 12_000
_OF_WRITTEN_LETTERS = 30_000
_PEN_DIGITS = 60_000
_AT_ONCE = 64
_BATCH = 256
_LEARNING_RATE = 2e-3
# Labels of 0.005 and 0.995: an image of a kind not seen yet should not be judged without a doubt.
_SMOOTHING = 0.005
# A digit that is refused costs as much as three scribbles that are not.
_WEIGHT_OF_DIGITS = 3.0


def images(drawings: Sequence[Drawing], random: Generator) -> _Images:
    """Return the images (n, 28, 28) of drawings, with pens as wide as MNIST's are."""
    parts = []
    for at in range(0, len(drawings), _AT_ONCE):
        some = drawings[at : at + _AT_ONCE]
        parts.append(preprocess_all(some, random.uniform(*_PEN_WIDTHS, len(some)).tolist()))
    return np.concatenate(parts)


def non_digits(without: Sequence[str], random: Generator) -> _Images:
    """Return images (n, 28, 28) of all the kinds but some."""
    kinds: dict[str, Callable[[Generator], list[Drawing]]] = {
        name: partial(_scribbles, name) for name in SCRIBBLES
    }
    kinds |= {name: partial(letters, name, _OF_EACH_DISORDER) for name in LETTERS}
    kinds["written letter"] = partial(letters, "written letter", _OF_WRITTEN_LETTERS)
    kinds |= {"shuffled": _shuffled_digits, "overlaid": _overlaid_digits}
    made = [images(make(random), random) for name, make in kinds.items() if name not in without]
    return np.concatenate(made)


def _scribbles(name: str, random: Generator) -> list[Drawing]:
    return [SCRIBBLES[name](random) for _ in range(_OF_EACH_SCRIBBLE)]


def _own_digits(count: int, random: Generator) -> tuple[list[Drawing], list[int]]:
    chosen = random.choice(len(STYLE_SHARES), count, p=list(STYLE_SHARES.values()))
    styles = [list(STYLE_SHARES)[index] for index in chosen]
    return draw(styles, random), [style.digit for style in styles]


def _shuffled_digits(random: Generator) -> list[Drawing]:
    drawings, _ = _own_digits(_OF_EACH_DISORDER, random)
    return [shuffled(drawing, random) for drawing in drawings]


def _overlaid_digits(random: Generator) -> list[Drawing]:
    drawings, digits = _own_digits(2 * _OF_EACH_DISORDER, random)
    half = _OF_EACH_DISORDER
    pairs = zip(drawings[:half], drawings[half:], digits[:half], digits[half:], strict=True)
    return [overlaid(one, other) for one, other, digit, another in pairs if digit != another]


def build(seed: int) -> Any:
    """Return the detector as a Keras model: images (n, 28, 28, 1) to logits (n, 1)."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 5, strides=2, activation="relu", name="convolution_1"),
            layers.Conv2D(64, 3, strides=2, activation="relu", name="convolution_2"),
            layers.Flatten(),
            layers.Dense(96, activation="relu", name="hidden"),
            layers.Dense(1, name="output"),
        ]
    )


def train(digits: _Images, others: _Images, epochs: int, seed: int) -> dict[str, Any]:
    """Return the weights, by their names, after so many passes over distorted images."""
    load_tensorflow()
    import keras
    import tensorflow as tf

    labels = np.append(np.ones(len(digits)), np.zeros(len(others)))
    everything = tf.constant(np.concatenate([digits, others]))
    targets = tf.constant(labels * (1 - 2 * _SMOOTHING) + _SMOOTHING, tf.float32)
    network = build(seed)
    steps = len(labels) // _BATCH
    rate = keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, epochs * steps)
    optimizer = keras.optimizers.Adam(rate)

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def step(chosen: Any, place: Any) -> Any:
        distorted = augment(tf.gather(everything, chosen), 1.0, place)[..., tf.newaxis] / 255
        with tf.GradientTape() as tape:
            logits = network(distorted, training=True)[:, 0]
            wanted = tf.gather(targets, chosen)
            losses = tf.nn.sigmoid_cross_entropy_with_logits(wanted, logits)
            loss = tf.reduce_mean(losses * tf.where(wanted > 0.5, _WEIGHT_OF_DIGITS, 1.0))
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return loss

    random = np.random.default_rng(seed)
    for epoch in range(epochs):
        order = random.permutation(len(labels))[: steps * _BATCH].reshape(steps, _BATCH)
        losses = [
            step(tf.constant(chosen), tf.constant([epoch * steps + number, seed], tf.int64))
            for number, chosen in enumerate(order)
        ]
        print(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.4f}", file=sys.stderr)
    return {weight_name(weight): weight.numpy() for weight in network.weights}


def main() -> int:
    """Train and save."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--without", nargs="+", default=[], metavar="KIND")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    random = np.random.default_rng(arguments.seed)
    pens = join(list(generate_digit_images(_PEN_DIGITS, arguments.seed)))
    digits = np.concatenate([load_dataset().train.images, pens.images])
    others = non_digits(arguments.without, random)
    print(f"{len(digits):,} digits, {len(others):,} others", file=sys.stderr)
    weights = train(digits, others, arguments.epochs, arguments.seed)
    # Half precision changes no digit score by more than a thousandth, and halves the file.
    halves = {name: array.astype(np.float16) for name, array in weights.items()}
    with arguments.out.open("wb") as file:
        write_archive(file, KIND, b"{}", halves)
    return 0


if __name__ == "__main__":
    sys.exit(main())
