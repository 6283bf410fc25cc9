"""Blobs and widths of strokes, against slow and certain ways to find them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from mnist_gui.engine.pictures.ink import (
    change_stroke_width,
    find_blobs,
    min_stroke_width,
    stroke_width,
)

MASKS = arrays.arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12)))
INKS = MASKS.filter(np.any)


def slow_distances(ink: NDArray[np.bool_]) -> NDArray[Any]:
    """Return how far each pixel of ink is from its edge; there is paper all around."""
    paper = np.argwhere(~np.pad(ink, 1)) - 1
    found = np.zeros(ink.shape)
    for pixel in np.argwhere(ink):
        found[tuple(pixel)] = np.hypot(*(paper - pixel).T).min() - 0.5
    return found


def slow_blobs(ink: NDArray[np.bool_]) -> list[set[tuple[int, int]]]:
    """Return the pixels of each blob, in the order in which one comes upon them."""
    left = {(int(y), int(x)) for y, x in np.argwhere(ink)}
    blobs = []
    while left:
        blob, new = set[tuple[int, int]](), {min(left)}
        while new:
            blob |= new
            near = {(y + dy, x + dx) for y, x in new for dy in (-1, 0, 1) for dx in (-1, 0, 1)}
            new = near & left - blob
        blobs.append(blob)
        left -= blob
    return blobs


@settings(max_examples=30, deadline=None)
@given(MASKS)
def test_blobs_are_pixels_that_touch_at_least_by_a_corner(ink: NDArray[np.bool_]) -> None:
    blobs, wanted = find_blobs(ink), slow_blobs(ink)
    assert len(blobs) == len(wanted)
    assert not blobs.labels[~ink].any()
    for i, pixels in enumerate(wanted):
        assert {(int(y), int(x)) for y, x in np.argwhere(blobs.labels == i + 1)} == pixels
        rows, columns = zip(*pixels, strict=True)
        box = [min(columns), min(rows), max(columns) + 1, max(rows) + 1]
        assert blobs.boxes[i].tolist() == box
        assert blobs.areas[i] == len(pixels)


@settings(max_examples=30, deadline=None)
@given(INKS)
def test_a_stroke_is_as_wide_as_four_mean_distances_to_its_edge(ink: NDArray[np.bool_]) -> None:
    assert stroke_width(ink) == pytest.approx(4 * slow_distances(ink)[ink].mean(), rel=1e-5)


def test_the_thinnest_stroke_is_found_among_thick_ones() -> None:
    ink = np.zeros((60, 60), bool)
    ink[5:25, 5:25] = True
    ink[15:18, 25:60] = True
    assert min_stroke_width(ink) == 3


@settings(max_examples=30, deadline=None)
@given(INKS, st.floats(-5, 5))
def test_edges_are_moved_by_the_distance_from_them(ink: NDArray[np.bool_], outwards: float) -> None:
    moved = change_stroke_width(ink, outwards)
    margin = (moved.shape[0] - ink.shape[0]) // 2
    ink = np.pad(ink, margin)
    pixels = np.argwhere(ink)
    outside = np.zeros(ink.shape)
    for pixel in np.argwhere(~ink):
        outside[tuple(pixel)] = np.hypot(*(pixels - pixel).T).min() - 0.5
    wanted = np.clip(np.where(ink, slow_distances(ink), -outside) + outwards + 0.5, 0, 1)
    assert np.allclose(moved, wanted, atol=1e-6)
    assert not moved[[0, -1]].any()
    assert not moved[:, [0, -1]].any()
