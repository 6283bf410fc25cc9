import os
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.errors import DrawingError
from mnist_gui.gui.jobs import Job, JobThread
from mnist_gui.gui.session import Session
from mnist_gui.gui.silence import SilentDisks


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[JobThread]:
    thread = JobThread("test")
    yield thread
    thread.stop()
    assert thread.wait(5_000)


def wait_for(thread: JobThread) -> None:
    """Wait until the thread has done all it was given, while nobody here hears of it."""
    done = threading.Event()
    thread.call(done.set)
    assert done.wait(5)


def test_jobs_run_one_after_the_other_on_a_thread_of_their_own(
    thread: JobThread, qtbot: QtBot
) -> None:
    order: list[tuple[int, bool]] = []

    def work(number: int) -> Iterator[int]:
        order.append((number, threading.current_thread() is threading.main_thread()))
        yield number

    for number in range(3):
        thread.submit(Job(partial(work, number)))
    qtbot.waitUntil(lambda: len(order) == 3)
    assert order == [(0, False), (1, False), (2, False)]


def test_who_has_work_run_hears_of_its_events_and_of_its_one_ending(
    thread: JobThread, qtbot: QtBot
) -> None:
    told: list[object] = []

    def end() -> None:
        told.append("ended")

    thread.run(lambda: iter(range(2)), each=told.append, ended=end, failed=told.append)
    qtbot.waitUntil(lambda: told == [0, 1, "ended"])

    def fail() -> Iterator[int]:
        yield 2
        raise DrawingError("The drawing is no drawing.")

    thread.run(fail, each=told.append, ended=end, failed=told.append)
    qtbot.waitUntil(lambda: told[3:] == [2, "The drawing is no drawing."])


def test_who_has_work_run_is_called_on_the_calling_thread(thread: JobThread, qtbot: QtBot) -> None:
    called_on: list[threading.Thread] = []

    def call(_answer: object = None) -> None:
        called_on.append(threading.current_thread())

    def fail() -> int:
        raise DrawingError("no")

    thread.run(lambda: iter([1]), each=call, ended=call)
    thread.call(lambda: 1, then=call)
    thread.call(fail, failed=call)
    qtbot.waitUntil(lambda: len(called_on) == 4)
    assert set(called_on) == {threading.main_thread()}


def test_of_a_job_that_is_stopped_only_the_end_is_told(thread: JobThread, qtbot: QtBot) -> None:
    told: list[object] = []
    working, gate = threading.Event(), threading.Event()

    def work() -> Iterator[int]:
        working.set()
        yield int(gate.wait(5))
        raise DrawingError("no")

    job = thread.run(work, each=told.append, ended=lambda: told.append("ended"))
    assert working.wait(5)
    job.stop()
    gate.set()
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["ended"]


def test_an_event_that_is_on_its_way_when_the_job_is_stopped_is_not_told(
    thread: JobThread, qtbot: QtBot
) -> None:
    told: list[object] = []
    job = thread.run(lambda: iter([1]), each=told.append, ended=lambda: told.append("ended"))
    wait_for(thread)
    job.stop()
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["ended"]


def test_a_function_is_called_on_the_thread_and_its_result_is_told(
    thread: JobThread, qtbot: QtBot
) -> None:
    told: list[object] = []

    def work_out() -> tuple[str, bool]:
        return "worked out", threading.current_thread() is threading.main_thread()

    thread.call(work_out, then=told.append, failed=told.append)
    qtbot.waitUntil(lambda: told == [("worked out", False)])


def test_a_function_that_raises_is_told_as_one_sentence(thread: JobThread, qtbot: QtBot) -> None:
    told: list[object] = []

    def fail() -> int:
        raise MemoryError

    thread.call(fail, then=lambda result: told.append(("then", result)), failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [
        "There is not enough memory: close other programs, or train with a smaller batch size."
    ]


def test_a_function_that_was_stopped_is_not_answered(thread: JobThread, qtbot: QtBot) -> None:
    told: list[object] = []
    for work in (lambda: 1, lambda: 1 // 0):
        job = thread.call(work, then=told.append, failed=told.append)
        wait_for(thread)
        job.stop()
    thread.call(lambda: "last", then=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["last"]


def test_a_closed_thread_answers_nobody(qtbot: QtBot) -> None:
    thread = JobThread("test")
    told: list[object] = []
    thread.run(lambda: iter([1]), each=told.append, ended=lambda: told.append("ended"))
    thread.call(lambda: 1, then=told.append)
    thread.finish()
    assert thread.wait(5_000)
    QCoreApplication.processEvents()
    assert told == []


def test_a_paused_job_goes_on_where_it_was(thread: JobThread, qtbot: QtBot) -> None:
    job = Job(lambda: iter(range(3)))
    seen: list[object] = []
    job.happened.connect(seen.append)
    job.pause()
    thread.submit(job)
    qtbot.waitUntil(lambda: seen == [0])
    with qtbot.waitSignal(job.completed):
        job.resume()
    qtbot.waitUntil(lambda: seen == [0, 1, 2])


def test_a_paused_job_can_be_stopped(thread: JobThread, qtbot: QtBot) -> None:
    job = Job(lambda: iter(range(3)))
    seen: list[object] = []
    job.happened.connect(seen.append)
    job.pause()
    thread.submit(job)
    qtbot.waitUntil(lambda: seen == [0])
    with qtbot.waitSignal(job.cancelled):
        job.stop()
    assert seen == [0]


def test_stopping_the_thread_cancels_the_jobs_that_wait(qtbot: QtBot) -> None:
    thread = JobThread("test")
    endings: list[str] = []
    gate = threading.Event()
    jobs = [Job(lambda: iter([gate.wait(5)])), Job(lambda: iter([1]))]
    for job in jobs:
        job.completed.connect(lambda: endings.append("completed"))
        job.cancelled.connect(lambda: endings.append("cancelled"))
        thread.submit(job)
    thread.stop()
    gate.set()
    assert thread.wait(5_000)
    qtbot.waitUntil(lambda: endings == ["cancelled", "cancelled"])


def test_finishing_the_thread_lets_the_jobs_that_wait_be_done(qtbot: QtBot) -> None:
    thread = JobThread("test")
    done: list[int] = []

    def work() -> Iterator[int]:
        done.append(len(done))
        yield done[-1]

    for _ in range(3):
        thread.submit(Job(work))
    thread.finish()
    assert thread.wait(5_000)
    assert done == [0, 1, 2]


def test_who_asked_is_not_answered_any_more_and_others_are(qtbot: QtBot, thread: JobThread) -> None:
    may_end, answers = threading.Event(), list[object]()
    thread.call(may_end.wait, then=answers.append)
    assert thread.is_awaited
    thread.forget_answers()
    may_end.set()
    thread.call(lambda: "later", then=answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == ["later"]
    qtbot.waitUntil(lambda: not thread.is_awaited)


def test_a_job_that_brings_nothing_for_long_is_told_of(thread: JobThread, qtbot: QtBot) -> None:
    # As from a disk that does not answer.
    reading, writing = os.pipe()
    thread._silence.setInterval(1)
    with qtbot.waitSignal(thread.fell_silent) as silence:
        thread.call(partial(os.read, reading, 1), place="some/file")
        thread.call(lambda: None, place="another/file")
    assert silence.args == [Path("some/file")]
    os.write(writing, b"1")
    qtbot.waitUntil(lambda: not thread.is_busy)
    assert not thread._silence.isActive()


@pytest.fixture
def quick_session(session: Session) -> Session:
    """A session that takes a job for a long one at once."""
    session.reading_thread._silence.setInterval(1)
    return session


def test_a_disk_that_does_not_answer_while_a_file_is_read_is_noticed(
    quick_session: Session, qtbot: QtBot
) -> None:
    reading, writing = os.pipe()
    asked: list[Path] = []

    def ask(*places: Path) -> None:
        asked.extend(places)
        os.read(reading, 1)

    disks = SilentDisks(quick_session, ask=ask, milliseconds=1)
    with qtbot.waitSignal(disks.noticed):
        quick_session.reading_thread.call(partial(os.read, reading, 1), place="some/file")
    assert asked == [Path("some/file")]
    os.write(writing, b"12")
    qtbot.waitUntil(lambda: not quick_session.reading_thread.is_busy)


def test_what_computes_for_long_says_nothing_of_a_disk_that_answers(
    quick_session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    disks, told = SilentDisks(quick_session, milliseconds=60_000), list[str]()
    disks.noticed.connect(lambda: told.append("noticed"))
    disks._timer.timeout.connect(lambda: told.append("judged"))
    may_end = threading.Event()
    quick_session.reading_thread.call(may_end.wait, place=tmp_path / "none")
    qtbot.waitUntil(lambda: disks._asked is not None and disks._asked.is_answered(0))
    quick_session.reading_thread._silence.stop()
    # The time that the disk has is over now.
    disks._timer.start(0)
    qtbot.waitUntil(lambda: bool(told))
    may_end.set()
    assert told == ["judged"]
