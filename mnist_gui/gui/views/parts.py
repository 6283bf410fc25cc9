"""What a view is built with."""

from collections.abc import Callable, Generator
from dataclasses import dataclass

from PySide6.QtCore import QObject

from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.training.runner import TrainingRunner

# Builds a view in several turns of the event loop, and returns its presenter.
Building = Generator[None, None, QObject]


@dataclass(frozen=True, slots=True)
class ViewParts:
    """What the presenters of views are given.

    `show_test_image` puts a test image on the pad, by its index and its image (28, 28) uint8; with
    `Source.TRAINING_IMAGE` besides, one of the training file, where those of validation come first.
    `go_to_step` chooses one of the steps that the network bar offers.
    """

    session: Session
    runner: TrainingRunner
    canvas: DrawingCanvas
    shell: Shell
    show_test_image: Callable[..., object]
    go_to_step: Callable[[int], object]
