import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mnist_gui.engine.events import RunState
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.qt import column
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Observable, Session
from mnist_gui.gui.views.page import ViewPage, Wish
from mnist_gui.gui.views.presenter import Question, ViewPresenter, is_same, paced
from tests.engine.conftest import softmax_snapshot
from tests.gui.recording_shell import RecordingShell


class Doubling(ViewPresenter):
    """Doubles a number; for 0 it has a sentence instead, for a negative one it fails."""

    def __init__(self, session: Session, page: ViewPage, shell: RecordingShell) -> None:
        self.number = Observable(1)
        self.computed: list[int] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.label = QLabel()
        page.body.setLayout(column(self.label))
        super().__init__(session, page, shell, Page.MAP)
        self.follow(self.number)

    def question(self) -> Question | str:
        return (self.number.value,) if self.number.value else "Nothing to double."

    def answers(self, question: Question) -> Iterator[Any]:
        yield ViewProgress(1, 2)
        self.computed.append(question[0])
        while not self.go_on.wait(0.01):
            yield ViewProgress(1, 2)
        if question[0] < 0:
            raise OSError("disk on fire")
        yield 2 * question[0]

    def show_answer(self, question: Question, answer: Any) -> None:
        self.label.setText(f"2 x {question[0]} = {answer}")
        self._page.show_body()

    def numbers(self) -> bytes:
        return b"1,2\n"

    def file_name(self) -> str:
        return "doubled"


class Patient(Doubling):
    waits_for_button = True


@pytest.fixture
def page(session: Session, shell: RecordingShell, qtbot: QtBot) -> ViewPage:
    return ViewPage("double")


def show(shell: RecordingShell, page: Page = Page.MAP) -> None:
    shell.resize(800, 600)
    shell.show()
    shell.pages.bring_to_front(page)


def test_it_is_computed_when_it_is_seen_and_again_when_something_changes(
    session: Session, shell: RecordingShell, page: ViewPage, qtbot: QtBot
) -> None:
    view = Doubling(session, page, shell)
    view.number.set(2)
    assert view.computed == []
    show(shell)
    qtbot.waitUntil(lambda: view.label.text() == "2 x 2 = 4")
    assert page.body.isVisible()
    view.number.set(3)
    qtbot.waitUntil(lambda: view.label.text() == "2 x 3 = 6" and not page.is_computing)
    shell.pages.bring_to_front(Page.RUNS)
    view.number.set(4)
    view.number.set(3)
    shell.pages.bring_to_front(Page.MAP)
    qtbot.wait(100)
    assert view.computed == [2, 3]


def test_of_those_asked_meanwhile_only_the_newest_is_answered(
    session: Session, shell: RecordingShell, page: ViewPage, qtbot: QtBot
) -> None:
    view = Doubling(session, page, shell)
    view.go_on.clear()
    show(shell)
    qtbot.waitUntil(lambda: view.computed == [1])
    for number in (5, 6, 7):
        view.number.set(number)
    view.go_on.set()
    qtbot.waitUntil(lambda: view.label.text() == "2 x 7 = 14")
    assert view.computed == [1, 7]


def test_what_the_user_does_lets_go_of_what_is_being_computed(
    session: Session, shell: RecordingShell, page: ViewPage, qtbot: QtBot
) -> None:
    view = Doubling(session, page, shell)
    view.go_on.clear()
    show(shell)
    qtbot.waitUntil(lambda: view.computed == [1])
    view.number.changed.disconnect()
    view.number.set(5)
    view.ask_at_once()
    # The one under way did not have to be finished.
    qtbot.waitUntil(lambda: view.computed == [1, 5])
    view.ask_at_once()
    view.go_on.set()
    qtbot.waitUntil(lambda: view.label.text() == "2 x 5 = 10")
    assert view.computed == [1, 5]


def test_of_a_run_what_is_under_way_is_finished_before_its_next_network(
    session: Session, shell: RecordingShell, page: ViewPage, qtbot: QtBot
) -> None:
    view = Doubling(session, page, shell)
    first, second, other = softmax_snapshot(1), softmax_snapshot(2), other_recipe(3)
    view.question = lambda: (  # type: ignore[method-assign]
        view.number.value,
        session.network.value,
    )
    view.number.changed.disconnect()
    view.follow_networks(session.network)
    session.network.set(first)
    session.run_state.set(RunState.TRAINING)
    view.go_on.clear()
    show(shell)
    qtbot.waitUntil(lambda: view.computed == [1])
    view.number.set(2)
    session.network.set(second)
    qtbot.wait(100)
    assert view.computed == [1]
    # Another network, and the end of the run, do not wait.
    view.number.set(3)
    session.network.set(other)
    qtbot.waitUntil(lambda: view.computed == [1, 3])
    view.number.set(4)
    session.run_state.set(RunState.IDLE)
    qtbot.waitUntil(lambda: view.computed == [1, 3, 4])
    view.go_on.set()
    qtbot.waitUntil(lambda: view.label.text() == "2 x 4 = 8")


def other_recipe(step: int) -> Snapshot:
    snapshot = softmax_snapshot(step)
    return replace(snapshot, recipe=RECIPES["softmax-best"])


def test_progress_shows_and_cancelling_offers_to_compute(
    session: Session, shell: RecordingShell, page: ViewPage, qtbot: QtBot
) -> None:
    view = Doubling(session, page, shell)
    view.go_on.clear()
    show(shell)
    qtbot.waitUntil(page.progress.isVisible)
    qtbot.waitUntil(lambda: page.progress.value() == 1)
    page.cancel_button.click()
    assert page.message.text() == "Cancelled."
    assert not page.progress.isVisible()
    view.go_on.set()
    qtbot.wait(50)
    assert not view.label.text()
    page.compute_button.click()
    qtbot.waitUntil(lambda: view.label.text() == "2 x 1 = 2")
    assert not page.compute_button.isVisible()


def test_a_hidden_view_stops_computing_and_begins_anew_when_it_is_seen(
    session: Session, shell: RecordingShell, page: ViewPage, qtbot: QtBot
) -> None:
    view = Doubling(session, page, shell)
    view.go_on.clear()
    show(shell)
    qtbot.waitUntil(lambda: view.computed == [1])
    shell.pages.bring_to_front(Page.RUNS)
    qtbot.waitUntil(lambda: not session.view_thread.is_busy)
    view.go_on.set()
    shell.pages.bring_to_front(Page.MAP)
    qtbot.waitUntil(lambda: view.label.text() == "2 x 1 = 2")


def test_what_cannot_be_computed_and_what_fails_is_said_in_a_sentence(
    session: Session, shell: RecordingShell, page: ViewPage, qtbot: QtBot
) -> None:
    view = Doubling(session, page, shell)
    view.number.set(0)
    show(shell)
    assert page.message.text() == "Nothing to double."
    assert not page.body.isVisible()
    assert not page.more_button.isEnabled()
    view.number.set(-1)
    qtbot.waitUntil(lambda: "disk on fire" in page.message.text())
    view.number.set(1)
    qtbot.waitUntil(page.body.isVisible)


def test_what_takes_long_waits_for_the_button(
    session: Session, shell: RecordingShell, page: ViewPage, qtbot: QtBot
) -> None:
    view = Patient(session, page, shell)
    show(shell)
    assert page.compute_button.isVisible()
    page.compute_button.click()
    qtbot.waitUntil(page.body.isVisible)
    view.number.set(2)
    qtbot.waitUntil(page.compute_button.isVisible)
    assert view.computed == [1]


def test_picture_and_numbers_are_copied_and_saved(
    session: Session,
    shell: RecordingShell,
    page: ViewPage,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _view = Doubling(session, page, shell)
    show(shell)
    qtbot.waitUntil(page.body.isVisible)
    page.wished.emit(Wish.COPY_PICTURE)
    copied = QGuiApplication.clipboard().image()
    assert copied.width() == 2 * page.width()
    asked: list[str] = []

    def answer(_parent: object, _title: str, kinds: dict[str, str], *, name: str) -> str:
        asked.append(name)
        return str(tmp_path / f"view{next(iter(kinds.values()))}")

    monkeypatch.setattr(dialogs, "ask_to_save", answer)
    page.wished.emit(Wish.SAVE_NUMBERS)
    page.wished.emit(Wish.SAVE_PICTURE)
    qtbot.waitUntil(lambda: len(shell.saved) == 2)
    assert asked == ["doubled", "doubled"]
    assert (tmp_path / "view.csv").read_bytes() == b"1,2\n"
    assert (tmp_path / "view.png").read_bytes().startswith(b"\x89PNG")


def test_while_a_run_trains_a_view_rests_fifty_times_as_long_as_it_computes() -> None:
    session_state = [RunState.TRAINING]

    def busy() -> Iterator[ViewProgress]:
        for number in range(3):
            until = perf_counter() + 0.004
            while perf_counter() < until:
                pass
            yield ViewProgress(number, 3)

    started = perf_counter()
    events = list(paced(busy(), lambda: session_state[0].is_active))
    assert perf_counter() - started > 3 * 0.004 * 49
    # In between it can be stopped.
    assert len(events) > 9
    session_state[0] = RunState.IDLE
    events = list(paced(busy(), lambda: session_state[0].is_active))
    assert [type(event) for event in events].count(ViewProgress) == 3
    assert len(events) < 8


def test_while_a_run_trains_a_view_rests_for_the_time_that_showing_takes_too() -> None:
    started = perf_counter()
    list(paced(["answer"], lambda: True, lambda: 0.005))
    assert perf_counter() - started > 0.005 * 49
    started = perf_counter()
    list(paced(["answer"], lambda: False, lambda: 60.0))
    assert perf_counter() - started < 30


def test_questions_are_compared_by_content() -> None:
    image = np.zeros((28, 28), np.uint8)
    assert is_same((image, 1), (image.copy(), 1))
    assert not is_same((image, 1), (image + np.uint8(1), 1))
    assert not is_same((image, 1), (None, 1))
    assert not is_same((1,), None)
