"""What is said of the weights of a layer."""

from PySide6.QtCore import QObject

from mnist_gui.engine.inside.filters import Direction, Pattern, find_pattern
from mnist_gui.engine.inside.forward import Numbers
from mnist_gui.engine.inside.layers import LayerKind
from mnist_gui.engine.inside.weight_images import Order, WeightImages
from mnist_gui.gui.common.labels import count, signed

_DECIMALS = 3


class WeightText(QObject):
    """Names the images of a layer's weights, and says what to see in them."""

    def title(self, weights: WeightImages, place: int) -> str:
        """Return what an image is called: by its digit, or by its number from 1."""
        if weights.is_per_digit:
            return self.tr("Digit {digit}").format(digit=place)
        text = self.tr("Filter {number}")
        if weights.layer.kind is LayerKind.HIDDEN:
            text = self.tr("Unit {number}")
        return text.format(number=count(place + 1))

    def label(self, weights: WeightImages, place: int) -> str:
        """Return what stands below an image: its number, or the digit that it is sorted by."""
        if weights.choice.order is Order.DIGIT and weights.votes is not None:
            return count(int(weights.votes[place].argmax()))
        return count(place if weights.is_per_digit else place + 1)

    def purpose(self, weights: WeightImages) -> str:
        """Say what all the images are."""
        kind = weights.layer.kind
        if weights.is_of_units:
            text = self.tr(
                "One square for each of the {units} units of the layer before, line by line. "
                "Blue units speak for the digit, orange ones against it."
            )
            if kind is LayerKind.HIDDEN:
                text = self.tr(
                    "One square for each of the {units} units of the layer before, line by line. "
                    "Blue units raise the sum of the unit, orange ones lower it."
                )
            return text.format(units=count(weights.layer.inputs[0]))
        if weights.maps == 1:
            return self._of_image(kind)
        maps = count(weights.maps)
        source = weights.choice.source
        if source is None:
            return self._of_all_maps(kind).format(maps=maps)
        return self._of_one_map(kind).format(maps=maps, map=count(source + 1))

    def sentence(self, weights: WeightImages, place: int) -> str:
        """Say what to look for in an image."""
        image = weights.images[place]
        if not image.any():
            return self.tr("All weights are 0: nothing has been learnt yet.")
        if weights.is_per_digit:
            of_units = weights.is_of_units
            return (
                self._strongest_units(image, place) if of_units else self._of_digit(weights, place)
            )
        if weights.layer.kind is LayerKind.HIDDEN:
            return self._of_unit(weights, place)
        pattern, direction = find_pattern(image)
        if direction is None:
            return self._undirected(pattern)
        return self._directed(pattern).format(direction=self._direction(direction))

    def figures(self, weights: WeightImages, place: int) -> str:
        """Write the smallest and the largest weight of an image, and the bias if there is one.

        Of a layer with several input maps, also where the largest weight is.
        """
        image = weights.images[place]
        low, high = signed(float(image.min())), signed(float(image.max()))
        if weights.biases is None:
            text = self.tr("Weights from {low} to {high}").format(low=low, high=high)
        else:
            text = self.tr("Weights from {low} to {high}, bias {bias}")
            text = text.format(low=low, high=high, bias=signed(float(weights.biases[place])))
        if weights.maps == 1:
            return text
        return "\n".join((text, self._strongest(weights, place)))

    def pixel(self, weights: WeightImages, place: int, pixel: tuple[int, int]) -> str:
        """Say one weight: its row and column counted from 0, or the number of its unit from 1."""
        weight = signed(float(weights.images[place][pixel]))
        if weights.is_of_units:
            unit = pixel[0] * weights.images.shape[2] + pixel[1] + 1
            return self.tr("Unit {number}: {weight}").format(number=count(unit), weight=weight)
        text = self.tr("Row {row}, column {column}: {weight}")
        return text.format(row=pixel[0], column=pixel[1], weight=weight)

    def _of_image(self, kind: LayerKind) -> str:
        if kind is LayerKind.OUTPUT:
            return self.tr(
                "One weight for each pixel and digit. Ink on blue speaks for the digit, ink on "
                "orange against it."
            )
        if kind is LayerKind.HIDDEN:
            return self.tr(
                "One weight for each pixel and unit. The sum of a unit is large where ink lies on "
                "blue and paper on orange."
            )
        return self.tr(
            "Each filter slides over the image. Its answer is large where ink lies on blue and "
            "paper on orange."
        )

    def _of_all_maps(self, kind: LayerKind) -> str:
        texts = {
            LayerKind.CONVOLUTION: self.tr(
                "Each filter slides over {maps} maps at once, with weights of its own for each. "
                "Here they are added up; choose a map to see those for it."
            ),
            LayerKind.HIDDEN: self.tr(
                "Each unit reads {maps} maps as a whole, place by place. Here the weights for all "
                "maps are added up: it fires where they are bright on blue and dark on orange."
            ),
            LayerKind.OUTPUT: self.tr(
                "Each digit reads {maps} maps as a whole, place by place. Here the weights for "
                "all maps are added up; choose a map to see those for it."
            ),
        }
        return texts[kind]

    def _of_one_map(self, kind: LayerKind) -> str:
        texts = {
            LayerKind.CONVOLUTION: self.tr(
                "How each filter looks at map {map} of {maps}: its answer is large where that map "
                "is bright on blue and dark on orange."
            ),
            LayerKind.HIDDEN: self.tr(
                "How each unit reads map {map} of {maps}, place by place: it fires where that map "
                "is bright on blue and dark on orange."
            ),
            LayerKind.OUTPUT: self.tr(
                "How each digit reads map {map} of {maps}, place by place: where that map is "
                "bright, blue speaks for the digit and orange against it."
            ),
        }
        return texts[kind]

    def _of_digit(self, weights: WeightImages, digit: int) -> str:
        text = self.tr("Blue places speak for a {digit}, orange ones against it.")
        if weights.maps == 1:
            text = self.tr(
                "Blue is where a {digit} usually has ink. Orange is where ink makes it another "
                "digit."
            )
        return text.format(digit=digit)

    def _of_unit(self, weights: WeightImages, place: int) -> str:
        if weights.votes is not None:
            return self._vote(weights, weights.votes[place])
        if weights.is_of_units:
            return self._strongest_inputs(weights.images[place])
        return self.tr("Blue places raise the sum of the unit, orange ones lower it.")

    def _vote(self, weights: WeightImages, votes: Numbers) -> str:
        best, worst = int(votes.argmax()), int(votes.argmin())
        text = self.tr(
            "When it fires, it speaks most for {best} ({plus}) and most against {worst} ({minus})."
        )
        if not weights.layer.is_rectified:
            text = self.tr(
                "The larger its number is, the more it speaks for {best} ({plus}) and against "
                "{worst} ({minus})."
            )
        plus, minus = (signed(float(votes[digit]), 2) for digit in (best, worst))
        return text.format(best=best, plus=plus, worst=worst, minus=minus)

    def _strongest_inputs(self, image: Numbers) -> str:
        best, worst = int(image.argmax()), int(image.argmin())
        text = self.tr(
            "Unit {best} raises it most ({plus}), unit {worst} lowers it most ({minus})."
        )
        plus, minus = (signed(float(image.flat[unit]), 2) for unit in (best, worst))
        return text.format(best=count(best + 1), plus=plus, worst=count(worst + 1), minus=minus)

    def _strongest_units(self, image: Numbers, digit: int) -> str:
        best, worst = int(image.argmax()), int(image.argmin())
        text = self.tr(
            "Unit {best} speaks most for {digit} ({plus}), unit {worst} most against it ({minus})."
        )
        plus, minus = (signed(float(image.flat[unit]), 2) for unit in (best, worst))
        best_unit, worst_unit = count(best + 1), count(worst + 1)
        return text.format(best=best_unit, plus=plus, worst=worst_unit, minus=minus, digit=digit)

    def _strongest(self, weights: WeightImages, place: int) -> str:
        source, row, column = weights.strongest(place)
        text = self.tr("Its largest weight is for map {map}, row {row}, column {column}: {weight}")
        weight = signed(float(weights.folded[place, source, row, column]))
        return text.format(map=count(source + 1), row=row, column=column, weight=weight)

    def _directed(self, pattern: Pattern) -> str:
        texts = {
            Pattern.EDGE: self.tr(
                "Blue and orange side by side: it looks for an edge that runs {direction}."
            ),
            Pattern.LINE: self.tr(
                "A blue stripe with orange beside it: it looks for a line that runs {direction}."
            ),
            Pattern.GAP: self.tr(
                "An orange stripe with blue beside it: it looks for a gap that runs {direction}."
            ),
            Pattern.STRIPES: self.tr(
                "Stripes of blue and orange: it looks for fine lines and edges that run "
                "{direction}."
            ),
        }
        return texts[pattern]

    def _undirected(self, pattern: Pattern) -> str:
        texts = {
            Pattern.INK: self.tr("Blue nearly everywhere: it looks for ink of any kind."),
            Pattern.PAPER: self.tr("Orange nearly everywhere: it looks for empty paper."),
            Pattern.SPOT: self.tr(
                "Blue in the middle, orange around: it looks for a spot or the end of a line."
            ),
            Pattern.HOLE: self.tr(
                "Orange in the middle, blue around: it looks for a hole or a corner around it."
            ),
            Pattern.MIXED: self.tr(
                "Blue and orange mixed: no simple pattern. Such filters work together with others."
            ),
        }
        return texts[pattern]

    def _direction(self, direction: Direction) -> str:
        texts = {
            Direction.LEVEL: self.tr("from left to right"),
            Direction.UPRIGHT: self.tr("from top to bottom"),
            Direction.RISING: self.tr("from the lower left to the upper right"),
            Direction.FALLING: self.tr("from the upper left to the lower right"),
        }
        return texts[direction]
