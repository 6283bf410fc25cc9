"""Predict the drawing while it is drawn and while the network learns."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Slot

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.events import RunState
from mnist_gui.engine.grouping import may_be_several
from mnist_gui.engine.prediction import NumberPrediction, Prediction
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.labels import number
from mnist_gui.gui.common.values import network_name, network_title
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.drawing.prediction_panel import PredictionPanel
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.session import Displayed, Session, Source

# A pen reports up to a thousand times a second; the image is made once a frame.
_FRAME_MILLISECONDS = 12
# Of more points the image takes longer than a frame; it is made on the thread for predictions.
_MOST_POINTS_IN_FRAME = 10_000
_BLANK = np.zeros((IMAGE_SIDE, IMAGE_SIDE), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class _Imaged:
    """A drawing that is not empty, and what is known of it before it is predicted."""

    source: Source
    drawing: Drawing
    image: NDArray[np.uint8]
    may_be_several: bool


def _made_image(source: Source, drawing: Drawing) -> _Imaged:
    return _Imaged(source, drawing, preprocess(drawing), may_be_several(drawing))


class DrawingPresenter(QObject):
    """Displays what is drawn: first its image, then, from a thread, what the network predicts.

    One prediction is under way at a time; of what comes meanwhile the newest is predicted next.
    """

    def __init__(self, session: Session, canvas: DrawingCanvas, panel: PredictionPanel) -> None:
        super().__init__()
        self._session, self._panel = session, panel
        self._job = LatestJob(session.prediction_thread)
        # What is to be imaged next, and the newest image; the canvas may be ahead of that.
        self._wanted = Displayed()
        self._imaged: _Imaged | None = None
        self._is_imaging = False
        self._network = ""
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MILLISECONDS)
        self._frame.timeout.connect(self._make_image)
        canvas.drawing_changed.connect(self._use_drawing)
        panel.back_requested.connect(session.display_drawing)
        panel.back_requested.connect(canvas.setFocus)
        session.displayed.follow(panel.show_displayed)
        session.displayed.follow(self._follow_displayed)
        session.reader.follow(self._use_network)
        session.run_state.follow(self._follow_run)
        if canvas.drawing and session.displayed.value.is_drawn:
            self._use_drawing(canvas.drawing)

    @Slot(object)
    def _use_drawing(self, drawing: Drawing) -> None:
        self._session.drawing.set(drawing)
        self._session.display_drawing()

    @Slot(object)
    def _follow_displayed(self, displayed: Displayed) -> None:
        if not displayed.is_drawn or not displayed.drawing:
            self._frame.stop()
            if self._imaged is not None or self._is_imaging:
                self._imaged, self._is_imaging = None, False
                self._job.cancel()
        elif displayed.image is None and displayed.prediction is None and not displayed.problem:
            self._wanted = displayed
            if not self._frame.isActive():
                self._frame.start()

    @Slot(object)
    def _follow_run(self, state: RunState) -> None:
        self._panel.is_learning = state is RunState.TRAINING

    @Slot(object)
    def _use_network(self, snapshot: Snapshot) -> None:
        self._name_reader(snapshot)
        is_other = snapshot.recipe.network != self._network
        self._network = snapshot.recipe.network
        if is_other and self._imaged is None and not self._job.is_busy:
            # Building a network takes the window's time; better before a stroke than during it.
            self._job.call(
                partial(self._session.classifier.predict, snapshot, _BLANK),
                then=lambda _: None,
                failed=self._show_problem,
            )
        if self._session.displayed.value.problem:
            # Right after the start the first answer waits for TensorFlow.
            self._show_problem(self.tr("Reading \u2026"))
        self._predict()

    def _name_reader(self, reader: Snapshot) -> None:
        recipe = reader.recipe.name
        name = network_name(recipe, self._session.file_of_network)
        details = network_title(recipe, reader.step)
        network = self._session.network.value
        if network is not None and network.temperature != 1:
            text = self.tr("Its percentages are calibrated (temperature {temperature}).")
            if reader is not network:
                name = self.tr("{network}, raw").format(network=name)
                text = self.tr("Its percentages are raw: its temperature, {temperature}, is off.")
            details += "\n" + text.format(temperature=number(network.temperature, 2))
        self._panel.show_reader(name, details)

    @Slot()
    def _make_image(self) -> None:
        source, drawing = self._wanted.source, self._wanted.drawing
        self._imaged = None
        points = sum(len(stroke.points) for stroke in drawing.strokes)
        self._is_imaging = points > _MOST_POINTS_IN_FRAME
        if not self._is_imaging:
            self._use_image(_made_image(source, drawing))
            return
        self._job.call(
            partial(_made_image, source, drawing),
            then=self._use_late_image,
            failed=self._show_problem,
        )

    def _use_late_image(self, imaged: _Imaged) -> None:
        if self._is_imaging and imaged.drawing is self._wanted.drawing:
            self._is_imaging = False
            self._use_image(imaged)

    def _use_image(self, imaged: _Imaged) -> None:
        self._imaged = imaged
        # Of several digits there is an image each, once it is known which they are.
        if self._session.reader.value is None or not imaged.may_be_several:
            self._session.displayed.set(Displayed(imaged.source, imaged.drawing, imaged.image))
        self._predict()

    def _predict(self) -> None:
        imaged, snapshot = self._imaged, self._session.reader.value
        if imaged is None:
            return
        if snapshot is None:
            self._show_problem(self.tr("No network yet: start a training run or open a network."))
        elif imaged.may_be_several:
            self._job.call(
                partial(self._session.classifier.predict_number, snapshot, imaged.drawing),
                then=partial(self._show_number, imaged),
                failed=self._show_problem,
            )
        else:
            self._job.call(
                partial(self._session.classifier.predict, snapshot, imaged.image),
                then=partial(self._show_prediction, imaged, imaged.image),
                failed=self._show_problem,
            )

    def _show_number(self, imaged: _Imaged, number: NumberPrediction) -> None:
        if len(number.digits) == 1:
            (digit,) = number.digits
            self._show_prediction(imaged, digit.image, digit.prediction)
        else:
            displayed = Displayed(imaged.source, imaged.drawing, prediction=number)
            self._session.displayed.set(displayed)

    def _show_prediction(
        self, imaged: _Imaged, image: NDArray[np.uint8], prediction: Prediction
    ) -> None:
        newest = self._imaged
        if newest is not None and newest is not imaged and not newest.may_be_several:
            # The image of what was drawn since is shown already.
            image = newest.image
        self._session.displayed.set(Displayed(imaged.source, imaged.drawing, image, prediction))

    def _show_problem(self, sentence: str) -> None:
        displayed = self._session.displayed.value
        if displayed.is_drawn and displayed.drawing:
            self._session.displayed.set(replace(displayed, prediction=None, problem=sentence))
