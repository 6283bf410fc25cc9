"""Of what is asked for one after the other, the newest is done; what was cancelled is not told."""

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.errors import DrawingError
from mnist_gui.gui.jobs import JobThread, LatestJob


class Work:
    """Answers with what it is asked, once it may; knows what it has begun."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.begun: list[int] = []

    def answer(self, number: int) -> Callable[[], int]:
        def answer() -> int:
            self.begun.append(number)
            assert self.gate.wait(5)
            return number

        return answer

    def fail(self) -> int:
        assert self.gate.wait(5)
        raise DrawingError("no")


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[JobThread]:
    thread = JobThread("test")
    yield thread
    thread.stop()
    assert thread.wait(5_000)


@pytest.fixture
def job(thread: JobThread) -> LatestJob:
    return LatestJob(thread)


@pytest.fixture
def work() -> Iterator[Work]:
    work = Work()
    yield work
    work.gate.set()


def test_of_those_asked_for_meanwhile_the_newest_is_done_and_no_other(
    job: LatestJob, work: Work, qtbot: QtBot
) -> None:
    told: list[int] = []
    for number in range(5):
        job.call(work.answer(number), then=told.append)
    work.gate.set()
    qtbot.waitUntil(lambda: told == [0, 4])
    assert work.begun == [0, 4]


def test_it_is_busy_until_its_answer_is_told(job: LatestJob, work: Work, qtbot: QtBot) -> None:
    busy = [job.is_busy]
    job.call(work.answer(1), then=lambda _: busy.append(job.is_busy))
    busy.append(job.is_busy)
    work.gate.set()
    qtbot.waitUntil(lambda: busy == [False, True, False])


def test_the_next_can_be_asked_for_in_the_answer(job: LatestJob, work: Work, qtbot: QtBot) -> None:
    told: list[int] = []

    def go_on(number: int) -> None:
        told.append(number)
        if number < 3:
            job.call(work.answer(number + 1), then=go_on)

    work.gate.set()
    job.call(work.answer(0), then=go_on)
    qtbot.waitUntil(lambda: told == [0, 1, 2, 3])


def test_what_was_cancelled_is_told_to_nobody(job: LatestJob, work: Work, qtbot: QtBot) -> None:
    told: list[object] = []
    job.call(work.answer(1), then=told.append, failed=told.append)
    job.call(work.answer(2), then=told.append, failed=told.append)
    qtbot.waitUntil(lambda: work.begun == [1])
    job.cancel()
    assert not job.is_busy
    job.call(work.answer(3), then=told.append)
    work.gate.set()
    qtbot.waitUntil(lambda: bool(told))
    assert told == [3]
    assert work.begun == [1, 3]


def test_a_failure_that_was_cancelled_is_told_to_nobody(
    job: LatestJob, work: Work, qtbot: QtBot
) -> None:
    told: list[object] = []
    job.call(work.fail, then=told.append, failed=told.append)
    job.cancel()
    job.call(work.answer(3), then=told.append)
    work.gate.set()
    qtbot.waitUntil(lambda: bool(told))
    assert told == [3]


def test_the_end_of_a_cancelled_job_is_not_taken_for_that_of_the_one_under_way(
    job: LatestJob, work: Work, qtbot: QtBot
) -> None:
    cancelled, told = Work(), list[int]()
    job.call(cancelled.answer(1), then=told.append)
    qtbot.waitUntil(lambda: cancelled.begun == [1])
    job.cancel()
    job.call(work.answer(2), then=told.append)
    job.call(work.answer(3), then=told.append)
    cancelled.gate.set()
    qtbot.waitUntil(lambda: work.begun == [2])
    QCoreApplication.processEvents()
    job.call(work.answer(4), then=told.append)
    work.gate.set()
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [2, 4]
    assert not job.is_busy


def test_after_a_failure_the_next_is_done(job: LatestJob, work: Work, qtbot: QtBot) -> None:
    told: list[object] = []
    job.call(work.fail, then=told.append, failed=told.append)
    job.call(work.answer(2), then=told.append)
    work.gate.set()
    qtbot.waitUntil(lambda: told == ["no", 2])


def test_of_work_that_yields_each_event_is_told_and_then_its_end(
    job: LatestJob, qtbot: QtBot
) -> None:
    told: list[object] = []
    job.run(lambda: iter(range(3)), each=told.append, ended=lambda: told.append("ended"))
    job.run(lambda: iter([7]), each=told.append)
    qtbot.waitUntil(lambda: told == [0, 1, 2, "ended", 7])


def test_work_that_is_cancelled_half_way_goes_no_further(
    job: LatestJob, thread: JobThread, qtbot: QtBot
) -> None:
    told: list[object] = []
    yielded: list[int] = []
    gate = threading.Event()

    def count() -> Iterator[int]:
        for number in range(100):
            yielded.append(number)
            yield number
            assert gate.wait(5)

    job.run(count, each=told.append, ended=lambda: told.append("ended"))
    qtbot.waitUntil(lambda: told == [0])
    job.cancel()
    gate.set()
    ended = threading.Event()
    thread.call(ended.set)
    qtbot.waitUntil(ended.is_set)
    assert told == [0]
    assert len(yielded) <= 2


def test_all_answers_come_on_the_calling_thread(job: LatestJob, work: Work, qtbot: QtBot) -> None:
    called_on: list[threading.Thread] = []

    def call(_answer: object = None) -> None:
        called_on.append(threading.current_thread())

    work.gate.set()
    job.call(work.fail, then=call, failed=call)
    job.call(work.answer(1), then=call)
    qtbot.waitUntil(lambda: len(called_on) == 2)
    job.run(lambda: iter([1]), each=call, ended=call)
    qtbot.waitUntil(lambda: len(called_on) == 4)
    assert set(called_on) == {threading.main_thread()}
