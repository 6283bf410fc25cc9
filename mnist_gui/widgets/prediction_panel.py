"""What the network sees and what it says."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mnist_gui.engine.architecture import CLASSES
from mnist_gui.engine.prediction import Prediction
from mnist_gui.widgets.announcer import Announcer
from mnist_gui.widgets.labels import caption, paragraph, tabular
from mnist_gui.widgets.number_text import percent
from mnist_gui.widgets.pixel_image import PixelImage
from mnist_gui.widgets.probability_bars import ProbabilityBars

_DIGIT_POINTS = 54


class PredictionPanel(QWidget):
    """Shows the 28x28 image, the digit in large type with its probability, and ten bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = PixelImage()
        self.digit = QLabel()
        self.probability = QLabel()
        self.message = paragraph()
        self.bars = ProbabilityBars()
        self._announcer = Announcer(self.digit)
        self._name_parts()
        self._lay_out()
        self.show_prediction(None)

    @Slot(object)
    def show_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show the image (28, 28) uint8 that the network receives, or none."""
        self.image.show_image(image)

    @Slot(object)
    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show what the network says, or no digit at all."""
        self.bars.show_prediction(prediction)
        self._show_digit_or_message(is_digit=prediction is not None)
        if prediction is None:
            self.digit.clear()
            self.probability.clear()
            self.bars.setAccessibleDescription(self.tr("No prediction"))
            self._announcer.say("")
            return
        self.message.clear()
        self.digit.setText(str(prediction.digit))
        self.probability.setText(percent(prediction.probability))
        self.bars.setAccessibleDescription(self._in_words(prediction))
        self._announcer.say(
            self.tr("Read as {digit}, {probability}").format(
                digit=prediction.digit, probability=percent(prediction.probability, 0)
            )
        )

    @Slot()
    def clear(self) -> None:
        """Show that there is nothing to read."""
        self.show_image(None)
        self.show_prediction(None)
        self.show_message("")

    @Slot()
    def show_network_missing(self) -> None:
        """Say that a drawing cannot be read for want of a network."""
        self.show_message(self.tr("No network yet: start a training run or open a network."))

    @Slot(str)
    def show_message(self, text: str) -> None:
        """Show a sentence where the digit would be."""
        self.message.setText(text)
        if text:
            self._show_digit_or_message(is_digit=False)
            self.digit.clear()
            self.probability.clear()
            self.bars.show_prediction(None)

    def _show_digit_or_message(self, *, is_digit: bool) -> None:
        self.digit.setVisible(is_digit)
        self.probability.setVisible(is_digit)
        self.message.setVisible(not is_digit)

    def _in_words(self, prediction: Prediction) -> str:
        shares = enumerate(prediction.probabilities.tolist())
        return ", ".join(f"{digit}: {percent(share)}" for digit, share in shares)

    def _name_parts(self) -> None:
        self.image.setObjectName("network_image")
        self.image.setAccessibleName(self.tr("Image the network receives"))
        self.image.setToolTip(
            self.tr(
                "The drawing as the network receives it: 28x28 pixels, sized and centred as the "
                "digits of MNIST are."
            )
        )
        self.digit.setObjectName("digit_label")
        self.digit.setAccessibleName(self.tr("Digit read"))
        self.digit.setToolTip(self.tr("The digit the network takes the drawing for."))
        self.digit.setFont(self._digit_font())
        self.probability.setObjectName("probability_label")
        self.probability.setAccessibleName(self.tr("Probability of the digit"))
        self.probability.setToolTip(self.tr("How sure the network is, in its own opinion."))
        self.probability.setFont(tabular(self.font(), self.font().pointSizeF() + 3))
        self.message.setObjectName("prediction_message")
        self.bars.setObjectName("probability_bars")
        self.bars.setAccessibleName(self.tr("Probability of each digit"))
        self.bars.setToolTip(self.tr("How likely the network takes each of the ten digits to be."))

    def _digit_font(self) -> QFont:
        font = tabular(self.font(), _DIGIT_POINTS)
        font.setWeight(QFont.Weight.Light)
        return font

    def _lay_out(self) -> None:
        reading = QVBoxLayout()
        reading.setSpacing(0)
        reading.addStretch()
        for label in (self.message, self.digit, self.probability):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            reading.addWidget(label)
        reading.addStretch()
        picture = QVBoxLayout()
        picture.setSpacing(4)
        picture.addWidget(caption(self.tr("What the network sees")))
        picture.addWidget(self.image)
        picture.addStretch()
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addLayout(picture)
        top.addLayout(reading, stretch=1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(self.bars, stretch=1)
        self.bars.setMaximumHeight(24 * CLASSES)
