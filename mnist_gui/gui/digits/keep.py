"""What the drawing on the canvas may be kept as: the digit that the user saw, or another one."""

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.digits.model import SavedPrediction, same_points
from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.snapshot import Snapshot


class SaveDigitPresenter(QObject):
    """Offers the digit last read of the drawing that is on the canvas, never of another one.

    `offer_changed` brings that digit, None while there is none, or none that the network is sure
    of. `keep_requested` asks for a drawing to be kept as a digit, with what it was read as; one at
    a time, until `end`. `refused` says in a sentence why a drawing is not kept.
    """

    offer_changed = Signal(object)
    keep_requested = Signal(Drawing, int, object)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._drawing = Drawing()
        self._read: tuple[Drawing, Prediction] | None = None
        self._network = ""
        self._is_keeping = False
        self._is_replaying = False
        self._is_number = False

    @Slot(bool)
    def set_replaying(self, replaying: bool) -> None:
        """Leave the offer as it is meanwhile: what is read then is of a part of the drawing."""
        self._is_replaying = replaying

    @Slot(object)
    def use_network(self, snapshot: Snapshot) -> None:
        """Take note of what the network is called."""
        self._network = snapshot.recipe.name

    @Slot(object)
    def use_drawing(self, drawing: Drawing) -> None:
        """Take note of what is on the canvas; what was read of an earlier part of it stands."""
        self._drawing = drawing
        self._is_number = self._is_number and bool(drawing)
        if self._read is not None and not _continues(self._read[0], drawing):
            self._read = None
            self.offer_changed.emit(None)

    @Slot(object, object)
    def use_reading(self, drawing: Drawing, prediction: Prediction) -> None:
        """Take note of what a drawing was read as, unless another one is on the canvas."""
        if not self._is_replaying and _continues(drawing, self._drawing):
            self._read = (drawing, prediction)
            self._is_number = False
            self.offer_changed.emit(prediction.digit if prediction.is_sure else None)

    @Slot()
    def use_number(self) -> None:
        """Take note that several digits were read: a drawing is kept as one digit."""
        self._read = None
        self._is_number = True
        self.offer_changed.emit(None)

    @Slot(Drawing, int)
    def keep(self, drawing: Drawing, label: int) -> None:
        """Ask for the drawing to be kept as this digit, unless one is being kept."""
        if self._is_number:
            text = self.tr("There are several digits: draw one alone to keep it.")
            self.refused.emit(text)
        elif drawing and not self._is_keeping:
            self._is_keeping = True
            self.keep_requested.emit(drawing, label, self._read_as(drawing))

    @Slot()
    def end(self) -> None:
        """Take note that a drawing is kept, or cannot be."""
        self._is_keeping = False

    def _read_as(self, drawing: Drawing) -> SavedPrediction | None:
        """Return what was read of this very drawing, if it was read as it is."""
        if self._read is None or same_points(self._read[0]) != same_points(drawing):
            return None
        prediction = self._read[1]
        return SavedPrediction(prediction.digit, prediction.probability, self._network)


def _continues(earlier: Drawing, later: Drawing) -> bool:
    """Whether the later drawing may be the earlier one with more ink."""
    if not earlier or len(later.strokes) < len(earlier.strokes):
        return False
    begins = zip(earlier.strokes, later.strokes, strict=False)
    return all(tuple(one.points[0]) == tuple(other.points[0]) for one, other in begins)
