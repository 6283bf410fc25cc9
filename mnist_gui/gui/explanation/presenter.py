"""Explain how a drawing is read."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QDeadlineTimer, QElapsedTimer, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence

from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.errors import sentence
from mnist_gui.engine.explain.explainer import explain, explain_image, numpy_code
from mnist_gui.engine.explain.explanation import Explanation, ImageExplanation
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.preprocessing import (
    ALL_STEPS,
    PreprocessingSteps,
    PreprocessingTrace,
    trace_preprocessing,
)
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import Job, JobThread
from mnist_gui.gui.window.actions import WindowMenus

# The strip is made anew so often, at most, while the drawing changes.
_FRAME_MILLISECONDS = 30
# After an explanation there is none for so many times as long as it took, so that the thread is
# there for the readings of the drawing.
_RESTS = 3
_LONGEST_REST_MILLISECONDS = 500


class ExplanationPresenter(QObject):
    """Explains drawings and images on the thread for readings; at rest unless it is watched.

    One answer is under way at a time; what came meanwhile is answered next, the newest only. It is
    `strip_changed`, and `explained` unless the last explanation is too short a while ago; then it
    comes later. Without a network there is `network_missing` in its place. An answer is dropped
    when nobody looks any more, the canvas was cleared, or other stages were chosen since it was
    asked for. `cleared` says that there is nothing to show any more. Of an image that nobody drew
    here there is `image_explained` alone.
    """

    strip_changed = Signal(PreprocessingTrace)
    explained = Signal(Explanation)
    image_explained = Signal(ImageExplanation)
    cleared = Signal()
    network_missing = Signal()
    code_written = Signal(str)
    failed = Signal(str)

    def __init__(self, thread: JobThread, classifier: Classifier) -> None:
        """The classifier is one of the thread's, and may be shared with others on it."""
        super().__init__()
        self._thread = thread
        self._classifier = classifier
        self._drawing = Drawing()
        self._image: NDArray[np.uint8] | None = None
        self._stages = ALL_STEPS
        self._snapshot: Snapshot | None = None
        self._is_watched = False
        self._job: Job | None = None
        self._is_stale = False
        self._is_answer_wanted = False
        self._is_explanation_due = False
        self._taken = QElapsedTimer()
        self._rest = QDeadlineTimer()
        self._frame = QTimer(self, singleShot=True)
        self._frame.timeout.connect(self._go_on)

    @Slot(object)
    def use_drawing(self, drawing: Drawing) -> None:
        """Explain this drawing from now on; the same again changes nothing."""
        if drawing == self._drawing and self._image is None:
            return
        self._drawing = drawing
        self._image = None
        if not drawing:
            self._drop_answer()
            self.cleared.emit()
        self._ask()

    @Slot(object)
    def use_image(self, image: NDArray[np.uint8]) -> None:
        """Explain this image (28, 28) uint8 from now on, in place of a drawing."""
        self._drawing, self._image = Drawing(), image
        self._drop_answer()
        self._ask()

    @Slot(object)
    def use_snapshot(self, snapshot: Snapshot) -> None:
        """Explain what this network reads from now on."""
        self._snapshot = snapshot
        self._ask()

    @Slot(object)
    def use_stages(self, stages: PreprocessingSteps) -> None:
        """Make images with these stages from now on."""
        self._stages = stages
        self._drop_answer()
        self._ask()

    @Slot(bool)
    def set_watched(self, watched: bool) -> None:
        """Begin to explain, or rest."""
        self._is_watched = watched
        if not watched:
            self._drop_answer()
        self._ask()

    @Slot()
    def write_code(self) -> None:
        """Write the image that is explained as Python code; `code_written` tells it."""
        self._thread.run(
            partial(_write_code, self._drawing, self._stages)
            if self._image is None
            else partial(_write_image_code, self._image),
            take=self._take_code,
            fail=self._tell_failure,
        )

    def _ask(self) -> None:
        if not self._is_watched or (not self._drawing and self._image is None):
            return
        if self._job is not None or self._frame.isActive():
            self._is_stale = True
            return
        self._is_stale = False
        self._is_answer_wanted = True
        self._is_explanation_due = not self._rest.hasExpired()
        snapshot = None if self._is_explanation_due else self._snapshot
        if self._image is None:
            self._submit(partial(_answer, self._classifier, snapshot, self._drawing, self._stages))
        else:
            self._submit(partial(_answer_image, self._classifier, snapshot, self._image))

    def _submit(self, work: Callable[[], Iterator[PreprocessingTrace | ImageExplanation]]) -> None:
        self._taken.start()
        self._job = self._thread.run(work, take=self._take, end=self._end, fail=self._fail)

    def _drop_answer(self) -> None:
        self._is_answer_wanted = False
        self._is_explanation_due = False
        self._is_stale = False

    @Slot(object)
    def _take(self, answer: object) -> None:
        if isinstance(answer, ImageExplanation):
            rest = min(_RESTS * self._taken.elapsed(), _LONGEST_REST_MILLISECONDS)
            self._rest.setRemainingTime(rest)
        if not self._is_answer_wanted:
            return
        match answer:
            case PreprocessingTrace():
                self.strip_changed.emit(answer)
                if self._snapshot is None:
                    self.network_missing.emit()
            case Explanation():
                self.explained.emit(answer)
            case ImageExplanation():
                self.image_explained.emit(answer)

    @Slot()
    def _end(self) -> None:
        self._job = None
        self._frame.start(_FRAME_MILLISECONDS)

    @Slot()
    def _go_on(self) -> None:
        if self._is_stale or (self._is_explanation_due and self._rest.hasExpired()):
            self._ask()
        elif self._is_explanation_due:
            self._frame.start(self._rest.remainingTime() + 1)

    @Slot(object)
    def _fail(self, error: object) -> None:
        self._drop_answer()
        self._end()
        self._tell_failure(error)

    @Slot(object)
    def _take_code(self, code: object) -> None:
        self.code_written.emit(str(code))

    @Slot(object)
    def _tell_failure(self, error: object) -> None:
        self.failed.emit(sentence(error))


def _answer(
    classifier: Classifier, snapshot: Snapshot | None, drawing: Drawing, stages: PreprocessingSteps
) -> Iterator[PreprocessingTrace | Explanation]:
    """Yield the drawing's strip at once, and the explanation if a network is given."""
    yield trace_preprocessing(drawing, stages)
    if snapshot is not None:
        yield explain(classifier, snapshot, drawing, stages)


def _answer_image(
    classifier: Classifier, snapshot: Snapshot | None, image: NDArray[np.uint8]
) -> Iterator[ImageExplanation]:
    if snapshot is not None:
        yield explain_image(classifier, snapshot, image)


def _write_code(drawing: Drawing, stages: PreprocessingSteps) -> Iterator[str]:
    yield numpy_code(trace_preprocessing(drawing, stages).image, stages.left_out)


def _write_image_code(image: NDArray[np.uint8]) -> Iterator[str]:
    yield numpy_code(image)


class ExplanationActions(QObject):
    """Copying the image as code, in the Edit menu; offered while there is a drawing."""

    def __init__(self, parent: QObject, menus: WindowMenus) -> None:
        super().__init__(parent)
        self.copy_code = QAction(self.tr("Copy as &NumPy code"), self)
        self.copy_code.setShortcut(QKeySequence("Ctrl+Shift+C"))
        self.copy_code.setEnabled(False)
        menus.edit_menu.insertAction(menus.after_copying, self.copy_code)

    @Slot(Drawing)
    def follow_drawing(self, drawing: Drawing) -> None:
        """Offer what needs a drawing, or not."""
        self.copy_code.setEnabled(bool(drawing))

    @Slot(str)
    def put_on_clipboard(self, code: str) -> None:
        """Let the code be pasted elsewhere."""
        QGuiApplication.clipboard().setText(code)
