"""What is said of a network that is operated on."""

from PySide6.QtCore import QCoreApplication, QObject

from mnist_gui.engine.inside.layers import Layer, LayerKind
from mnist_gui.engine.inside.surgery import Surgery, parts_of
from mnist_gui.engine.inside.surgery_answer import DigitAnswer, SetAnswer
from mnist_gui.gui.common.labels import count, number, percent


def part_number(layer: Layer, place: int) -> str:
    """Return the number of a map or a unit, from 1, or the digit."""
    return count(place if layer.kind is LayerKind.OUTPUT else place + 1)


def part_name(layer: Layer, place: int) -> str:
    """Return what a map, a unit or a digit is called."""
    texts = {
        LayerKind.CONVOLUTION: QCoreApplication.translate("surgery", "Map {number}"),
        LayerKind.HIDDEN: QCoreApplication.translate("surgery", "Unit {number}"),
        LayerKind.OUTPUT: QCoreApplication.translate("surgery", "Digit {number}"),
    }
    return texts[layer.kind].format(number=part_number(layer, place))


class SurgeryText(QObject):
    """Says what is changed, and what comes of it."""

    def changes(self, surgery: Surgery, layers: dict[str, tuple[str, Layer]]) -> str:
        """Say what is changed; `layers` are the title and the layer of each name."""
        lines = []
        for name, (title, layer) in layers.items():
            if places := surgery.off.get(name):
                text = self.tr("{layer}: {off} of {all} switched off.")
                lines.append(
                    text.format(layer=title, off=count(len(places)), all=count(parts_of(layer)))
                )
            if strength := surgery.noise.get(name):
                text = self.tr("{layer}: noise of {strength} of the size of its weights.")
                lines.append(text.format(layer=title, strength=percent(strength, 0)))
            for (of_layer, place), added in sorted(surgery.biases.items()):
                if of_layer == name:
                    text = self.tr("{layer}: {added} added to the bias of {part}.")
                    part = part_name(layer, place)
                    lines.append(text.format(layer=title, added=number(added, 2), part=part))
        return "\n".join(lines) or self.tr("Nothing is changed yet.")

    def digit(self, answer: DigitAnswer | None) -> str:
        """Say as what the digit on the pad is read before and after."""
        if answer is None:
            return self.tr("Draw a digit to see how it is read.")
        before, after = int(answer.before.argmax()), int(answer.after.argmax())
        text = self.tr("Your digit is still read as {before}: {share} before, {left} now.")
        if before != after:
            text = self.tr(
                "Your digit was read as {before} ({share}) and is now read as {after} ({left})."
            )
        return text.format(
            before=before,
            after=after,
            share=percent(float(answer.before[before])),
            left=percent(float(answer.after[after])),
        )

    def test(self, answer: SetAnswer, *, is_sample: bool) -> str:
        """Say how many test images are read right before and after."""
        text = self.tr("Of all {images} test images it reads {before} right before, {after} now.")
        if is_sample:
            text = self.tr("Of {images} test images it reads {before} right before, {after} now.")
        return text.format(
            images=count(answer.images),
            before=percent(answer.before / answer.images, 2 if not is_sample else 1),
            after=percent(answer.after / answer.images, 2 if not is_sample else 1),
        )
