from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.digits.model import UserDigits
from mnist_gui.engine.events import RunState, TestEvaluated
from mnist_gui.engine.models.classifier import evaluate_network
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.active_run import start_run
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.labels import number, percent
from mnist_gui.gui.pages import Page
from mnist_gui.gui.results.presenter import ResultsPresenter
from mnist_gui.gui.results.test_images import TestImagePresenter
from mnist_gui.gui.results.view import ResultsView, Wish
from mnist_gui.gui.session import Session, Source
from mnist_gui.gui.training.runner import TrainingRunner
from tests.engine.conftest import softmax_snapshot, write_dataset
from tests.gui.own_digits import kept, reading
from tests.gui.recording_shell import RecordingShell
from tests.gui.save_answers import answer_save_dialogs
from tests.refusals import not_told

NETWORK = softmax_snapshot(step=7)
Evaluate = Callable[[Snapshot], Evaluation]


@pytest.fixture
def dataset(session: Session, tmp_path: Path) -> Dataset:
    write_dataset(tmp_path / "digits", train=24, test=10)
    dataset = load_dataset(tmp_path / "digits")
    session.dataset.set(dataset)
    return dataset


@pytest.fixture
def runner(session: Session) -> Iterator[TrainingRunner]:
    runner = TrainingRunner(session)
    yield runner
    runner.close(10)


@pytest.fixture
def page(qtbot: QtBot) -> ResultsView:
    page = ResultsView()
    qtbot.addWidget(page)
    return page


@pytest.fixture
def presenter(
    session: Session, runner: TrainingRunner, page: ResultsView, shell: RecordingShell
) -> ResultsPresenter:
    return ResultsPresenter(session, runner, TestImagePresenter(session, shell), page, shell)


@pytest.fixture
def evaluate(
    presenter: ResultsPresenter, runner: TrainingRunner, dataset: Dataset, qtbot: QtBot
) -> Evaluate:
    """Have the test images read by a network, and return what came of it."""

    def read(network: Snapshot) -> Evaluation:
        told: list[TestEvaluated] = []
        with qtbot.waitSignal(runner.run_ended):
            runner.news.tested.connect(lambda tested, _images: told.append(tested))
            runner.test(network)
        return told[0].evaluation

    return read


def user_accuracy(page: ResultsView) -> str | None:
    """Return the accuracy on the user's digits that is shown, if one is."""
    return None if page.user_figure.isHidden() else page.user_figure.accuracy.text()


def is_tested(page: ResultsView) -> bool:
    """Return whether a test is shown, and not that there was none."""
    return page.matrix.isVisibleTo(page)


def test_the_results_have_their_page(
    presenter: ResultsPresenter, page: ResultsView, shell: RecordingShell
) -> None:
    assert shell.pages.place(Page.RESULTS).isAncestorOf(page)


def test_how_the_network_read_the_test_images_is_shown_with_its_name(
    evaluate: Evaluate, page: ResultsView
) -> None:
    evaluation = evaluate(NETWORK)
    assert page.title.text() == "Softmax regression (tutorial), after 7 steps"
    assert page.accuracy.text() == percent(evaluation.accuracy, 2)
    assert page.interval.text().startswith(f"{evaluation.correct} of 10 test images")


def test_percentages_and_their_error_are_raw_or_calibrated_as_the_user_chose(
    evaluate: Evaluate, page: ResultsView, session: Session, dataset: Dataset
) -> None:
    warm = replace(NETWORK, temperature=3.0)
    session.use_network(warm)
    calibrated = evaluate(warm)
    *_, told = evaluate_network(warm.uncalibrated, dataset.test)
    assert isinstance(told, TestEvaluated)
    points, raw_points = (
        number(100 * each.calibration_error, 2) for each in (calibrated, told.evaluation)
    )
    assert points != raw_points
    assert f"{points} points off" in page.honesty.text()
    assert "temperature 3.00" in page.honesty.text()
    below = page.grid.item(0).text()
    session.is_calibrated.set(False)
    assert f"raw percentages are {raw_points} points off" in page.honesty.text()
    assert page.grid.item(0).text() != below
    session.is_calibrated.set(True)
    assert page.grid.item(0).text() == below


def test_an_image_chosen_on_the_page_is_shown_in_place_of_the_drawing(
    evaluate: Evaluate, page: ResultsView, session: Session, dataset: Dataset, qtbot: QtBot
) -> None:
    session.use_network(NETWORK)
    evaluation = evaluate(NETWORK)
    page.grid.itemClicked.emit(page.grid.item(0))
    qtbot.waitUntil(lambda: session.displayed.value.source is Source.TEST_IMAGE)
    displayed = session.displayed.value
    (hardest,) = evaluation.hardest(1).tolist()
    assert displayed.index == hardest
    np.testing.assert_array_equal(displayed.image, dataset.test.images[hardest])


def test_the_accuracy_on_the_users_digits_stands_beside_that_on_the_test_images(
    evaluate: Evaluate, page: ResultsView, session: Session
) -> None:
    session.use_network(NETWORK)
    evaluate(NETWORK)
    session.digits.set(UserDigits(kept([7, 1])))
    assert user_accuracy(page) is None
    session.digit_predictions.set((NETWORK, reading([7, 7])))
    assert user_accuracy(page) == "50.0\u00a0%"
    assert page.user_figure.words.text().startswith("1 of 2 of your digits")


def test_digits_that_were_read_before_the_test_are_counted_at_once(
    evaluate: Evaluate, page: ResultsView, session: Session
) -> None:
    session.use_network(NETWORK)
    session.digits.set(UserDigits(kept([7, 1])))
    session.digit_predictions.set((NETWORK, reading([7, 7])))
    assert user_accuracy(page) is None
    evaluate(NETWORK)
    assert user_accuracy(page) == "50.0\u00a0%"


def test_a_digit_that_is_labelled_anew_changes_the_accuracy_on_the_users_digits(
    evaluate: Evaluate, page: ResultsView, session: Session
) -> None:
    session.use_network(NETWORK)
    session.digits.set(UserDigits(kept([7, 1])))
    session.digit_predictions.set((NETWORK, reading([7, 7])))
    evaluate(NETWORK)
    session.digits.set(UserDigits(kept([7, 7])))
    assert user_accuracy(page) == "100.0\u00a0%"


def test_what_a_newer_network_reads_is_not_put_beside_the_older_ones_test(
    evaluate: Evaluate, page: ResultsView, session: Session
) -> None:
    session.use_network(NETWORK)
    session.digits.set(UserDigits(kept([7, 1])))
    session.digit_predictions.set((NETWORK, reading([7, 7])))
    evaluate(NETWORK)
    newer = replace(NETWORK, step=8)
    session.use_network(newer)
    session.digit_predictions.set((newer, reading([7, 1])))
    assert user_accuracy(page) is None
    evaluate(newer)
    assert user_accuracy(page) == "100.0\u00a0%"


@pytest.mark.parametrize(
    "other", [replace(NETWORK, step=8), replace(NETWORK, recipe=replace(NETWORK.recipe, seed=2))]
)
def test_a_test_of_another_network_than_the_one_at_hand_has_no_accuracy_on_the_users_digits(
    evaluate: Evaluate, page: ResultsView, session: Session, other: Snapshot
) -> None:
    session.use_network(NETWORK)
    session.digits.set(UserDigits(kept([7, 1])))
    session.digit_predictions.set((NETWORK, reading([7, 7])))
    evaluate(other)
    assert user_accuracy(page) is None


def test_the_page_is_of_the_current_network_and_offers_to_test_it(
    evaluate: Evaluate, page: ResultsView, session: Session, shell: RecordingShell
) -> None:
    session.use_network(NETWORK)
    evaluate(NETWORK)
    asked: list[bool] = []
    shell.actions_offered.test.triggered.connect(lambda: asked.append(True))
    shell.actions_offered.follow_network(NETWORK)
    session.use_network(replace(NETWORK, step=8))
    assert not is_tested(page)
    assert page.untested_title.text() == "Softmax regression (tutorial), after 8 steps"
    page.test_button.click()
    assert len(asked) == 1
    # The same weights as were tested, loaded from a file.
    session.use_network(replace(NETWORK, weights=dict(NETWORK.weights)))
    assert is_tested(page)
    assert page.title.text() == "Softmax regression (tutorial), after 7 steps"


def test_while_the_network_is_tested_the_page_says_so_and_how_far_that_is(
    presenter: ResultsPresenter,
    page: ResultsView,
    session: Session,
    runner: TrainingRunner,
    dataset: Dataset,
    qtbot: QtBot,
) -> None:
    session.use_network(NETWORK)
    with qtbot.waitSignal(runner.run_ended):
        runner.test(NETWORK)
        assert page.untested_text.text() == "Testing on 10 images \u2026"
        assert page.testing_bar.isVisibleTo(page)
        assert (page.testing_bar.value(), page.testing_bar.maximum()) == (0, 10)
        assert not page.test_button.isVisibleTo(page)
    assert page.testing_bar.value() == 10
    assert is_tested(page)
    session.use_network(softmax_snapshot(step=8))
    assert page.test_button.isVisibleTo(page)
    assert not page.testing_bar.isVisibleTo(page)


def test_other_weights_of_the_same_recipe_and_step_were_not_tested(
    evaluate: Evaluate, page: ResultsView, session: Session
) -> None:
    session.use_network(NETWORK)
    evaluate(NETWORK)
    others = {name: each + 1 for name, each in NETWORK.weights.items()}
    session.use_network(replace(NETWORK, weights=others))
    assert not is_tested(page)


@pytest.fixture
def run_id(session: Session, dataset: Dataset) -> str:
    """The ID of a run that was tested at its end and kept."""
    recipe = replace(RECIPES["softmax-tutorial"], steps=5)
    run = start_run(RunStore(session.runs_folder.value), dataset, recipe, warn=not_told)
    for event in run.events():
        run.handle(event)
    assert run.close(10)
    assert run.run_id
    return run.run_id


def test_a_run_that_is_chosen_shows_the_test_that_was_kept_with_it(
    run_id: str, presenter: ResultsPresenter, page: ResultsView, session: Session, qtbot: QtBot
) -> None:
    store = RunStore(session.runs_folder.value)
    session.runs.set(store.runs().runs)
    store.rename(run_id, "for Monday")
    session.use_network(store.snapshot(run_id), run_id)
    qtbot.waitUntil(lambda: is_tested(page))
    kept = store.reading(run_id)
    right = int(kept.is_right.sum())
    assert page.interval.text().startswith(f"{right} of 10 test images")
    assert "how sure" in page.grid_title.text()
    assert page.honesty.isVisibleTo(page)
    session.runs.set(store.runs().runs)
    assert page.title.text() == "for Monday, after 5 steps"


def test_the_test_of_a_runs_end_is_not_taken_for_that_of_an_earlier_step(
    run_id: str, presenter: ResultsPresenter, page: ResultsView, session: Session, qtbot: QtBot
) -> None:
    snapshot = RunStore(session.runs_folder.value).snapshot(run_id)
    session.use_network(replace(snapshot, step=3), run_id)
    done: list[object] = []
    session.reading_thread.call(lambda: None, then=done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert not is_tested(page)


def test_counts_and_pictures_are_saved(
    evaluate: Evaluate,
    page: ResultsView,
    shell: RecordingShell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    answer_save_dialogs(monkeypatch, str(tmp_path / "counts"), str(tmp_path / "image"))
    evaluation = evaluate(NETWORK)
    page.wished.emit(Wish.SAVE_COUNTS, None)
    page.wished.emit(Wish.SAVE_PICTURE, 3)
    qtbot.waitUntil(lambda: len(shell.saved) == 2)
    table = np.loadtxt(tmp_path / "counts.csv", np.int64, delimiter=",", skiprows=1)
    np.testing.assert_array_equal(table[:, 1:], evaluation.confusion)
    assert not QImage(str(tmp_path / "image.png")).isNull()


def test_an_image_is_explained_on_the_page_for_it(
    evaluate: Evaluate, page: ResultsView, session: Session, shell: RecordingShell, qtbot: QtBot
) -> None:
    session.use_network(NETWORK)
    evaluate(NETWORK)
    page.wished.emit(Wish.EXPLAIN, 3)
    qtbot.waitUntil(lambda: session.displayed.value.source is Source.TEST_IMAGE)
    assert session.displayed.value.index == 3
    assert shell.pages.place(Page.EXPLANATION).isVisibleTo(shell)


def test_a_file_that_cannot_be_written_is_told(
    evaluate: Evaluate,
    page: ResultsView,
    shell: RecordingShell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    evaluate(NETWORK)
    answer_save_dialogs(monkeypatch, str(tmp_path / "nowhere" / "counts"))
    page.wished.emit(Wish.SAVE_COUNTS, None)
    qtbot.waitUntil(lambda: bool(shell.file_errors))
    assert shell.file_errors[0].startswith("The test results cannot be written to ")


@pytest.fixture
def save_report(
    page: ResultsView,
    shell: RecordingShell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> Callable[[str], str]:
    """Have a report saved by its button under a name, and return what is in it."""

    def save(name: str) -> str:
        before = len(shell.saved)
        answer_save_dialogs(monkeypatch, str(tmp_path / name))
        page.report_button.click()
        qtbot.waitUntil(lambda: len(shell.saved) > before or bool(shell.file_errors))
        path = tmp_path / f"{name}.html"
        return path.read_text("utf-8") if path.exists() else ""

    return save


def test_a_report_on_the_test_that_is_shown_is_saved(
    run_id: str,
    presenter: ResultsPresenter,
    page: ResultsView,
    session: Session,
    save_report: Callable[[str], str],
    qtbot: QtBot,
) -> None:
    assert not page.report_button.isEnabled()
    store = RunStore(session.runs_folder.value)
    store.rename(run_id, "<b>mine</b> & yours")
    session.runs.set(store.runs().runs)
    session.history_of_network.set(store.history(run_id).history)
    session.use_network(store.snapshot(run_id), run_id)
    qtbot.waitUntil(page.report_button.isEnabled)
    html = save_report("report")
    right = int(store.reading(run_id).is_right.sum())
    assert f"<p>{right} of 10 test images; 95 % interval" in html
    assert "<h1>Test report: &lt;b&gt;mine&lt;/b&gt; &amp; yours</h1>" in html
    assert run_id in html
    assert "<h2>Curves</h2>" in html


def test_a_report_has_raw_percentages_where_these_are_chosen(
    evaluate: Evaluate, session: Session, save_report: Callable[[str], str]
) -> None:
    warm = replace(NETWORK, temperature=3.0)
    session.use_network(warm)
    evaluate(warm)
    assert "Calibrated, by the temperature 3.00" in save_report("calibrated")
    session.is_calibrated.set(False)
    assert "Calibrated, by the temperature" not in save_report("raw")


def test_a_report_is_offered_of_the_data_set_at_hand_only(
    evaluate: Evaluate, page: ResultsView, session: Session, shell: RecordingShell, tmp_path: Path
) -> None:
    assert page.report in shell.menus.training_menu.actions()
    session.use_network(NETWORK)
    evaluate(NETWORK)
    assert page.report.isEnabled()
    write_dataset(tmp_path / "others", train=24, test=12)
    session.dataset.set(load_dataset(tmp_path / "others"))
    assert not page.report.isEnabled()


def test_a_report_that_cannot_be_written_is_told(
    evaluate: Evaluate,
    session: Session,
    shell: RecordingShell,
    save_report: Callable[[str], str],
) -> None:
    session.use_network(NETWORK)
    evaluate(NETWORK)
    assert not save_report("nowhere/report")
    assert shell.file_errors[0].startswith("The report cannot be written to ")


@pytest.fixture
def trains(
    presenter: ResultsPresenter, session: Session, dataset: Dataset, shell: RecordingShell
) -> None:
    """Have the page in sight while a run trains."""
    shell.show()
    shell.pages.bring_to_front(Page.RESULTS)
    session.run_state.set(RunState.TRAINING)


@pytest.mark.usefixtures("trains")
def test_while_a_run_trains_its_newest_network_reads_the_validation_images(
    page: ResultsView, session: Session, dataset: Dataset, qtbot: QtBot
) -> None:
    session.use_network(NETWORK)
    assert page.untested_text.text().startswith("While it trains, it reads validation images")
    assert not page.test_button.isVisible()
    qtbot.waitUntil(lambda: is_tested(page))
    *_, told = evaluate_network(NETWORK, dataset.validation)
    assert isinstance(told, TestEvaluated)
    assert page.accuracy.text() == percent(told.evaluation.accuracy, 2)
    total = len(dataset.validation)
    assert f" of {total} validation images" in page.interval.text()
    assert page.title.text() == "Softmax regression (tutorial), after 7 steps, while it trains"
    assert not page.report.isEnabled()
    session.use_network(softmax_snapshot(step=9))
    # Until the next one is read, the one before stays.
    assert is_tested(page)
    qtbot.waitUntil(lambda: "after 9 steps" in page.title.text())


@pytest.mark.usefixtures("trains")
def test_after_training_the_page_is_of_the_test_again(
    page: ResultsView, session: Session, qtbot: QtBot
) -> None:
    session.use_network(NETWORK)
    qtbot.waitUntil(lambda: is_tested(page))
    session.run_state.set(RunState.TESTING)
    assert not is_tested(page)
    assert page.testing_bar.isVisible()
    session.run_state.set(RunState.IDLE)
    assert page.test_button.isVisible()
    assert page.title.text() == "Softmax regression (tutorial), after 7 steps"


@pytest.mark.usefixtures("trains")
def test_a_page_that_is_not_seen_has_nothing_read_while_a_run_trains(
    page: ResultsView, session: Session, shell: RecordingShell, qtbot: QtBot
) -> None:
    shell.pages.bring_to_front(Page.RUNS)
    session.use_network(NETWORK)
    done: list[object] = []
    session.view_thread.call(lambda: None, then=done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert not is_tested(page)
    shell.pages.bring_to_front(Page.RESULTS)
    assert page.untested_text.text().startswith("While it trains, it reads validation images")
    qtbot.waitUntil(lambda: is_tested(page))


@pytest.mark.usefixtures("trains")
def test_what_is_read_while_a_run_trains_is_raw_or_calibrated_as_chosen(
    page: ResultsView, session: Session, qtbot: QtBot
) -> None:
    session.use_network(replace(NETWORK, temperature=3.0))
    qtbot.waitUntil(lambda: is_tested(page))
    before = page.grid.item(0).text()
    session.is_calibrated.set(False)
    assert page.grid.item(0).text() != before
    assert "while it trains" in page.title.text()


@pytest.mark.usefixtures("trains")
def test_a_network_from_before_the_run_does_not_keep_its_first_one_waiting(
    page: ResultsView, session: Session, qtbot: QtBot
) -> None:
    session.use_network(softmax_snapshot(step=900))
    session.use_network(softmax_snapshot(step=0))
    qtbot.waitUntil(lambda: is_tested(page))
    assert page.title.text() == "Softmax regression (tutorial), while it trains"
