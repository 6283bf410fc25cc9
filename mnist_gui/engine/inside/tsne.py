"""t-SNE: images in the plane so that those which are near in many numbers stay near.

Computed by openTSNE in a process of its own: it takes a minute, cannot be interrupted, and what
it imports would hold up the window. See docs/decisions/0013-map.md.
"""

import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import MnistGuiError
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.io.npy import write_npy
from mnist_gui.engine.io.process import ProcessError, module_command, run_python
from mnist_gui.engine.io.temporary import explaining_temporary_files, temporary_folder

T = TypeVar("T")
FEWEST_IMAGES = 10
"""With fewer images there are no neighbourhoods to keep."""
_COORDINATES = "coordinates.npy"
_PERPLEXITY = 30
# Few images have fewer neighbours; openTSNE wants three times as many.
_LEAST_IMAGES_FOR_EACH = 3
_EARLY_STEPS, _STEPS, _STEPS_BETWEEN = 250, 500, 25
_TOTAL = _EARLY_STEPS + _STEPS


class MapError(MnistGuiError):
    """A map cannot be computed."""


def spread_out(
    coordinates: NDArray[np.float32], draft: Callable[[NDArray[np.float32]], T]
) -> Generator[ViewProgress | T, None, NDArray[np.float32]]:
    """Compute t-SNE of coordinates (n, k), n of at least 10; return the points (n, 2).

    Yields its progress, and what `draft` makes of the points as they are meanwhile. Raises
    MapError and TemporaryFilesError. Closing the iterator ends the process.
    """
    try:
        with temporary_folder() as folder:
            return (yield from _computed(coordinates, draft, folder))
    except (OSError, ProcessError) as error:
        raise MapError("map-not-computed", reason=error) from error


def _computed(
    coordinates: NDArray[np.float32], draft: Callable[[NDArray[np.float32]], T], folder: Path
) -> Generator[ViewProgress | T, None, NDArray[np.float32]]:
    with explaining_temporary_files():
        write_npy(folder / _COORDINATES, coordinates)
    step = 0
    for _ in run_python(module_command(__name__, _COORDINATES), folder, is_idle=True):
        newest = max(folder.glob("step-*.npy"), default=None)
        if newest is not None and _step_of(newest) > step:
            step = _step_of(newest)
            yield draft(np.load(newest))
        yield ViewProgress(step, _TOTAL)
    finished: NDArray[np.float32] = np.load(folder / _name(_TOTAL))
    return finished


def _name(step: int) -> str:
    return f"step-{step:04}.npy"


def _step_of(path: Path) -> int:
    return int(path.stem.removeprefix("step-"))


class _Recorder:
    """Writes the points every 25 steps; openTSNE counts the steps of its two phases apart."""

    def __init__(self) -> None:
        self._step = 0

    def __call__(self, _step: int, _divergence: float, points: NDArray[np.float64]) -> None:
        self._step += _STEPS_BETWEEN
        draft = Path("draft.npy")
        write_npy(draft, np.asarray(points, np.float32))
        draft.replace(_name(self._step))


def main(name: str) -> None:
    """Compute the points of the coordinates in this file, and write them to the working folder."""
    from openTSNE import TSNE
    from openTSNE.initialization import rescale

    coordinates = np.load(name)
    perplexity = min(_PERPLEXITY, (len(coordinates) - 1) / _LEAST_IMAGES_FOR_EACH)
    tsne = TSNE(
        perplexity=perplexity,
        # Begun where PCA puts them, groups come to lie near the same places.
        initialization=rescale(coordinates[:, :2].astype(np.float64)),
        early_exaggeration_iter=_EARLY_STEPS,
        n_iter=_STEPS,
        callbacks=_Recorder(),
        callbacks_every_iters=_STEPS_BETWEEN,
        n_jobs=-1,
        random_state=1,
    )
    tsne.fit(coordinates)


if __name__ == "__main__":
    main(*sys.argv[1:])
