"""A hyperparameter is declared once: what is shown, typed, tabled and stored follows from it."""

from dataclasses import asdict, fields, replace
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mnist_gui.cli.main import parse_arguments
from mnist_gui.cli.parser import typed_values
from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.hyperparameter import Bounds, Group
from mnist_gui.engine.models.model_file import parse_recipe
from mnist_gui.engine.recipe import HYPERPARAMETERS, RECIPES, Recipe
from mnist_gui.engine.runs.run import changed_settings
from mnist_gui.engine.sweep.choices import grid_search, parse_choices
from mnist_gui.gui.runs.text import setting_text, setting_title
from mnist_gui.gui.training.recipe_form import RecipeForm, ValueForm
from tests.refusals import refused

RECIPE = RECIPES["cnn-tutorial"]
SHOWN = [name for name, each in HYPERPARAMETERS.items() if each.group]


def another(name: str) -> Any:
    """Return a value that a hyperparameter of RECIPE can have and has not."""
    allowed = HYPERPARAMETERS[name].allowed
    values = (allowed.minimum, allowed.maximum) if isinstance(allowed, Bounds) else allowed
    return next(value for value in values if value != getattr(RECIPE, name))


def changed(name: str) -> Recipe:
    values: dict[str, Any] = {name: another(name)}
    return replace(RECIPE, **values)


def test_all_values_of_a_recipe_but_its_name_are_declared() -> None:
    assert ["name", *HYPERPARAMETERS] == [field.name for field in fields(Recipe)]


@pytest.mark.parametrize("name", HYPERPARAMETERS)
def test_what_is_not_declared_as_allowed_is_refused(name: str) -> None:
    values: dict[str, Any] = {name: None}
    with refused(RecipeError, match=f"The recipe's {name.replace('_', ' ')} is .*; choose"):
        replace(RECIPE, **values)


@pytest.mark.parametrize("name", SHOWN)
def test_it_has_a_row_in_the_form(name: str, qtbot: QtBot) -> None:
    form = RecipeForm(RECIPE)
    qtbot.addWidget(form)
    declared, field = HYPERPARAMETERS[name], form.field(name)
    assert (field.accessibleName(), field.statusTip()) == (declared.title, declared.tip)
    form.edit(name, another(name))
    assert form.recipe() == changed(name)


@pytest.mark.parametrize("group", Group)
def test_the_rows_are_in_the_order_of_the_declarations(group: Group, qtbot: QtBot) -> None:
    form = RecipeForm(RECIPE)
    qtbot.addWidget(form)
    names = [name for name in SHOWN if HYPERPARAMETERS[name].group is group]
    (rows,) = (
        each for each in form.findChildren(ValueForm) if each.isAncestorOf(form.field(names[0]))
    )
    titles = [label.text() for label in rows.findChildren(QLabel) if label.buddy()]
    assert titles[: len(names)] == [HYPERPARAMETERS[name].title for name in names]


@pytest.mark.parametrize("name", HYPERPARAMETERS)
def test_it_can_be_typed_if_it_has_an_option(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    option = f"--{name.replace('_', '-')}"
    train = ["train", "--recipe", RECIPE.name, option, str(another(name))]
    if HYPERPARAMETERS[name].option:
        assert typed_values(parse_arguments(train)) == {name: another(name)}
        return
    with pytest.raises(SystemExit):
        parse_arguments(train)
    assert option in capsys.readouterr().err


def test_the_help_says_what_each_option_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit):
        parse_arguments(["train", "--help"])
    text = capsys.readouterr().out
    for name, declared in HYPERPARAMETERS.items():
        assert (f" --{name.replace('_', '-')} " in text) == bool(declared.option)
        assert declared.option in text


@pytest.mark.parametrize("name", HYPERPARAMETERS)
def test_a_sweep_can_try_its_values(name: str) -> None:
    assert grid_search(RECIPE, parse_choices([f"{name}={another(name)}"])) == [changed(name)]


@pytest.mark.parametrize("name", HYPERPARAMETERS)
def test_tables_of_runs_show_where_it_differs(name: str) -> None:
    found = {} if name == "steps" else {name: another(name)}
    assert changed_settings(changed(name)) == found
    assert setting_title(name) == HYPERPARAMETERS[name].title


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("optimizer", "gradient-descent", "Gradient descent"),
        ("schedule", "one-cycle", "One cycle"),
        ("network", "cnn-lean", "CNN, fast"),
        ("learning_rate", 1e-4, "0.0001"),
        ("steps", 20_000, "20,000"),
    ],
)
def test_tables_of_runs_write_values_as_people_do(name: str, value: str | float, text: str) -> None:
    assert setting_text(name, value) == text


@pytest.mark.parametrize("name", HYPERPARAMETERS)
def test_it_is_stored_and_read_again(name: str) -> None:
    assert parse_recipe(asdict(changed(name))) == changed(name)
