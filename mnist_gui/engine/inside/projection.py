"""Many numbers of each image as a few: principal component analysis."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.progress import ViewProgress

MOST_AXES = 50
"""As many as t-SNE is given, as its authors do; the plane takes the first two."""
# Takes some milliseconds.
_BATCH = 500


@dataclass(frozen=True, slots=True, eq=False)
class PrincipalAxes:
    """The directions in which m numbers of images differ most, the first one first.

    `mean` (m,) float32 is the middle of the images, `axes` (m, k) float32 are orthogonal and of
    length 1. `shares` (k,) are how much of the whole variance lies along each, 0..1.
    """

    mean: NDArray[np.float32]
    axes: NDArray[np.float32]
    shares: NDArray[np.float64]

    def coordinates(self, features: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return where features (n, m) lie along the axes, (n, k)."""
        away: NDArray[np.float32] = features.astype(np.float32)
        along: NDArray[np.float32] = np.subtract(away, self.mean) @ self.axes
        return along


def principal_axes(
    features: NDArray[np.floating], labels: NDArray[np.uint8]
) -> Generator[ViewProgress, None, PrincipalAxes]:
    """Find the principal axes of features (n, m): at most 50 of them; yields its progress.

    The sign of an axis means nothing. It is chosen by the images' labels (n,), so that a network
    that has learnt a little more does not turn the map over: the images of the first label lie on
    the positive side of the first axis, those of the second label on that of the second.
    """
    count, size = features.shape
    batches = [features[start : start + _BATCH] for start in range(0, count, _BATCH)]
    total = 2 * len(batches) + 1
    mean = np.zeros(size)
    for done, batch in enumerate(batches, 1):
        mean = mean + batch.sum(axis=0, dtype=np.float64) / count
        yield ViewProgress(done, total)
    middle = mean.astype(np.float32)
    covariance: NDArray[np.float32] = np.zeros((size, size), np.float32)
    for done, batch in enumerate(batches, 1 + len(batches)):
        away = batch.astype(np.float32) - middle
        covariance += away.T @ away / np.float32(count)
        yield ViewProgress(done, total)
    variances, axes = np.linalg.eigh(covariance)
    # The largest come last.
    kept = slice(-1, -1 - min(MOST_AXES, size), -1)
    variances, axes = variances[kept].clip(min=0).astype(np.float64), axes[:, kept]
    shares = variances / max(float(np.trace(covariance)), np.finfo(np.float32).tiny)
    found = PrincipalAxes(middle, np.ascontiguousarray(axes), shares)
    return PrincipalAxes(middle, found.axes * _signs(found, features, labels), shares)


def _signs(
    found: PrincipalAxes, features: NDArray[np.floating], labels: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Return 1 or -1 for each axis."""
    signs = np.ones(found.axes.shape[1], np.float32)
    for axis, label in enumerate(np.unique(labels)[:2]):
        middle = features[labels == label].mean(axis=0, keepdims=True, dtype=np.float32)
        if found.coordinates(middle)[0, axis] < 0:
            signs[axis] = -1
    return signs
