from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mnist_gui.app import build_window
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.events import RunState
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.gui.common.theme import Theme
from mnist_gui.gui.displayed import Displayed
from mnist_gui.gui.drawing.replay import ReplayPresenter
from mnist_gui.gui.explanation.page import ExplanationPage
from mnist_gui.gui.pages import Page
from mnist_gui.gui.program import Program
from mnist_gui.gui.recent import recent_files
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.screenshot import Screenshot, draw_three
from mnist_gui.settings import load_settings
from tests.engine.conftest import write_dataset
from tests.journeys.conftest import is_predicted

W = TypeVar("W", bound=QWidget)
LONG = 60_000
ENDLESS = replace(find_recipe("softmax-tutorial"), steps=1_000_000)


def child(window: MainWindow, kind: type[W], name: str) -> W:
    found = window.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def shows(label: QLabel, text: str) -> bool:
    return label.text() == text


def choose(window: MainWindow, recipe: str) -> None:
    box = child(window, QComboBox, "recipe_box")
    box.setCurrentIndex(box.findData(recipe))


def click(qtbot: QtBot, window: MainWindow, button: str) -> None:
    qtbot.mouseClick(child(window, QPushButton, button), Qt.MouseButton.LeftButton)


def train_softmax(qtbot: QtBot, window: MainWindow, program: Program) -> None:
    choose(window, "softmax-tutorial")
    with qtbot.waitSignal(program.runner.run_ended, timeout=LONG):
        click(qtbot, window, "start_button")


def draw_a_three(qtbot: QtBot, window: MainWindow) -> None:
    """Draw with the mouse, as a person would."""
    canvas = child(window, QWidget, "drawing_canvas")
    side = min(canvas.width(), canvas.height())
    corner = QPoint((canvas.width() - side) // 2, (canvas.height() - side) // 2)
    points = draw_three().strokes[0].points * side
    path = [corner + QPoint(round(float(x)), round(float(y))) for x, y in points]
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=path[0])
    for point in path[1:]:
        qtbot.mouseMove(canvas, point)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=path[-1])


def test_someone_trains_softmax_on_mnist_and_has_a_drawn_digit_read(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    digit = child(window, QLabel, "digit_label")
    train_softmax(qtbot, window, program)
    assert child(window, QProgressBar, "progress_bar").value() > 0
    assert window.progress_panel.result.accuracy.text().startswith("91.")
    assert digit.text() == ""
    draw_a_three(qtbot, window)
    qtbot.waitUntil(lambda: digit.text() == "3")
    click(qtbot, window, "clear_button")
    qtbot.waitUntil(lambda: digit.text() == "")


def test_the_curve_grows_while_it_trains_and_the_run_stops_when_asked(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    lengths: list[int] = []
    program.runner.news.history_changed.connect(lambda history: lengths.append(len(history.loss)))
    program.runner.start(ENDLESS)
    qtbot.waitUntil(lambda: len(lengths) > 10, timeout=LONG)
    assert lengths == sorted(lengths)
    with qtbot.waitSignal(program.runner.run_ended, timeout=LONG):
        click(qtbot, window, "stop_button")
    assert program.session.run_state.value is RunState.IDLE
    assert program.session.network.value is not None
    assert program.session.network.value.step == lengths[-1]


def test_a_drawing_is_read_again_while_the_network_learns(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    window.canvas.set_drawing(draw_three())
    probabilities: list[float] = []

    def note(displayed: Displayed) -> None:
        if isinstance(displayed.prediction, Prediction):
            probabilities.append(float(displayed.prediction.probabilities[3]))

    program.session.displayed.changed.connect(note)
    program.runner.start(ENDLESS)
    # To a network of zeros all ten digits are alike; it learns better.
    qtbot.waitUntil(lambda: 0.1 in np.round(probabilities, 4), timeout=LONG)
    untrained = len(probabilities)
    qtbot.waitUntil(lambda: len(probabilities) > untrained + 3, timeout=LONG)
    assert probabilities[-1] > 0.5
    program.runner.stop()
    qtbot.waitUntil(lambda: program.session.run_state.value is RunState.IDLE, timeout=LONG)


def test_a_paused_run_makes_no_steps_and_goes_on(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    steps: list[int] = []
    program.runner.news.progress_changed.connect(lambda progress: steps.append(progress.step))
    program.runner.start(ENDLESS)
    qtbot.waitUntil(lambda: len(steps) > 3, timeout=LONG)
    click(qtbot, window, "pause_button")
    # One call may be under way still.
    history = program.runner.news.history
    assert history is not None
    qtbot.waitUntil(lambda: bool(history.annotations), timeout=LONG)
    with qtbot.waitSignal(
        program.session.displayed.changed, check_params_cb=is_predicted, timeout=LONG
    ):
        window.canvas.set_drawing(draw_three())
    paused_at = list(steps)
    with qtbot.waitSignal(
        program.session.displayed.changed, check_params_cb=is_predicted, timeout=LONG
    ):
        program.session.display_drawing()
    assert steps == paused_at
    click(qtbot, window, "pause_button")
    qtbot.waitUntil(lambda: len(steps) > len(paused_at), timeout=LONG)
    program.runner.stop()
    qtbot.waitUntil(lambda: program.session.run_state.value is RunState.IDLE, timeout=LONG)


def test_a_run_that_ended_is_trained_on(qtbot: QtBot, window: MainWindow, program: Program) -> None:
    train_softmax(qtbot, window, program)
    with qtbot.waitSignal(program.runner.run_ended, timeout=LONG):
        click(qtbot, window, "train_on_button")
    assert program.session.network.value is not None
    assert program.session.network.value.step == 1_500
    assert window.progress_panel.result.accuracy.text().startswith("9")


def test_a_drawing_is_read_before_anything_was_trained(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    draw_a_three(qtbot, window)
    digit = child(window, QLabel, "digit_label")
    qtbot.waitUntil(lambda: digit.text() == "3", timeout=LONG)


def test_the_percentages_are_those_of_the_network_itself_on_request(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    label = window.prediction_panel.probability
    draw_a_three(qtbot, window)
    qtbot.waitUntil(lambda: "%" in label.text())
    calibrated = label.text()
    window.actions_offered.calibrated.trigger()
    # The network that ships was trained with label smoothing, and so never to be sure.
    qtbot.waitUntil(lambda: label.text() < calibrated)
    assert window.prediction_panel.digit.text() == "3"
    window.actions_offered.calibrated.trigger()
    qtbot.waitUntil(lambda: label.text() == calibrated)


def test_closing_the_window_while_it_trains_ends_everything(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    with qtbot.waitSignal(program.runner.news.progress_changed, timeout=LONG):
        program.runner.start(ENDLESS)
    window.close()
    assert program.session.threads_have_ended


def test_the_device_is_named_once_tensorflow_is_loaded(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    label = child(window, QLabel, "device_label")
    qtbot.waitUntil(lambda: label.text().startswith(("CPU: ", "GPU: ")), timeout=LONG)


def test_a_network_is_saved_and_opened_again(
    qtbot: QtBot, window: MainWindow, program: Program, tmp_path: Path
) -> None:
    train_softmax(qtbot, window, program)
    trained = program.session.network.value
    assert trained is not None
    path = tmp_path / "net.mnistgui"
    program.network.save(str(path))
    qtbot.waitUntil(lambda: window.notice_bar.text.text() == f"Saved {path}")
    saved = load_snapshot(path)
    assert all(np.array_equal(saved.weights[name], trained.weights[name]) for name in saved.weights)
    program.network.open(str(path))
    qtbot.waitUntil(lambda: program.session.network.value is not trained)
    window.canvas.set_drawing(draw_three())
    qtbot.waitUntil(lambda: child(window, QLabel, "digit_label").text() == "3")


def test_a_file_that_is_no_network_gets_one_sentence_and_changes_nothing(
    qtbot: QtBot, window: MainWindow, program: Program, tmp_path: Path
) -> None:
    path = tmp_path / "photo.mnistgui"
    path.write_bytes(b"not a network")
    train_softmax(qtbot, window, program)
    trained = program.session.network.value
    program.network.open(str(path))
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "error_box") is not None)
    box = child(window, QMessageBox, "error_box")
    assert str(path) in box.text()
    box.close()
    assert program.session.network.value is trained


def test_a_folder_without_a_data_set_gets_one_sentence_and_changes_nothing(
    qtbot: QtBot, window: MainWindow, program: Program, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: window.windowTitle().startswith("MNIST"), timeout=LONG)
    program.data.open(str(tmp_path))
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "error_box") is not None)
    child(window, QMessageBox, "error_box").close()
    assert window.windowTitle().startswith("MNIST")


def test_a_run_that_diverges_is_told_and_leaves_the_network_from_before(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    qtbot.waitUntil(lambda: program.session.network.value is not None, timeout=LONG)
    before = program.session.network.value
    recipe = replace(
        find_recipe("cnn-tutorial"), optimizer="gradient-descent", learning_rate=50.0, steps=500
    )
    with qtbot.waitSignal(program.runner.run_ended, timeout=LONG):
        program.runner.start(recipe)
    box = child(window, QMessageBox, "error_box")
    assert "learning rate of 50 is probably too high" in box.text()
    box.close()
    assert program.session.network.value is before
    assert program.session.run_state.value is RunState.IDLE


def test_theme_recipe_page_language_switches_and_unfolded_values_are_remembered(
    qtbot: QtBot, window: MainWindow, qapp: QApplication
) -> None:
    choose(window, "cnn-tutorial")
    window.set_theme(Theme.DARK)
    window.pages.bring_to_front(Page.RESULTS)
    window.recipe_panel.form.more_button.setChecked(True)
    window.language_menu.languages["zh_CN"].trigger()
    window.actions_offered.calibrated.trigger()
    window.actions_offered.erase_right.trigger()
    window.close()
    again = build_window()
    qtbot.addWidget(again)
    assert again.theme is Theme.DARK
    assert again.recipe_panel.recipe_name == "cnn-tutorial"
    assert again.pages.in_front is Page.RESULTS
    assert again.recipe_panel.form.more_button.isChecked()
    assert again.language_menu.chosen == load_settings().language == "zh_CN"
    assert not again.actions_offered.calibrated.isChecked()
    assert again.actions_offered.erase_right.isChecked()
    again.close()
    window.set_theme(Theme.SYSTEM)


def test_a_window_that_is_to_remember_nothing_changes_no_settings(
    qtbot: QtBot, tmp_path: Path, qapp: QApplication
) -> None:
    write_dataset(tmp_path / "mine", train=24, test=10)
    before = load_settings(), recent_files()
    window = build_window(kept_in=tmp_path / "kept", remembers=False)
    qtbot.addWidget(window)
    choose(window, "cnn-tutorial")
    window.pages.bring_to_front(Page.RESULTS)
    program = window.findChild(Program)
    assert isinstance(program, Program)
    # As for a screenshot, which may be of a data set of one's own.
    program.session.dataset.set(load_dataset(tmp_path / "mine"))
    window.close()
    assert (load_settings(), recent_files()) == before


def test_a_window_that_closes_is_out_of_sight_before_its_threads_are_waited_for(
    window: MainWindow,
) -> None:
    seen: list[bool] = []
    window.closing.connect(lambda: seen.append(window.isVisible()))
    window.close()
    assert seen == [False]


def test_after_memory_ran_out_a_click_starts_a_run_with_a_smaller_batch(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    sentence = (
        "There is not enough memory: close other programs, or train with a smaller batch size."
    )
    program.runner.memory_ran_out.emit(sentence, 50)
    box = child(window, QMessageBox, "offer_box")
    assert box.text() == sentence
    offer = next(button for button in box.buttons() if "50" in button.text())
    window.recipe_panel.set_recipe_name("softmax-tutorial")
    with qtbot.waitSignal(program.runner.run_started, timeout=LONG) as started:
        qtbot.mouseClick(offer, Qt.MouseButton.LeftButton)
    assert started.args[0].recipe.batch_size == 50


def test_someone_sees_how_a_drawing_is_read_and_what_a_stage_is_worth(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    page = child(window, ExplanationPage, "explanation_page")
    window.pages.bring_to_front(Page.EXPLANATION)
    small = Stroke(draw_three().strokes[0].points * 0.3)
    window.canvas.set_drawing(Drawing((small,)))
    qtbot.waitUntil(lambda: page.comparison.with_all.digit.text() == "3", timeout=LONG)
    assert "is the strongest reason for 3" in page.evidence.evidence_text.text()
    qtbot.mouseClick(child(window, QCheckBox, "fit_switch"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.comparison.chosen.isVisible, timeout=LONG)
    assert page.comparison.with_all.digit.text() == "3"
    click(qtbot, window, "copy_code_button")
    clipboard = QApplication.clipboard()
    qtbot.waitUntil(lambda: "without: fit" in clipboard.text(), timeout=LONG)
    # Nobody looks any more, so nothing is explained.
    window.pages.bring_to_front(Page.CURVES)
    shown = page.comparison.with_all.digit.text()
    with qtbot.waitSignal(
        program.session.displayed.changed, check_params_cb=is_predicted, timeout=LONG
    ):
        window.canvas.set_drawing(Drawing((Stroke([[0.5, 0.1], [0.5, 0.9]]),)))
    assert page.comparison.with_all.digit.text() == shown


def test_a_drawing_is_replayed_and_read_at_each_moment_until_it_is_whole_again(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    digit = child(window, QLabel, "digit_label")
    window.canvas.set_drawing(draw_three())
    qtbot.waitUntil(lambda: digit.text() == "3", timeout=LONG)
    replay = program.find(ReplayPresenter)
    click(qtbot, window, "replay_button")
    qtbot.waitUntil(lambda: replay.is_playing)
    qtbot.waitUntil(lambda: digit.text() not in ("3", ""))
    qtbot.waitUntil(lambda: not replay.is_playing)
    qtbot.waitUntil(lambda: digit.text() == "3")

    def whole_trace() -> bool:
        return replay.trace is not None and replay.trace.seconds[-1] == replay.trace.duration

    qtbot.waitUntil(whole_trace)
    assert replay.trace is not None
    assert replay.trace.probabilities[-1, 3] > 0.5
    assert replay.trace.probabilities[0, 3] < 0.5


def test_of_two_digits_the_chosen_one_is_explained_and_of_a_test_image_its_ink(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    page = child(window, ExplanationPage, "explanation_page")
    window.pages.bring_to_front(Page.EXPLANATION)
    three = draw_three().strokes[0].points * 0.45
    one = Stroke([[0.75, 0.1], [0.75, 0.45]])
    window.canvas.set_drawing(Drawing((Stroke(three), one)))
    digit = page.comparison.with_all.digit
    for place, read in ((0, "3"), (1, "1"), (0, "3")):
        qtbot.waitUntil(lambda: window.prediction_panel.digit.text() == "31", timeout=LONG)
        window.prediction_panel.tiles.choose(place)
        qtbot.waitUntil(partial(shows, digit, read), timeout=LONG)
    qtbot.waitUntil(lambda: program.session.dataset.value is not None, timeout=LONG)
    program.test_images.show_random()
    qtbot.waitUntil(lambda: not page.steps_view.isVisible(), timeout=LONG)
    assert page.evidence.map.isVisible()
    program.test_images.hide()
    qtbot.waitUntil(page.steps_view.isVisible, timeout=LONG)


def test_a_picture_of_a_page_that_there_is_not_is_refused(
    qtbot: QtBot,
    qapp: QApplication,
    window: MainWindow,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    picture = tmp_path / "window.png"
    assert Screenshot(window, picture, 99).take(qapp) == 2
    assert "There is no page 99" in capsys.readouterr().err
    assert not picture.exists()
