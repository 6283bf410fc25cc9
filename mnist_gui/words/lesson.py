"""The lesson: what to do in each step and what to look for, translated where it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from mnist_gui.engine.hyperparameter import QT_TRANSLATE_NOOP


class LessonStep(Enum):
    """The steps, in their order."""

    DRAW = 1
    TRAIN_SOFTMAX = 2
    CURVE = 3
    MISTAKES = 4
    TRAIN_CNN = 5


@dataclass(frozen=True, slots=True)
class StepWords:
    """The marked texts of a step, and the keys of the terms that it is about."""

    title: str
    to_do: str
    look_for: str
    button: str
    terms: tuple[str, ...]


LESSON: Mapping[LessonStep, StepWords] = MappingProxyType(
    {
        LessonStep.DRAW: StepWords(
            QT_TRANSLATE_NOOP("lesson", "Draw a 7"),
            QT_TRANSLATE_NOOP("lesson", "Draw a large 7 on the canvas, then put a bar through it."),
            QT_TRANSLATE_NOOP(
                "lesson",
                "The ten bars are the network's answer: how likely it finds each digit. See how "
                "they change with every stroke.",
            ),
            QT_TRANSLATE_NOOP("lesson", "Go to the canvas"),
            ("probability", "softmax", "class"),
        ),
        LessonStep.TRAIN_SOFTMAX: StepWords(
            QT_TRANSLATE_NOOP("lesson", "Train the simplest network"),
            QT_TRANSLATE_NOOP(
                "lesson",
                "Softmax regression has one layer and learns in seconds. It starts from nothing: "
                "at first it knows no digit at all.",
            ),
            QT_TRANSLATE_NOOP(
                "lesson",
                "Leave your 7 on the canvas: the bars move while the network learns what a 7 is.",
            ),
            QT_TRANSLATE_NOOP("lesson", "Train it"),
            ("softmax-regression", "weight", "gradient-descent"),
        ),
        LessonStep.CURVE: StepWords(
            QT_TRANSLATE_NOOP("lesson", "Watch the curve"),
            QT_TRANSLATE_NOOP("lesson", "See how accuracy and loss changed from step to step."),
            QT_TRANSLATE_NOOP(
                "lesson",
                "Accuracy climbs steeply at first and then hardly any more, at about 92 %. More "
                "steps would help little: one layer can do no better.",
            ),
            QT_TRANSLATE_NOOP("lesson", "Show the curves"),
            ("step", "accuracy", "loss", "validation-set"),
        ),
        LessonStep.MISTAKES: StepWords(
            QT_TRANSLATE_NOOP("lesson", "Look at the mistakes"),
            QT_TRANSLATE_NOOP(
                "lesson",
                "At the end of training, 10,000 test images are read. Choose a cell off the "
                "diagonal of the table to see images that were misread.",
            ),
            QT_TRANSLATE_NOOP(
                "lesson",
                "Which digits are mistaken for each other most often? Would you have read these "
                "images correctly?",
            ),
            QT_TRANSLATE_NOOP("lesson", "Show the results"),
            ("test-set", "confusion-matrix", "label"),
        ),
        LessonStep.TRAIN_CNN: StepWords(
            QT_TRANSLATE_NOOP("lesson", "Train a convolutional network"),
            QT_TRANSLATE_NOOP(
                "lesson", "Train the recipe CNN, fast, and look at its mistakes as well."
            ),
            QT_TRANSLATE_NOOP(
                "lesson",
                "It reaches about 99.3 %: nine in ten of the errors are gone. It looks for small "
                "patterns everywhere in the image, where softmax regression has one rigid template "
                "for each digit.",
            ),
            QT_TRANSLATE_NOOP("lesson", "Train it"),
            ("cnn", "convolution", "feature-map"),
        ),
    }
)
"""The words of every step, in their order."""
