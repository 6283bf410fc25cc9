"""Explain a prediction: how much the ink at each pixel, and each stroke, changes it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.explain.explanation import (
    MOST_STROKES,
    Attribution,
    Explanation,
    ImageExplanation,
)
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.preprocessing import PreprocessingSteps, preprocess, trace_preprocessing
from mnist_gui.engine.snapshot import Snapshot

# 3x3 pixels are left out, about a stroke's width: the best of the sizes and gradient methods that
# were compared; see benchmarks/README.md, "Which ink matters".
_REACH = 1


def explain(
    classifier: Classifier, snapshot: Snapshot, drawing: Drawing, steps: PreprocessingSteps
) -> Explanation:
    """Predict a drawing, and it without each stroke and without the ink around each pixel.

    `cnn-deep` takes about 25 ms on two cores.
    """
    strip = trace_preprocessing(drawing, steps)
    rests = [trace_preprocessing(rest, steps).image for rest in _without_each_stroke(drawing)]
    images = np.stack([strip.image, preprocess(drawing), *rests])
    whole, with_all, *stroke_ablations = classifier.predictions(snapshot, images)
    return Explanation(
        network=snapshot.recipe.network,
        strip=strip,
        prediction=whole,
        prediction_with_all=with_all,
        evidence=attribute_ink(classifier, snapshot, strip.image),
        stroke_ablations=tuple(stroke_ablations),
    )


def explain_image(
    classifier: Classifier, snapshot: Snapshot, image: NDArray[np.uint8]
) -> ImageExplanation:
    """Predict an image (28, 28) of a data set, and it without the ink around each pixel."""
    return ImageExplanation(
        network=snapshot.recipe.network,
        prediction=classifier.predict_known(snapshot, image),
        evidence=attribute_ink(classifier, snapshot, image),
    )


def attribute_ink(
    classifier: Classifier, snapshot: Snapshot, image: NDArray[np.uint8]
) -> Attribution:
    """Return the prediction of an image (28, 28) with and without the ink around each pixel."""
    images = np.concatenate([image[np.newaxis], occluded_images(image)])
    probabilities = classifier.probabilities(snapshot, images)
    without = np.tile(probabilities[0], (*image.shape, 1))
    without[np.nonzero(image)] = probabilities[1:]
    return Attribution(image, probabilities[0], without)


def occluded_images(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return copies (n, 28, 28) of an image (28, 28), each without the ink around one pixel.

    The n pixels are those with ink, row by row; their eight neighbours are left out with them.
    """
    rows, columns = np.nonzero(image)
    images = np.repeat(image[np.newaxis], len(rows), axis=0)
    each = np.arange(len(rows))[:, np.newaxis, np.newaxis]
    near = np.arange(-_REACH, _REACH + 1)
    rows_left_out = np.clip(rows[:, np.newaxis] + near, 0, len(image) - 1)[:, :, np.newaxis]
    columns_left_out = np.clip(columns[:, np.newaxis] + near, 0, len(image) - 1)[:, np.newaxis]
    images[each, rows_left_out, columns_left_out] = 0
    return images


def _without_each_stroke(drawing: Drawing) -> Sequence[Drawing]:
    strokes = drawing.strokes
    if len(strokes) < 2:
        return []
    count = min(len(strokes), MOST_STROKES)
    return [Drawing(strokes[:index] + strokes[index + 1 :]) for index in range(count)]


def numpy_code(image: NDArray[np.uint8], left_out: Sequence[str] = ()) -> str:
    """Return Python code that makes `image` (28, 28) and the network's input `tensor`.

    The tensor is (1, 28, 28, 1) float32, 0..1. A comment names the steps in `left_out`.
    """
    comment = f"# Preprocessed without: {', '.join(left_out)}.\n" if left_out else ""
    rows = "\n".join(f"        [{', '.join(f'{grey:3}' for grey in row)}]," for row in image)
    return f"""import numpy as np

{comment}image = np.array(
    [
{rows}
    ],
    dtype=np.uint8,
)
tensor = image[np.newaxis, :, :, np.newaxis].astype(np.float32) * np.float32(1 / 255)
"""
