"""Reads the drawing with the newest network, while it is drawn and while the network learns."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mnist_gui.engine.architecture import IMAGE_SIDE
from mnist_gui.engine.classifier import Classifier
from mnist_gui.engine.errors import sentence
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.preprocessing import image_of
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.strokes import Drawing
from mnist_gui.workers.job import Job
from mnist_gui.workers.job_thread import JobThread

# A pen reports up to a thousand times a second; the image is made once a frame.
_FRAME_MILLISECONDS = 12
_BLANK = np.zeros((IMAGE_SIDE, IMAGE_SIDE), np.uint8)


class DrawingController(QObject):
    """Turns drawings into images and, on a thread of its own, images into predictions.

    One reading is under way at a time; what came meanwhile is read next, the newest only.
    `drawing_read` tells, before `predicted`, of which drawing a prediction is: there may be another
    on the canvas by then. `cleared` says that there is nothing to see or read any more,
    `network_missing` that there is a drawing but nothing to read it with. `classifier` may be
    shared with others on the thread.
    """

    image_changed = Signal(np.ndarray)
    drawing_read = Signal(Drawing, Prediction)
    predicted = Signal(Prediction)
    cleared = Signal()
    network_missing = Signal()
    failed = Signal(str)

    def __init__(self, thread: JobThread) -> None:
        super().__init__()
        self._thread = thread
        self.classifier = Classifier()
        self._drawing = Drawing()
        self._image: NDArray[np.uint8] | None = None
        # What the image is of, and what is being read: the canvas may be ahead of both.
        self._drawing_of_image = Drawing()
        self._drawing_asked = Drawing()
        self._snapshot: Snapshot | None = None
        self._job: Job | None = None
        self._is_stale = False
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MILLISECONDS)
        self._frame.timeout.connect(self._make_image)

    @Slot(object)
    def use_drawing(self, drawing: Drawing) -> None:
        """Read this drawing from now on."""
        self._drawing = drawing
        if not self._frame.isActive():
            self._frame.start()

    @Slot(object)
    def use_snapshot(self, snapshot: Snapshot) -> None:
        """Read with this network from now on."""
        is_new = self._snapshot is None or snapshot.recipe.network != self._snapshot.recipe.network
        self._snapshot = snapshot
        if is_new and self._image is None and self._job is None:
            # Building a network takes the window's time; better before a stroke than during it.
            self._submit(Job(partial(self._answer, snapshot, _BLANK)))
        self._read()

    @Slot()
    def _make_image(self) -> None:
        if self._drawing:
            self._drawing_of_image = self._drawing
            self._image = image_of(self._drawing)
            self.image_changed.emit(self._image)
        else:
            self._image = None
            self.cleared.emit()
        self._read()

    def _read(self) -> None:
        if self._image is None:
            return
        if self._snapshot is None:
            self.network_missing.emit()
            return
        self._is_stale = self._job is not None
        if self._job is None:
            job = Job(partial(self._answer, self._snapshot, self._image))
            job.happened.connect(self._take)
            self._drawing_asked = self._drawing_of_image
            self._submit(job)

    def _submit(self, job: Job) -> None:
        self._job = job
        job.completed.connect(self._end)
        job.cancelled.connect(self._end)
        job.failed.connect(self._fail)
        self._thread.submit(job)

    def _answer(self, snapshot: Snapshot, image: NDArray[np.uint8]) -> tuple[Prediction]:
        return (self.classifier.predict(snapshot, image),)

    @Slot(object)
    def _take(self, prediction: object) -> None:
        assert isinstance(prediction, Prediction)
        # The canvas may have been cleared since it was asked.
        if self._image is not None:
            self.drawing_read.emit(self._drawing_asked, prediction)
            self.predicted.emit(prediction)

    @Slot()
    def _end(self) -> None:
        self._job = None
        if self._is_stale:
            self._is_stale = False
            self._read()

    @Slot(object)
    def _fail(self, error: object) -> None:
        self._is_stale = False
        self._job = None
        self.failed.emit(sentence(error))
