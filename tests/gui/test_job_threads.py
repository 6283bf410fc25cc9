import threading
from collections.abc import Iterator
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.gui.jobs import Job, JobThread


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[JobThread]:
    thread = JobThread("test")
    yield thread
    thread.stop()
    assert thread.wait(5_000)


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

    thread.run(lambda: iter(range(2)), take=told.append, end=end, fail=told.append)
    qtbot.waitUntil(lambda: told == [0, 1, "ended"])
    fault = ValueError("no")

    def fail() -> Iterator[int]:
        raise fault

    thread.run(fail, take=told.append, end=end, fail=told.append)
    qtbot.waitUntil(lambda: told[3:] == [fault])


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
