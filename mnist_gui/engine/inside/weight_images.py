"""The weights of any layer as images, each folded back to where its inputs come from."""

from dataclasses import dataclass
from enum import Enum, auto
from math import isqrt

import numpy as np

from mnist_gui.engine.inside.files import table_csv
from mnist_gui.engine.inside.forward import Numbers, normalization
from mnist_gui.engine.inside.layers import (
    WITH_KERNEL,
    Layer,
    LayerKind,
    following,
    network_layers,
    normalization_after,
)
from mnist_gui.engine.snapshot import Snapshot

# A few weights are so large that beside them all others would look alike.
_IN_SCALE = 0.99


class Order(Enum):
    """How the images of a layer are sorted."""

    NUMBER = auto()
    SIZE = auto()
    """The largest first."""
    SIMILARITY = auto()
    """Each beside the one that is most like it."""
    DIGIT = auto()
    """By the digit that a hidden unit speaks for most."""


@dataclass(frozen=True, slots=True)
class WeightChoice:
    """What is to be seen: a layer by the name of its weights, one of its input maps or, with
    None, all of them added up, and the order of the images.
    """

    layer: str = ""
    source: int | None = None
    order: Order = Order.NUMBER


@dataclass(frozen=True, slots=True, eq=False)
class WeightImages:
    """The weights of a layer as images (n, side, side), one for each filter, unit or digit.

    `folded` (n, maps, side, side) are its weights for all of its input maps, of which `images` are
    those of the choice's source. With `is_of_units` each square is for one unit, or one map of a
    single pixel, of a row that is written line by line. `scale` is the size that only one weight of
    100 exceeds, `biases` (n,) are None where the layer has none. `votes` (n, 10) are the weights of
    hidden units for the digits, where the output layer comes next. What is not finite counts as 0.
    """

    layer: Layer
    choice: WeightChoice
    folded: Numbers
    images: Numbers
    is_of_units: bool
    scale: float
    biases: Numbers | None
    votes: Numbers | None
    order: tuple[int, ...]

    @property
    def is_per_digit(self) -> bool:
        """Whether there is one image for each digit."""
        return self.layer.kind is LayerKind.OUTPUT

    @property
    def maps(self) -> int:
        """How many input maps the layer has."""
        return int(self.folded.shape[1])

    def strongest(self, number: int) -> tuple[int, int, int]:
        """Return where the largest weight of an image is, over all maps: map, row and column."""
        folded = self.folded[number]
        place = np.unravel_index(np.abs(folded).argmax(), folded.shape)
        return int(place[0]), int(place[1]), int(place[2])


def layers_with_images(architecture: str) -> tuple[Layer, ...]:
    """Return the layers of an architecture whose weights can be seen as images."""
    return tuple(each for each in network_layers(architecture) if each.kind in WITH_KERNEL)


def weight_images(snapshot: Snapshot, choice: WeightChoice) -> WeightImages:
    """Return the images of a choice; of one that the network does not offer, what is nearest."""
    offered = layers_with_images(snapshot.recipe.network)
    layer = next((each for each in offered if each.weights == choice.layer), offered[0])
    folded, is_of_units = _fold(snapshot, layer)
    source = choice.source
    if source is not None and source >= folded.shape[1]:
        source = None
    images = folded.sum(1) if source is None else folded[:, source]
    votes = _votes(snapshot, layer)
    order = Order.NUMBER if choice.order is Order.DIGIT and votes is None else choice.order
    return WeightImages(
        layer,
        WeightChoice(layer.weights, source, order),
        folded,
        images,
        is_of_units,
        # Those of single maps are all on one scale.
        _scale(images if source is None else folded),
        snapshot.weights.get(f"{layer.weights}/bias"),
        votes,
        _sorted(images, votes, order),
    )


def _votes(snapshot: Snapshot, layer: Layer) -> Numbers | None:
    """Return the weights (n, 10) of a layer's units for the digits; None unless it is the last."""
    layers = network_layers(snapshot.recipe.network)
    after = following(layers, layer.weights)
    place = layers.index(layer) + len(after) + 1
    if layer.kind is not LayerKind.HIDDEN or layers[place].kind is not LayerKind.OUTPUT:
        return None
    kernel = _finite(snapshot.weights["output/kernel"])
    name = normalization_after(layers, layer.weights)
    if not name:
        return kernel
    scale, _ = normalization(next(each for each in after if each.weights == name), snapshot.weights)
    is_outside = after[-1].weights == name
    return kernel * _finite(scale)[:, np.newaxis] if is_outside else kernel


def _fold(snapshot: Snapshot, layer: Layer) -> tuple[Numbers, bool]:
    """Return a layer's weights as (n, maps, side, side), and whether they are of units."""
    kernel = _finite(snapshot.weights[f"{layer.weights}/kernel"])
    if layer.kind is LayerKind.CONVOLUTION:
        return kernel.transpose(3, 2, 0, 1), False
    layers = network_layers(snapshot.recipe.network)
    before = layers[layers.index(layer) - 1]
    if before.kind is LayerKind.FLATTEN and before.inputs[0] > 1:
        # It writes the maps of each place one after the other.
        return kernel.reshape(*before.inputs, -1).transpose(3, 2, 0, 1), False
    # The units of the recipes' architectures fill a square; others leave places of 0.
    side = isqrt(len(kernel) - 1) + 1
    filled = np.pad(kernel.T, ((0, 0), (0, side * side - len(kernel))))
    return filled.reshape(-1, 1, side, side), True


def _finite(array: Numbers) -> Numbers:
    return np.nan_to_num(array, posinf=0, neginf=0)


def _scale(weights: Numbers) -> float:
    # NumPy's quantile would import its masked arrays, which takes 20 ms.
    sizes = np.abs(weights).ravel()
    place = int(_IN_SCALE * (len(sizes) - 1))
    return float(np.partition(sizes, place)[place])


def _sorted(images: Numbers, votes: Numbers | None, order: Order) -> tuple[int, ...]:
    sizes = np.sqrt(np.square(images).sum(axis=(1, 2)))
    numbers = np.arange(len(images))
    if order is Order.SIZE:
        numbers = np.argsort(-sizes, kind="stable")
    elif order is Order.SIMILARITY:
        return _by_similarity(images, sizes)
    elif order is Order.DIGIT and votes is not None:
        # Within a digit, whoever speaks for it most comes first.
        numbers = np.lexsort((-votes.max(axis=1), votes.argmax(axis=1)))
    return tuple(numbers.tolist())


def _by_similarity(images: Numbers, sizes: Numbers) -> tuple[int, ...]:
    """Begin with the largest image; each next one is the most similar of those that are left.

    Two images are as similar as the cosine between them is large.
    """
    pixels = images.reshape(len(images), -1) / np.maximum(sizes, np.float32(1e-12))[:, np.newaxis]
    similarity = pixels @ pixels.T
    order = [int(sizes.argmax())]
    while len(order) < len(images):
        similarity[:, order[-1]] = -np.inf
        order.append(int(similarity[order[-1]].argmax()))
    return tuple(order)


def weights_csv(weights: WeightImages, number: int | None = None) -> bytes:
    """Return one image as rows of numbers, or all images as (image, row, column, weight)."""
    if number is not None:
        return table_csv((), weights.images[number].tolist())
    rows = ((*place, float(value)) for place, value in np.ndenumerate(weights.images))
    return table_csv(("image", "row", "column", "weight"), rows)
