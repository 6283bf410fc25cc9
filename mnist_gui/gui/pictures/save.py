"""Save digits of a picture to the user's digits."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.digits.model import SavedPrediction, UserDigit
from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.pictures.result import FoundDigit
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.qt import FocusWatcher
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.pictures.page import PicturePage
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell

if TYPE_CHECKING:
    from mnist_gui.gui.digits.collection import DigitCollection


class SavePictureDigitPresenter(QObject):
    """Saves the digit that is selected in a picture, its strokes traced, as one of the user's.

    The page says so until another digit is selected or the user's digits change otherwise.
    """

    def __init__(
        self,
        session: Session,
        digits: "DigitCollection",
        page: PicturePage,
        canvas: DrawingCanvas,
        shell: Shell,
    ) -> None:
        super().__init__()
        self._shell = shell
        self._session, self._digits = session, digits
        self._row, self._page, self._canvas = page.save_row, page, canvas
        self._offered: FoundDigit | None = None
        self._saving: FoundDigit | None = None
        page.digit_shown.connect(self._offer)
        page.digit_left.connect(self._withdraw)
        FocusWatcher(page.view).changed.connect(self._share_undo)
        self._row.save_requested.connect(self._save)
        self._row.undo_button.clicked.connect(digits.undo)
        digits.added.connect(self._show_saved)
        digits.found_saved.connect(self._show_found)
        digits.changed.connect(self._row.forget_saved)
        digits.imported.connect(self._row.forget_saved)

    @Slot(FoundDigit, Prediction)
    def _offer(self, digit: FoundDigit, prediction: Prediction) -> None:
        """Offer the digit; a newer network reads the same one again."""
        if digit is not self._offered:
            self._offered = digit
            self._row.set_savable(savable=True)
        self._row.show_offer(prediction.digit if prediction.is_sure else None)

    @Slot()
    def _withdraw(self) -> None:
        self._offered = None
        self._row.set_savable(savable=False)
        self._row.show_offer(None)

    @Slot(bool)
    def _share_undo(self, is_picture: bool) -> None:
        """Have the window's undo be that of the digits while the picture has the focus."""
        (self._digits if is_picture else self._canvas.document).setActive()

    @Slot(int)
    def _save(self, label: int) -> None:
        selected, network = self._page.selected, self._session.network.value
        if selected is None or network is None:
            return
        digit, prediction = selected
        name = network.recipe.name
        read_as = SavedPrediction(prediction.digit, prediction.probability, name)
        self._saving = digit
        self._session.file_thread.call(
            partial(_trace, digit.image),
            then=lambda drawing: self._digits.add(drawing, label, read_as),
            failed=self._digits.failed.emit,
        )

    @Slot(UserDigit)
    def _show_saved(self, digit: UserDigit) -> None:
        if self._offered is self._saving:
            self._row.show_saved(digit.label)

    @Slot(UserDigit)
    def _show_found(self, digit: UserDigit) -> None:
        text = self.tr("It is in My digits already, saved as {label}.")
        self._shell.show_status(text.format(label=digit.label))


def _trace(image: NDArray[np.uint8]) -> Drawing:
    # Imported with the first digit that is saved, as it takes time.
    from mnist_gui.engine.pictures.trace import trace_strokes

    return trace_strokes(image)
