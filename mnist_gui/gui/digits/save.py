"""Saving the drawing on the canvas: as the digit that was predicted, or as another one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.digits.model import SavedPrediction, UserDigit, UserDigits, same_points
from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.prediction import NumberPrediction, Prediction
from mnist_gui.gui.digits.save_row import SaveDigitRow
from mnist_gui.gui.displayed import Displayed, Source
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.shell import Shell

if TYPE_CHECKING:
    from mnist_gui.gui.digits.collection import DigitCollection
    from mnist_gui.gui.session import Session


class SaveDigitPresenter(QObject):
    """Saves the drawing as one of the user's digits: as the digit predicted, or as another one.

    What it offers was predicted of the drawing on the canvas, never of another one. One drawing
    is saved at a time.
    """

    def __init__(
        self,
        session: "Session",
        digits: "DigitCollection",
        canvas: DrawingCanvas,
        row: SaveDigitRow,
        shell: Shell,
    ) -> None:
        super().__init__()
        self._session, self._digits = session, digits
        self._canvas, self._row, self._shell = canvas, row, shell
        self._predicted: tuple[Drawing, Prediction] | None = None
        self._is_saving = False
        self._is_number = False
        # What the row says was saved.
        self._saved: UserDigit | None = None
        canvas.addActions([row.confirm, *row.labels])
        menu = shell.menus.edit_menu
        menu.addSeparator()
        menu.addAction(row.confirm)
        menu.addMenu(row.menu)
        row.save_requested.connect(self._save)
        row.undo_button.clicked.connect(canvas.document.undo)
        digits.saved.connect(self._show_saved)
        digits.saving_failed.connect(self._show_failure)
        canvas.set_aside_changed.connect(digits.set_saved)
        session.digits.follow(self._follow_saved)
        session.drawing.follow(self._use_drawing)
        session.displayed.follow(self._use_displayed)

    @Slot(object)
    def _use_drawing(self, drawing: Drawing) -> None:
        """Withdraw an offer unless it was predicted of an earlier part of this drawing."""
        self._is_number = self._is_number and bool(drawing)
        if self._predicted is not None and not _continues(self._predicted[0], drawing):
            self._offer(None)
        if drawing:
            self._saved = None
        self._row.follow_drawing(drawing)

    @Slot(object)
    def _use_displayed(self, displayed: Displayed) -> None:
        self._row.set_drawing_shown(shown=displayed.is_drawn)
        # What is predicted in a replay is of a part of the drawing.
        if displayed.source is not Source.DRAWING:
            return
        match displayed.prediction:
            case NumberPrediction():
                self._is_number = True
                self._offer(None)
            case Prediction() as prediction:
                if _continues(displayed.drawing, self._session.drawing.value):
                    self._is_number = False
                    self._offer((displayed.drawing, prediction))

    def _offer(self, predicted: tuple[Drawing, Prediction] | None) -> None:
        self._predicted = predicted
        is_sure = predicted is not None and predicted[1].is_sure
        self._row.show_offer(predicted[1].digit if predicted and is_sure else None)

    @Slot(int)
    def _save(self, label: int) -> None:
        drawing = self._session.drawing.value
        if self._is_number:
            self._shell.show_status(self.tr("There are several digits: draw one alone to save it."))
        elif drawing and not self._is_saving:
            self._is_saving = True
            self._digits.save(drawing, label, self._prediction_of(drawing))

    @Slot(UserDigit, Drawing)
    def _show_saved(self, digit: UserDigit, drawing: Drawing) -> None:
        self._is_saving = False
        self._canvas.set_aside(drawing, digit.digit_id)
        if not self._canvas.drawing:
            self._saved = digit
            self._row.show_saved(digit.label)

    @Slot(object)
    def _follow_saved(self, digits: UserDigits) -> None:
        """Say what the digit is now, when it was relabelled or deleted on its page."""
        saved = self._saved
        if saved is None:
            return
        now = next((each for each in digits.digits if each.digit_id == saved.digit_id), None)
        self._saved = now
        if now is None:
            self._row.forget_saved()
        elif now.label != saved.label:
            self._row.show_saved(now.label)

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._is_saving = False
        self._shell.show_error(self.tr("The drawing was not saved"), sentence)

    def _prediction_of(self, drawing: Drawing) -> SavedPrediction | None:
        """Return what was predicted of exactly this drawing, if it was."""
        snapshot = self._session.network.value
        if self._predicted is None or snapshot is None:
            return None
        predicted, prediction = self._predicted
        if same_points(predicted) != same_points(drawing):
            return None
        return SavedPrediction(prediction.digit, prediction.probability, snapshot.recipe.name)


def _continues(earlier: Drawing, later: Drawing) -> bool:
    """Whether the later drawing may be the earlier one with more ink."""
    if not earlier or len(later.strokes) < len(earlier.strokes):
        return False
    begins = zip(earlier.strokes, later.strokes, strict=False)
    # Most strokes are the very same.
    grown = ((one, other) for one, other in begins if one is not other)
    return all(tuple(one.points[0]) == tuple(other.points[0]) for one, other in grown)
