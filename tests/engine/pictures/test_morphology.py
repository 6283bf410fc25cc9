"""Distances to an edge, against the slow and certain way to find them."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from mnist_gui.engine.pictures.morphology import distances_to_edge, with_edges_moved

INKS = arrays.arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12)))


def slow_distances(ink: NDArray[np.bool_], *, beyond: bool) -> NDArray[Any]:
    far = 30  # As far as `beyond` is to be seen from here.
    paper = np.argwhere(~np.pad(ink, far, constant_values=beyond)) - far
    found = np.zeros(ink.shape)
    for place in np.argwhere(ink):
        nearest = np.hypot(*(paper - place).T).min() if len(paper) else np.inf
        found[tuple(place)] = nearest - 0.5
    return found


@settings(max_examples=30, deadline=None)
@given(INKS)
def test_distances_are_those_to_the_nearest_paper(ink: NDArray[np.bool_]) -> None:
    assert np.allclose(distances_to_edge(ink), slow_distances(ink, beyond=False))


@settings(max_examples=30, deadline=None)
@given(INKS, st.floats(-5, 5))
def test_edges_are_moved_by_the_distance_from_them(ink: NDArray[np.bool_], outwards: float) -> None:
    inside, outside = slow_distances(ink, beyond=False), slow_distances(~ink, beyond=True)
    wanted = np.clip(np.where(ink, inside, -outside) + outwards + 0.5, 0, 1)
    assert np.allclose(with_edges_moved(ink, outwards), wanted, atol=1e-6)
