"""One side of a duel: its network, its accuracy, and what it reads on the pad."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.labels import caption, heading, paragraph
from mnist_gui.gui.common.qt import column, named, row
from mnist_gui.gui.displayed import doubt
from mnist_gui.gui.drawing.prediction_panel import ProbabilityBars
from mnist_gui.gui.duel.text import LETTERS

_LINES = ("\u2014", "- -")


class SidePanel(QWidget):
    """Shows one side; `use_requested` asks for its network."""

    use_requested = Signal(int)

    def __init__(self, side: int) -> None:
        super().__init__()
        self._side = side
        letter = LETTERS[side].lower()
        self.mark = heading(_LINES[side])
        self.title = named(heading(""), f"duel_{letter}_title")
        self.title.setWordWrap(True)
        self.accuracy = named(paragraph(), f"duel_{letter}_accuracy")
        self.answer = named(caption(), f"duel_{letter}_answer", self.tr("What it reads on the pad"))
        self.bars = ProbabilityBars()
        self.use_button = QPushButton(self.tr("Use this network"))
        spoken = self.tr("Use network {side}").format(side=LETTERS[side])
        named(self.use_button, f"duel_use_{letter}", spoken)
        self.use_button.clicked.connect(lambda: self.use_requested.emit(side))
        top = row((self.mark, Qt.AlignmentFlag.AlignTop), (self.title, 1), spacing=6)
        parts = (self.accuracy, self.answer, (self.bars, 1), row(self.use_button, 0))
        column(top, *parts, parent=self, spacing=4)
        named(self.bars, f"duel_{letter}_bars", self.tr("Probabilities of the ten digits"))
        self.show_prediction(None)

    def show_title(self, title: str, shade: str) -> None:
        """Show what the side is called, and its line in the chart in its colour."""
        self.title.setText(title)
        self.mark.setStyleSheet(f"color: {shade}")

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show what the network reads on the pad, or that there is nothing to read."""
        self.bars.show_prediction(prediction)
        if prediction is None:
            text = self.tr("Draw a digit on the pad to see how it is read.")
        elif not prediction.is_sure:
            text = doubt(prediction)
        else:
            text = self.tr("Reads {digit}").format(digit=prediction.digit)
        self.answer.setText(text)
        self.bars.setAccessibleDescription(text)
