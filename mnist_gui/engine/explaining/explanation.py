"""How a drawing or an image is read, and why so, as one value."""

from dataclasses import dataclass

from mnist_gui.engine.explaining.evidence import Evidence
from mnist_gui.engine.film_strip import FilmStrip
from mnist_gui.engine.prediction import Prediction


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ImageExplanation:
    """What a network makes of an image.

    - `network`: the name of the network's architecture.
    - `prediction`: what is read.
    - `evidence`: which of the image's ink speaks for which digit.
    """

    network: str
    prediction: Prediction
    evidence: Evidence


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Explanation(ImageExplanation):
    """What a network makes of a drawing.

    - `strip`: the drawing's way to the image, some stages perhaps left out.
    - `prediction_with_all`: of the image with all stages on.
    - `without_stroke`: for each of the first strokes, what is read with the same stages if it had
      not been drawn; empty where there is but one.
    """

    strip: FilmStrip
    prediction_with_all: Prediction
    without_stroke: tuple[Prediction, ...]
