from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.digits.model import UserDigits
from mnist_gui.engine.events import TestEvaluated
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.labels import percent
from mnist_gui.gui.pages import Page
from mnist_gui.gui.results.presenter import ResultsPresenter, TestImagePresenter
from mnist_gui.gui.results.view import ResultsView
from mnist_gui.gui.session import Session, Source
from mnist_gui.gui.training.runner import TrainingRunner
from tests.engine.conftest import softmax_snapshot, write_dataset
from tests.gui.own_digits import kept, reading
from tests.gui.recording_shell import RecordingShell

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
        with qtbot.waitSignal(runner.run_ended, timeout=60_000):
            runner.news.tested.connect(lambda tested, _images: told.append(tested))
            runner.test(network)
        return told[0].evaluation

    return read


def user_accuracy(page: ResultsView) -> str | None:
    """Return the accuracy on the user's digits that is shown, if one is."""
    return None if page.user_figure.isHidden() else page.user_figure.accuracy.text()


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


def test_an_image_chosen_on_the_page_is_shown_in_place_of_the_drawing(
    evaluate: Evaluate, page: ResultsView, session: Session, dataset: Dataset, qtbot: QtBot
) -> None:
    evaluation = evaluate(NETWORK)
    session.use_network(NETWORK)
    page.grid.item(0).setSelected(True)
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
