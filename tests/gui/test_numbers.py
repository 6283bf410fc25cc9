"""Numbers are written in one way, which can be read back, whatever the way of the system."""

import gc
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from mnist_gui.app import build_window
from mnist_gui.engine.hyperparameter import Bounds
from mnist_gui.gui.common.fields import CountField, FractionField
from mnist_gui.gui.common.labels import count, number
from mnist_gui.gui.window.main_window import MainWindow
from tests.own_settings import own_settings  # noqa: F401

PLACES = ("ar_EG", "fa_IR", "de_DE", "fr_FR")


@pytest.fixture(params=PLACES)
def window(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """The whole window, on a system that writes numbers in its own way."""
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    window = build_window(kept_in=tmp_path, remembers=False)
    qtbot.addWidget(window)
    yield window
    window.close()
    QLocale.setDefault(before)
    gc.unfreeze()


def typed(field: CountField | FractionField, text: str) -> None:
    field.lineEdit().selectAll()
    field.lineEdit().insert(text)
    field.interpretText()


def put(field: CountField | FractionField, value: float) -> None:
    if isinstance(field, CountField):
        field.setValue(int(value))
    else:
        field.setValue(value)


def test_what_the_window_shows_of_numbers_can_be_typed_into_it(window: MainWindow) -> None:
    fields: list[CountField | FractionField] = []
    fields += window.findChildren(CountField)
    fields += window.findChildren(FractionField)
    assert len(fields) > 10
    refused: list[str] = []
    for field in fields:
        field.refused.connect(partial(refused.append, field.accessibleName()))
        low, high = field.minimum(), field.maximum()
        for wanted in (field.value(), low, high, (low + high) / 3, low + field.singleStep()):
            put(field, wanted)
            shown, value = field.text(), field.value()
            put(field, low if value > low else high)
            typed(field, shown)
            assert (field.value(), field.text()) == (value, shown)
    assert not refused


@pytest.mark.parametrize("window", ["ar_EG"], indirect=True)
def test_the_window_has_the_digits_and_separators_of_its_texts(window: MainWindow) -> None:
    window.recipe_panel.set_recipe_name("cnn-tutorial")
    form = window.recipe_panel.form
    steps, rate = form.field("steps"), form.field("learning_rate")
    assert isinstance(steps, CountField)
    assert isinstance(rate, FractionField)
    assert (steps.text(), rate.text()) == (count(20_000), number(0.0001, 4)) == ("20,000", "0.0001")
    texts = [label.text() for label in window.findChildren(QLabel)]
    texts += [button.text() for button in window.findChildren(QAbstractButton)]
    assert {letter for text in texts for letter in text if letter.isdecimal()} <= set("0123456789")


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"])
def test_arabic_and_persian_keyboards_can_type_numbers(qtbot: QtBot, digits: str) -> None:
    whole = CountField(Bounds(1, 1_000_000, is_whole=True))
    part = FractionField(Bounds(0.0, 1.0), decimals=3)
    for field in (whole, part):
        qtbot.addWidget(field)
    typed(whole, digits[2] + digits[5] + digits[0])
    typed(part, f"{digits[0]}\u066b{digits[2]}{digits[5]}")
    assert (whole.value(), part.value(), part.text()) == (250, 0.25, "0.25")
