"""Images of the user's drawings as the same hand would draw them on other days."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mnist_gui.engine.deformation import Deformation
from mnist_gui.engine.preprocessing import MADE_AT_ONCE, PEN_WIDTH, images_of
from mnist_gui.engine.strokes import Drawing, Stroke

# Standard deviations; a hand differs less from itself than hands from one another.
_BEND = 0.05  # heights
_LOG_ASPECT = 0.12
_SLANT = 0.12
_TURN = 0.08  # radians
_LOG_PEN_WIDTH = 0.12


def vary(drawings: Sequence[Drawing], copies: int, seed: int) -> Iterator[NDArray[np.uint8]]:
    """Yield images (n, 28, 28), a few at a time: all drawings, `copies` times one after another.

    The first copy is the drawings as they are; no two others are alike. The same arguments give
    the same images.
    """
    random = np.random.default_rng(seed)
    for copy in range(copies):
        for first in range(0, len(drawings), MADE_AT_ONCE):
            some = drawings[first : first + MADE_AT_ONCE]
            if copy == 0:
                yield images_of(some)
            else:
                widths = PEN_WIDTH * np.exp(random.normal(0, _LOG_PEN_WIDTH, len(some)))
                yield images_of(_redrawn(some, random), widths.tolist())


def _redrawn(drawings: Sequence[Drawing], random: Generator) -> list[Drawing]:
    """Return the drawings deformed, each in its own way, as large and where they were."""
    strokes = [stroke.points for drawing in drawings for stroke in drawing.strokes]
    counts = [sum(len(stroke.points) for stroke in drawing.strokes) for drawing in drawings]
    owner = np.repeat(np.arange(len(drawings)), counts)
    points = np.concatenate(strokes).astype(np.float64)
    middle, extent = _middles_and_extents(points, counts)
    sized = (points - middle[owner]) / extent[owner]
    moved = _random_deformation(len(drawings), random).apply(sized, owner)
    moved = moved * extent[owner] + middle[owner]
    lines = iter(np.split(moved, np.cumsum([len(stroke) for stroke in strokes])[:-1]))
    return [Drawing(tuple(Stroke(next(lines)) for _ in each.strokes)) for each in drawings]


def _random_deformation(count: int, random: Generator) -> Deformation:
    waves = random.normal(size=(8, count))
    waves[:4] *= _BEND
    return Deformation(
        waves=waves,
        aspect=np.exp(random.normal(0, _LOG_ASPECT, count)),
        slant=random.normal(0, _SLANT, count),
        turn=random.normal(0, _TURN, count),
    )


def _middles_and_extents(
    points: NDArray[np.float64], counts: Sequence[int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middle (n, 2) and the longer side (n, 1) of each drawing's points."""
    starts = np.cumsum([0, *counts[:-1]])
    low, high = (edge.reduceat(points, starts) for edge in (np.minimum, np.maximum))
    # A dot has no extent to be divided by.
    return (low + high) / 2, np.maximum((high - low).max(axis=1, keepdims=True), 1e-6)
