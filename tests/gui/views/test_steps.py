from collections.abc import Iterator
from itertools import count

from pytestqt.qtbot import QtBot

from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.gui.session import Session
from mnist_gui.gui.views.steps import SteppedWork


def test_others_get_their_turns_between_its_steps_until_it_is_cancelled(
    session: Session, qtbot: QtBot
) -> None:
    work, taken, answers = SteppedWork(session, lambda: False), [0], list[str]()
    events = (ViewProgress(done, 1) for done in count(1))
    work.start(events, each=lambda event: taken.append(event.done), failed=answers.append)
    qtbot.waitUntil(lambda: taken[-1] > 3)
    session.view_thread.call(lambda: "a turn", then=answers.append)
    qtbot.waitUntil(lambda: answers == ["a turn"])
    assert work.is_busy
    work.cancel()
    last = taken[-1]
    qtbot.waitUntil(lambda: not session.view_thread.is_busy)
    assert taken[-1] == last
    assert taken == list(range(last + 1))


def test_it_ends_after_the_last_event_and_says_what_fails(session: Session, qtbot: QtBot) -> None:
    def failing() -> Iterator[ViewProgress]:
        yield ViewProgress(1, 2)
        raise OSError("disk on fire")

    work, taken, problems = SteppedWork(session, lambda: False), list[object](), list[str]()
    work.start(iter("ab"), each=taken.append, failed=problems.append)
    qtbot.waitUntil(lambda: not work.is_busy)
    assert taken == ["a", "b"]
    work.start(failing(), each=taken.append, failed=problems.append)
    qtbot.waitUntil(lambda: not work.is_busy)
    assert taken[2:] == [ViewProgress(1, 2)]
    assert "disk on fire" in problems[0]


def test_new_work_takes_the_place_of_the_old(session: Session, qtbot: QtBot) -> None:
    work, taken = SteppedWork(session, lambda: False), list[object]()
    work.start(count(0), each=lambda _: None, failed=taken.append)
    work.start(iter("new"), each=taken.append, failed=taken.append)
    qtbot.waitUntil(lambda: taken == list("new"))
