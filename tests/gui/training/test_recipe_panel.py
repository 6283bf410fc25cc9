from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.events import RunState
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.gui.common.fields import CountField, FractionField
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.common.values import recipe_purpose, recipe_title
from mnist_gui.gui.shell import WindowActions
from mnist_gui.gui.training.recipe_cards import RecipeCard
from mnist_gui.gui.training.recipe_panel import RecipePanel
from mnist_gui.gui.training.times import RecipeTime
from tests.gui.recording_shell import RecordingShell

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def actions(shell: RecordingShell) -> WindowActions:
    return shell.actions_offered


@pytest.fixture
def panel(qtbot: QtBot, actions: WindowActions) -> RecipePanel:
    panel = RecipePanel(actions)
    qtbot.addWidget(panel)
    panel.resize(300, 700)
    panel.show()
    return panel


def started(panel: RecipePanel) -> list[Recipe]:
    recipes: list[Recipe] = []
    panel.start_requested.connect(recipes.append)
    return recipes


def number(panel: RecipePanel, name: str) -> CountField | FractionField:
    """Return the field of a hyperparameter that is a number."""
    field = panel.form.field(name)
    assert isinstance(field, CountField | FractionField)
    return field


def test_every_recipe_is_offered_by_its_name(panel: RecipePanel) -> None:
    box = panel.recipe_box
    assert [box.itemData(i) for i in range(box.count())] == list(RECIPES)
    titles = [box.itemText(i) for i in range(box.count())]
    assert {"CNN (tutorial)", "CNN, fast", "Softmax regression, best"} <= set(titles)
    assert not set(titles) & set(RECIPES)


def test_the_first_choice_is_the_fast_network(panel: RecipePanel) -> None:
    assert panel.recipe_name == "cnn-fast"
    assert panel.form.recipe() == RECIPES["cnn-fast"]


def lines(card: RecipeCard) -> list[str]:
    """Return the texts that can be seen on a card."""
    labels = card.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisibleTo(card)]


def ends_before(part: QWidget, panel: RecipePanel, right: int) -> bool:
    return part.mapTo(panel, part.rect().topRight()).x() < right


def chosen(panel: RecipePanel) -> list[str]:
    return [name for name, card in panel.cards.cards.items() if card.isChecked()]


@pytest.mark.parametrize("name", RECIPES)
def test_a_card_says_what_a_recipe_is_good_for_and_how_large(panel: RecipePanel, name: str) -> None:
    card = panel.cards.cards[name]
    parameters = count(RECIPES[name].architecture.parameters)
    assert {recipe_purpose(name), f"{parameters} parameters"} <= set(lines(card))
    assert any(line.startswith("Accuracy about 9") for line in lines(card))
    assert ("Tutorial" in lines(card)) == ("tutorial" in name)
    assert card.accessibleName() == recipe_title(name)
    assert recipe_purpose(name) in card.accessibleDescription()


def test_a_card_shows_a_time_only_where_it_is_known(panel: RecipePanel) -> None:
    times = {"cnn-fast": RecipeTime(4.14, True), "cnn-tutorial": RecipeTime(201.0, False)}
    panel.cards.show_times(times)
    told = {name: lines(card) for name, card in panel.cards.cards.items()}
    assert "4.1\u00a0s on this machine" in told["cnn-fast"]
    assert "About 3\u00a0min on this machine" in told["cnn-tutorial"]
    assert not any("machine" in line for line in told["cnn-best"])


def test_the_box_and_the_cards_choose_the_same_recipe(panel: RecipePanel) -> None:
    panel.recipe_box.setCurrentIndex(panel.recipe_box.findData("cnn-best"))
    assert chosen(panel) == ["cnn-best"]
    QTest.mouseClick(panel.cards.cards["softmax-tutorial"], LEFT)
    assert panel.recipe_box.currentData() == "softmax-tutorial"
    assert panel.form.recipe() == RECIPES["softmax-tutorial"]


@pytest.mark.parametrize("width", [300, 700])
def test_the_arrow_keys_go_through_all_cards_in_one_column_or_two(
    panel: RecipePanel, qtbot: QtBot, width: int
) -> None:
    panel.resize(width, 900)
    first, second = (panel.cards.cards[name] for name in ("softmax-tutorial", "cnn-tutorial"))
    qtbot.waitUntil(lambda: (second.x() > first.x()) == (width == 700))
    panel.set_recipe_name("softmax-tutorial")
    panel.cards.cards["softmax-tutorial"].setFocus()
    passed = []
    for _ in range(2):
        QTest.keyClick(panel.cards.cards[panel.recipe_name], Qt.Key.Key_Down)
        passed.append(panel.recipe_name)
        assert chosen(panel) == [panel.recipe_name]
    assert passed == (
        ["cnn-tutorial", "cnn-fast"] if width == 300 else ["cnn-fast", "softmax-best"]
    )


def test_it_fits_into_270_by_400_in_large_type_and_what_has_the_focus_is_seen(
    panel: RecipePanel, qtbot: QtBot, qapp: QApplication
) -> None:
    before = qapp.font()
    font = qapp.font()
    font.setPointSizeF(14)
    qapp.setFont(font)
    try:
        panel.resize(270, 400)
        qtbot.waitUntil(lambda: panel.size().toTuple() == (270, 400))
        card = panel.cards.cards["softmax-best"]
        panel.values_button.setChecked(True)
        panel.form.more_button.setChecked(True)
        panel.set_recipe_name("cnn-best")
        panel.cards.cards["cnn-best"].setFocus()
        QTest.keyClick(panel.cards.cards["cnn-best"], Qt.Key.Key_Down)
        assert card.hasFocus()
        qtbot.waitUntil(lambda: card.visibleRegion().boundingRect().width() == card.width())
        assert card.mapTo(panel, card.rect().topRight()).x() < 270
        for name in ("learning_rate", "steps", "schedule", "label_smoothing", "seed"):
            field = panel.form.field(name)
            qtbot.waitUntil(partial(ends_before, field, panel, 270))
    finally:
        qapp.setFont(before)


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
    form.edit("optimizer", "momentum")
    form.edit("learning_rate", 0.025)
    form.edit("batch_size", 128)
    form.edit("steps", 2_000)
    form.edit("dropout", 0.25)
    form.edit("seed", 7)
    form.edit("precision", "bfloat16")
    panel.start()
    (recipe,) = recipes
    assert (recipe.name, recipe.optimizer, recipe.precision) == (
        "cnn-tutorial",
        "momentum",
        "bfloat16",
    )
    assert (recipe.learning_rate, recipe.dropout) == (0.025, 0.25)
    assert (recipe.batch_size, recipe.steps, recipe.seed) == (128, 2_000, 7)


def test_the_values_seldom_changed_are_in_the_recipe_too(panel: RecipePanel) -> None:
    recipes = started(panel)
    panel.set_recipe_name("cnn-tutorial")
    form = panel.form
    form.edit("schedule", "one-cycle")
    form.edit("distortion", 1.5)
    form.edit("drawn_share", 0.125)
    form.edit("label_smoothing", 0.1)
    form.edit("averaged_share", 0.3)
    form.edit("beta_2", 0.99)
    panel.start()
    (recipe,) = recipes
    assert (recipe.schedule, recipe.distortion, recipe.drawn_share) == ("one-cycle", 1.5, 0.125)
    assert (recipe.label_smoothing, recipe.averaged_share, recipe.beta_2) == (0.1, 0.3, 0.99)
    QTest.mouseClick(panel.reset_button, LEFT)
    assert panel.form.recipe() == RECIPES["cnn-tutorial"]


def test_they_are_folded_away_until_asked_for(panel: RecipePanel, qtbot: QtBot) -> None:
    form = panel.form
    assert not form.field("steps").isVisible()
    QTest.mouseClick(panel.values_button, LEFT)
    assert form.field("steps").isVisible()
    assert not form.field("distortion").isVisible()
    QTest.mouseClick(form.more_button, LEFT)
    assert form.field("distortion").isVisible()
    qtbot.waitUntil(lambda: form.field("distortion").x() == form.field("steps").x())
    QTest.mouseClick(form.more_button, LEFT)
    assert not form.field("distortion").isVisible()


def test_adams_memory_is_offered_only_with_adam(panel: RecipePanel) -> None:
    panel.values_button.setChecked(True)
    panel.form.more_button.setChecked(True)
    panel.form.edit("optimizer", "momentum")
    assert not panel.form.field("beta_2").isVisible()
    panel.form.edit("optimizer", "adam")
    assert panel.form.field("beta_2").isVisible()
    panel.set_recipe_name("softmax-tutorial")
    assert not panel.form.field("beta_2").isVisible()


def test_a_value_that_is_still_being_typed_is_in_the_recipe_that_starts(panel: RecipePanel) -> None:
    recipes = started(panel)
    field = number(panel, "learning_rate")
    field.selectAll()
    QTest.keyClicks(field, "0.02")
    panel.start()
    assert recipes[0].learning_rate == 0.02


@pytest.mark.parametrize("typed", ["0,5", "0.5"])
def test_a_comma_is_a_decimal_point_as_well(panel: RecipePanel, typed: str) -> None:
    field = number(panel, "learning_rate")
    field.selectAll()
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert panel.form.recipe().learning_rate == 0.5


def test_a_power_of_ten_can_be_typed_as_learning_rate(panel: RecipePanel) -> None:
    field = number(panel, "learning_rate")
    field.selectAll()
    QTest.keyClicks(field, "3e-4")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert panel.form.recipe().learning_rate == 3e-4
    assert field.text() == "0.0003"


def test_resetting_gives_every_field_the_recipes_value(panel: RecipePanel) -> None:
    panel.form.edit("steps", 5)
    panel.form.edit("seed", 99)
    assert panel.reset_button.isVisible()
    QTest.mouseClick(panel.reset_button, LEFT)
    assert panel.form.recipe() == RECIPES[panel.recipe_name]
    assert not panel.reset_button.isVisible()


def test_patience_is_off_until_a_number_of_validations_is_set(panel: RecipePanel) -> None:
    form = panel.form
    assert number(panel, "patience").text() == "Off"
    form.edit("patience", 5)
    form.edit("validate_every", 250)
    assert number(panel, "patience").text() == "5 validations"
    assert (panel.form.recipe().patience, panel.form.recipe().validate_every) == (5, 250)
    panel.reset()
    assert panel.form.recipe() == RECIPES["cnn-fast"]


def test_dropout_is_offered_only_where_the_network_has_it(panel: RecipePanel) -> None:
    panel.values_button.setChecked(True)
    panel.set_recipe_name("softmax-tutorial")
    assert not panel.form.field("dropout").isVisible()
    panel.set_recipe_name("cnn-tutorial")
    assert panel.form.field("dropout").isVisible()


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
    panel: RecipePanel,
    actions: WindowActions,
    state: RunState,
    start: bool,
    pause: bool,
    stop: bool,
) -> None:
    panel.form.set_state(state)
    actions.set_state(state)
    assert panel.recipe_box.isEnabled() is start
    assert panel.cards.cards["cnn-fast"].isEnabled() is start
    assert panel.reset_button.isEnabled() is start
    buttons = (panel.start_button, panel.pause_button, panel.stop_button)
    assert tuple(button.isEnabled() for button in buttons) == (start, pause, stop)
    assert panel.form.field("steps").isEnabled() is start
    assert panel.form.field("seed").isEnabled() is start
    assert panel.form.more_button.isEnabled()


@pytest.mark.parametrize("state", [RunState.TRAINING, RunState.PAUSED])
def test_the_learning_rate_can_be_changed_while_it_trains(
    panel: RecipePanel, state: RunState
) -> None:
    rates: list[float] = []
    panel.learning_rate_changed.connect(rates.append)
    panel.form.set_state(state)
    field = number(panel, "learning_rate")
    assert field.isEnabled()
    field.selectAll()
    QTest.keyClicks(field, "0.05")
    assert rates == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert rates == pytest.approx([0.05, 0.051])
    panel.form.set_state(RunState.TESTING)
    assert not field.isEnabled()


def test_a_learning_rate_out_of_bounds_cannot_be_given(panel: RecipePanel) -> None:
    rates: list[float] = []
    panel.learning_rate_changed.connect(rates.append)
    panel.form.set_state(RunState.TRAINING)
    field = number(panel, "learning_rate")
    for text in ("0", "101", "-1", "1e9"):
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.value() == RECIPES["cnn-fast"].learning_rate
    assert rates == []


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("learning_rate", "1000", "Only 0.000001 to 100 can be used here; it is 0.008 again."),
        ("batch_size", "90000", "Only 1 to 5,000 can be used here; it is 128 again."),
    ],
)
def test_a_value_out_of_bounds_is_refused_in_a_sentence_beside_the_field(
    panel: RecipePanel, name: str, typed: str, sentence: str
) -> None:
    panel.values_button.setChecked(True)
    field = number(panel, name)
    line = panel.form.help_line(name)
    help_text = line.text()
    field.selectAll()
    QTest.keyClicks(field, typed)
    assert line.text() == help_text
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (line.text(), panel.form.recipe()) == (sentence, RECIPES["cnn-fast"])
    field.selectAll()
    QTest.keyClicks(field, "1")
    assert line.text() == help_text


def test_a_rate_edited_before_the_start_is_not_told_apart(panel: RecipePanel) -> None:
    rates: list[float] = []
    panel.learning_rate_changed.connect(rates.append)
    panel.form.edit("learning_rate", 0.5)
    assert rates == []


def test_training_on_is_offered_once_a_run_is_kept_and_says_why_not(
    panel: RecipePanel, actions: WindowActions
) -> None:
    button, steps = panel.train_on_button, panel.more_steps
    assert not button.isEnabled()
    assert not steps.isEnabled()
    assert button.text() == "Keep training"
    assert button.toolTip() == "Train a network first; then you can keep training it."
    actions.name_run("CNN, fast")
    actions.set_run_kept(True)
    assert button.isEnabled()
    assert steps.isEnabled()
    assert "the last run, CNN, fast, from" in button.toolTip()
    assert " (Ctrl+Shift+R)" in button.toolTip()
    actions.set_state(RunState.TRAINING)
    assert not button.isEnabled()
    assert not steps.isEnabled()
    assert button.toolTip() == "Available when training has ended."


def test_half_as_many_steps_again_are_proposed(panel: RecipePanel, actions: WindowActions) -> None:
    asked: list[int] = []
    panel.more_steps_requested.connect(asked.append)
    panel.set_recipe_name("cnn-tutorial")
    panel.form.edit("steps", 3_000)
    panel.start()
    actions.set_run_kept(True)
    QTest.mouseClick(panel.train_on_button, LEFT)
    panel.more_steps.setValue(70)
    QTest.mouseClick(panel.train_on_button, LEFT)
    assert asked == [1_500, 70]


def test_the_run_goes_on_at_the_rate_in_the_field_if_it_is_its_own(
    panel: RecipePanel, actions: WindowActions
) -> None:
    told: list[object] = []
    panel.learning_rate_changed.connect(told.append)
    panel.more_steps_requested.connect(told.append)
    panel.set_recipe_name("cnn-tutorial")
    panel.start()
    actions.set_run_kept(True)
    panel.more_steps.setValue(10)
    panel.form.edit("learning_rate", 0.003)
    actions.train_on.trigger()
    panel.set_recipe_name("softmax-tutorial")
    actions.train_on.trigger()
    assert told == [0.003, 10, 10]


def _note_text(texts: list[str], action: QAction) -> None:
    texts.append(action.text())


def test_the_pause_button_asks_for_what_it_says(panel: RecipePanel, actions: WindowActions) -> None:
    asked: list[str] = []
    for action in (actions.pause, actions.stop):
        action.triggered.connect(partial(_note_text, asked, action))
    for state in (RunState.TRAINING, RunState.PAUSED):
        actions.set_state(state)
        assert panel.pause_button.accessibleName() == panel.pause_button.text()
        asked.append(panel.pause_button.text())
        QTest.mouseClick(panel.pause_button, LEFT)
    QTest.mouseClick(panel.stop_button, LEFT)
    assert asked == ["Pause", "&Pause", "Resume", "&Resume", "S&top"]


def test_the_wheel_passes_over_a_field_that_is_not_in_use(panel: RecipePanel) -> None:
    field = number(panel, "steps")
    panel.form.field("batch_size").setFocus()
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


def test_devices_are_offered_besides_the_automatic_choice(panel: RecipePanel, qtbot: QtBot) -> None:
    box = panel.form.device
    panel.form.offer_devices({"GPU 0": "GPU 0: New", "CPU": "CPU: Old"})
    assert [box.itemData(row) for row in range(box.count())] == ["automatic", "GPU 0", "CPU"]
    with qtbot.waitSignal(panel.form.device_chosen) as chosen:
        box.choose("CPU")
    assert chosen.args == ["CPU"]


def test_a_recipe_with_other_values_is_shown_as_if_it_was_typed(panel: RecipePanel) -> None:
    panel.form.edit("batch_size", 77)
    wanted = replace(RECIPES["softmax-tutorial"], learning_rate=0.25)
    panel.show_recipe(wanted)
    assert panel.recipe_name == "softmax-tutorial"
    assert panel.form.recipe() == wanted
    assert panel.values_button.isChecked()
    panel.show_recipe(replace(wanted, learning_rate=0.125))
    assert panel.form.recipe() == replace(wanted, learning_rate=0.125)
