"""Measures how wide the strokes of a cut-out digit are, and makes them wider or narrower."""

from math import inf
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_Floats: TypeAlias = NDArray[np.float32]
_Flags: TypeAlias = NDArray[np.bool_]

# No row of paper above: as far as no picture reaches.
_FAR = -(1 << 20)


def stroke_width(ink: _Flags) -> float:
    """Return the mean width of the strokes (h, w) in pixels.

    Across a stroke, the distance to its edge rises evenly from nothing to half its width: its
    mean is a quarter of the width.
    """
    inside = distances_to_edge(ink)
    return float(4 * inside[ink].mean()) if ink.any() else 0.0


def with_edges_moved(ink: _Flags, outwards: float) -> _Floats:
    """Return the share of ink (h, w), 0..1, once all edges moved so many pixels outwards.

    A negative number moves them inwards. What would lie beyond the array is lost.
    """
    inside = distances_to_edge(ink)
    # Farther out than the edges get, nothing changes.
    outside = distances_to_edge(~ink, beyond=True, farthest=max(outwards, 0) + 1)
    signed = np.where(ink, inside, -outside)
    shares: _Floats = np.clip(signed + outwards + 0.5, 0, 1).astype(np.float32)
    return shares


def narrowest_stroke(ink: _Flags) -> float:
    """Return a width in pixels that nearly all of the strokes' middle lines have."""
    inside = np.pad(distances_to_edge(ink), 1)
    around = [
        inside[1 + y : inside.shape[0] - 1 + y, 1 + x : inside.shape[1] - 1 + x]
        for y, x in ((-1, 0), (1, 0), (0, -1), (0, 1))
    ]
    middle = ink & (inside[1:-1, 1:-1] >= np.max(around, axis=0))
    return float(2 * np.percentile(inside[1:-1, 1:-1][middle], 10)) if middle.any() else 0.0


def distances_to_edge(ink: _Flags, *, beyond: bool = False, farthest: float = inf) -> _Floats:
    """Return how far each pixel (h, w) of ink is from the ink's edge, in pixels; 0 outside it.

    Euclidean, and exact up to `farthest`, where the rest is that far or farther; `beyond` says
    whether there is ink outside the array. Source: T. Saito, J.-I. Toriwaki, New algorithms for
    Euclidean distance transformation, 1994.
    """
    padded = np.pad(ink, 1, constant_values=beyond)
    above = _steps_since_paper(padded)
    below = _steps_since_paper(padded[::-1])[::-1]
    steps = np.minimum(above, below)
    upright = steps.astype(np.float32) ** 2
    squared = upright.copy()
    # No edge that lies farther to the side than another one above or below is the nearest.
    reach = int(min(steps.max(), farthest, padded.shape[1] - 2)) + 1
    for apart in range(1, reach + 1):
        left, right = slice(None, -apart), slice(apart, None)
        for here, there in ((left, right), (right, left)):
            aside = upright[:, there] + np.float32(apart**2)
            np.minimum(squared[:, here], aside, out=squared[:, here])
    # From the middle of a pixel of ink to that of one of paper, the edge is half a pixel nearer.
    distance: _Floats = np.maximum(np.sqrt(squared) - np.float32(0.5), 0)
    return distance[1:-1, 1:-1]


def _steps_since_paper(ink: _Flags) -> NDArray[np.int64]:
    rows = np.arange(len(ink))[:, np.newaxis]
    return rows - np.maximum.accumulate(np.where(ink, _FAR, rows), axis=0)
