from collections.abc import Iterator

from mnist_gui.gui.jobs import Job


def record(job: Job) -> list[object]:
    """Return a list that grows with what the job emits, in order."""
    seen: list[object] = []
    job.happened.connect(seen.append)
    job.completed.connect(lambda: seen.append("completed"))
    job.cancelled.connect(lambda: seen.append("cancelled"))
    job.failed.connect(seen.append)
    return seen


def test_it_emits_every_event_and_then_completed() -> None:
    job = Job(lambda: iter((1, 2)))
    seen = record(job)
    job.run()
    assert seen == [1, 2, "completed"]


def test_a_job_that_was_stopped_before_it_began_does_nothing() -> None:
    job = Job(lambda: iter((1, 2)), at_stop=lambda: ("last",))
    seen = record(job)
    job.stop()
    job.run()
    assert seen == ["cancelled"]


def test_a_stopped_job_ends_after_the_event_at_hand_with_its_last_words() -> None:
    job = Job(lambda: iter((1, 2, 3)), at_stop=lambda: ("last",))
    seen = record(job)
    job.happened.connect(lambda event: job.stop() if event == 2 else None)
    job.run()
    assert seen == [1, 2, "last", "cancelled"]


def test_an_error_becomes_the_one_ending() -> None:
    error = ValueError("no")

    def work() -> Iterator[int]:
        yield 1
        raise error

    job = Job(work)
    seen = record(job)
    job.run()
    assert seen == [1, error]


def test_an_error_in_the_last_words_is_the_ending() -> None:
    error = ValueError("no")

    def last_words() -> tuple[int]:
        raise error

    job = Job(lambda: iter((1, 2)), at_stop=last_words)
    seen = record(job)
    job.happened.connect(lambda _event: job.stop())
    job.run()
    assert seen == [1, error]
