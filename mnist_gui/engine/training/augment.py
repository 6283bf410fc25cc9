"""Augment training images in the graph: the same digits as other people would write them."""

from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import IMAGE_SIDE

# The largest changes at strength 1.
_ROTATION = 3.5 * pi / 180
_SHIFT = 1.0  # pixels
_SCALE = 0.05  # of the logarithm
_ASPECT = 0.1  # of the logarithm
_SHEAR = 0.07
_BEND = 0.5  # pixels, standard deviation at the knots of the displacement field
_THICKENING = 0.3  # of what a 2x2 dilation or erosion adds or takes
_PRESSURE = 0.6  # of the thickening: how it varies along the strokes, deviation at the knots
# Of the images of a batch, and the most that is done to them.
_SPOILED_SHARE = 0.04
_NOISE = 0.5
_SPECKS = 0.35
_FOG = 0.9
_STRIPE = 9.0  # pixels at either side

_KNOTS = 6
_MIDDLE = IMAGE_SIDE / 2


def augment(images: Any, strength: float, seed: Any) -> Any:
    """Rotate, shift, scale, shear, bend and thicken each image at random.

    `images` (n, 28, 28) uint8; return (n, 28, 28) float32 0..255. The same `seed` (2,) int64 makes
    the same changes. Bending is by a smooth random field. Source: P. Simard et al., Best practices
    for convolutional neural networks, 2003.
    """
    x, y = _positions(images, strength, seed)
    return _thickened(_sampled(images, x, y), strength, _other(seed, 1))


def _other(seed: Any, purpose: int) -> Any:
    """Return another seed for the same images."""
    import tensorflow as tf

    return seed + tf.constant([purpose << 40, 0], tf.int64)


def _positions(images: Any, strength: float, seed: Any) -> tuple[Any, Any]:
    """Return where in its image each pixel comes from: x and y (n, 28, 28)."""
    import tensorflow as tf

    count = tf.shape(images)[0]
    random = tf.random.stateless_uniform((8, count, 1, 1), seed, -strength, strength)
    bends = tf.random.stateless_normal((2, count, _KNOTS, _KNOTS), _other(seed, 2))
    basis = tf.constant(_spline_basis())
    bend_x, bend_y = tf.unstack(
        tf.einsum("yp,dnpq,xq->dnyx", basis, bends * (_BEND * strength), basis)
    )
    turn, scale = random[0] * _ROTATION, tf.exp(random[1] * _SCALE)
    aspect, shear = tf.exp(random[2] * _ASPECT / 2), random[3] * _SHEAR
    cos, sin = scale * tf.cos(turn), scale * tf.sin(turn)
    along = tf.range(IMAGE_SIDE, dtype=tf.float32) - _MIDDLE
    wide, high = aspect * along[tf.newaxis, :], along[:, tf.newaxis] / aspect
    slanted = wide + aspect * shear * along[:, tf.newaxis]
    x = cos * slanted - sin * high + _MIDDLE + random[4] * _SHIFT + bend_x
    y = sin * slanted + cos * high + _MIDDLE + random[5] * _SHIFT + bend_y
    return x, y


def _sampled(images: Any, x: Any, y: Any) -> Any:
    """Sample the images bilinearly; outside of them, the empty border continues."""
    import tensorflow as tf

    most = IMAGE_SIDE - 1 - 1e-3
    x, y = tf.clip_by_value(x, 0, most), tf.clip_by_value(y, 0, most)
    left, top = tf.floor(x), tf.floor(y)
    across, down = x - left, y - top
    pixels = tf.reshape(images, [-1])
    firsts = tf.range(tf.shape(images)[0])[:, tf.newaxis, tf.newaxis] * IMAGE_SIDE**2
    corner = tf.cast(top * IMAGE_SIDE + left, tf.int32) + firsts

    def row(offset: int) -> Any:
        start = tf.cast(tf.gather(pixels, corner + offset), tf.float32)
        end = tf.cast(tf.gather(pixels, corner + offset + 1), tf.float32)
        return start + (end - start) * across

    upper = row(0)
    return upper + (row(IMAGE_SIDE) - upper) * down


def _thickened(images: Any, strength: float, seed: Any) -> Any:
    """Mix each image with its dilation or erosion, more here and less there, by up to a pixel."""
    import tensorflow as tf

    count = tf.shape(images)[0]
    amount = tf.random.stateless_uniform((count, 1, 1), seed, -1.0, 1.0)
    knots = tf.random.stateless_normal((count, _KNOTS, _KNOTS), _other(seed, 2))
    amount += _PRESSURE * _smooth(knots)
    amount = tf.clip_by_value(amount * (_THICKENING * strength), -1.0, 1.0)
    grey = images[..., tf.newaxis]
    thick = tf.nn.max_pool2d(tf.pad(grey, [[0, 0], [0, 1], [0, 1], [0, 0]]), 2, 1, "VALID")
    thin = -tf.nn.max_pool2d(-tf.pad(grey, [[0, 0], [1, 0], [1, 0], [0, 0]]), 2, 1, "VALID")
    more, less = tf.nn.relu(amount), tf.nn.relu(-amount)
    return images + more * (thick[..., 0] - images) + less * (thin[..., 0] - images)


def spoil(images: Any, seed: Any, batch: int | None = None) -> Any:
    """Spoil the first few of many images (n, 28, 28), 0..255, as bad pictures are.

    A quarter of them gets noise, one specks, one fog, one inverted stripes at its sides. Without
    them, a network that is sure of every clean digit reads half of the noisy ones. Of images
    that are a share of a batch of `batch` images, so many are spoiled as of the whole.
    """
    import tensorflow as tf

    count = tf.shape(images)[0] if batch is None else batch
    each = tf.cast(tf.cast(count, tf.float32) * (_SPOILED_SHARE / 4), tf.int32)
    shape = (4, each, IMAGE_SIDE, IMAGE_SIDE)
    noisy, specked, foggy, striped = tf.unstack(tf.reshape(images[: 4 * each] / 255, shape))
    most = tf.random.stateless_uniform((4, each, 1, 1), _other(seed, 4), 0.1, 1.0)
    noise = tf.random.stateless_normal(shape[1:], _other(seed, 5))
    chance = tf.random.stateless_uniform(shape[1:], _other(seed, 6))
    knots = tf.random.stateless_uniform((each, _KNOTS, _KNOTS), _other(seed, 7))
    fog = _FOG * most[2] * _smooth(knots)
    column = tf.range(IMAGE_SIDE, dtype=tf.float32)
    edge = _STRIPE * most[3]
    spoiled = [
        noisy + _NOISE * most[0] * noise,
        tf.where(chance < _SPECKS * most[1], tf.cast(noise > 0, tf.float32), specked),
        foggy + fog * (1.5 - foggy),
        tf.where((column < edge) | (column >= IMAGE_SIDE - edge), 1 - striped, striped),
    ]
    clipped = tf.clip_by_value(tf.concat(spoiled, axis=0), 0, 1) * 255
    return tf.concat([clipped, images[4 * each :]], axis=0)


def _smooth(knots: Any) -> Any:
    """Return fields (n, 28, 28) that go smoothly through the knots (n, 6, 6)."""
    import tensorflow as tf

    basis = tf.constant(_spline_basis())
    return tf.einsum("yp,npq,xq->nyx", basis, knots, basis)


def _spline_basis() -> NDArray[np.float32]:
    """Return the weight of each knot at each pixel (28, knots): cubic B-splines."""
    positions = np.linspace(0.5, _KNOTS - 1.5, IMAGE_SIDE)
    distance = np.abs(positions[:, np.newaxis] - np.arange(_KNOTS))
    near = 2 / 3 - distance**2 + distance**3 / 2
    far = np.clip(2 - distance, 0, None) ** 3 / 6
    basis = np.where(distance < 1, near, far)
    weights: NDArray[np.float32] = (basis / basis.sum(axis=1, keepdims=True)).astype(np.float32)
    return weights
