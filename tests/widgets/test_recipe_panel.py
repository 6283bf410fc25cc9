import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.run_state import RunState
from mnist_gui.widgets.recipe_panel import RecipePanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot) -> RecipePanel:
    panel = RecipePanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


def started(panel: RecipePanel) -> list[Recipe]:
    recipes: list[Recipe] = []
    panel.start_requested.connect(recipes.append)
    return recipes


def test_every_recipe_is_offered_by_its_name(panel: RecipePanel) -> None:
    box = panel.recipe_box
    assert [box.itemData(i) for i in range(box.count())] == list(RECIPES)
    assert box.itemText(1) == "CNN (tutorial)"


@pytest.mark.parametrize("name", RECIPES)
def test_an_untouched_recipe_starts_exactly_as_it_is(panel: RecipePanel, name: str) -> None:
    recipes = started(panel)
    panel.set_recipe_name(name)
    QTest.mouseClick(panel.start_button, LEFT)
    assert recipes == [RECIPES[name]]
    assert not panel.reset_button.isVisible()


def test_edited_values_are_in_the_recipe_that_starts(panel: RecipePanel) -> None:
    recipes = started(panel)
    panel.set_recipe_name("cnn-tutorial")
    form = panel.form
    form.optimizer.choose("momentum")
    form.learning_rate.setValue(0.025)
    form.batch_size.setValue(128)
    form.steps.setValue(2_000)
    form.dropout.setValue(0.25)
    form.seed.setValue(7)
    form.precision.choose("bfloat16")
    panel.start()
    (recipe,) = recipes
    assert (recipe.name, recipe.optimizer, recipe.precision) == (
        "cnn-tutorial",
        "momentum",
        "bfloat16",
    )
    assert (recipe.learning_rate, recipe.dropout) == (0.025, 0.25)
    assert (recipe.batch_size, recipe.steps, recipe.seed) == (128, 2_000, 7)


def test_a_power_of_ten_can_be_typed_as_learning_rate(panel: RecipePanel) -> None:
    field = panel.form.learning_rate
    field.selectAll()
    QTest.keyClicks(field, "3e-4")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert panel.recipe().learning_rate == 3e-4
    assert field.text() == "0.0003"


def test_resetting_gives_every_field_the_recipes_value(panel: RecipePanel) -> None:
    panel.form.steps.setValue(5)
    panel.form.seed.setValue(99)
    assert panel.reset_button.isVisible()
    QTest.mouseClick(panel.reset_button, LEFT)
    assert panel.recipe() == RECIPES[panel.recipe_name]
    assert not panel.reset_button.isVisible()


def test_dropout_is_offered_only_where_the_network_has_it(panel: RecipePanel) -> None:
    panel.set_recipe_name("softmax-tutorial")
    assert not panel.form.dropout.isVisible()
    panel.set_recipe_name("cnn-tutorial")
    assert panel.form.dropout.isVisible()


def test_an_unknown_recipe_name_changes_nothing(panel: RecipePanel) -> None:
    before = panel.recipe_name
    panel.set_recipe_name("no-such-recipe")
    assert panel.recipe_name == before


def test_a_wrong_value_is_shown_as_its_sentence_and_starts_nothing(
    panel: RecipePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Recipe:
        raise RecipeError("The recipe's steps is 0; choose a value from 1 to 1e+06.")

    recipes = started(panel)
    monkeypatch.setattr(panel.form, "recipe", refuse)
    panel.start()
    error = panel.findChild(QLabel, "recipe_error")
    assert isinstance(error, QLabel)
    assert error.isVisible()
    assert error.text() == "The recipe's steps is 0; choose a value from 1 to 1e+06."
    assert recipes == []


@pytest.mark.parametrize(
    ("state", "start", "pause", "stop"),
    [
        (RunState.IDLE, True, False, False),
        (RunState.PREPARING, False, False, True),
        (RunState.TRAINING, False, True, True),
        (RunState.PAUSED, False, True, True),
        (RunState.TESTING, False, False, True),
        (RunState.STOPPING, False, False, False),
    ],
)
def test_each_state_offers_what_can_be_done_in_it(
    panel: RecipePanel, state: RunState, start: bool, pause: bool, stop: bool
) -> None:
    panel.set_state(state)
    buttons = (panel.start_button, panel.pause_button, panel.stop_button)
    assert tuple(button.isEnabled() for button in buttons) == (start, pause, stop)
    assert panel.form.isEnabled() is start


def test_the_pause_button_asks_for_what_it_says(panel: RecipePanel) -> None:
    asked: list[str] = []
    panel.pause_requested.connect(lambda: asked.append("pause"))
    panel.resume_requested.connect(lambda: asked.append("resume"))
    panel.stop_requested.connect(lambda: asked.append("stop"))
    panel.set_state(RunState.TRAINING)
    assert panel.pause_button.text() == "Pause"
    QTest.mouseClick(panel.pause_button, LEFT)
    panel.set_state(RunState.PAUSED)
    assert panel.pause_button.text() == "Resume"
    QTest.mouseClick(panel.pause_button, LEFT)
    QTest.mouseClick(panel.stop_button, LEFT)
    assert asked == ["pause", "resume", "stop"]


def test_the_wheel_passes_over_a_field_that_is_not_in_use(panel: RecipePanel) -> None:
    field = panel.form.steps
    panel.form.seed.setFocus()
    before = field.value()
    place = QPointF(field.rect().center())
    wheel = QWheelEvent(
        place,
        QPointF(field.mapToGlobal(place)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, wheel)
    assert field.value() == before
