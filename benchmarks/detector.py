"""Trains the networks that tell digits from what is none: models/digit-detector.safetensors.

    python -m benchmarks.detector OUT.safetensors [--without KIND ...] [--epochs N] [--steps N]
                                  [--keep FILE] [--seed N]

They learn from MNIST's training images and digits in our own pen styles on one side; on the other
from the drawings of benchmarks/scribbles.py and from our own digits' strokes in disorder. Of other
people's strokes they learn nothing. The detecting network takes N epochs; the naming one begins as
the reading network that ships, and takes N steps. `--keep` takes the detecting network of a file as
it is. `--without` leaves kinds out, so that `benchmarks/rejection.py --detector` can tell how well
they know what they have never seen.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.scribbles import LETTERS, SCRIBBLES, letters, overlaid, shuffled
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.io.archive import ArchiveReader, write_archive
from mnist_gui.engine.models.devices import load_tensorflow
from mnist_gui.engine.models.digit_detector import ARRAYS, KIND
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.models.networks import set_network_weights, weight_name
from mnist_gui.engine.preprocessing import preprocess_all
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.synthetic.generate import STYLE_SHARES, draw, generate_digit_images, join
from mnist_gui.engine.training.augment import augment
from mnist_gui.paths import resource

_Images = NDArray[np.uint8]
_Floats = NDArray[np.float32]

_PEN_WIDTHS = (1.6, 3.2)
_OF_EACH_SCRIBBLE = 5_000
_OF_EACH_DISORDER = 12_000
_OF_WRITTEN_LETTERS = 40_000
_PEN_DIGITS = 60_000
_AT_ONCE = 64
_READER = resource("models/cnn-best.mnistgui")
_EPSILON = 1e-3  # of Keras' batch normalization
_BATCH = 256
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


def build_detecting(seed: int) -> Any:
    """Return the detecting network as a Keras model: images (n, 28, 28, 1) to logits (n, 1)."""
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


def build_naming(reader: Snapshot) -> Any:
    """Return the naming network as a Keras model: images (n, 28, 28, 1) to outputs (n, 11).

    It has the reading network's weights, its batch normalization folded into the convolutions, and
    an eleventh output of zeros. The first convolution stays as it is.
    """
    import keras
    from keras import layers

    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 5, name="convolution_1", trainable=False),
            layers.MaxPooling2D(2),
            layers.ReLU(),
            layers.Conv2D(64, 3, padding="same", activation="relu", name="convolution_2"),
            layers.Conv2D(64, 3, name="convolution_3"),
            layers.MaxPooling2D(2),
            layers.ReLU(),
            layers.Conv2D(128, 3, activation="relu", name="convolution_4"),
            layers.Flatten(),
            layers.Dense(11, name="output"),
        ]
    )
    set_network_weights(network, _folded(reader.calibrated_weights))
    return network


def _folded(weights: Mapping[str, _Floats]) -> dict[str, _Floats]:
    folded = {
        "output/kernel": np.pad(weights["output/kernel"], ((0, 0), (0, 1))),
        "output/bias": np.pad(weights["output/bias"], (0, 1)),
    }
    for place in range(1, 5):
        normalization, layer = f"normalization_{place}", f"convolution_{place}"
        variance = weights[f"{normalization}/moving_variance"] + _EPSILON
        scale = weights[f"{normalization}/gamma"] / np.sqrt(variance)
        shift = weights[f"{normalization}/beta"] - weights[f"{normalization}/moving_mean"] * scale
        folded |= {f"{layer}/kernel": weights[f"{layer}/kernel"] * scale, f"{layer}/bias": shift}
    return folded


def detecting_loss(logits: Any, labels: Any) -> Any:
    """Return the loss of logits (n,) for labels (n,): 0 to 9, or 10 for no digit."""
    import tensorflow as tf

    is_digit = labels < 10
    wanted = tf.where(is_digit, 1 - _SMOOTHING, _SMOOTHING)
    losses = tf.nn.sigmoid_cross_entropy_with_logits(wanted, logits)
    return tf.reduce_mean(losses * tf.where(is_digit, _WEIGHT_OF_DIGITS, 1.0))


def naming_loss(outputs: Any, labels: Any) -> Any:
    """Return the loss of outputs (n, 11) for labels (n,), digits' names among it."""
    import tensorflow as tf

    digits = tf.sort(outputs[:, :10])
    log_odds = digits[:, -1] - tf.reduce_logsumexp(digits[:, :-1], axis=1)
    detected = detecting_loss(outputs[:, 10] + log_odds / 2, labels)
    # Of no digit this is a row of zeros.
    named = tf.one_hot(labels, 10) * (1 - 2 * _SMOOTHING)
    named += tf.cast(labels < 10, tf.float32)[:, tf.newaxis] * (_SMOOTHING / 5)
    # TensorFlow's own gradient of this takes the targets' sum for 1.
    names = -tf.reduce_sum(named * tf.nn.log_softmax(outputs[:, :10]), axis=1)
    return detected + tf.reduce_mean(names) * _WEIGHT_OF_DIGITS / 2


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A network, how it learns, and for how many steps of how many images."""

    network: Any
    optimizer: Any
    loss: Callable[[Any, Any], Any]
    steps: int
    batch: int


def detecting(epochs: int, images: int, seed: int) -> Course:
    """Return how the detecting network learns."""
    import keras

    steps = epochs * images // _BATCH
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps))
    network = build_detecting(seed)
    return Course(network, optimizer, lambda o, y: detecting_loss(o[:, 0], y), steps, _BATCH)


def naming(steps: int) -> Course:
    """Return how the naming network learns."""
    import keras

    rate = keras.optimizers.schedules.InverseTimeDecay(5e-4, 300, 1)
    optimizer = keras.optimizers.Adam(rate, use_ema=True, ema_momentum=0.99)
    return Course(build_naming(load_snapshot(_READER)), optimizer, naming_loss, steps, 128)


def train(course: Course, images: _Images, labels: _Images, seed: int) -> dict[str, Any]:
    """Return the network's weights, by their names, after learning from distorted images."""
    import tensorflow as tf

    everything, targets = tf.constant(images), tf.constant(labels, tf.int32)
    network, optimizer = course.network, course.optimizer

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def step(chosen: Any, place: Any) -> Any:
        distorted = augment(tf.gather(everything, chosen), 1.0, place)[..., tf.newaxis] / 255
        with tf.GradientTape() as tape:
            loss = course.loss(network(distorted, training=True), tf.gather(targets, chosen))
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return loss

    random = np.random.default_rng(seed)
    order, losses = random.permutation(len(labels)), []
    for number in range(course.steps):
        if len(order) < course.batch:
            order = random.permutation(len(labels))
        chosen, order = order[: course.batch], order[course.batch :]
        losses.append(step(tf.constant(chosen), tf.constant([number, seed], tf.int64)))
        if number % 100 == 99:
            print(f"step {number + 1} of {course.steps}: {np.mean(losses):.4f}", file=sys.stderr)
            losses.clear()
    optimizer.finalize_variable_values(network.trainable_variables)
    return {weight_name(weight): weight.numpy() for weight in network.weights}


def kept(file: Path) -> dict[str, Any]:
    """Return the weights of the detecting network of a file, by their names."""
    with file.open("rb") as opened:
        arrays = ArchiveReader(opened, KIND).arrays(ARRAYS)
    detecting = ((name.split("/", 1), array) for name, array in arrays.items())
    return {name: array for (network, name), array in detecting if network == "detecting"}


def main() -> int:
    """Train and save."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--without", nargs="+", default=[], metavar="KIND")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--keep", type=Path, metavar="FILE")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    random = np.random.default_rng(arguments.seed)
    pens = join(list(generate_digit_images(_PEN_DIGITS, arguments.seed)))
    mnist = load_dataset().train
    others = non_digits(arguments.without, random)
    labels = np.concatenate([mnist.labels, pens.labels, np.full(len(others), 10, np.uint8)])
    everything = np.concatenate([mnist.images, pens.images, others])
    print(f"{len(everything):,} images, {len(others):,} of them no digits", file=sys.stderr)
    load_tensorflow()
    seed = arguments.seed
    of_detecting = (
        kept(arguments.keep)
        if arguments.keep
        else train(detecting(arguments.epochs, len(labels), seed), everything, labels, seed)
    )
    of_naming = train(naming(arguments.steps), everything, labels, seed)
    weights = {f"detecting/{name}": array for name, array in of_detecting.items()}
    weights |= {f"naming/{name}": array for name, array in of_naming.items()}
    # Half precision changes no digit score by more than a thousandth, and halves the file.
    halves = {name: array.astype(np.float16) for name, array in weights.items()}
    with arguments.out.open("wb") as file:
        write_archive(file, KIND, b"{}", halves)
    return 0


if __name__ == "__main__":
    sys.exit(main())
