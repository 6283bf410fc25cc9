"""The stages of preprocessing as values: which are on, and the picture that each leaves."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.strokes import Drawing


@dataclass(frozen=True, slots=True)
class Stages:
    """Which stages of preprocessing are on; one that is off does what naive programs do.

    - `redraw`: the strokes get MNIST's width. Off: they keep the canvas pen's, so that a small
      digit gets fat strokes.
    - `fit`: the ink's longer side becomes 20 pixels. Off: the whole canvas is reduced to 28
      pixels, so that a digit stays where it was drawn, and as large.
    - `stretch`: the brightest pixel becomes 255. Off: greys stay as they are.
    - `centre`: the centre of mass goes to index 14. Off: the box goes to the middle.
    """

    redraw: bool = True
    fit: bool = True
    stretch: bool = True
    centre: bool = True

    @property
    def left_out(self) -> tuple[str, ...]:
        """The names of the stages that are off."""
        return tuple(stage.name for stage in fields(self) if not getattr(self, stage.name))


ALL_STAGES = Stages()


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A square of the canvas, in shares of its side."""

    left: float
    top: float
    side: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FilmStrip:
    """What a drawing looks like after each stage.

    `pen_width` is the redrawn strokes' as a share of the canvas's side, `square` the part of the
    canvas that becomes the box. `box` and `stretched` are greys (20, 20) uint8, or (28, 28) where
    nothing is fitted; `image` (28, 28) uint8 is what a network reads.
    """

    drawing: Drawing
    stages: Stages
    pen_width: float
    square: Square
    box: NDArray[np.uint8]
    stretched: NDArray[np.uint8]
    image: NDArray[np.uint8]
