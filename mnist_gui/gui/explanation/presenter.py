"""Explain what the network predicts of the digit that is displayed."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.explain.explainer import explain, explain_image, numpy_code
from mnist_gui.engine.explain.explanation import Explanation, ImageExplanation
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.prediction import NumberPrediction, Prediction
from mnist_gui.engine.preprocessing import (
    ALL_STEPS,
    PreprocessingSteps,
    PreprocessingTrace,
    trace_preprocessing,
)
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.drawing.digit_tiles import DigitTiles
from mnist_gui.gui.explanation.page import ExplanationPage
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session
from mnist_gui.gui.shell import Shell

# The steps are computed again at most this often while the drawing changes.
_FRAME_MILLISECONDS = 30


class ExplanationPresenter(QObject):
    """Explains the displayed drawing or test image while its page is visible.

    Of several digits it explains the one that is chosen in the tiles; a digit of a picture leaves
    the page as it is. One job runs at a time, the next one with what is newest then. The
    preprocessing steps are shown at once, the explanation after a rest since the last one. A result
    is dropped if the page was hidden, the canvas cleared or other steps chosen meanwhile.
    `explained` carries each explanation of a drawing.
    """

    explained = Signal(Explanation)

    def __init__(
        self,
        session: Session,
        page: ExplanationPage,
        tiles: DigitTiles,
        shell: Shell,
        *,
        rests: int = 3,
        longest_rest_milliseconds: int = 500,
    ) -> None:
        """Rest `rests` times as long as an explanation took, so that the thread can predict."""
        super().__init__()
        self._session, self._page, self._shell = session, page, shell
        self._rests, self._longest_rest = rests, longest_rest_milliseconds
        self._drawing = Drawing()
        self._image: NDArray[np.uint8] | None = None
        self._label: int | None = None
        self._steps = ALL_STEPS
        self._is_watched = False
        self._job = LatestJob(session.prediction_thread)
        self._is_stale = False
        self._is_explanation_due = False
        self._taken = QElapsedTimer()
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MILLISECONDS)
        self._rest = QTimer(self, singleShot=True)
        shell.menus.edit_menu.insertAction(shell.menus.after_copying, page.copy_code)
        self._frame.timeout.connect(self._go_on)
        self._rest.timeout.connect(self._go_on)
        page.watcher.visible_changed.connect(self._set_watched)
        page.steps_view.steps_changed.connect(self._use_steps)
        page.copy_code.triggered.connect(self._write_code)
        session.displayed.follow(self._follow_displayed)
        session.reader.follow(self._follow_network)
        tiles.digit_chosen.connect(self._choose_digit)
        shell.pages.fill(Page.EXPLANATION, page)

    @Slot(object)
    def _follow_network(self, _snapshot: object) -> None:
        self._ask()

    @Slot(object)
    def _follow_displayed(self, displayed: Displayed) -> None:
        if displayed.is_of_dataset and displayed.image is not None:
            self._explain_image(displayed.image, displayed.label)
        elif displayed.is_drawn:
            self._follow_drawn(displayed)

    def _follow_drawn(self, displayed: Displayed) -> None:
        match displayed.prediction:
            case _ if not displayed.drawing:
                self._explain(Drawing())
            case Prediction():
                self._explain(displayed.drawing)
            case NumberPrediction() as number:
                # That is the one that the tiles choose, whether they show the number yet or not.
                self._explain(number.digits[number.least_sure].drawing)
            case None if displayed.image is not None and self._session.reader.value is None:
                self._explain(displayed.drawing)

    @Slot(int)
    def _choose_digit(self, place: int) -> None:
        number = self._session.displayed.value.prediction
        if isinstance(number, NumberPrediction):
            self._explain(number.digits[place].drawing)

    def _explain(self, drawing: Drawing) -> None:
        self._page.copy_code.setEnabled(bool(drawing))
        if drawing == self._drawing and self._image is None:
            return
        self._drawing, self._image = drawing, None
        if not drawing:
            self._drop_answer()
            self._page.clear()
        self._ask()

    def _explain_image(self, image: NDArray[np.uint8], label: int | None) -> None:
        self._label = label
        self._page.copy_code.setEnabled(True)
        # A newer network's prediction of an image comes with the same image.
        if self._image is None or not np.array_equal(image, self._image):
            self._drawing, self._image = Drawing(), image
            self._drop_answer()
            self._ask()

    @Slot(object)
    def _use_steps(self, steps: PreprocessingSteps) -> None:
        self._steps = steps
        self._drop_answer()
        self._ask()

    @Slot(bool)
    def _set_watched(self, watched: bool) -> None:
        self._is_watched = watched
        if not watched:
            self._drop_answer()
        self._ask()

    def _ask(self) -> None:
        if not self._is_watched or (not self._drawing and self._image is None):
            return
        if self._job.is_busy or self._frame.isActive():
            self._is_stale = True
            return
        self._is_stale = False
        self._is_explanation_due = self._rest.isActive()
        snapshot = None if self._is_explanation_due else self._session.reader.value
        classifier = self._session.classifier
        self._taken.start()
        self._job.run(
            partial(_answer, classifier, snapshot, self._image, self._drawing, self._steps),
            each=self._show,
            ended=self._frame.start,
            failed=self._show_failure,
        )

    def _drop_answer(self) -> None:
        if self._job.is_busy and not self._is_explanation_due:
            # The explanation under way cannot be interrupted.
            self._begin_rest()
        self._job.cancel()
        self._is_explanation_due = False
        self._is_stale = False

    @Slot()
    def _go_on(self) -> None:
        if self._is_stale or (self._is_explanation_due and not self._rest.isActive()):
            self._ask()

    def _show(self, answer: PreprocessingTrace | ImageExplanation) -> None:
        match answer:
            case PreprocessingTrace():
                self._page.show_preprocessing(answer)
                if self._session.reader.value is None:
                    text = self.tr("No network yet: start a training run or open a network.")
                    self._page.show_message(text)
            case Explanation():
                self._begin_rest()
                self._page.show_explanation(answer)
                self.explained.emit(answer)
            case ImageExplanation():
                self._begin_rest()
                self._page.show_image_explanation(answer, self._label)

    def _begin_rest(self) -> None:
        self._rest.start(min(self._rests * self._taken.elapsed(), self._longest_rest))

    def _show_failure(self, sentence: str) -> None:
        self._page.show_message(sentence)
        self._frame.start()

    @Slot()
    def _write_code(self) -> None:
        self._session.prediction_thread.call(
            partial(_drawing_code, self._drawing, self._steps)
            if self._image is None
            else partial(numpy_code, self._image),
            then=self._copy,
            failed=self._page.show_message,
        )

    def _copy(self, code: str) -> None:
        QGuiApplication.clipboard().setText(code)
        self._shell.show_status(self.tr("Copied the image as NumPy code"))


def _answer(
    classifier: Classifier,
    snapshot: Snapshot | None,
    image: NDArray[np.uint8] | None,
    drawing: Drawing,
    steps: PreprocessingSteps,
) -> Iterator[PreprocessingTrace | ImageExplanation]:
    """Yield a drawing's preprocessing steps at once, then what explains it or the image."""
    if image is None:
        yield trace_preprocessing(drawing, steps)
    if snapshot is not None:
        yield (
            explain(classifier, snapshot, drawing, steps)
            if image is None
            else explain_image(classifier, snapshot, image)
        )


def _drawing_code(drawing: Drawing, steps: PreprocessingSteps) -> str:
    return numpy_code(trace_preprocessing(drawing, steps).image, steps.left_out)
