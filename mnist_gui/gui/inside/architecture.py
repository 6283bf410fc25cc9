"""The page that draws the current network's architecture."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QWidget

from mnist_gui.engine.inside.forward import Numbers
from mnist_gui.engine.inside.layers import Layer
from mnist_gui.engine.inside.times import LayerTimes
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.labels import caption, count, paragraph
from mnist_gui.gui.common.qt import SteadyScrollArea, column, named, row, widget_with
from mnist_gui.gui.inside.diagram import ArchitectureDiagram
from mnist_gui.gui.views.layer_text import LayerText
from mnist_gui.gui.views.page import ViewPage

# Of what is seen of the diagram.
_LEAST_HEIGHT = 160


class ArchitecturePage(ViewPage):
    """The layers as a diagram, what they add up to, and a sentence on the one that is looked at.

    `layer_chosen` carries the layer that was clicked.
    """

    layer_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__("architecture")
        self._words = LayerText(self)
        self._entered: int | None = None
        self._times: Sequence[LayerTimes] = ()
        self.diagram = ArchitectureDiagram()
        self.totals = named(paragraph(), "architecture_totals")
        self.time = named(paragraph(), "architecture_time")
        self.sentence = named(paragraph(), "layer_sentence")
        self.hint = caption()
        self.hint.setWordWrap(True)
        self.time_box = named(QComboBox(), "time_box", self.tr("Time for so many images at once"))
        self._fill_body()
        self.time_box.currentIndexChanged.connect(self._show_times)
        self.time_box.currentIndexChanged.connect(self._explain)
        self.diagram.layer_entered.connect(self._enter)
        self.diagram.layer_chosen.connect(self.layer_chosen)
        self.show_purpose(
            self.tr(
                "Each box is a layer, which computes its numbers from those of the box before. In "
                "the boxes is what becomes of the digit on the pad: blue above 0, orange below."
            )
        )

    def show_network(self, title: str, layers: Sequence[Layer]) -> None:
        """Draw the layers of the network of this title."""
        self.show_title(title)
        if self.layers == list(layers):
            return
        self._times, self._entered = (), None
        self.diagram.show_layers(layers)
        self.totals.setText(self._words.totals(layers))
        self._show_times()
        self._explain()

    @property
    def layers(self) -> list[Layer]:
        """The layers that are drawn."""
        return [box.layer for box in self.diagram.boxes]

    def show_digit(self, image: NDArray[np.uint8] | None, prediction: Prediction | None) -> None:
        """Show the digit on the pad, and its probabilities."""
        self.diagram.show_digit(image, prediction)

    def show_maps(self, maps: Sequence[Numbers] | None) -> None:
        """Show a few of the maps (n, rows, columns) that each layer makes of the digit, or none."""
        self.diagram.show_maps(maps)

    def show_times(self, times: Sequence[LayerTimes]) -> None:
        """Show the time that each layer takes, for one of these measurements at a time."""
        self._times = times
        chosen = max(self.time_box.currentIndex(), 0)
        if self.time_box.count() != len(times):
            self.time_box.clear()
            self.time_box.addItems([self._choice_text(each.images) for each in times])
            # Of one image alone the computer's own bustle is a large part.
            chosen = len(times) - 1
        self.time_box.setCurrentIndex(chosen)
        self._show_times()
        self._explain()

    def show_time_message(self, sentence: str) -> None:
        """Say why there are no times yet."""
        if not self._times:
            self.time.setText(sentence)

    def pictured(self) -> Sequence[QWidget]:
        """Return the diagram as a whole, with what it adds up to."""
        return self.title, self.totals, self.time, self.diagram

    @property
    def _shown_times(self) -> LayerTimes | None:
        return self._times[max(self.time_box.currentIndex(), 0)] if self._times else None

    def _choice_text(self, images: int) -> str:
        if images == 1:
            return self.tr("one image")
        return self.tr("{count} images at once").format(count=count(images))

    @Slot()
    def _show_times(self) -> None:
        times = self._shown_times
        self._choice_of_images.setVisible(times is not None)
        self.diagram.show_times(times)
        if times is not None and self.layers:
            self.time.setText(self._words.slowest(self.layers, times))

    @Slot(int)
    def _enter(self, place: int) -> None:
        self._entered = place
        self._explain()

    @Slot()
    def _explain(self) -> None:
        if self._entered is None:
            self.sentence.setText(self.tr("Point at a box, or walk with the arrow keys."))
            return
        box, times = self.diagram.boxes[self._entered], self._shown_times
        sentence = self._words.sentence(box.layer)
        if times is None:
            words = self.tr("{layer}: {sentence}").format(layer=box.title, sentence=sentence)
        else:
            time = self._words.time(times, self._entered)
            words = self.tr("{layer}: {sentence} {time}")
            words = words.format(layer=box.title, sentence=sentence, time=time)
        self.sentence.setText(words)

    def _fill_body(self) -> None:
        label = QLabel(self.tr("&Time for"))
        label.setBuddy(self.time_box)
        self.time_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._choice_of_images = widget_with(row(label, self.time_box, spacing=8))
        # Two lines are kept free, so that the diagram stays where it is.
        self.sentence.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.hint.setText(
            self.tr(
                "Tinted boxes learn. Most parameters and most time are bold. A click shows a "
                "layer's weights, or what it makes of the digit."
            )
        )
        layout = column(self.diagram, self.hint, 1, spacing=10, margins=(0, 4, 4, 0))
        self._area = SteadyScrollArea(widget_with(layout))
        # It scrolls by itself: otherwise the whole page would be as high as a narrow diagram.
        policy = QSizePolicy.Policy
        self._area.setSizePolicy(policy.Expanding, policy.Ignored)
        self._area.setMinimumHeight(_LEAST_HEIGHT)
        time = row((self.time, 1), self._choice_of_images, spacing=8)
        parts = (self.totals, time, self.sentence)
        self.body.setLayout(column(*parts, (self._area, 1), spacing=6))
