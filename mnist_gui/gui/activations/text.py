"""What is said of a single number of a layer, and of the way it goes through the network."""

from math import floor, log10

from PySide6.QtCore import QObject

from mnist_gui.engine.inside.layers import Layer, LayerKind
from mnist_gui.engine.inside.passage import Passage, Unit
from mnist_gui.gui.common.labels import count, number, percent, signed
from mnist_gui.gui.common.layer_names import ACTIVATION_NAMES
from mnist_gui.gui.views.layer_text import LayerText

_SUPERSCRIPTS = str.maketrans(
    "-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)
_HUGE = 1e6


def written(value: float, decimals: int = 3) -> str:
    """Write a number with a true minus; one that would be 0, or fills a line, by its power."""
    size = abs(value)
    is_seen = 0.5 * 10.0**-decimals <= size < _HUGE
    if size and not is_seen and size < float("inf"):
        power = floor(log10(size))
        text = f"{number(size / 10.0**power, 1)} \u00d7 10{str(power).translate(_SUPERSCRIPTS)}"
    else:
        text = number(size, decimals)
    return f"\u2212{text}" if value < 0 else text


class StepText(QObject):
    """Names the layers that a digit passes and the numbers in them, and says what they are."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._layers = LayerText(self)

    def short(self, layer: Layer) -> str:
        """Return a short name, for where there is little room."""
        texts = {
            LayerKind.INPUT: self.tr("Image"),
            LayerKind.CONVOLUTION: self.tr("Conv."),
            LayerKind.POOLING: self.tr("Pool"),
            LayerKind.AVERAGE_POOLING: self.tr("Avg."),
            LayerKind.NORMALIZATION: self.tr("Norm."),
            LayerKind.RELU: self.tr("ReLU"),
            LayerKind.FLATTEN: self.tr("Flat"),
            LayerKind.HIDDEN: self.tr("Dense"),
            LayerKind.DROPOUT: self.tr("Drop"),
            LayerKind.OUTPUT: self.tr("Digits"),
            LayerKind.TEMPERATURE: self.tr("Temp."),
            LayerKind.SOFTMAX: self.tr("Share"),
            LayerKind.LOSS: self.tr("Loss"),
            **ACTIVATION_NAMES,
            LayerKind.LEAKY_RELU: "Leaky",
        }
        return texts[layer.kind]

    def title(self, passage: Passage, place: int) -> str:
        """Return what a layer is called, numbered where there are several of its kind."""
        return self._layers.titles(passage.layers)[place]

    def heading(self, passage: Passage, place: int) -> str:
        """Write which step of how many a layer is, its name and its shape."""
        layer = passage.layers[place]
        text = self.tr("Step {number} of {count}: {layer} \u00b7 {shape}")
        return text.format(
            number=count(place + 1),
            count=count(len(passage.layers)),
            layer=self.title(passage, place),
            shape=self._layers.shape(layer),
        )

    def sentence(self, passage: Passage, place: int) -> str:
        """Say plainly what a layer does."""
        layer = passage.layers[place]
        texts = {
            LayerKind.DROPOUT: self.tr(
                "Dropout is off now, so every number is handed on as it is. Only while training it "
                "sets random numbers to 0, so that no unit relies on a single other one."
            ),
            LayerKind.TEMPERATURE: self.tr(
                "Divides all ten numbers by one number, the temperature, so that the percentages "
                "are honest. It never changes which digit is the largest."
            ),
            LayerKind.SOFTMAX: self.tr(
                "Makes each of the ten numbers positive, by its exponential, and divides it by the "
                "sum of all ten: so they become shares of 100 %."
            ),
            LayerKind.LOSS: self.tr(
                "What training makes small: how wrong the network would be if this digit were the "
                "label. Choose a label: 0 is perfect, and the less probable the label is, the "
                "larger is its loss."
            ),
        }
        if layer.kind is LayerKind.OUTPUT:
            return self._output(passage, place)
        return texts.get(layer.kind) or self._layers.sentence(layer)

    def _output(self, passage: Passage, place: int) -> str:
        if passage.layers[place - 1].inputs == passage.layers[0].shape:
            return self.tr(
                "Each pixel times its weight is evidence: blue pixels speak for the digit below "
                "the picture, orange ones against it. Added up with the bias they give its number."
            )
        before = passage.layers[place - 1]
        if before.kind is LayerKind.FLATTEN and before.inputs[0] > 1:
            return self.tr(
                "For each digit all numbers of the maps are weighed and added up. The pictures "
                "show where: blue places speak for the digit, orange ones against it."
            )
        return self._layers.sentence(passage.layers[place])

    def unit(self, layer: Layer, unit: Unit) -> str:
        """Say where a number is in a layer: maps and units counted from 1, pixels from 0."""
        if layer.kind is LayerKind.INPUT:
            return self.tr("Row {row}, column {column}").format(row=unit[0], column=unit[1])
        if len(unit) == 3:
            text = self.tr("Map {map}, row {row}, column {column}")
            return text.format(map=count(unit[2] + 1), row=unit[0], column=unit[1])
        if layer.is_of_digits:
            if layer.kind is LayerKind.LOSS:
                return self.tr("If the label is {digit}").format(digit=unit[0])
            return self.tr("Digit {digit}").format(digit=unit[0])
        if layer.kind is LayerKind.FLATTEN:
            return self.tr("Number {number}").format(number=count(unit[0] + 1))
        return self.tr("Unit {number}").format(number=count(unit[0] + 1))

    def brief_unit(self, layer: Layer, unit: Unit) -> str:
        """Say where a number is in a layer where a head says what the numbers mean."""
        if layer.kind is LayerKind.INPUT or len(unit) < 3:
            return f"{unit[0]}, {unit[1]}" if len(unit) == 3 else self.unit(layer, unit)
        text = self.tr("Map {map} \u00b7 {row}, {column}")
        return text.format(map=count(unit[2] + 1), row=unit[0], column=unit[1])

    def group(self, layer: Layer, place: int) -> str:
        """Return what a map, a unit or a digit is called, for its tile."""
        if layer.is_of_digits:
            return str(place)
        return count(place + 1)

    def spoken_group(self, layer: Layer, place: int) -> str:
        """Return what a map, a unit or a digit is called, where it stands alone."""
        if len(layer.shape) == 3:
            return self.tr("Map {map}").format(map=count(place + 1))
        return self.unit(layer, (place,))

    def value(self, layer: Layer, value: float) -> str:
        """Write a number as its layer means it: a probability in percent."""
        if layer.kind is LayerKind.SOFTMAX:
            return percent(value, 2)
        if layer.kind in (LayerKind.INPUT, LayerKind.LOSS):
            return written(value)
        return signed(value) if abs(value) < _HUGE else written(value)

    def brief(self, layer: Layer, value: float) -> str:
        """Write a number where there is little room."""
        if layer.kind is LayerKind.SOFTMAX:
            return percent(value, 0)
        size = abs(value)
        decimals = 2 if size < 10 else 1 if size < 100 else 0
        if size >= _HUGE:
            return written(value)
        if layer.kind in (LayerKind.INPUT, LayerKind.LOSS):
            return number(size, decimals)
        return signed(value, decimals)

    def spoken(self, passage: Passage, place: int, unit: Unit) -> str:
        """Say all that is seen of a layer in the row of layers."""
        text = self.tr("{layer}. {number}")
        return text.format(
            layer=self.heading(passage, place), number=self.full(passage, place, unit)
        )

    def full(self, passage: Passage, place: int, unit: Unit) -> str:
        """Say which number it is and how large: "Map 5, row 12, column 9: +0.734"."""
        layer = passage.layers[place]
        text = self.tr("{unit}: {value}")
        value = self.value(layer, passage.value(place, unit))
        return text.format(unit=self.unit(layer, unit), value=value)
