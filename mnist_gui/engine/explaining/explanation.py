"""How a drawing is read, and why so, as one value."""

from dataclasses import dataclass

from mnist_gui.engine.explaining.evidence import Evidence
from mnist_gui.engine.explaining.film_strip import FilmStrip
from mnist_gui.engine.prediction import Prediction


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Explanation:
    """What a network makes of a drawing.

    - `network`: the name of the network's architecture.
    - `strip`: the drawing's way to the image, some stages perhaps left out.
    - `prediction`: of that image; `prediction_with_all` of the image with all stages on.
    - `evidence`: which of that image's ink speaks for which digit.
    - `without_stroke`: for each of the first strokes, what is read with the same stages if it had
      not been drawn; empty where there is but one.
    """

    network: str
    strip: FilmStrip
    prediction: Prediction
    prediction_with_all: Prediction
    evidence: Evidence
    without_stroke: tuple[Prediction, ...]
