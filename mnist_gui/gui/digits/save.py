"""Saving the drawing on the canvas: as the digit that was predicted, or as another one."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QSizePolicy, QStackedLayout, QWidget

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.digits.model import SavedPrediction, UserDigit, UserDigits, same_points
from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.prediction import NumberPrediction, Prediction
from mnist_gui.gui.common.qt import ActionButton, Announcer, named, row, widget_with
from mnist_gui.gui.displayed import Displayed, Source
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.shell import Shell

if TYPE_CHECKING:
    from mnist_gui.gui.digits.collection import DigitCollection
    from mnist_gui.gui.session import Session


class SaveDigitRow(QWidget):
    """Offers the predicted digit and all others; says what was saved until the next stroke.

    `confirm` saves the drawing as the digit predicted, `labels` save it as another one; the
    canvas has these actions too, for their keys.
    """

    save_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("keep_row")
        self._offer: int | None = None
        self._has_drawing = False
        self._is_drawing_shown = True
        self.confirm = _action(
            self, self.tr("&Save to My digits as the digit read"), "Return", "Enter"
        )
        tip = self.tr("Save the drawing to My digits as what it was read as")
        self.confirm.setToolTip(tip)
        self.labels = [
            _action(self, self.tr("Save to My digits as {digit}").format(digit=digit), str(digit))
            for digit in range(CLASSES)
        ]
        self.menu = QMenu(self.tr("Save &as a different digit"), self)
        self.menu.addActions(self.labels)
        spoken = self.tr("Save to My digits as the digit read")
        self.save_button = ActionButton(self.confirm, "keep_button", spoken)
        self.other_button = named(
            QPushButton(self.tr("Other \u2026")),
            "keep_as_button",
            self.tr("Save as a different digit"),
            self.tr("Save the drawing to My digits as a different digit (keys 0 to 9)."),
        )
        self.other_button.setMenu(self.menu)
        self.note = named(QLabel(), "kept_note")
        self.undo_button = named(
            QPushButton(self.tr("Remove")),
            "unkeep_button",
            self.tr("Remove the drawing from My digits"),
            self.tr("Remove it from My digits and put it back on the canvas (Ctrl+Z)."),
        )
        self._announcer = Announcer(self.note)
        self._offers = widget_with(row((self.save_button, 1), self.other_button, spacing=8))
        self._acknowledgement = widget_with(row((self.note, 1), self.undo_button, spacing=8))
        self._parts = QStackedLayout(self)
        self._parts.addWidget(self._offers)
        self._parts.addWidget(self._acknowledgement)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.confirm.triggered.connect(self._confirm)
        for digit, action in enumerate(self.labels):
            action.triggered.connect(partial(self.save_requested.emit, digit))
        self.follow_drawing(Drawing())

    def show_offer(self, digit: int | None) -> None:
        """Offer the digit that was predicted, or none."""
        self._offer = digit
        self._enable()
        text = self.tr("Save to My digits")
        if digit is not None:
            text = self.tr("Save to My digits as {digit}").format(digit=digit)
        self.confirm.setIconText(text)

    @Slot(Drawing)
    def follow_drawing(self, drawing: Drawing) -> None:
        """Offer to save what is drawn, if anything is."""
        self.set_savable(savable=bool(drawing))

    def set_savable(self, *, savable: bool) -> None:
        """Offer to save what there is; what was saved before is no longer said then."""
        self._has_drawing = savable
        if savable:
            self._parts.setCurrentWidget(self._offers)
            self._enable()
        else:
            self.show_offer(None)

    def set_drawing_shown(self, *, shown: bool) -> None:
        """Offer nothing while something else than the drawing is displayed."""
        self._is_drawing_shown = shown
        self._enable()

    def show_saved(self, label: int) -> None:
        """Say, until the next stroke, what the drawing was saved as; it can be undone."""
        text = self.tr("Saved to My digits as {digit}").format(digit=label)
        self.note.setText(f"\u2713 {text}")
        self._announcer.say(text)
        self._parts.setCurrentWidget(self._acknowledgement)

    def forget_saved(self) -> None:
        """Say no longer what was saved: it is there no more."""
        self._parts.setCurrentWidget(self._offers)

    def _enable(self) -> None:
        can_save = self._has_drawing and self._is_drawing_shown
        self.other_button.setEnabled(can_save)
        for action in self.labels:
            action.setEnabled(can_save)
        self.confirm.setEnabled(can_save and self._offer is not None)

    @Slot()
    def _confirm(self) -> None:
        if self._offer is not None:
            self.save_requested.emit(self._offer)


def _action(parent: QObject, text: str, *keys: str) -> QAction:
    action = QAction(text, parent, autoRepeat=False)
    action.setShortcuts([QKeySequence(key) for key in keys])
    # Elsewhere the same keys type numbers and press buttons.
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    return action


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
    return all(tuple(one.points[0]) == tuple(other.points[0]) for one, other in begins)
