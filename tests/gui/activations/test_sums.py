import re

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.layers import LayerKind
from mnist_gui.engine.inside.passage import Passage, Unit
from mnist_gui.engine.inside.unit import arithmetic
from mnist_gui.gui.activations.sums import SumText, WrittenSum
from mnist_gui.gui.activations.text import StepText, written
from tests.engine.inside.test_forward import OTHERS
from tests.engine.inside.test_unit import some_units
from tests.gui.activations.networks import passage


def number(text: str) -> float:
    """Read a number as it is written."""
    text = text.replace("\u2212", "-").replace(",", "").replace("\u00a0%", "").lstrip(">")
    if "\u00d7" in text:
        size, power = text.split(" \u00d7 10")
        ups = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
        digits = "".join(str(ups.index(each)) if each in ups else "-" for each in power)
        return float(size) * 10.0 ** int(digits)
    return float(text)


def write(of: Passage, place: int, unit: Unit, opened: int = 0) -> WrittenSum:
    how = arithmetic(of, place, unit)
    return SumText(QObject()).write(of, place, unit, how, opened)


@pytest.mark.parametrize("architecture", [*ARCHITECTURES, *OTHERS])
def test_the_lines_of_every_sum_add_up_to_the_number(architecture: str, qtbot: QtBot) -> None:
    of = passage(architecture)
    sums = 0
    for place, layer in enumerate(of.layers):
        if layer.kind not in (LayerKind.CONVOLUTION, LayerKind.HIDDEN, LayerKind.OUTPUT):
            continue
        for unit in some_units(layer.shape, 6):
            shown = write(of, place, unit)
            lines = shown.lines[:-1] if layer.is_rectified else shown.lines
            *parts, total = lines
            has_maps = any(line.map is not None for line in parts)
            added = [
                number(line.cells[3])
                for line in parts
                # The products of the map that is open are in its sum already.
                if not (has_maps and line.map is None and line.cells[1])
                and not (has_maps and line.source is not None)
            ]
            assert sum(added) == pytest.approx(number(total.cells[3]), abs=0.0006 * len(parts))
            last = number(shown.lines[-1].cells[3])
            assert last == pytest.approx(of.value(place, unit), rel=1e-3, abs=1e-3)
            sums += 1
    assert sums


def test_each_product_is_its_value_times_its_weight(qtbot: QtBot) -> None:
    of = passage("cnn")
    shown = write(of, 1, (4, 11, 3))
    products = [line for line in shown.lines if line.source is not None]
    assert len(products) == 25
    for line in products:
        value, weight, product = map(number, line.cells[1:])
        assert line.source is not None
        assert value == pytest.approx(of.value(0, line.source), abs=0.001)
        assert product == pytest.approx(value * weight, abs=0.002)
    assert shown.heads == ("Row, column", "Value", "\u00d7 Weight", "= Product")


def test_only_the_open_map_is_written_product_by_product(qtbot: QtBot) -> None:
    of = passage("cnn")
    shown = write(of, 4, (3, 5, 7), opened=9)
    maps = [line.map for line in shown.lines if line.map is not None]
    assert sorted(maps) == list(range(32))
    at = next(place for place, line in enumerate(shown.lines) if line.map == 9)
    opened = shown.lines[at + 1 : at + 26]
    assert all(line.source is not None and line.source[2] == 9 for line in opened)
    assert sum(number(line.cells[3]) for line in opened) == pytest.approx(
        number(shown.lines[at].cells[3]), abs=0.02
    )
    # The largest first.
    sizes = [abs(number(line.cells[3])) for line in shown.lines if line.map is not None]
    assert sizes == sorted(sizes, reverse=True)


def test_beyond_the_edge_there_is_nothing_to_follow(qtbot: QtBot) -> None:
    shown = write(passage("cnn"), 1, (0, 0, 0))
    beyond = [line for line in shown.lines if line.cells[0] == "Beyond the edge"]
    assert len(beyond) == 25 - 9
    assert all(line.source is None and line.cells[1] == "0.000" for line in beyond)


def test_of_a_dense_unit_the_largest_products_come_first_and_the_rest_in_one_line(
    qtbot: QtBot,
) -> None:
    of = passage("softmax")
    shown = write(of, 2, (3,))
    *single, rest, bias, total = shown.lines
    assert len(single) == 15
    assert rest.cells[0] == "The other 769 together"
    assert bias.cells[0] == "Bias"
    sizes = [abs(number(line.cells[3])) for line in single]
    assert sizes == sorted(sizes, reverse=True)
    assert total.is_result
    # Pixels are called by where they are.
    assert re.fullmatch(r"\d+, \d+", single[0].cells[0])
    assert re.fullmatch(r"Row \d+, column \d+", single[0].spoken)
    assert shown.heads[0] == "Row, column"
    assert "784 inputs" in shown.sentence


def test_softmax_is_written_with_exponentials_sum_and_shares(qtbot: QtBot) -> None:
    of = passage("softmax")
    shown = write(of, 4, (2,))
    *digits, total = shown.lines
    assert len(digits) == 10
    assert sum(number(line.cells[2]) for line in digits) == pytest.approx(
        number(total.cells[2]), abs=0.01
    )
    shares = [number(line.cells[3]) for line in digits]
    assert sum(shares) == pytest.approx(100, abs=0.06)
    assert np.allclose(shares, 100 * of.probabilities, atol=0.006)
    assert [line.is_result for line in digits] == [digit == 2 for digit in range(10)]


@pytest.mark.parametrize(
    ("architecture", "place", "unit", "sentence"),
    [
        ("cnn", 0, (7, 12, 0), "The pixel's grey is 100 of 255: 100 \u00f7 255 = 0.392."),
        ("cnn", 2, (3, 5, 1), "The largest of these 4 numbers is"),
        ("cnn", 9, (5,), "Dropout is off:"),
        ("cnn", 7, (64,), "Handed on from Map 1, row 0, column 1:"),
        ("softmax", 3, (5,), "0.5000, the temperature, ="),
        ("softmax", 5, (5,), "minus the logarithm of the label's probability: \u2212ln"),
        ("cnn-lean", 3, (2, 2, 2), "gamma and beta were learnt."),
    ],
)
def test_other_layers_say_it_in_a_sentence(
    architecture: str, place: int, unit: Unit, sentence: str, qtbot: QtBot
) -> None:
    assert sentence in write(passage(architecture), place, unit).sentence


def test_a_normalization_is_written_step_by_step(qtbot: QtBot) -> None:
    of = passage("cnn-lean")
    shown = write(of, 3, (4, 4, 5))
    before, less, divided, scaled, result = (number(line.cells[1]) for line in shown.lines)
    assert before == pytest.approx(of.value(2, (4, 4, 5)), abs=0.001)
    assert result == pytest.approx(of.value(3, (4, 4, 5)), abs=0.002)
    mean = of.snapshot.weights["normalization_1/moving_mean"][5]
    gamma = of.snapshot.weights["normalization_1/gamma"][5]
    assert less == pytest.approx(before - mean, abs=0.002)
    assert scaled == pytest.approx(divided * gamma, abs=0.002)


def test_relu_says_what_becomes_of_the_number(qtbot: QtBot) -> None:
    of = passage("cnn")
    output = of.outputs[3]
    positive = tuple(int(at) for at in np.argwhere(output > 0)[0])
    assert write(of, 3, positive).sentence.endswith("is positive: it stays.")
    zero = tuple(int(at) for at in np.argwhere(output == 0)[0])
    assert write(of, 3, zero).sentence.endswith("is not positive: it becomes 0.")


def test_numbers_that_would_be_zeros_or_fill_a_line_are_written_by_their_power() -> None:
    assert written(0.0) == "0.000"
    assert written(0.00032) == "3.2 \u00d7 10\u207b\u2074"
    assert written(-12_345_678.0) == "\u22121.2 \u00d7 10\u2077"
    assert written(-1.5) == "\u22121.500"
    assert written(float("inf")) == "inf"


def test_every_layer_of_every_network_has_its_words(qtbot: QtBot) -> None:
    words = StepText(QObject())
    for architecture in ARCHITECTURES:
        of = passage(architecture)
        for place, layer in enumerate(of.layers):
            assert words.short(layer)
            assert words.sentence(of, place).endswith(".")
            assert words.heading(of, place).startswith(f"Step {place + 1} of {len(of.layers)}: ")
            assert words.full(of, place, (0,) * len(layer.shape))
