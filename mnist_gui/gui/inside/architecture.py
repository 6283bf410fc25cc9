"""The page that draws the current network's architecture."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.inside.layers import Layer
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.labels import caption, count, heading, paragraph
from mnist_gui.gui.common.qt import (
    SteadyScrollArea,
    VisibilityWatcher,
    column,
    named,
    widget_with,
)
from mnist_gui.gui.inside.diagram import ArchitectureDiagram
from mnist_gui.gui.inside.text import LayerText


class ArchitecturePage(QWidget):
    """The layers as a diagram, what they add up to, and a sentence on the one that is looked at.

    `layer_chosen` carries the layer that was clicked.
    """

    layer_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._words = LayerText(self)
        self.title = heading("")
        self.diagram = ArchitectureDiagram()
        self.totals = named(paragraph(), "architecture_totals")
        self.sentence = named(paragraph(), "layer_sentence")
        self.hint = caption()
        self.hint.setWordWrap(True)
        # Two lines are kept free, so that the diagram stays where it is.
        self.sentence.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = column(self.diagram, self.hint, 1, spacing=10, margins=(14, 4, 4, 12))
        self._area = SteadyScrollArea(widget_with(layout))
        # It scrolls by itself: otherwise the whole page would be as high as a narrow diagram.
        policy = QSizePolicy.Policy
        self._area.setSizePolicy(policy.Expanding, policy.Ignored)
        said = column(self.title, self.totals, self.sentence, spacing=8, margins=(14, 12, 14, 0))
        column(said, (self._area, 1), 0, parent=self, spacing=4)
        self.watcher = VisibilityWatcher(self)
        self.diagram.layer_entered.connect(self._explain)
        self.diagram.layer_chosen.connect(self.layer_chosen)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that there is no network yet."""
        self.title.setText(self.tr("No network yet: train one, or open one."))
        self._show_parts(shown=False)

    def show_network(self, title: str, layers: Sequence[Layer]) -> None:
        """Draw the layers of the network of this title."""
        self.title.setText(title)
        if [box.layer for box in self.diagram.boxes] == list(layers):
            return
        self.diagram.show_layers(layers)
        parameters = count(sum(layer.parameters for layer in layers))
        times = count(sum(layer.multiplications for layer in layers))
        text = self.tr("In all: {parameters} parameters, {times} multiplications for each image.")
        self.totals.setText(text.format(parameters=parameters, times=times))
        self.sentence.setText(self.tr("Point at a box, or walk with the arrow keys."))
        self.hint.setText(
            self.tr("Tinted boxes learn. A click on the first of them shows its weights.")
        )
        self._show_parts(shown=True)

    def show_digit(self, image: NDArray[np.uint8] | None, prediction: Prediction | None) -> None:
        """Show the digit on the pad, and its probabilities."""
        self.diagram.show_digit(image, prediction)

    def _show_parts(self, *, shown: bool) -> None:
        for part in (self._area, self.totals, self.sentence):
            part.setVisible(shown)

    @Slot(object)
    def _explain(self, layer: Layer) -> None:
        title, sentence = self._words.title(layer), self._words.sentence(layer)
        words = self.tr("{layer}: {sentence}").format(layer=title, sentence=sentence)
        self.sentence.setText(words)
