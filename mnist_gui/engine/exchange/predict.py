"""Reads drawn digits with a network that mnist-gui exported.

    python predict.py NETWORK INPUT ... [--json]

NETWORK is one of
    .npz     plain weights: this file computes the network itself, with NumPy alone
    .keras   read by Keras
    .tflite  read by ai-edge-litert, tflite-runtime or TensorFlow, whichever is installed
INPUT is one of
    .jsonl   drawings, one a line: {"strokes": [[[x, y], ...], ...]}, x to the right and y down in
             the unit square; in .json a list of them, or one
    picture  of 28x28 pixels, white on black as in MNIST (needs Pillow)

This file needs nothing else of mnist-gui: copy it where you like, and change it as you like.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from math import ceil, erf, sqrt
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]
Bytes: TypeAlias = NDArray[np.uint8]

# --- From a drawing to an image, as mnist-gui does it -------------------------------------------

BOX = 20  # A digit's longer side in pixels, as in MNIST ...
SIDE = 28  # ... within an image of this side.
PEN_WIDTH = 2.2  # in pixels
MASS_CENTRE = 14  # The pixel at which the ink's centre of mass is put.
SAMPLES = 6  # to a pixel, along each axis
LONGEST_PIECE = 3.0  # in pixels
MOST_PIECES = 4_000
STRAIGHT = 1 / 256  # A point so near the line between its neighbours is left out; in pixels.
SMALLEST = 0.1  # A smaller drawing, in canvases, stays small: a dot is a dot.
OFF_CENTRE = 1 / 64  # Moves what would lie exactly between two pixels.


def preprocess(strokes: list[Any]) -> Bytes:
    """Return the image (28, 28), 0 background and 255 ink, of strokes: lists of [x, y]."""
    if not strokes:
        return np.zeros((SIDE, SIDE), np.uint8)
    lines = [np.asarray(stroke, np.float64).astype(np.float32) for stroke in strokes]
    shares = redrawn(fitted(lines))
    brightest = shares.max()
    if brightest <= 0:
        return np.zeros((SIDE, SIDE), np.uint8)
    return centred(np.rint(shares * (255 / brightest)).astype(np.uint8))


def fitted(lines: list[Floats]) -> list[Doubles]:
    """Scale the strokes so that their ink fills the box, and put them in its middle."""
    points = np.concatenate(lines).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (BOX - PEN_WIDTH - 2 * OFF_CENTRE) / max(float((high - low).max()), SMALLEST)
    shift = BOX / 2 + OFF_CENTRE - scale * (low + high) / 2
    return [line * scale + shift for line in lines]


def redrawn(lines: list[Doubles]) -> Floats:
    """Draw with a round pen: the share (20, 20) of each pixel that is ink."""
    starts, ends = pieces([thinned(line) for line in lines])
    squared = np.full((BOX * SAMPLES, BOX * SAMPLES), np.float32(np.inf))
    for start, end in zip(starts, ends, strict=True):
        lower_to_squared_distance(squared, start, end)
    ink = (np.float32(PEN_WIDTH / 2) - np.sqrt(squared)) * np.float32(SAMPLES) + np.float32(0.5)
    samples = np.clip(ink, 0, 1).reshape(BOX, SAMPLES, BOX, SAMPLES)
    shares: Floats = samples.sum(axis=1).sum(axis=2) / np.float32(SAMPLES**2)
    return shares


def thinned(line: Doubles) -> Doubles:
    """Leave out points that lie on the line between their neighbours: they only take time."""
    for _ in range(8):
        here = np.arange(1, len(line) - 1, 2)
        chord = line[here + 1] - line[here - 1]
        offset = line[here] - line[here - 1]
        length = np.maximum((chord * chord).sum(axis=1), 1e-12)
        along = np.clip((offset * chord).sum(axis=1) / length, 0, 1)
        far = np.hypot(*(offset - along[:, np.newaxis] * chord).T) > STRAIGHT
        line = np.delete(line, here[~far], axis=0)
    return line


def pieces(lines: list[Doubles]) -> tuple[Doubles, Doubles]:
    """Cut the lines into short straight pieces; return their starts and ends (n, 2)."""
    # A line of one point is a piece of no length.
    starts = np.concatenate([line[:-1] if len(line) > 1 else line for line in lines])
    ends = np.concatenate([line[1:] if len(line) > 1 else line for line in lines])
    counts = np.ceil(np.hypot(*(ends - starts).T) / LONGEST_PIECE).astype(np.int64)
    counts = np.maximum(counts, 1)
    owner = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner]
    step = (ends - starts)[owner] / counts[owner, np.newaxis]
    first = starts[owner] + step * place[:, np.newaxis]
    every = -(-len(first) // MOST_PIECES)
    return first[::every], (first + step)[::every]


def lower_to_squared_distance(squared: Floats, start: Doubles, end: Doubles) -> None:
    """Lower the samples near a piece to the square of their distance from it, in pixels."""
    size, reach = len(squared), PEN_WIDTH / 2 + 1 / SAMPLES
    extent = float(np.abs(end - start).max()) + 2 * reach
    window = min(ceil(extent * SAMPLES) + 1, size)
    corner = np.floor((np.minimum(start, end) - reach) * SAMPLES).clip(0, size - window)
    chord = end - start
    length = np.hypot(*chord)
    cos, sin = (chord / length if length > 0 else np.array([1.0, 0.0])).astype(np.float32)
    offsets = (np.arange(window) + 0.5) / SAMPLES
    x, y = ((corner / SAMPLES - start)[:, np.newaxis] + offsets).astype(np.float32)
    along = x * cos + (y * sin)[:, np.newaxis]
    aside = x * sin - (y * cos)[:, np.newaxis]
    beyond = along - np.clip(along, 0, np.float32(length))
    column, row = corner.astype(int)
    near = squared[row : row + window, column : column + window]
    np.minimum(near, beyond * beyond + aside * aside, out=near)


def centred(box: Bytes) -> Bytes:
    """Put the ink into an image, its centre of mass at pixel 14 or as near as there is room."""
    image = np.zeros((SIDE, SIDE), np.uint8)
    rows, row = placed(box.sum(axis=1, dtype=np.int64))
    columns, column = placed(box.sum(axis=0, dtype=np.int64))
    ink = box[rows, columns]
    image[row : row + ink.shape[0], column : column + ink.shape[1]] = ink
    return image


def placed(mass: NDArray[np.int64]) -> tuple[slice, int]:
    """Return where the ink lies along an axis, and the pixel that its beginning gets."""
    inked = np.flatnonzero(mass)
    first, end = int(inked[0]), int(inked[-1]) + 1
    total, moment = int(mass.sum()), int(mass @ np.arange(len(mass)))
    middle = (2 * moment + total) // (2 * total)
    return slice(first, end), min(max(first + MASS_CENTRE - middle, 0), SIDE - (end - first))


# --- The networks, from plain weights ------------------------------------------------------------

Weights: TypeAlias = dict[str, Floats]


# A network is written as its layers: a word for each one with weights but for the output, and after
# it, each behind a hyphen and in its order, what follows. Where nothing of that is an activation,
# ReLU comes last. These are known by a layer that no other has, or by having none of them.
NETWORKS: dict[str, str] = {
    "convolution_4/kernel": (
        "conv5x32-pool-norm conv3x64-same-norm conv3x64-pool-norm conv3x128-norm"
    ),
    "normalization_1/gamma": "conv5x16-pool-norm conv3x32-pool-norm dense64",
    "convolution_1/kernel": "conv5x32-same-pool conv5x64-same-pool dense1024",
    "output/kernel": "",
}


def network_of(weights: Weights) -> str:
    """Return the layers of the network with these weights; "" for one without any."""
    words = next((NETWORKS[name] for name in NETWORKS if name in weights), None)
    if words is None:
        sys.exit("predict.py: these are the weights of no network known here.")
    return f"norm {words}" if "normalization_0/gamma" in weights else words


def logits_of(images: Floats, weights: Weights, network: str) -> Floats:
    """Return the logits (n, 10) of images (n, 28, 28, 1), 0..1."""
    words = network.split()
    if words[:1] == ["norm"]:
        images = normalized(images, weights, "normalization_0")
        words = words[1:]
    dense_layers = sum(word.startswith("dense") for word in words)
    for number, word in enumerate(words, start=1):
        kind, *steps = word.split("-")
        if kind.startswith("conv"):
            stride = next((int(step[6:]) for step in steps if step.startswith("stride")), 1)
            layer = f"convolution_{number}"
            images = convolved(images, weights, layer, stride, is_padded="same" in steps)
        else:
            place = number - len(words) + dense_layers
            images = dense(images, weights, f"hidden_{place}" if dense_layers > 1 else "hidden")
        for step in with_activation(steps):
            if step == "norm":
                images = normalized(images, weights, f"normalization_{number}")
            elif "pool" in step:
                images = pooled(images, step)
            else:
                images = activated(images, step)
    return dense(images, weights, "output")


def with_activation(steps: list[str]) -> list[str]:
    """Return what follows a layer, with ReLU at the end if there is no activation."""
    following = [step for step in steps if step != "same" and not step.startswith("stride")]
    others = [step for step in following if step != "norm" and "pool" not in step]
    return following if others else [*following, "relu"]


def convolved(
    images: Floats, weights: Weights, layer: str, stride: int, *, is_padded: bool
) -> Floats:
    """Convolve (n, h, w, c) with a kernel (kh, kw, c, k); a bias is added if there is one."""
    kernel = weights[f"{layer}/kernel"]
    side, size = images.shape[1], len(kernel)
    if is_padded:
        lacking = max((ceil(side / stride) - 1) * stride + size - side, 0)
        margin = (lacking // 2, lacking - lacking // 2)
        images = np.pad(images, ((0, 0), margin, margin, (0, 0)))
    windows = windows_of(images, size, stride)
    result: Floats = np.tensordot(windows, kernel, axes=((4, 5, 3), (0, 1, 2)))
    bias = weights.get(f"{layer}/bias")
    return result if bias is None else result + bias


def windows_of(images: Floats, side: int, stride: int) -> Floats:
    """Return the squares (n, h, w, c, side, side) of images (n, h, w, c)."""
    windows = np.lib.stride_tricks.sliding_window_view(images, (side, side), axis=(1, 2))
    return windows[:, ::stride, ::stride]


def pooled(images: Floats, step: str) -> Floats:
    """Return the largest or the average of squares: "pool" of 2x2, "avgpool3by2" with step 2."""
    sizes = step.partition("pool")[2].split("by")
    side = int(sizes[0] or 2)
    windows = windows_of(images, side, int(sizes[-1] or side))
    if step.startswith("avg"):
        return np.asarray(windows.mean(axis=(4, 5)))
    return np.asarray(windows.max(axis=(4, 5)))


def normalized(images: Floats, weights: Weights, layer: str) -> Floats:
    """Batch normalization by the statistics of the training."""
    gamma, beta, mean, variance = (
        weights[f"{layer}/{name}"] for name in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    scale = gamma / np.sqrt(variance + np.float32(1e-3))
    return np.asarray((images - mean) * scale + beta)


def dense(features: Floats, weights: Weights, layer: str) -> Floats:
    """A layer that is connected with all of what comes before."""
    flat = features.reshape(len(features), -1)
    sums = flat @ weights[f"{layer}/kernel"]
    return np.asarray(sums + weights.get(f"{layer}/bias", np.float32(0)))


def activated(values: Floats, name: str) -> Floats:
    """Apply an activation to each value."""
    if name.startswith("leaky"):
        return np.asarray(np.maximum(values, values * np.float32(name[5:])))
    if name not in ACTIVATIONS:
        sys.exit(f"predict.py: there is no activation {name} here.")
    return np.asarray(ACTIVATIONS[name](values))


def sigmoid(values: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), for any x without an overflow."""
    half = np.float32(0.5)
    return np.asarray(half + half * np.tanh(half * values))


def normal_share(values: Floats) -> Floats:
    """Return the share of a standard normal distribution below the values."""
    shares = np.frompyfunc(lambda value: (1 + erf(value / sqrt(2))) / 2, 1, 1)(values)
    return np.asarray(shares, np.float32)


def selu(values: Floats) -> Floats:
    """Return ELU, scaled so that a network keeps its numbers' mean and variance."""
    below = np.float32(1.6732632) * np.expm1(np.minimum(values, 0))
    return np.asarray(np.float32(1.050701) * np.where(values > 0, values, below))


ACTIVATIONS: dict[str, Callable[[Floats], Any]] = {
    "linear": lambda values: values,
    "relu": lambda values: np.maximum(values, np.float32(0)),
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "elu": lambda values: np.where(values > 0, values, np.expm1(np.minimum(values, 0))),
    "silu": lambda values: values * sigmoid(values),
    "gelu": lambda values: values * normal_share(values),
    "relu6": lambda values: np.clip(values, 0, 6),
    "selu": selu,
    "softplus": lambda values: np.logaddexp(np.float32(0), values),
}


# --- Reading with each kind of file --------------------------------------------------------------

Reader: TypeAlias = Callable[[Floats], Floats]


def open_network(path: Path) -> Reader:
    """Return what turns images (n, 28, 28, 1), 0..1, into ten probabilities each: (n, 10)."""
    openers = {".npz": open_weights, ".keras": open_keras, ".tflite": open_tflite}
    if path.suffix.lower() not in openers:
        sys.exit(f"predict.py: {path} is none of {', '.join(openers)}.")
    return openers[path.suffix.lower()](path)


def open_weights(path: Path) -> Reader:
    """Read plain weights; NumPy does the rest."""
    with np.load(path, allow_pickle=False) as arrays:
        weights = {name: arrays[name] for name in arrays if name != "network"}
        network = str(arrays["network"]) if "network" in arrays else network_of(weights)

    def read(images: Floats) -> Floats:
        logits = logits_of(images, weights, network)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))

    return read


def open_keras(path: Path) -> Reader:
    """Let Keras read the network."""
    import keras

    network = keras.saving.load_model(path)
    return lambda images: np.asarray(network(images, training=False))


def open_tflite(path: Path) -> Reader:
    """Let whichever interpreter there is read the network."""
    interpreter = interpreter_class()(model_path=str(path))
    given = interpreter.get_input_details()[0]["index"]
    answer = interpreter.get_output_details()[0]["index"]

    def read(images: Floats) -> Floats:
        interpreter.resize_tensor_input(given, images.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(given, images)
        interpreter.invoke()
        return np.asarray(interpreter.get_tensor(answer))

    return read


def interpreter_class() -> Any:
    """Return the interpreter of the smallest package that is installed."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        try:
            from tflite_runtime.interpreter import Interpreter
        except ImportError:
            from tensorflow import lite

            return lite.Interpreter
    return Interpreter


# --- The command line ----------------------------------------------------------------------------

AT_ONCE = 100


def images_in(path: Path) -> Iterator[Bytes]:
    """Yield an image (28, 28) for each drawing in a file, or the one that a picture is."""
    suffix = path.suffix.lower()
    if suffix not in {".json", ".jsonl"}:
        yield opened_picture(path)
        return
    text = path.read_text(encoding="utf-8-sig")
    lines = [text] if suffix == ".json" else filter(str.strip, text.splitlines())
    for record in map(json.loads, lines):
        for drawing in record if isinstance(record, list) else [record]:
            yield preprocess(drawing["strokes"])


def opened_picture(path: Path) -> Bytes:
    """Return a picture (28, 28) in greys."""
    from PIL import Image

    with Image.open(path) as picture:
        if picture.size != (SIDE, SIDE):
            sys.exit(f"predict.py: {path} is not {SIDE}x{SIDE} pixels; see mnist-gui classify.")
        return np.asarray(picture.convert("L"))


def main() -> None:
    """Read what the command line names, and print a line for each drawing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("network", type=Path, metavar="NETWORK", help=".npz, .keras or .tflite")
    parser.add_argument("inputs", type=Path, nargs="+", metavar="INPUT", help="drawings, pictures")
    parser.add_argument("--json", action="store_true", help="print probabilities as JSON")
    arguments = parser.parse_args()
    try:
        predict(arguments.network, arguments.inputs, as_json=arguments.json)
    except Exception as error:  # noqa: BLE001 - whatever a file or a runtime may have to say
        sys.exit(f"predict.py: {error}")


def predict(network: Path, inputs: list[Path], *, as_json: bool) -> None:
    """Read all the inputs with the network."""
    read = open_network(network)
    for path in inputs:
        found = list(images_in(path))
        if not found:
            sys.exit(f"predict.py: {path} has no drawing.")
        images = np.stack(found)[..., np.newaxis]
        for start in range(0, len(images), AT_ONCE):
            some = images[start : start + AT_ONCE].astype(np.float32) / np.float32(255)
            for place, shares in enumerate(read(some), start=start + 1):
                report(path, place, shares, as_json=as_json)


def report(path: Path, place: int, shares: Floats, *, as_json: bool) -> None:
    """Print what was read of one drawing."""
    digit = int(shares.argmax())
    if as_json:
        found = {"digit": digit, "probability": float(shares[digit])}
        where = {"file": str(path), "drawing": place}
        print(json.dumps(where | found | {"probabilities": shares.tolist()}))
    else:
        print(f"{path}:{place}  {digit}  ({shares[digit]:.1%})")


if __name__ == "__main__":
    main()
