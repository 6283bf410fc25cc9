"""What is said of layers."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QObject

from mnist_gui.engine.inside.layers import ACTIVATIONS, Layer, LayerKind
from mnist_gui.engine.inside.times import LayerTimes
from mnist_gui.gui.common.labels import count, number, percent
from mnist_gui.gui.common.layer_names import kind_name, numbered_name
from mnist_gui.words.language import in_sequence, plural, tr


class LayerText(QObject):
    """Names layers, their shapes and sizes, and says what they do."""

    def titles(self, layers: Sequence[Layer]) -> list[str]:
        """Return what the layers of a network are called: numbered where there are several."""
        of_kind = Counter(layer.kind for layer in layers)
        seen: Counter[LayerKind] = Counter()
        titles = []
        for layer in layers:
            seen[layer.kind] += 1
            is_one_of_several = of_kind[layer.kind] > 1
            titles.append(
                numbered_name(layer.kind, seen[layer.kind])
                if is_one_of_several
                else kind_name(layer.kind)
            )
        return titles

    def shape(self, layer: Layer) -> str:
        """Write the shape of a layer's output: "28 x 28 x 32" or "1,024"."""
        return " \u00d7 ".join(map(count, layer.shape))

    def kernel(self, layer: Layer) -> str:
        """Write the size of a layer's window, "" where it has none."""
        return f"{layer.kernel} \u00d7 {layer.kernel}" if layer.kernel else ""

    def spoken(self, layer: Layer, title: str) -> str:
        """Say all that is written about a layer of this title, but for its time."""
        text = self.tr(
            "{layer}. Output: {shape}. Parameters: {parameters}. Multiplications: {times}."
        )
        return text.format(
            layer=title,
            shape=self.shape(layer),
            parameters=count(layer.parameters),
            times=count(layer.multiplications),
        )

    def sentence(self, layer: Layer) -> str:
        """Say plainly what a layer does."""
        match layer.kind:
            case LayerKind.CONVOLUTION:
                return self._convolution(layer)
            case LayerKind.FLATTEN:
                text = self.tr("Writes all {count} numbers one after the other into a single row.")
                return text.format(count=count(layer.shape[0]))
            case LayerKind.HIDDEN:
                text = self.tr(
                    "Each of its {units} units weighs all {inputs} numbers and adds them up."
                )
                if layer.is_rectified:
                    text = self.tr(
                        "Each of its {units} units weighs all {inputs} numbers, adds them up, and "
                        "passes the sum on if it is positive."
                    )
            case LayerKind.OUTPUT:
                text = self.tr(
                    "For each digit it weighs all {inputs} numbers and adds them up; softmax turns "
                    "the {units} sums into probabilities."
                )
            case LayerKind.POOLING | LayerKind.AVERAGE_POOLING:
                return self._pooling(layer)
            case kind if kind in ACTIVATIONS:
                return self._activation(layer)
            case _:
                return self._plain(layer)
        return text.format(units=count(layer.shape[0]), inputs=count(layer.inputs[0]))

    def totals(self, layers: Sequence[Layer]) -> str:
        """Say what the layers add up to, and which of them has most parameters."""
        parameters = [layer.parameters for layer in layers]
        most = max(range(len(layers)), key=parameters.__getitem__)
        text = self.tr(
            "In all: {parameters} parameters, {times} multiplications for each image.\n"
            "Most parameters: {layer} has {share}."
        )
        return text.format(
            parameters=count(sum(parameters)),
            times=count(sum(layer.multiplications for layer in layers)),
            layer=self.titles(layers)[most],
            share=percent(parameters[most] / sum(parameters), 0),
        )

    def slowest(self, layers: Sequence[Layer], times: LayerTimes) -> str:
        """Say which layer takes most time."""
        share = max(times.shares)
        text = self.tr(
            "Most time: {layer} takes {share} of {total}, measured on this computer with one image."
        )
        if times.images > 1:
            text = self.tr(
                "Most time: {layer} takes {share} of {total}, measured on this computer with "
                "{images} images at once."
            )
        return text.format(
            layer=self.titles(layers)[times.shares.index(share)],
            share=percent(share, 0),
            total=_milliseconds(times.total),
            images=count(times.images),
        )

    def time(self, times: LayerTimes, place: int) -> str:
        """Say how much of the time one layer takes."""
        text = self.tr("It takes {share} of the time: {time} of {total}.")
        return text.format(
            share=percent(times.shares[place], 0),
            time=_milliseconds(times.seconds[place]),
            total=_milliseconds(times.total),
        )

    def _convolution(self, layer: Layer) -> str:
        text = self.tr(
            "Slides {filters} small patterns of {kernel} pixels over the image; each gives a new "
            "image, bright where its pattern fits."
        )
        if layer.inputs[2] > 1:
            text = self.tr(
                "Slides {filters} patterns of {kernel} pixels over all {inputs} images at once; "
                "each gives a new image, bright where its pattern fits."
            )
        filters, inputs = count(layer.shape[2]), count(layer.inputs[2])
        sentence = text.format(filters=filters, inputs=inputs, kernel=self.kernel(layer))
        if layer.stride == 1:
            return sentence
        text = self.tr("It moves {stride} pixels at a time, so that the new images are smaller.")
        return in_sequence([sentence, text.format(stride=count(layer.stride))])

    def _pooling(self, layer: Layer) -> str:
        is_average = layer.kind is LayerKind.AVERAGE_POOLING
        if layer.shape[0] == 1 and layer.kernel == layer.inputs[0]:
            if is_average:
                return self.tr("Takes the average of each image: one number is left of it.")
            return self.tr("Keeps the largest number of each image, and no other.")
        if layer.kernel != layer.stride:
            text = self._overlapping(layer)
        elif is_average:
            text = self.tr(
                "Takes the average of each {kernel} numbers, so that the image is smaller and "
                "small shifts matter less."
            )
        elif layer.kernel == 2:
            text = self.tr(
                "Keeps the largest of each 2 \u00d7 2 numbers, so that the image is half as large "
                "and small shifts do not matter."
            )
        else:
            text = self.tr(
                "Keeps the largest of each {kernel} numbers, so that the image is smaller and "
                "small shifts do not matter."
            )
        return text.format(kernel=self.kernel(layer), stride=count(layer.stride))

    def _overlapping(self, layer: Layer) -> str:
        """Say what pooling does whose squares share numbers."""
        if layer.kind is LayerKind.AVERAGE_POOLING:
            return plural(
                "Takes the average of each {kernel} numbers, {stride} place apart, so that the "
                "image is smaller and small shifts matter less.",
                "Takes the average of each {kernel} numbers, {stride} places apart, so that the "
                "image is smaller and small shifts matter less.",
                layer.stride,
            )
        return plural(
            "Keeps the largest of each {kernel} numbers, {stride} place apart, so that the "
            "image is smaller and small shifts do not matter.",
            "Keeps the largest of each {kernel} numbers, {stride} places apart, so that the "
            "image is smaller and small shifts do not matter.",
            layer.stride,
        )

    def _activation(self, layer: Layer) -> str:
        texts = {
            LayerKind.RELU: self.tr("Sets negative numbers to 0 and keeps positive ones."),
            LayerKind.LEAKY_RELU: self.tr(
                "Keeps positive numbers, and multiplies negative ones by {slope}."
            ),
            LayerKind.TANH: self.tr("Squeezes each number to between \u22121 and 1; 0 stays 0."),
            LayerKind.SIGMOID: self.tr("Squeezes each number to between 0 and 1; 0 becomes 0.5."),
            LayerKind.ELU: self.tr(
                "Keeps positive numbers, and squeezes negative ones to between \u22121 and 0."
            ),
            LayerKind.SILU: self.tr(
                "Multiplies each number by its sigmoid: large ones stay nearly as they are, those "
                "far below 0 become nearly 0."
            ),
            LayerKind.GELU: self.tr(
                "Multiplies each number by the share of a bell curve below it: large ones stay "
                "nearly as they are, those far below 0 become nearly 0."
            ),
            LayerKind.RELU6: self.tr("Sets negative numbers to 0, and those above 6 to 6."),
            LayerKind.SELU: self.tr(
                "Multiplies positive numbers by 1.05, and squeezes negative ones to between "
                "\u22121.76 and 0."
            ),
            LayerKind.SOFTPLUS: self.tr(
                "Is ReLU without a kink: large numbers stay nearly as they are, those far below 0 "
                "become nearly 0; 0 becomes 0.69."
            ),
        }
        return texts[layer.kind].format(slope=f"{layer.slope:g}")

    def _plain(self, layer: Layer) -> str:
        normalization = self.tr(
            "Shifts and scales the values of each image to about the same range, so that "
            "training is faster."
        )
        if len(layer.shape) == 1:
            normalization = self.tr(
                "Shifts and scales the values of each unit to about the same range, so that "
                "training is faster."
            )
        texts = {
            LayerKind.INPUT: self.tr("The digit that is read, as numbers from 0 to 1."),
            LayerKind.NORMALIZATION: normalization,
            LayerKind.DROPOUT: self.tr(
                "While training it sets random numbers to 0, so that no unit relies on a single "
                "other one; afterwards it changes nothing."
            ),
        }
        return texts[layer.kind]


def _milliseconds(seconds: float) -> str:
    return tr("{number} ms").format(number=number(1_000 * seconds, 2))
