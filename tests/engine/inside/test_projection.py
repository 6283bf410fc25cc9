import numpy as np
import pytest

from mnist_gui.engine.inside.projection import MOST_AXES, PrincipalAxes, principal_axes
from tests.engine.inside.finished import finished


def axes_of(features: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> PrincipalAxes:
    labels = (np.arange(len(features)) % 3).astype(np.uint8)
    return finished(principal_axes(features, labels))


@pytest.mark.parametrize("size", [10, 80])
def test_axes_and_shares_are_those_of_a_singular_value_decomposition(size: int) -> None:
    random = np.random.default_rng(2)
    features = (random.normal(size=(1_300, size)) * np.linspace(9, 1, size) + 5).astype(np.float32)
    found = axes_of(features)
    away = features.astype(np.float64) - features.mean(axis=0, dtype=np.float64)
    _, values, directions = np.linalg.svd(away, full_matrices=False)
    kept = min(size, MOST_AXES)
    assert found.axes.shape == (size, kept)
    assert np.allclose(found.shares, (values**2 / (values**2).sum())[:kept], rtol=1e-3)
    # Those that come first are far enough apart to be the same ones.
    for axis in range(2):
        along = away @ directions[axis]
        ours = found.coordinates(features)[:, axis]
        assert np.allclose(np.abs(ours), np.abs(along), atol=2e-2 * np.abs(along).max())
        assert abs(np.corrcoef(ours, along)[0, 1]) > 0.9999


def test_the_first_labels_say_which_way_round_the_map_is() -> None:
    random = np.random.default_rng(3)
    features = random.normal(size=(600, 12)).astype(np.float32) * np.arange(1, 13)
    labels = (np.arange(600) % 3).astype(np.uint8)
    for turned in (features, -features):
        along = finished(principal_axes(turned, labels)).coordinates(turned)
        assert along[labels == 0, 0].mean() > 0
        assert along[labels == 1, 1].mean() > 0


def test_images_that_are_all_alike_lie_in_one_point() -> None:
    found = axes_of(np.ones((5, 12), np.float32))
    assert not found.coordinates(np.ones((2, 12), np.float32)).any()
    assert np.isfinite(found.shares).all()
