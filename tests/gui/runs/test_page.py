from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from mnist_gui.engine.errors import RunStoreError, TrainingError
from mnist_gui.engine.events import LearningRateChanged, Validated
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.run import (
    Comparison,
    RunData,
    RunInfo,
    RunLabels,
    RunList,
    RunRecord,
    RunStatus,
    RunVersions,
    Score,
    UnreadableRun,
)
from mnist_gui.gui.common.theme import DARK_SHADES, contrast, palette
from mnist_gui.gui.runs.model import CHECK
from mnist_gui.gui.runs.page import MoreStepsQuestion, RunsPage
from mnist_gui.gui.runs.text import distribute, score_text
from tests.gui.scripted import history

FACTS = RunInfo(
    recipe=RECIPES["softmax-tutorial"],
    data=RunData("MNIST", "", 55_000, 5_000, 10_000),
    versions=RunVersions("1", "3", "2", "3", "2"),
    started=datetime(2026, 1, 1, tzinfo=UTC),
    steps=1_000,
    step=1_000,
    seconds=0.2,
    validation=Score(1_000, 4_600, 5_000),
    test=Score(1_000, 9_186, 10_000),
    test_reads=1,
)


def record(
    run_id: str,
    status: RunStatus = RunStatus.COMPLETED,
    *,
    has_checkpoint: bool = True,
    **labels: object,
) -> RunRecord:
    minutes = timedelta(minutes=int(run_id.removeprefix("run-")))
    info = replace(FACTS, started=FACTS.started + minutes)
    return RunRecord(
        run_id,
        info,
        RunLabels(**labels),  # type: ignore[arg-type]
        status,
        has_checkpoint=has_checkpoint,
        has_weights=True,
        has_best=False,
    )


def shown(page: RunsPage) -> list[str]:
    order = page.table.order
    return [order.index(row, 0).data() for row in range(order.rowCount())]


def show(page: RunsPage, *runs: RunRecord) -> None:
    page.show_runs(RunList(runs, ()))


def box(page: RunsPage, row: int) -> QPoint:
    index, option = page.table.order.index(row, CHECK), QStyleOptionViewItem()
    option.initFrom(page.table)
    option.rect = page.table.visualRect(index)
    option.features |= option.ViewItemFeature.HasCheckIndicator
    part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
    return page.table.style().subElementRect(part, option, page.table).center()


def press_box(page: RunsPage, qtbot: QtBot, row: int, beside: int = 0) -> None:
    place = box(page, row) + QPoint(beside, 0)
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def checked(page: RunsPage) -> list[bool]:
    order, role = page.table.order, Qt.ItemDataRole.CheckStateRole
    states = [order.index(row, CHECK).data(role) for row in range(order.rowCount())]
    return [Qt.CheckState(state) is Qt.CheckState.Checked for state in states]


@pytest.fixture
def page(qtbot: QtBot) -> RunsPage:
    page = RunsPage()
    qtbot.addWidget(page)
    page.resize(700, 600)
    page.show()
    return page


def test_the_latest_run_stands_first_and_pinned_ones_before_all(page: RunsPage) -> None:
    show(
        page,
        record("run-1", name="old"),
        record("run-3", name="new"),
        record("run-2", name="kept", is_pinned=True),
    )
    assert shown(page) == ["★ kept", "new", "old"]
    page.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert shown(page) == ["★ kept", "new", "old"]
    page.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert shown(page) == ["★ kept", "old", "new"]


def test_words_filter_names_states_and_notes(page: RunsPage, qtbot: QtBot) -> None:
    show(
        page,
        record("run-1", name="plain"),
        record("run-2", RunStatus.FAILED, name="wild"),
        record("run-3", name="tried", note="a lower rate"),
    )
    for words, found in (("fail", ["wild"]), ("lower", ["tried"]), ("PLAIN", ["plain"])):
        page.filter_field.clear()
        qtbot.keyClicks(page.filter_field, words)
        assert shown(page) == found


def test_an_accuracy_stands_with_its_interval(page: RunsPage) -> None:
    show(page, record("run-1"))
    assert page.table.order.index(0, 2).data() == "91.86\u00a0% (91.31\u201392.38)"


def test_chosen_runs_stay_chosen_when_the_list_comes_anew(page: RunsPage) -> None:
    runs = [record("run-1", name="a"), record("run-2", name="b")]
    show(page, *runs)
    page.table.choose(["run-1"])
    show(page, record("run-3", name="c"), *runs)
    assert [run.run_id for run in page.table.chosen()] == ["run-1"]


def test_what_can_be_done_hangs_on_the_run_and_on_the_training(page: RunsPage) -> None:
    show(page, record("run-1", has_checkpoint=False), record("run-2", RunStatus.INTERRUPTED))
    buttons = (page.open_button, page.resume_button, page.delete_button)

    def offered(*run_ids: str) -> list[bool]:
        page.table.choose(run_ids)
        return [button.isEnabled() for button in buttons]

    assert offered() == [False, False, False]
    assert offered("run-1") == [True, False, True]
    assert offered("run-2") == [True, True, True]
    assert offered("run-1", "run-2") == [False, False, True]
    page.table.set_idle(False)
    assert offered("run-2") == [False, False, True]


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (record("run-1", RunStatus.STOPPED), "Keep training"),
        (record("run-1", RunStatus.FAILED), "Keep training"),
        (record("run-1", RunStatus.INTERRUPTED, has_checkpoint=False), "Start again"),
    ],
)
def test_more_is_made_of_a_run_that_has_steps_left(
    page: RunsPage, qtbot: QtBot, run: RunRecord, words: str
) -> None:
    show(page, run)
    page.table.choose(["run-1"])
    assert page.resume_button.text() == words
    with qtbot.waitSignal(page.resume_requested) as asked:
        page.resume_button.click()
    assert asked.args == ["run-1", 0]


def test_a_completed_run_is_asked_how_many_more_steps_it_gets(page: RunsPage, qtbot: QtBot) -> None:
    show(page, record("run-1"))
    page.table.choose(["run-1"])
    assert page.resume_button.text() == "Keep training …"
    page.resume_button.click()
    question = page.findChild(MoreStepsQuestion)
    assert question is not None
    assert question.steps.value() == 500
    assert "was completed after 1,000 steps" in question.findChildren(QLabel)[0].text()
    qtbot.keyClicks(question.steps, "250")
    with qtbot.waitSignal(page.resume_requested) as asked:
        qtbot.keyClick(question.steps, Qt.Key.Key_Return)
    assert asked.args == ["run-1", 250]


def test_to_close_the_question_asks_for_nothing(page: RunsPage, qtbot: QtBot) -> None:
    show(page, record("run-1"))
    page.table.choose(["run-1"])
    page.resume_button.click()
    question = page.findChild(MoreStepsQuestion)
    assert question is not None
    with qtbot.assertNotEmitted(page.resume_requested):
        qtbot.keyClick(question, Qt.Key.Key_Escape)


def test_the_delete_key_asks_for_the_chosen_runs_to_go(page: RunsPage, qtbot: QtBot) -> None:
    show(page, record("run-1"), record("run-2"), record("run-3"))
    page.table.choose(["run-1", "run-3"])
    page.table.setFocus()
    with qtbot.waitSignal(page.delete_requested) as asked:
        qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert set(asked.args[0]) == {"run-1", "run-3"}


def test_a_name_is_edited_in_its_place(page: RunsPage, qtbot: QtBot) -> None:
    show(page, record("run-1"))
    page.table.choose(["run-1"])
    page.table.rename_action.trigger()
    # Once more changes nothing.
    page.table.rename_action.trigger()
    editor = QApplication.focusWidget() or page.table.viewport().findChildren(object)[-1]
    with qtbot.waitSignal(page.table.rename_requested) as asked:
        qtbot.keyClicks(editor, "first try")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert asked.args == ["run-1", "first try"]


def test_the_keys_for_one_run_work_again_after_two_were_chosen(
    page: RunsPage, qtbot: QtBot
) -> None:
    show(page, record("run-1"), record("run-2"))
    page.table.choose(["run-1", "run-2"])
    assert not page.table.open_action.isEnabled()
    assert not page.table.rename_action.isEnabled()
    page.table.choose(["run-1"])
    assert page.table.rename_action.isEnabled()
    page.table.setFocus()
    with qtbot.waitSignal(page.open_requested):
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    page.table.set_idle(False)
    assert not page.table.open_action.isEnabled()


def test_a_double_click_uses_the_runs_network(page: RunsPage, qtbot: QtBot) -> None:
    show(page, record("run-1"))
    place = page.table.visualRect(page.table.order.index(0, 0)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(page.open_requested) as asked:
        qtbot.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == ["run-1", False]
    assert page.table.state() is not page.table.State.EditingState


def test_runs_that_are_called_alike_are_told_apart(page: RunsPage) -> None:
    wild = record("run-3")
    recipe = replace(wild.info.recipe, learning_rate=99.0)
    wild = replace(wild, info=replace(wild.info, recipe=recipe))
    show(page, wild, record("run-2"), record("run-1"), record("run-4", name="mine"))
    title = "Softmax regression (tutorial)"
    assert shown(page) == ["mine", f"{title}, learning rate 99", f"{title} 2", title]


def test_nothing_is_told_of_a_run_that_is_deleted(page: RunsPage, qtbot: QtBot) -> None:
    show(page, record("run-1"), record("run-2"))
    page.table.choose(["run-1"])
    assert page.details.text.text()
    with qtbot.waitSignal(page.choice_changed) as changed:
        show(page, record("run-2"))
    assert changed.args == [()]
    assert not page.details.text.text()


def test_undo_on_the_table_brings_runs_back_once_some_were_deleted(
    page: RunsPage, qtbot: QtBot
) -> None:
    show(page, record("run-1"))
    page.table.setFocus()
    asked: list[None] = []
    page.restore_requested.connect(lambda: asked.append(None))
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(page.table, Qt.Key.Key_Z, control)
    page.set_restorable(True)
    qtbot.keyClick(page.table, Qt.Key.Key_Z, control)
    assert len(asked) == 1


@pytest.mark.parametrize("width", [470, 620, 800, 1_000])
def test_all_columns_that_are_shown_are_seen_without_scrolling(page: RunsPage, width: int) -> None:
    show(page, record("run-1"))
    page.resize(width, 600)
    assert page.width() == width
    assert page.table.horizontalHeader().length() <= page.table.viewport().width()
    assert not page.table.isColumnHidden(2)
    assert page.table.isColumnHidden(6) == (width < 600)


def test_a_long_name_is_seen_whole_where_figures_can_make_room(page: RunsPage) -> None:
    show(page, record("run-1", name="short"))
    page.resize(860, 600)
    assert not page.table.isColumnHidden(5)
    show(page, record("run-1", name="Softmax regression (tutorial), seed 3"))
    assert page.table.isColumnHidden(5)
    assert not page.table.isColumnHidden(6)
    assert page.table.columnWidth(0) >= page.table.sizeHintForColumn(0)


def test_columns_grow_with_the_type(page: RunsPage) -> None:
    show(page, record("run-1"))
    page.resize(1_000, 600)
    before = page.table.columnWidth(2)
    font = page.table.font()
    font.setPointSizeF(1.5 * font.pointSizeF())
    page.table.setFont(font)
    assert page.table.columnWidth(2) > 1.3 * before


def test_no_internal_name_is_shown(page: RunsPage) -> None:
    show(page, record("run-1", RunStatus.STOPPED))
    order = page.table.order
    texts = [
        str(order.index(0, place).data(role))
        for place in range(order.columnCount())
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
    ]
    assert not [text for text in texts if "softmax-tutorial" in text or "run-1" in text]


def test_a_note_that_is_being_typed_is_kept_when_the_page_goes(
    page: RunsPage, qtbot: QtBot
) -> None:
    show(page, record("run-1"))
    page.table.choose(["run-1"])
    qtbot.keyClicks(page.details.note, "a note")
    with qtbot.waitSignal(page.details.note_requested, timeout=100) as asked:
        page.hide()
    assert asked.args == ["run-1", "a note"]


def test_a_note_that_is_too_long_says_so(page: RunsPage) -> None:
    show(page, record("run-1"))
    page.table.choose(["run-1"])
    page.details.note.setPlainText("x" * 2_001)
    assert "2,000 of 2,001" in page.details.note_title.text()
    page.details.note.setPlainText("x")
    assert page.details.note_title.text() == "Note"


def test_a_note_is_kept_when_another_run_is_chosen(page: RunsPage, qtbot: QtBot) -> None:
    show(page, record("run-1"), record("run-2"))
    page.table.choose(["run-1"])
    qtbot.keyClicks(page.details.note, "a note")
    with qtbot.waitSignal(page.details.note_requested) as asked:
        page.table.choose(["run-2"])
    assert asked.args == ["run-1", "a note"]
    assert page.details.note.toPlainText() == ""


def test_chosen_runs_are_drawn_over_each_other_in_colours_of_their_own(page: RunsPage) -> None:
    show(page, record("run-1"), record("run-2"))
    page.table.choose(["run-1", "run-2"])
    histories: dict[str, History | None] = {"run-1": history(100), "run-2": history(300)}
    page.show_chosen(histories, None, "")
    assert sorted(curve.steps[-1] for curve in page.plot.curves()) == [100, 300]
    assert len(set(page.table.shades().values())) == 2
    heard = page.plot.widget.accessibleDescription().replace("\u00a0", " ")
    assert heard.startswith("Validation error (%) at the end of each run: Softmax regression")
    assert heard.count(": 50.00 %") == 2


def test_curves_are_two_pixels_thick_and_three_before_a_class(page: RunsPage) -> None:
    show(page, record("run-1", colour="blue"))
    level = history(100)
    for step in range(200, 7_000, 100):
        level.append(Validated(step, 0.5, 0.4))
    page.show_chosen({"run-1": level}, None, "")
    assert thickness(page) == pytest.approx(2, abs=0.3)
    page.plot.set_wide(True)
    assert thickness(page) == pytest.approx(3, abs=0.3)


def thickness(page: RunsPage) -> float:
    """Return how many pixels a level blue line is thick in the middle."""
    image: QImage = page.plot.widget.grab().toImage()
    column = (image.pixelColor(image.width() // 2, y) for y in range(image.height()))
    return sum(max(0, pixel.blue() - pixel.red()) for pixel in column) / 0xB2


def test_the_box_of_a_run_is_seen_on_dark_ground(page: RunsPage) -> None:
    page.setPalette(palette(DARK_SHADES))
    show(page, record("run-1"), record("run-2"))
    image = page.table.viewport().grab().toImage()
    row, ground = box(page, 1), QColor(DARK_SHADES.base)
    pixels = [image.pixelColor(row - QPoint(beside, 0)) for beside in range(row.x())]
    assert max(contrast(ground, pixel) for pixel in pixels) >= 3


def test_a_key_says_which_curve_is_which_runs(page: RunsPage) -> None:
    show(page, record("run-1", name="a <b>"), record("run-2", name="c"))
    page.table.choose(["run-1", "run-2"])
    page.show_chosen({"run-1": history(100), "run-2": history(300)}, None, "")
    assert "a &lt;b&gt;" in page.plot.key.text()
    assert all(shade in page.plot.key.text() for shade in page.table.shades().values())
    page.table.choose([])
    assert not page.plot.key.text()


def test_what_runs_came_to_is_listed_with_the_settings_that_differ(page: RunsPage) -> None:
    one, other = record("run-1"), record("run-2")
    recipe = replace(other.info.recipe, network="cnn-lean", seed=2)
    other = replace(other, info=replace(other.info, recipe=recipe))
    show(page, one, other)
    page.table.choose(["run-1", "run-2"])
    page.show_chosen({}, Comparison(30, 10, 10_000), "")
    test, validation = score_text(FACTS.test), score_text(FACTS.validation)
    assert _rows(page) == [
        ["Test accuracy", test, test],
        ["Validation", validation, validation],
        ["Time", "0.2\u00a0s", "0.2\u00a0s"],
        ["Network", "CNN, fast", "Softmax regression (tutorial)"],
        ["Seed", "2", "1"],
    ]


def test_a_learning_rate_that_was_changed_is_shown_as_changed(page: RunsPage) -> None:
    show(page, record("run-1"), record("run-2"))
    changed = history(100)
    changed.append(LearningRateChanged(40, 0.2))
    changed.append(LearningRateChanged(60, 0.05))
    page.table.choose(["run-2"])
    page.show_chosen({"run-2": changed}, None, "")
    assert "Learning rate 0.5 → 0.05" in page.details.text.text()
    page.table.choose(["run-1", "run-2"])
    page.show_chosen({"run-1": history(100), "run-2": changed}, None, "")
    assert ["Learning rate", "0.5 → 0.05", "0.5"] in _rows(page)


def test_the_newest_run_is_chosen_at_first_and_none_for_the_one_that_goes(page: RunsPage) -> None:
    show(page, record("run-1"), record("run-3"), record("run-2", is_pinned=True))
    assert [run.run_id for run in page.table.chosen()] == ["run-3"]
    show(page, record("run-1"))
    assert not page.table.chosen()


def test_runs_are_checked_by_their_boxes_and_by_keys(page: RunsPage, qtbot: QtBot) -> None:
    show(page, *(record(f"run-{number}") for number in (1, 2, 3)))
    assert checked(page) == [True, False, False]
    press_box(page, qtbot, 2)
    assert checked(page) == [True, False, True]
    assert [run.run_id for run in page.table.chosen()] == ["run-3", "run-1"]
    press_box(page, qtbot, 0, beside=11)
    assert checked(page) == [False, False, True]
    qtbot.keyClick(page.table, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert len(page.table.chosen()) == 2
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert len(page.table.chosen()) == 1


def test_a_double_click_on_a_box_uses_no_network(page: RunsPage, qtbot: QtBot) -> None:
    show(page, record("run-1"))
    press_box(page, qtbot, 0)
    with qtbot.assertNotEmitted(page.open_requested):
        qtbot.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=box(page, 0))


def test_two_checked_runs_can_be_compared_over_the_whole_page(page: RunsPage, qtbot: QtBot) -> None:
    show(page, record("run-1", name="A"), record("run-2", name="B"))
    assert not page.compare_button.isEnabled()
    press_box(page, qtbot, 1)
    page.show_chosen({"run-1": history(100), "run-2": history(300)}, None, "")
    assert not page.details.settings.isVisible()
    page.compare_button.click()
    table, whole = page.details.settings, page.rect().width()
    assert table.isVisible()
    assert not page.table.isVisible()
    assert min(table.width(), page.plot.width()) > 0.9 * whole
    qtbot.keyClick(page.back_button, Qt.Key.Key_Escape)
    assert page.table.isVisible()
    assert not table.isVisible()


def test_a_result_that_is_to_be_compared_finds_the_run_before_it_checked_too(
    page: RunsPage,
) -> None:
    runs = [record(f"run-{number}") for number in range(3)]
    show(page, *runs)
    assert [run.run_id for run in page.table.chosen()] == ["run-2"]
    page.choose_newest_two()
    show(page, *runs)
    assert {run.run_id for run in page.table.chosen()} == {"run-1", "run-2"}
    assert page.compare_button.isEnabled()


def test_a_comparison_ends_with_the_runs_that_it_compares(page: RunsPage) -> None:
    show(page, record("run-1"), record("run-2"))
    page.table.choose(["run-1", "run-2"])
    page.compare_button.click()
    show(page, record("run-1"))
    assert page.table.isVisible()


def test_each_value_of_many_compared_runs_has_room(page: RunsPage) -> None:
    runs = [record(f"run-{number}") for number in range(1, 9)]
    show(page, *runs)
    page.table.choose([run.run_id for run in runs])
    page.show_chosen({}, None, "")
    page.compare_button.click()
    table = page.details.settings
    needed = max(table.sizeHintForColumn(place) for place in range(1, 9))
    assert min(table.columnWidth(place) for place in range(1, 9)) >= needed


def test_two_runs_are_compared_in_words(page: RunsPage) -> None:
    show(page, record("run-1", name="A"), record("run-2", name="B"))
    page.table.choose(["run-1", "run-2"])
    first, second = (run.name for run in page.table.chosen())
    page.show_chosen({}, Comparison(60, 20, 10_000), "")
    assert page.details.text.text().startswith(
        f"{first} is 0.40 points better than {second}; a real"
    )


def test_it_says_why_a_run_failed(page: RunsPage) -> None:
    run = record("run-1", RunStatus.FAILED)
    reason = TrainingError("diverged", step=12_345, rate=9.0).as_json()
    show(page, replace(run, info=replace(run.info, reason=reason)))
    page.table.choose(["run-1"])
    words = "Training diverged at step 12,345: the loss is not finite any more."
    assert page.details.text.text().startswith(words)
    tip = page.table.order.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert words in tip.splitlines()[2]


def test_runs_without_a_colour_get_one_that_is_free() -> None:
    given = distribute(["", "blue", ""])
    assert len(set(given)) == 3
    assert given[1] == "#0072b2"


def test_folders_that_cannot_be_read_are_counted(page: RunsPage) -> None:
    broken = UnreadableRun("x", RunStoreError("run-unreadable", path="x", reason="it is damaged"))
    page.show_runs(RunList((record("run-1"),), (broken,)))
    assert page.problems.text() == "1 that cannot be read"
    assert page.problems.toolTip() == "The run x cannot be read: it is damaged."


def _rows(page: RunsPage) -> list[list[str]]:
    table = page.details.settings
    places = range(table.columnCount())
    cells = [[table.item(row, place) for place in places] for row in range(table.rowCount())]
    return [[cell.text() for cell in row if cell] for row in cells]
