"""Explain a prediction: how much each piece of ink speaks for a digit."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.explain.explanation import Evidence, Explanation, ImageExplanation
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.preprocessing import PreprocessingSteps, preprocess, trace_preprocessing
from mnist_gui.engine.snapshot import Snapshot

MOST_STROKES = 8
"""Of a drawing with more strokes only so many of the first are left out in turn."""
# The ink left out is that of 3x3 pixels, about a stroke's width. Of the sizes and of the gradient
# methods tried it says best which ink matters: see benchmarks/README.md, "Which ink matters".
_REACH = 1


def explain(
    classifier: Classifier, snapshot: Snapshot, drawing: Drawing, stages: PreprocessingSteps
) -> Explanation:
    """Read a drawing, and all its variants with something left out.

    On two cores `cnn-deep` takes some 25 ms for it.
    """
    strip = trace_preprocessing(drawing, stages)
    rests = _without_each_stroke(drawing)
    strokes_left_out = [trace_preprocessing(rest, stages).image for rest in rests]
    before = [strip.image, preprocess(drawing), *strokes_left_out]
    whole, with_all, *without_stroke = classifier.predictions(snapshot, np.stack(before))
    return Explanation(
        network=snapshot.recipe.network,
        strip=strip,
        prediction=whole,
        prediction_with_all=with_all,
        evidence=weigh_ink(classifier, snapshot, strip.image),
        without_stroke=tuple(without_stroke),
    )


def explain_image(
    classifier: Classifier, snapshot: Snapshot, image: NDArray[np.uint8]
) -> ImageExplanation:
    """Read an image (28, 28) of a data set, and all its variants with ink left out."""
    return ImageExplanation(
        network=snapshot.recipe.network,
        prediction=classifier.predict_known(snapshot, image),
        evidence=weigh_ink(classifier, snapshot, image),
    )


def weigh_ink(classifier: Classifier, snapshot: Snapshot, image: NDArray[np.uint8]) -> Evidence:
    """Find out which ink of an image (28, 28) matters to the network."""
    images = np.concatenate([image[np.newaxis], without_ink(image)])
    probabilities = classifier.probabilities(snapshot, images)
    return _evidence(image, probabilities[0], probabilities[1:])


def without_ink(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the image (28, 28) once for each of its n ink pixels, in their order.

    Each (n, 28, 28) lacks the ink of that pixel and its eight neighbours.
    """
    rows, columns = np.nonzero(image)
    images = np.repeat(image[np.newaxis], len(rows), axis=0)
    each = np.arange(len(rows))[:, np.newaxis, np.newaxis]
    near = np.arange(-_REACH, _REACH + 1)
    rows_left_out = np.clip(rows[:, np.newaxis] + near, 0, len(image) - 1)[:, :, np.newaxis]
    columns_left_out = np.clip(columns[:, np.newaxis] + near, 0, len(image) - 1)[:, np.newaxis]
    images[each, rows_left_out, columns_left_out] = 0
    return images


def _evidence(
    image: NDArray[np.uint8], whole: NDArray[np.float32], without: NDArray[np.float32]
) -> Evidence:
    everywhere = np.broadcast_to(whole, (*image.shape, len(whole))).copy()
    everywhere[np.nonzero(image)] = without
    return Evidence(image, whole, everywhere)


def _without_each_stroke(drawing: Drawing) -> Sequence[Drawing]:
    strokes = drawing.strokes
    if len(strokes) < 2:
        return []
    shown = range(min(len(strokes), MOST_STROKES))
    return [Drawing((*strokes[:left_out], *strokes[left_out + 1 :])) for left_out in shown]


def numpy_code(image: NDArray[np.uint8], left_out: Sequence[str] = ()) -> str:
    """Return code that makes `image`, this one (28, 28), and `tensor`, what a network is given.

    The tensor is (1, 28, 28, 1) float32, 0..1. A comment names the stages that were left out.
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
