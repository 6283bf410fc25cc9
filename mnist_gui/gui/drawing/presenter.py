"""Reads the drawing with the newest network, while it is drawn and while the network learns."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.errors import sentence
from mnist_gui.engine.grouping import may_be_several
from mnist_gui.engine.models.classifier import Classifier, NumberClassifier
from mnist_gui.engine.prediction import NumberPrediction, Prediction
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import Job, JobThread

# A pen reports up to a thousand times a second; the image is made once a frame.
_FRAME_MILLISECONDS = 12
_BLANK = np.zeros((IMAGE_SIDE, IMAGE_SIDE), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class _Imaged:
    """A drawing that is not empty, and what is known of it before it is read."""

    drawing: Drawing
    image: NDArray[np.uint8]
    may_be_several: bool


class DrawingPresenter(QObject):
    """Turns drawings into images and, on a thread of its own, images into predictions.

    One reading is under way at a time; what came meanwhile is read next, the newest only.
    `drawing_read` tells, before `predicted`, of which drawing a prediction is: there may be another
    on the canvas by then. Several digits side by side are told by `number_read` in place of
    `image_changed`, `drawing_read` and `predicted`. `cleared` says that there is nothing to see or
    read any more, `network_missing` that there is a drawing but nothing to read it with.
    `classifier` may be shared with others on the thread.
    """

    image_changed = Signal(np.ndarray)
    drawing_read = Signal(Drawing, Prediction)
    predicted = Signal(Prediction)
    number_read = Signal(NumberPrediction)
    cleared = Signal()
    network_missing = Signal()
    failed = Signal(str)

    def __init__(self, thread: JobThread) -> None:
        super().__init__()
        self._thread = thread
        self.classifier = Classifier()
        self._number_reader = NumberClassifier(self.classifier)
        self._drawing = Drawing()
        # What there is an image of, and what is being read: the canvas may be ahead of both.
        self._imaged: _Imaged | None = None
        self._asked: _Imaged | None = None
        self._snapshot: Snapshot | None = None
        self._job: Job | None = None
        self._is_stale = False
        self._is_suspended = False
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MILLISECONDS)
        self._frame.timeout.connect(self._make_image)

    @Slot(object)
    def use_drawing(self, drawing: Drawing) -> None:
        """Read this drawing from now on."""
        self._drawing = drawing
        self._is_suspended = False
        if not self._frame.isActive():
            self._frame.start()

    @Slot(object)
    def use_snapshot(self, snapshot: Snapshot) -> None:
        """Read with this network from now on."""
        is_new = self._snapshot is None or snapshot.recipe.network != self._snapshot.recipe.network
        self._snapshot = snapshot
        if is_new and self._imaged is None and self._job is None:
            # Building a network takes the window's time; better before a stroke than during it.
            work = partial(self._answer, snapshot, _BLANK)
            self._job = self._thread.run(work, end=self._end, fail=self._fail)
        self._read()

    @Slot()
    def suspend(self) -> None:
        """Read and tell nothing until there is a drawing to use again."""
        self._is_suspended = True
        self._asked = None
        self._frame.stop()

    @Slot()
    def _make_image(self) -> None:
        drawing = self._drawing
        if drawing:
            self._imaged = _Imaged(drawing, preprocess(drawing), may_be_several(drawing))
            # Of several digits there is an image each, once it is known which they are.
            if self._snapshot is None or not self._imaged.may_be_several:
                self.image_changed.emit(self._imaged.image)
        else:
            self._imaged = self._asked = None
            self.cleared.emit()
        self._read()

    def _read(self) -> None:
        if self._imaged is None or self._is_suspended:
            return
        if self._snapshot is None:
            self.network_missing.emit()
            return
        self._is_stale = self._job is not None
        if self._job is None:
            self._ask(self._snapshot, self._imaged)

    def _ask(self, snapshot: Snapshot, imaged: _Imaged) -> None:
        self._asked = imaged
        self._job = self._thread.run(
            partial(self._answer_number, snapshot, imaged.drawing)
            if imaged.may_be_several
            else partial(self._answer, snapshot, imaged.image),
            take=self._take,
            end=self._end,
            fail=self._fail,
        )

    def _answer(self, snapshot: Snapshot, image: NDArray[np.uint8]) -> Iterable[Prediction]:
        yield self.classifier.predict(snapshot, image)

    def _answer_number(self, snapshot: Snapshot, drawing: Drawing) -> Iterable[NumberPrediction]:
        yield self._number_reader.read(snapshot, drawing)

    @Slot(object)
    def _take(self, answer: object) -> None:
        # The canvas may have been cleared or left since it was asked, and another drawing begun.
        if self._asked is None:
            return
        match answer:
            case Prediction():
                self._tell(answer)
            case NumberPrediction(digits=(digit,)):
                if self._asked is self._imaged:
                    self.image_changed.emit(digit.image)
                self._tell(digit.prediction)
            case NumberPrediction():
                self.number_read.emit(answer)

    def _tell(self, prediction: Prediction) -> None:
        assert self._asked is not None
        self.drawing_read.emit(self._asked.drawing, prediction)
        self.predicted.emit(prediction)

    @Slot()
    def _end(self) -> None:
        self._job = None
        if self._is_stale:
            self._is_stale = False
            self._read()

    @Slot(object)
    def _fail(self, error: object) -> None:
        self.failed.emit(sentence(error))
        self._end()
