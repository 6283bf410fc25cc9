"""The arithmetic of a number as lines of a table, and in a sentence."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from mnist_gui.engine.inside.layers import Layer, LayerKind
from mnist_gui.engine.inside.passage import Passage, Unit
from mnist_gui.engine.inside.receptive_field import unflattened
from mnist_gui.engine.inside.unit import (
    Activated,
    Arithmetic,
    Average,
    Divided,
    Grey,
    Largest,
    Loss,
    Normalized,
    Rectified,
    Share,
    Unchanged,
    WeightedSum,
)
from mnist_gui.gui.activations.text import StepText, written
from mnist_gui.gui.common.labels import count, percent, signed
from mnist_gui.gui.common.layer_names import kind_name

# As many of a dense layer's products are written one by one.
_SINGLY = 15
# Decimals of exponentials: small ones are to be compared.
_OF_POWERS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: its cells, and the number of the layer before that it is about.

    `map` is the map whose products it opens, if it is a sum of them. `spoken` says the first cell
    in full.
    """

    cells: tuple[str, ...]
    source: Unit | None = None
    map: int | None = None
    is_result: bool = False
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class WrittenSum:
    """The heads and the lines of the table, and the sentence above it."""

    sentence: str
    heads: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


class SumText(QObject):
    """Writes out how a number comes about. Numbers are rounded to three decimals, sums are not."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps = StepText(self)

    def write(
        self, passage: Passage, place: int, unit: Unit, how: Arithmetic, opened: int
    ) -> WrittenSum:
        """Return how a number comes about; of a convolution the map `opened` product by product."""
        match how:
            case WeightedSum(window=None):
                return self._dense(passage, place, how)
            case WeightedSum():
                return self._convolution(passage, place, how, opened)
            case Largest() | Average():
                return self._pooled(passage, place, unit, how)
            case Normalized():
                return self._normalized(how)
            case Share():
                return self._share(how)
        return WrittenSum(self._short(passage, place, how))

    # --- sums ----------------------------------------------------------------------------------

    def _heads(self, layer: Layer) -> tuple[str, ...]:
        """Return the heads of a sum over the numbers of a layer."""
        first = self._input_head(layer)
        return first, self.tr("Value"), self.tr("\u00d7 Weight"), self.tr("= Product")

    def _input_head(self, layer: Layer) -> str:
        if layer.kind is LayerKind.INPUT:
            return self.tr("Row, column")
        return self.tr("Map \u00b7 row, column") if len(layer.shape) == 3 else self.tr("Input")

    def _convolution(
        self, passage: Passage, place: int, how: WeightedSum, opened: int
    ) -> WrittenSum:
        lines: list[Line] = []
        maps = how.values.shape[2]
        for each in _by_size(how.products.sum(axis=(0, 1))):
            if maps > 1:
                lines.append(self._map_line(how, each))
            if each == opened or maps == 1:
                lines += self._products(passage, place, how, each)
        sentence = self._sum_sentence(how, maps)
        heads = self._heads(passage.layers[place - 1])
        return WrittenSum(sentence, heads, (*lines, *self._end(how)))

    def _sum_sentence(self, how: WeightedSum, maps: int) -> str:
        if maps > 1 and how.bias is None:
            text = self.tr(
                "{count} inputs from {maps} maps, each times its weight, add up to {result}. Click "
                "a map for its products."
            )
        elif maps > 1:
            text = self.tr(
                "{count} inputs from {maps} maps, each times its weight, add up to {products}; "
                "with the bias {bias} that is {result}. Click a map for its products."
            )
        elif how.bias is None:
            text = self.tr("{count} inputs, each times its weight, add up to {result}.")
        else:
            text = self.tr(
                "{count} inputs, each times its weight, add up to {products}; with the bias {bias} "
                "that is {result}."
            )
        return text.format(
            count=count(how.values.size),
            maps=count(maps),
            products=signed(float(how.products.sum())),
            bias=signed(how.bias or 0.0),
            result=signed(how.sum),
        )

    def _map_line(self, how: WeightedSum, number: int) -> Line:
        products = how.products[..., number]
        text = self.tr("Map {map}: {count} products")
        name = text.format(map=count(number + 1), count=count(products.size))
        return Line((name, "", "", signed(float(products.sum()))), map=number)

    def _products(self, passage: Passage, place: int, how: WeightedSum, number: int) -> list[Line]:
        assert how.window is not None
        rows, columns, _ = passage.layers[place].inputs
        before = passage.layers[place - 1]
        lines = []
        for row, column in np.ndindex(how.values.shape[:2]):
            at = (row + how.window.top, column + how.window.left)
            products = _product(how, (row, column, number))
            if 0 <= at[0] < rows and 0 <= at[1] < columns:
                source = (*at, number)
                lines.append(self._line(before, source, products, source))
            else:
                lines.append(Line((self.tr("Beyond the edge"), *products)))
        return lines

    def _line(
        self,
        layer: Layer,
        unit: Unit,
        numbers: tuple[str, ...],
        source: Unit,
        *,
        is_result: bool = False,
    ) -> Line:
        """Return a line on a number of a layer."""
        name, spoken = self._steps.brief_unit(layer, unit), self._steps.unit(layer, unit)
        return Line((name, *numbers), source, is_result=is_result, spoken=spoken)

    def _dense(self, passage: Passage, place: int, how: WeightedSum) -> WrittenSum:
        order = _by_size(how.products)
        lines = [
            self._line(*self._input(passage, place, each), _product(how, each), (each,))
            for each in order[:_SINGLY]
        ]
        rest = order[_SINGLY:]
        if rest:
            text = self.tr("The other {count} together").format(count=count(len(rest)))
            lines.append(Line((text, "", "", signed(float(how.products[rest].sum())))))
        sentence = self._sum_sentence(how, 1)
        heads = self._heads(self._input(passage, place, 0)[0])
        return WrittenSum(sentence, heads, (*lines, *self._end(how)))

    @staticmethod
    def _input(passage: Passage, place: int, number: int) -> tuple[Layer, Unit]:
        """Return the layer and the unit that an input of a dense layer was before flattening."""
        before = passage.layers[place - 1]
        if before.kind is not LayerKind.FLATTEN:
            return before, (number,)
        return passage.layers[place - 2], unflattened(before, number)

    def _end(self, how: WeightedSum) -> list[Line]:
        lines = [Line((self.tr("Sum"), "", "", signed(how.sum)), is_result=True)]
        if how.bias is not None:
            lines.insert(0, Line((self.tr("Bias"), "", "", signed(how.bias))))
        if how.is_rectified:
            text = self.tr("ReLU: a negative sum becomes 0")
            lines.append(Line((text, "", "", signed(how.result)), is_result=True))
        return lines

    # --- the other layers ----------------------------------------------------------------------

    def _pooled(
        self, passage: Passage, place: int, unit: Unit, how: Largest | Average
    ) -> WrittenSum:
        lines = []
        before = passage.layers[place - 1]
        for row, column in np.ndindex(how.values.shape):
            source = (how.window.top + row, how.window.left + column, unit[2])
            values = (signed(float(how.values[row, column])),)
            is_largest = isinstance(how, Largest) and (row, column) == how.winner
            lines.append(self._line(before, source, values, source, is_result=is_largest))
        text = self.tr("The largest of these {count} numbers is {result}.")
        if isinstance(how, Average):
            text = self.tr("The average of these {count} numbers is {result}.")
        sentence = text.format(count=count(how.values.size), result=signed(how.result))
        return WrittenSum(sentence, self._heads(before)[:2], tuple(lines))

    def _normalized(self, how: Normalized) -> WrittenSum:
        less = how.value - how.mean
        divided = less / how.spread
        scaled = divided * how.gamma
        lines = (
            (self.tr("The number before"), how.value),
            (self.tr("\u2212 the mean, {mean}").format(mean=signed(how.mean)), less),
            (self.tr("\u00f7 the spread, {spread}").format(spread=written(how.spread)), divided),
            (self.tr("\u00d7 gamma, {gamma}").format(gamma=signed(how.gamma)), scaled),
            (self.tr("+ beta, {beta}").format(beta=signed(how.beta)), how.result),
        )
        text = self.tr(
            "Mean and variance are those of this map while training, the spread is the root of the "
            "variance {variance} + 0.001; gamma and beta were learnt."
        )
        heads = (self.tr("Step"), self.tr("Gives"))
        last = len(lines) - 1
        return WrittenSum(
            text.format(variance=written(how.variance)),
            heads,
            tuple(
                Line((name, signed(value)), is_result=place == last)
                for place, (name, value) in enumerate(lines)
            ),
        )

    def _share(self, how: Share) -> WrittenSum:
        largest = float(how.values.max())
        lines = []
        for digit, (value, power) in enumerate(zip(how.values, how.powers, strict=True)):
            cells = (
                self.tr("Digit {digit}").format(digit=digit),
                signed(float(value)),
                written(float(power), _OF_POWERS),
                percent(float(power) / how.total, 2),
            )
            lines.append(Line(cells, (digit,), is_result=digit == how.digit))
        lines.append(Line((self.tr("Sum"), "", written(how.total, _OF_POWERS), percent(1.0, 2))))
        text = self.tr(
            "{power} \u00f7 {total} = {share}. First the largest number, {largest}, is taken off "
            "all ten, which changes no share and keeps the exponentials small."
        )
        power = float(how.powers[how.digit])
        sentence = text.format(
            power=written(power, _OF_POWERS),
            total=written(how.total, _OF_POWERS),
            share=percent(how.result, 2),
            largest=signed(largest),
        )
        heads = (self.tr("Digit"), self.tr("Number"), self.tr("Exponential"), self.tr("Share"))
        return WrittenSum(sentence, heads, tuple(lines))

    def _short(self, passage: Passage, place: int, how: Arithmetic) -> str:
        match how:
            case Grey(grey=grey):
                text = self.tr("The pixel's grey is {grey} of 255: {grey} \u00f7 255 = {result}.")
                return text.format(grey=grey, result=written(how.result))
            case Rectified() | Activated():
                return self._activated(how)
            case Divided():
                text = self.tr("{value} \u00f7 {temperature}, the temperature, = {result}.")
                return text.format(
                    value=signed(how.value),
                    temperature=written(how.temperature, 4),
                    result=signed(how.result),
                )
            case Loss():
                return self._loss(how)
            case Unchanged():
                return self._unchanged(passage, place, how)
        raise AssertionError(how)

    def _activated(self, how: Rectified | Activated) -> str:
        if isinstance(how, Activated):
            text = self.tr("{activation} of {value} is {result}.")
            name = kind_name(how.layer.kind)
            return text.format(activation=name, value=signed(how.value), result=signed(how.result))
        if how.value > 0:
            return self.tr("{value} is positive: it stays.").format(value=signed(how.value))
        return self.tr("{value} is not positive: it becomes 0.").format(value=signed(how.value))

    def _loss(self, how: Loss) -> str:
        text = self.tr(
            "The loss is minus the logarithm of the label's probability: \u2212ln {probability} = "
            "{result}."
        )
        probability = written(how.probability, _OF_POWERS)
        return text.format(probability=probability, result=written(how.result))

    def _unchanged(self, passage: Passage, place: int, how: Unchanged) -> str:
        if passage.layers[place].kind is LayerKind.DROPOUT:
            text = self.tr("Dropout is off: {value} stays as it is.")
            return text.format(value=signed(how.value))
        text = self.tr("Handed on from {source}: {value}.")
        source = self._steps.unit(passage.layers[place - 1], how.source)
        return text.format(source=source, value=signed(how.value))


def _product(how: WeightedSum, at: int | tuple[int, ...]) -> tuple[str, str, str]:
    return (
        written(float(how.values[at])),
        signed(float(how.weights[at])),
        signed(float(how.products[at])),
    )


def _by_size(numbers: NDArray[np.float64]) -> list[int]:
    order: list[int] = np.argsort(-np.abs(numbers), kind="stable").tolist()
    return order
